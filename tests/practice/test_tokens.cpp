// SPDX-License-Identifier: GPL-3.0-or-later
// What the tokens look like, how they end, and the token endpoint.
#include "practice/jose.h"
#include "practice/token_check.h"
#include "tests/practice/raw_client.h"

#include <QtTest>
#include <openssl/evp.h>

using namespace kb;
using namespace kb::test;

namespace {

// DER by hand: this way to the key shares nothing with the server's.
QByteArray der(char tag, const QByteArray& content) {
    QByteArray length;
    if (content.size() < 128) {
        length.append(static_cast<char>(content.size()));
    } else {
        length.append(static_cast<char>(0x82));
        length.append(static_cast<char>(content.size() >> 8));
        length.append(static_cast<char>(content.size() & 0xff));
    }
    return tag + length + content;
}

QByteArray derInteger(const QByteArray& base64url) {
    QByteArray bytes = QByteArray::fromBase64(base64url, QByteArray::Base64UrlEncoding);
    if (static_cast<unsigned char>(bytes[0]) & 0x80) bytes.prepend('\0');
    return der(0x02, bytes);
}

bool verifies(const QJsonObject& jwk, const QByteArray& token) {
    const auto member = [&](const char* name) {
        return jwk.value(QLatin1String(name)).toString().toLatin1();
    };
    const QByteArray numbers = derInteger(member("n")) + derInteger(member("e"));
    const QByteArray sequence = der(0x30, numbers);
    const auto* bytes = reinterpret_cast<const unsigned char*>(sequence.constData());
    EVP_PKEY* key = d2i_PublicKey(EVP_PKEY_RSA, nullptr, &bytes, sequence.size());
    if (!key) return false;
    const qsizetype dot = token.lastIndexOf('.');
    const QByteArray input = token.left(dot);
    const QByteArray signature = QByteArray::fromBase64(token.mid(dot + 1), QByteArray::Base64UrlEncoding);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool good = EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
                      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.constData()),
                                       static_cast<std::size_t>(signature.size()),
                                       reinterpret_cast<const unsigned char*>(input.constData()),
                                       static_cast<std::size_t>(input.size())) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}

QJsonObject servedKey(const PracticeServer& server) {
    return send(server.port(), "GET", "/.well-known/jwks.json")
        .object()
        .value(QLatin1String("keys"))
        .toArray()
        .first()
        .toObject();
}

} // namespace

class TestTokens : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void claims();
    void servedKeyVerifies();
    void strictBase64_data();
    void strictBase64();
    void claimRules_data();
    void claimRules();
    void clientCredentials();
    void clientAuthentication_data();
    void clientAuthentication();
    void badRequests_data();
    void badRequests();
    void rotation();
    void reuseRevokesTheFamily();
    void refreshNarrows();
    void revocation();
    void shortLives();
    void metadata();

private:
    Answer refresh(const QByteArray& token, const QByteArray& more = {}) {
        return postForm(m_server, "/oauth/token", "grant_type=refresh_token&refresh_token=" + token + more,
                        clientBasic(m_server));
    }
    PracticeServer m_server;
};

void TestTokens::initTestCase() {
    PracticeOptions options;
    options.rateLimitPerMinute = 0;
    QVERIFY(m_server.start(options));
}

