// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/check_scheme.h"

#include "core/auth/login_request.h"
#include "core/auth/sigv4.h"
#include "core/base/json_pointer.h"
#include "core/http/headers.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct CheckSchemeText {
    Q_DECLARE_TR_FUNCTIONS(CheckScheme)
};

tl::unexpected<Error> wrong(const QString& what, const char* field) {
    return fail(ErrorCode::InvalidInput, what, QLatin1String(field));
}

Result<void> fieldName(const QString& name, const char* field) {
    if (isToken(name.toUtf8())) return {};
    return fail(ErrorCode::InvalidInput, CheckSchemeText::tr("That is no name for a field: %1").arg(name),
                QLatin1String(field),
                CheckSchemeText::tr("Use letters, digits and dashes, such as X-API-Key."));
}

/// The field a secret is put into.
Result<void> sentField(const QString& name, const char* field) {
    const Result<void> fine = checkNotForProxy(name, QLatin1String(field));
    return fine ? fieldName(name, field) : fine;
}

Result<void> answerPlace(AnswerPlace place, const QString& name, const char* field) {
    if (place != AnswerPlace::Pointer) return fieldName(name, field);
    Result<void> fine = checkJsonPointer(name);
    if (!fine) fine.error().where = QLatin1String(field);
    return fine;
}

