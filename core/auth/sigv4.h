// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"

#include <optional>

namespace kb {

/// A request signed with AWS Signature Version 4, and what the signature was computed over, so that a refusal
/// can be explained. The texts hold no key and no session token.
struct SigV4Signed {
    Request request;
    PlacedCredential placed;
    QByteArray canonicalRequest;
    QByteArray stringToSign;
    QByteArray signedHeaders; ///< "host;x-amz-date"
};

/// Signs host, content-type where there is one, and every x-amz- field. Path, query and body go out as they
/// are; only what the signature itself needs is added. `sessionToken` may be null. Refuses what the scheme
/// lacks, fields of the signature that the request already has, and a body left out of it where that is not
/// for the service or nothing else protects it.
Result<SigV4Signed> signSigV4(const Request& plain, const SigV4Scheme& scheme, const Secret& key,
                              const Secret* sessionToken, const FlowContext& context);

/// The last HMAC of the chain, and the signature in hex: from the secret key, the date as "20150830", region,
/// service and the string to sign.
QByteArray sigV4Signature(const Secret& key, const QByteArray& day, const QByteArray& region,
                          const QByteArray& service, const QByteArray& stringToSign);

/// Whether the service is known to take a body that the signature does not cover (UNSIGNED-PAYLOAD): S3 in
/// its forms, and those with operations that stream one. The others compute the body's hash and find another
/// signature.
bool takesUnsignedPayload(const QString& service);

/// A sentence when the answer's Date is more than 15 minutes from our time, which makes AWS refuse; else
/// empty.
QString sigV4SkewSentence(const Response& response, qint64 nowMs);

/// Signs each request once.
class SigV4Flow final : public AuthFlow {
public:
    SigV4Flow(SigV4Scheme scheme, Secret key, std::optional<Secret> sessionToken);
    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override;
    Result<FlowStep> resume(const Response& response, const FlowContext& context) override;
    const QByteArray& canonicalRequest() const { return m_canonicalRequest; } ///< of the last begin()
    const QByteArray& stringToSign() const { return m_stringToSign; }

private:
    SigV4Scheme m_scheme;
    Secret m_key;
    std::optional<Secret> m_sessionToken;
    QByteArray m_canonicalRequest;
    QByteArray m_stringToSign;
};

} // namespace kb
