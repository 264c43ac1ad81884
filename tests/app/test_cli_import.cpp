// SPDX-License-Identifier: GPL-3.0-or-later
// Import from the command line: workspaces made, secrets in a real keyring and nowhere else.
#include "cli_process.h"
#include "io/files/workspace_store.h"

#include <QSemaphore>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

/// Serves one document, to whoever has the token.
class GuardedDocument final : public QThread {
public:
    GuardedDocument(QByteArray document, QByteArray token)
        : m_document(std::move(document)), m_token(std::move(token)) {
        start();
        m_ready.acquire();
    }
    ~GuardedDocument() override {
        requestInterruption();
        wait();
    }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }

private:
    void run() override {
        QTcpServer server;
        if (server.listen(QHostAddress::LocalHost)) m_port = server.serverPort();
        m_ready.release();
        while (!isInterruptionRequested()) {
            if (!server.waitForNewConnection(50)) continue;
            const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
            QByteArray head;
            while (!head.contains("\r\n\r\n") && socket->waitForReadyRead(5000))
                head += socket->readAll();
            const bool good = head.contains(QByteArray("Authorization: Bearer " + m_token + "\r\n"));
            const QByteArray body = good ? m_document : QByteArray("{}");
            socket->write(QByteArray("HTTP/1.1 ") + (good ? "200 OK" : "401 Unauthorized") +
                          "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                          QByteArray::number(body.size()) + "\r\n\r\n" + body);
            socket->waitForBytesWritten(5000);
            socket->disconnectFromHost();
        }
    }
    QByteArray m_document, m_token;
    QSemaphore m_ready;
    quint16 m_port = 0;
};