void TestTokens::claims() {
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    for (const PracticeIdentity& one : m_server.identities()) {
        if (one.kind == QLatin1String("api-key")) {
            QCOMPARE(one.name, QStringLiteral("Partner API key"));
            QVERIFY(one.secret.size() >= 32);
            QVERIFY(one.refreshToken.isEmpty());
            continue;
        }
        const QJsonObject header = part(one.secret, 0), body = part(one.secret, 1);
        QCOMPARE(header.value(QLatin1String("typ")).toString(), QStringLiteral("at+jwt"));
        QCOMPARE(header.value(QLatin1String("alg")).toString(), QStringLiteral("RS256"));
        QCOMPARE(body.value(QLatin1String("iss")).toString(), m_server.baseUrl());
        QCOMPARE(body.value(QLatin1String("aud")).toString(), QStringLiteral("urn:keybearer:practice:users"));
        QCOMPARE(body.value(QLatin1String("sub")).toString(), one.userId);
        QCOMPARE(body.value(QLatin1String("client_id")).toString(), m_server.clientId());
        QCOMPARE(body.value(QLatin1String("role")).toString(), one.role);
        QCOMPARE(body.value(QLatin1String("plan")).toString(), one.plan);
        QCOMPARE(body.value(QLatin1String("scope")).toString(), one.scopes.join(QLatin1Char(' ')));
        QCOMPARE(body.value(QLatin1String("exp")).toInteger(), one.expiresAtS);
        QCOMPARE(body.value(QLatin1String("iat")).toInteger(), one.issuedAtS);
        QCOMPARE(body.value(QLatin1String("nbf")).toInteger(), one.issuedAtS);
        QVERIFY(!body.value(QLatin1String("jti")).toString().isEmpty());
    }
    const PracticeIdentity reader = identity(m_server, "Reader");
    QCOMPARE(reader.expiresAtS - reader.issuedAtS, 900);
    QCOMPARE(reader.scopes.join(QLatin1Char(' ')), QStringLiteral("users:read profile invoices:read"));
    QVERIFY(!identity(m_server, "Other reader").scopes.contains(QStringLiteral("users:read")));
    // About to expire: less than a fifth of its life is left, from the first moment.
    const PracticeIdentity admin = identity(m_server, "Admin");
    QVERIFY((admin.expiresAtS - now) * 5 < admin.expiresAtS - admin.issuedAtS);
    QVERIFY(admin.expiresAtS - now <= 75 && admin.expiresAtS > now);
    const qint64 ago = now - identity(m_server, "Expired reader").expiresAtS;
    QVERIFY(ago >= 3 * 86400 && ago < 3 * 86400 + 60);
}

void TestTokens::servedKeyVerifies() {
    const QJsonObject jwk = servedKey(m_server);
    QCOMPARE(jwk.value(QLatin1String("kty")).toString(), QStringLiteral("RSA"));
    QCOMPARE(jwk.value(QLatin1String("use")).toString(), QStringLiteral("sig"));
    for (const char* privateMember : {"d", "p", "q", "dp", "dq", "qi"})
        QVERIFY(!jwk.contains(QLatin1String(privateMember)));
    for (const char* name : {"Reader", "Other reader", "Admin", "Expired reader"}) {
        const QByteArray token = secret(m_server, name);
        QCOMPARE(part(token, 0).value(QLatin1String("kid")), jwk.value(QLatin1String("kid")));
        QVERIFY2(verifies(jwk, token), name);
        QByteArray changed = token;
        const qsizetype at = changed.indexOf('.') + 5;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        QVERIFY(!verifies(jwk, changed));
    }
}

void TestTokens::strictBase64_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("empty") << QByteArray("") << true;
    QTest::newRow("one byte") << QByteArray("AA") << true;
    QTest::newRow("url alphabet") << QByteArray("-_-_") << true;
    QTest::newRow("padded") << QByteArray("AA==") << false;
    QTest::newRow("other alphabet") << QByteArray("+/+/") << false;
    QTest::newRow("impossible length") << QByteArray("AAAAA") << false;
    QTest::newRow("trailing bits") << QByteArray("AB") << false;
    QTest::newRow("space") << QByteArray("AA AA") << false;
    QTest::newRow("line end") << QByteArray("AAAA\n") << false;
}

void TestTokens::strictBase64() {
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QCOMPARE(practice::fromBase64Url(text).has_value(), good);
}

