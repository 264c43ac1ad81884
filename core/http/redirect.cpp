// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/redirect.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct RedirectText {
    Q_DECLARE_TR_FUNCTIONS(RedirectText)
};

/// Fields that carry a credential wherever they come from, also when the user typed them as plain headers.
constexpr const char* knownCredentials[] = {"Authorization", "Proxy-Authorization", "Cookie",       "Cookie2",
                                            "DPoP",          "X-Api-Key",           "Api-Key",      "ApiKey",
                                            "X-Auth-Token",  "X-Access-Token",      "Private-Token"};

/// Fields that describe a body, gone when the body goes (RFC 9110 §15.4).
constexpr const char* bodyFields[] = {
    "Content-Type",   "Content-Length", "Content-Encoding",  "Content-Language",
    "Content-Digest", "Content-MD5",    "Content-Location",  "Digest",
    "Repr-Digest",    "Last-Modified",  "Transfer-Encoding", "Trailer",
    "Expect"};

bool isCredential(const QByteArray& name, const QList<QByteArray>& credentialFields) {
    for (const char* known : knownCredentials)
        if (sameFieldName(name, known)) return true;
    for (const QByteArray& each : credentialFields)
        if (sameFieldName(name, each)) return true;
    return false;
}

void dropCredentials(RedirectDecision& decision, const QList<QByteArray>& credentialFields) {
    HeaderList kept;
    for (const HeaderField& field : decision.next.headers.fields) {
        // A Host the user typed names the old server.
        if (sameFieldName(field.name, "Host")) continue;
        if (!isCredential(field.name, credentialFields)) {
            kept.fields.append(field);
            continue;
        }
        const auto same = [&](const QByteArray& name) { return sameFieldName(name, field.name); };
        if (std::none_of(decision.droppedFields.begin(), decision.droppedFields.end(), same))
            decision.droppedFields.append(field.name);
    }
    decision.next.headers = kept;
}

void becomeGet(RedirectDecision& decision) {
    decision.methodChanged = true;
    decision.next.method = "GET";
    decision.next.body.clear();
    decision.next.hasBody = false;
    for (const char* name : bodyFields)
        decision.next.headers.removeAll(name);
}

RedirectDecision stay(const QString& reason) {
    RedirectDecision decision;
    decision.reason = reason;
    return decision;
}

} // namespace

RedirectDecision decideRedirect(const Request& sent, const Response& response,
                                const QList<QByteArray>& credentialFields) {
    const int status = response.status;
    if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
        if (status >= 300 && status < 400)
            return stay(RedirectText::tr("Status %1 does not ask for the next request.").arg(status));
        return stay(RedirectText::tr("The answer is not a redirect."));
    }
    QList<QByteArray> locations;
    for (const QByteArray& value : response.headers.all("Location"))
        if (!locations.contains(value.trimmed())) locations.append(value.trimmed());
    if (locations.isEmpty()) return stay(RedirectText::tr("The answer is a redirect but has no Location."));
    if (locations.size() > 1)
        return stay(RedirectText::tr("The answer names %1 different Locations.").arg(locations.size()));

    const auto target = sent.url.resolve(locations.first());
    if (!target)
        return stay(RedirectText::tr("The Location cannot be followed: %1").arg(target.error().text()));

    RedirectDecision decision;
    decision.follow = true;
    decision.next = sent;
    decision.next.url = *target;
    decision.originChanged = target->origin() != sent.url.origin();
    decision.downgraded = sent.url.origin().isSecure() && !target->origin().isSecure();
    if (decision.originChanged) {
        dropCredentials(decision, credentialFields);
        // A user name in a Location is the server's invention and would be sent as a credential.
        if (target->userInfo())
            decision.next.url = HttpUrl::parse(QString::fromLatin1(target->text())).value_or(*target);
    }
    const bool postBecomesGet = (status == 301 || status == 302) && sent.method == "POST";
    if (postBecomesGet || (status == 303 && sent.method != "HEAD" && sent.method != "GET"))
        becomeGet(decision);
    return decision;
}

} // namespace kb
