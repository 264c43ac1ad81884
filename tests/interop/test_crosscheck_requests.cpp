// SPDX-License-Identifier: GPL-3.0-or-later
// What we sign of requests, beside libraries of others: jose verifies proofs of possession and client
// assertions, http-message-signatures verifies messages, and aws4 comes to the same signature.
#include "core/auth/crypto.h"
#include "core/auth/dpop.h"
#include "core/auth/http_signature.h"
#include "core/auth/oauth_client.h"
#include "core/auth/sigv4.h"
#include "tests/app/cli_process.h"
#include "tests/interop/json_peer.h"
#include "tests/interop/listener.h"
#include "tests/interop/node_peer.h"

using namespace kb;

namespace {

Request requestTo(const QString& url, const QByteArray& method, const QByteArray& body = {}) {
    Request request;
    request.method = method;
    request.url = *HttpUrl::parse(url);
    request.body = body;
    request.hasBody = !body.isEmpty();
    return request;
}

/// As node has them: a field of several lines is a list.
QJsonObject fieldsOf(const Request& request) {
    QMap<QString, QStringList> lines;
    for (const HeaderField& field : request.headers.fields)
        lines[QString::fromLatin1(field.name)] << QString::fromLatin1(field.value);
    QJsonObject fields;
    for (auto each = lines.cbegin(); each != lines.cend(); ++each)
        fields.insert(each.key(), each->size() == 1 ? QJsonValue(each->first())
                                                    : QJsonValue(QJsonArray::fromStringList(*each)));
    return fields;
}

QByteArrayList sortedQuery(const QByteArray& query) {
    QByteArrayList fields = query.split('&');
    std::sort(fields.begin(), fields.end());
    return fields;
}

Secret secretOf(const QJsonObject& key, const char* form) {
    const QByteArray text = key.value(QLatin1String(form)).toString().toUtf8();
    return Secret(viewOf(text));
}

} // namespace

class TestInteropCrosscheckRequests : public QObject {
    Q_OBJECT
    JsonPeer m_node;
    Redactor m_redactor;

    FlowContext context(qint64 nowMs = QDateTime::currentMSecsSinceEpoch()) {
        return {m_redactor, nowMs, randomBytes};
    }
    QJsonObject generated(const QString& algorithm) {
        return m_node.ask({{"do", "generate"}, {"alg", algorithm}});
    }
    QJsonObject proofSays(const QByteArray& proof, const QByteArray& token) {
        return m_node.ask(
            {{"do", "dpop"}, {"proof", QString::fromLatin1(proof)}, {"token", QString::fromLatin1(token)}});
    }

private Q_SLOTS:
    void initTestCase() { m_node.startNode(); }

    // RFC 9449 §4.2, §4.3.
    void joseTakesOurProofs_data() {
        QTest::addColumn<QString>("algorithm");
        for (const char* algorithm : {"RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"})
            QTest::newRow(algorithm) << QString(algorithm);
    }
    void joseTakesOurProofs() {
        QFETCH(QString, algorithm);
        const auto key = std::make_shared<const SigningKey>(std::move(*SigningKey::generate(algorithm)));
        const auto nonces = std::make_shared<DpopNonces>();
        const Request plain = requestTo("https://API.example.com:8443/v1/Zoë?page=2", "POST", "{}");
        HeaderList told;
        told.append("DPoP-Nonce", "nonce-of-the-api");
        nonces->observe(DpopNonces::Role::ResourceServer, plain.url.origin(), told);
        const QByteArray token = "opaque-access-token";
        DpopFlow flow({key, algorithm, nonces, Secret(viewOf(token)), {}});
        const Result<FlowSend> sent = flow.begin(plain, context());
        QVERIFY(sent);
        QCOMPARE(*sent->request.headers.first("Authorization"), QByteArray("DPoP " + token));
        const QByteArray proof = sent->request.headers.first("DPoP").value_or(QByteArray());

        const QJsonObject said = proofSays(proof, token);
        QVERIFY2(said.contains("claims"), qPrintable(said.value("error").toString()));
        const QJsonObject header = said.value("header").toObject();
        QCOMPARE(header.value("alg").toString(), algorithm);
        QVERIFY(!header.value("jwk").toObject().contains("d"));
        QCOMPARE(said.value("thumbprint").toString(), QString::fromLatin1(key->thumbprint()));
        QJsonObject claims = said.value("claims").toObject();
        QVERIFY(claims.take("jti").toString().size() >= 16);
        claims.remove("iat"); // jose looked at it
        QCOMPARE(claims, (QJsonObject{{"htm", "POST"},
                                      {"htu", "https://api.example.com:8443/v1/Zo%C3%AB"},
                                      {"ath", said.value("ath")},
                                      {"nonce", "nonce-of-the-api"}}));

        QByteArrayList parts = proof.split('.');
        QByteArray payload = QByteArray::fromBase64(parts.at(1), QByteArray::Base64UrlEncoding);
        payload.replace("POST", "PUT ");
        parts[1] = toBase64Url(viewOf(payload));
        QCOMPARE(proofSays(parts.join('.'), token).value("error").toString(),
                 "JWSSignatureVerificationFailed: signature verification failed");
    }

