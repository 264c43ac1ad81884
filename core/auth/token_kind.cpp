// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_kind.h"

#include "core/auth/base64url.h"
#include "core/auth/token_checks.h"
#include "core/auth/token_shapes.h"

#include <QCoreApplication>
#include <algorithm>
#include <cctype>

namespace kb {

namespace {

struct TokenKindText {
    Q_DECLARE_TR_FUNCTIONS(TokenKind)
};

TokenKind kind(const char* id, const QString& label, const QString& note = {}) {
    TokenKind result;
    result.id = QString::fromLatin1(id);
    result.label = label;
    result.note = note;
    return result;
}

TokenKind jwtKind(std::string_view value) {
    const JoseLook look = joseLook(value);
    TokenKind result;
    if (look.parts == 5) {
        result = kind("jwe", TokenKindText::tr("JWT, encrypted (JWE)"),
                      TokenKindText::tr("Only its header can be read."));
    } else if (look.type == QLatin1String("at+jwt")) {
        result = kind("jwt", TokenKindText::tr("JWT access token"));
    } else if (look.type == QLatin1String("dpop+jwt")) {
        result = kind("jwt", TokenKindText::tr("DPoP proof"),
                      TokenKindText::tr("It is made anew for each request."));
        result.suggestedHeader = QStringLiteral("DPoP");
    } else if (look.type == QLatin1String("logout+jwt")) {
        result = kind("jwt", TokenKindText::tr("JWT logout token"));
    } else {
        result = kind("jwt", TokenKindText::tr("JWT"));
    }
    if (look.emptySignature && look.parts == 3)
        result.note = TokenKindText::tr("Unsecured: it has no signature.");
    result.isJwt = true;
    return result;
}

TokenKind shapeKind(const TokenShape& shape, std::string_view value) {
    TokenKind result = kind(shape.id, TokenKindText::tr(shape.label),
                            shape.note ? TokenKindText::tr(shape.note) : QString());
    result.looksLive = shape.trait == TokenTrait::Live;
    result.notASecret = shape.trait == TokenTrait::Public;
    if (shape.header) result.suggestedHeader = QString::fromLatin1(shape.header);
    if (result.id.startsWith(QLatin1String("aws-")) && value.ends_with("EXAMPLE")) {
        result.note = TokenKindText::tr("A sample from the documentation; it opens nothing.");
        result.notASecret = true;
    }
    if (const std::optional<bool> right = githubChecksum(value)) {
        const QString finding =
            *right ? TokenKindText::tr("Its checksum is right.")
                   : TokenKindText::tr("Its checksum is wrong: it is mistyped, cut or made up.");
        result.note = result.note.isEmpty() ? finding : result.note % u' ' % finding;
    }
    return result;
}

TokenKind keyMaterial(const QString& label) {
    return kind("private-key", label, TokenKindText::tr("This is key material, not a token."));
}

TokenKind opaque(const QString& label) {
    return kind("opaque", label);
}

TokenKind specialKind(std::string_view value, const QString& scheme) {
    if (isPrivateKeyPem(value)) return keyMaterial(TokenKindText::tr("Private key (PEM)"));
    if (isPkcs12(value)) return keyMaterial(TokenKindText::tr("Private key (PKCS#12)"));
    if (isPrivateKeyJson(value)) return keyMaterial(TokenKindText::tr("Private key (JSON file)"));
    if (value.starts_with("-----BEGIN CERTIFICATE-----")) {
        TokenKind result = kind("certificate", TokenKindText::tr("Certificate"),
                                TokenKindText::tr("It is public, not a secret."));
        result.notASecret = true;
        return result;
    }
    if (isAwsVariantKeyId(value)) return kind("aws-key-id", TokenKindText::tr("AWS access key id"));
    if (isEntraSecret(value)) {
        return kind("entra-client-secret", TokenKindText::tr("Microsoft Entra client secret"),
                    TokenKindText::tr("It is for the token endpoint, not for the API."));
    }
    if (isLegacyOpenAiKey(value)) return kind("openai-key", TokenKindText::tr("OpenAI API key"));
    if (isAirtableToken(value))
        return kind("airtable-pat", TokenKindText::tr("Airtable personal access token"));
    if (scheme == QLatin1String("SSWS") && isOktaToken(value)) {
        TokenKind result = kind("okta-token", TokenKindText::tr("Okta API token"),
                                TokenKindText::tr("It goes after the word SSWS."));
        result.suggestedHeader = QStringLiteral("Authorization: SSWS");
        return result;
    }
    if (isMacaroon(value))
        return kind("macaroon", TokenKindText::tr("Macaroon"),
                    TokenKindText::tr("It can be narrowed offline."));
    if (isFernet(value))
        return kind("fernet", TokenKindText::tr("Fernet token"), TokenKindText::tr("Only its key reads it."));
    if (value.starts_with("PHNhbWw") && value.size() > 40) {
        return kind("saml-assertion", TokenKindText::tr("SAML assertion"),
                    TokenKindText::tr("XML in base64; it is readable."));
    }
    if (isBasicCredentials(value)) {
        TokenKind result =
            kind("basic-credentials", TokenKindText::tr("Basic credentials"),
                 TokenKindText::tr("User name and password in clear text, only written in base64."));
        result.suggestedHeader = QStringLiteral("Authorization: Basic");
        return result;
    }
    if (isUuid(value)) return opaque(TokenKindText::tr("API key (UUID)"));
    if ((value.size() == 32 || value.size() == 40 || value.size() == 64) &&
        isOfAlphabet(value, TokenAlphabet::Hex)) {
        return opaque(TokenKindText::tr("API key (%1 hex digits)").arg(value.size()));
    }
    return opaque(TokenKindText::tr("API key"));
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n\f\v";
    const std::size_t start = text.find_first_not_of(space);
    if (start == std::string_view::npos) return text.substr(0, 0);
    return text.substr(start, text.find_last_not_of(space) - start + 1);
}

bool startsWithWord(std::string_view text, std::string_view word) {
    if (text.size() <= word.size()) return false;
    return std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
}

/// Takes "Authorization:" and then a scheme word off; a word alone is not a scheme.
bool takeSchemeOff(CleanedToken& token) {
    std::string_view rest = token.value;
    for (const std::string_view field : {"Authorization:", "Proxy-Authorization:"}) {
        if (startsWithWord(rest, field)) rest = trimmed(rest.substr(field.size()));
    }
    bool taken = rest.size() != token.value.size();
    if (token.removedScheme.isEmpty()) {
        for (const std::string_view word :
             {"Bearer", "Basic", "Token", "DPoP", "ApiKey", "SSWS", "GenieKey"}) {
            if (!startsWithWord(rest, word) || (rest[word.size()] != ' ' && rest[word.size()] != '\t'))
                continue;
            const std::string_view value = trimmed(rest.substr(word.size()));
            if (value.empty()) continue;
            token.removedScheme = QString::fromLatin1(word.data(), qsizetype(word.size()));
            rest = value;
            taken = true;
            break;
        }
    }
    token.value = rest;
    return taken;
}

bool takeQuotesOff(CleanedToken& token) {
    const std::string_view value = token.value;
    if (value.size() < 2 || value.front() != value.back()) return false;
    if (value.front() != '"' && value.front() != '\'' && value.front() != '`') return false;
    token.value = value.substr(1, value.size() - 2);
    token.removedQuotes = true;
    return true;
}

} // namespace

CleanedToken cleanPastedToken(std::string_view pasted) {
    CleanedToken token;
    token.value = pasted;
    // Quotes may stand around the whole line or around the value behind the scheme, so go on until nothing
    // comes off.
    for (bool changed = true; changed;) {
        const std::string_view inner = trimmed(token.value);
        if (inner.size() != token.value.size()) token.removedSpace = true;
        token.value = inner;
        changed = takeQuotesOff(token) || takeSchemeOff(token);
    }
    return token;
}

TokenKind detectTokenKind(std::string_view value) {
    const CleanedToken cleaned = cleanPastedToken(value);
    if (cleaned.value.empty()) return opaque(TokenKindText::tr("Empty"));
    const JoseLook look = joseLook(cleaned.value);
    if (look.isJose) return jwtKind(cleaned.value);
    if (const TokenShape* shape = matchTokenShape(cleaned.value)) return shapeKind(*shape, cleaned.value);
    return specialKind(cleaned.value, cleaned.removedScheme);
}

QString maskedToken(std::string_view value) {
    const QString dots(4, QChar(0x2022));
    if (value.empty()) return {};
    if (value.size() < 16) return dots + dots;
    // A short secret shows less of itself: never more than a quarter of it in all.
    const std::size_t shown = value.size() < 32 ? 2 : 4;
    const std::string_view ends[] = {value.substr(0, shown), value.substr(value.size() - shown)};
    for (const std::string_view end : ends) {
        if (!std::all_of(end.begin(), end.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
            return dots + dots;
    }
    return QString::fromLatin1(ends[0].data(), qsizetype(shown)) + dots +
           QString::fromLatin1(ends[1].data(), qsizetype(shown));
}

QString bearerTokenProblem(std::string_view value) {
    if (value.empty()) return TokenKindText::tr("The token is empty.");
    const std::size_t end = value.find_last_not_of('=') + 1;
    if (end == 0) return TokenKindText::tr("The token is nothing but =.");
    for (std::size_t i = 0; i < end; ++i) {
        if (isOfAlphabet(value.substr(i, 1), TokenAlphabet::Token) && value[i] != '=' && value[i] != ':')
            continue;
        return TokenKindText::tr("A bearer token may not have %1 (character %2).")
            .arg(characterName(value[i]), QString::number(i + 1));
    }
    return {};
}

} // namespace kb
