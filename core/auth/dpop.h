// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/signing_key.h"

#include <QMap>
#include <memory>

namespace kb {

/// The nonces servers gave, per origin, those of authorization servers and of resource servers apart (RFC
/// 9449 §8, §9). The newest counts.
class DpopNonces {
public:
    enum class Role { AuthorizationServer, ResourceServer };
    /// Takes the DPoP-Nonce of any answer; one that no nonce may look like is left. True if there was one.
    bool observe(Role role, const Origin& origin, const HeaderList& headers);
    QByteArray nonceFor(Role role, const Origin& origin) const; ///< empty if none is known

private:
    QMap<QString, QByteArray> m_authorization;
    QMap<QString, QByteArray> m_resource;
};

/// What a proof is about.
struct DpopSubject {
    QByteArray method;
    HttpUrl url;
    const Secret* accessToken = nullptr; ///< for ath; nullptr at the token endpoint
    QByteArray nonce;
};

/// The htu claim: scheme, host and port in their normal form, the path as it is sent, without query and
/// fragment (RFC 9449 §4.2).
QString dpopTarget(const HttpUrl& url);
/// base64url(SHA-256(token)) (RFC 9449 §4.2).
QByteArray dpopTokenHash(const Secret& accessToken);
/// The JOSE algorithm for a key, of those the server names, or of all if it names none. Symmetric keys have
/// none.
Result<QString> dpopAlgorithm(const SigningKey& key, const QStringList& supported);
/// One proof: good for one request, with an id of its own (RFC 9449 §4.2).
Result<QByteArray> dpopProof(const SigningKey& key, const QString& algorithm, const DpopSubject& subject,
                             const FlowContext& context);
/// Whether the answer demands a nonce: 400 from an authorization server, 401 from a resource (RFC 9449 §8,
/// §9).
bool demandsDpopNonce(DpopNonces::Role role, const Response& response);

/// A request with a proof of possession. With an access token it is a resource's (Authorization: DPoP),
/// without one the token endpoint's. A demand for a nonce is met once, with a new proof.
class DpopFlow final : public AuthFlow {
public:
    struct Setup {
        std::shared_ptr<const SigningKey> key;
        QString algorithm;
        std::shared_ptr<DpopNonces> nonces;
        Secret accessToken; ///< empty at the token endpoint
        /// Makes the request anew for the second send, where it holds what may be used once only, such as a
        /// client assertion. Empty: the same request goes again.
        std::function<Result<Request>(const FlowContext&)> remake;
    };
    explicit DpopFlow(Setup setup);

    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override;
    Result<FlowStep> resume(const Response& response, const FlowContext& context) override;

private:
    Result<FlowSend> proven(const Request& plain, const FlowContext& context, const QString& note) const;
    Setup m_setup;
    DpopNonces::Role m_role;
    Request m_plain;
    bool m_again = false;
};

} // namespace kb
