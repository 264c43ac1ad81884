// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/signature_components.h"

#include <optional>

namespace kb {

/// The parameters of a signature (RFC 9421 §2.3); empty and missing ones are left out. They are written in
/// this order.
struct SignatureParams {
    std::optional<qint64> created; ///< Unix seconds
    std::optional<qint64> expires;
    QByteArray keyId;
    QByteArray nonce;
    QByteArray tag;
    QByteArray algorithm;
};

struct SignatureBase {
    QByteArray base;   ///< what is signed (§2.5)
    QByteArray params; ///< the member's value in Signature-Input: ("@method");created=1…
};
/// Refuses parameters that are not printable ASCII, and a component the request does not have.
Result<SignatureBase> makeSignatureBase(const Request& request, const QList<SignatureComponent>& components,
                                        const SignatureParams& params);

/// The Content-Digest value of a body (RFC 9530 §2): "sha-256=:…:", or "sha-512=:…:".
QByteArray contentDigest(const QByteArray& body, bool sha512 = false);

/// A request signed (RFC 9421 §3.1), and what was signed, without secrets.
struct HttpSigned {
    Request request;
    PlacedCredential placed;
    QByteArray base;
};
/// Adds Content-Digest where it is covered and absent, then
/// Signature-Input and Signature as one more line each; other signatures of the request stay.
Result<HttpSigned> signHttp(const Request& plain, const HttpSignatureScheme& scheme, const Secret& key,
                            const FlowContext& context);

/// A signature that a server asks for (RFC 9421 §5.1).
struct WantedSignature {
    QStringList components; ///< as in a profile: "@method", "content-digest"
    QStringList params;     ///< what has to stand in it: "created", "alg ed25519"
};
/// What Accept-Signature asks for; nothing where the field does not read.
QList<WantedSignature> wantedSignatures(const Response& response);
/// The components that the signatures of a request cover.
QStringList coveredComponents(const Request& request);

/// "The server asks for a signature over …" from Accept-Signature (RFC 9421 §5.1); empty without the field or
/// where it does not read.
QString acceptSignatureSentence(const Response& response);

/// Signs each request once.
class HttpSignatureFlow final : public AuthFlow {
public:
    HttpSignatureFlow(HttpSignatureScheme scheme, Secret key);
    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override;
    Result<FlowStep> resume(const Response& response, const FlowContext& context) override;
    const QByteArray& base() const { return m_base; } ///< of the last begin()

private:
    HttpSignatureScheme m_scheme;
    Secret m_key;
    QByteArray m_base;
};

} // namespace kb
