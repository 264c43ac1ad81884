// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "app/cli/jwks_source.h"
#include "core/auth/jws_verify.h"

#include <CLI/CLI.hpp>
#include <cmath>

namespace kb::cli {

namespace {

struct VerifyArguments {
    std::string jwks;
    std::string keyFile;
    std::vector<std::string> algorithms;
    std::string issuer;
    std::string audience;
    std::string type;
    std::optional<double> at;
    double leeway = 60;
    bool ignoreTime = false;
};

Result<QStringList> allowedAlgorithms(const std::vector<std::string>& given) {
    const QStringList known = verifiableAlgorithms();
    QStringList allowed;
    for (const std::string& list : given)
        for (const QString& part : QString::fromStdString(list).split(QLatin1Char(','))) {
            const QString name = part.trimmed();
            if (!known.contains(name))
                return fail(ErrorCode::InvalidInput,
                            CliText::tr("There is no signature algorithm \"%1\" here.").arg(name),
                            QStringLiteral("--alg"),
                            CliText::tr("Known are: %1.").arg(known.join(QLatin1String(", "))));
            allowed.append(name);
        }
    return allowed;
}

Result<VerifyKeys> readJwksFrom(const QString& place) {
    return looksLikeUrl(place) ? fetchJwks(place) : readJwksFile(place);
}

Result<VerifyKeys> keysOf(const VerifyArguments& arguments) {
    VerifyKeys all;
    if (arguments.jwks.empty() && arguments.keyFile.empty())
        return fail(ErrorCode::InvalidInput, CliText::tr("There is no key to verify with."), {},
                    CliText::tr("Give --jwks FILE or URL, or --key FILE."));
    for (const bool jwks : {false, true}) {
        const std::string& place = jwks ? arguments.jwks : arguments.keyFile;
        if (place.empty()) continue;
        const QString text = QString::fromStdString(place);
        const Result<VerifyKeys> some = jwks ? readJwksFrom(text) : readKeyFileAt(text);
        if (!some) return some;
        all.keys += some->keys;
        all.notes += some->notes;
    }
    return all;
}

QString signatureName(JwsVerification::Signature state) {
    switch (state) {
    case JwsVerification::Signature::Verified:
        return QStringLiteral("verified");
    case JwsVerification::Signature::NotVerified:
        return QStringLiteral("not-verified");
    case JwsVerification::Signature::CannotVerify:
        break;
    }
    return QStringLiteral("cannot-verify");
}

JsonValue textOrNull(const QString& text) {
    return text.isEmpty() ? jsonNull() : jsonText(text);
}

JsonValue idOrNull(const Refusal& refusal) {
    return textOrNull(QString::fromLatin1(refusal.id));
}

void printJson(const Output& out, const JwsVerification& result) {
    out.document(
        JsonObject()
            .add(QStringLiteral("verified"), result.verified())
            .add(QStringLiteral("reason"), idOrNull(result.reason()))
            .add(QStringLiteral("sentence"), textOrNull(result.reason().sentence))
            .add(QStringLiteral("alg"), textOrNull(result.algorithm))
            .add(QStringLiteral("kid"), result.header.find(u"kid") ? jsonText(result.keyId) : jsonNull())
            .add(QStringLiteral("signature"), signatureName(result.signature))
            .add(QStringLiteral("signature_reason"), idOrNull(result.signatureRefusal))
            .add(QStringLiteral("time_reason"), idOrNull(result.timeRefusal))
            .add(QStringLiteral("claim_reason"), idOrNull(result.claimRefusal))
            .add(QStringLiteral("key"), textOrNull(result.keyLabel))
            .add(QStringLiteral("key_thumbprint"), textOrNull(QString::fromLatin1(result.keyThumbprint)))
            .add(QStringLiteral("claims"), result.claims)
            .add(QStringLiteral("notes"), jsonTexts(result.notes)));
}

QString signatureText(const JwsVerification& result) {
    switch (result.signature) {
    case JwsVerification::Signature::Verified:
        return CliText::tr("verified by the %1").arg(result.keyLabel);
    case JwsVerification::Signature::NotVerified:
        return CliText::tr("not verified: %1").arg(result.signatureRefusal.sentence);
    case JwsVerification::Signature::CannotVerify:
        break;
    }
    return CliText::tr("cannot be verified: %1").arg(result.signatureRefusal.sentence);
}

QString timesText(const JwsVerification& result, const VerifyOptions& options) {
    if (!result.timeRefusal.isEmpty()) return result.timeRefusal.sentence;
    if (!options.checkTimes) return CliText::tr("not looked at");
    const bool any = result.claims.find(u"exp") || result.claims.find(u"nbf") || result.claims.find(u"iat");
    return any ? CliText::tr("valid") : CliText::tr("the token has none");
}

void printPlain(const Output& out, const JwsVerification& result, const VerifyOptions& options) {
    out.line(result.verified() ? CliText::tr("verified   yes") : CliText::tr("verified   no"));
    out.line(CliText::tr("signature  %1").arg(signatureText(result)));
    out.line(CliText::tr("times      %1").arg(timesText(result, options)));
    if (!result.claimRefusal.isEmpty())
        out.line(CliText::tr("claims     %1").arg(result.claimRefusal.sentence));
    if (!result.algorithm.isEmpty()) out.line(CliText::tr("alg        %1").arg(result.algorithm));
    if (result.header.find(u"kid")) out.line(CliText::tr("kid        %1").arg(result.keyId));
    if (result.claims.isObject())
        out.line(CliText::tr("payload    %1").arg(QString::fromUtf8(writeJson(result.claims))));
    for (const QString& note : result.notes)
        out.line(CliText::tr("note       %1").arg(note));
    out.message(result.verified()
                    ? CliText::tr("The token is verified.")
                    : CliText::tr("The token is NOT verified: %1").arg(result.reason().sentence));
}

/// An empty text, from a variable that was not set, must not take a check away.
std::string notEmpty(const std::string& text) {
    return text.empty() ? "must not be empty" : std::string();
}

/// "nan" is a number to the parser, and no time is ever later than it.
std::string finite(const std::string& text) {
    bool isNumber = false;
    return std::isfinite(QString::fromStdString(text).toDouble(&isNumber)) && isNumber
               ? std::string()
               : "must be a number of seconds";
}

int verify(const Context& context, const VerifyArguments& arguments) {
    const Output& out = context.out;
    VerifyOptions options;
    const Result<QStringList> allowed = allowedAlgorithms(arguments.algorithms);
    if (!allowed) return out.error(allowed.error(), Usage);
    options.algorithms = *allowed;
    options.issuer = QString::fromStdString(arguments.issuer);
    options.audience = QString::fromStdString(arguments.audience);
    options.type = QString::fromStdString(arguments.type);
    options.leewaySeconds = arguments.leeway;
    options.checkTimes = !arguments.ignoreTime;
    options.nowSeconds = arguments.at.value_or(static_cast<double>(context.clock().wallMs()) / 1000.0);
    const Result<Secret> token = readSecretFromInput(CliText::tr("Token"));
    if (!token) return out.error(token.error(), Usage);
    Result<VerifyKeys> keys = keysOf(arguments);
    if (!keys) return out.error(keys.error(), Usage);
    JwsVerification result = verifyJws(token->reveal(), *keys, options);
    // The issuer may have changed its keys just now. Once, for the set is fetched by every run anew.
    const bool fetched = looksLikeUrl(QString::fromStdString(arguments.jwks));
    if (fetched && result.signatureRefusal.id == "kid-unknown") {
        keys = keysOf(arguments);
        if (!keys) return out.error(keys.error(), Usage);
        result = verifyJws(token->reveal(), *keys, options);
    }
    result.notes = keys->notes + result.notes;
    if (out.json)
        printJson(out, result);
    else
        printPlain(out, result, options);
    return result.verified() ? Clean : Findings;
}

} // namespace

void addTokenVerify(CLI::App& group, QList<Registered>& commands) {
    auto arguments = std::make_shared<VerifyArguments>();
    CLI::App* command =
        group.add_subcommand("verify", "Verifies a compact JWS from standard input: signature and times");
    command->fallthrough();
    command->add_option("--jwks", arguments->jwks, "A JWK Set: a file, or an https URL")->check(notEmpty);
    command
        ->add_option("--key", arguments->keyFile,
                     "A file with a public key or certificate (PEM), a JWK, or a shared secret")
        ->check(notEmpty);
    command->add_option("--alg", arguments->algorithms, "The algorithms to allow, with commas between");
    command->add_option("--issuer", arguments->issuer, "What iss must be")->check(notEmpty);
    command->add_option("--audience", arguments->audience, "What aud must be or hold")->check(notEmpty);
    command->add_option("--typ", arguments->type, "What the header's typ must be: at+jwt, JWT, …")
        ->check(notEmpty);
    command->add_option("--at", arguments->at, "Judge the times at this moment, in Unix seconds")
        ->check(finite);
    command->add_option("--leeway", arguments->leeway, "Seconds by which clocks may differ (60)")
        ->check(finite)
        ->check(CLI::NonNegativeNumber);
    command->add_flag("--ignore-time", arguments->ignoreTime, "Do not look at exp, nbf and iat");
    commands.append({command, [arguments](Context& context) { return verify(context, *arguments); }});
}

} // namespace kb::cli
