// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli killed before each step of obtaining, storing and using a token: the real program, a real
// keyring, a server that rotates refresh tokens and ends a family whose old one comes again. After each kill
// nothing is lost, nothing is leaked, and the next start works.
#include "cli_process.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>

class TestCliKill : public QObject {
    Q_OBJECT
    QProcess m_server;
    QString m_url;
    std::unique_ptr<QTemporaryDir> m_folder;
    QNetworkAccessManager m_network;
    QByteArray m_said; ///< all that any command printed
    static constexpr int mostSteps = 400;

    /// One pair of tokens as the server sees it.
    struct Pair {
        bool alive = false;  ///< its family is, and it was not revoked
        bool newest = false; ///< of its family
        bool used = false;   ///< the access token, at the API
        int presented = 0;   ///< the refresh token, at the token endpoint
    };
    QByteArray fetch(const QString& path, bool post = false) {
        QNetworkRequest request(QUrl(m_url + path));
        request.setHeader(QNetworkRequest::ContentTypeHeader, "application/x-www-form-urlencoded");
        const std::unique_ptr<QNetworkReply> reply(post ? m_network.post(request, QByteArray())
                                                        : m_network.get(request));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 10000))
            qFatal("the server does not answer");
        return reply->readAll();
    }
    QJsonArray families() {
        return QJsonDocument::fromJson(fetch("/state")).object().value("families").toArray();
    }
    /// The last pair the server gave to anybody.
    Pair lastPair() {
        const QJsonObject family = families().last().toObject();
        const QJsonObject pair = family.value("pairs").toArray().last().toObject();
        return {family.value("alive").toBool() && !pair.value("revoked").toBool(), true,
                pair.value("used").toBool(), pair.value("presented").toInt()};
    }
    CliResult cli(const QStringList& arguments, int killAt = 0) {
        QMap<QString, QString> extra;
        if (killAt > 0)
            extra = {{"LD_PRELOAD", KB_KILL_AT_STEP},
                     {"KB_KILL_AT", QString::number(killAt)},
                     {"ASAN_OPTIONS", qEnvironmentVariable("ASAN_OPTIONS") + ":verify_asan_link_order=0"}};
        const CliResult result = runCli(arguments, {}, m_folder->path(), extra);
        m_said += result.out + result.err;
        return result;
    }
    bool wasKilled(const CliResult& result) const { return result.exitCode == -4; }

    /// The next start after a kill: a refresh either works, or the server has ended what was on its way here,
    /// which is said; then a login mends it. `mayBeGone`: what the step may have cost.
    enum class After { Works, LoginNeeded };
    After nextStart(const QByteArray& what) {
        QElapsedTimer time;
        time.start();
        const CliResult refreshed = cli({"token", "refresh", "Ada"});
        if (time.elapsed() > 20000) qFatal("%s: the next start waited for a lock", what.constData());
        if (refreshed.exitCode == 0) return After::Works;
        // Never a broken record, a missing profile or a keychain error.
        if (refreshed.exitCode != 1 || !refreshed.err.contains("Log in"))
            qFatal("%s: %d %s", what.constData(), refreshed.exitCode, refreshed.err.constData());
        const CliResult login = cli({"token", "login", "Ada"});
        if (login.exitCode != 0) qFatal("%s: %s", what.constData(), login.err.constData());
        return After::LoginNeeded;
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_said.clear();
        m_server.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_server.start("/usr/bin/python3", {"-B", KB_TEST_DATA "/../support/rotating_server.py"});
        QByteArray line;
        while (!line.endsWith('\n') && m_server.waitForReadyRead(30000))
            line += m_server.readAllStandardOutput();
        QVERIFY(line.toInt() > 0);
        m_url = QStringLiteral("http://127.0.0.1:%1").arg(line.toInt());
        const CliResult added =
            cli({"profile", "add", "Ada", "--kind", "oauth2", "--grant", "device_code", "--client-auth",
                 "none", "--client-id", "app", "--token-url", m_url + "/token", "--device-url",
                 m_url + "/device", "--revocation-url", m_url + "/revoke", "--allow", m_url});
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const CliResult login = cli({"token", "login", "Ada"});
        QVERIFY2(login.exitCode == 0, login.err.constData());
    }
    void cleanup() {
        // Of all tokens that were ever given, none stands in a file or was said. The keyring's own are
        // encrypted.
        const QMap<QString, QByteArray> written = filesBelow(qEnvironmentVariable("HOME"));
        const QMap<QString, QByteArray> saved = filesBelow(m_folder->path());
        for (const QJsonValue& family : families())
            for (const QJsonValue& pair : family.toObject().value("pairs").toArray())
                for (const char* name : {"access", "refresh"}) {
                    const QByteArray token = pair.toObject().value(QLatin1String(name)).toString().toUtf8();
                    QVERIFY(firstLeak(m_said, token).isEmpty());
                    for (const auto* files : {&written, &saved})
                        for (auto file = files->cbegin(); file != files->cend(); ++file)
                            QVERIFY2(firstLeak(file.value(), token).isEmpty(), qPrintable(file.key()));
                }
        m_server.closeWriteChannel();
        QVERIFY(m_server.waitForFinished(10000));
    }

    /// A refresh, and a request whose token the server forgot: refused, refreshed, sent again.
    void refreshing_data() {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("token refresh") << QStringList{"token", "refresh", "Ada"};
        QTest::newRow("send") << QStringList{"send", "--as", "Ada", "URL"};
    }
    void refreshing() {
        QFETCH(QStringList, command);
        command.replaceInStrings("URL", m_url + "/thing");
        int lost = 0, kept = 0, at = 1;
        for (;; ++at) {
            QVERIFY(at < mostSteps);
            fetch("/forget", true);
            const CliResult killed = cli(command, at);
            if (!wasKilled(killed)) {
                QVERIFY2(killed.exitCode == 0, killed.err.constData());
                break;
            }
            const Pair before = lastPair();
            const QByteArray what = "step " + QByteArray::number(at);
            if (nextStart(what) == After::Works) {
                ++kept;
                continue;
            }
            // The new tokens were on their way or not stored yet; nobody had used them, least of all we.
            ++lost;
            QVERIFY2(!before.used, what.constData());
            QVERIFY2(before.presented == 0, what.constData());
        }
        qInfo("%d steps, %d of them between the server's answer and the end of storing it", at - 1, lost);
        // Before the request and after the storing nothing is lost; that there were such steps at all says
        // that the kills came where they should.
        QVERIFY(kept > lost);
        QVERIFY(lost > 0);
        QVERIFY(lastPair().alive);
    }

    /// A login does not touch the old tokens before the new ones are stored: whenever it is killed, one of
    /// both works.
    void aLogin() {
        for (int at = 1;; ++at) {
            QVERIFY(at < mostSteps);
            const CliResult killed = cli({"token", "login", "Ada"}, at);
            if (!wasKilled(killed)) {
                QVERIFY2(killed.exitCode == 0, killed.err.constData());
                break;
            }
            QVERIFY2(nextStart("step " + QByteArray::number(at)) == After::Works,
                     QByteArray::number(at).constData());
        }
    }

    /// Whenever a rotation is killed, the next one ends the token that it was about.
    void aRotation() {
        for (int at = 1;; ++at) {
            QVERIFY(at < mostSteps);
            const qsizetype compromised = families().size() - 1;
            const CliResult killed = cli({"token", "rotate", "Ada"}, at);
            if (wasKilled(killed)) {
                const CliResult again = cli({"token", "rotate", "Ada"});
                QVERIFY2(again.exitCode == 0, again.err.constData());
            } else {
                QVERIFY2(killed.exitCode == 0, killed.err.constData());
            }
            QVERIFY2(!families().at(compromised).toObject().value("alive").toBool(),
                     QByteArray::number(at).constData());
            QVERIFY(lastPair().alive);
            if (!wasKilled(killed)) break;
        }
        QCOMPARE(int(nextStart("the end")), int(After::Works));
    }
};

QTEST_GUILESS_MAIN(TestCliKill)
#include "test_cli_kill.moc"
