// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/token_status.h"
#include "core/http/redirect.h"

namespace kb {

/// What a run knows of the credential in its request, without the secret itself.
struct LiveCredential {
    PlacedCredential placed; ///< empty: nothing that says who asks
    QByteArray scheme;       ///< "Bearer", "Basic", or what the user typed; empty for an API key
    QString name;            ///< the field an API key went into
    bool bearer = false;
    QString charset;      ///< in which Basic sent what goes beyond ASCII; empty where it is all ASCII
    QString tokenProblem; ///< bearerTokenProblem() of what was sent
    std::optional<TokenFacts> facts; ///< of the token; for a password nothing of it is kept
};

/// What the doctor will want to know of a profile's secret; where it goes is up to the scheme's flow.
LiveCredential describeCredential(const AuthScheme& scheme, const Secret& secret,
                                  std::optional<qint64> userExpiry);
/// Completes it with what a flow put into the request; a token made for this request shows there first.
void describePlaced(LiveCredential& live, const AuthScheme& scheme, const FlowSend& sent);
/// Whether a redirect has to be answered anew: each request needs a signature or response of its own, or may
/// be sent twice.
bool signsEachRequest(const AuthScheme& scheme);

/// The header fields the user typed that by their names carry a credential; they are masked and dropped like
/// ours.
QList<QByteArray> typedCredentialFields(const HeaderList& headers);
/// Takes a typed Authorization, Cookie or key field as this request's credential.
LiveCredential adoptTypedCredential(const Request& request, Redactor& redactor);

/// Whether the request still holds the credential, in any of the places it was put.
bool carriesCredential(const Request& request, const PlacedCredential& placed);
/// Whether a request to another origin would take the secret along: a Location may echo what it was sent.
bool leaksCredential(const Request& next, const Request& before, const PlacedCredential& placed,
                     const Redactor& redactor);

/// Why a hop was sent, in sentences for the timeline.
QString redirectHopNote(const Request& before, int status, const RedirectDecision& decision);

} // namespace kb
