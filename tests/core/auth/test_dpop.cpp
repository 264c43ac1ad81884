// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/dpop.h"

#include "oauth_samples.h"

using namespace kb;
using Role = DpopNonces::Role;

namespace {

const QString api = QStringLiteral("https://API.example.com:443/v1/%7euser/../x?page=2#top");

Response withNonce(Response response, const QByteArray& nonce) {
    response.headers.append("DPoP-Nonce", nonce);
    return response;
}

Response resourceDemand(const QByteArray& nonce) {
    Response response;
    response.status = 401;
    response.headers.append(
        "WWW-Authenticate",
        "Bearer realm=\"a\", DPoP error=\"use_dpop_nonce\", error_description=\"needs nonce\"");
    return withNonce(response, nonce);
}

Response serverDemand(const QByteArray& nonce) {
    return withNonce(jsonAnswer(400, "{\"error\":\"use_dpop_nonce\"}"), nonce);
}

} // namespace

class TestDpop : public QObject {
    Q_OBJECT

    OAuthFixture m_f;
    std::shared_ptr<const SigningKey> m_key;
    std::shared_ptr<DpopNonces> m_nonces;

    DpopFlow flow(const char* token) {
        return DpopFlow({m_key, QStringLiteral("ES256"), m_nonces, Secret(token), {}});
    }
    static Request plain() {
        Request request;
        request.method = "GET";
        request.url = urlOf(api);
        request.headers.append("Accept", "*/*");
        return request;
    }
    static JsonValue claimsOf(const Request& request) { return jwtPart(*request.headers.first("DPoP"), 1); }

private Q_SLOTS:
    void init() {
        m_f = OAuthFixture();
        m_nonces = std::make_shared<DpopNonces>();
        m_key = std::make_shared<const SigningKey>(std::move(*SigningKey::generate(QStringLiteral("ES256"))));
    }

    /// The token and its hash of RFC 9449 §7.1.
    void s5_12_athVector() {
        QCOMPARE(dpopTokenHash(Secret("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU")),
                 QByteArray("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"));
    }

    void s5_12_proof() {
        const Secret token("the-access-token-1");
        const auto proof =
            dpopProof(*m_key, QStringLiteral("ES256"), {"POST", urlOf(api), &token, "n1"}, m_f.context());
        QVERIFY(proof);
        const JsonValue header = jwtPart(*proof, 0);
        QCOMPARE(header.text(u"typ"), QStringLiteral("dpop+jwt"));
        QCOMPARE(header.text(u"alg"), QStringLiteral("ES256"));
        const JsonValue* jwk = header.find(u"jwk");
        QVERIFY(jwk && jwk->text(u"kty") == QStringLiteral("EC"));
        QVERIFY(!jwk->find(u"d")); // the public part only
        QVERIFY(!header.find(u"kid"));
        const JsonValue claims = jwtPart(*proof, 1);
        QCOMPARE(claims.text(u"htm"), QStringLiteral("POST"));
        QCOMPARE(claims.text(u"htu"), QStringLiteral("https://api.example.com/v1/%7euser/../x"));
        QCOMPARE(claims.find(u"iat")->numberText, QByteArray("1700000000"));
        QCOMPARE(claims.text(u"ath").toLatin1(), dpopTokenHash(token));
        QCOMPARE(claims.text(u"nonce"), QStringLiteral("n1"));
        QVERIFY(QByteArray::fromBase64(claims.text(u"jti").toLatin1(), QByteArray::Base64UrlEncoding).size() *
                    8 >=
                96);
        const auto bare =
            dpopProof(*m_key, QStringLiteral("ES256"),
                      {"GET", urlOf(QStringLiteral("http://[::1]:9400")), nullptr, {}}, m_f.context());
        const JsonValue fewer = jwtPart(*bare, 1);
        QCOMPARE(fewer.text(u"htu"), QStringLiteral("http://[::1]:9400/"));
        QVERIFY(!fewer.find(u"ath") && !fewer.find(u"nonce"));
    }