// The rules a probe can only reach with the key in hand, so the check is asked directly.
void TestTokens::claimRules_data() {
    QTest::addColumn<QJsonObject>("change"); // null removes
    QTest::addColumn<QString>("problem");    // empty: accepted
    const auto change = [](const char* name, const QJsonValue& value) {
        return QJsonObject{{QString::fromLatin1(name), value}};
    };
    const QString invalid = QStringLiteral("invalid-token");
    QTest::newRow("as it is") << QJsonObject() << QString();
    QTest::newRow("other issuer") << change("iss", QStringLiteral("http://other.test")) << invalid;
    QTest::newRow("issuer with slash") << change("iss", QStringLiteral("http://issuer.test/")) << invalid;
    QTest::newRow("other audience") << change("aud", QStringLiteral("reports")) << invalid;
    QTest::newRow("audience in a list")
        << change("aud", QJsonArray{QStringLiteral("x"), QStringLiteral("users")}) << QString();
    QTest::newRow("list without it") << change("aud", QJsonArray{QStringLiteral("x")}) << invalid;
    QTest::newRow("no audience") << change("aud", QJsonValue::Null) << invalid;
    QTest::newRow("no expiry") << change("exp", QJsonValue::Null) << invalid;
    QTest::newRow("expiry as text") << change("exp", QStringLiteral("2000")) << invalid;
    QTest::newRow("expires now") << change("exp", 1000) << QStringLiteral("expired-token");
    QTest::newRow("expires in a second") << change("exp", 1001) << QString();
    QTest::newRow("not yet") << change("nbf", 1001) << QStringLiteral("not-yet-valid-token");
    QTest::newRow("nbf as text") << change("nbf", QStringLiteral("1"))
                                 << QStringLiteral("not-yet-valid-token");
    QTest::newRow("no nbf") << change("nbf", QJsonValue::Null) << QString();
    QTest::newRow("issued far ahead") << change("iat", 2000) << invalid;
    QTest::newRow("no subject") << change("sub", QJsonValue::Null) << invalid;
    QTest::newRow("no id") << change("jti", QJsonValue::Null) << invalid;
    QTest::newRow("no client") << change("client_id", QJsonValue::Null) << invalid;
    QTest::newRow("crit") << change("#crit", QJsonArray{QStringLiteral("exp")}) << invalid;
    QTest::newRow("plain typ") << change("#typ", QStringLiteral("JWT")) << invalid;
    QTest::newRow("long typ") << change("#typ", QStringLiteral("Application/AT+JWT")) << QString();
    QTest::newRow("no typ") << change("#typ", QJsonValue::Null) << invalid;
    QTest::newRow("unknown kid") << change("#kid", QStringLiteral("other")) << invalid;
    QTest::newRow("kid as number") << change("#kid", 7) << invalid;
    QTest::newRow("no kid") << change("#kid", QJsonValue::Null) << QString();
    QTest::newRow("other alg") << change("#alg", QStringLiteral("RS512")) << invalid;
    QTest::newRow("no alg") << change("#alg", QJsonValue::Null) << invalid;
}

void TestTokens::claimRules() {
    QFETCH(QJsonObject, change);
    QFETCH(QString, problem);
    static const auto key = practice::RsaKey::generate();
    QJsonObject header{{QStringLiteral("alg"), QStringLiteral("RS256")},
                       {QStringLiteral("typ"), QStringLiteral("at+jwt")},
                       {QStringLiteral("kid"), QString::fromLatin1(key->keyId())}};
    QJsonObject body{{QStringLiteral("iss"), QStringLiteral("http://issuer.test")},
                     {QStringLiteral("aud"), QStringLiteral("users")},
                     {QStringLiteral("sub"), QStringLiteral("1")},
                     {QStringLiteral("client_id"), QStringLiteral("c")},
                     {QStringLiteral("jti"), QStringLiteral("j")},
                     {QStringLiteral("iat"), 900},
                     {QStringLiteral("nbf"), 900},
                     {QStringLiteral("exp"), 1100}};
    for (auto it = change.begin(); it != change.end(); ++it) {
        QJsonObject& target = it.key().startsWith(QLatin1Char('#')) ? header : body;
        const QString name = it.key().startsWith(QLatin1Char('#')) ? it.key().mid(1) : it.key();
        if (it.value().isNull())
            target.remove(name);
        else
            target.insert(name, it.value());
    }
    QByteArray token = practice::toBase64Url(QJsonDocument(header).toJson(QJsonDocument::Compact));
    token += '.';
    token += practice::toBase64Url(QJsonDocument(body).toJson(QJsonDocument::Compact));
    const QByteArray signature = practice::toBase64Url(key->sign(token));
    token += '.';
    token += signature;
    const practice::Defects none;
    const practice::TokenCheck check(*key, QStringLiteral("http://issuer.test"), QStringLiteral("users"),
                                     none);
    const auto result = check.check(token, 1000);
    QCOMPARE(result ? QString() : QString::fromLatin1(result.error().problem), problem);
}

