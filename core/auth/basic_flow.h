// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"

#include <memory>

namespace kb {

/// What a lane knows of a server that wants Basic in UTF-8 (RFC 7617 §2.1); no secret. Without it each
/// request of a profile set to ISO-8859-1 would be a failed login first.
struct BasicSession {
    std::optional<Origin> utf8At;
};

/// Whether a challenge of the answer says charset="UTF-8". Any other value means nothing (RFC 7617 §2.1).
bool wantsBasicInUtf8(const Response& response);

/// Basic of a profile set to ISO-8859-1: where the server's challenge says UTF-8, the request goes out once
/// more so.
class BasicFlow final : public AuthFlow {
public:
    BasicFlow(const BasicScheme& scheme, Secret password, std::shared_ptr<BasicSession> session = {});
    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override;
    Result<FlowStep> resume(const Response& response, const FlowContext& context) override;

private:
    Result<FlowSend> place(bool latin1, const FlowContext& context) const;

    BasicScheme m_scheme;
    Secret m_password;
    std::shared_ptr<BasicSession> m_session;
    Request m_plain;
    bool m_utf8Sent = false;
};

} // namespace kb