    void s5_12_algorithmIsAsymmetric() {
        QCOMPARE(*dpopAlgorithm(*m_key, {}), QStringLiteral("ES256"));
        QCOMPARE(*dpopAlgorithm(*m_key, {QStringLiteral("RS256"), QStringLiteral("ES256")}),
                 QStringLiteral("ES256"));
        QCOMPARE(dpopAlgorithm(*m_key, {QStringLiteral("RS256")}).error().code, ErrorCode::Unsupported);
        const auto rsa = SigningKey::generate(QStringLiteral("RS256"));
        QCOMPARE(*dpopAlgorithm(*rsa, {QStringLiteral("RS256")}), QStringLiteral("RS256"));
        QCOMPARE(*dpopAlgorithm(*rsa, {}), QStringLiteral("PS256"));
        const auto ed = SigningKey::generate(QStringLiteral("EdDSA"));
        QCOMPARE(*dpopAlgorithm(*ed, {}), QStringLiteral("EdDSA"));
        const auto secret = SigningKey::read(Secret("a shared secret of thirty-two bytes or more"), true);
        QVERIFY(!dpopAlgorithm(*secret, {}));
        QVERIFY(
            !dpopProof(*secret, QStringLiteral("HS256"), {"GET", urlOf(api), nullptr, {}}, m_f.context()));
    }

    void s5_12_authorizationIsDpop() {
        DpopFlow f = flow("the-access-token-1");
        const auto send = f.begin(plain(), m_f.context());
        QVERIFY(send);
        QCOMPARE(*send->request.headers.first("Authorization"), QByteArray("DPoP the-access-token-1"));
        QCOMPARE(send->request.headers.all("DPoP").size(), 1);
        QCOMPARE(send->placed.headerFields, (QList<QByteArray>{"Authorization", "DPoP"}));
        QVERIFY(m_f.masks("the-access-token-1"));
        QCOMPARE(claimsOf(send->request).text(u"ath").toLatin1(),
                 dpopTokenHash(Secret("the-access-token-1")));
        QVERIFY(!claimsOf(send->request).find(u"nonce"));
        Response fine;
        fine.status = 200;
        const auto step = f.resume(fine, m_f.context());
        QVERIFY(step && std::get<FlowDone>(*step).finding.isEmpty());
    }

    void aFieldTypedByHandIsSaid() {
        for (const char* name : {"Authorization", "dpop"}) {
            Request request = plain();
            request.headers.append(name, "x");
            QCOMPARE(flow("the-access-token-1").begin(request, m_f.context()).error().code,
                     ErrorCode::Conflict);
        }
        QVERIFY(!flow("a\nb").begin(plain(), m_f.context()));
        Request client = plain();
        client.headers.append("Authorization", "Basic eA==");
        QVERIFY(flow("").begin(client, m_f.context())); // the client's own, at the token endpoint
    }

    void s5_12_resourceNonceRetriedOnce() {
        DpopFlow f = flow("the-access-token-1");
        const auto first = f.begin(plain(), m_f.context());
        const auto step = f.resume(resourceDemand("nonce-1"), m_f.context());
        QVERIFY(step);
        const FlowSend* again = std::get_if<FlowSend>(&*step);
        QVERIFY(again);
        QVERIFY(!again->note.isEmpty());
        QCOMPARE(again->request.headers.all("DPoP").size(), 1);
        QCOMPARE(again->request.headers.all("Authorization").size(), 1);
        QCOMPARE(claimsOf(again->request).text(u"nonce"), QStringLiteral("nonce-1"));
        QVERIFY(claimsOf(again->request).text(u"jti") != claimsOf(first->request).text(u"jti"));
        const auto second = f.resume(resourceDemand("nonce-2"), m_f.context());
        QVERIFY(second && !std::get<FlowDone>(*second).finding.isEmpty());
        QCOMPARE(m_nonces->nonceFor(Role::ResourceServer, urlOf(api).origin()), QByteArray("nonce-2"));
        QCOMPARE(claimsOf(f.begin(plain(), m_f.context())->request).text(u"nonce"),
                 QStringLiteral("nonce-2"));
    }

    void s5_12_serverNonceRetriedOnce() {
        DpopFlow f = flow("");
        const auto first = f.begin(plain(), m_f.context());
        QVERIFY(!first->request.headers.contains("Authorization"));
        QVERIFY(!claimsOf(first->request).find(u"ath"));
        const auto step = f.resume(serverDemand("nonce-1"), m_f.context());
        QVERIFY(step && std::holds_alternative<FlowSend>(*step));
        const auto second = f.resume(serverDemand("nonce-2"), m_f.context());
        QVERIFY(second && std::holds_alternative<FlowDone>(*second));
    }

