// SPDX-License-Identifier: GPL-3.0-or-later
// OpenID Connect Core §5.3: who a token stands for, as the server says it.
#include "core/auth/userinfo.h"
#include "oauth_samples.h"

using namespace kb;

class TestUserinfo : public QObject {
    Q_OBJECT
    OAuthFixture m_f;
    const Secret m_token{"the-presented-token-1"};

    OAuthResult<Userinfo> read(const QByteArray& body, const char* subject = "",
                               const QByteArray& type = "application/json") {
        return readUserinfo(
            jsonAnswer(200, body, type),
            {QString::fromLatin1(subject), QStringLiteral("https://as.example.com"), QStringLiteral("app")},
            m_f.context());
    }
    OAuthResult<Userinfo> refused(int status, const QByteArray& challenge) {
        Response response = jsonAnswer(status, "<p>no</p>", "text/html");
        if (!challenge.isEmpty()) response.headers.append("WWW-Authenticate", challenge);
        return readUserinfo(response, {}, m_f.context());
    }

private Q_SLOTS:
    void oidc5_3_1_aGetWithTheToken() {
        const HttpUrl url = urlOf(QStringLiteral("https://as.example.com/u"));
        const auto request = userinfoRequest(url, &m_token, {}, m_f.context());
        QCOMPARE(request->method, QByteArray("GET"));
        QCOMPARE(*request->headers.first("Authorization"), QByteArray("Bearer the-presented-token-1"));
        QVERIFY(m_f.masks("the-presented-token-1"));
        // With a proof, the flow that proves puts the token in.
        QVERIFY(!userinfoRequest(url, nullptr, {}, m_f.context())->headers.contains("Authorization"));
        QVERIFY(
            !userinfoRequest(urlOf(QStringLiteral("http://as.example.com/u")), &m_token, {}, m_f.context()));
    }

    void oidc5_3_2_ofTheSameUser() {
        const QByteArray body = "{\"sub\":\"s1\",\"name\":\"N\"}";
        QCOMPARE(read(body, "s1")->claims.text(u"name"), QStringLiteral("N"));
        QVERIFY(!read(body, "s1")->asJwt);
        QVERIFY(read(body));
        QVERIFY(!read(body, "S1"));
        QVERIFY(read(body, "S1").error().error.what.contains(QStringLiteral("another user")));
        QVERIFY(!read("{\"name\":\"N\"}")); // sub is always there
        QVERIFY(!read("{\"sub\":1}"));
        QVERIFY(!read("[]"));
    }

    void oidc5_3_2_asAJwt() {
        const QByteArray claims = "{\"sub\":\"s1\",\"iss\":\"https://as.example.com\"}";
        const QByteArray jwt =
            toBase64Url("{\"alg\":\"RS256\"}") + '.' + toBase64Url(viewOf(claims)) + ".c2ln";
        const auto signedOne = read(jwt + '\n', "s1", "application/jwt");
        QVERIFY2(signedOne.has_value(), signedOne ? "" : qPrintable(signedOne.error().error.text()));
        QVERIFY(signedOne->asJwt);
        QCOMPARE(signedOne->claims.text(u"iss"), QStringLiteral("https://as.example.com"));
        QCOMPARE(signedOne->findings.size(), 1);
        QVERIFY(signedOne->findings.first().contains(QStringLiteral("RS256")));
        QVERIFY(!read(jwt, "s2", "application/jwt"));
        for (const char* foreign :
             {"{\"sub\":\"s1\",\"iss\":\"https://evil.example\"}", "{\"sub\":\"s1\",\"aud\":\"another\"}"}) {
            const QByteArray other =
                toBase64Url("{\"alg\":\"RS256\"}") + '.' + toBase64Url(foreign) + ".c2ln";
            QVERIFY2(!read(other, "s1", "application/jwt"), foreign);
        }
        const QByteArray mine = toBase64Url("{\"alg\":\"RS256\"}") + '.' +
                                toBase64Url("{\"sub\":\"s1\",\"aud\":[\"app\",\"x\"]}") + ".c2ln";
        QVERIFY(read(mine, "s1", "application/jwt"));
        QVERIFY(!read("a.b.c", "", "application/jwt"));
        const QByteArray jwe = toBase64Url("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}") + ".a.b.c.d";
        QVERIFY(!read(jwe, "", "application/jwt; charset=utf-8"));
    }

    // RFC 6750 §3: a protected resource's own words, whatever the body is.
    void oidc5_3_3_aRefusalIsToldByItsChallenge() {
        const auto expired =
            refused(401, "Bearer realm=\"x\", error=\"invalid_token\", error_description=\"it ended\"");
        QVERIFY(!expired);
        QCOMPARE(expired.error().kind, OAuthFailure::Kind::Refused);
        QCOMPARE(expired.error().code, QStringLiteral("invalid_token"));
        QVERIFY(expired.error().error.what.contains(QStringLiteral("it ended")));
        QVERIFY(expired.error().error.next.contains(QStringLiteral("Refresh")));
        const auto scope = refused(403, "DPoP error=\"insufficient_scope\"");
        QVERIFY(scope.error().error.next.contains(QStringLiteral("openid")));
        QVERIFY(refused(401, "Bearer").error().error.what.contains(QStringLiteral("401")));
        // Without one, it is read as any answer of the server.
        QVERIFY(refused(401, "Basic realm=\"x\"").error().error.what.contains(QStringLiteral("HTML")));
        QVERIFY(!refused(403, {}));
    }
};

QTEST_GUILESS_MAIN(TestUserinfo)
#include "test_userinfo.moc"
