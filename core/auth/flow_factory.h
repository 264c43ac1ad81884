// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/basic_flow.h"
#include "core/auth/digest_flow.h"
#include "core/auth/dpop.h"

#include <map>

namespace kb {

/// What a flow needs beside the profile's secret.
struct FlowParts {
    /// By name: "session_token" (SigV4), "dpop_key" (the key an access token is bound to, if it is),
    /// "csrf_token" (of a login).
    std::map<QString, Secret> secrets;
    QString tokenType; ///< of an OAuth token, as its server said (RFC 6749 §7.1); empty: not known
    std::shared_ptr<BasicSession> basic; ///< of this lane and identity; null: nothing is known of the server
    std::shared_ptr<DigestSession> digest;  ///< of this lane and identity; null: each request is asked anew
    std::shared_ptr<DpopNonces> dpopNonces; ///< likewise
};

/// The flow of a scheme, whose variables are resolved. What is one step is placed by placeCredential(). An
/// OAuth profile places its access token, which `secret` is then: as a bearer token, or with a proof of
/// possession where the profile wants one, the part "dpop_key" is there and the server did not say that the
/// token is not bound (RFC 9449 §5). NTLM and Negotiate place nothing: the transport answers
/// them.
std::unique_ptr<AuthFlow> makeFlow(const AuthScheme& scheme, const Secret& secret, const FlowParts& parts);

} // namespace kb