class TestCliImport : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {},
                  const QMap<QString, QString>& extra = {}) {
        return runCli(arguments, input, m_folder->path(), extra);
    }
    static QString sample(const QString& name) { return QStringLiteral(KB_TEST_DATA "/import/") + name; }
    void write(const QString& name, const QByteArray& text) {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray everyFile() {
        QByteArray all;
        const QMap<QString, QByteArray> files = filesBelow(m_folder->filePath("w"));
        for (auto each = files.cbegin(); each != files.cend(); ++each)
            all += each.key().toUtf8() + each.value();
        return all;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    /// A document behind a login is read as a profile, which goes to its own hosts only.
    void anAddressIsReadAsAProfile() {
        const QByteArray token = "a-token-for-the-document-0001";
        const GuardedDocument server(
            "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Guarded\"},\"paths\":{\"/things\":{\"get\":{}}}}",
            token);
        const CliResult refused = cli({"import", server.url() + "/openapi.json", "-o", "w"});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains("answered 401"), refused.err.constData());
        QCOMPARE(cli({"profile", "add", "Docs", "--kind", "bearer", "--allow", server.url()}, token).exitCode,
                 0);
        const CliResult made = cli({"import", server.url() + "/openapi.json", "--as", "Docs", "-o", "w"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QVERIFY(everyFile().contains("/things"));
        QVERIFY2(firstLeak(everyFile() + made.out + made.err, token).isEmpty(), "a secret");
        const GuardedDocument elsewhere("{}", token);
        const CliResult kept = cli({"import", elsewhere.url() + "/openapi.json", "--as", "Docs", "-o", "v"});
        QCOMPARE(kept.exitCode, 2);
        QVERIFY2(kept.err.contains("may not go"), kept.err.constData());
        QVERIFY(!QFile::exists(m_folder->filePath("v")));
        QCOMPARE(cli({"import", server.url() + "/a", "--as", "Nobody", "-o", "v"}).exitCode, 2);
    }

    /// The same document again: what it changes is told and done, and what was edited by hand stays.
    void aDocumentIsImportedAgain() {
        const auto document = [](const QByteArray& paths) {
            return QByteArray("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Shop\"},\"paths\":{" + paths +
                              "}}");
        };
        write("api.json",
              document("\"/a\":{\"get\":{\"summary\":\"A\"}},\"/b\":{\"get\":{\"summary\":\"B\"}},"
                       "\"/c\":{\"get\":{\"summary\":\"C\"}}"));
        QCOMPARE(cli({"import", "api.json", "-o", "w"}).exitCode, 0);
        const QString b = m_folder->filePath("w/b.yml");
        QFile file(b);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray text = file.readAll();
        QVERIFY(text.contains("method: GET"));
        text.replace("method: GET", "method: HEAD # mine");
        file.resize(0);
        file.seek(0);
        file.write(text);
        file.close();
        write("api.json",
              document("\"/a\":{\"get\":{\"summary\":\"A2\"}},"
                       "\"/b\":{\"get\":{\"summary\":\"B2\",\"parameters\":[{\"in\":\"header\",\"name\":"
                       "\"X-New\"}]}},\"/d\":{\"get\":{\"summary\":\"D\"}}"));
        const QByteArray asItWas = everyFile();
        const CliResult preview = cli({"import", "api.json", "-o", "w", "--dry-run", "--json"});
        QCOMPARE(preview.json().value("changed").toArray().size(), 2);
        QCOMPARE(preview.json().value("gone").toArray().size(), 1);
        QCOMPARE(everyFile(), asItWas);
        const CliResult again = cli({"import", "api.json", "-o", "w", "--json"});
        QVERIFY2(again.exitCode == 0, again.err.constData());
        QCOMPARE(again.json().value("new").toInt(), 1);
        QCOMPARE(again.json().value("changed").toArray().size(), 2);
        QCOMPARE(again.json().value("edits_kept").toArray().first().toString(), "b.yml");
        QCOMPARE(again.json().value("gone").toArray().first().toString(), "c.yml");
        QVERIFY(file.open(QIODevice::ReadOnly));
        text = file.readAll();
        QVERIFY2(text.contains("method: HEAD # mine") && text.contains("X-New") && text.contains("name: B\n"),
                 text.constData());
        QVERIFY(QFile::exists(m_folder->filePath("w/c.yml")) && QFile::exists(m_folder->filePath("w/d.yml")));
        QVERIFY(everyFile().contains("name: A2"));
        const CliResult third = cli({"import", "api.json", "-o", "w"});
        const QByteArray said = third.out + third.err;
        QVERIFY2(said.contains("0 new, 0 changed, 3 as before, 1 gone"), said.constData());
    }

    /// The secret is found, kept in the keychain, and sent from there, to its own server only.
    void aSecretMovesIntoTheKeychain() {
        const PracticeProcess practice;
        const QByteArray token = practice.secret("Reader");
        write(
            "collection.json",
            QByteArray(
                "{\"info\":{\"name\":\"Practice\",\"schema\":\"postman\"},\"variable\":[{\"key\":\"base\","
                "\"value\":\"") +
                practice.url().toUtf8() +
                QByteArray("\"}],\"auth\":{\"type\":\"bearer\",\"bearer\":[{\"key\":\"token\",\"value\":\"") +
                token +
                QByteArray("\"}]},\"item\":[{\"name\":\"Users/"
                           "all\",\"item\":[{\"name\":\"Me\",\"request\":{\"method\":"
                           "\"GET\",\"url\":\"{{base}}/me\"}}]}]}"));
        const CliResult made = cli({"import", "collection.json", "-o", "w", "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const QJsonObject told = made.json();
        QCOMPARE(told.value("format").toString(), "postman");
        QCOMPARE(told.value("requests").toInt(), 1);
        const QJsonObject profile = told.value("profiles").toArray().first().toObject();
        QVERIFY(profile.value("has_secret").toBool());
        QCOMPARE(profile.value("found_in").toArray().first().toString(), "GET {{base}}/me");
        QVERIFY(QFile::exists(m_folder->filePath("w/users-all/me.yml")));
        const QByteArray files = everyFile();
        QVERIFY(files.contains("name: Users/all"));
        QVERIFY2(firstLeak(files, token).isEmpty(), firstLeak(files, token).constData());
        QVERIFY(firstLeak(made.out + made.err, token).isEmpty());
        const QString name = profile.value("name").toString();
        const CliResult sent = cli({"--workspace", "w", "send", "{{base}}/me", "--as", name, "--json"});
        QCOMPARE(sent.json().value("status").toInt(), 200);
        const CliResult refused = cli({"--workspace", "w", "send", "http://127.0.0.1:9/", "--as", name});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains("may not go to"), refused.err.constData());
        cli({"--workspace", "w", "profile", "remove", name});
    }

    /// For machines without a keychain: nothing is stored, and each run reads the environment.
    void memoryStoresNothing() {
        const CliResult made = cli({"import", sample("calls.http"), "-o", "w", "--storage", "memory"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QVERIFY2(made.out.contains("KEYBEARER_SECRET_TOKEN"), made.out.constData());
        QVERIFY(!everyFile().contains("http-file-token-0123456789"));
        const CliResult listed = cli({"--workspace", "w", "profile", "list", "--json"});
        QCOMPARE(listed.json().value("profiles").toArray().first().toObject().value("storage").toString(),
                 "memory");
    }

    void aFolderOfBruno() {
        const CliResult made = cli({"import", sample("bruno"), "-o", "w", "--storage", "memory", "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QCOMPARE(made.json().value("format").toString(), "bruno");
        QCOMPARE(made.json().value("requests").toInt(), 3);
        QVERIFY(QFile::exists(m_folder->filePath("w/all-users/list-users.yml")));
        QVERIFY(QFile::exists(m_folder->filePath("w/environments/Local.yml")));
        QVERIFY(!everyFile().contains("ada-password-3"));
    }

    /// A document's references are seen from its own folder, and end at the folder that was named. The files
    /// that they lead to are parts of it. The matrix keeps the document, not the folder.
    void anOpenApiDocumentInAFolder() {
        QVERIFY(QDir(m_folder->path()).mkpath("proj/schemas"));
        QVERIFY(QDir(m_folder->path()).mkpath("proj/api/schemas"));
        QVERIFY(QDir(m_folder->path()).mkpath("proj/api/v1/schemas"));
        const auto body = [](const char* which) -> QByteArray {
            return QByteArray("type: object\nproperties: {") + which + ": {type: string}}\n";
        };
        write("proj/schemas/body.yaml", body("outside"));
        write("proj/api/schemas/body.yaml", body("shared"));
        write("proj/api/v1/schemas/body.yaml", body("own"));
        const auto post = [](const char* path, const char* reference) -> QByteArray {
            return QByteArray("  ") + path +
                   ":\n    post:\n      responses: {}\n      requestBody:\n        content:\n"
                   "          application/json: {schema: {$ref: '" +
                   reference + "'}}\n";
        };
        write("proj/api/v1/openapi.yaml", "openapi: 3.1.0\ninfo: {title: Deep, version: '1'}\n"
                                          "servers: [{url: 'https://api.example.com'}]\npaths:\n" +
                                              post("/own", "schemas/body.yaml") +
                                              post("/shared", "../schemas/body.yaml") +
                                              post("/out", "../../schemas/body.yaml"));
        const CliResult made = cli({"import", "proj/api", "-o", "w", "--storage", "memory", "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const QByteArray files = everyFile();
        QVERIFY2(files.contains("own"), files.constData());
        QVERIFY2(files.contains("\"own\"") && files.contains("\"shared\""), files.constData());
        QVERIFY(!QByteArray(files + made.out).contains("outside"));
        const QJsonArray notes = made.json().value("notes").toArray();
        QStringList said;
        for (const QJsonValue& note : notes)
            said.append(note.toString());
        QCOMPARE(said.filter("leads out of the document's folder").size(), 1);
        QVERIFY2(said.filter("is not known what this is").isEmpty(), qPrintable(said.join(u'\n')));
        QVERIFY2(files.contains("proj/api/v1/openapi.yaml\n"), files.constData());
        const CliResult plan = cli({"--workspace", "w", "matrix", "plan", "--json"});
        QVERIFY2(plan.exitCode == 0, plan.err.constData());
    }

    /// Where the matrix cannot read the document again, that is said, and not where it has one.
    void aDocumentThatIsNotKeptIsTold() {
        const QByteArray document = "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"T\"},\"paths\":{\"/a\":"
                                    "{\"get\":{}}},\"servers\":[{\"url\":\"https://api.example.com\"}]}";
        const QByteArray told = "No document is kept for the access matrix";
        write("api.json", document);
        const QStringList pasted{"import", "-", "-o", "w", "--storage", "memory", "--json"};
        for (const QStringList& arguments : {pasted + QStringList{"--dry-run"}, pasted}) {
            const CliResult made = cli(arguments, document);
            QVERIFY2(made.exitCode == 0, made.err.constData());
            QVERIFY2(made.out.contains(told), made.out.constData());
        }
        const CliResult kept = cli({"import", "api.json", "-o", "w", "--storage", "memory", "--json"});
        QVERIFY2(!kept.out.contains(told), kept.out.constData());
        const CliResult again = cli(pasted, document);
        QVERIFY2(again.exitCode == 0 && !again.out.contains(told), again.out.constData());
    }

    void curlFromStandardInput() {
        const CliResult made = cli({"import", "-", "-o", "w", "--storage", "memory"},
                                   "curl -H 'X-Api-Key: key-0123456789ab' https://api.example.com/a");
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const QByteArray files = everyFile();
        QVERIFY(files.contains("url: https://api.example.com/a"));
        QVERIFY(!QByteArray(files + made.out + made.err).contains("key-0123456789ab"));
    }

#ifdef Q_OS_UNIX
    void whatHasNoEndIsTooLarge() {
        const CliResult made = cli({"import", "/dev/zero", "-o", "w", "--storage", "memory"});
        QCOMPARE(made.exitCode, 2);
        QVERIFY2(made.err.contains("The limit is 32 MB"), made.err.constData());
        QVERIFY(!QFile::exists(m_folder->filePath("w")));
    }

    /// Many files, of which one finds no room: it is named, what was there and what was written before is
    /// whole, and with room the rest comes.
    void aFullDiskInTheMiddle() {
        QVERIFY(cli({"import", "-", "-o", "w", "--storage", "memory"}, "curl https://api.example.com/before")
                    .exitCode == 0);
        QByteArray many;
        for (int i = 0; i < 20; ++i)
            many += "### r" + QByteArray::number(i) + "\nPOST https://api.example.com/r" +
                    QByteArray::number(i) + "\nContent-Type: text/plain\n\n" +
                    QByteArray(i == 10 ? 20'000 : 20, 'x') + "\n\n";
        write("many.http", many);
        QProcess shell; // no file may grow beyond some kilobytes, which is what a full disk looks like
        shell.setWorkingDirectory(m_folder->path());
        shell.start("/bin/sh",
                    {"-c", QStringLiteral("trap '' XFSZ; ulimit -f 10; exec '" KB_BIN_DIR
                                          "/keybearer-cli' import many.http -o w --storage memory")});
        QVERIFY(shell.waitForFinished(60000));
        const QByteArray said = shell.readAllStandardError();
        QCOMPARE(shell.exitCode(), 2);
        QVERIFY2(said.contains("r10.yml") && said.contains("disk has room"), said.constData());
        kb::FileWorkspaceStore store;
        const kb::Result<kb::Workspace> now = store.load(m_folder->filePath("w"));
        QVERIFY(now && now->problems.isEmpty());
        QCOMPARE(now->items.size(), 11); // the one before and r0 to r9
        for (const kb::TreeItem& item : now->items)
            QVERIFY2(item.request.url.contains("/before") || item.request.body.text.startsWith("xxxx"),
                     qPrintable(item.path));
        for (const QFileInfo& file : QDir(m_folder->filePath("w")).entryInfoList(QDir::Files | QDir::Hidden))
            QVERIFY2(file.suffix() == "yml", qPrintable(file.fileName()));
        QCOMPARE(cli({"import", "many.http", "-o", "w", "--storage", "memory"}).exitCode, 0);
        QCOMPARE(store.load(m_folder->filePath("w"))->items.size(), 31);
    }
#endif

    /// A key beside a token is a key of the same profile, with a variable of its own.
    void keysGoAlong() {
        const CliResult made =
            cli({"import", "-", "-o", "w", "--storage", "memory"},
                "curl -H 'X-Api-Key: key-0123456789ab' -H 'Authorization: Bearer tok-0123456789ab' "
                "https://api.example.com/a");
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QVERIFY2(made.out.contains("X-Api-Key in a header goes along and is read from "
                                   "KEYBEARER_SECRET_BEARER_API_EXAMPLE_COM_X_API_KEY"),
                 made.out.constData());
        QVERIFY(!QByteArray(everyFile() + made.out + made.err).contains("-0123456789ab"));
        const CliResult listed = cli({"--workspace", "w", "profile", "list", "--json"});
        QCOMPARE(listed.json().value("profiles").toArray().size(), 1);
    }

    /// The document's requests, and the matrix knows which API it is about.
    void anOpenApiDocumentFromItsAddress() {
        const PracticeProcess practice;
        const CliResult made = cli({"import", practice.url("/openapi.json"), "-o", "w", "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QVERIFY(made.json().value("requests").toInt() > 10);
        QVERIFY(everyFile().contains(QByteArray("document: " + practice.url("/openapi.json").toUtf8())));
        const CliResult plan = cli({"--workspace", "w", "matrix", "plan", "--json"});
        QVERIFY2(plan.exitCode == 0, plan.err.constData());
        QVERIFY(plan.json().value("cells").toArray().size() > 10);
        const CliResult gone = cli({"import", practice.url("/nothing-here?key=s3cret-in-there"), "-o", "w"});
        QCOMPARE(gone.exitCode, 2);
        QVERIFY2(gone.err.contains("/nothing-here") && !gone.err.contains("s3cret-in-there"),
                 gone.err.constData());
    }

    /// What is there stays; what comes gets names of its own.
    void aWorkspaceIsExtended() {
        const QStringList import{"import", sample("postman20.json"), "-o", "w", "--storage", "memory"};
        QCOMPARE(cli(import).exitCode, 0);
        const QMap<QString, QByteArray> before = filesBelow(m_folder->filePath("w"));
        QCOMPARE(cli(import).exitCode, 0);
        const QMap<QString, QByteArray> after = filesBelow(m_folder->filePath("w"));
        QCOMPARE(after.size(), before.size() + 1);
        for (auto each = before.cbegin(); each != before.cend(); ++each)
            if (!each.key().endsWith("opencollection.yml")) QCOMPARE(after.value(each.key()), each.value());
        QCOMPARE(
            cli({"--workspace", "w", "profile", "list", "--json"}).json().value("profiles").toArray().size(),
            2);
    }

    /// A file that is there and none of ours is not written over, whatever a request is called.
    void otherFilesInTheFolderStay() {
        QVERIFY(QDir(m_folder->path()).mkdir("w"));
        const QByteArray compose = "services:\n  db: {image: postgres}\n";
        write("w/basic.yml", compose);
        write("w/opencollection.yml", "opencollection: 1.0.0\ninfo:\n  name: W\n");
        const CliResult made = cli({"import", sample("postman20.json"), "-o", "w", "--storage", "memory"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QFile file(m_folder->filePath("w/basic.yml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), compose);
        QVERIFY(QFile::exists(m_folder->filePath("w/basic-2.yml")));
    }

    void aDryRunWritesNothing() {
        const CliResult made = cli({"import", sample("insomnia4.json"), "--dry-run", "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QCOMPARE(made.json().value("requests").toInt(), 2);
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("no file") << QStringList{"import", "gone.json", "-o", "w"}
                                 << QByteArray("cannot be read");
        QTest::newRow("no folder") << QStringList{"import", "x.txt"} << QByteArray("-o");
        QTest::newRow("unknown") << QStringList{"import", "x.txt", "-o", "w"}
                                 << QByteArray("not known what this is");
        QTest::newRow("wrong format")
            << QStringList{"import", "x.txt", "--format", "soap", "-o", "w"} << QByteArray("soap");
        QTest::newRow("empty folder")
            << QStringList{"import", "empty", "-o", "w"} << QByteArray("nothing that can be imported");
    }
    void mistakesAreNamed() {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        write("x.txt", "Dear all");
        QVERIFY(QDir(m_folder->path()).mkdir("empty"));
        const CliResult result = cli(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.err.contains(said), result.err.constData());
        QVERIFY(!QFile::exists(m_folder->filePath("w")));
    }
};

QTEST_GUILESS_MAIN(TestCliImport)
#include "test_cli_import.moc"
