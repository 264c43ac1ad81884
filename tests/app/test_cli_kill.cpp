// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli killed before each step of obtaining, storing and using a token: the real program, a real
// keyring, a server that rotates refresh tokens and ends a family whose old one comes again. After each kill
// nothing is lost, nothing is leaked, and the next start works.
#include "tests/app/rotating_server.h"

class TestCliKill : public QObject {
    Q_OBJECT
    std::unique_ptr<RotatingServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_said; ///< all that any command printed
    static constexpr int mostSteps = 400;

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
        m_server = std::make_unique<RotatingServer>();
        const CliResult added = cli(m_server->profileArguments());
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const CliResult login = cli({"token", "login", "Ada"});
        QVERIFY2(login.exitCode == 0, login.err.constData());
    }
    void cleanup() {
        QCOMPARE(m_server->leak(m_said, {qEnvironmentVariable("HOME"), m_folder->path()}), QString());
    }

    /// A refresh, and a request whose token the server forgot: refused, refreshed, sent again.
    void refreshing_data() {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("token refresh") << QStringList{"token", "refresh", "Ada"};
        QTest::newRow("send") << QStringList{"send", "--as", "Ada", "URL"};
    }
    void refreshing() {
        QFETCH(QStringList, command);
        command.replaceInStrings("URL", m_server->url("/thing"));
        int lost = 0, kept = 0, at = 1;
        for (;; ++at) {
            QVERIFY(at < mostSteps);
            m_server->fetch("/forget", true);
            const CliResult killed = cli(command, at);
            if (!wasKilled(killed)) {
                QVERIFY2(killed.exitCode == 0, killed.err.constData());
                break;
            }
            const RotatingServer::Pair before = m_server->lastPair();
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
        QVERIFY(m_server->lastPair().alive);
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
            const qsizetype compromised = m_server->families().size() - 1;
            const CliResult killed = cli({"token", "rotate", "Ada"}, at);
            if (wasKilled(killed)) {
                const CliResult again = cli({"token", "rotate", "Ada"});
                QVERIFY2(again.exitCode == 0, again.err.constData());
            } else {
                QVERIFY2(killed.exitCode == 0, killed.err.constData());
            }
            QVERIFY2(!m_server->families().at(compromised).toObject().value("alive").toBool(),
                     QByteArray::number(at).constData());
            QVERIFY(m_server->lastPair().alive);
            if (!wasKilled(killed)) break;
        }
        QCOMPARE(int(nextStart("the end")), int(After::Works));
    }
};

QTEST_GUILESS_MAIN(TestCliKill)
#include "test_cli_kill.moc"
