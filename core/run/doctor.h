// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_code.h"
#include "core/auth/token_status.h"
#include "core/http/challenge.h"
#include "core/http/problem.h"
#include "core/run/exchange.h"

#include <QMap>

namespace kb {

/// What the run knows beside the exchanges.
struct DoctorContext {
    QString profileName;         ///< empty: sent as anonymous
    bool credentialSent = false; ///< on the hop that answered
    bool credentialDroppedByRedirect = false;
    QString droppedAtOrigin;
    std::optional<TokenFacts> facts; ///< of the token that was sent
    qint64 nowMs = 0;                ///< trusted time when the answer came
    bool bearer = false;
    QByteArray scheme;      ///< the scheme word that went out: "Bearer", "Basic"; empty for an API key
    QString charset;        ///< in which Basic sent what goes beyond ASCII; empty where it is all ASCII
    QString credentialName; ///< where an API key went: "X-API-Key"
    /// What can be done about a token: it was pasted, or a server gives another with or without the user.
    enum class Renewal { ByHand, Login, Alone };
    Renewal renewal = Renewal::ByHand;
    bool asksForScopes = false; ///< a login of this profile can ask for more scopes
    bool asksForLevel = false;  ///< and for a stronger or more recent sign-in (RFC 9470)
    bool hasUser = false;       ///< its token comes from somebody's sign-in
    QString tokenProblem; ///< what bearerTokenProblem() says of the token that was sent; empty if nothing
    QList<QPair<QString, TokenFacts>> otherProfiles; ///< profile id and facts, for "send as another profile"
    QMap<QString, QString> profileNames;             ///< profile id to its name, for the labels
};

/// A way to mend it, shown as a button.
struct Remedy {
    enum class Kind {
        SendAs,
        ReplaceToken,
        RequestScopes,
        FixClock,
        AllowOrigin,
        OpenChallenge,
        OpenTimeline,
        AddToken,
        FindLogin,    ///< ask the API where its tokens come from (RFC 9728); the URL that was answered in the
                      ///< argument
        RefreshToken, ///< get a new token without the user, and send again
        LogIn         ///< with the scopes to ask for beside the profile's own in the argument
    };
    Kind kind;
    QString label;      ///< "Send as Admin"
    QString argument;   ///< profile id, scope list …
    StepUp stepUp = {}; ///< of LogIn: what the API wants of it
};

/// The doctor's finding on a 401 or 403.
struct Diagnosis {
    QByteArray cause; ///< stable id: "token-expired", "insufficient-scope", "no-credential", "undecided" …
    QString sentence; ///< one sentence that names the likely cause
    QStringList evidence;    ///< what it rests on, a sentence each
    QStringList wouldDecide; ///< when undecided: what would
    bool decided = false;
    QList<Remedy> remedies;
    std::optional<qint64> clockDifferenceMs; ///< server's Date minus ours
    QStringList missingScopes; ///< asked for by the server, not carried by the token: these words stand in
                               ///< the evidence
    QStringList tokenScopes;   ///< carried by the token: these too
    QString
        challengeText; ///< as quoted in the evidence: "WWW-Authenticate: Bearer error=\"insufficient_scope\""
};

/// Explains a 401 or 403 (407 too, and a 400 whose challenge says invalid_request); nullopt for any other
/// status. Reads the hops in order; the last one answered. Rests on what was sent and received and on claims
/// as decoded: it verifies no signature and claims none.
std::optional<Diagnosis> diagnose(const QList<Exchange>& hops, const DoctorContext& context);

} // namespace kb