void TestTokens::clientCredentials() {
    const Answer answer =
        postForm(m_server, "/oauth/token", "grant_type=client_credentials&scope=users%3Aread+profile",
                 clientBasic(m_server));
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.field("Cache-Control"), QByteArray("no-store"));
    QCOMPARE(answer.text("token_type"), QStringLiteral("Bearer"));
    QCOMPARE(answer.text("scope"), QStringLiteral("users:read profile"));
    QCOMPARE(answer.object().value(QLatin1String("expires_in")).toInt(), 300);
    QVERIFY(!answer.object().contains(QLatin1String("refresh_token")));
    const QByteArray token = answer.text("access_token").toLatin1();
    QCOMPARE(send(m_server.port(), "GET", "/users", bearer(token)).status, 200);
    QCOMPARE(send(m_server.port(), "POST", "/users", bearer(token)).status, 403);
}

void TestTokens::clientAuthentication_data() {
    QTest::addColumn<FieldList>("fields");
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<int>("status");
    const QByteArray secret = m_server.clientSecret();
    const QByteArray wrong = "Basic " + QByteArray("practice-client:wrong").toBase64();
    const QByteArray post = "&client_id=practice-client&client_secret=" + secret;
    QTest::newRow("Basic") << clientBasic(m_server) << QByteArray() << 200;
    QTest::newRow("Basic, id repeated")
        << clientBasic(m_server) << QByteArray("&client_id=practice-client") << 200;
    QTest::newRow("form") << FieldList{} << post << 200;
    QTest::newRow("none") << FieldList{} << QByteArray() << 401;
    QTest::newRow("wrong Basic") << FieldList{{"Authorization", wrong}} << QByteArray() << 401;
    QTest::newRow("Basic without colon") << FieldList{{"Authorization", "Basic eA=="}} << QByteArray() << 401;
    QTest::newRow("id only") << FieldList{} << QByteArray("&client_id=practice-client") << 401;
    QTest::newRow("Basic, another id") << clientBasic(m_server) << QByteArray("&client_id=other") << 401;
    QTest::newRow("both ways") << clientBasic(m_server) << post << 400;
}

void TestTokens::clientAuthentication() {
    QFETCH(FieldList, fields);
    QFETCH(QByteArray, more);
    QFETCH(int, status);
    const Answer answer = postForm(m_server, "/oauth/token", "grant_type=client_credentials" + more, fields);
    QCOMPARE(answer.status, status);
    if (status == 401) {
        QCOMPARE(answer.text("error"), QStringLiteral("invalid_client"));
        QVERIFY(answer.challenge().startsWith("Basic realm="));
    }
}