    // What the program sends with a token that a server bound to its key (RFC 9449 §6.1).
    void aBoundTokenNamesTheKeyOfItsProof() {
        NodePeer issuer;
        QVERIFY2(issuer.start("authorization_server.mjs"), issuer.problem().constData());
        Listener api({"Authorization", "DPoP"});
        const QTemporaryDir folder;
        const CliResult made = runCli({"profile", "add", "robot", "--kind", "oauth2", "--grant",
                                       "client_credentials", "--issuer", issuer.text("issuer"), "--client-id",
                                       "service", "--dpop", "--scope", "users:read", "--allow", api.url("")},
                                      issuer.clientSecret("service").toUtf8(), folder.path());
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QSet<QString> ids;
        for (const QString& method : {QString("GET"), QString("DELETE")}) {
            api.last.reset();
            const CliResult sent = runCliBeside(
                {"send", method, api.url("/users/1?all=yes"), "--as", "robot"}, {}, folder.path());
            QVERIFY2(api.last, sent.err.constData());
            const QByteArray authorization = api.last->headers.value("authorization");
            QVERIFY2(authorization.startsWith("DPoP "), authorization.constData());
            const QJsonObject said = proofSays(api.last->headers.value("dpop"), authorization.mid(5));
            QVERIFY2(said.contains("claims"), qPrintable(said.value("error").toString()));
            const QJsonObject claims = said.value("claims").toObject();
            QCOMPARE(claims.value("htm").toString(), method);
            QCOMPARE(claims.value("htu").toString(), api.url("/users/1"));
            QCOMPARE(claims.value("ath").toString(), said.value("ath").toString());
            QVERIFY(!said.value("jkt").toString().isEmpty());
            QCOMPARE(said.value("thumbprint").toString(), said.value("jkt").toString());
            ids.insert(claims.value("jti").toString());
        }
        QCOMPARE(ids.size(), 2); // one proof for each request
    }

