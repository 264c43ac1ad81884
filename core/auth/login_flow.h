// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"

namespace kb {

/// Sends the token of a login: as a bearer token, in a header or in a cookie. With a CSRF token, its header
/// goes with every method but the safe ones (RFC 9110 §9.2.1), and its cookie, where it is one, with each.
class LoginFlow final : public AuthFlow {
public:
    LoginFlow(LoginScheme scheme, Secret token, Secret csrf);
    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override;
    Result<FlowStep> resume(const Response& response, const FlowContext& context) override;

private:
    LoginScheme m_scheme;
    Secret m_token;
    Secret m_csrf;
};

} // namespace kb
