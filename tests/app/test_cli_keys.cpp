// SPDX-License-Identifier: GPL-3.0-or-later
// profile add-key and remove-key: API keys that go along with a profile's own credential.
#include "cli_process.h"
#include "tests/support/answering_server.h"

class TestCliKeys : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCli(arguments, input, m_folder->path());
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    /// OpenAPI's "all of these": one profile, several credentials.
    void keysGoAlong() {
        kb::test::AnsweringServer server;
        const auto beside = [&](const QStringList& arguments, const QByteArray& input = {},
                                const QMap<QString, QString>& variables = {}) {
            return runCliBeside(arguments, input, m_folder->path(), variables);
        };
        const QStringList send{"send", server.url("/a"), "--as"};
        QCOMPARE(
            cli({"profile", "add", "Both", "--kind", "bearer", "--allow", server.url()}, "token-0123456789")
                .exitCode,
            0);
        const CliResult added =
            cli({"profile", "add-key", "Both", "--name", "X-App-Key"}, "app-key-55aa33cc\n");
        QVERIFY2(added.exitCode == 0, added.err.constData());
        QCOMPARE(cli({"profile", "add-key", "Both", "--name", "app_id", "--in", "query"}, "id-of-the-app-1")
                     .exitCode,
                 0);
        const CliResult sent = beside(send + QStringList{"Both", "--json"});
        QVERIFY2(sent.exitCode == 0, sent.err.constData());
        const QByteArray request = server.asked.last();
        QVERIFY2(request.startsWith("GET /a?app_id=id-of-the-app-1 "), request.constData());
        QVERIFY(request.contains("X-App-Key: app-key-55aa33cc\r\n"));
        QVERIFY(request.contains("Authorization: Bearer token-0123456789\r\n"));
        // Another one in its place; the token changes without them.
        QCOMPARE(cli({"profile", "add-key", "Both", "--name", "x-app-key"}, "app-key-second").exitCode, 0);
        QCOMPARE(cli({"profile", "set", "Both", "--secret-stdin"}, "token-other-6789").exitCode, 0);
        beside(send + QStringList{"Both"});
        QVERIFY(server.asked.last().contains("x-app-key: app-key-second\r\n"));
        QVERIFY(server.asked.last().contains("Bearer token-other-6789\r\n"));
        const QJsonArray keys = cli({"profile", "show", "Both", "--json"}).json().value("keys").toArray();
        QCOMPARE(keys.size(), 2);
        QCOMPARE(keys.at(1).toObject().value("field").toString(), QString("app_id"));
        QVERIFY(cli({"profile", "show", "Both"}).out.contains("app_id in the query"));
        // What cannot be is refused, and nothing changes.
        QCOMPARE(cli({"profile", "add-key", "Both", "--name", "Authorization"}, "another-key-1").exitCode, 2);
        const CliResult none = cli({"profile", "remove-key", "Both", "--name", "X-Other"});
        QCOMPARE(none.exitCode, 2);
        QVERIFY2(none.err.contains("x-app-key"), none.err.constData());
        QCOMPARE(cli({"profile", "set", "Both", "--kind", "api-key", "--name", "X-App-Key"}).exitCode, 2);
        QCOMPARE(cli({"profile", "remove-key", "Both", "--name", "app_id", "--in", "query"}).exitCode, 0);
        beside(send + QStringList{"Both"});
        QVERIFY(server.asked.last().startsWith("GET /a HTTP"));
        // From the environment, for CI.
        QCOMPARE(
            cli({"profile", "add", "Ci", "--kind", "bearer", "--allow", server.url(), "--storage", "memory"})
                .exitCode,
            0);
        const CliResult named = cli({"profile", "add-key", "Ci", "--name", "X-App-Key"});
        QVERIFY2(named.err.contains("KEYBEARER_SECRET_CI_X_APP_KEY"), named.err.constData());
        const CliResult without =
            beside(send + QStringList{"Ci"}, {}, {{"KEYBEARER_SECRET_CI", "token-of-ci-1234"}});
        QCOMPARE(without.exitCode, 2);
        QVERIFY2(without.err.contains("KEYBEARER_SECRET_CI_X_APP_KEY"), without.err.constData());
        const CliResult both = beside(send + QStringList{"Ci"}, {},
                                      {{"KEYBEARER_SECRET_CI", "token-of-ci-1234"},
                                       {"KEYBEARER_SECRET_CI_X_APP_KEY", "key-of-ci-1234\n"}});
        QVERIFY2(both.exitCode == 0, both.err.constData());
        QVERIFY(server.asked.last().contains("X-App-Key: key-of-ci-1234\r\n"));
        for (const QByteArray& each : filesBelow(m_folder->path()))
            for (const char* secret : {"app-key-", "id-of-the-app-1", "token-0123"})
                QVERIFY(firstLeak(each, secret).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCliKeys)
#include "test_cli_keys.moc"
