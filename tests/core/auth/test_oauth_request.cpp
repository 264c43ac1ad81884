// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_registration.h"
#include "core/auth/oauth_request.h"

#include "oauth_samples.h"

using namespace kb;

namespace {

const QString tokenUrl = QStringLiteral("https://as.example.com/token?tenant=1");
const QByteArray secretText = "a client secret: with %&+ and more, 32+ bytes";

QString one(const Result<Request>& request, const char* name) {
    if (!request) return QStringLiteral("error: ") + request.error().text();
    const QStringList values = formValues(request->body, QString::fromLatin1(name));
    return values.size() == 1 ? values.first() : QStringLiteral("%1 values").arg(values.size());
}

const QString none = QStringLiteral("0 values");

} // namespace

class TestOAuthRequest : public QObject {
    Q_OBJECT

    OAuthClient client(ClientAuth auth) const {
        OAuthClient c;
        c.id = QStringLiteral("the client");
        c.auth = auth;
        c.secret = &m_secret;
        c.assertionAudience = QStringLiteral("https://as.example.com");
        return c;
    }
    Result<Request> send(const OAuthClient& c, const TokenGrant& grant, OAuthFixture& f,
                         const TokenWish& wish = {}) const {
        return tokenRequest(urlOf(tokenUrl), c, grant, wish, f.context());
    }

    const Secret m_secret = Secret(viewOf(secretText));
    const Secret m_token = Secret("the-presented-token-1");

private Q_SLOTS:
    /// The text of RFC 6749 appendix B.
    void s5_8_formEncodingVector() {
        QCOMPARE(formEncoded(" %&+\xc2\xa3\xe2\x82\xac"), QByteArray("+%25%26%2B%C2%A3%E2%82%AC"));
        FormBody form;
        form.add("a", QStringLiteral("x y"));
        form.add("left_out", QString());
        form.addEach("r", {QStringLiteral("1"), QStringLiteral("2")});
        form.add("s", Secret("&="));
        QCOMPARE(form.bytes(), QByteArray("a=x+y&r=1&r=2&s=%26%3D"));
        const auto fields = parseForm("a=x+y&&b&c=%C3%A9=");
        QCOMPARE(*fields, (QList<FormField>{{"a", "x y"}, {"b", ""}, {"c", QStringLiteral("é=")}}));
        for (const char* bad : {"a=%", "a=%4", "a=%4g", "%zz=1", "a=%ff"})
            QVERIFY2(!parseForm(bad), bad);
    }

    void s5_8_tokenRequestIsAPostedForm() {
        OAuthFixture f;
        const auto request = send(client(ClientAuth::Basic), ClientCredentialsGrant{}, f);
        QVERIFY(request);
        QCOMPARE(request->method, QByteArray("POST"));
        QCOMPARE(request->url.text(), tokenUrl.toLatin1());
        QCOMPARE(*request->headers.first("Content-Type"), QByteArray("application/x-www-form-urlencoded"));
        QCOMPARE(*request->headers.first("Accept"), QByteArray("application/json"));
        QVERIFY(request->hasBody);
        QCOMPARE(request->body, QByteArray("grant_type=client_credentials"));
    }

    void s5_8_basicEncodesIdAndSecretFirst() {
        OAuthFixture f;
        const auto request = send(client(ClientAuth::Basic), ClientCredentialsGrant{}, f);
        const QByteArray value = *request->headers.first("Authorization");
        QVERIFY(value.startsWith("Basic "));
        QCOMPARE(QByteArray::fromBase64(value.mid(6)),
                 QByteArray("the+client:a+client+secret%3A+with+%25%26%2B+and+more%2C+32%2B+bytes"));
        QCOMPARE(one(request, "client_id"), none);
        QCOMPARE(one(request, "client_secret"), none);
        QVERIFY(f.masks(secretText));
        QVERIFY(f.masks(value.mid(6)));
    }

