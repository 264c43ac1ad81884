// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jwt.h"

#include <QtTest>

using namespace kb;

namespace {

std::string part(const QByteArray& text) {
    return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals).toStdString();
}

std::string token(const QByteArray& header, const QByteArray& claims, const std::string& signature = "c2ln") {
    return part(header) + "." + part(claims) + "." + signature;
}

const QByteArray plainHeader = R"({"alg":"HS256","typ":"JWT"})";

QStringList findingsOf(const QByteArray& header, const QByteArray& claims,
                       const std::string& signature = "c2ln") {
    const Result<DecodedJwt> jwt = decodeJwt(token(header, claims, signature));
    return jwt ? jwt->hygiene : QStringList{QStringLiteral("unreadable: ") + jwt.error().text()};
}

bool has(const QStringList& findings, const char* text) {
    return std::any_of(findings.begin(), findings.end(),
                       [text](const QString& finding) { return finding.contains(QLatin1String(text)); });
}

// RFC 7515 appendix A and RFC 7519 §3.1, §6.1: the payload of A.1 to A.3 and A.5 is the same.
const std::string claimsOfJoe = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9p"
                                "c19yb290Ijp0cnVlfQ";

} // namespace

class TestJwt : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_6_standardsExamples_data() {
        QTest::addColumn<QByteArray>("compact");
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<bool>("unsecured");
        QTest::newRow("RFC 7515 A.1, RFC 7519 3.1 (HS256)")
            << QByteArray::fromStdString("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claimsOfJoe +
                                         ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
            << QStringLiteral("HS256") << false;
        QTest::newRow("RFC 7515 A.2 (RS256)")
            << QByteArray::fromStdString(
                   "eyJhbGciOiJSUzI1NiJ9." + claimsOfJoe +
                   ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-"
                   "0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnb"
                   "yTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j"
                   "zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98r"
                   "qVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw")
            << QStringLiteral("RS256") << false;
        QTest::newRow("RFC 7515 A.3 (ES256)")
            << QByteArray::fromStdString(
                   "eyJhbGciOiJFUzI1NiJ9." + claimsOfJoe +
                   ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJ"
                   "qPP3-Kg6NU1Q")
            << QStringLiteral("ES256") << false;
        QTest::newRow("RFC 7515 A.5, RFC 7519 6.1 (none)")
            << QByteArray::fromStdString("eyJhbGciOiJub25lIn0." + claimsOfJoe + ".") << QStringLiteral("none")
            << true;
    }
    void s5_6_standardsExamples() {
        QFETCH(QByteArray, compact);
        QFETCH(QString, algorithm);
        QFETCH(bool, unsecured);
        const Result<DecodedJwt> jwt = decodeJwt(compact.toStdString());
        QVERIFY2(jwt.has_value(), jwt ? "" : qPrintable(jwt.error().text()));
        QCOMPARE(jwt->algorithm, algorithm);
        QCOMPARE(jwt->unsecured, unsecured);
        QCOMPARE(jwt->issuer, QStringLiteral("joe"));
        QCOMPARE(jwt->expiresAt.value_or(0), 1300819380.0);
        QVERIFY(jwt->claims.find(u"http://example.com/is_root")->boolean);
        QCOMPARE(
            jwt->claimsText,
            QByteArray("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"));
        QVERIFY(!jwt->encrypted);
    }

    void s5_6_payloadThatIsNoObject() {
        // RFC 7515 A.4: ES512 over the text "Payload".
        const Result<DecodedJwt> jwt = decodeJwt(
            "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZq"
            "wqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9E"
            "RBXukOXolLzeO_Jn");
        QVERIFY(jwt.has_value());
        QCOMPARE(jwt->claimsText, QByteArray("Payload"));
        QCOMPARE(jwt->claims.type, JsonValue::Type::Null);
        QVERIFY(has(jwt->hygiene, "not a JSON object"));
    }

    void s5_6_jsonSerializationIsNoCompactForm() {
        // RFC 7515 A.6 is the JSON form, which is not for an Authorization field.
        const Result<DecodedJwt> jwt = decodeJwt(R"({"payload":"eyJpc3MiOiJqb2UifQ","signatures":[]})");
        QVERIFY(!jwt);
        QVERIFY(jwt.error().what.contains(QLatin1String("no dots")));
    }

