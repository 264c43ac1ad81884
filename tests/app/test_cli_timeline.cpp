// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli: what a rotation says of the old token, and the timeline of all that happened to a profile;
// the real program, a real keyring and a real server.
#include "tests/app/rotating_server.h"

class TestCliTimeline : public QObject {
    Q_OBJECT
    std::unique_ptr<RotatingServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_said;

    CliResult cli(const QStringList& arguments) {
        const CliResult result = runCli(arguments, {}, m_folder->path());
        m_said += result.out + result.err;
        return result;
    }
    void start(const QStringList& arguments = {}) {
        m_server = std::make_unique<RotatingServer>(arguments);
        const CliResult added = cli(m_server->profileArguments());
        QVERIFY2(added.exitCode == 0, added.err.constData());
        QCOMPARE(cli({"token", "login", "Ada"}).exitCode, 0);
    }
    QStringList kinds() {
        QStringList all;
        const QJsonObject row = cli({"token", "status", "Ada", "--timeline", "--json"})
                                    .json()
                                    .value("tokens")
                                    .toArray()
                                    .first()
                                    .toObject();
        for (const QJsonValue& event : row.value("timeline").toArray())
            all.prepend(event.toObject().value("event").toString());
        return all;
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_said.clear();
    }
    void cleanup() {
        QCOMPARE(m_server->leak(m_said, {qEnvironmentVariable("HOME"), m_folder->path()}), QString());
    }

    void theOldTokenIsRefused() {
        start();
        const CliResult rotated =
            cli({"token", "rotate", "Ada", "--json", "--try-old", m_server->url("/me")});
        QVERIFY2(rotated.exitCode == 0, QByteArray(rotated.out + rotated.err).constData());
        const QJsonObject old = rotated.json().value("old_token").toObject();
        QCOMPARE(old.value("still_good").toBool(true), false);
        QCOMPARE(old.value("active").toBool(true), false);
        QCOMPARE(old.value("refresh_token_active").toBool(true), false);
        QCOMPARE(old.value("status_before").toInt(), 200);
        QCOMPARE(old.value("status_after").toInt(), 401);
        QVERIFY(old.value("sentence").toString().contains("gave 200 before and gives 401 now"));
        QCOMPARE(cli({"send", "--fail", "--as", "Ada", m_server->url("/me")}).exitCode, 0);
    }

    /// An API that does not look whether a token was revoked is a finding.
    void theOldTokenIsStillTaken() {
        start({"--keeps-revoked"});
        const CliResult rotated = cli({"token", "rotate", "Ada", "--try-old", m_server->url("/me")});
        QCOMPARE(rotated.exitCode, 1);
        QVERIFY2(rotated.out.contains("/me with the old token still gives 200"), rotated.out.constData());
        // The new token is in place all the same.
        QCOMPARE(cli({"send", "--fail", "--as", "Ada", m_server->url("/me")}).exitCode, 0);
    }

    /// Without the word for it, no request is sent with the old token.
    void nobodyIsAskedWithoutConsent() {
        start();
        const CliResult rotated = cli({"token", "rotate", "Ada", "--json"});
        QCOMPARE(rotated.exitCode, 0);
        QCOMPARE(m_server->count("api"), 0);
        QVERIFY(rotated.json().value("old_token").toObject().value("status_after").isNull());
    }

    void whatAnybodyMaySeeProvesNothing() {
        start();
        const CliResult rotated = cli({"token", "rotate", "Ada", "--try-old", m_server->url("/open")});
        QCOMPARE(rotated.exitCode, 0);
        QVERIFY2(rotated.out.contains("without any token too"), rotated.out.constData());
    }

    /// Where the old token may not go, that is said before anything is revoked.
    void aForeignAddressStopsIt() {
        start();
        const CliResult rotated =
            cli({"token", "rotate", "Ada", "--try-old", "https://elsewhere.example/me"});
        QCOMPARE(rotated.exitCode, 2);
        QCOMPARE(m_server->count("revoke"), 0);
        QVERIFY(m_server->lastPair().alive);
    }

    void allThatHappenedIsKept() {
        start();
        cli({"send", "--as", "Ada", m_server->url("/me")});
        m_server->fetch("/forget", true);
        cli({"send", "--as", "Ada", m_server->url("/me")}); // refused, refreshed, sent again
        cli({"token", "introspect", "Ada"});
        cli({"token", "rotate", "Ada"});
        cli({"token", "revoke", "Ada"});
        cli({"token", "refresh", "Ada"});
        QCOMPARE(kinds(), (QStringList{"obtained", "used", "refused", "refreshed", "used", "asked", "rotated",
                                       "revoked", "trouble"}));
        const QByteArray shown = cli({"token", "status", "Ada", "--timeline"}).out;
        QVERIFY2(shown.contains("Refreshed") && shown.contains("GET /me: 200"), shown.constData());
        // In this machine's data, not in what is shared.
        for (const QByteArray& file : filesBelow(m_folder->path()))
            QVERIFY(!file.contains("GET /me"));
        QCOMPARE(cli({"token", "status", "Ada", "--clear-timeline"}).exitCode, 0);
        QCOMPARE(kinds(), QStringList());
    }

    /// A run's answers are one event a profile, and a profile that is removed takes its timeline along.
    void runsAndRemoval() {
        start();
        QFile request(m_folder->filePath("me.yml"));
        QVERIFY(request.open(QIODevice::WriteOnly));
        request.write("info:\n  name: Me\n  type: http\nhttp:\n  method: GET\n  url: " +
                      m_server->url("/me").toUtf8() + "\n");
        request.close();
        const CliResult run = cli({"run", "--as", "Ada", "--iterations", "3"});
        QVERIFY2(run.exitCode == 0, QByteArray(run.out + run.err).constData());
        QCOMPARE(kinds(), (QStringList{"obtained", "used"}));
        const QString home = qEnvironmentVariable("XDG_DATA_HOME");
        const auto timelines = [&] {
            return QDir(home + "/keybearer/timelines").entryList({"*.jsonl"}).size();
        };
        const auto before = timelines();
        QCOMPARE(cli({"profile", "remove", "Ada"}).exitCode, 0);
        QCOMPARE(timelines(), before - 1);
    }
};

QTEST_GUILESS_MAIN(TestCliTimeline)
#include "test_cli_timeline.moc"
