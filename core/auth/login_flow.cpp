// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/login_flow.h"

#include "core/auth/credential_text.h"

namespace kb {

namespace {

/// The methods that change nothing (RFC 9110 §9.2.1).
bool isSafe(const QByteArray& method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

} // namespace

LoginFlow::LoginFlow(LoginScheme scheme, Secret token, Secret csrf)
    : m_scheme(std::move(scheme)), m_token(std::move(token)), m_csrf(std::move(csrf)) {}

Result<FlowSend> LoginFlow::begin(const Request& plain, const FlowContext& context) {
    FlowSend send{plain, {}, {}};
    const auto add = [&](Result<PlacedCredential> placed) -> Result<void> {
        if (!placed) return tl::unexpected<Error>(placed.error());
        send.placed.headerFields += placed->headerFields;
        send.placed.cookies += placed->cookies;
        if (send.placed.warning.isEmpty()) send.placed.warning = placed->warning;
        return {};
    };
    const auto place = [&](const AuthScheme& scheme, const Secret& secret) {
        return add(placeCredential(send.request, scheme, secret, context.redactor));
    };
    Result<void> done;
    switch (m_scheme.sendAs) {
    case TokenPlace::Bearer:
        done = place(BearerScheme{m_scheme.prefix}, m_token);
        break;
    case TokenPlace::Header:
        done = place(ApiKeyScheme{ApiKeyScheme::In::Header, m_scheme.sentName()}, m_token);
        break;
    case TokenPlace::Cookie:
        done = add(placeGivenCookie(send.request, m_scheme.sentName().toUtf8(), m_token, context.redactor));
        break;
    }
    if (done && !m_csrf.isEmpty() && m_scheme.csrfFrom == AnswerPlace::Cookie)
        done = add(placeGivenCookie(send.request, m_scheme.csrfName.toUtf8(), m_csrf, context.redactor));
    if (done && !m_csrf.isEmpty() && !isSafe(send.request.method))
        done = place(ApiKeyScheme{ApiKeyScheme::In::Header, m_scheme.csrfHeader}, m_csrf);
    if (!done) return tl::unexpected<Error>(done.error());
    return send;
}

Result<FlowStep> LoginFlow::resume(const Response&, const FlowContext&) {
    return FlowStep(FlowDone{});
}

} // namespace kb
