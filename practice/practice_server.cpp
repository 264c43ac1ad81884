// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/practice_server.h"

#include "practice/api.h"
#include "practice/http_listener.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QSemaphore>
#include <QThread>
#include <atomic>
#include <openssl/crypto.h>

namespace kb {

using namespace practice;

namespace {

QString originOf(const char* host, quint16 port) {
    return QStringLiteral("http://%1:%2").arg(QLatin1String(host)).arg(port);
}

/// All that lives in the server's thread.
class Engine {
public:
    explicit Engine(const Defects& defects) : m_defects(defects) {}
    ~Engine() {
        for (PracticeIdentity& identity : m_identities)
            for (QByteArray* secret : {&identity.secret, &identity.refreshToken})
                OPENSSL_cleanse(secret->data(), static_cast<std::size_t>(secret->size()));
    }
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    Result<void> listen(const PracticeOptions& options) {
        m_main = std::make_unique<HttpListener>(
            [this](const HttpRequest& request) { return m_api->answer(request); });
        // The port is known before the tokens are: they name the address as their issuer.
        auto port = m_main->listenOn(options.port ? options.port : options.preferredPort);
        if (!port && !options.port) port = m_main->listenOn(0);
        if (!port) return tl::unexpected(port.error());
        m_port = *port;
        return {};
    }

    /// No request can be answered between listen() and the end of this, since this thread's event loop waits.
    Result<void> makeTokens(const PracticeOptions& options) {
        auto key = RsaKey::generate();
        if (!key) return tl::unexpected(key.error());
        const QString baseUrl = originOf("127.0.0.1", m_port);
        m_tokens = std::make_unique<TokenOffice>(std::move(*key), baseUrl, options, m_defects);
        m_identities = m_tokens->mintIdentities();
        for (const PracticeIdentity& identity : m_identities)
            if (identity.secret.isEmpty())
                return fail(
                    ErrorCode::Internal,
                    QCoreApplication::translate("PracticeServer", "A practice token could not be signed."));
        m_api =
            std::make_unique<Api>(*m_tokens, m_defects, options, baseUrl, [this] { return otherOrigin(); });
        return {};
    }

    quint16 port() const { return m_port; }
    QString clientId() const { return m_tokens->clientId(); }
    QByteArray clientSecret() const { return m_tokens->clientSecret(); }
    const QList<PracticeIdentity>& identities() const { return m_identities; }

private:
    /// Another name and another port: another origin by both. It tells which credentials reached it, and no
    /// more.
    QString otherOrigin() {
        if (!m_other) {
            auto other = std::make_unique<HttpListener>([](const HttpRequest& request) {
                QJsonArray received;
                for (const char* name : {"Authorization", ApiKeyField, "Cookie"})
                    if (!request.values(name).isEmpty()) received.append(QString::fromLatin1(name));
                HttpReply reply =
                    jsonReply(200, QJsonObject{{QStringLiteral("origin"), QStringLiteral("another")},
                                               {QStringLiteral("credentials_received"), received}});
                reply.add("Date", httpDate(QDateTime::currentSecsSinceEpoch()));
                return reply;
            });
            const auto port = other->listenOn(0);
            if (!port) return originOf("localhost", m_port);
            m_otherPort = *port;
            m_other = std::move(other);
        }
        return originOf("localhost", m_otherPort);
    }

    const Defects& m_defects;
    std::unique_ptr<TokenOffice> m_tokens;
    std::unique_ptr<Api> m_api;
    std::unique_ptr<HttpListener> m_main; // after what it calls, so that it goes first
    std::unique_ptr<HttpListener> m_other;
    QList<PracticeIdentity> m_identities;
    quint16 m_port = 0;
    quint16 m_otherPort = 0;
};

Result<void> checkOptions(const PracticeOptions& options) {
    for (const QString& name : options.defects)
        if (!defectByName(name))
            return fail(
                ErrorCode::InvalidInput,
                QCoreApplication::translate("PracticeServer", "There is no defect named \"%1\".").arg(name),
                {}, QCoreApplication::translate("PracticeServer", "List the defects to see their names."));
    for (const int lifetime :
         {options.readerLifetimeS, options.otherReaderLifetimeS, options.adminLifetimeS,
          options.accessTokenLifetimeS, options.refreshTokenLifetimeS, options.rateLimitWindowS})
        if (lifetime < 1)
            return fail(
                ErrorCode::InvalidInput,
                QCoreApplication::translate("PracticeServer", "A lifetime must be at least one second."));
    if (options.rateLimitPerMinute < 0 || options.apiKeyLifetimeS < 0)
        return fail(ErrorCode::InvalidInput,
                    QCoreApplication::translate("PracticeServer", "A limit cannot be below zero."));
    return {};
}

} // namespace

class PracticeServer::Impl {
public:
    Defects defects;
    QThread thread;
    QObject* inThread = nullptr; ///< lives in the thread, so that work can be sent there
    std::unique_ptr<Engine> engine;
    std::unique_ptr<QObject> caller; ///< lives where begin() was called; its end silences `ready`
    quint16 port = 0;                ///< 0: does not run
    std::atomic<bool> ready = false;

