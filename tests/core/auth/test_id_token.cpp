// SPDX-License-Identifier: GPL-3.0-or-later
// OpenID Connect Core §3.1.3.7, §3.1.3.8 and §12.2: whom an id_token is from, for and about.
#include "core/auth/id_token.h"
#include "oauth_samples.h"

using namespace kb;

namespace {

constexpr qint64 now = 1'700'000'000'000;

DecodedJwt tokenOf(const QByteArray& claims, const QByteArray& algorithm = "RS256") {
    const QByteArray head = "{\"alg\":\"" + algorithm + "\"}";
    const QByteArray jwt = toBase64Url(viewOf(head)) + '.' + toBase64Url(viewOf(claims)) + ".c2ln";
    const Result<DecodedJwt> decoded = decodeJwt(viewOf(jwt));
    if (!decoded) qFatal("%s", qPrintable(decoded.error().text()));
    return *decoded;
}

} // namespace

class TestIdToken : public QObject {
    Q_OBJECT
    const Secret m_nonce{"the-nonce-1234567"};
    // OpenID Connect Core, appendix A.4.
    const Secret m_accessToken{"jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"};

    Result<QStringList> check(const QByteArray& claims, bool withNonce = true) const {
        const IdTokenExpectation expected{QStringLiteral("https://as.example.com"),
                                          QStringLiteral("native app"), withNonce ? &m_nonce : nullptr,
                                          &m_accessToken};
        return checkIdToken(tokenOf(claims), expected, now);
    }

private Q_SLOTS:
    /// 12 and 13: what was asked for is looked for in the answer.
    void s3_1_3_7_stepUp() {
        const StepUp wish{{QStringLiteral("gold"), QStringLiteral("silver")}, 300};
        const auto said = [&](const QByteArray& claims) {
            return stepUpFindings(tokenOf(claims), wish, now);
        };
        QCOMPARE(said("{\"acr\":\"silver\",\"auth_time\":1699999800}"), QStringList());
        QCOMPARE(said("{\"acr\":\"bronze\",\"auth_time\":1699999800}").size(), 1);
        QVERIFY(
            said("{\"acr\":\"bronze\",\"auth_time\":1699999800}").first().contains(QStringLiteral("bronze")));
        QCOMPARE(said("{\"acr\":\"gold\",\"auth_time\":1699990000}").size(), 1);
        QCOMPARE(said("{}").size(), 2);
        QVERIFY(stepUpFindings(tokenOf("{}"), {}, now).isEmpty());
    }

    void s3_1_3_7_whoseItIs() {
        const QByteArray iss = "\"iss\":\"https://as.example.com\",";
        const QByteArray aud = "\"aud\":\"native app\",";
        const QByteArray exp = "\"exp\":1700000300,";
        const QByteArray rest = "\"sub\":\"s1\",\"iat\":1700000000,\"nonce\":\"the-nonce-1234567\"}";
        QCOMPARE(check('{' + iss + aud + exp + rest), QStringList());
        QVERIFY(!check('{' + iss + aud + exp + "\"sub\":\"s1\",\"nonce\":\"other\"}"));
        QVERIFY(!check('{' + iss + aud + exp + "\"sub\":\"s1\"}"));
        QVERIFY(check('{' + iss + aud + exp + "\"sub\":\"s1\"}", false)); // none was sent: a device's login
        QVERIFY(!check("{\"iss\":\"https://evil.example\"," + aud + exp + rest));
        QVERIFY(!check('{' + aud + exp + rest));
        QVERIFY(!check('{' + iss + "\"aud\":\"another\"," + exp + rest));
        QVERIFY(!check('{' + iss + "\"aud\":[\"native app\",\"another\"]," + exp + rest));
        QVERIFY(
            check('{' + iss + "\"aud\":[\"native app\",\"another\"],\"azp\":\"native app\"," + exp + rest));
        QVERIFY(!check('{' + iss + aud + "\"azp\":\"another\"," + exp + rest));
        QVERIFY(!check('{' + iss + aud + rest));
        QVERIFY(!check('{' + iss + aud + "\"exp\":1699999940," + rest));
        QVERIFY(check('{' + iss + aud + "\"exp\":1699999941," + rest)); // within the leeway
    }

