// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/practice_server.h"

#include "practice/api.h"
#include "practice/http_listener.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QThread>
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

    Result<void> open(const PracticeOptions& options) {
        m_main = std::make_unique<HttpListener>(
            [this](const HttpRequest& request) { return m_api->answer(request); });
        // The port is known before the tokens are: they name the address as their issuer. No request can be
        // answered in between, since this thread's event loop waits for us.
        const auto port = m_main->listenOn(options.port);
        if (!port) return tl::unexpected(port.error());
        auto key = RsaKey::generate();
        if (!key) return tl::unexpected(key.error());
        m_port = *port;
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
    stop();
    if (auto checked = checkOptions(options); !checked) return checked;
    for (const QString& name : options.defects)
        m_impl->defects.set(*defectByName(name), true);

    m_impl->thread.setObjectName(QStringLiteral("practice"));
    m_impl->inThread = new QObject; // here and not in the constructor: start() may come from another thread
    m_impl->inThread->moveToThread(&m_impl->thread);
    m_impl->thread.start();
    Result<void> opened;
    m_impl->runThere([&] {
        m_impl->engine = std::make_unique<Engine>(m_impl->defects);
        opened = m_impl->engine->open(options);
    });
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
    m_impl->defects.clear();
}

bool PracticeServer::isRunning() const {
    return m_impl->engine != nullptr;
}

// What follows reads values that are set before start() returns and stay until stop(), so no thread is asked.
quint16 PracticeServer::port() const {
    return isRunning() ? m_impl->engine->port() : quint16{0};
}

QString PracticeServer::baseUrl() const {
    return isRunning() ? originOf("127.0.0.1", port()) : QString();
}

QString PracticeServer::clientId() const {
    return isRunning() ? m_impl->engine->clientId() : QString();
}

QByteArray PracticeServer::clientSecret() const {
    return isRunning() ? m_impl->engine->clientSecret() : QByteArray();
}

QList<PracticeIdentity> PracticeServer::identities() const {
    return isRunning() ? m_impl->engine->identities() : QList<PracticeIdentity>();
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
