// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_work.h"

#include <QMutex>
#include <QThreadPool>

namespace kb {

struct BackgroundWork::Shared {
    std::atomic_bool stop = false;
    QMutex mutex;
    BackgroundWork* owner =
        nullptr; ///< guarded by the mutex, so that it cannot go while something is posted to it
};

BackgroundWork::BackgroundWork(QObject* parent) : QObject(parent) {}

BackgroundWork::~BackgroundWork() {
    cancel();
}

void BackgroundWork::cancel() {
    if (!m_shared) return;
    // The worker holds the other reference until it sees the flag.
    const std::shared_ptr<Shared> gone = std::move(m_shared);
    gone->stop = true;
    const QMutexLocker lock(&gone->mutex);
    gone->owner = nullptr;
}

void BackgroundWork::start(Work work) {
    cancel();
    m_shared = std::make_shared<Shared>();
    m_shared->owner = this;
    QThreadPool::globalInstance()->start([shared = m_shared, work = std::move(work)] {
        Done done = work(shared->stop);
        const QMutexLocker lock(&shared->mutex);
        if (!shared->owner) return;
        BackgroundWork* owner = shared->owner;
        QMetaObject::invokeMethod(
            owner,
            [owner, shared, done = std::move(done)] {
                if (shared->stop) return;
                owner->m_shared.reset();
                done();
            },
            Qt::QueuedConnection);
    });
}

} // namespace kb
