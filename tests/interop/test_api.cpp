// SPDX-License-Identifier: GPL-3.0-or-later
// Real tokens of a real authorization server (oidc-provider) at an API that checks them well
// (express-oauth2-jwt-bearer): who gets in, who does not, and what the doctor says of it.
#include "tests/interop/client_token.h"

class TestInteropApi : public QObject {
    Q_OBJECT
    NodePeer m_issuer;
    NodePeer m_api;
    std::unique_ptr<QTemporaryDir> m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {},
                  const QMap<QString, QString>& extra = {}) {
        return runCli(arguments, input, m_folder->path(), extra);
    }

    QByteArray tokenOf(const QString& client, const QString& scope) {
        return ::tokenOf(client, scope, m_issuer, m_folder->path());
    }

    QJsonObject send(const QByteArray& token, const QString& method, const QString& path) {
        QStringList arguments{"send", "--json", method, m_api.text("url") + path};
        if (!token.isEmpty()) arguments << "--bearer-stdin";
        return cli(arguments, token).json();
    }
    static QString evidence(const QJsonObject& answer) {
        QStringList lines;
        for (const QJsonValue& line : answer.value("doctor").toObject().value("evidence").toArray())
            lines << line.toString();
        return lines.join('\n');
    }
    static QString doctor(const QJsonObject& answer, const char* what) {
        return answer.value("doctor").toObject().value(QLatin1String(what)).toString();
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_issuer.start("authorization_server.mjs"), m_issuer.problem().constData());
        QVERIFY2(m_api.start("api_server.mjs", {{"KB_ISSUER", m_issuer.text("issuer")},
                                                {"KB_AUDIENCE", m_issuer.text("audience")}}),
                 m_api.problem().constData());
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void openToAll() { QCOMPARE(send({}, "GET", "/public").value("status").toInt(), 200); }

    void anonymous() {
        const QJsonObject answer = send({}, "GET", "/users");
        QCOMPARE(answer.value("status").toInt(), 401);
        QCOMPARE(doctor(answer, "cause"), "no-credential");
        QCOMPARE(doctor(answer, "sentence"), "The server wants a credential, and none was sent.");
        QVERIFY2(evidence(answer).contains("The server asks for Bearer, DPoP in"),
                 qPrintable(evidence(answer)));
    }

    void rightScopes() {
        const QByteArray token = tokenOf("service", "users:read users:delete");
        QVERIFY(!token.isEmpty());
        QCOMPARE(send(token, "GET", "/users").value("status").toInt(), 200);
        QCOMPARE(send(token, "DELETE", "/users/1").value("status").toInt(), 204);
        const QJsonObject decoded = cli({"token", "decode", "--json"}, token).json();
        QCOMPARE(decoded.value("claims").toObject().value("iss").toString(), m_issuer.text("issuer"));
        QCOMPARE(decoded.value("header").toObject().value("typ").toString(), "at+jwt");
    }

    void missingScope() {
        const QByteArray token = tokenOf("reader", "users:read");
        QCOMPARE(send(token, "GET", "/users").value("status").toInt(), 200);
        const QJsonObject answer = send(token, "DELETE", "/users/1");
        QCOMPARE(answer.value("status").toInt(), 403);
        QCOMPARE(doctor(answer, "cause"), "insufficient-scope");
        QCOMPARE(doctor(answer, "sentence"), "The token is valid, but it may not do this.");
        QVERIFY2(evidence(answer).contains("The server asks for users:delete in"),
                 qPrintable(evidence(answer)));
        QVERIFY2(evidence(answer).contains("It lacks users:delete."), qPrintable(evidence(answer)));
    }

    /// This API answers a claim that is missing with 401; its own words are the only hint, so they must be
    /// told.
    void missingClaim() {
        const QJsonObject answer = send(tokenOf("service", "users:read"), "GET", "/admin");
        QCOMPARE(answer.value("status").toInt(), 401);
        QCOMPARE(doctor(answer, "cause"), "undecided");
        QCOMPARE(doctor(answer, "sentence"), "The server rejects this token, and its times do not say why.");
        QVERIFY2(evidence(answer).contains("It adds: “Missing 'role' claim”"), qPrintable(evidence(answer)));
    }

    void noTokenOfThisServer() {
        const auto refused = [&](const QByteArray& token) {
            const QJsonObject answer = send(token, "GET", "/users");
            return answer.value("status").toInt() == 401 && evidence(answer).contains("invalid_token")
                       ? doctor(answer, "cause")
                       : QString::fromUtf8(QJsonDocument(answer).toJson());
        };
        QCOMPARE(refused("c0ffee00c0ffee00c0ffee00c0ffee00"), "undecided");
        const QByteArray good = tokenOf("service", "users:read");
        QVERIFY(good.count('.') == 2);
        QCOMPARE(refused(good.left(good.indexOf('.') + 40)), "token-unreadable");   // cut in the claims
        QCOMPARE(refused(good.left(good.lastIndexOf('.') + 1)), "token-unsecured"); // its signature is gone
    }

    /// Signed well, by somebody this API does not know.
    void anotherIssuer() {
        NodePeer other;
        QVERIFY2(other.start("authorization_server.mjs"), other.problem().constData());
        const QJsonObject answer =
            send(::tokenOf("service", "users:read", other, m_folder->path()), "GET", "/users");
        QCOMPARE(answer.value("status").toInt(), 401);
        QCOMPARE(doctor(answer, "cause"), "undecided");
        QVERIFY2(evidence(answer).contains("It names the issuer " + other.text("issuer")),
                 qPrintable(evidence(answer)));
    }

    void opaqueTokens() {
        NodePeer other;
        QVERIFY2(other.start("authorization_server.mjs", {{"KB_OPAQUE", "1"}}), other.problem().constData());
        const QByteArray token = ::tokenOf("service", "users:read", other, m_folder->path());
        QVERIFY(!token.isEmpty());
        QVERIFY(!token.contains('.'));
        QCOMPARE(doctor(send(token, "GET", "/users"), "sentence"),
                 "The server rejects this token, and an opaque token does not show why.");
    }

    void expired() {
        NodePeer shortLived, api;
        QVERIFY2(shortLived.start("authorization_server.mjs", {{"KB_LIFETIME", "2"}}),
                 shortLived.problem().constData());
        QVERIFY2(api.start("api_server.mjs", {{"KB_ISSUER", shortLived.text("issuer")},
                                              {"KB_AUDIENCE", shortLived.text("audience")}}),
                 api.problem().constData());
        const QByteArray token = ::tokenOf("service", "users:read", shortLived, m_folder->path());
        QJsonObject answer;
        // The API allows for some seconds of difference between clocks.
        QTRY_VERIFY_WITH_TIMEOUT(
            (answer = cli({"send", "--json", "--bearer-stdin", api.text("url") + "/users"}, token).json())
                    .value("status")
                    .toInt() == 401,
            40000);
        QCOMPARE(doctor(answer, "cause"), "token-expired");
        QCOMPARE(doctor(answer, "sentence"), "The token has expired.");
        QVERIFY2(evidence(answer).contains("It adds: “"), qPrintable(evidence(answer)));
    }

    void profileFromTheEnvironment() {
        QCOMPARE(cli({"profile", "add", "CI reader", "--kind", "bearer", "--storage", "memory", "--allow",
                      m_api.text("url")})
                     .exitCode,
                 0);
        const QMap<QString, QString> secret{
            {"KEYBEARER_SECRET_CI_READER", QString::fromLatin1(tokenOf("reader", "users:read"))}};
        const auto status = [&](const QString& method, const QString& path) {
            return cli({"send", "--json", "--as", "CI reader", method, m_api.text("url") + path}, {}, secret)
                .json()
                .value("status")
                .toInt();
        };
        QCOMPARE(status("GET", "/users"), 200);
        QCOMPARE(status("DELETE", "/users/1"), 403);
        const QJsonObject token = cli({"token", "status", "CI reader", "--json"}, {}, secret)
                                      .json()
                                      .value("tokens")
                                      .toArray()
                                      .first()
                                      .toObject();
        QCOMPARE(token.value("state").toString(), "valid");
        QCOMPARE(token.value("scopes").toArray(), QJsonArray{"users:read"});
    }

    /// The authorization server as a resource: two challenges in one field line.
    void twoChallengesInOneLine() {
        const QJsonObject answer = cli({"send", "--json", m_issuer.text("issuer") + "/me"}).json();
        QCOMPARE(answer.value("status").toInt(), 401);
        QCOMPARE(doctor(answer, "cause"), "no-credential");
        QVERIFY2(evidence(answer).contains("The server asks for Bearer, DPoP in"),
                 qPrintable(evidence(answer)));
    }
};

QTEST_GUILESS_MAIN(TestInteropApi)
#include "test_api.moc"
