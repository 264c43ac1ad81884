// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/oauth_call.h"

namespace kb {

OAuthCall::OAuthCall(Setup setup, const Request& request, const FlowContext& context, Done done)
    : m_setup(std::move(setup)), m_context(context), m_done(std::move(done)) {
    if (!m_setup.flow) {
        send(request, {});
        return;
    }
    Result<FlowSend> begun = m_setup.flow->begin(request, m_context);
    if (begun) {
        send(std::move(begun->request), begun->note);
        return;
    }
    QMetaObject::invokeMethod(
        this, [this, error = begun.error()] { finish(tl::unexpected(error)); }, Qt::QueuedConnection);
}

void OAuthCall::send(Request request, const QString& note) {
    m_request = std::move(request);
    m_note = note;
    TransferCallbacks callbacks;
    callbacks.finished = [this](Result<TransportReply> reply) {
        auto held = std::make_shared<Result<TransportReply>>(std::move(reply));
        QMetaObject::invokeMethod(
            this, [this, held] { answered(std::move(*held)); }, Qt::QueuedConnection);
    };
    m_transfer = m_setup.transport.send(m_request, m_setup.options, std::move(callbacks));
}

void OAuthCall::answered(Result<TransportReply> reply) {
    m_transfer.reset();
    if (!reply) {
        Error error = reply.error();
        error.what = m_setup.redactor->text(error.what);
        error.where = m_setup.redactor->text(error.where);
        error.next = m_setup.redactor->text(error.next);
        return finish(tl::unexpected(error));
    }
    m_context.nowMs = m_setup.time.nowMs();
    const Response response = reply->response;
    Result<FlowStep> step = m_setup.flow ? m_setup.flow->resume(response, m_context) : FlowStep(FlowDone{});
    // The tokens in the answer must be known to the redactor before anything is made of it to be shown; the
    // names of the members (access_token …) mask them here.
    if (m_setup.learn) m_setup.learn(response);
    Exchange exchange(*m_setup.redactor, m_request, *reply);
    exchange.hopNote = m_note;
    m_exchanges.append(exchange);
    if (!step) return finish(tl::unexpected(step.error()));
    if (auto* again = std::get_if<FlowSend>(&*step)) return send(std::move(again->request), again->note);
    finish(response);
}

void OAuthCall::finish(Result<Response> result) {
    const Done done = std::move(m_done);
    const QList<Exchange> exchanges = m_exchanges;
    done(std::move(result), exchanges);
    // The receiver may have deleted this object: nothing may follow.
}

} // namespace kb
