// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/basic_flow.h"

#include "core/auth/credentials_text.h"
#include "core/http/challenge.h"

#include <algorithm>

namespace kb {

namespace {

QByteArray authorizationOf(const FlowSend& send) {
    return send.request.headers.first("Authorization").value_or(QByteArray());
}

} // namespace

bool wantsBasicInUtf8(const Response& response) {
    const ChallengeList list = parseChallenges(response.headers.all("WWW-Authenticate"));
    return std::any_of(list.challenges.begin(), list.challenges.end(), [](const Challenge& each) {
        return each.is("Basic") && each.param("charset").compare("UTF-8", Qt::CaseInsensitive) == 0;
    });
}

BasicFlow::BasicFlow(const BasicScheme& scheme, Secret password, std::shared_ptr<BasicSession> session)
    : m_scheme(scheme),
      m_password(std::move(password)),
      m_session(session ? std::move(session) : std::make_shared<BasicSession>()) {}

Result<FlowSend> BasicFlow::place(bool latin1, const FlowContext& context) const {
    FlowSend send{m_plain, {}, {}};
    Result<PlacedCredential> placed =
        placeCredential(send.request, BasicScheme{m_scheme.user, latin1}, m_password, context.redactor);
    if (!placed) return tl::unexpected<Error>(placed.error());
    send.placed = std::move(*placed);
    return send;
}

Result<FlowSend> BasicFlow::begin(const Request& plain, const FlowContext& context) {
    m_plain = plain;
    m_utf8Sent = !m_scheme.latin1 || m_session->utf8At == plain.url.origin();
    return place(!m_utf8Sent, context);
}

Result<FlowStep> BasicFlow::resume(const Response& response, const FlowContext& context) {
    // Plain ASCII is the same in both, so asking again would only be a second failed login.
    if (response.status != 401 || m_utf8Sent || !wantsBasicInUtf8(response)) return FlowStep(FlowDone{});
    m_utf8Sent = true;
    const Result<FlowSend> before = place(true, context);
    Result<FlowSend> send = place(false, context);
    if (!before || !send) return tl::unexpected<Error>(before ? send.error() : before.error());
    if (authorizationOf(*before) == authorizationOf(*send)) return FlowStep(FlowDone{});
    m_session->utf8At = m_plain.url.origin();
    send->note =
        CredentialsText::tr("The server asks for UTF-8, so user and password were sent again in UTF-8. The "
                            "profile says ISO-8859-1: switch that off.");
    return FlowStep(std::move(*send));
}

} // namespace kb
