// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/digest_challenge.h"

#include <memory>

namespace kb {

/// What is known of a server's last challenge, so that the next request can answer it before it is asked (RFC
/// 7616 §3.6). One for each lane and identity; it holds no secret. Flows that share it count their requests
/// together.
struct DigestSession {
    std::optional<DigestChallenge> challenge; ///< none: nothing is known yet
    Origin origin;
    QByteArray user;
    quint32 count = 0; ///< requests sent with the challenge's nonce
    /// The nonce and cnonce a -sess key is made of, those of the session's first request.
    QByteArray keyNonce;
    QByteArray keyCnonce;
};

/// HTTP Digest (RFC 7616): asks first, unless a session is known; answers the strongest challenge; asks again
/// by itself only for a stale nonce.
class DigestFlow final : public AuthFlow {
public:
    DigestFlow(const DigestScheme& scheme, Secret password, std::shared_ptr<DigestSession> session = {});
    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override;
    Result<FlowStep> resume(const Response& response, const FlowContext& context) override;

private:
    Result<FlowSend> answer(const FlowContext& context, const QString& note);
    Result<FlowStep> challenged(const Response& response, const FlowContext& context);
    QString judge(const Response& response);
    QString proofFinding(const Response& response, const DigestInfo& info) const;
    void adopt(const DigestChallenge& challenge);

    QByteArray m_user;
    Secret m_password;
    std::shared_ptr<DigestSession> m_session;
    Request m_plain;
    std::optional<DigestInput> m_sent; ///< of the request under way, if it carries a response
    bool m_fromMemory = false;         ///< it answers a challenge of an earlier request
    int m_answers = 0;
};

} // namespace kb