void TestTokens::badRequests_data() {
    QTest::addColumn<QByteArray>("form");
    QTest::addColumn<QString>("error");
    QTest::newRow("no grant type") << QByteArray("scope=profile") << QStringLiteral("invalid_request");
    QTest::newRow("password") << QByteArray("grant_type=password")
                              << QStringLiteral("unsupported_grant_type");
    QTest::newRow("repeated") << QByteArray("grant_type=client_credentials&grant_type=client_credentials")
                              << QStringLiteral("invalid_request");
    QTest::newRow("broken escape") << QByteArray("grant_type=client%zzcredentials")
                                   << QStringLiteral("invalid_request");
    QTest::newRow("unknown scope") << QByteArray("grant_type=client_credentials&scope=users:read+root")
                                   << QStringLiteral("invalid_scope");
    QTest::newRow("unknown resource")
        << QByteArray("grant_type=client_credentials&resource=urn%3Ax") << QStringLiteral("invalid_target");
    QTest::newRow("no refresh token")
        << QByteArray("grant_type=refresh_token") << QStringLiteral("invalid_request");
    QTest::newRow("made up") << QByteArray("grant_type=refresh_token&refresh_token=kbr_x")
                             << QStringLiteral("invalid_grant");
}

void TestTokens::badRequests() {
    QFETCH(QByteArray, form);
    QFETCH(QString, error);
    const Answer answer = postForm(m_server, "/oauth/token", form, clientBasic(m_server));
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.text("error"), error);
    const Answer json =
        send(m_server.port(), "POST", "/oauth/token", {{"Content-Type", "application/json"}}, "{}");
    QCOMPARE(json.text("error"), QStringLiteral("invalid_request"));
}

void TestTokens::rotation() {
    const PracticeIdentity reader = identity(m_server, "Reader");
    QByteArray token = reader.refreshToken;
    for (int round = 0; round < 3; ++round) {
        const Answer answer = refresh(token);
        QCOMPARE(answer.status, 200);
        const QByteArray next = answer.text("refresh_token").toLatin1();
        QVERIFY(!next.isEmpty() && next != token);
        token = next;
        const QByteArray access = answer.text("access_token").toLatin1();
        QVERIFY(access != reader.secret);
        QCOMPARE(part(access, 1).value(QLatin1String("sub")).toString(), reader.userId);
        QCOMPARE(send(m_server.port(), "GET", "/users/12345", bearer(access)).status, 200);
    }
}

void TestTokens::reuseRevokesTheFamily() {
    const QByteArray first = identity(m_server, "Other reader").refreshToken;
    const QByteArray second = refresh(first).text("refresh_token").toLatin1();
    QVERIFY(!second.isEmpty());
    const Answer reused = refresh(first);
    QCOMPARE(reused.status, 400);
    QCOMPARE(reused.text("error"), QStringLiteral("invalid_grant"));
    QCOMPARE(refresh(second).text("error"), QStringLiteral("invalid_grant"));
    // Another identity's family lives on.
    QCOMPARE(refresh(identity(m_server, "Expired reader").refreshToken).status, 200);
}

void TestTokens::refreshNarrows() {
    const QByteArray token = identity(m_server, "Admin").refreshToken;
    const Answer wider = refresh(token, "&scope=root");
    QCOMPARE(wider.text("error"), QStringLiteral("invalid_scope"));
    const Answer narrow = refresh(token, "&scope=profile"); // the refusal did not use it up
    QCOMPARE(narrow.status, 200);
    QCOMPARE(narrow.text("scope"), QStringLiteral("profile"));
    const Answer next = refresh(narrow.text("refresh_token").toLatin1());
    QVERIFY(next.text("scope").contains(QLatin1String("users:delete"))); // the grant itself did not shrink
}