    void s5_6_encryptedShowsItsHeaderOnly() {
        // RFC 7516 A.1's header with parts shortened.
        const Result<DecodedJwt> jwt = decodeJwt(
            "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp.48V1_ALb6US04U3b.5eym8TW_c8Su"
            ".XFBoMYUZodetZdvTiFvSkQ");
        QVERIFY2(jwt.has_value(), jwt ? "" : qPrintable(jwt.error().text()));
        QVERIFY(jwt->encrypted);
        QVERIFY(!jwt->unsecured);
        QCOMPARE(jwt->algorithm, QStringLiteral("RSA-OAEP"));
        QCOMPARE(jwt->claims.type, JsonValue::Type::Null);
        QVERIFY(jwt->claimsText.isEmpty());
        QVERIFY(decodeJwt("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..48V1_ALb6US04U3b.5eym8TW_c8Su.XFBoMYUZ")
                    .has_value());
    }

    void s5_6_encryptedHygiene_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QString>("finding");
        const auto row = [](const char* header, const char* key, const char* finding) {
            QTest::newRow(header) << QByteArray(header) << QByteArray(key) << QString::fromLatin1(finding);
        };
        const char* fine = "";
        row(R"({"alg":"RSA-OAEP","enc":"A256GCM","typ":"JWT","kid":"a"})", "c2ln", fine);
        row(R"({"alg":"dir","enc":"A128GCM","typ":"JWT"})", "", fine);
        row(R"({"alg":"ECDH-ES","enc":"A128GCM","typ":"JWT"})", "", fine);
        row(R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":4096,"typ":"JWT"})", "c2ln", fine);
        row(R"({"alg":"RSA-OAEP","typ":"JWT","kid":"a"})", "c2ln", "enc is missing.");
        row(R"({"alg":"RSA1_5","enc":"A128CBC-HS256","typ":"JWT","kid":"a"})", "c2ln", "alg is RSA1_5");
        row(R"({"alg":"dir","enc":"A128GCM","zip":"DEF","typ":"JWT"})", "", "compressed before");
        row(R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":9999999,"typ":"JWT"})", "c2ln",
            "9999999 rounds");
        row(R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1e400,"typ":"JWT"})", "c2ln",
            "1e400 rounds");
        row(R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":999,"typ":"JWT"})", "c2ln",
            "less than 1000");
        row(R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":"x","typ":"JWT"})", "c2ln",
            "less than 1000");
        row(R"({"alg":"dir","enc":"A256GCM","typ":"JWT"})", "c2ln", "dir sends no encrypted key");
        row(R"({"alg":"A128KW","enc":"A256GCM","typ":"JWT"})", "", "A128KW sends an encrypted key");
        row(R"({"enc":"A256GCM","typ":"JWT"})", "", "alg is missing.");
    }
    void s5_6_encryptedHygiene() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, key);
        QFETCH(QString, finding);
        const Result<DecodedJwt> jwt = decodeJwt(part(header) + '.' + key.toStdString() + ".aXY.dGV4dA.dGFn");
        QVERIFY2(jwt.has_value(), jwt ? "" : qPrintable(jwt.error().text()));
        QCOMPARE(jwt->hygiene.size(), finding.isEmpty() ? 0 : 1);
        if (!finding.isEmpty())
            QVERIFY2(jwt->hygiene.first().contains(finding), qPrintable(jwt->hygiene.first()));
    }

    void s5_6_refuses_data() {
        QTest::addColumn<QByteArray>("compact");
        QTest::addColumn<QString>("named");
        const QByteArray good = "eyJhbGciOiJIUzI1NiJ9";
        QTest::newRow("empty") << QByteArray() << QStringLiteral("no dots");
        QTest::newRow("two parts") << good + ".e30" << QStringLiteral("2 parts");
        QTest::newRow("four parts") << good + ".e30.c2ln.x" << QStringLiteral("4 parts");
        QTest::newRow("six parts") << good + ".....x" << QStringLiteral("more than five");
        QTest::newRow("padded header") << good + "=.e30.c2ln" << QStringLiteral("header");
        QTest::newRow("padded payload") << good + ".e30=.c2ln" << QStringLiteral("payload");
        QTest::newRow("bad signature") << good + ".e30.c2+n" << QStringLiteral("signature");
        QTest::newRow("space behind") << good + ".e30.c2ln " << QStringLiteral("a space");
        QTest::newRow("line break inside") << good + ".e3\n0.c2ln" << QStringLiteral("a line break");
        QTest::newRow("header not JSON") << QByteArray("bm8.e30.c2ln") << QStringLiteral("not JSON");
        QTest::newRow("header an array") << QByteArray("W10.e30.c2ln") << QStringLiteral("not a JSON object");
        QTest::newRow("header empty") << QByteArray(".e30.c2ln") << QStringLiteral("header");
        QTest::newRow("length impossible") << good + ".e30.c2lnX" << QStringLiteral("length");
        QTest::newRow("header not UTF-8")
            << QByteArray::fromStdString(part("{\"alg\":\"\xff\"}")) + ".e30.c2ln"
            << QStringLiteral("not JSON");
        QTest::newRow("too large") << QByteArray(2000000, 'a') << QStringLiteral("1 MB");
    }
    void s5_6_refuses() {
        QFETCH(QByteArray, compact);
        QFETCH(QString, named);
        const Result<DecodedJwt> jwt = decodeJwt(compact.toStdString());
        QVERIFY(!jwt);
        QCOMPARE(jwt.error().code, ErrorCode::ParseError);
        QVERIFY2(jwt.error().what.contains(named), qPrintable(jwt.error().what));
        if (jwt.error().position >= 0) QVERIFY(jwt.error().position < compact.size());
    }

    void s5_6_positionNamesTheCharacter() {
        const Result<DecodedJwt> jwt = decodeJwt("eyJhbGciOiJIUzI1NiJ9.e3=0.c2ln");
        QVERIFY(!jwt);
        QCOMPARE(jwt.error().position, 23);
        QCOMPARE(jwt.error().where, QStringLiteral("payload"));
    }

    void s5_6_readsWhoAndWhat() {
        const Result<DecodedJwt> jwt = decodeJwt(token(
            R"({"alg":"RS256","typ":"at+jwt","kid":"k1"})",
            R"({"iss":"https://id.example","sub":"u1","aud":["a","b"],"scope":"users:read profile","scp":["x","profile"],)"
            R"("role":"user","roles":["admin","user"],"groups":["g"],"permissions":["p"],)"
            R"("realm_access":{"roles":["r"]},"iat":1.5,"nbf":2,"exp":3e2})"));
        QVERIFY(jwt.has_value());
        QCOMPARE(jwt->type, QStringLiteral("at+jwt"));
        QCOMPARE(jwt->keyId, QStringLiteral("k1"));
        QCOMPARE(jwt->issuer, QStringLiteral("https://id.example"));
        QCOMPARE(jwt->subject, QStringLiteral("u1"));
        QCOMPARE(jwt->audience.join(u','), QStringLiteral("a,b"));
        QCOMPARE(jwt->scopes.join(u','), QStringLiteral("users:read,profile,x"));
        QCOMPARE(jwt->roles.join(u','), QStringLiteral("user,admin,g,p,r"));
        QCOMPARE(jwt->issuedAt.value_or(0), 1.5);
        QCOMPARE(jwt->notBefore.value_or(0), 2.0);
        QCOMPARE(jwt->expiresAt.value_or(0), 300.0);
    }

    /// RFC 9068 §2.2.3.1 takes roles, groups and entitlements from SCIM, whose lists hold objects (RFC 7643
    /// §2.4).
    void s5_7_rolesAsInScim() {
        const Result<DecodedJwt> jwt = decodeJwt(
            token(plainHeader, R"({"roles":[{"value":"admin","primary":true},"user",{"display":"x"},5],)"
                               R"("groups":[{"value":"g1","display":"Staff"}],"entitlements":["e1",)"
                               R"({"value":"e2"},{"value":7}]})"));
        QVERIFY(jwt.has_value());
        QStringList roles = jwt->roles;
        roles.sort();
        QCOMPARE(roles.join(u','), QStringLiteral("admin,e1,e2,g1,user"));
    }

    void s5_6_audienceMayBeOneText() {
        const Result<DecodedJwt> jwt = decodeJwt(token(plainHeader, R"({"aud":"one with spaces"})"));
        QCOMPARE(jwt->audience, QStringList{QStringLiteral("one with spaces")});
    }

    void s5_6_times_data() {
        QTest::addColumn<QByteArray>("claims");
        QTest::addColumn<bool>("known");
        QTest::addColumn<QString>("finding");
        QTest::newRow("text") << QByteArray(R"({"exp":"1300819380"})") << false
                              << QStringLiteral("exp is text, not a number.");
        QTest::newRow("bool") << QByteArray(R"({"exp":true})") << false
                              << QStringLiteral("exp is not a number of seconds.");
        QTest::newRow("null") << QByteArray(R"({"exp":null})") << false
                              << QStringLiteral("exp is not a number of seconds.");
        QTest::newRow("too large") << QByteArray(R"({"exp":1e400})") << false
                                   << QStringLiteral("exp is not a number of seconds.");
        QTest::newRow("milliseconds") << QByteArray(R"({"exp":1700000000000})") << true
                                      << QStringLiteral("exp looks like milliseconds; it must be seconds.");
        QTest::newRow("missing") << QByteArray(R"({})") << false
                                 << QStringLiteral("Has no exp: it never expires by itself.");
        QTest::newRow("before iat") << QByteArray(R"({"iat":20,"exp":10})") << true
                                    << QStringLiteral("exp is not after iat.");
        QTest::newRow("before nbf") << QByteArray(R"({"nbf":20,"exp":20})") << true
                                    << QStringLiteral("exp is not after nbf.");
        QTest::newRow("a day") << QByteArray(R"({"iat":0,"exp":86400})") << true
                               << QStringLiteral("Lives 24 hours.");
        QTest::newRow("30 days") << QByteArray(R"({"iat":0,"exp":2592000})") << true
                                 << QStringLiteral("Lives 30 days.");
    }
    void s5_6_times() {
        QFETCH(QByteArray, claims);
        QFETCH(bool, known);
        QFETCH(QString, finding);
        const Result<DecodedJwt> jwt = decodeJwt(token(plainHeader, claims));
        QVERIFY(jwt.has_value());
        QCOMPARE(jwt->expiresAt.has_value(), known);
        QVERIFY2(jwt->hygiene.contains(finding), qPrintable(jwt->hygiene.join(u'|')));
    }

    void s5_6_aTidyTokenHasNoFindings() {
        QCOMPARE(findingsOf(R"({"alg":"RS256","typ":"JWT","kid":"k"})", R"({"iat":1,"exp":901,"aud":"x"})"),
                 QStringList());
    }

    void s5_6_findings_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("claims");
        QTest::addColumn<QByteArray>("finding");
        const QByteArray claims = R"({"iat":1,"exp":901,"aud":"x"})";
        QTest::newRow("alg none") << QByteArray(R"({"alg":"nOnE","typ":"JWT"})") << claims
                                  << QByteArray("alg is none");
        QTest::newRow("alg missing") << QByteArray(R"({"typ":"JWT"})") << claims
                                     << QByteArray("alg is missing");
        QTest::newRow("typ missing") << QByteArray(R"({"alg":"HS256"})") << claims
                                     << QByteArray("typ is missing");
        for (const char* algorithm : {"RS256", "PS384", "ES512", "EdDSA"}) {
            QTest::addRow("kid missing %s", algorithm)
                << QByteArray(R"({"typ":"JWT","alg":")") + algorithm + "\"}" << claims
                << QByteArray("kid is missing");
        }
        for (const char* name : {"jku", "x5u", "jwk", "x5c"}) {
            QTest::addRow("brings %s", name)
                << QByteArray(R"({"alg":"HS256","typ":"JWT",")") + name + "\":\"x\"}" << claims
                << QByteArray("brings its own key (") + name;
        }
        QTest::newRow("crit empty") << QByteArray(R"({"alg":"HS256","typ":"JWT","crit":[]})") << claims
                                    << QByteArray("crit is not");
        QTest::newRow("crit absent name") << QByteArray(R"({"alg":"HS256","typ":"JWT","crit":["x"]})")
                                          << claims << QByteArray("does not have");
        QTest::newRow("crit unknown") << QByteArray(R"({"alg":"HS256","typ":"JWT","x":1,"crit":["x"]})")
                                      << claims << QByteArray("understand x");
        QTest::newRow("alg twice") << QByteArray(R"({"alg":"HS256","typ":"JWT","alg":"none"})") << claims
                                   << QByteArray("alg comes twice in the header");
        QTest::newRow("claim twice") << plainHeader << QByteArray(R"({"aud":"x","role":"a","role":"b"})")
                                     << QByteArray("role comes twice in the payload");
        QTest::newRow("nested twice") << plainHeader << QByteArray(R"({"o":[{"a":1,"a":2}]})")
                                      << QByteArray("a comes twice in the payload");
        QTest::newRow("password") << plainHeader << QByteArray(R"({"user":{"password":"x"}})")
                                  << QByteArray("Carries password");
        QTest::newRow("api key") << plainHeader << QByteArray(R"({"apiKey":"x"})")
                                 << QByteArray("Carries apiKey");
        QTest::newRow("no aud") << plainHeader << QByteArray(R"({"iat":1,"exp":2})")
                                << QByteArray("Has no aud");
        QTest::newRow("aud number") << plainHeader << QByteArray(R"({"aud":[1]})")
                                    << QByteArray("aud is neither");
        QTest::newRow("at+jwt") << QByteArray(R"({"alg":"HS256","typ":"application/AT+JWT"})") << claims
                                << QByteArray("needs client_id");
        // RFC 9068 §2.2: every one of these must be there.
        const QList<std::pair<QByteArray, QByteArray>> demanded = {
            {"iss", "\"i\""},       {"exp", "901"}, {"aud", "\"x\""}, {"sub", "\"s\""},
            {"client_id", "\"c\""}, {"iat", "1"},   {"jti", "\"j\""}};
        for (const auto& missing : demanded) {
            QByteArray others;
            for (const auto& [name, value] : demanded)
                if (name != missing.first)
                    others += (others.isEmpty() ? "{\"" : ",\"") + name + "\":" + value;
            const bool general = missing.first == "exp" || missing.first == "aud"; // missed in any token
            QTest::addRow("s5_7 at+jwt without %s", missing.first.constData())
                << QByteArray(R"({"alg":"HS256","typ":"at+jwt"})") << others + '}'
                << QByteArray(general ? "Has no " : "An at+jwt needs ") + missing.first;
        }
        QTest::newRow("b64 false") << QByteArray(R"({"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]})")
                                   << QByteArray("x") << QByteArray("sent unencoded");
    }
    void s5_6_findings() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, claims);
        QFETCH(QByteArray, finding);
        const QStringList found = findingsOf(header, claims);
        QVERIFY2(has(found, finding.constData()), qPrintable(found.join(u'|')));
        for (const QString& text : found)
            QVERIFY2(text.endsWith(u'.'), qPrintable(text));
        if (QByteArray(QTest::currentDataTag()).startsWith("s5_7")) QCOMPARE(found.size(), 1);
    }

    void s5_7_aTidyAccessTokenHasNoFindings() {
        QCOMPARE(findingsOf(R"({"alg":"HS256","typ":"at+jwt"})",
                            R"({"iss":"i","exp":901,"aud":"x","sub":"s","client_id":"c","iat":1,"jti":"j"})"),
                 QStringList());
    }

    void s5_6_wordsThatOnlyContainASecretWord() {
        QVERIFY(
            !has(findingsOf(plainHeader, R"({"session":1,"pinned":1,"urbanity":1,"sub":"x"})"), "Carries"));
    }

    void s5_6_emptySignatureIsUnsecured() {
        const Result<DecodedJwt> jwt = decodeJwt(token(plainHeader, "{}", ""));
        QVERIFY(jwt.has_value());
        QVERIFY(jwt->unsecured);
        QVERIFY(has(jwt->hygiene, "signature is empty"));
    }

    void s5_6_trailingBitsAreReported() {
        const Result<DecodedJwt> jwt = decodeJwt("eyJhbGciOiJIUzI1NiJ9.e30.c2lnbh");
        QVERIFY(jwt.has_value());
        QVERIFY(has(jwt->hygiene, "The signature ends in bits that are not zero."));
    }

    void s5_6_timesAgainstAClock() {
        const Result<DecodedJwt> jwt = decodeJwt(token(plainHeader, R"({"iat":1000,"nbf":2000})"));
        QCOMPARE(timeFindings(*jwt, 1000).size(), 1);
        QCOMPARE(timeFindings(*jwt, 900).size(), 2);
        QCOMPARE(timeFindings(*jwt, 1940).size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestJwt)
#include "test_jwt.moc"
