// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli token verify: keys from files, from the practice API and from a server that misbehaves.
#include "cli_process.h"

#include <QMessageAuthenticationCode>
#include <QTcpServer>
#include <QTcpSocket>

namespace {

QString dataPath(const QString& name) {
    return QStringLiteral(KB_TEST_DATA "/jose/") + name;
}

QJsonObject vectorOf(const QString& name) {
    QFile file(dataPath(name));
    if (!file.open(QIODevice::ReadOnly)) qFatal("no test data %s", qPrintable(name));
    return QJsonDocument::fromJson(file.readAll()).object();
}

/// Answers every request in the same way and keeps what was asked.
class KeyServer : public QObject {
public:
    QList<QByteArray> answers; ///< the last one again and again
    QList<QByteArray> requests;

    KeyServer() {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                const QByteArray text = socket->readAll();
                if (!text.endsWith("\r\n\r\n")) return;
                requests.append(text);
                socket->write(answers.size() > 1 ? answers.takeFirst() : answers.first());
                socket->disconnectFromHost();
            });
        });
    }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1/jwks").arg(m_server.serverPort()); }
    static QByteArray ok(const QByteArray& body) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) +
               "\r\n\r\n" + body;
    }

private:
    QTcpServer m_server;
};

/// The real program while this process goes on serving.
CliResult runBeside(const QStringList& arguments, const QByteArray& input) {
    QProcess process;
    process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000)) return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class TestCliToken : public QObject {
    Q_OBJECT
    PracticeProcess m_practice;
    QTemporaryDir m_folder;

    CliResult verify(QStringList arguments, const QByteArray& token, bool json = true) {
        arguments.prepend(QStringLiteral("verify"));
        arguments.prepend(QStringLiteral("token"));
        if (json) arguments.append(QStringLiteral("--json"));
        return runCli(arguments, token, m_folder.path());
    }

    QString file(const QString& name, const QByteArray& bytes) {
        QFile made(m_folder.filePath(name));
        if (!made.open(QIODevice::WriteOnly)) qFatal("no file");
        made.write(bytes);
        return made.fileName();
    }

    QString keyFile(const QString& vector) {
        return file(vector + QStringLiteral(".key"),
                    QJsonDocument(vectorOf(vector).value("key").toObject()).toJson());
    }

    QByteArray tokenOf(const QString& vector) {
        return vectorOf(vector).value("compact").toString().toLatin1();
    }

    QString practiceKeys() const { return m_practice.url("/.well-known/jwks.json"); }

private Q_SLOTS:
    void initTestCase() { QVERIFY(!m_practice.url().isEmpty()); }

    void standardsExamples_data() {
        QTest::addColumn<QString>("vector");
        for (const QString& name :
             QDir(dataPath({})).entryList({QStringLiteral("rfc*.json")}, QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(name)) << name;
    }
    void standardsExamples() {
        QFETCH(QString, vector);
        const CliResult result = verify({"--key", keyFile(vector), "--ignore-time"}, tokenOf(vector) + '\n');
        QVERIFY2(result.exitCode == 0, QByteArray(result.out + result.err).constData());
        const QJsonObject json = result.json();
        QCOMPARE(json.value("schema_version").toInt(), 1);
        QVERIFY(json.value("verified").toBool());
        QVERIFY(json.value("reason").isNull() && json.value("sentence").isNull());
        QCOMPARE(json.value("alg").toString(), vectorOf(vector).value("alg").toString());
        QCOMPARE(json.value("signature").toString(), "verified");
        const bool named = vector.startsWith(QLatin1String("rfc7520"));
        QCOMPARE(json.value("kid").isString(), named);
        // RFC 7515 A.4, RFC 7520 and RFC 8037 sign plain texts: no claims to judge.
        QCOMPARE(json.value("claims").isObject(), vector.contains(QRegularExpression("7515-a[123]")));
        QVERIFY(json.value("claims").isObject() || json.value("claims").isNull());
    }

    void timesAreTheTokensOwn() {
        // RFC 7515 A.1 ended at 1300819380.
        const QString key = keyFile("rfc7515-a1.json");
        const QByteArray token = tokenOf("rfc7515-a1.json");
        const CliResult now = verify({"--key", key}, token);
        QCOMPARE(now.exitCode, 1);
        QCOMPARE(now.json().value("verified").toBool(true), false);
        QCOMPARE(now.json().value("reason").toString(), "expired");
        QCOMPARE(now.json().value("signature").toString(), "verified");
        QCOMPARE(now.json().value("claims").toObject().value("iss").toString(), "joe");
        QCOMPARE(verify({"--key", key, "--at", "1300819379"}, token).exitCode, 0);
        QCOMPARE(verify({"--key", key, "--at", "1300819439"}, token).exitCode, 0);
        QCOMPARE(verify({"--key", key, "--at", "1300819440"}, token).exitCode, 1);
        QCOMPARE(verify({"--key", key, "--at", "1300819380", "--leeway", "0"}, token).exitCode, 1);
        QCOMPARE(verify({"--key", key, "--at", "1300819480", "--leeway", "101"}, token).exitCode, 0);
        QCOMPARE(verify({"--key", key, "--ignore-time"}, token).exitCode, 0);
        // A good time saves no bad signature.
        const CliResult bad = verify({"--key", key, "--at", "1300819379"}, token.chopped(2) + "AA");
        QCOMPARE(bad.exitCode, 1);
        QCOMPARE(bad.json().value("reason").toString(), "signature-mismatch");
        QCOMPARE(bad.json().value("signature").toString(), "not-verified");
        QVERIFY(bad.json().value("time_reason").isNull());
    }

    void issuerAudienceAndAlgorithms() {
        const QString key = keyFile("rfc7515-a1.json");
        const QByteArray token = tokenOf("rfc7515-a1.json");
        const auto reason = [&](const QStringList& more) -> QString {
            const CliResult result = verify(QStringList{"--key", key, "--ignore-time"} + more, token);
            return result.json().value("reason").toString() + QString::number(result.exitCode);
        };
        QCOMPARE(reason({"--issuer", "joe"}), "0");
        QCOMPARE(reason({"--issuer", "Joe"}), "issuer-mismatch1");
        QCOMPARE(reason({"--audience", "api"}), "audience-missing1");
        QCOMPARE(reason({"--typ", "jwt"}), "0");
        QCOMPARE(reason({"--typ", "at+jwt"}), "typ-mismatch1");
        QCOMPARE(reason({"--alg", "HS256"}), "0");
        QCOMPARE(reason({"--alg", "RS256,HS256"}), "0");
        QCOMPARE(reason({"--alg", "RS256, ES256"}), "alg-not-allowed1");
    }

    void publicKeyIsNoSecret() {
        // RFC 8725 §2.1, with the two keys of the practice of it: PEM and a token of alg HS256.
        const QByteArray input =
            QByteArray("{\"alg\":\"HS256\"}").toBase64(QByteArray::OmitTrailingEquals) + ".e30";
        QFile pem(dataPath("rsa-public.pem"));
        QVERIFY(pem.open(QIODevice::ReadOnly));
        const QByteArray mac =
            QMessageAuthenticationCode::hash(input, pem.readAll(), QCryptographicHash::Sha256);
        const QByteArray token =
            input + '.' + mac.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        const CliResult result = verify({"--key", dataPath("rsa-public.pem")}, token);
        QCOMPARE(result.exitCode, 1);
        QCOMPARE(result.json().value("reason").toString(), "key-type");
        const CliResult none = verify({"--key", dataPath("rsa-public.pem")}, "eyJhbGciOiJub25lIn0.e30.");
        QCOMPARE(none.exitCode, 1);
        QCOMPARE(none.json().value("reason").toString(), "alg-none");
        QCOMPARE(none.json().value("alg").toString(), "none");
    }

    void strictToTheLetter() {
        const QString key = keyFile("rfc7515-a1.json");
        const QByteArray token = tokenOf("rfc7515-a1.json");
        for (const QByteArray& bent : std::initializer_list<QByteArray>{
                 token + "=", " " + token, "Bearer " + token, token + ".", token + " "}) {
            const CliResult result = verify({"--key", key, "--ignore-time"}, bent);
            QVERIFY2(result.exitCode == 1 && !result.json().value("verified").toBool(true), bent.constData());
        }
    }

    void sharedSecretFromAFile() {
        const QByteArray input = "eyJhbGciOiJIUzI1NiJ9.e30";
        const QByteArray secret = "correct horse battery staple 123";
        const QByteArray mac = QMessageAuthenticationCode::hash(input, secret, QCryptographicHash::Sha256);
        const QByteArray token =
            input + '.' + mac.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        QCOMPARE(verify({"--key", file("plain.txt", secret)}, token).exitCode, 0);
        const CliResult edited = verify({"--key", file("edited.txt", secret + '\n')}, token);
        QCOMPARE(edited.exitCode, 0);
        QVERIFY(edited.json().value("key").toString().contains("line break"));
        const CliResult other =
            verify({"--key", file("other.txt", "another one of 32 bytes and more")}, token);
        QCOMPARE(other.exitCode, 1);
        QVERIFY(!edited.out.contains("horse") && !edited.err.contains("horse"));
    }

    void keysOfThePracticeApi() {
        const CliResult result =
            verify({"--jwks", practiceKeys(), "--issuer", m_practice.url()}, m_practice.secret("Reader"));
        QVERIFY2(result.exitCode == 0, QByteArray(result.out + result.err).constData());
        const QJsonObject json = result.json();
        QCOMPARE(json.value("alg").toString(), "RS256");
        QVERIFY(!json.value("kid").toString().isEmpty());
        QCOMPARE(json.value("key").toString(),
                 QStringLiteral("key \"%1\"").arg(json.value("kid").toString()));
        QCOMPARE(json.value("key_thumbprint").toString().size(), 43);
        QVERIFY(json.value("claims").toObject().contains("sub"));
        const CliResult expired = verify({"--jwks", practiceKeys()}, m_practice.secret("Expired reader"));
        QCOMPARE(expired.exitCode, 1);
        QCOMPARE(expired.json().value("reason").toString(), "expired");
        QCOMPARE(
            verify({"--jwks", practiceKeys(), "--ignore-time"}, m_practice.secret("Expired reader")).exitCode,
            0);
        // The set saved to a file serves as well.
        const CliResult saved = runCli({"send", practiceKeys()});
        QCOMPARE(verify({"--jwks", file("jwks.json", saved.out)}, m_practice.secret("Reader")).exitCode, 0);
        QCOMPARE(verify({"--key", m_folder.filePath("jwks.json")}, m_practice.secret("Reader")).exitCode, 0);
        // Beside the set, a key that stands by itself: whichever fits.
        const CliResult both = verify({"--jwks", practiceKeys(), "--key", dataPath("rsa-public.pem")},
                                      m_practice.secret("Reader"));
        QCOMPARE(both.json().value("key").toString(), json.value("key").toString());
        const CliResult byPem = verify({"--jwks", practiceKeys(), "--key", dataPath("rsa-certificate.pem")},
                                       m_practice.secret("Reader").chopped(4) + "AAAA");
        QCOMPARE(byPem.json().value("reason").toString(), "signature-mismatch");
        QVERIFY(byPem.out.contains("CN=Keybearer test key"));
        // Another start of the API has another key.
        const PracticeProcess other;
        const CliResult foreign = verify({"--jwks", practiceKeys()}, other.secret("Reader"));
        QCOMPARE(foreign.exitCode, 1);
        QVERIFY(!foreign.json().value("verified").toBool(true));
    }

    void plainOutput() {
        const CliResult good = verify({"--jwks", practiceKeys()}, m_practice.secret("Reader"), false);
        QCOMPARE(good.exitCode, 0);
        QVERIFY2(good.out.startsWith("verified   yes\nsignature  verified by the key "),
                 good.out.constData());
        QVERIFY(good.out.contains("\ntimes      valid\n"));
        QVERIFY(good.err.contains("is verified"));
        const CliResult bad = verify({"--jwks", practiceKeys()}, m_practice.secret("Expired reader"), false);
        QCOMPARE(bad.exitCode, 1);
        QVERIFY2(bad.out.startsWith("verified   no\nsignature  verified by the key "), bad.out.constData());
        QVERIFY(bad.out.contains("\ntimes      It expired "));
        QVERIFY(bad.err.contains("NOT verified"));
        // The token itself is printed nowhere.
        QVERIFY(firstLeak(QByteArray(good.out + good.err), m_practice.secret("Reader")).isEmpty());
    }

    void unknownKeyIsLookedForOnceMore() {
        const QByteArray key = QJsonDocument(vectorOf("rfc7520-4.1.json").value("key").toObject()).toJson();
        const QByteArray old = R"({"keys":[{"kid":"old","kty":"oct","k":"AAAA"}]})";
        KeyServer server;
        server.answers = {KeyServer::ok(old), KeyServer::ok(R"({"keys":[)" + key + "]}")};
        const CliResult result =
            runBeside({"token", "verify", "--json", "--jwks", server.url()}, tokenOf("rfc7520-4.1.json"));
        QVERIFY2(result.exitCode == 0, QByteArray(result.out + result.err).constData());
        QCOMPARE(server.requests.size(), 2);
        for (const QByteArray& request : server.requests) {
            QVERIFY2(request.startsWith("GET /jwks HTTP/1.1\r\n"), request.constData());
            QVERIFY(request.contains("Cache-Control: no-cache\r\n"));
            QVERIFY(!request.toLower().contains("authorization") && !request.toLower().contains("cookie"));
        }
        // Once, and no more.
        server.requests.clear();
        server.answers = {KeyServer::ok(old)};
        const CliResult never =
            runBeside({"token", "verify", "--json", "--jwks", server.url()}, tokenOf("rfc7520-4.1.json"));
        QCOMPARE(never.exitCode, 1);
        QCOMPARE(never.json().value("reason").toString(), "kid-unknown");
        QCOMPARE(never.json().value("signature").toString(), "cannot-verify");
        QCOMPARE(server.requests.size(), 2);
        // A signature that is merely bad asks for nothing more.
        server.requests.clear();
        server.answers = {KeyServer::ok(R"({"keys":[)" + key + "]}")};
        runBeside({"token", "verify", "--jwks", server.url()}, tokenOf("rfc7520-4.1.json").chopped(2) + "AA");
        QCOMPARE(server.requests.size(), 1);
    }

    void publishedSecretProvesNothing() {
        const QByteArray key = QJsonDocument(vectorOf("rfc7520-4.4.json").value("key").toObject()).toJson();
        KeyServer server;
        server.answers = {KeyServer::ok(R"({"keys":[)" + key + "]}")};
        const CliResult result =
            runBeside({"token", "verify", "--json", "--jwks", server.url()}, tokenOf("rfc7520-4.4.json"));
        QCOMPARE(result.exitCode, 1);
        QCOMPARE(result.json().value("reason").toString(), "key-unusable");
        QVERIFY(result.json().value("sentence").toString().contains("anyone can fetch"));
    }

    void badKeySources_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("HTML") << KeyServer::ok("<html></html>") << QByteArray("not JSON");
        QTest::newRow("another document") << KeyServer::ok("{}") << QByteArray("neither keys nor kty");
        QTest::newRow("redirect")
            << QByteArray(
                   "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            << QByteArray("redirects are not followed");
        QTest::newRow("not found")
            << QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            << QByteArray("404");
        QTest::newRow("too large") << KeyServer::ok(QByteArray(1024 * 1024, ' ') + "{\"keys\":[]}")
                                   << QByteArray("1 MB");
        QTest::newRow("cut short") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"keys\":[]}")
                                   << QByteArray("did not come whole");
    }
    void badKeySources() {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, says);
        KeyServer server;
        server.answers = {answer};
        const CliResult result =
            runBeside({"token", "verify", "--json", "--jwks", server.url()}, tokenOf("rfc7520-4.1.json"));
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.err.contains(says), result.err.constData());
        QVERIFY(result.json().contains("error") && !result.json().contains("verified"));
        QCOMPARE(server.requests.size(), 1);
    }

    void usageErrorsAreTwo_data() {
        QTest::addColumn<QStringList>("arguments");
        const QString key = dataPath("rsa-public.pem");
        QTest::newRow("no key") << QStringList{};
        QTest::newRow("no such file") << QStringList{"--key", "/nonexistent/key.pem"};
        QTest::newRow("no such set") << QStringList{"--jwks", "/nonexistent/jwks.json"};
        QTest::newRow("a folder") << QStringList{"--key", "/"};
        QTest::newRow("private key") << QStringList{"--key", dataPath("rsa-pkcs8.pem")};
        QTest::newRow("PEM as a set") << QStringList{"--jwks", key};
        QTest::newRow("http elsewhere") << QStringList{"--jwks", "http://keys.example/jwks"};
        QTest::newRow("user in the URL") << QStringList{"--jwks", "https://joe@keys.example/jwks"};
        QTest::newRow("another scheme") << QStringList{"--jwks", "ftp://keys.example/jwks"};
        QTest::newRow("nobody listens") << QStringList{"--jwks", "http://127.0.0.1:1/jwks"};
        QTest::newRow("alg none") << QStringList{"--key", key, "--alg", "none"};
        QTest::newRow("alg in lower case") << QStringList{"--key", key, "--alg", "rs256"};
        QTest::newRow("alg empty") << QStringList{"--key", key, "--alg", ""};
        QTest::newRow("alg empty between commas") << QStringList{"--key", key, "--alg", "RS256,,ES256"};
        QTest::newRow("issuer empty") << QStringList{"--key", key, "--issuer", ""};
        QTest::newRow("audience empty") << QStringList{"--key", key, "--audience", ""};
        QTest::newRow("typ empty") << QStringList{"--key", key, "--typ", ""};
        QTest::newRow("leeway below zero") << QStringList{"--key", key, "--leeway", "-1"};
        QTest::newRow("leeway not a number") << QStringList{"--key", key, "--leeway", "nan"};
        QTest::newRow("at not a number") << QStringList{"--key", key, "--at", "nan"};
        QTest::newRow("at infinite") << QStringList{"--key", key, "--at", "inf"};
        QTest::newRow("at a date") << QStringList{"--key", key, "--at", "2026-01-01"};
        QTest::newRow("token as an argument") << QStringList{"--key", key, "eyJhbGciOiJub25lIn0.e30."};
    }
    void usageErrorsAreTwo() {
        QFETCH(QStringList, arguments);
        const CliResult result = verify(arguments, "eyJhbGciOiJub25lIn0.e30.", false);
        QVERIFY2(result.exitCode == 2, QByteArray(result.out + result.err).constData());
        QVERIFY(!result.err.isEmpty());
    }

    void emptyInputIsTwo() { QCOMPARE(verify({"--key", dataPath("rsa-public.pem")}, "").exitCode, 2); }

    void privateHalfInASetIsTold() {
        const CliResult result = verify({"--key", keyFile("rfc7520-4.1.json")}, tokenOf("rfc7520-4.1.json"));
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.out.contains("private half"), result.out.constData());
        QVERIFY(!result.out.contains("bWUC9B"));
    }
};

QTEST_GUILESS_MAIN(TestCliToken)
#include "test_cli_token.moc"
