// SPDX-License-Identifier: GPL-3.0-or-later
// The contract of docs/cli.md that needs no keyring: exit codes, what goes to which stream, answers of every
// kind.
#include "cli_process.h"
#include "tests/support/raw_server.h"

#include <QDir>
#include <QTcpServer>

class TestCliContract : public QObject {
    Q_OBJECT
    kb::test::RawServer m_server;
    std::unique_ptr<QTemporaryDir> m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {},
                  const QMap<QString, QString>& extra = {}) {
        return runCli(arguments, input, m_folder->path(), extra);
    }
    void write(const QString& name, const QByteArray& text) {
        QFile file(m_folder->filePath(name));
        QVERIFY(QDir(m_folder->path()).mkpath(QFileInfo(file).absolutePath()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void workspaceWith(const QByteArray& variable) {
        write("opencollection.yml", "opencollection: 1.0.0\ninfo:\n  name: Test\n");
        write("environments/One.yml",
              "name: One\nvariables:\n  - name: what\n    value: \"" + variable + "\"\n");
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start({"--proxies"})); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void answersOfEveryKind_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("end");
        QTest::addColumn<QString>("note"); // a part of it; empty: none
        const auto row = [](const char* path, const QByteArray& body, const char* end, const char* note) {
            QTest::newRow(path) << body << QString::fromLatin1(end) << QString::fromLatin1(note);
        };
        const QByteArray text = QByteArray("Packed with care, unpacked with care. ").repeated(20);
        row("/103", "hello", "complete", "");
        row("/trailers", "body", "complete", "");
        row("/chunked", "one, two, three", "complete", "");
        row("/gzip", text, "complete", "");
        row("/deflate", text, "complete", "");
        row("/br", text, "complete", "");
        row("/zstd", text, "complete", "");
        row("/http10", "old and good", "complete", "");
        row("/truncated", "only thirty bytes of a hundred", "truncated", "30 bytes of 100 bytes came");
        row("/longer", "hello", "complete", "more than the announced 5 bytes");
        row("/cut-br", "Packe", "decode-failed", "br data ends too early");
        row("/204", "", "complete", "");
    }
    void answersOfEveryKind() {
        QFETCH(QByteArray, body);
        QFETCH(QString, end);
        QFETCH(QString, note);
        const QString url = m_server.url(QTest::currentDataTag());
        const CliResult plain = cli({"send", url});
        QCOMPARE(plain.exitCode, 0);
        QCOMPARE(plain.out, body);
        QCOMPARE(plain.err.isEmpty(), note.isEmpty());
        QVERIFY2(plain.err.contains(note.toUtf8()), plain.err.constData());
        const CliResult json = cli({"send", "--json", url});
        QCOMPARE(json.exitCode, 0);
        QCOMPARE(json.json().value("body").toString().toUtf8(), body);
        QCOMPARE(json.json().value("body_end").toString(), end);
        QVERIFY(json.json().value("body_note").toString().contains(note));
    }

    void earlyHintsTrailersAndVersions() {
        const QJsonObject hints = cli({"send", "--json", m_server.url("/103")}).json();
        QCOMPARE(hints.value("status").toInt(), 200);
        QCOMPARE(hints.value("interim").toArray().first().toObject().value("status").toInt(), 103);
        const QJsonObject trailers = cli({"send", "--json", m_server.url("/trailers")}).json();
        QCOMPARE(trailers.value("trailers").toArray().first().toArray().first().toString(), "X-Sum");
        QCOMPARE(cli({"send", "--json", m_server.url("/http10")}).json().value("http_version").toString(),
                 "1.0");
        const QJsonArray twice =
            cli({"send", "--json", m_server.url("/dup")}).json().value("headers").toArray();
        QCOMPARE(twice.at(0).toArray().at(0).toString(), "Set-Cookie"); // names and repeats as they came
        QCOMPARE(twice.at(2).toArray().at(0).toString(), "set-cookie");
    }

    void includeComesFirst() {
        const CliResult result = cli({"send", "--include", m_server.url("/http10")});
        QCOMPARE(result.out, QByteArray("HTTP/1.0 200 Fine\nContent-Type: text/plain\n\nold and good"));
    }

    void binaryAsItCame() {
        QByteArray bytes;
        for (int i = 0; i < 256; ++i)
            bytes.append(char(i));
        QCOMPARE(cli({"send", m_server.url("/binary")}).out, bytes);
        const QJsonObject json = cli({"send", "--json", m_server.url("/binary")}).json();
        QCOMPARE(QByteArray::fromBase64(json.value("body_base64").toString().toLatin1()), bytes);
        QVERIFY(!json.contains("body"));
    }

    void secretsOfTheServerAreMaskedAndSaidToBe() {
        const QByteArray secret = "a-token-to-be-masked";
        const CliResult masked = cli({"send", m_server.url("/token")});
        QVERIFY(!masked.out.contains(secret));
        QVERIFY2(masked.err.contains("--reveal"), masked.err.constData());
        const CliResult shown = cli({"send", "--reveal", m_server.url("/token")});
        QCOMPARE(shown.out, "{\"access_token\":\"" + secret + "\",\"expires_in\":60}");
        QVERIFY(shown.err.isEmpty());
        const auto json = [&](const QStringList& more) {
            return cli(QStringList{"send", "--json", m_server.url("/token")} + more).json();
        };
        QCOMPARE(json({}).value("body_masked").toBool(), true);
        QVERIFY(!json({}).value("body").toString().contains(secret));
        QCOMPARE(json({"--reveal"}).value("body_masked").toBool(true), false);
        QVERIFY(json({"--reveal"}).value("body").toString().contains(secret));
    }

    void fiftyMegabytesOfGzip() {
        const CliResult result = cli({"send", m_server.url("/bomb")});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.out.size(), 50000000);
        QVERIFY2(result.err.contains("50.0 MB"), result.err.constData());
    }

    void endlessEndsAtTheLimit() {
        const CliResult result = cli({"send", m_server.url("/endless")});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.out.size(), 100 * 1024 * 1024);
        QVERIFY2(result.err.contains("limit"), result.err.constData());
    }

    void noAnswer_data() {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("/empty") << QStringList{};
        QTest::newRow("/garbage") << QStringList{};
        QTest::newRow("/reset") << QStringList{"--fail"};
        QTest::newRow("/hang") << QStringList{"--timeout", "0.0001"};
    }
    void noAnswer() {
        QFETCH(QStringList, more);
        const CliResult result =
            cli(QStringList{"send", "--json", m_server.url(QTest::currentDataTag())} + more);
        QCOMPARE(result.exitCode, 3);
        const QJsonObject error = result.json().value("error").toObject();
        for (const char* name : {"code", "what", "where", "next"})
            QVERIFY2(!error.value(QLatin1String(name)).toString().isEmpty(), name);
        QVERIFY(result.err.startsWith("keybearer-cli: "));
    }

    void failCountsFromFourHundred() {
        QCOMPARE(cli({"send", "--fail", m_server.url("/304")}).exitCode, 0);
        QCOMPARE(cli({"send", "--fail", m_server.url("/odd-reason")}).exitCode, 1);
        QCOMPARE(cli({"send", m_server.url("/odd-reason")}).exitCode, 0);
    }

    /// One document and nothing else, whatever goes wrong, and the same text for people beside it.
    void jsonIsOneDocument_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("answer") << QStringList{"send", m_server.url("/hello")} << 0;
        QTest::newRow("no URL") << QStringList{"send"} << 2;
        QTest::newRow("unknown command") << QStringList{"nonsense"} << 2;
        QTest::newRow("unknown option") << QStringList{"send", "--nope", m_server.url("/hello")} << 2;
        QTest::newRow("bad URL") << QStringList{"send", "http://exa mple/"} << 2;
        QTest::newRow("no workspace") << QStringList{"profile", "list"} << 2;
        QTest::newRow("no profile") << QStringList{"token", "status", "Nobody"} << 2;
        QTest::newRow("bad token") << QStringList{"token", "decode"} << 1;
        QTest::newRow("defects") << QStringList{"practice", "--list-defects"} << 0;
        QTest::newRow("unknown defect") << QStringList{"practice", "--defect", "nope"} << 2;
    }
    void jsonIsOneDocument() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const CliResult result = cli(arguments + QStringList{"--json"}, "eyJhbGciOiJSUzI1NiJ9.e30=.x");
        QCOMPARE(result.exitCode, code);
        QJsonParseError problem;
        const QJsonDocument document = QJsonDocument::fromJson(result.out, &problem);
        QVERIFY2(problem.error == QJsonParseError::NoError, result.out.constData());
        QCOMPARE(document.object().value("schema_version").toInt(), 1);
        QCOMPARE(document.object().contains("error"), code != 0);
        QCOMPARE(result.err.isEmpty(), code == 0);
    }

    void urlErrorsSayWhere() {
        const CliResult result = cli({"send", "--json", "http://127.0.0.1:port/"});
        QCOMPARE(result.exitCode, 2);
        QVERIFY(!result.json().value("error").toObject().value("where").toString().isEmpty());
    }

    void lineBreaksAreRefused_data() {
        QTest::addColumn<QString>("header");
        QTest::newRow("CR") << QStringLiteral("X: a\rb");
        QTest::newRow("LF") << QStringLiteral("X: a\nb");
        QTest::newRow("in the name") << QStringLiteral("X\nY: a");
    }
    void lineBreaksAreRefused() {
        QFETCH(QString, header);
        QCOMPARE(cli({"send", "-H", header, m_server.url("/hello")}).exitCode, 2);
    }

    void variablesOfTheEnvironment() {
        workspaceWith("hello");
        QCOMPARE(cli({"send", m_server.url("/{{what}}"), "--env", "One"}).out, QByteArray("hello"));
        QCOMPARE(cli({"send", m_server.url("/{{what}}")}).out, QByteArray("hello")); // the only one there is
        const auto echoed = [&](const QStringList& arguments) {
            return cli(QStringList{"send", m_server.url("/echo")} + arguments).out;
        };
        QVERIFY(echoed({"-H", "X-What: {{what}}"}).contains("X-What: hello"));
        QVERIFY(echoed({"-d", "say={{what}}"}).contains("say=hello"));
        write("body.txt", "say={{what}}");
        QVERIFY(echoed({"--data-file", m_folder->filePath("body.txt")}).contains("say={{what}}"));
        QCOMPARE(cli({"send", m_server.url("/hello"), "--env", "Two"}).exitCode, 2);
        QCOMPARE(cli({"send", m_server.url("/{{other}}")}).exitCode, 2);
    }

    void workspaceIsFoundUpwardsOrNamed() {
        workspaceWith("hello");
        QVERIFY(QDir(m_folder->path()).mkpath("a/b"));
        const QStringList send{"send", m_server.url("/{{what}}")};
        QCOMPARE(runCli(send, {}, m_folder->filePath("a/b")).out, QByteArray("hello"));
        QTemporaryDir elsewhere;
        QCOMPARE(runCli(send, {}, elsewhere.path()).exitCode, 2);
        QCOMPARE(runCli(send + QStringList{"--workspace", m_folder->path()}, {}, elsewhere.path()).out,
                 QByteArray("hello"));
        QCOMPARE(runCli(QStringList{"--workspace", m_folder->path()} + send, {}, elsewhere.path()).out,
                 QByteArray("hello"));
        // A named folder is not searched upwards, and must be one even where nothing of it is needed.
        QCOMPARE(cli(send + QStringList{"--workspace", m_folder->filePath("a/b")}).exitCode, 2);
        QCOMPARE(cli({"send", m_server.url("/hello"), "--workspace", "/nonexistent"}).exitCode, 2);
    }

    /// A token beyond loopback without encryption: an address typed out is the consent, one out of a file is
    /// not.
    void bearerOverPlainHttp() {
        const QString host = QStringLiteral("api.example:%1").arg(m_server.port());
        const QString base = "http://" + host;
        const QMap<QString, QString> proxy{
            {"http_proxy", QStringLiteral("http://127.0.0.1:%1").arg(m_server.port("proxy"))},
            {"no_proxy", ""}};
        const CliResult typed = cli({"send", "--bearer-stdin", base + "/echo"}, "token-of-this-test", proxy);
        QVERIFY2(typed.exitCode == 0, typed.err.constData());
        QVERIFY(typed.out.contains("Authorization: Bearer "));
        QVERIFY2(typed.err.contains("without encryption"), typed.err.constData());

        workspaceWith(base.toUtf8());
        const CliResult fromFile =
            cli({"send", "--json", "--bearer-stdin", "{{what}}/echo"}, "token-of-this-test", proxy);
        QCOMPARE(fromFile.exitCode, 2);
        const QJsonObject error = fromFile.json().value("error").toObject();
        QCOMPARE(error.value("code").toString(), "consent-needed");
        QVERIFY2(error.value("next").toString().contains(base), fromFile.out.constData());
        workspaceWith(host.toUtf8());
        QCOMPARE(
            cli({"send", "--bearer-stdin", "http://{{what}}/echo"}, "token-of-this-test", proxy).exitCode, 2);
    }

    void bearerAndProfileDoNotGoTogether() {
        QCOMPARE(cli({"send", "--bearer-stdin", "--as", "A", m_server.url("/hello")}, "t").exitCode, 2);
        QCOMPARE(cli({"send", "--bearer-stdin", m_server.url("/hello")}, "").exitCode, 2);
        QCOMPARE(cli({"send", "--bearer-stdin", m_server.url("/hello")}, QByteArray(1100000, 'a')).exitCode,
                 2);
    }

    void badFiles() {
        write("ca.pem", "this is no certificate");
        kb::test::RawServer secure;
        QVERIFY(secure.start({"--tls"}));
        const QString url = secure.tlsUrl("/hello");
        QCOMPARE(cli({"send", url, "--cacert", m_folder->filePath("ca.pem")}).exitCode, 2);
        QCOMPARE(cli({"send", url, "--cacert", m_folder->filePath("none.pem")}).exitCode, 2);
        QCOMPARE(cli({"send", url}).exitCode, 3);
        QCOMPARE(cli({"send", url, "--cacert", secure.file("ca")}).out, QByteArray("hello"));
        QCOMPARE(cli({"send", url, "--insecure"}).out, QByteArray("hello"));
    }

    void outputThatCannotBeWritten() {
        QProcess shell;
        shell.start("/bin/sh", {"-c", QStringLiteral("'" KB_BIN_DIR "/keybearer-cli' send '%1' > /dev/full")
                                          .arg(m_server.url("/hello"))});
        QVERIFY(shell.waitForFinished(20000));
        QCOMPARE(shell.exitCode(), 2);
        QVERIFY(shell.readAllStandardError().contains("could not be written"));
    }

    /// On a terminal the doctor's sentence is bold, unless NO_COLOR says something.
    void coloursOnATerminalOnly_data() {
        QTest::addColumn<QString>("noColor");
        QTest::addColumn<bool>("bold");
        QTest::newRow("not set") << QString() << true;
        QTest::newRow("empty") << QStringLiteral("") << true;
        QTest::newRow("set") << QStringLiteral("1") << false;
    }
    void coloursOnATerminalOnly() {
        QFETCH(QString, noColor);
        QFETCH(bool, bold);
        QProcess terminal;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove("NO_COLOR");
        if (!noColor.isNull()) environment.insert("NO_COLOR", noColor);
        terminal.setProcessEnvironment(environment);
        terminal.start("/usr/bin/python3", {"-c", "import pty, sys; pty.spawn(sys.argv[1:])",
                                            KB_BIN_DIR "/keybearer-cli", "send", m_server.url("/401")});
        QVERIFY(terminal.waitForFinished(20000));
        const QByteArray shown = terminal.readAllStandardOutput();
        QVERIFY2(shown.contains("token") || shown.contains("credential"), shown.constData());
        QCOMPARE(shown.contains("\x1b[1m"), bold);
        QVERIFY(!cli({"send", m_server.url("/401")}).err.contains('\x1b'));
    }

    /// What a server says must not steer the terminal.
    void controlCharactersAreShownNotObeyed() {
        const CliResult result =
            cli({"send", "--bearer-stdin", m_server.url("/evil-401")}, "some-opaque-token");
        QVERIFY2(result.err.contains("expired"), result.err.constData());
        for (const char c : result.err)
            QVERIFY2(uchar(c) >= 0x20 || c == '\n' || c == '\t', result.err.toHex().constData());
        QVERIFY(!result.err.contains("\xc2\x9b"));
    }

    void quietSaysNothingButErrors() {
        QVERIFY(cli({"send", "--quiet", m_server.url("/401")}).err.isEmpty());
        QVERIFY(cli({"send", "--quiet", m_server.url("/truncated")}).err.isEmpty());
        QVERIFY(!cli({"send", "--quiet", m_server.url("/empty")}).err.isEmpty());
    }

    void decodeAlwaysSaysThatItVerifiesNothing() {
        const CliResult opaque = cli({"token", "decode"}, "c0ffee00c0ffee00c0ffee00c0ffee00");
        QCOMPARE(opaque.exitCode, 0);
        QVERIFY2(opaque.out.contains("not verified"), opaque.out.constData());
    }

    void practiceOnAGivenPort() {
        QTcpServer probe;
        QVERIFY(probe.listen(QHostAddress::LocalHost));
        const QString port = QString::number(probe.serverPort());
        QCOMPARE(cli({"practice", "--port", port}).exitCode, 2); // taken
        probe.close();
        QProcess process;
        process.start(KB_BIN_DIR "/keybearer-cli", {"practice", "--port", port});
        QByteArray lines;
        while (lines.count('\n') < 2 && process.waitForReadyRead(20000))
            lines += process.readAllStandardOutput();
        QCOMPARE(lines, "http://127.0.0.1:" + port.toUtf8() + "\nhttp://127.0.0.1:" + port.toUtf8() +
                            "/openapi.json\n");
        process.terminate();
        QVERIFY(process.waitForFinished(10000));
        QCOMPARE(cli({"practice", "--port", "70000"}).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliContract)
#include "test_cli_contract.moc"
