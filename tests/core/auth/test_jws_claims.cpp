// SPDX-License-Identifier: GPL-3.0-or-later
// The claims' side of verification (RFC 7519 §4.1), kept apart from the signature's.
#include "tests/core/auth/jose_tokens.h"

#include <QtTest>

using namespace kb;
using namespace jose;

namespace {

JwsVerification verify(const QByteArray& claims, const VerifyOptions& options) {
    return verifyJws(viewOf(token(QStringLiteral("HS256"), "{}", claims)),
                     testKeys().verifying.at(QStringLiteral("secret")), options);
}

VerifyOptions at(double now, double leeway = 60) {
    VerifyOptions options;
    options.nowSeconds = now;
    options.leewaySeconds = leeway;
    return options;
}

} // namespace

class TestJwsClaims : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// RFC 8725 §3.11: what is one kind of token is not taken for another.
    void s5_6_typeIsChecked() {
        const auto judged = [](const QByteArray& header, const char* wanted) {
            VerifyOptions options = at(1);
            options.type = QString::fromLatin1(wanted);
            const JwsVerification result =
                verifyJws(viewOf(token(QStringLiteral("HS256"), header, "{}")),
                          testKeys().verifying.at(QStringLiteral("secret")), options);
            return result.verified() ? QByteArray("verified") : result.claimRefusal.id;
        };
        QCOMPARE(judged(R"({"typ":"at+jwt"})", "at+jwt"), QByteArray("verified"));
        QCOMPARE(judged(R"({"typ":"application/AT+JWT"})", "at+jwt"), QByteArray("verified"));
        QCOMPARE(judged(R"({"typ":"JWT"})", "application/jwt"), QByteArray("verified"));
        QCOMPARE(judged(R"({"typ":"JWT"})", "at+jwt"), QByteArray("typ-mismatch"));
        QCOMPARE(judged(R"({"typ":"dpop+jwt"})", "at+jwt"), QByteArray("typ-mismatch"));
        QCOMPARE(judged(R"({"typ":1})", "at+jwt"), QByteArray("typ-mismatch"));
        QCOMPARE(judged("{}", "at+jwt"), QByteArray("typ-missing"));
        QCOMPARE(judged("{}", ""), QByteArray("verified"));
    }

    void s5_6_times_data() {
        QTest::addColumn<QByteArray>("claims");
        QTest::addColumn<double>("now");
        QTest::addColumn<double>("leeway");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, const char* claims, double now, double leeway,
                            const char* reason) {
            QTest::newRow(name) << QByteArray(claims) << now << leeway << QByteArray(reason);
        };
        const char* exp = R"({"exp":1000})";
        row("no times", "{}", 5e9, 60, "");
        row("in time", exp, 999, 0, "");
        row("at exp", exp, 1000, 0, "expired");
        row("after exp", exp, 1001, 0, "expired");
        row("within the leeway", exp, 1059.9, 60, "");
        row("at the leeway's end", exp, 1060, 60, "expired");
        row("another leeway", exp, 1199, 200, "");
        row("a fraction", R"({"exp":1000.5})", 1000.4, 0, "");
        row("a fraction, over", R"({"exp":1000.5})", 1000.5, 0, "expired");
        row("an exponent", R"({"exp":1e3})", 1000, 0, "expired");
        row("exp of zero", R"({"exp":0})", 1000, 60, "expired");
        row("exp below zero", R"({"exp":-1})", 1000, 60, "expired");
        row("far off", R"({"exp":99999999999999999999})", 1000, 60, "");
        row("exp is text", R"({"exp":"9999999999"})", 1000, 60, "exp-not-number");
        row("exp is null", R"({"exp":null})", 1000, 60, "exp-not-number");
        row("exp is true", R"({"exp":true})", 1000, 60, "exp-not-number");
        row("exp is a list", R"({"exp":[9999999999]})", 1000, 60, "exp-not-number");
        row("exp beyond any number", R"({"exp":1e400})", 1000, 60, "exp-not-number");
        row("names have a case", R"({"EXP":1,"Exp":1})", 1000, 60, "");
        row("before nbf", R"({"nbf":1000})", 939, 60, "not-yet-valid");
        row("before nbf, within the leeway", R"({"nbf":1000})", 940, 60, "");
        row("at nbf", R"({"nbf":1000})", 1000, 0, "");
        row("just before nbf", R"({"nbf":1000})", 999.9, 0, "not-yet-valid");
        row("nbf is text", R"({"nbf":"0"})", 1000, 60, "nbf-not-number");
        row("made in the future", R"({"iat":1100})", 1000, 60, "issued-in-future");
        row("made in the future, within the leeway", R"({"iat":1060})", 1000, 60, "");
        row("iat is text", R"({"iat":"0"})", 1000, 60, "iat-not-number");
        row("the first that fails counts", R"({"exp":1000,"nbf":9000})", 2000, 60, "expired");
        // RFC 7519 §3.1, which ended in 2011.
        row("RFC 7519 3.1", "{\"iss\":\"joe\",\r\n \"exp\":1300819380}", 1.7e9, 60, "expired");
    }
    void s5_6_times() {
        QFETCH(QByteArray, claims);
        QFETCH(double, now);
        QFETCH(double, leeway);
        QFETCH(QByteArray, reason);
        const JwsVerification result = verify(claims, at(now, leeway));
        QCOMPARE(result.reason().id, reason);
        QCOMPARE(result.timeRefusal.id, reason);
        QCOMPARE(result.verified(), reason.isEmpty());
        // The signature is good whatever the times say.
        QCOMPARE(int(result.signature), int(JwsVerification::Signature::Verified));
        VerifyOptions ignoring = at(now, leeway);
        ignoring.checkTimes = false;
        QVERIFY(verify(claims, ignoring).verified());
    }

    void s5_6_badSignatureAndTimesAreBothTold() {
        QByteArray compact = token(QStringLiteral("HS256"), "{}", R"({"exp":1000})");
        compact[compact.size() - 3] = compact[compact.size() - 3] == 'A' ? 'B' : 'A';
        const JwsVerification result =
            verifyJws(viewOf(compact), testKeys().verifying.at(QStringLiteral("secret")), at(2000));
        QCOMPARE(result.reason().id, QByteArray("signature-mismatch"));
        QCOMPARE(result.timeRefusal.id, QByteArray("expired"));
        QVERIFY(!result.verified());
        QVERIFY(result.claims.isObject());
    }

    void s5_6_issuerAndAudience_data() {
        QTest::addColumn<QByteArray>("claims");
        QTest::addColumn<QString>("issuer");
        QTest::addColumn<QString>("audience");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, const char* claims, const char* issuer, const char* audience,
                            const char* reason) {
            QTest::newRow(name) << QByteArray(claims) << QString::fromUtf8(issuer)
                                << QString::fromUtf8(audience) << QByteArray(reason);
        };
        const char* both = R"({"iss":"https://a.example/","aud":["api","other"]})";
        row("nothing asked", "{}", "", "", "");
        row("both hold", both, "https://a.example/", "other", "");
        row("issuer without its slash", both, "https://a.example", "", "issuer-mismatch");
        row("issuer in another case", both, "https://A.example/", "", "issuer-mismatch");
        row("no issuer", R"({"aud":"api"})", "https://a.example/", "", "issuer-missing");
        row("issuer in a list", R"({"iss":["https://a.example/"]})", "https://a.example/", "",
            "issuer-mismatch");
        row("audience of text", R"({"aud":"api"})", "", "api", "");
        row("audience begins alike", R"({"aud":"api.example"})", "", "api", "audience-mismatch");
        row("audience has a space", R"({"aud":"api other"})", "", "api", "audience-mismatch");
        row("none of the list", both, "", "third", "audience-mismatch");
        row("empty list", R"({"aud":[]})", "", "api", "audience-mismatch");
        row("no audience", R"({"iss":"a"})", "", "api", "audience-missing");
        row("audience of a number", R"({"aud":1})", "", "1", "audience-not-text");
        row("audience partly of numbers", R"({"aud":["api",1]})", "", "api", "audience-not-text");
        row("issuer before audience", both, "x", "x", "issuer-mismatch");
        row("no claims at all", "Payload", "x", "", "claims-missing");
        row("claims in a list", R"([{"iss":"x"}])", "x", "", "claims-missing");
    }
    void s5_6_issuerAndAudience() {
        QFETCH(QByteArray, claims);
        QFETCH(QString, issuer);
        QFETCH(QString, audience);
        QFETCH(QByteArray, reason);
        VerifyOptions options = at(1000);
        options.issuer = issuer;
        options.audience = audience;
        const JwsVerification result = verify(claims, options);
        QCOMPARE(result.claimRefusal.id, reason);
        QCOMPARE(result.verified(), reason.isEmpty());
        QCOMPARE(int(result.signature), int(JwsVerification::Signature::Verified));
    }

    void s5_6_repeatedClaims_data() {
        QTest::addColumn<QByteArray>("claims");
        QTest::newRow("exp twice") << QByteArray(R"({"exp":1,"exp":9999999999})");
        QTest::newRow("sub twice") << QByteArray(R"({"sub":"joe","sub":"admin"})");
        QTest::newRow("an escape spells it") << QByteArray(R"({"sub":"joe","\u0073ub":"admin"})");
        QTest::newRow("further in") << QByteArray(R"({"act":{"sub":"joe","sub":"admin"}})");
        QTest::newRow("in a list") << QByteArray(R"({"a":[[{"b":1,"b":2}]]})");
        QTest::newRow("an empty name") << QByteArray(R"({"":1,"":2})");
    }
    void s5_6_repeatedClaims() {
        QFETCH(QByteArray, claims);
        const JwsVerification result = verify(claims, signatureOnly());
        QCOMPARE(result.reason().id, QByteArray("claims-repeated"));
        QVERIFY(!result.verified());
        QCOMPARE(int(result.signature), int(JwsVerification::Signature::Verified));
        QVERIFY(verify(R"({"a":{"sub":1},"b":{"sub":1}})", signatureOnly()).verified());
    }

    void s5_6_encryptedTokens() {
        const JwsVerification result = verifyJws(
            "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00iLCJraWQiOiJhIn0.OKOawDo13gRp.48V1_ALb6US04U3b."
            "5eym8TW_c8Su.XFBoMYUZodetZdvTiFvSkQ",
            testKeys().verifying.at(QStringLiteral("RSA")), at(1000));
        QCOMPARE(result.reason().id, QByteArray("encrypted"));
        QCOMPARE(int(result.signature), int(JwsVerification::Signature::CannotVerify));
        QCOMPARE(result.algorithm, QStringLiteral("RSA-OAEP"));
        QCOMPARE(result.keyId, QStringLiteral("a"));
        QCOMPARE(result.claims.type, JsonValue::Type::Null);
    }
};

QTEST_APPLESS_MAIN(TestJwsClaims)
#include "test_jws_claims.moc"