    // RFC 7523 §2.2, §3.
    void joseTakesOurClientAssertions_data() {
        QTest::addColumn<QString>("algorithm");
        for (const char* algorithm : {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384",
                                      "PS512", "ES256", "ES384", "ES512", "EdDSA"})
            QTest::newRow(algorithm) << QString(algorithm);
    }
    void joseTakesOurClientAssertions() {
        QFETCH(QString, algorithm);
        const bool shared = algorithm.startsWith("HS");
        const QJsonObject made = generated(algorithm);
        const QJsonObject other = generated(algorithm);
        const Secret secret = secretOf(made, shared ? "secret" : "pem");
        OAuthClient client;
        client.id = "client-1";
        client.assertionAlgorithm = algorithm;
        client.assertionAudience = "https://issuer.example";
        std::optional<SigningKey> key;
        if (shared) {
            client.auth = ClientAuth::ClientSecretJwt;
            client.secret = &secret;
        } else {
            Result<SigningKey> read = SigningKey::read(secret, false);
            QVERIFY(read);
            key = std::move(*read);
            client.auth = ClientAuth::PrivateKeyJwt;
            client.key = &*key;
            client.assertionKeyId = "key-1";
        }
        FormBody form;
        form.add("grant_type", QString("client_credentials"));
        const Result<Request> post = clientPost(*HttpUrl::parse("https://issuer.example/token"), "token",
                                                std::move(form), client, context());
        QVERIFY(post);
        QVERIFY(!post->headers.contains("Authorization"));
        const Result<QList<FormField>> read = parseForm(post->body);
        QVERIFY(read);
        QMap<QString, QString> fields;
        for (const FormField& field : *read) {
            QVERIFY2(!fields.contains(field.first), qPrintable(field.first));
            fields.insert(field.first, field.second);
        }
        QCOMPARE(fields.value("client_assertion_type"),
                 "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        QVERIFY(!fields.contains("client_secret"));

        const char* half = shared ? "private" : "public";
        QJsonObject task{{"do", "verify"},
                         {"alg", algorithm},
                         {"key", made.value(half)},
                         {"token", fields.value("client_assertion")},
                         {"options", QJsonObject{{"issuer", "client-1"},
                                                 {"subject", "client-1"},
                                                 {"audience", "https://issuer.example"},
                                                 {"maxTokenAge", "2 min"},
                                                 {"requiredClaims", QJsonArray{"jti", "exp"}}}}};
        const QJsonObject said = m_node.ask(task);
        QVERIFY2(said.contains("claims"), qPrintable(said.value("error").toString()));
        QCOMPARE(said.value("header").toObject().value("kid").toString(), shared ? "" : "key-1");
        const QJsonObject claims = said.value("claims").toObject();
        QVERIFY(claims.value("exp").toInt() - claims.value("iat").toInt() <= 60);
        task["key"] = other.value(half);
        QCOMPARE(m_node.ask(task).value("error").toString(),
                 "JWSSignatureVerificationFailed: signature verification failed");
    }

    void aws4ComesToTheSameSignature_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("service");
        QTest::addColumn<QStringList>("more"); ///< "token", "presign", "unsigned", or a field "name: value"
        const auto row = [](const char* name, const char* method, const char* url, const char* body,
                            const char* service, const QStringList& more) {
            const QString host = "https://abc.execute-api.eu-central-1.amazonaws.com";
            QTest::newRow(name) << QByteArray(method)
                                << QString((*url == '/' ? host : QString()) + QString::fromUtf8(url))
                                << QByteArray(body) << QString(service) << more;
        };
        const QString json = "Content-Type: application/json";
        row("GET with a query", "GET", "/items?b=2&a-b=1&a=1&flag&empty=&text=a%20b%2Bc+d&Z=%C3%AB&~=*", "",
            "execute-api", {});
        row("one name several times", "GET", "/items?id=3&id=1&id=2", "", "execute-api", {});
        row("POST with a body", "POST", "/items", "{\"name\":\"Zoë\"}", "execute-api", {json});
        row("path with spaces and letters", "PUT", "/a b/Zoë/~user/%7E/x%2Fy/(1)/", "{}", "execute-api",
            {json});
        row("path with dots and slashes", "GET", "/a/../b//c/./d", "", "execute-api", {});
        row("session token", "DELETE", "/items/1", "", "execute-api", {"token"});
        row("fields of its own", "GET", "/", "", "execute-api",
            {"X-Amz-Target: a   b", "X-Amz-Meta-Note:   c  ", "X-Amz-Meta-List:d", "X-Amz-Meta-List:a"});
        row("host with a port", "GET", "http://localhost:8000/x", "", "dynamodb", {});
        row("S3", "GET", "https://bucket.s3.amazonaws.com/a b/Zoë//./x.txt?list-type=2&prefix=a%2Fb", "",
            "s3", {});
        row("S3 upload with a session token", "PUT", "https://bucket.s3.amazonaws.com/x.json", "{}", "s3",
            {json, "token"});
        row("S3 without the body", "PUT", "https://bucket.s3.amazonaws.com/x.json", "{}", "s3",
            {json, "unsigned"});
        row("presigned", "GET", "/a b?x=1&y=a%2Fb", "", "execute-api", {"presign"});
        row("presigned S3", "GET", "https://bucket.s3.amazonaws.com/a b/Zoë.txt", "", "s3", {"presign"});
        row("presigned S3 upload", "PUT", "https://bucket.s3.amazonaws.com/Zoë.txt", "", "s3", {"presign"});
        row("presigned S3 with a session token", "GET", "https://bucket.s3.amazonaws.com/x?versionId=1", "",
            "s3", {"presign", "token"});
    }
    void aws4ComesToTheSameSignature() {
        QFETCH(QByteArray, method);
        QFETCH(QString, url);
        QFETCH(QByteArray, body);
        QFETCH(QString, service);
        QFETCH(QStringList, more);
        const bool presign = more.contains("presign");
        const bool token = more.contains("token");
        SigV4Scheme scheme;
        scheme.accessKeyId = "AKIDEXAMPLE";
        scheme.region = "eu-central-1";
        scheme.service = service;
        scheme.presign = presign;
        scheme.expiresS = 1200;
        scheme.unsignedPayload = more.contains("unsigned");
        Request plain = requestTo(url, method, body);
        for (const QString& field : more)
            if (const qsizetype colon = field.indexOf(':'); colon > 0)
                plain.headers.append(field.left(colon).toLatin1(), field.mid(colon + 1).toLatin1());
        // The key of public examples, and a token with what base64 has; they open nothing.
        const Secret key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        const Secret session("FwoGZXIvYXdzE+session/token==");
        const QDateTime time(QDate(2024, 2, 29), QTime(23, 59, 59), Qt::UTC);
        const Result<SigV4Signed> ours =
            signSigV4(plain, scheme, key, token ? &session : nullptr, context(time.toMSecsSinceEpoch()));
        QVERIFY2(ours, ours ? "" : qPrintable(ours.error().text()));

        QJsonObject fields = fieldsOf(plain);
        fields.insert("Host", QString::fromLatin1(plain.url.authority()));
        QString target = QString::fromLatin1(plain.url.requestTarget());
        if (presign)
            target +=
                (plain.url.query() ? "&" : "?") + QString("X-Amz-Date=20240229T235959Z&X-Amz-Expires=1200");
        else
            fields.insert("X-Amz-Date", "20240229T235959Z");
        if (scheme.unsignedPayload) fields.insert("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
        QJsonObject credentials{{"accessKeyId", scheme.accessKeyId},
                                {"secretAccessKey", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}};
        if (token) credentials.insert("sessionToken", "FwoGZXIvYXdzE+session/token==");
        const QJsonObject theirs =
            m_node.ask({{"do", "aws4"},
                        {"credentials", credentials},
                        {"request", QJsonObject{{"method", QString(method)},
                                                {"path", target},
                                                {"headers", fields},
                                                {"body", QString::fromUtf8(body)},
                                                {"service", service},
                                                {"region", scheme.region},
                                                {"signQuery", presign},
                                                // It need not be signed, and we do not.
                                                {"ignored", QJsonArray{"content-length"}}}}});
        QVERIFY2(theirs.contains("path"), qPrintable(theirs.value("error").toString()));
        if (!token)
            QCOMPARE(QString::fromLatin1(ours->canonicalRequest), theirs.value("canonical").toString());
        if (presign) {
            const QByteArray path = theirs.value("path").toString().toLatin1();
            QCOMPARE(sortedQuery(ours->request.url.query().value_or(QByteArray())),
                     sortedQuery(path.mid(path.indexOf('?') + 1)));
            return;
        }
        const QJsonObject all = theirs.value("headers").toObject();
        for (const char* name :
             {"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"})
            QCOMPARE(QString::fromLatin1(ours->request.headers.first(name).value_or(QByteArray())),
                     all.value(QLatin1String(name)).toString());
    }

    // RFC 9421 §3.2.
    void messagesVerify_data() {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("jose");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QStringList>("more"); ///< components beside the usual ones
        const QString url = "https://API.example.com:8443/a b/Zoë?q=a%20b&x=%C3%AB";
        for (const auto& [algorithm, jose] :
             {std::pair{"ed25519", "EdDSA"}, std::pair{"ecdsa-p256-sha256", "ES256"},
              std::pair{"ecdsa-p384-sha384", "ES384"}, std::pair{"hmac-sha256", "HS256"},
              std::pair{"rsa-pss-sha512", "PS512"}, std::pair{"rsa-v1_5-sha256", "RS256"}})
            QTest::newRow(algorithm) << QString(algorithm) << QString(jose) << url << QStringList();
        const auto row = [](const char* name, const QString& to, const QStringList& more) {
            QTest::newRow(name) << QString("ed25519") << QString("EdDSA") << to << more;
        };
        row("nothing but a host", "http://api.example.com:80", {});
        for (const char* component :
             {"@scheme", "@request-target", "@query-param;name=\"x\"", "\"priority\";sf",
              "\"priority\";key=\"u\"", "\"x-note\";bs", "x-list", "\"x-list\";bs"})
            row(component, url, {component});
    }
    void messagesVerify() {
        QFETCH(QString, algorithm);
        QFETCH(QString, jose);
        QFETCH(QString, url);
        QFETCH(QStringList, more);
        const bool shared = jose.startsWith("HS");
        const QJsonObject key = generated(jose);
        const QJsonObject other = generated(jose);
        HttpSignatureScheme scheme;
        scheme.keyId = "key-1";
        scheme.algorithm = algorithm;
        scheme.expiresS = 60;
        scheme.nonce = true;
        scheme.tag = "crosscheck";
        scheme.components = QStringList{"@method", "@target-uri",    "@authority",  "@path",
                                        "@query",  "content-digest", "content-type"} +
                            more;
        const QByteArray body = "{\"hello\": \"Wörld\"}";
        Request plain = requestTo(url, "POST", body);
        plain.headers.append("Content-Type", "application/json; charset=utf-8");
        plain.headers.append("Priority", " u=1,   i");
        plain.headers.append("X-Note", "a note");
        plain.headers.append("X-List", "b");
        plain.headers.append("X-List", " a, c ");
        const Result<HttpSigned> ours =
            signHttp(plain, scheme, secretOf(key, shared ? "secret" : "pem"), context());
        QVERIFY2(ours, ours ? "" : qPrintable(ours.error().text()));

        QJsonObject request{{"method", "POST"},
                            {"url", QString::fromLatin1(ours->request.url.text())},
                            {"headers", fieldsOf(ours->request)}};
        const QStringList covered = scheme.components.mid(0, 7);
        QJsonObject task{{"do", "message"},
                         {"request", request},
                         {"body", QString::fromUtf8(body)},
                         {"alg", algorithm},
                         {"keyid", "key-1"},
                         {"fields", QJsonArray::fromStringList(covered)},
                         {"params", QJsonArray{"created", "expires", "keyid", "nonce", "tag", "alg"}},
                         {shared ? "secret" : "key", key.value(shared ? "secret" : "public_pem")}};
        const QJsonObject said = m_node.ask(task);
        QVERIFY2(said.value("verified").toBool(), QJsonDocument(said).toJson().constData());
        const QByteArray digest = ours->request.headers.first("Content-Digest").value_or(QByteArray());
        QCOMPARE(QString::fromLatin1(digest), said.value("sha256").toString());
        QCOMPARE(QString::fromLatin1(contentDigest(body, true)), said.value("sha512").toString());

        const auto refused = [&](const QJsonObject& changed) {
            QJsonObject again = task;
            for (auto each = changed.begin(); each != changed.end(); ++each)
                again[each.key()] = each.value();
            const QJsonObject answer = m_node.ask(again);
            return answer.contains("verified") && !answer.value("verified").toBool(true);
        };
        QVERIFY(refused({{shared ? "secret" : "key", other.value(shared ? "secret" : "public_pem")}}));
        for (const auto& [name, value] :
             {std::pair{"method", "PUT"},
              std::pair{"url", "https://api.example.com:8443/a%20b/Zo?q=1&x=2"}}) {
            QJsonObject changed = request;
            changed[QLatin1String(name)] = value;
            QVERIFY2(refused({{"request", changed}}), name);
        }
        for (const char* name : {"Content-Type", "Content-Digest"}) {
            QJsonObject fields = fieldsOf(ours->request);
            fields[QLatin1String(name)] = QString(fields.value(QLatin1String(name)).toString() + "x");
            QJsonObject changed = request;
            changed["headers"] = fields;
            QVERIFY2(refused({{"request", changed}}), name);
        }
    }
};

QTEST_GUILESS_MAIN(TestInteropCrosscheckRequests)
#include "test_crosscheck_requests.moc"
