// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/digest_flow.h"

#include <map>

namespace kb {

/// What a flow needs beside the profile's secret.
struct FlowParts {
    std::map<QString, Secret> secrets;     ///< by name: "session_token"
    std::shared_ptr<DigestSession> digest; ///< of this lane and identity; null: each request is asked anew
    /// Makes the token of a JwtScheme from its key.
    std::function<Result<Secret>(const JwtScheme& scheme, const Secret& key, const FlowContext& context)>
        mintJwt;
};

/// The flow of a scheme, whose variables are resolved. What is one step is placed by placeCredential(). An
/// OAuth profile places its access token, which `secret` is then. NTLM and Negotiate place nothing: the
/// transport answers them.
std::unique_ptr<AuthFlow> makeFlow(const AuthScheme& scheme, const Secret& secret, const FlowParts& parts);

} // namespace kb
