// SPDX-License-Identifier: GPL-3.0-or-later
// What the server did with a request. The first rule that fits counts.
#include "core/probe/outcome.h"
#include "core/probe/matrix_text.h"

#include <QRegularExpression>

namespace kb {

namespace {

bool says(const Observation& seen, QByteArrayView error) {
    for (const Challenge& challenge : seen.challenges)
        if (challenge.param("error") == error) return true;
    return false;
}

bool isOk(const Observation* seen) {
    return seen && gotThrough(*seen);
}

Classified unauthorized(const Observation& seen, const OutcomeContext& context) {
    const bool permission = says(seen, "insufficient_scope") || (context.accepted && context.alive);
    if (!permission) return {Outcome::DeniedAuthn, {}};
    return {Outcome::DeniedAuthz,
            {MatrixText::tr("401 was used for a permission problem; 403 is meant for it.")},
            true};
}

Classified forbidden(const Observation& seen, const OutcomeContext& context) {
    if (!says(seen, "invalid_token") && context.kind != MatrixProfile::Kind::Anonymous)
        return {Outcome::DeniedAuthz, {}};
    return {Outcome::DeniedAuthn,
            {MatrixText::tr("403 was used for a missing or bad credential; 401 is meant for it.")},
            true};
}

Classified redirected(const Observation& seen) {
    if (seen.status == 304)
        return {Outcome::NoAnswer,
                {MatrixText::tr("304 came without a conditional request: a protocol error.")}};
    static const QRegularExpression login(
        QStringLiteral("\\b(log-?in|sign-?in|sso|oauth2?|authori[sz]e|auth)\\b"),
        QRegularExpression::CaseInsensitiveOption);
    if (seen.leavesOrigin || login.match(seen.location).hasMatch())
        return {Outcome::DeniedRedirect,
                {MatrixText::tr("A redirect to a login stands for 401. API clients need the status.")}};
    return {Outcome::Redirected, {}};
}

Classified missing(const OutcomeContext& context) {
    if (!context.control) return {Outcome::Ambiguous, {}};
    if (isOk(context.control)) return {Outcome::Concealed, {}};
    if (context.control->status == 404 || context.control->status == 410)
        return {Outcome::ReachedMissing, {}};
    return {Outcome::Ambiguous, {}};
}

Classified otherRefusal(const Observation& seen, const OutcomeContext& context) {
    if (seen.status == 400) {
        if (says(seen, "invalid_request"))
            return {Outcome::DeniedAuthn, {}}; // RFC 6750 §3.1: as it should be
        if (says(seen, "invalid_token") || says(seen, "invalid_dpop_proof") || says(seen, "use_dpop_nonce"))
            return {Outcome::DeniedAuthn,
                    {MatrixText::tr("400 was used for a bad credential; 401 is meant for it.")},
                    true};
        if (says(seen, "insufficient_scope"))
            return {Outcome::DeniedAuthz,
                    {MatrixText::tr("400 was used for a missing scope; 403 is meant for it.")},
                    true};
    }
    if (context.control && context.control->status == seen.status) return {Outcome::Reached, {}};
    return {Outcome::Ambiguous, {}};
}

} // namespace

Classified classify(const Observation& seen, const OutcomeContext& context) {
    if (!seen.sent) return {Outcome::NotSent, {}};
    if (seen.changedState && seen.status == 0)
        return {Outcome::Allowed,
                {MatrixText::tr("No answer came, and the object was changed all the same.")}};
    if (seen.status == 0) return {Outcome::NoAnswer, {}};
    if (seen.changedState && seen.status >= 300)
        return {
            Outcome::Allowed,
            {MatrixText::tr("It answered %1, and the object was changed all the same.").arg(seen.status)}};
    if (seen.status == 429 || (seen.status == 503 && seen.retryAfterS)) return {Outcome::Throttled, {}};
    if (seen.meant) return {seen.meant->means, {}};
    switch (seen.status) {
    case 401:
        return unauthorized(seen, context);
    case 403:
        return forbidden(seen, context);
    case 404:
    case 410:
        return missing(context);
    case 407:
        return {Outcome::ProxyProblem,
                {MatrixText::tr("The proxy asks for a login. The API was not reached.")}};
    default:
        break;
    }
    if (seen.status >= 500) return {Outcome::ServerError, {}};
    if (seen.status >= 400) return otherRefusal(seen, context);
    if (seen.status >= 300) return redirected(seen);
    if (seen.status < 200) return {Outcome::NoAnswer, {}};
    const bool sameAsNobody = context.anonymous && context.anonymous != &seen && isOk(context.anonymous) &&
                              context.anonymous->bodyDigest == seen.bodyDigest;
    if (context.kind != MatrixProfile::Kind::Anonymous && sameAsNobody && !seen.bodyEmpty)
        return {Outcome::AllowedEmpty, {MatrixText::tr("It got what anonymous gets.")}};
    return {seen.bodyEmpty && seen.status != 204 && !context.isHead ? Outcome::AllowedEmpty
                                                                    : Outcome::Allowed,
            {}};
}

} // namespace kb
