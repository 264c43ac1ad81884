// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/forge.h"

#include "core/auth/base64url.h"
#include "core/auth/crypto.h"
#include "core/base/json.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct ForgeText {
    Q_DECLARE_TR_FUNCTIONS(TokenDefect)
};

using Random = std::function<QByteArray(qsizetype)>;

struct TokenParts {
    std::string_view header, payload, signature;
};

Result<TokenParts> partsOf(const Secret& token) {
    const std::string_view all = token.reveal();
    const std::size_t first = all.find('.');
    const std::size_t second = first == all.npos ? first : all.find('.', first + 1);
    if (second == all.npos || all.find('.', second + 1) != all.npos || second + 1 == all.size())
        return fail(ErrorCode::InvalidInput, ForgeText::tr("The credential is no signed JWT."), {},
                    ForgeText::tr("Choose a defect that needs none: random, empty, truncated."));
    return TokenParts{all.substr(0, first), all.substr(first + 1, second - first - 1),
                      all.substr(second + 1)};
}

Secret joined(std::initializer_list<std::string_view> pieces) {
    QByteArray all;
    for (const std::string_view piece : pieces)
        all.append(piece.data(), qsizetype(piece.size()));
    return Secret::take(all);
}

Secret flipped(const TokenParts& parts) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const std::size_t at = alphabet.find(parts.signature.front());
    const char other = alphabet[at == alphabet.npos ? 0 : at ^ 32U];
    return joined({parts.header, ".", parts.payload, ".", {&other, 1}, parts.signature.substr(1)});
}

/// One dummy claim more: all others stay, so that who ignores the signature lets it in.
Result<Secret> edited(const TokenParts& parts) {
    QByteArray claims = decodeBase64Url(parts.payload).bytes;
    const qsizetype brace = claims.indexOf('{');
    if (brace < 0)
        return fail(ErrorCode::InvalidInput, ForgeText::tr("The token's payload is no JSON object."));
    const bool alone = claims.mid(brace + 1).trimmed().startsWith('}');
    claims.insert(brace + 1, alone ? "\"keybearer_probe\":true" : "\"keybearer_probe\":true,");
    const QByteArray payload = toBase64Url(viewOf(claims));
    return joined({parts.header, ".", viewOf(payload), ".", parts.signature});
}

Result<Secret> unsignedAs(const QString& algorithm, const TokenParts& parts) {
    Result<JsonValue> header = parseJson(decodeBase64Url(parts.header).bytes);
    if (!header) return tl::unexpected(header.error());
    header->members.removeIf(
        [](const JsonValue::Member& each) { return each.first == QLatin1String("kid"); });
    for (JsonValue::Member& each : header->members)
        if (each.first == QLatin1String("alg")) each.second.string = algorithm;
    const QByteArray text = toBase64Url(viewOf(writeJson(*header)));
    return joined({viewOf(text), ".", parts.payload, "."});
}

/// Digits stay digits, letters letters and marks what they are.
Secret randomLike(const Secret& good, const Random& random) {
    const std::string_view from = good.reveal();
    const QByteArray dice = random(qsizetype(from.size()));
    QByteArray made;
    made.reserve(qsizetype(from.size()));
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto roll = static_cast<unsigned char>(dice.at(qsizetype(i)));
        const char c = from[i];
        if (c >= '0' && c <= '9')
            made.append(char('0' + roll % 10));
        else if (c >= 'a' && c <= 'z')
            made.append(char('a' + roll % 26));
        else if (c >= 'A' && c <= 'Z')
            made.append(char('A' + roll % 26));
        else
            made.append(c);
    }
    return Secret::take(made);
}

Result<Secret> swappedCase(const Secret& good) {
    QByteArray made(good.reveal().data(), qsizetype(good.size()));
    bool any = false;
    for (char& c : made) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        any = any || letter;
        if (letter) c = char(c ^ 0x20);
    }
    if (any) return Secret::take(made);
    wipeBytes(made);
    return fail(ErrorCode::InvalidInput, ForgeText::tr("The credential has no letters to swap."));
}

} // namespace

Result<Secret> forgeToken(TokenDefect defect, const Secret& good, const Random& random) {
    switch (defect) {
    case TokenDefect::Empty:
        return Secret();
    case TokenDefect::Random:
        return randomLike(good, random);
    case TokenDefect::OtherCase:
        return swappedCase(good);
    case TokenDefect::Truncated:
        if (good.size() < 2)
            return fail(ErrorCode::InvalidInput, ForgeText::tr("The credential is too short to be cut."));
        return joined({good.reveal().substr(0, good.size() - qMax<std::size_t>(1, good.size() / 4))});
    default:
        break;
    }
    const Result<TokenParts> parts = partsOf(good);
    if (!parts) return tl::unexpected(parts.error());
    if (defect == TokenDefect::NoSignature) return joined({parts->header, ".", parts->payload, "."});
    if (defect == TokenDefect::NoSignaturePart) return joined({parts->header, ".", parts->payload});
    if (defect == TokenDefect::FlippedSignature) return flipped(*parts);
    if (defect == TokenDefect::EditedPayload) return edited(*parts);
    return unsignedAs(defectName(defect).mid(4), *parts);
}

bool canBeForged(const AuthScheme& scheme) {
    return std::holds_alternative<BearerScheme>(scheme) || std::holds_alternative<ApiKeyScheme>(scheme) ||
           std::holds_alternative<OAuthScheme>(scheme) || std::holds_alternative<JwtScheme>(scheme);
}

} // namespace kb