    /// Runs `work` in the server's thread and waits for it.
    template<class Work> void runThere(Work work) {
        QMetaObject::invokeMethod(inThread, std::move(work), Qt::BlockingQueuedConnection);
    }
};

PracticeServer::PracticeServer() : m_impl(std::make_unique<Impl>()) {}

PracticeServer::~PracticeServer() {
    stop();
}

Result<void> PracticeServer::start(const PracticeOptions& options) {
    Result<void> made;
    // `made` is written in the server's thread, and read once that thread has answered.
    if (Result<void> begun = begin(options, {}, &made); !begun) return begun;
    m_impl->runThere([] {});
    if (!made) stop();
    return made;
}

Result<void> PracticeServer::begin(const PracticeOptions& options, std::function<void(Result<void>)> ready) {
    return begin(options, std::move(ready), nullptr);
}

Result<void> PracticeServer::begin(const PracticeOptions& options, std::function<void(Result<void>)> ready,
                                   Result<void>* made) {
    stop();
    if (auto checked = checkOptions(options); !checked) return checked;
    for (const QString& name : options.defects)
        m_impl->defects.set(*defectByName(name), true);

    m_impl->thread.setObjectName(QStringLiteral("practice"));
    m_impl->inThread = new QObject; // here and not in the constructor: begin() may come from another thread
    m_impl->inThread->moveToThread(&m_impl->thread);
    m_impl->caller = std::make_unique<QObject>();
    m_impl->thread.start();
    Result<void> listening;
    QSemaphore listens;
    // One piece of work: the event loop must not turn, and a request not be read, before the tokens are made.
    QMetaObject::invokeMethod(
        m_impl->inThread,
        [this, options, ready = std::move(ready), made, &listening, &listens] {
            Impl& impl = *m_impl;
            impl.engine = std::make_unique<Engine>(impl.defects);
            listening = impl.engine->listen(options);
            impl.port = listening ? impl.engine->port() : quint16{0};
            const bool open = listening.has_value();
            listens.release(); // `listening` and `listens` are gone from here on
            if (!open) return;
            Result<void> result = impl.engine->makeTokens(options);
            impl.ready = result.has_value();
            if (made) *made = result;
            if (ready)
                QMetaObject::invokeMethod(
                    impl.caller.get(), [ready, result] { ready(result); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
    listens.acquire();
    const Result<void> opened = listening;
    if (!opened) stop();
    return opened;
}

void PracticeServer::stop() {
    if (m_impl->thread.isRunning()) {
        m_impl->runThere([this] {
            m_impl->engine.reset();
            m_impl->inThread->deleteLater();
            // QThread::wait() may return before the thread's own clean-up has run; OpenSSL's must not be lost
            // then.
            OPENSSL_thread_stop();
        });
        m_impl->inThread = nullptr;
        m_impl->thread.quit();
        m_impl->thread.wait();
    }
    m_impl->caller.reset();
    m_impl->port = 0;
    m_impl->ready = false;
    m_impl->defects.clear();
}

bool PracticeServer::isRunning() const {
    return m_impl->port != 0;
}

bool PracticeServer::isReady() const {
    return m_impl->ready;
}

// What follows reads values that are set before begin() returns, or before it is ready, and stay until
// stop(), so no thread is asked.
quint16 PracticeServer::port() const {
    return m_impl->port;
}

QString PracticeServer::baseUrl() const {
    return isRunning() ? originOf("127.0.0.1", port()) : QString();
}

QString PracticeServer::clientId() const {
    return isReady() ? m_impl->engine->clientId() : QString();
}

QByteArray PracticeServer::clientSecret() const {
    return isReady() ? m_impl->engine->clientSecret() : QByteArray();
}

QList<PracticeIdentity> PracticeServer::identities() const {
    return isReady() ? m_impl->engine->identities() : QList<PracticeIdentity>();
}

Result<void> PracticeServer::setDefect(const QString& name, bool on) {
    const auto defect = defectByName(name);
    if (!defect)
        return fail(
            ErrorCode::NotFound,
            QCoreApplication::translate("PracticeServer", "There is no defect named \"%1\".").arg(name), {},
            QCoreApplication::translate("PracticeServer", "List the defects to see their names."));
    m_impl->defects.set(*defect, on);
    return {};
}

bool PracticeServer::hasDefect(const QString& name) const {
    const auto defect = defectByName(name);
    return defect && m_impl->defects.has(*defect);
}

} // namespace kb
