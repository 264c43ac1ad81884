// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/exchange_maker.h"

#include <QPointer>
#include <QThreadPool>

namespace kb {

namespace {

constexpr qsizetype largeBody = 1024 * 1024; ///< some milliseconds of work

struct Job {
    std::shared_ptr<const Redactor> redactor;
    Request sent;
    TransportReply reply;
};

} // namespace

void makeExchange(std::shared_ptr<const Redactor> redactor, const Request& sent, const TransportReply& reply,
                  QObject* receiver, std::function<void(Exchange)> done) {
    if (sent.body.size() + reply.response.body.size() < largeBody)
        return done(Exchange(*redactor, sent, reply));
    // The pool thread may not touch the receiver, which can go at any time. The mailbox lives on this thread,
    // and is deleted here after the last message.
    const std::shared_ptr<QObject> mailbox(new QObject, [](QObject* box) { box->deleteLater(); });
    const QPointer<QObject> guard(receiver);
    auto job = std::make_shared<Job>(Job{std::move(redactor), sent, reply});
    QThreadPool::globalInstance()->start([mailbox, guard, job, done = std::move(done)] {
        const auto made = std::make_shared<const Exchange>(*job->redactor, job->sent, job->reply);
        *job = {}; // the live request is not held longer than needed
        QMetaObject::invokeMethod(
            mailbox.get(),
            [guard, made, done] {
                if (guard) done(*made);
            },
            Qt::QueuedConnection);
    });
}

} // namespace kb
