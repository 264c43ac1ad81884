// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/keychain_items.h"
#include "io/keychain/keychain_text.h"

#include "core/auth/secret.h"
#include "io/keychain/keychain_service.h"

#include <QPointer>
#include <QTimer>
#include <qt6keychain/keychain.h>

namespace kb {

namespace {

Error noService(const StoreState& state) {
    return {ErrorCode::StoreUnavailable,
            state.message.section(QLatin1Char('.'), 0, 0) + QLatin1Char('.'),
            {},
            state.message.section(QLatin1Char('.'), 1).trimmed(),
            -1};
}

Error locked(const StoreState& state) {
    return {ErrorCode::StoreLocked, KeychainText::tr("The keychain is locked."), state.name,
            KeychainText::tr("Unlock it in the desktop, then try again."), -1};
}

} // namespace

/// One QtKeychain job, watched. When it fails, the service is asked why: QtKeychain gives the same code to a
/// locked keychain, to no keychain and to a missing item.
class KeychainItems::Call final : public QObject {
public:
    /// `written` is the buffer the job holds, to be wiped when it is done.
    Call(QKeychain::Job* job, const QString& key, int timeoutMs, std::function<void(Result<QByteArray>)> done,
         QByteArray written = {})
        : m_job(job), m_written(std::move(written)), m_done(std::move(done)) {
        job->setKey(key);
        job->setInsecureFallback(false);
        job->setAutoDelete(true);
        connect(job, &QKeychain::Job::finished, this,
                [this](QKeychain::Job* finished) { jobFinished(finished); });
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            if (m_job) m_job->disconnect(this);
            answer(fail(ErrorCode::StoreTimeout, KeychainText::tr("The keychain did not answer."), {},
                        KeychainText::tr("See whether it waits for its password, then try again.")));
        });
        m_timer.start(timeoutMs);
        job->start();
    }

private:
    void jobFinished(QKeychain::Job* job) {
        wipeShared(m_written);
        switch (job->error()) {
        case QKeychain::NoError: {
            const auto* read = qobject_cast<QKeychain::ReadPasswordJob*>(job);
            if (!read)
                return qobject_cast<QKeychain::DeletePasswordJob*>(job) ? checkRemoved()
                                                                        : answer(QByteArray());
            // The job keeps its buffer until it is deleted and wipes nothing: ours becomes the only one.
            const QByteArray held = read->binaryData();
            QByteArray own(held.constData(), held.size());
            wipeShared(held);
            return answer(std::move(own));
        }
        case QKeychain::AccessDeniedByUser:
        case QKeychain::AccessDenied:
            return explain(refused());
        case QKeychain::EntryNotFound:
            return explain(Error{ErrorCode::SecretMissing,
                                 KeychainText::tr("The keychain holds no such secret any more."),
                                 {},
                                 KeychainText::tr("Paste it into the profile again."),
                                 -1});
        default:
            if (isBusRefusal(job->errorString())) return explain(refused());
            return explain(Error{ErrorCode::StoreFailed, KeychainText::tr("The keychain reported a failure."),
                                 job->errorString(),
                                 KeychainText::tr("Try again, or keep the secret in memory only."), -1});
        }
    }
    static Error refused() {
        return {ErrorCode::StoreRefused,
                KeychainText::tr("The keychain refused access."),
                {},
                KeychainText::tr("Allow Keybearer in the keychain's own program, then try again."),
                -1};
    }
    /// A policy or a sandbox of the bus said no, in the words of dbus-daemon or dbus-broker: QtKeychain tells
    /// no more of it.
    static bool isBusRefusal(const QString& text) {
        return text.contains(QLatin1String("Rejected send message")) ||
               text.contains(QLatin1String("not authorized to send"));
    }
    /// In a locked keychain QtKeychain finds nothing to delete and calls that a success.
    void checkRemoved() {
        m_probe = probeKeychainService([this](const StoreState& state) {
            if (state.kind == StoreState::Kind::Locked) return answer(tl::unexpected(locked(state)));
            answer(QByteArray());
        });
    }
    void explain(const Error& error) {
        m_probe = probeKeychainService([this, error](const StoreState& state) {
            if (state.kind == StoreState::Kind::Unavailable) return answer(tl::unexpected(noService(state)));
            if (state.kind == StoreState::Kind::Locked) return answer(tl::unexpected(locked(state)));
            answer(tl::unexpected(error));
        });
    }
    void answer(Result<QByteArray> result) {
        m_timer.stop();
        const std::function<void(Result<QByteArray>)> done = std::move(m_done);
        m_done = nullptr;
        if (done) done(std::move(result));
    }

    QPointer<QKeychain::Job> m_job;
    QByteArray m_written;
    std::function<void(Result<QByteArray>)> m_done;
    QTimer m_timer;
    HandlePtr m_probe;
};

KeychainItems::KeychainItems(QString service, int timeoutMs)
    : m_service(std::move(service)), m_timeoutMs(timeoutMs) {}

KeychainItems::~KeychainItems() = default;

void KeychainItems::begin(std::unique_ptr<Call> call) {
    m_past = std::move(m_call);
    m_call = std::move(call);
}

void KeychainItems::get(const QString& key, std::function<void(Result<QByteArray>)> done) {
    begin(
        std::make_unique<Call>(new QKeychain::ReadPasswordJob(m_service), key, m_timeoutMs, std::move(done)));
}

void KeychainItems::put(const QString& key, const QByteArray& value, std::function<void(Result<void>)> done) {
    auto* job = new QKeychain::WritePasswordJob(m_service);
    const QByteArray written(value.constData(), value.size());
    job->setBinaryData(written);
    begin(std::make_unique<Call>(
        job, key, m_timeoutMs,
        [done = std::move(done)](const Result<QByteArray>& result) {
            if (result)
                done({});
            else
                done(tl::unexpected(result.error()));
        },
        written));
}

void KeychainItems::remove(const QString& key, std::function<void(Result<void>)> done) {
    begin(std::make_unique<Call>(new QKeychain::DeletePasswordJob(m_service), key, m_timeoutMs,
                                 [done = std::move(done)](const Result<QByteArray>& result) {
                                     if (result)
                                         done({});
                                     else
                                         done(tl::unexpected(result.error()));
                                 }));
}

} // namespace kb
