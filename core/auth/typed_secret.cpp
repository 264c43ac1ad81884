// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/typed_secret.h"

#include "core/auth/client_certificate.h"
#include "core/auth/grant_record.h"
#include "core/auth/login_request.h"
#include "core/auth/token_kind.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct TypedSecretText {
    Q_DECLARE_TR_FUNCTIONS(TypedSecret)
};

const QString sessionToken = QStringLiteral("session_token");

struct PartsOf {
    QStringList operator()(const OAuthScheme& scheme) const {
        QStringList parts;
        if (scheme.clientAuth == ClientAuth::Basic || scheme.clientAuth == ClientAuth::Post ||
            scheme.clientAuth == ClientAuth::ClientSecretJwt)
            parts << grantpart::clientSecret;
        if (scheme.clientAuth == ClientAuth::PrivateKeyJwt || scheme.grant == OAuthGrant::JwtBearer)
            parts << grantpart::assertionKey;
        if (scheme.grant == OAuthGrant::TokenExchange) parts << grantpart::subjectToken;
        if (scheme.grant == OAuthGrant::Password) parts << grantpart::password;
        return parts;
    }
    QStringList operator()(const LoginScheme& scheme) const {
        return usesSecret(scheme) ? QStringList{grantpart::password} : QStringList();
    }
    QStringList operator()(const SigV4Scheme&) const { return {QString(), sessionToken}; }
    QStringList operator()(const NtlmScheme& scheme) const {
        return scheme.negotiate ? QStringList() : QStringList{QString()};
    }
    QStringList operator()(const ClientCertificateScheme&) const { return {clientCertificatePart()}; }
    template<class Other> QStringList operator()(const Other&) const { return {QString()}; }
};

bool isPasted(const AuthScheme& scheme) {
    return std::holds_alternative<BearerScheme>(scheme) || std::holds_alternative<ApiKeyScheme>(scheme) ||
           std::holds_alternative<TemplateScheme>(scheme);
}

std::string_view takeLine(std::string_view& text) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

} // namespace

QStringList typedSecretParts(const AuthScheme& scheme) {
    return std::visit(PartsOf{}, scheme);
}

Result<void> putTypedSecret(SecretRecord& record, const AuthScheme& scheme, const Secret& text) {
    const QStringList parts = typedSecretParts(scheme);
    std::string_view rest = text.reveal();
    if (isPasted(scheme)) rest = cleanPastedToken(rest).value;
    if (std::holds_alternative<ClientCertificateScheme>(scheme)) {
        Result<ClientCertificate> certificate = readClientCertificate(text, {}, {});
        if (!certificate) return tl::unexpected(certificate.error());
        record.parts.insert_or_assign(clientCertificatePart(), std::move(certificate->pem));
        return {};
    }
    for (qsizetype at = 0; at < parts.size(); ++at) {
        const std::string_view value = parts.size() == 1 ? std::exchange(rest, {}) : takeLine(rest);
        if (value.empty() && parts[at] == sessionToken) {
            record.parts.erase(sessionToken); // long-lived AWS credentials have none
            continue;
        }
        if (value.empty())
            return fail(ErrorCode::SecretMissing,
                        TypedSecretText::tr("The secret has fewer lines than the profile needs."),
                        parts.join(QStringLiteral(", ")),
                        TypedSecretText::tr("Give each on a line of its own, in this order."));
        if (parts[at].isEmpty())
            record.secret = Secret(value);
        else
            record.parts.insert_or_assign(parts[at], Secret(value));
    }
    if (!rest.empty())
        return fail(ErrorCode::InvalidInput,
                    TypedSecretText::tr("The secret has more lines than the profile needs."), {},
                    TypedSecretText::tr("Give one line for each part."));
    return {};
}

} // namespace kb