    void s5_8_exactlyOneClientAuthentication() {
        OAuthFixture f;
        const auto post = send(client(ClientAuth::Post), ClientCredentialsGrant{}, f);
        QCOMPARE(one(post, "client_id"), QStringLiteral("the client"));
        QCOMPARE(one(post, "client_secret"), QString::fromLatin1(secretText));
        QVERIFY(!post->headers.contains("Authorization"));
        const auto mtls = send(client(ClientAuth::Mtls), ClientCredentialsGrant{}, f);
        QCOMPARE(one(mtls, "client_id"), QStringLiteral("the client"));
        QCOMPARE(one(mtls, "client_secret"), none);
        QVERIFY(!mtls->headers.contains("Authorization"));
        const auto open = send(client(ClientAuth::None), RefreshGrant{m_token, {}}, f);
        QCOMPARE(one(open, "client_id"), QStringLiteral("the client"));
        QCOMPARE(one(open, "client_secret"), none);
        QVERIFY(!open->headers.contains("Authorization"));
        for (const ClientAuth auth : {ClientAuth::PrivateKeyJwt, ClientAuth::ClientSecretJwt}) {
            OAuthClient c = client(auth);
            const auto key = SigningKey::generate(QStringLiteral("ES256"));
            c.key = &*key;
            c.assertionAlgorithm = QStringLiteral("ES256");
            const auto request = send(c, ClientCredentialsGrant{}, f);
            QCOMPARE(one(request, "client_secret"), none);
            QVERIFY(!request->headers.contains("Authorization"));
            QCOMPARE(one(request, "client_assertion_type"),
                     QStringLiteral("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        }
    }

    void s5_14_clientAssertion() {
        OAuthFixture f;
        OAuthClient c = client(ClientAuth::PrivateKeyJwt);
        const auto key = SigningKey::generate(QStringLiteral("ES256"));
        c.key = &*key;
        c.assertionAlgorithm = QStringLiteral("ES256");
        c.assertionKeyId = QStringLiteral("k1");
        const QByteArray jwt = one(send(c, ClientCredentialsGrant{}, f), "client_assertion").toLatin1();
        const JsonValue header = jwtPart(jwt, 0);
        const JsonValue claims = jwtPart(jwt, 1);
        QCOMPARE(header.text(u"alg"), QStringLiteral("ES256"));
        QCOMPARE(header.text(u"kid"), QStringLiteral("k1"));
        QCOMPARE(claims.text(u"iss"), QStringLiteral("the client"));
        QCOMPARE(claims.text(u"sub"), QStringLiteral("the client"));
        QCOMPARE(claims.text(u"aud"), QStringLiteral("https://as.example.com"));
        QCOMPARE(claims.find(u"iat")->numberText, QByteArray("1700000000"));
        QCOMPARE(claims.find(u"exp")->numberText, QByteArray("1700000060"));
        const QString jti = claims.text(u"jti");
        QVERIFY(jti.size() >= 22);
        QVERIFY(f.masks(jwt));
        const QByteArray next = one(send(c, ClientCredentialsGrant{}, f), "client_assertion").toLatin1();
        QVERIFY(jwtPart(next, 1).text(u"jti") != jti);
    }

    void s5_14_clientSecretJwtIsAnHmac() {
        OAuthFixture f;
        OAuthClient c = client(ClientAuth::ClientSecretJwt);
        c.assertionAlgorithm = QStringLiteral("RS256"); // of another choice before: does not count here
        const QByteArray jwt = one(send(c, ClientCredentialsGrant{}, f), "client_assertion").toLatin1();
        QCOMPARE(jwtPart(jwt, 0).text(u"alg"), QStringLiteral("HS256"));
        const qsizetype dot = jwt.lastIndexOf('.');
        const QByteArray signature = hmacOf(Hash::Sha256, viewOf(secretText), viewOf(jwt.left(dot)));
        QCOMPARE(jwt.mid(dot + 1), toBase64Url(viewOf(signature)));
        QVERIFY(f.masks(secretText));
        const Secret tooShort("short");
        c.secret = &tooShort;
        QVERIFY(!send(c, ClientCredentialsGrant{}, f)); // RFC 7518 §3.2
    }

    /// RFC 7523 §3: an assertion as a grant of its own.
    void s5_14_assertionForTheGrant() {
        OAuthFixture f;
        const auto key = SigningKey::generate(QStringLiteral("EdDSA"));
        const AssertionClaims claims{QStringLiteral("app"),
                                     QStringLiteral("user@example.com"),
                                     QStringLiteral("https://as.example.com/token"),
                                     {QStringLiteral("a"), QStringLiteral("b")},
                                     300};
        const auto assertion = makeAssertion(claims, QStringLiteral("EdDSA"), {}, *key, f.context());
        QVERIFY(assertion);
        const QByteArray jwt(assertion->reveal().data(), qsizetype(assertion->size()));
        const JsonValue body = jwtPart(jwt, 1);
        QCOMPARE(body.text(u"iss"), QStringLiteral("app"));
        QCOMPARE(body.text(u"sub"), QStringLiteral("user@example.com"));
        QCOMPARE(body.text(u"aud"), QStringLiteral("https://as.example.com/token"));
        QCOMPARE(body.text(u"scope"), QStringLiteral("a b"));
        QCOMPARE(body.find(u"exp")->numberText, QByteArray("1700000300"));
        QVERIFY(!jwtPart(jwt, 0).find(u"kid"));
        QVERIFY(f.masks(jwt));
        QVERIFY(!makeAssertion(claims, QStringLiteral("RS256"), {}, *key, f.context())); // another key's
    }

    void s5_14_assertionNeedsKeyAndAudience() {
        OAuthFixture f;
        OAuthClient c = client(ClientAuth::PrivateKeyJwt);
        c.assertionAlgorithm = QStringLiteral("ES256");
        QCOMPARE(send(c, ClientCredentialsGrant{}, f).error().code, ErrorCode::SecretMissing);
        const auto symmetric = SigningKey::read(m_secret, true);
        c.key = &*symmetric;
        c.assertionAlgorithm = QStringLiteral("HS256");
        QCOMPARE(send(c, ClientCredentialsGrant{}, f).error().code, ErrorCode::InvalidInput);
        OAuthClient nobody = client(ClientAuth::ClientSecretJwt);
        nobody.assertionAudience.clear();
        QCOMPARE(send(nobody, ClientCredentialsGrant{}, f).error().code, ErrorCode::InvalidInput);
    }

    void s5_8_codeGrant() {
        OAuthFixture f;
        const Secret verifier("the-verifier-the-verifier-the-verifier-1234");
        const CodeGrant grant{m_token, verifier, QStringLiteral("http://127.0.0.1:41234/callback")};
        TokenWish wish{
            {QStringLiteral("a")}, {QStringLiteral("https://api.example.com/")}, QStringLiteral("aud")};
        const auto request = send(client(ClientAuth::None), grant, f, wish);
        QCOMPARE(one(request, "grant_type"), QStringLiteral("authorization_code"));
        QCOMPARE(one(request, "code"), QStringLiteral("the-presented-token-1"));
        QCOMPARE(one(request, "redirect_uri"), QStringLiteral("http://127.0.0.1:41234/callback"));
        QCOMPARE(one(request, "code_verifier"),
                 QStringLiteral("the-verifier-the-verifier-the-verifier-1234"));
        QCOMPARE(one(request, "resource"), QStringLiteral("https://api.example.com/"));
        QCOMPARE(one(request, "scope"), none);
        QVERIFY(f.masks("the-presented-token-1"));
        QVERIFY(f.masks("the-verifier-the-verifier-the-verifier-1234"));
        OAuthClient nameless = client(ClientAuth::None);
        nameless.id.clear();
        QVERIFY(!send(nameless, grant, f));
        QVERIFY(!send(client(ClientAuth::None), CodeGrant{m_token, Secret(), {}}, f));
        QVERIFY(!send(client(ClientAuth::None), CodeGrant{Secret(), verifier, {}}, f));
    }

    void s5_8_refreshAsksForNoMore() {
        OAuthFixture f;
        const RefreshGrant grant{m_token, {QStringLiteral("a"), QStringLiteral("b")}};
        const auto request = send(client(ClientAuth::None), grant, f, {{QStringLiteral("b")}, {}, {}});
        QCOMPARE(one(request, "grant_type"), QStringLiteral("refresh_token"));
        QCOMPARE(one(request, "refresh_token"), QStringLiteral("the-presented-token-1"));
        QCOMPARE(one(request, "scope"), QStringLiteral("b"));
        const auto more = send(client(ClientAuth::None), grant, f, {{QStringLiteral("c")}, {}, {}});
        QCOMPARE(more.error().code, ErrorCode::InvalidInput);
        QCOMPARE(send(client(ClientAuth::None), RefreshGrant{Secret(), {}}, f).error().code,
                 ErrorCode::SecretMissing);
    }

    void s5_8_otherGrants() {
        OAuthFixture f;
        const OAuthClient c = client(ClientAuth::Post);
        const auto device = send(c, DeviceGrant{m_token}, f);
        QCOMPARE(one(device, "grant_type"), QStringLiteral("urn:ietf:params:oauth:grant-type:device_code"));
        QCOMPARE(one(device, "device_code"), QStringLiteral("the-presented-token-1"));
        const auto bearer =
            send(c, JwtBearerGrant{m_token}, f, {{QStringLiteral("a"), QStringLiteral("b")}, {}, {}});
        QCOMPARE(one(bearer, "grant_type"), QStringLiteral("urn:ietf:params:oauth:grant-type:jwt-bearer"));
        QCOMPARE(one(bearer, "assertion"), QStringLiteral("the-presented-token-1"));
        QCOMPARE(one(bearer, "scope"), QStringLiteral("a b"));
        const Secret password("pässword & more");
        const auto login = send(c, PasswordGrant{QStringLiteral("me"), password}, f);
        QCOMPARE(one(login, "grant_type"), QStringLiteral("password"));
        QCOMPARE(one(login, "username"), QStringLiteral("me"));
        QCOMPARE(one(login, "password"), QStringLiteral("pässword & more"));
        QVERIFY(f.masks("pässword & more"));
        QVERIFY(
            !send(client(ClientAuth::None), ClientCredentialsGrant{}, f)); // RFC 6749 §4.4: confidential only
    }

    /// RFC 8693 §2.1.
    void s5_8_tokenExchange() {
        OAuthFixture f;
        const Secret actor("the-actor-token-1");
        ExchangeGrant grant{m_token};
        grant.actorToken = &actor;
        QVERIFY(!send(client(ClientAuth::Post), grant, f)); // a type is required with it
        grant.actorTokenType = QStringLiteral("urn:ietf:params:oauth:token-type:jwt");
        grant.requestedTokenType = QStringLiteral("urn:ietf:params:oauth:token-type:refresh_token");
        const auto request =
            send(client(ClientAuth::Post), grant, f,
                 {{}, {QStringLiteral("https://a.example"), QStringLiteral("urn:b:c")}, QStringLiteral("x")});
        QCOMPARE(one(request, "grant_type"),
                 QStringLiteral("urn:ietf:params:oauth:grant-type:token-exchange"));
        QCOMPARE(one(request, "subject_token"), QStringLiteral("the-presented-token-1"));
        QCOMPARE(one(request, "subject_token_type"),
                 QStringLiteral("urn:ietf:params:oauth:token-type:access_token"));
        QCOMPARE(one(request, "actor_token"), QStringLiteral("the-actor-token-1"));
        QCOMPARE(one(request, "actor_token_type"), QStringLiteral("urn:ietf:params:oauth:token-type:jwt"));
        QCOMPARE(one(request, "requested_token_type"),
                 QStringLiteral("urn:ietf:params:oauth:token-type:refresh_token"));
        QCOMPARE(one(request, "audience"), QStringLiteral("x"));
        QCOMPARE(formValues(request->body, QStringLiteral("resource")),
                 (QStringList{"https://a.example", "urn:b:c"}));
        QVERIFY(f.masks("the-actor-token-1"));
    }

    void s5_9_resourceIsAbsoluteWithoutFragment() {
        for (const char* bad :
             {"api.example.com", "/v1", "https://api.example.com/#a", "https:", "https://a b", "1a:b"})
            QVERIFY2(!checkWish({{}, {QString::fromLatin1(bad)}, {}}), bad);
        QVERIFY(checkWish(
            {{}, {QStringLiteral("urn:kb:api"), QStringLiteral("https://api.example.com/v1?x=1")}, {}}));
        for (const char* bad : {"a b", "a\"b", "a\\b", "\xe4", ""})
            QVERIFY2(!checkWish({{QString::fromLatin1(bad)}, {}, {}}), bad);
    }

    void s5_8_noSecretsInClearText() {
        OAuthFixture f;
        OAuthClient c = client(ClientAuth::Basic);
        const HttpUrl plain = urlOf(QStringLiteral("http://keycloak:8080/token"));
        QCOMPARE(tokenRequest(plain, c, ClientCredentialsGrant{}, {}, f.context()).error().code,
                 ErrorCode::ConsentNeeded);
        c.plainHttpOrigins = {QStringLiteral("http://keycloak:8080")};
        QVERIFY(tokenRequest(plain, c, ClientCredentialsGrant{}, {}, f.context()));
        QVERIFY(tokenRequest(urlOf(QStringLiteral("http://[::1]:9/token")), client(ClientAuth::Basic),
                             ClientCredentialsGrant{}, {}, f.context()));
        QVERIFY(!tokenRequest(urlOf(QStringLiteral("https://as.example.com/t#x")), c,
                              ClientCredentialsGrant{}, {}, f.context()));
    }

    void s5_11_revoke() {
        OAuthFixture f;
        const auto request =
            revocationRequest(urlOf(QStringLiteral("https://as.example.com/r")), client(ClientAuth::Post),
                              m_token, TokenHint::RefreshToken, f.context());
        QCOMPARE(request->method, QByteArray("POST"));
        QCOMPARE(one(request, "token"), QStringLiteral("the-presented-token-1"));
        QCOMPARE(one(request, "token_type_hint"), QStringLiteral("refresh_token"));
        QCOMPARE(one(request, "client_secret"), QString::fromLatin1(secretText));
        QVERIFY(f.masks("the-presented-token-1"));
    }

    void s5_11_introspectOnlyAtTheIssuer() {
        OAuthFixture f;
        const auto ask = [&](const char* server, const char* token) {
            return introspectionRequest(urlOf(QStringLiteral("https://as.example.com/i")),
                                        client(ClientAuth::Basic), m_token, TokenHint::AccessToken,
                                        QString::fromLatin1(server), QString::fromLatin1(token), f.context());
        };
        const auto request = ask("https://as.example.com", "https://as.example.com");
        QCOMPARE(one(request, "token"), QStringLiteral("the-presented-token-1"));
        QCOMPARE(one(request, "token_type_hint"), QStringLiteral("access_token"));
        QVERIFY(request->headers.contains("Authorization"));
        QVERIFY(ask("https://as.example.com", ""));
        QCOMPARE(ask("https://as.example.com", "https://other.example").error().code,
                 ErrorCode::OriginRefused);
    }

    void s5_10_deviceAuthorizationRequest() {
        OAuthFixture f;
        const auto request = deviceAuthorizationRequest(
            urlOf(QStringLiteral("https://as.example.com/d")), client(ClientAuth::None),
            {{QStringLiteral("a"), QStringLiteral("b")}, {}, {}}, f.context());
        QCOMPARE(one(request, "client_id"), QStringLiteral("the client"));
        QCOMPARE(one(request, "scope"), QStringLiteral("a b"));
        QCOMPARE(one(request, "grant_type"), none);
    }

    void s5_11_pushedRequestHasNoRequestUri() {
        OAuthFixture f;
        const HttpUrl endpoint = urlOf(QStringLiteral("https://as.example.com/par"));
        const QList<FormField> fields = {{QStringLiteral("client_id"), QStringLiteral("the client")},
                                         {QStringLiteral("state"), QStringLiteral("s")}};
        const auto request =
            pushedAuthorizationRequest(endpoint, client(ClientAuth::Post), fields, f.context());
        QCOMPARE(one(request, "client_id"), QStringLiteral("the client")); // once
        QCOMPARE(one(request, "state"), QStringLiteral("s"));
        QCOMPARE(one(request, "client_secret"), QString::fromLatin1(secretText));
        QVERIFY(!pushedAuthorizationRequest(endpoint, client(ClientAuth::Post),
                                            {{QStringLiteral("request_uri"), QStringLiteral("urn:x")}},
                                            f.context()));
    }

    void s5_11_register() {
        OAuthFixture f;
        ClientMetadata metadata;
        metadata.name = QStringLiteral("Keybearer");
        metadata.redirectUris = {QStringLiteral("http://127.0.0.1/callback")};
        metadata.grantTypes = {QStringLiteral("authorization_code")};
        metadata.scopes = {QStringLiteral("a"), QStringLiteral("b")};
        metadata.authMethod = QStringLiteral("none");
        metadata.dpopBound = true;
        const HttpUrl endpoint = urlOf(QStringLiteral("https://as.example.com/reg"));
        const auto request = registrationRequest(endpoint, metadata, &m_token, {}, f.context());
        QCOMPARE(*request->headers.first("Content-Type"), QByteArray("application/json"));
        QCOMPARE(*request->headers.first("Authorization"), QByteArray("Bearer the-presented-token-1"));
        QCOMPARE(
            request->body,
            QByteArray("{\"client_name\":\"Keybearer\",\"application_type\":\"native\",\"redirect_uris\":["
                       "\"http://127.0.0.1/callback\"],\"grant_types\":[\"authorization_code\"],\"scope\":"
                       "\"a b\",\"token_endpoint_auth_method\":\"none\",\"dpop_bound_access_tokens\":true}"));
        QVERIFY(!registrationRequest(endpoint, metadata, nullptr, {}, f.context())
                     ->headers.contains("Authorization"));
    }

    void s5_11_registrationAnswer() {
        OAuthFixture f;
        ClientMetadata asked;
        asked.authMethod = QStringLiteral("none");
        const auto answer = readRegistration(
            jsonAnswer(
                201,
                "{\"client_id\":\"c1\",\"client_secret\":\"new-client-secret\",\"client_secret_expires_at\":"
                "0,"
                "\"registration_access_token\":\"new-reg-token\",\"registration_client_uri\":"
                "\"https://as.example.com/reg/c1\",\"token_endpoint_auth_method\":\"client_secret_basic\","
                "\"application_type\":\"native\"}"),
            asked.toJson(), {}, f.context());
        QVERIFY(answer);
        QCOMPARE(answer->clientId, QStringLiteral("c1"));
        QVERIFY(answer->clientSecret.equals(Secret("new-client-secret")));
        QVERIFY(answer->accessToken.equals(Secret("new-reg-token")));
        QVERIFY(!answer->secretExpiresAt);
        QCOMPARE(answer->changed, QStringList{"token_endpoint_auth_method"});
        QVERIFY(!writeJson(answer->metadata).contains("new-"));
        QVERIFY(f.masks("new-client-secret") && f.masks("new-reg-token"));

        const auto update = manageRegistration(RegistrationAction::Update, *answer, asked, {}, f.context());
        QCOMPARE(update->method, QByteArray("PUT"));
        QCOMPARE(update->url.text(), QByteArray("https://as.example.com/reg/c1"));
        QCOMPARE(*update->headers.first("Authorization"), QByteArray("Bearer new-reg-token"));
        QCOMPARE(
            update->body,
            QByteArray("{\"client_id\":\"c1\",\"application_type\":\"native\",\"token_endpoint_auth_method\":"
                       "\"none\",\"client_secret\":\"new-client-secret\"}"));
        QCOMPARE(manageRegistration(RegistrationAction::Read, *answer, asked, {}, f.context())->method,
                 QByteArray("GET"));
        QCOMPARE(manageRegistration(RegistrationAction::Delete, *answer, asked, {}, f.context())->method,
                 QByteArray("DELETE"));
        QVERIFY(
            !manageRegistration(RegistrationAction::Delete, ClientRegistration(), asked, {}, f.context()));
        QVERIFY(readDeletion(jsonAnswer(204, {}), f.context()));
        QVERIFY(!readDeletion(jsonAnswer(401, "{\"error\":\"invalid_token\"}"), f.context()));
        QVERIFY(!readDeletion(jsonAnswer(200, "{}"), f.context()));
    }

    void s5_11_registrationAnswerRefused() {
        OAuthFixture f;
        const auto read = [&](const QByteArray& body) {
            return readRegistration(jsonAnswer(201, body), JsonValue(), {}, f.context());
        };
        QVERIFY(!read("{\"client_secret\":\"x\"}"));
        QVERIFY(!read("{\"client_id\":\"c\",\"registration_client_uri\":\"http://as.example.com/r\"}"));
        QCOMPARE(*read("{\"client_id\":\"c\",\"client_secret_expires_at\":1800000000}")->secretExpiresAt,
                 1'800'000'000);
    }
};

QTEST_GUILESS_MAIN(TestOAuthRequest)
#include "test_oauth_request.moc"
