// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/transport.h"

#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTimer>
#include <optional>

namespace kb::test {

/// The servers of raw_server.py, running as long as this lives.
class RawServer {
public:
    /// Options as in raw_server.py; "--nginx" gets its configuration here.
    bool start(QStringList options = {}) {
        const QString folder = QStringLiteral(KB_TEST_DATA "/../support/");
        const qsizetype nginx = options.indexOf(QStringLiteral("--nginx"));
        if (nginx >= 0) options.insert(nginx + 1, folder + QStringLiteral("nginx.conf.in"));
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral("/usr/bin/python3"),
                        QStringList{folder + QStringLiteral("raw_server.py")} + options);
        QByteArray line;
        while (!line.endsWith('\n')) {
            if (!m_process.waitForReadyRead(30000)) return false;
            line += m_process.readAllStandardOutput();
        }
        m_told = QJsonDocument::fromJson(line).object();
        return !m_told.isEmpty();
    }

    ~RawServer() {
        m_process.closeWriteChannel(); // the script ends with its input, and takes its children along
        m_process.waitForFinished(10000);
    }

    int port(const char* server = "http") const { return m_told.value(QLatin1String(server)).toInt(); }
    QString file(const char* name) const { return m_told.value(QLatin1String(name)).toString(); }
    QString url(const char* path, const char* server = "http") const {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(port(server)).arg(QLatin1String(path));
    }
    QString tlsUrl(const char* path, const char* server = "valid") const {
        return QStringLiteral("https://localhost:%1%2").arg(port(server)).arg(QLatin1String(path));
    }

private:
    QProcess m_process;
    QJsonObject m_told;
};

inline Request get(const QString& url, const HeaderList& headers = {}) {
    Request request;
    request.method = "GET";
    request.url = HttpUrl::parse(url).value();
    request.headers = headers;
    return request;
}

inline Request withBody(const QByteArray& method, const QString& url, const QByteArray& body) {
    Request request = get(url);
    request.method = method;
    request.body = body;
    request.hasBody = true;
    return request;
}

/// Without the machine's proxies, and with a time limit that only a broken test reaches.
inline TransportOptions plain(const QString& lane = QStringLiteral("test")) {
    TransportOptions options;
    options.proxy.kind = ProxySetting::Kind::None;
    options.timeoutMs = 20000;
    options.lane = lane;
    return options;
}

inline bool spinUntil(const std::function<bool()>& done, int limitMs = 30000) {
    QEventLoop loop;
    QTimer poll, limit;
    bool ok = done();
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        ok = done();
        if (ok) loop.quit();
    });
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, &loop, &QEventLoop::quit);
    if (ok) return true;
    poll.start(1);
    limit.start(limitMs);
    loop.exec();
    return ok;
}

/// Sends and waits for the end. A reply that never comes is an error of the code Internal.
inline Result<TransportReply> exchange(Transport& transport, Request request,
                                       TransportOptions options = plain()) {
    std::optional<Result<TransportReply>> outcome;
    QEventLoop loop;
    TransferCallbacks callbacks;
    callbacks.finished = [&](Result<TransportReply> result) {
        outcome = std::move(result);
        loop.quit();
    };
    const auto transfer = transport.send(std::move(request), std::move(options), std::move(callbacks));
    QTimer::singleShot(40000, &loop, &QEventLoop::quit);
    if (!outcome) loop.exec();
    if (!outcome) return fail(ErrorCode::Internal, QStringLiteral("finished never came"));
    return std::move(*outcome);
}

inline Result<TransportReply> exchange(Transport& transport, const QString& url,
                                       TransportOptions options = plain()) {
    return exchange(transport, get(url), std::move(options));
}

} // namespace kb::test

/// The reply of an exchange, or the failure of the test with the error's text.
#define KB_REPLY(name, ...)                                                                                  \
    const ::kb::Result<::kb::TransportReply> name##Result = ::kb::test::exchange(__VA_ARGS__);               \
    QVERIFY2(name##Result.has_value(), name##Result ? "" : qPrintable(name##Result.error().text()));         \
    const ::kb::TransportReply& name = *name##Result
/// The error of an exchange, or the failure of the test.
#define KB_ERROR(name, ...)                                                                                  \
    const ::kb::Result<::kb::TransportReply> name##Result = ::kb::test::exchange(__VA_ARGS__);               \
    QVERIFY2(!name##Result.has_value(), "an answer came");                                                   \
    const ::kb::Error& name = name##Result.error()