    void s2_whatItShouldSayIsMissed() {
        const QByteArray base =
            "{\"iss\":\"https://as.example.com\",\"aud\":\"native app\",\"exp\":1700000300,";
        const Result<QStringList> nobody = check(base + "\"nonce\":\"the-nonce-1234567\"}");
        QVERIFY(!nobody);
        QVERIFY(nobody.error().what.contains(QStringLiteral("sub")));
        const QStringList bare = check(base + "\"nonce\":\"the-nonce-1234567\",\"sub\":\"s1\"}").value();
        QCOMPARE(bare.size(), 1);
        QVERIFY(bare[0].contains(QStringLiteral("iat")));
        const QStringList ahead =
            check(base + "\"nonce\":\"the-nonce-1234567\",\"sub\":\"s1\",\"iat\":1700000200}").value();
        QCOMPARE(ahead.size(), 1);
        QVERIFY(ahead[0].contains(QStringLiteral("future")));
    }

    void s3_1_3_6_accessTokenHash() {
        QCOMPARE(accessTokenHash(QStringLiteral("RS256"), m_accessToken),
                 QByteArray("77QmUPtjPfzWtF2AnpK9RQ"));
        QCOMPARE(accessTokenHash(QStringLiteral("PS384"), m_accessToken).size(), 32); // 24 bytes
        QCOMPARE(accessTokenHash(QStringLiteral("ES512"), m_accessToken).size(), 43); // 32 bytes
        QCOMPARE(accessTokenHash(QStringLiteral("EdDSA"), m_accessToken),
                 accessTokenHash(QStringLiteral("RS512"), m_accessToken));
        QCOMPARE(accessTokenHash(QStringLiteral("none"), m_accessToken), QByteArray());
    }

    void s3_1_3_8_itIsAboutThisAccessToken() {
        const QByteArray base =
            "{\"iss\":\"https://as.example.com\",\"aud\":\"native app\",\"exp\":1700000300,\"sub\":"
            "\"s1\",\"iat\":1700000000,\"nonce\":\"the-nonce-1234567\",\"at_hash\":\"";
        QVERIFY(check(base + "77QmUPtjPfzWtF2AnpK9RQ\"}"));
        const Result<QStringList> other = check(base + "77QmUPtjPfzWtF2AnpK9RR\"}");
        QVERIFY(!other);
        QVERIFY(other.error().what.contains(QStringLiteral("at_hash")));
        QVERIFY(!other.error().next.isEmpty());
    }

    void anUnsignedOneIsSaid() {
        const QByteArray claims =
            "{\"iss\":\"https://as.example.com\",\"aud\":\"native app\",\"exp\":1700000300,"
            "\"sub\":\"s1\",\"iat\":1700000000}";
        const QByteArray jwt = toBase64Url("{\"alg\":\"none\"}") + '.' + toBase64Url(viewOf(claims)) + '.';
        const IdTokenExpectation expected{QStringLiteral("https://as.example.com"),
                                          QStringLiteral("native app")};
        const Result<QStringList> checked = checkIdToken(*decodeJwt(viewOf(jwt)), expected, now);
        QVERIFY(checked);
        QCOMPARE(checked->size(), 1);
        QVERIFY(checked->first().contains(QStringLiteral("signature")));
    }

    void s12_2_aRefreshIsOfTheSameLogin() {
        const QByteArray first =
            "{\"iss\":\"https://as.example.com\",\"sub\":\"s1\",\"aud\":\"native app\",\"auth_time\":"
            "1699990000,\"nonce\":\"n\"}";
        const auto after = [&](QByteArray from, QByteArray to) {
            return checkRefreshedIdToken(tokenOf(QByteArray(first).replace(from, to)), tokenOf(first))
                .has_value();
        };
        QVERIFY(after("x", "x"));
        QVERIFY(after(",\"nonce\":\"n\"", ""));          // none is fine
        QVERIFY(after(",\"auth_time\":1699990000", "")); // so is this
        QVERIFY(after("1699990000", "1699990000.0"));
        QVERIFY(after("\"native app\"", "[\"native app\",\"more\"]"));
        QVERIFY(!after("https://as.example.com", "https://as.example.com/"));
        QVERIFY(!after("\"s1\"", "\"s2\""));
        QVERIFY(!after("native app", "other"));
        QVERIFY(!after("1699990000", "1699990001"));
        QVERIFY(!after("\"nonce\":\"n\"", "\"nonce\":\"m\""));
        QVERIFY(!after("\"nonce\"", "\"azp\":\"p\",\"nonce\""));
    }
};

QTEST_GUILESS_MAIN(TestIdToken)
#include "test_id_token.moc"
