// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/profile_facts.h"

#include "core/auth/client_certificate.h"
#include "core/auth/grant_record.h"
#include "core/auth/signing_key.h"
#include "core/auth/token_binding.h"

namespace kb {

namespace {

TokenFacts grantTokenFacts(const AuthScheme& scheme, const SecretRecord& record) {
    const GrantSummary summary = grantSummary(record);
    const auto seconds = [](std::optional<qint64> ms) {
        return ms ? std::optional<double>(double(*ms) / 1000) : std::nullopt;
    };
    const auto expires = summary.expiresMs ? std::optional<qint64>(*summary.expiresMs / 1000) : std::nullopt;
    TokenFacts facts = factsOf(record.secret.reveal(), true, expires);
    facts.missing = record.secret.isEmpty();
    facts.expirySetByUser = false;
    if (!facts.issuedAt) facts.issuedAt = seconds(summary.obtainedMs);
    facts.grantedScopes = facts.jwt && !facts.jwt->scopes.isEmpty() ? facts.jwt->scopes : summary.scopes;
    facts.refreshExpiresAt = seconds(summary.refreshExpiresMs);
    facts.clientSecretExpiresAt = seconds(summary.clientSecretExpiresMs);
    facts.refreshable = summary.hasRefreshToken || obtainsAlone(scheme);
    return facts;
}

TokenFacts ownFacts(const AuthScheme& scheme, const SecretRecord& record, std::optional<qint64> userExpiry) {
    if (isGrant(scheme)) return grantTokenFacts(scheme, record);
    if (std::holds_alternative<BearerScheme>(scheme) || std::holds_alternative<ApiKeyScheme>(scheme)) {
        TokenFacts facts =
            factsOf(record.secret.reveal(), std::holds_alternative<BearerScheme>(scheme), userExpiry);
        if (facts.jwt) facts.grantedScopes = facts.jwt->scopes;
        return facts;
    }
    // A password's or a key's first and last characters are no way to tell it from others, so nothing of it
    // is kept.
    TokenFacts facts;
    facts.size = record.secret.size();
    facts.masked = maskedToken({});
    facts.madePerRequest = std::holds_alternative<JwtScheme>(scheme);
    if (userExpiry) {
        facts.expiresAt = double(*userExpiry);
        facts.expirySetByUser = true;
    }
    return facts;
}

} // namespace

void addBinding(TokenFacts& facts, const AuthScheme& scheme, const SecretRecord& record) {
    if (!facts.jwt || facts.jwt->encrypted) return;
    const TokenBinding binding = tokenBinding(facts.jwt->claims);
    QByteArray ownCertificate;
    QByteArray ownKey;
    if (!binding.certificateThumbprint.isEmpty())
        if (const std::optional<CertificateFacts> own = certificateFacts(record))
            ownCertificate = own->thumbprint;
    const auto* oauth = std::get_if<OAuthScheme>(&scheme);
    if (const Secret* key = record.part(grantpart::dpopKey); key && oauth && oauth->dpop) {
        const Result<SigningKey> read = SigningKey::read(*key, false);
        if (read) ownKey = read->thumbprint();
    }
    facts.binding = bindingFindings(binding, ownCertificate, ownKey);
    const auto compare = [&](const QString& bound, const QByteArray& own) {
        if (bound.isEmpty() || own.isEmpty()) return;
        (bound == QString::fromLatin1(own) ? facts.boundToOurs : facts.boundToOther) = true;
    };
    compare(binding.certificateThumbprint, ownCertificate);
    compare(binding.keyThumbprint, ownKey);
}

TokenFacts profileFacts(const AuthScheme& scheme, const SecretRecord& record,
                        std::optional<qint64> userExpiry) {
    TokenFacts facts = ownFacts(scheme, record, userExpiry);
    const std::optional<CertificateFacts> certificate = certificateFacts(record);
    if (certificate) {
        facts.certificateSubject = certificate->subject;
        facts.certificateExpiresAt = double(certificate->notAfter);
    }
    addBinding(facts, scheme, record);
    if (!std::holds_alternative<ClientCertificateScheme>(scheme)) return facts;
    facts.missing = !certificate;
    if (!certificate) return facts;
    facts.size = record.part(clientCertificatePart())->size();
    facts.issuedAt = facts.notBefore = double(certificate->notBefore);
    facts.expiresAt = double(certificate->notAfter);
    facts.expirySetByUser = false;
    return facts;
}

} // namespace kb
