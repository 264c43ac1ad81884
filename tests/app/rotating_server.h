// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "tests/app/cli_process.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <memory>

/// tests/support/rotating_server.py in a process of its own, and the profile "Ada" of its tokens in a
/// workspace.
class RotatingServer {
public:
    /// One pair of tokens as the server sees it.
    struct Pair {
        bool alive = false; ///< its family is, and it was not revoked
        bool used = false;  ///< the access token, at the API
        int presented = 0;  ///< the refresh token, at the token endpoint
    };

    explicit RotatingServer(const QStringList& arguments = {}) {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start("/usr/bin/python3",
                        QStringList{"-B", KB_TEST_DATA "/../support/rotating_server.py"} + arguments);
        QByteArray line;
        while (!line.endsWith('\n') && m_process.waitForReadyRead(30000))
            line += m_process.readAllStandardOutput();
        if (line.toInt() <= 0) qFatal("the server did not start");
        m_url = QStringLiteral("http://127.0.0.1:%1").arg(line.toInt());
    }
    ~RotatingServer() {
        m_process.closeWriteChannel();
        m_process.waitForFinished(10000);
    }
    QString url(const QString& path = {}) const { return m_url + path; }
    QStringList profileArguments() const {
        return {"profile",          "add",           "Ada",
                "--kind",           "oauth2",        "--grant",
                "device_code",      "--client-auth", "none",
                "--client-id",      "app",           "--token-url",
                url("/token"),      "--device-url",  url("/device"),
                "--revocation-url", url("/revoke"),  "--introspection-url",
                url("/introspect"), "--allow",       m_url};
    }
    QByteArray fetch(const QString& path, bool post = false) {
        QNetworkRequest request(QUrl(m_url + path));
        request.setHeader(QNetworkRequest::ContentTypeHeader, "application/x-www-form-urlencoded");
        const std::unique_ptr<QNetworkReply> reply(post ? m_network.post(request, QByteArray())
                                                        : m_network.get(request));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 10000))
            qFatal("the server does not answer");
        return reply->readAll();
    }
    QJsonObject state() { return QJsonDocument::fromJson(fetch("/state")).object(); }
    QJsonArray families() { return state().value("families").toArray(); }
    int count(const QString& what) { return state().value("counts").toObject().value(what).toInt(); }
    /// The last pair the server gave to anybody.
    Pair lastPair() {
        const QJsonObject family = families().last().toObject();
        const QJsonObject pair = family.value("pairs").toArray().last().toObject();
        return {family.value("alive").toBool() && !pair.value("revoked").toBool(),
                pair.value("used").toBool(), pair.value("presented").toInt()};
    }
    /// All tokens that were ever given.
    QList<QByteArray> tokens() {
        QList<QByteArray> all;
        for (const QJsonValue& family : families())
            for (const QJsonValue& pair : family.toObject().value("pairs").toArray())
                for (const char* name : {"access", "refresh"})
                    all << pair.toObject().value(QLatin1String(name)).toString().toUtf8();
        return all;
    }
    /// None of them stands in a file below these folders, or in what was said. The keyring's own files are
    /// encrypted. Empty, or where one is.
    QString leak(const QByteArray& said, const QStringList& folders) {
        for (const QByteArray& token : tokens()) {
            if (!firstLeak(said, token).isEmpty()) return QStringLiteral("output");
            for (const QString& folder : folders) {
                const QMap<QString, QByteArray> files = filesBelow(folder);
                for (auto file = files.cbegin(); file != files.cend(); ++file)
                    if (!firstLeak(file.value(), token).isEmpty()) return file.key();
            }
        }
        return {};
    }

private:
    QProcess m_process;
    QString m_url;
    QNetworkAccessManager m_network;
};