    void s5_12_retryMakesAssertionsAnew() {
        int made = 0;
        DpopFlow f({m_key, QStringLiteral("ES256"), m_nonces, Secret(),
                    [&made](const FlowContext&) -> Result<Request> {
                        Request request = plain();
                        request.body = "assertion=" + QByteArray::number(++made);
                        return request;
                    }});
        QVERIFY(f.begin(plain(), m_f.context()));
        const auto step = f.resume(serverDemand("nonce-1"), m_f.context());
        QCOMPARE(std::get<FlowSend>(*step).request.body, QByteArray("assertion=1"));
    }

    void s5_12_noRetryWithoutCause_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("challenge");
        QTest::addColumn<bool>("finding");
        QTest::newRow("no nonce given") << 401 << QByteArray("DPoP error=\"use_dpop_nonce\"") << true;
        QTest::newRow("403") << 403 << QByteArray("DPoP error=\"use_dpop_nonce\"") << false;
        QTest::newRow("another scheme") << 401 << QByteArray("Bearer error=\"use_dpop_nonce\"") << false;
        QTest::newRow("two errors") << 401
                                    << QByteArray("DPoP error=\"use_dpop_nonce\", error=\"invalid_token\"")
                                    << false;
        QTest::newRow("expired") << 401 << QByteArray("DPoP error=\"invalid_token\"") << false;
        QTest::newRow("bad proof") << 401 << QByteArray("DPoP error=\"invalid_dpop_proof\"") << true;
    }
    void s5_12_noRetryWithoutCause() {
        QFETCH(int, status);
        QFETCH(QByteArray, challenge);
        QFETCH(bool, finding);
        DpopFlow f = flow("the-access-token-1");
        QVERIFY(f.begin(plain(), m_f.context()));
        Response response;
        response.status = status;
        response.headers.append("WWW-Authenticate", challenge);
        if (!finding) response.headers.append("DPoP-Nonce", "nonce-9");
        const auto step = f.resume(response, m_f.context());
        QVERIFY(step && std::holds_alternative<FlowDone>(*step));
        QCOMPARE(!std::get<FlowDone>(*step).finding.isEmpty(), finding);
    }

    void s5_12_aWrongClockIsNamed() {
        DpopFlow f = flow("the-access-token-1");
        QVERIFY(f.begin(plain(), m_f.context()));
        Response response;
        response.status = 401;
        response.headers.append("WWW-Authenticate", "DPoP error=\"invalid_dpop_proof\"");
        response.headers.append("Date", "Tue, 14 Nov 2023 22:23:20 GMT"); // ten minutes ahead
        const auto step = f.resume(response, m_f.context());
        QVERIFY(std::get<FlowDone>(*step).finding.contains(QStringLiteral("600")));
    }

    void s5_12_noncesPerOriginAndRole() {
        const Origin a = urlOf(QStringLiteral("https://a.example")).origin();
        const Origin b = urlOf(QStringLiteral("https://a.example:444")).origin();
        HeaderList headers;
        headers.append("dpop-nonce", "n1");
        QVERIFY(m_nonces->observe(Role::AuthorizationServer, a, headers));
        QCOMPARE(m_nonces->nonceFor(Role::AuthorizationServer, a), QByteArray("n1"));
        QVERIFY(m_nonces->nonceFor(Role::ResourceServer, a).isEmpty());
        QVERIFY(m_nonces->nonceFor(Role::AuthorizationServer, b).isEmpty());
        HeaderList newer;
        newer.append("DPoP-Nonce", "n2");
        QVERIFY(m_nonces->observe(Role::AuthorizationServer, a, newer)); // of any answer, the newest
        QCOMPARE(m_nonces->nonceFor(Role::AuthorizationServer, a), QByteArray("n2"));
        for (const QByteArray& bad : {QByteArray(), QByteArray("a b"), QByteArray("a\"b"), QByteArray("a\\b"),
                                      QByteArray(2000, 'a')}) {
            HeaderList odd;
            odd.append("DPoP-Nonce", bad);
            QVERIFY2(!m_nonces->observe(Role::AuthorizationServer, a, odd), bad.constData());
        }
        newer.append("DPoP-Nonce", "n3");
        QVERIFY(!m_nonces->observe(Role::AuthorizationServer, a, newer));
        QCOMPARE(m_nonces->nonceFor(Role::AuthorizationServer, a), QByteArray("n2"));
    }
};

QTEST_GUILESS_MAIN(TestDpop)
#include "test_dpop.moc"
