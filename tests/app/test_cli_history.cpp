// SPDX-License-Identifier: GPL-3.0-or-later
// `keybearer-cli history`, and what the command line keeps of what it sends.
#include "cli_process.h"

class TestCliHistory : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PracticeProcess> m_practice;
    QMap<QString, QString> m_variables;

    CliResult cli(const QStringList& arguments) {
        return runCli(arguments, {}, m_folder->path(), m_variables);
    }
    QJsonArray entries(const QStringList& filters = {}) {
        return cli(QStringList{"history", "list", "--json"} + filters).json().value("entries").toArray();
    }
    QString newest() { return QString::number(entries().first().toObject().value("id").toInteger()); }

private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        m_folder = std::make_unique<QTemporaryDir>();
        if (!m_practice) m_practice = std::make_unique<PracticeProcess>();
        m_variables = {{"XDG_DATA_HOME", m_home->filePath("data")},
                       {"XDG_CONFIG_HOME", m_home->filePath("config")}};
        const CliResult added = cli({"profile", "add", "Reader", "--kind", "bearer", "--allow",
                                     m_practice->url(), "--storage", "memory"});
        QVERIFY2(added.exitCode == 0, added.err.constData());
        m_variables.insert("KEYBEARER_SECRET_READER", QString::fromUtf8(m_practice->secret("Reader")));
    }

    void nothingIsKeptUntilSomebodyWantsIt() {
        QCOMPARE(cli({"send", m_practice->url("/users"), "--as", "Reader"}).exitCode, 0);
        QVERIFY(filesBelow(m_home->path()).isEmpty());
        QCOMPARE(cli({"history", "on"}).exitCode, 0);
        QCOMPARE(cli({"send", m_practice->url("/users"), "--as", "Reader"}).exitCode, 0);
        QCOMPARE(entries().size(), 1);
        QCOMPARE(cli({"history", "off"}).exitCode, 0);
        QCOMPARE(cli({"send", m_practice->url("/users"), "--as", "Reader"}).exitCode, 0);
        QCOMPARE(entries().size(), 1);
    }

    void whatWasSentIsFoundAndShown() {
        cli({"history", "on"});
        cli({"send", m_practice->url("/users?x=needle"), "--as", "Reader"});
        cli({"send", m_practice->url("/users")});
        QCOMPARE(entries().size(), 2);
        QCOMPARE(entries({"--profile", "Reader"}).size(), 1);
        QCOMPARE(entries({"--profile", "anonymous"}).size(), 1);
        QCOMPARE(entries({"--status", "401"}).size(), 1);
        QCOMPARE(entries({"--status", "2xx"}).size(), 1);
        QCOMPARE(entries({"--status", "failed"}).size(), 1);
        QCOMPARE(entries({"--text", "needle"}).size(), 1);
        QCOMPARE(entries({"--since", "1h"}).size(), 2);
        QCOMPARE(entries({"--until", "1h"}).size(), 0);
        QCOMPARE(entries({"--limit", "1"}).size(), 1);
        QCOMPARE(cli({"history", "list", "--status", "often"}).exitCode, 2);
        QCOMPARE(cli({"history", "list", "--since", "soon"}).exitCode, 2);
        const QJsonObject shown = cli({"history", "show", newest(), "--json"}).json();
        QCOMPARE(shown.value("status").toInt(), 401);
        QVERIFY(!shown.value("doctor").toString().isEmpty());
        QCOMPARE(cli({"history", "show", "4711"}).exitCode, 2);
        // No file and no output has the token.
        const QByteArray secret = m_practice->secret("Reader");
        const QByteArray out =
            cli({"history", "show", "1"}).out + cli({"history", "show", "1", "--json"}).out;
        QVERIFY(out.contains("Authorization"));
        QVERIFY2(firstLeak(out, secret).isEmpty(), "output");
        const QMap<QString, QByteArray> files = filesBelow(m_home->path());
        QVERIFY(!files.isEmpty());
        for (auto file = files.cbegin(); file != files.cend(); ++file)
            QVERIFY2(firstLeak(file.value(), secret).isEmpty(), qPrintable(file.key()));
    }

    void aRequestIsSentOnceMore() {
        cli({"history", "on"});
        const QByteArray first = cli({"send", m_practice->url("/users"), "--as", "Reader"}).out;
        for (const char* how : {"--as-then", "--now"}) {
            const CliResult again = cli({"history", "resend", newest(), how});
            QVERIFY2(again.exitCode == 0, again.err.constData());
            QCOMPARE(again.out, first);
        }
        QCOMPARE(entries({"--profile", "Reader"}).size(), 3);
        cli({"send", m_practice->url("/users")});
        QCOMPARE(cli({"history", "resend", newest(), "--fail"}).exitCode, 1); // nobody then, nobody now
        // Its profile is of another workspace.
        const QTemporaryDir elsewhere;
        QCOMPARE(runCli({"history", "resend", "1"}, {}, elsewhere.path(), m_variables).exitCode, 2);
        // What was masked is not sent as masks.
        cli({"send", m_practice->url("/users"), "-d", "{\"password\":\"correct horse\"}"});
        const CliResult masked = cli({"history", "resend", newest()});
        QCOMPARE(masked.exitCode, 2);
        QVERIFY(masked.err.contains("secret"));
    }

    /// A run of saved requests is kept as its exchanges, like what is sent one by one.
    void aRunIsKept() {
        for (const char* name : {"one", "two"}) {
            QFile file(m_folder->filePath(name + QStringLiteral(".yml")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray("info:\n  name: ") + name +
                       "\n  type: http\nhttp:\n  method: GET\n  url: " +
                       m_practice->url("/users?from=").toUtf8() + name + "\n");
        }
        QCOMPARE(cli({"run", "--as", "Reader"}).exitCode, 0);
        QVERIFY(filesBelow(m_home->path()).isEmpty()); // nobody wants it
        cli({"history", "on"});
        QCOMPARE(cli({"run", "--as", "Reader"}).exitCode, 0);
        QCOMPARE(entries().size(), 2);
        QCOMPARE(entries({"--profile", "Reader"}).size(), 2);
        QCOMPARE(entries({"--text", "from=two"}).size(), 1);
        QCOMPARE(entries({"--status", "200"}).size(), 2);
    }

    void whatIsRemovedIsGone() {
        cli({"history", "on"});
        for (int i = 0; i < 3; ++i)
            cli({"send", m_practice->url("/users")});
        QCOMPARE(cli({"history", "remove", newest(), "4711"}).exitCode, 2);
        QCOMPARE(entries().size(), 3);
        QCOMPARE(cli({"history", "remove", newest()}).exitCode, 0);
        QCOMPARE(entries().size(), 2);
        QCOMPARE(cli({"history", "clear"}).exitCode, 2);
        QCOMPARE(entries().size(), 2);
        QCOMPARE(cli({"history", "clear", "--yes"}).exitCode, 0);
        QCOMPARE(entries().size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCliHistory)
#include "test_cli_history.moc"