void TestTokens::revocation() {
    const auto mint = [&] {
        return postForm(m_server, "/oauth/token", "grant_type=client_credentials", clientBasic(m_server))
            .text("access_token")
            .toLatin1();
    };
    const auto works = [&](const QByteArray& token) {
        return send(m_server.port(), "GET", "/me", bearer(token)).status == 200;
    };
    const QByteArray token = mint();
    QVERIFY(works(token));
    QCOMPARE(postForm(m_server, "/tokens/revoke", "token=" + token).status, 401);
    // A stranger is told the same, and nothing happens.
    QCOMPARE(postForm(m_server, "/tokens/revoke", "token=" + token, as(m_server, "Reader")).status, 200);
    QVERIFY(works(token));
    QCOMPARE(postForm(m_server, "/tokens/revoke", "", bearer(token)).status, 400);
    QCOMPARE(postForm(m_server, "/tokens/revoke", "token=nonsense", bearer(token)).status, 200);
    QCOMPARE(postForm(m_server, "/tokens/revoke", "token=" + token, bearer(token)).status, 200);
    QVERIFY(!works(token));
    QCOMPARE(send(m_server.port(), "GET", "/me", bearer(token)).problem(), QStringLiteral("revoked-token"));
    const QByteArray other = mint();
    QCOMPARE(postForm(m_server, "/tokens/revoke", "token=" + other, as(m_server, "Admin")).status, 200);
    QVERIFY(!works(other));

    PracticeServer fresh;
    QVERIFY(fresh.start());
    const QByteArray refreshToken = identity(fresh, "Reader").refreshToken;
    QCOMPARE(postForm(fresh, "/tokens/revoke", "token=" + refreshToken, as(fresh, "Reader")).status, 200);
    QCOMPARE(postForm(fresh, "/oauth/token", "grant_type=refresh_token&refresh_token=" + refreshToken,
                      clientBasic(fresh))
                 .text("error"),
             QStringLiteral("invalid_grant"));
}

void TestTokens::shortLives() {
    PracticeServer server;
    PracticeOptions options;
    options.readerLifetimeS = 2;
    options.adminLifetimeS = 2;
    options.accessTokenLifetimeS = 2;
    options.refreshTokenLifetimeS = 2;
    options.apiKeyLifetimeS = 2;
    QVERIFY(server.start(options));
    const PracticeIdentity reader = identity(server, "Reader");
    QCOMPARE(reader.expiresAtS - reader.issuedAtS, 2);
    const QByteArray minted =
        postForm(server, "/oauth/token", "grant_type=client_credentials", clientBasic(server))
            .text("access_token")
            .toLatin1();
    QCOMPARE(part(minted, 1).value(QLatin1String("exp")).toInteger() -
                 part(minted, 1).value(QLatin1String("iat")).toInteger(),
             2);
    const auto status = [&](const FieldList& fields) {
        return send(server.port(), "GET", "/me", fields).status;
    };
    QTRY_COMPARE_WITH_TIMEOUT(status(as(server, "Reader")), 401, 10000);
    QTRY_COMPARE_WITH_TIMEOUT(status(as(server, "Admin")), 401, 10000);
    QTRY_COMPARE_WITH_TIMEOUT(status(as(server, "Partner API key")), 401, 10000);
    QTRY_COMPARE_WITH_TIMEOUT(status(bearer(minted)), 401, 10000);
    QVERIFY(QDateTime::currentSecsSinceEpoch() >= reader.expiresAtS);
    QCOMPARE(status(as(server, "Other reader")), 200);
    QCOMPARE(send(server.port(), "GET", "/me", as(server, "Reader")).problem(),
             QStringLiteral("expired-token"));
    QTRY_COMPARE_WITH_TIMEOUT(
        postForm(server, "/oauth/token",
                 "grant_type=refresh_token&refresh_token=" + reader.refreshToken + "&scope=none",
                 clientBasic(server))
            .text("error"),
        QStringLiteral("invalid_grant"), 10000);
}

void TestTokens::metadata() {
    const Answer oauth = send(m_server.port(), "GET", "/.well-known/oauth-authorization-server");
    QCOMPARE(oauth.text("issuer"), m_server.baseUrl());
    QCOMPARE(oauth.text("token_endpoint"), m_server.baseUrl() + QLatin1String("/oauth/token"));
    QCOMPARE(oauth.text("jwks_uri"), m_server.baseUrl() + QLatin1String("/.well-known/jwks.json"));
    QCOMPARE(send(m_server.port(), "GET", "/.well-known/openid-configuration").object(), oauth.object());
}

QTEST_GUILESS_MAIN(TestTokens)
#include "test_tokens.moc"
