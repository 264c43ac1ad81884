// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/doctor.h"

#include "core/run/doctor_case.h"

#include <cstdlib>

namespace kb {

namespace {

/// The first rule that applies names the cause. What happened on the way comes before what the server says,
/// and what the server says before what the token's claims suggest.
constexpr DoctorRule rules[] = {
    proxyRule,     redirectRule,  rateLimitRule, gatewayRule, signatureRule,      noCredentialRule,
    stepUpRule,    scopeRule,     dpopRule,      csrfRule,    invalidRequestRule, schemeRule,
    malformedRule, tokenKindRule, unsecuredRule, expiredRule, notYetValidRule,    boundTokenRule,
    audienceRule,  keyRule,       basicRule,     ticketRule,  reasonGivenRule,
};

/// A clock this wrong confuses every countdown, whatever the cause of this answer was.
void mentionClock(Diagnosis& diagnosis) {
    if (!diagnosis.clockDifferenceMs || std::llabs(*diagnosis.clockDifferenceMs) <= clockToleranceMs) return;
    for (const Remedy& each : std::as_const(diagnosis.remedies))
        if (each.kind == Remedy::Kind::FixClock) return;
    diagnosis.remedies.append(fixClock());
}

/// An API that says where its metadata are (RFC 9728 §5.1) can be asked where its tokens come from.
void offerDiscovery(const DoctorCase& seen, Diagnosis& diagnosis) {
    if (seen.status != 401) return;
    for (const Challenge& challenge : seen.challenges)
        if (!challenge.param("resource_metadata").isEmpty()) {
            diagnosis.remedies.append({Remedy::Kind::FindLogin,
                                       DoctorText::tr("Find out where its tokens come from…"),
                                       QString::fromUtf8(seen.answer.sent().url.text())});
            return;
        }
}

} // namespace

std::optional<Diagnosis> diagnose(const QList<Exchange>& hops, const DoctorContext& context) {
    if (hops.isEmpty()) return std::nullopt;
    const int status = hops.last().response().status;
    // RFC 6750 §3.1 gives invalid_request the status 400. Any other 400 is the API's own matter.
    const bool malformed = status == 400;
    if (!malformed && status != 401 && status != 403 && status != 407) return std::nullopt;
    const DoctorCase seen(hops.last(), context);
    std::optional<Diagnosis> diagnosis;
    if (malformed) {
        diagnosis = invalidRequestRule(seen);
        if (!diagnosis) return std::nullopt;
    }
    for (const DoctorRule rule : rules) {
        if (diagnosis) break;
        diagnosis = rule(seen);
    }
    if (!diagnosis) diagnosis = status == 403 ? restOf403(seen) : restOf401(seen);
    offerDiscovery(seen, *diagnosis);
    mentionClock(*diagnosis);
    return diagnosis;
}

} // namespace kb