struct Check {
    Result<void> operator()(const BearerScheme& scheme) const {
        if (scheme.prefix.isEmpty() || isToken(scheme.prefix.toUtf8())) return {};
        return wrong(CheckSchemeText::tr("The scheme word must be one word, such as Bearer."), "prefix");
    }
    Result<void> operator()(const ApiKeyScheme& scheme) const {
        return scheme.in == ApiKeyScheme::In::Header ? sentField(scheme.name, "field")
                                                     : fieldName(scheme.name, "field");
    }
    Result<void> operator()(const BasicScheme& scheme) const {
        if (scheme.user.isEmpty()) return wrong(CheckSchemeText::tr("Basic needs a user name."), "user");
        // RFC 7617 §2: it ends where the first colon is.
        if (scheme.user.contains(QLatin1Char(':')))
            return wrong(CheckSchemeText::tr("A user name may not hold a colon."), "user");
        return {};
    }
    Result<void> operator()(const DigestScheme& scheme) const {
        return scheme.user.isEmpty() ? wrong(CheckSchemeText::tr("Digest needs a user name."), "user")
                                     : Result<void>();
    }
    Result<void> operator()(const TemplateScheme& scheme) const {
        if (!scheme.format.contains(QLatin1String("{{secret}}")))
            return wrong(CheckSchemeText::tr("The value has no {{secret}} in it."), "format");
        return sentField(scheme.header, "header");
    }
    Result<void> operator()(const SigV4Scheme& scheme) const {
        if (scheme.accessKeyId.isEmpty())
            return wrong(CheckSchemeText::tr("The access key id is missing."), "accessKeyId");
        if (scheme.region.isEmpty()) return wrong(CheckSchemeText::tr("The region is missing."), "region");
        if (scheme.service.isEmpty()) return wrong(CheckSchemeText::tr("The service is missing."), "service");
        // What a variable stands for shows when a request is signed.
        if (scheme.unsignedPayload && !scheme.service.contains(QLatin1String("{{")) &&
            !takesUnsignedPayload(scheme.service))
            return fail(ErrorCode::InvalidInput,
                        CheckSchemeText::tr(
                            "Only S3 and few other services take a body that is left out of the signature."),
                        QStringLiteral("unsignedPayload"),
                        CheckSchemeText::tr("Sign the body: switch that off, or name the service s3."));
        return {};
    }
    Result<void> operator()(const HttpSignatureScheme& scheme) const {
        return scheme.components.isEmpty()
                   ? wrong(CheckSchemeText::tr("The signature covers nothing."), "components")
                   : Result<void>();
    }
    Result<void> operator()(const JwtScheme&) const { return {}; }
    Result<void> operator()(const ClientCertificateScheme&) const { return {}; }
    Result<void> operator()(const NtlmScheme& scheme) const {
        if (scheme.negotiate || !scheme.user.isEmpty()) return {};
        return wrong(CheckSchemeText::tr("NTLM needs a user name."), "user");
    }
    Result<void> operator()(const OAuthScheme& scheme) const {
        if (scheme.clientId.isEmpty())
            return wrong(CheckSchemeText::tr("The client id is missing."), "clientId");
        if (scheme.issuer.isEmpty() && scheme.tokenUrl.isEmpty())
            return wrong(CheckSchemeText::tr("Give the token endpoint, or an issuer that names it."),
                         "tokenUrl");
        if (scheme.grant == OAuthGrant::Password && scheme.user.isEmpty())
            return wrong(CheckSchemeText::tr("The password grant needs a user name."), "user");
        return {};
    }
    Result<void> operator()(const LoginScheme& scheme) const {
        if (scheme.loginUrl.isEmpty())
            return wrong(CheckSchemeText::tr("The login's address is missing."), "loginUrl");
        for (const auto& [address, field] :
             {std::pair(scheme.loginUrl, "loginUrl"), std::pair(scheme.refreshUrl, "refreshUrl")})
            if (address.contains(QLatin1String("{{secret}}")) ||
                address.contains(QLatin1String("{{refresh_token}}")))
                return wrong(CheckSchemeText::tr("An address ends up in logs: no secret may be in it."),
                             field);
        if (!isToken(scheme.method.toUtf8()))
            return wrong(CheckSchemeText::tr("That is no method: %1").arg(scheme.method), "method");
        if (!isToken(scheme.refreshMethod.toUtf8()))
            return wrong(CheckSchemeText::tr("That is no method: %1").arg(scheme.refreshMethod),
                         "refreshMethod");
        for (const QString& line : scheme.headers)
            if (!line.contains(u':') || !isToken(line.section(u':', 0, 0).trimmed().toUtf8()))
                return wrong(CheckSchemeText::tr("That is no header line: %1").arg(line), "headers");
        const bool named = scheme.tokenFrom == AnswerPlace::Pointer || !scheme.tokenName.isEmpty();
        if (!named) return wrong(CheckSchemeText::tr("Say where the answer has the token."), "tokenName");
        if (const auto fine = answerPlace(scheme.tokenFrom, scheme.tokenName, "tokenName"); !fine)
            return fine;
        if (!scheme.refreshName.isEmpty())
            if (const auto fine = answerPlace(scheme.refreshFrom, scheme.refreshName, "refreshName"); !fine)
                return fine;
        if (!scheme.expiryName.isEmpty())
            if (const auto fine = answerPlace(scheme.expiryFrom, scheme.expiryName, "expiryName"); !fine)
                return fine;
        if (scheme.sendAs != SendPlace::Bearer)
            if (const auto fine = scheme.sendAs == SendPlace::Header
                                      ? sentField(scheme.sentName(), "sendName")
                                      : fieldName(scheme.sentName(), "sendName");
                !fine)
                return fine;
        if (scheme.sendAs == SendPlace::Bearer && !scheme.prefix.isEmpty() &&
            !isToken(scheme.prefix.toUtf8()))
            return wrong(CheckSchemeText::tr("The scheme word must be one word, such as Bearer."), "prefix");
        if (!scheme.refreshUrl.isEmpty() && scheme.refreshName.isEmpty())
            return wrong(CheckSchemeText::tr("Say where the answer has the refresh token."), "refreshName");
        if (!scheme.refreshUrl.isEmpty() && !usesRefreshToken(scheme))
            return wrong(CheckSchemeText::tr("Write {{refresh_token}} where the refresh token goes."),
                         "refreshBody");
        if (scheme.csrfName.isEmpty()) return {};
        if (const auto fine = answerPlace(scheme.csrfFrom, scheme.csrfName, "csrfName"); !fine) return fine;
        return sentField(scheme.csrfHeader, "csrfHeader");
    }
};

} // namespace

Result<void> checkNotForProxy(const QString& fieldName, const QString& where) {
    if (!sameFieldName(fieldName.toUtf8(), "Proxy-Authorization")) return {};
    return fail(ErrorCode::InvalidInput,
                CheckSchemeText::tr("Proxy-Authorization is for the proxy, and this secret goes to the API."),
                where, CheckSchemeText::tr("Name the field that the API reads."));
}

Result<void> checkScheme(const AuthScheme& scheme) {
    return std::visit(Check{}, scheme);
}

} // namespace kb
