// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli with the login of an API's own, at a real server and with a real keyring.
#include "cli_process.h"

class TestCliLogin : public QObject {
    Q_OBJECT
    QProcess m_server;
    QString m_url;
    std::unique_ptr<QTemporaryDir> m_folder;
    const QByteArray m_password = "p\"w\\&=+ 1234";
    QByteArray m_said; ///< all that any command printed

    CliResult cli(const QStringList& arguments, const QByteArray& input = {},
                  const QMap<QString, QString>& extra = {}) {
        const CliResult result = runCli(arguments, input, m_folder->path(), extra);
        m_said += result.out + result.err;
        return result;
    }
    int status(const CliResult& result) const { return result.json().value("status").toInt(); }
    int seen(const QString& path) {
        return QJsonDocument::fromJson(cli({"send", m_url + "/seen"}).out).object().value(path).toInt();
    }
    CliResult addJson(const QByteArray& password, const QStringList& more = {}) {
        return cli(QStringList{"profile",
                               "add",
                               "Ada",
                               "--kind",
                               "login",
                               "--allow",
                               m_url,
                               "--login-url",
                               m_url + "/login",
                               "--user",
                               "ada",
                               "--body",
                               "{\"name\":\"{{user}}\",\"pass\":\"{{secret}}\"}",
                               "--token-name",
                               "/data/auth",
                               "--prefix",
                               "JWT",
                               "--refresh-name",
                               "/data/again",
                               "--refresh-url",
                               m_url + "/refresh",
                               "--refresh-body",
                               "",
                               "--header",
                               "Authorization: Bearer {{refresh_token}}",
                               "--expiry-name",
                               "/data/until",
                               "--expiry-form",
                               "iso"} +
                       more,
                   password);
    }
    void edit(const QByteArray& before, const QByteArray& after) {
        QFile file(m_folder->filePath("opencollection.yml"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray text = file.readAll();
        QVERIFY(text.contains(before));
        text.replace(before, after);
        file.resize(0);
        file.write(text);
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_said.clear();
        m_server.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_server.start("/usr/bin/python3", {"-B", KB_TEST_DATA "/../support/login_server.py"});
        QByteArray line;
        while (!line.endsWith('\n') && m_server.waitForReadyRead(30000))
            line += m_server.readAllStandardOutput();
        QVERIFY(line.toInt() > 0);
        m_url = QStringLiteral("http://127.0.0.1:%1").arg(line.toInt());
    }
    void cleanup() {
        m_server.closeWriteChannel();
        QVERIFY(m_server.waitForFinished(10000));
        // Neither said nor written anywhere.
        QVERIFY2(firstLeak(m_said, m_password).isEmpty(), m_said.constData());
        for (const QByteArray& file : filesBelow(m_folder->path()))
            QVERIFY(firstLeak(file, m_password).isEmpty());
    }

    void aTokenLivesItsLife() {
        const CliResult added = addJson(m_password);
        QVERIFY2(added.exitCode == 0, added.err.constData());
        // The first request logs in, the second takes what is there.
        for (int i = 0; i < 2; ++i) {
            const CliResult sent = cli({"send", "--json", "--as", "Ada", m_url + "/me"});
            QVERIFY2(status(sent) == 200, QByteArray(sent.out + sent.err).constData());
        }
        QCOMPARE(seen("/login"), 1);
        const CliResult refreshed = cli({"token", "refresh", "Ada", "--json"});
        QVERIFY2(refreshed.exitCode == 0, refreshed.err.constData());
        QCOMPARE(refreshed.json().value("refresh_token").toBool(), true);
        const double left = refreshed.json().value("expires").toDouble() - QDateTime::currentSecsSinceEpoch();
        QVERIFY2(left > 3000 && left <= 3602, QByteArray::number(left).constData());
        QCOMPARE(seen("/refresh"), 1);
        // The server forgets the token: a bare 401, one refresh, one resend.
        cli({"send", m_url + "/forget"});
        const CliResult again = cli({"send", "--json", "--as", "Ada", m_url + "/me"});
        QVERIFY2(status(again) == 200, QByteArray(again.out + again.err).constData());
        QCOMPARE(seen("/refresh"), 2);
        QCOMPARE(seen("/login"), 1);
        const CliResult login = cli({"token", "login", "Ada"});
        QVERIFY2(login.exitCode == 0, login.err.constData());
        QCOMPARE(seen("/login"), 2);
        QCOMPARE(cli({"token", "revoke", "Ada"}).exitCode, 2);
        const CliResult shown = cli({"token", "status", "Ada", "--json"});
        QVERIFY2(shown.exitCode == 0, QByteArray(shown.out + shown.err).constData());
    }

    void aWrongPasswordIsToldAndNotShown() {
        QCOMPARE(addJson("a-wrong-password-77").exitCode, 0);
        const CliResult login = cli({"token", "login", "Ada"});
        QCOMPARE(login.exitCode, 1);
        QVERIFY2(login.err.contains("401") && login.err.contains("wrong password"), login.err.constData());
        QVERIFY(firstLeak(m_said, "a-wrong-password-77").isEmpty());
    }

    void aWrongPointerSaysWhatThereIs() {
        QCOMPARE(addJson(m_password, {"--token-name", "/data/token"}).exitCode, 0);
        const CliResult login = cli({"token", "login", "Ada"});
        QCOMPARE(login.exitCode, 1);
        QVERIFY2(login.err.contains("/data/token") && login.err.contains("auth, again, until"),
                 login.err.constData());
        // Once it is right, the same profile logs in; the password did not have to be typed again.
        QCOMPARE(cli({"profile", "set", "Ada", "--token-name", "/data/auth"}).exitCode, 0);
        QCOMPARE(cli({"token", "login", "Ada"}).exitCode, 0);
    }

    void aSessionWithItsCsrfToken() {
        const CliResult added = cli({"profile",
                                     "add",
                                     "Ada",
                                     "--kind",
                                     "login",
                                     "--allow",
                                     m_url,
                                     "--login-url",
                                     m_url + "/session",
                                     "--user",
                                     "ada",
                                     "--content-type",
                                     "application/x-www-form-urlencoded",
                                     "--body",
                                     "user={{user}}&password={{secret}}",
                                     "--token-from",
                                     "cookie",
                                     "--token-name",
                                     "sid",
                                     "--send-as",
                                     "cookie",
                                     "--csrf-from",
                                     "header",
                                     "--csrf-name",
                                     "X-Csrf",
                                     "--csrf-header",
                                     "X-Check"},
                                    m_password);
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const CliResult home = cli({"send", "--json", "--as", "Ada", m_url + "/home"});
        QVERIFY2(status(home) == 200, QByteArray(home.out + home.err).constData());
        const CliResult made = cli({"send", "--json", "--as", "Ada", "POST", m_url + "/things"});
        QVERIFY2(status(made) == 201, QByteArray(made.out + made.err).constData());
        QCOMPARE(seen("/session"), 1);
    }

    /// A pulled edit of the workspace file must not redirect the password.
    void aMovedLoginGetsNothing() {
        QCOMPARE(addJson(m_password).exitCode, 0);
        edit("/login", "/steal");
        for (const QStringList& arguments : {QStringList{"send", "--json", "--as", "Ada", m_url + "/me"},
                                             QStringList{"token", "login", "Ada"},
                                             QStringList{"profile", "set", "Ada", "--prefix", "Bearer"}}) {
            const CliResult refused = cli(arguments);
            QCOMPARE(refused.exitCode, 2);
            QVERIFY2(refused.err.contains("token_url") || refused.out.contains("token_url"),
                     QByteArray(refused.out + refused.err).constData());
        }
        QCOMPARE(seen("/steal"), 0);
        QCOMPARE(cli({"profile", "set", "Ada", "--login-url", m_url + "/login"}).exitCode, 0);
        QCOMPARE(cli({"token", "login", "Ada"}).exitCode, 0);
    }

    void thePasswordFromTheEnvironment() {
        QCOMPARE(addJson({}, {"--storage", "memory"}).exitCode, 0);
        const QString value = QString::fromUtf8(m_password);
        const CliResult sent =
            cli({"send", "--json", "--as", "Ada", m_url + "/me"}, {}, {{"KEYBEARER_SECRET_ADA", value}});
        QVERIFY2(status(sent) == 200, QByteArray(sent.out + sent.err).constData());
    }

    void usageErrorsAreTwo() {
        for (const QStringList& more :
             {QStringList{"--token-name", "data/auth"}, QStringList{"--send-as", "post"},
              QStringList{"--header", "nonsense"}, QStringList{"--login-url", ""},
              QStringList{"--refresh-name", ""}, QStringList{"--client-id", "x"}}) {
            const CliResult result = addJson(m_password, more);
            QVERIFY2(result.exitCode == 2,
                     QByteArray(more.join(u' ').toUtf8() + result.out + result.err).constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestCliLogin)
#include "test_cli_login.moc"
