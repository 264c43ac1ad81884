// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the request's checks that knows where secrets go and recognises them where they do not belong.
#include "ui/request_editor_checks.h"
#include "ui/request_hints_text.h"

namespace kb {

QString credentialHeader(const AuthScheme& scheme) {
    if (const auto* key = std::get_if<ApiKeyScheme>(&scheme)) {
        if (key->in == ApiKeyScheme::In::Header) return key->name;
        if (key->in == ApiKeyScheme::In::Cookie) return QStringLiteral("Cookie");
        return {};
    }
    if (const auto* own = std::get_if<TemplateScheme>(&scheme)) return own->header;
    if (const auto* login = std::get_if<LoginScheme>(&scheme)) {
        if (login->sendAs == SendPlace::Header) return login->sentName();
        if (login->sendAs == SendPlace::Cookie) return QStringLiteral("Cookie");
    }
    if (std::holds_alternative<HttpSignatureScheme>(scheme)) return QStringLiteral("Signature");
    if (const auto* aws = std::get_if<SigV4Scheme>(&scheme); aws && aws->presign) return {};
    return QStringLiteral("Authorization");
}

QString credentialPreview(const AuthScheme& scheme, const QString& masked) {
    if (const auto* key = std::get_if<ApiKeyScheme>(&scheme)) {
        switch (key->in) {
        case ApiKeyScheme::In::Header:
            return key->name % QStringLiteral(": ") % masked;
        case ApiKeyScheme::In::Query:
            return u'?' % key->name % u'=' % masked;
        case ApiKeyScheme::In::Cookie:
            return QStringLiteral("Cookie: ") % key->name % u'=' % masked;
        }
    }
    if (const auto* basic = std::get_if<BasicScheme>(&scheme))
        return QStringLiteral("Authorization: Basic ") % basic->user % QStringLiteral(":••••");
    if (const auto* bearer = std::get_if<BearerScheme>(&scheme))
        return QStringLiteral("Authorization: ") % bearer->prefix % u' ' % masked;
    if (const auto* oauth = std::get_if<OAuthScheme>(&scheme))
        return QStringLiteral("Authorization: ") %
               (oauth->dpop ? QStringLiteral("DPoP ") : QStringLiteral("Bearer ")) % masked;
    if (const auto* login = std::get_if<LoginScheme>(&scheme)) {
        switch (login->sendAs) {
        case SendPlace::Bearer:
            return QStringLiteral("Authorization: ") % login->prefix % u' ' % masked;
        case SendPlace::Header:
            return login->sentName() % QStringLiteral(": ") % masked;
        case SendPlace::Cookie:
            return QStringLiteral("Cookie: ") % login->sentName() % u'=' % masked;
        }
    }
    if (const auto* own = std::get_if<TemplateScheme>(&scheme))
        return own->header % QStringLiteral(": ") %
               QString(own->format).replace(QLatin1String("{{secret}}"), masked);
    // What follows is made for each request: its scheme is known beforehand, its value is not.
    if (const auto* jwt = std::get_if<JwtScheme>(&scheme))
        return QStringLiteral("Authorization: ") % jwt->prefix % QStringLiteral(" ••••");
    if (std::holds_alternative<DigestScheme>(scheme)) return QStringLiteral("Authorization: Digest ••••");
    if (const auto* aws = std::get_if<SigV4Scheme>(&scheme))
        return aws->presign ? QStringLiteral("?X-Amz-Signature=••••")
                            : QStringLiteral("Authorization: AWS4-HMAC-SHA256 ••••");
    if (const auto* signature = std::get_if<HttpSignatureScheme>(&scheme))
        return QStringLiteral("Signature: ") % signature->label % QStringLiteral("=••••");
    if (std::holds_alternative<ClientCertificateScheme>(scheme))
        return RequestHintsText::tr("In the TLS handshake: the client certificate");
    const auto* ntlm = std::get_if<NtlmScheme>(&scheme);
    return ntlm && ntlm->negotiate ? QStringLiteral("Authorization: Negotiate ••••")
                                   : QStringLiteral("Authorization: NTLM ••••");
}

QString credentialPlaceWarning(const AuthScheme& scheme) {
    const auto* key = std::get_if<ApiKeyScheme>(&scheme);
    if (!key) return {};
    if (key->in == ApiKeyScheme::In::Query)
        return RequestHintsText::tr(
            "A key in the URL ends up in logs, histories and the Referer field. Prefer a header if the "
            "service takes one.");
    if (key->in == ApiKeyScheme::In::Cookie)
        return RequestHintsText::tr(
            "A key in a cookie is sent by browsers without being asked, so other sites may use it "
            "(CSRF). Prefer a header if the service takes one.");
    return {};
}

} // namespace kb
