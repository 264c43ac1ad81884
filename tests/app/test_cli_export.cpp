// SPDX-License-Identifier: GPL-3.0-or-later
// Export from the command line: every format, and never a secret.
#include "cli_process.h"

class TestCliExport : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCli(arguments, input, m_folder->path());
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const CliResult made =
            cli({"import", QStringLiteral(KB_TEST_DATA "/import/postman21.json"), "-o", "."});
        QVERIFY2(made.exitCode == 0, made.err.constData());
    }
    void cleanup() { // the keyring is shared with the other tests
        for (const QJsonValue& each : cli({"profile", "list", "--json"}).json().value("profiles").toArray())
            cli({"profile", "remove", each.toObject().value("name").toString()});
    }

    /// The secrets are in the keychain all the while.
    void noFormatHoldsASecret() {
        for (const char* format : {"curl",
                                   "postman",
                                   "openapi",
                                   "har",
                                   "opencollection",
                                   "k6",
                                   "jmeter",
                                   "httpie",
                                   "powershell",
                                   "python-requests",
                                   "python-httpx",
                                   "javascript-fetch",
                                   "javascript-axios",
                                   "node",
                                   "php",
                                   "ruby",
                                   "go",
                                   "java",
                                   "csharp",
                                   "rust",
                                   "cpp"}) {
            const CliResult out = cli({"export", "--format", format});
            QVERIFY2(out.exitCode == 0, QByteArray(format + (": " + out.err)).constData());
            QVERIFY2(out.out.size() > 200, format);
            for (const char* secret :
                 {"collection-token-0001", "shop-key-0123456789", "hunter2", "robot-secret-0001"})
                QVERIFY2(firstLeak(out.out + out.err, secret).isEmpty(), format);
        }
    }

    void aFileIsWrittenWhole() {
        const CliResult out =
            cli({"export", "--format", "postman", "create.yml", "-o", "out.json", "--json"});
        QVERIFY2(out.exitCode == 0, out.err.constData());
        QCOMPARE(out.json().value("file").toString(), "out.json");
        QFile file(m_folder->filePath("out.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
        QCOMPARE(root.value("item").toArray().size(), 1);
        const QJsonObject request =
            root.value("item").toArray().first().toObject().value("request").toObject();
        QCOMPARE(request.value("auth").toObject().value("type").toString(), "apikey");
    }

    void whatIsLeftOutIsSaid() {
        const CliResult out = cli({"export", "--format", "go"});
        QCOMPARE(out.exitCode, 0);
        QVERIFY2(out.err.contains("Login is left out"), out.err.constData());
        const CliResult one = cli({"export", "--format", "go", "login.yml"});
        QCOMPARE(one.exitCode, 2);
        QVERIFY2(one.err.contains("The variable password is not defined"), one.err.constData());
    }

    void mistakesAreNamed() {
        CliResult out = cli({"export", "--format", "soap"});
        QCOMPARE(out.exitCode, 2);
        QVERIFY(out.err.contains("python-requests"));
        out = cli({"export", "--format", "curl", "gone.yml"});
        QCOMPARE(out.exitCode, 2);
        QVERIFY(out.err.contains("gone.yml"));
        out = cli({"export", "--format", "curl", "-o", "no/such/folder/x"});
        QCOMPARE(out.exitCode, 2);
        QVERIFY(out.err.contains("cannot be written"));
    }
};

QTEST_GUILESS_MAIN(TestCliExport)
#include "test_cli_export.moc"
