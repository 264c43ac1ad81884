// SPDX-License-Identifier: GPL-3.0-or-later
// Examples of the standards that are no plain signed token: encrypted, nested, detached, of the JSON form.
#include "core/auth/jwt.h"
#include "tests/core/auth/jose_tokens.h"

#include <QtTest>

using namespace kb;
using namespace jose;

namespace {

/// RFC 7519 A.1: the claims of its §3.1, encrypted.
const QByteArray encryptedJwt = "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0."
                                "QR1Owv2ug2WyPBnbQrRARTeEk9kDO2w8qDcjiHnSJflSdv1iNqhWXaKH4MqAkQtM"
                                "oNfABIPJaZm0HaA415sv3aeuBWnD8J-Ui7Ah6cWafs3ZwwFKDFUUsWHSK-IPKxLG"
                                "TkND09XyjORj_CHAgOPJ-Sd8ONQRnJvWn_hXV1BNMHzUjPyYwEsRhDhzjAD26ima"
                                "sOTsgruobpYGoQcXUwFDn7moXPRfDE8-NoQX7N7ZYMmpUDkR-Cx9obNGwJQ3nM52"
                                "YCitxoQVPzjbl7WBuB7AohdBoZOdZ24WlN1lVIeh8v1K4krB8xgKvRU8kgFrEn_a"
                                "1rZgN5TiysnmzTROF869lQ."
                                "AxY8DCtDaGlsbGljb3RoZQ."
                                "MKOle7UQrG6nSxTLX6Mqwt0orbHvAKeWnDYvpIAeZ72deHxz3roJDXQyhxx0wKaM"
                                "HDjUEOKIwrtkHthpqEanSBNYHZgmNOV7sln1Eu9g3J8."
                                "fiK51VwhsxJ-siBMR-YFiA";

/// RFC 7519 A.2: a signed token within an encrypted one.
const QByteArray nestedJwt = "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiY3R5IjoiSldU"
                             "In0."
                             "g_hEwksO1Ax8Qn7HoN-BVeBoa8FXe0kpyk_XdcSmxvcM5_P296JXXtoHISr_DD_M"
                             "qewaQSH4dZOQHoUgKLeFly-9RI11TG-_Ge1bZFazBPwKC5lJ6OLANLMd0QSL4fYE"
                             "b9ERe-epKYE3xb2jfY1AltHqBO-PM6j23Guj2yDKnFv6WO72tteVzm_2n17SBFvh"
                             "DuR9a2nHTE67pe0XGBUS_TK7ecA-iVq5COeVdJR4U4VZGGlxRGPLRHvolVLEHx6D"
                             "YyLpw30Ay9R6d68YCLi9FYTq3hIXPK_-dmPlOUlKvPr1GgJzRoeC9G5qCvdcHWsq"
                             "JGTO_z3Wfo5zsqwkxruxwA."
                             "UmVkbW9uZCBXQSA5ODA1Mg."
                             "VwHERHPvCNcHHpTjkoigx3_ExK0Qc71RMEParpatm0X_qpg-w8kozSjfNIPPXiTB"
                             "BLXR65CIPkFqz4l1Ae9w_uowKiwyi9acgVztAi-pSL8GQSXnaamh9kX1mdh3M_TT"
                             "-FZGQFQsFhu0Z72gJKGdfGE-OE7hS1zuBD5oEUfk0Dmb0VzWEzpxxiSSBbBAzP10"
                             "l56pPfAtrjEYw-7ygeMkwBl6Z_mLS6w6xUgKlvW6ULmkV-uLC4FUiyKECK4e3WZY"
                             "Kw1bpgIqGYsw2v_grHjszJZ-_I5uM-9RA8ycX9KqPRp9gc6pXmoU_-27ATs9XCvr"
                             "ZXUtK2902AUzqpeEUJYjWWxSNsS-r1TJ1I-FMJ4XyAiGrfmo9hQPcNBYxPz3GQb2"
                             "8Y5CLSQfNgKSGt0A4isp1hBUXBHAndgtcslt7ZoQJaKe_nNJgNliWtWpJ_ebuOpE"
                             "l8jdhehdccnRMIwAmU1n7SPkmhIl1HlSOpvcvDfhUN5wuqU955vOBvfkBOh5A11U"
                             "zBuo2WlgZ6hYi9-e3w29bR0C2-pp3jbqxEDw3iWaf2dc5b-LnR0FEYXvI_tYk5rd"
                             "_J9N0mg0tQ6RbpxNEMNoA9QWk5lgdPvbh9BaO195abQ."
                             "AVO9iT5AV4CzvDJCdhSFlQ";

/// The payload of every example in RFC 7520 §4.
const QByteArray dangerousBusiness =
    "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUg"
    "cm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0"
    "IGJlIHN3ZXB0IG9mZiB0by4";
const QByteArray headerOf44 =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9";
const QByteArray signatureOf44 = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";

VerifyKeys keyOf(const char* file) {
    return keysFrom(writeJson(*parseJson(dataFile(QString::fromLatin1(file)))->find(u"key")));
}

bool says(const QStringList& findings, const char* text) {
    return findings.join(u'|').contains(QLatin1String(text));
}

} // namespace

class TestJwtVectors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_6_encryptedJwt() {
        const Result<DecodedJwt> jwt = decodeJwt(viewOf(encryptedJwt));
        QVERIFY2(jwt.has_value(), jwt ? "" : qPrintable(jwt.error().text()));
        QVERIFY(jwt->encrypted);
        QVERIFY(!jwt->unsecured);
        QCOMPARE(jwt->headerText, QByteArray(R"({"alg":"RSA1_5","enc":"A128CBC-HS256"})"));
        QCOMPARE(jwt->claims.type, JsonValue::Type::Null);
        QVERIFY(jwt->claimsText.isEmpty());
        QVERIFY(jwt->issuer.isEmpty() && !jwt->expiresAt);
        QVERIFY(says(jwt->hygiene, "alg is RSA1_5"));
    }

    void s5_6_nestedJwt() {
        const Result<DecodedJwt> jwt = decodeJwt(viewOf(nestedJwt));
        QVERIFY2(jwt.has_value(), jwt ? "" : qPrintable(jwt.error().text()));
        QVERIFY(jwt->encrypted);
        QCOMPARE(jwt->headerText, QByteArray(R"({"alg":"RSA1_5","enc":"A128CBC-HS256","cty":"JWT"})"));
        QCOMPARE(jwt->header.text(u"cty"), QStringLiteral("JWT"));
        QCOMPARE(jwt->claims.type, JsonValue::Type::Null); // those of the token within are not seen
    }

    /// The protected headers of RFC 7520 §5.1 to §5.9 and §6; the parts behind them are shortened.
    void s5_5_protectedHeadersOfEncryptedTokens_data() {
        QTest::addColumn<QByteArray>("encoded");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("finding");
        const auto row = [](const char* name, const char* encoded, const char* header,
                            const char* finding = "") {
            QTest::newRow(name) << QByteArray(encoded) << QByteArray(header) << QByteArray(finding);
        };
        row("5.1",
            "eyJhbGciOiJSU0ExXzUiLCJraWQiOiJmcm9kby5iYWdnaW5zQGhvYmJpdG9uLmV4YW1wbGUiLCJlbmMiOiJBMTI4Q0JDLUhT"
            "MjU2In0",
            R"({"alg":"RSA1_5","kid":"frodo.baggins@hobbiton.example","enc":"A128CBC-HS256"})",
            "alg is RSA1_5");
        row("5.2",
            "eyJhbGciOiJSU0EtT0FFUCIsImtpZCI6InNhbXdpc2UuZ2FtZ2VlQGhvYmJpdG9uLmV4YW1wbGUiLCJlbmMiOiJBMjU2R0NN"
            "In0",
            R"({"alg":"RSA-OAEP","kid":"samwise.gamgee@hobbiton.example","enc":"A256GCM"})");
        row("5.3",
            "eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1ciLCJwMnMiOiI4UTFTemluYXNSM3hjaFl6NlpaY0hBIiwicDJjIjo4MTkyLCJj"
            "dHkiOiJqd2stc2V0K2pzb24iLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0",
            R"({"alg":"PBES2-HS512+A256KW","p2s":"8Q1SzinasR3xchYz6ZZcHA","p2c":8192,"cty":"jwk-set+json",)"
            "\"enc\":\"A128CBC-HS256\"}");
        row("5.4",
            "eyJhbGciOiJFQ0RILUVTK0ExMjhLVyIsImtpZCI6InBlcmVncmluLnRvb2tAdHVja2Jvcm91Z2guZXhhbXBsZSIsImVwayI6"
            "eyJrdHkiOiJFQyIsImNydiI6IlAtMzg0IiwieCI6InVCbzRrSFB3Nmtiang1bDB4b3dyZF9vWXpCbWF6LUdLRlp1NHhBRkZr"
            "YllpV2d1dEVLNml1RURzUTZ3TmROZzMiLCJ5Ijoic3AzcDVTR2haVkMyZmFYdW1JLWU5SlUyTW84S3BvWXJGRHI1eVBOVnRX"
            "NFBnRXdaT3lRVEEtSmRhWTh0YjdFMCJ9LCJlbmMiOiJBMTI4R0NNIn0",
            R"({"alg":"ECDH-ES+A128KW","kid":"peregrin.took@tuckborough.example","epk":{"kty":"EC",)"
            "\"crv\":\"P-384\",\"x\":\"uBo4kHPw6kbjx5l0xowrd_oYzBmaz-GKFZu4xAFFkbYiWgutEK6iuEDsQ6wNdNg3\","
            "\"y\":\"sp3p5SGhZVC2faXumI-e9JU2Mo8KpoYrFDr5yPNVtW4PgEwZOyQTA-JdaY8tb7E0\"},\"enc\":"
            "\"A128GCM\"}");
        row("5.5",
            "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0"
            "eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIs"
            "InkiOiI4QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhDQkMtSFMyNTYi"
            "fQ",
            R"({"alg":"ECDH-ES","kid":"meriadoc.brandybuck@buckland.example","epk":{"kty":"EC","crv":"P-256",)"
            "\"x\":\"mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA\","
            "\"y\":\"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs\"},\"enc\":\"A128CBC-HS256\"}");
        row("5.6",
            "eyJhbGciOiJkaXIiLCJraWQiOiI3N2M3ZTJiOC02ZTEzLTQ1Y2YtODY3Mi02MTdiNWI0NTI0M2EiLCJlbmMiOiJBMTI4R0NN"
            "In0",
            R"({"alg":"dir","kid":"77c7e2b8-6e13-45cf-8672-617b5b45243a","enc":"A128GCM"})");
        row("5.7",
            "eyJhbGciOiJBMjU2R0NNS1ciLCJraWQiOiIxOGVjMDhlMS1iZmE5LTRkOTUtYjIwNS0yYjRkZDFkNDMyMWQiLCJ0YWciOiJr"
            "ZlBkdVZRM1QzSDZ2bmV3dC0ta3N3IiwiaXYiOiJLa1lUMEdYXzJqSGxmcU5fIiwiZW5jIjoiQTEyOENCQy1IUzI1NiJ9",
            R"({"alg":"A256GCMKW","kid":"18ec08e1-bfa9-4d95-b205-2b4dd1d4321d","tag":"kfPduVQ3T3H6vnewt--ksw",)"
            "\"iv\":\"KkYT0GX_2jHlfqN_\",\"enc\":\"A128CBC-HS256\"}");
        row("5.8",
            "eyJhbGciOiJBMTI4S1ciLCJraWQiOiI4MWIyMDk2NS04MzMyLTQzZDktYTQ2OC04MjE2MGFkOTFhYzgiLCJlbmMiOiJBMTI4"
            "R0NNIn0",
            R"({"alg":"A128KW","kid":"81b20965-8332-43d9-a468-82160ad91ac8","enc":"A128GCM"})");
        row("5.9",
            "eyJhbGciOiJBMTI4S1ciLCJraWQiOiI4MWIyMDk2NS04MzMyLTQzZDktYTQ2OC04MjE2MGFkOTFhYzgiLCJlbmMiOiJBMTI4"
            "R0NNIiwiemlwIjoiREVGIn0",
            R"({"alg":"A128KW","kid":"81b20965-8332-43d9-a468-82160ad91ac8","enc":"A128GCM","zip":"DEF"})",
            "compressed before");
        row("6", "eyJhbGciOiJSU0EtT0FFUCIsImN0eSI6IkpXVCIsImVuYyI6IkExMjhHQ00ifQ",
            R"({"alg":"RSA-OAEP","cty":"JWT","enc":"A128GCM"})", "kid is missing");
    }
    void s5_5_protectedHeadersOfEncryptedTokens() {
        QFETCH(QByteArray, encoded);
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, finding);
        const JsonValue expected = *parseJson(header);
        const QString algorithm = expected.text(u"alg");
        const bool direct = algorithm == QLatin1String("dir") || algorithm == QLatin1String("ECDH-ES");
        const QByteArray compact = encoded + (direct ? "." : ".CBI6oDw8MydIx1IBntf_lQcw2MmJKIQx") +
                                   ".Qx0pmsDa8KnJc9Jo.AwliP-KmWgsZ37Bv.ER7MWJZ1FBI_NKvn7Zb1Lw";
        const Result<DecodedJwt> jwt = decodeJwt(viewOf(compact));
        QVERIFY2(jwt.has_value(), jwt ? "" : qPrintable(jwt.error().text()));
        QVERIFY(jwt->encrypted);
        QCOMPARE(jwt->headerText, header);
        QCOMPARE(jwt->algorithm, algorithm);
        QCOMPARE(jwt->keyId, expected.text(u"kid"));
        QCOMPARE(jwt->claims.type, JsonValue::Type::Null);
        // None of them has a typ.
        QCOMPARE(jwt->hygiene.size(), finding.isEmpty() ? 1 : 2);
        QVERIFY(says(jwt->hygiene, "typ is missing"));
        if (!finding.isEmpty()) QVERIFY(says(jwt->hygiene, finding.constData()));
    }

    /// RFC 7520 §4.5: the payload is not in the token.
    void s5_5_detachedContent() {
        const QByteArray detached = headerOf44 + ".." + signatureOf44;
        const Result<DecodedJwt> jwt = decodeJwt(viewOf(detached));
        QVERIFY(jwt.has_value());
        QCOMPARE(jwt->keyId, QStringLiteral("018c0ae5-4d9b-471b-bfd6-eef314bc7037"));
        QVERIFY(!jwt->unsecured);
        QVERIFY2(says(jwt->hygiene, "sent apart"), qPrintable(jwt->hygiene.join(u'|')));
        const VerifyKeys keys = keyOf("rfc7520-4.4.json");
        QVERIFY(!verifyJws(viewOf(detached), keys, signatureOnly()).verified());
        const QByteArray whole = headerOf44 + '.' + dangerousBusiness + '.' + signatureOf44;
        QVERIFY(verifyJws(viewOf(whole), keys, signatureOnly()).verified());
        QVERIFY(!says(decodeJwt(viewOf(whole))->hygiene, "sent apart"));
    }

    /// RFC 7520 §4.6 to §4.8 are of the JSON form. What of them a compact form can say is verified.
    void s5_5_headersThatAreNotProtected() {
        const QByteArray json46 = "{\"payload\":\"" + dangerousBusiness +
                                  "\",\"protected\":\"eyJhbGciOiJIUzI1NiJ9\",\"header\":{\"kid\":\"018c0ae5-"
                                  "4d9b-471b-bfd6-eef314bc7037\"},"
                                  "\"signature\":\"bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20\"}";
        const VerifyKeys secret = keyOf("rfc7520-4.4.json");
        QVERIFY(parseJson(json46).has_value());
        const Result<DecodedJwt> json = decodeJwt(viewOf(json46));
        QVERIFY(!json);
        QVERIFY(json.error().what.contains(QLatin1String("no dots")));
        QVERIFY(!verifyJws(viewOf(json46), secret, signatureOnly()).verified());
        // §4.6: the protected header names the algorithm, the key's name stands outside.
        const QByteArray compact46 =
            "eyJhbGciOiJIUzI1NiJ9." + dangerousBusiness + ".bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20";
        QVERIFY(verifyJws(viewOf(compact46), secret, signatureOnly()).verified());
        // §4.7: nothing is protected, so there is no compact form of it, and none is taken.
        const QByteArray compact47 = '.' + dangerousBusiness + ".xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk";
        QVERIFY(!decodeJwt(viewOf(compact47)));
        QVERIFY(!verifyJws(viewOf(compact47), secret, signatureOnly()).verified());
    }

    /// RFC 7520 §4.8: three signatures over one payload; the second has no protected header, the third is
    /// that of §4.4.
    void s5_5_severalSignatures() {
        const QByteArray first =
            "MIsjqtVlOpa71KE-Mss8_Nq2YH4FGhiocsqrgi5NvyG53uoimic1tcMdSg-qptrzZc7CG6Svw2Y13TDIqHzTUrL_lR2ZFcry"
            "NFiHkSw129EghGpwkpxaTn_THJTCglNbADko1MZBCdwzJxwqZc-1RlpO2HibUYyXSwO97BSe0_evZKdjvvKSgsIqjytKSeAM"
            "bhMBdMma622_BG5t4sdbuCHtFjp9iJmkio47AIwqkZV1aIZsv33uPUqBBCXbYoQJwt7mxPftHmNlGoOSMxR_3thmXTCm4US-"
            "xiNOyhbm8afKK64jU6_TPtQHiJeQJxz9G3Tx-083B745_AfYOnlC9w";
        const QByteArray compact = "eyJhbGciOiJSUzI1NiJ9." + dangerousBusiness + '.' + first;
        const VerifyKeys rsa = keyOf("rfc7520-4.1.json");
        QVERIFY(verifyJws(viewOf(compact), rsa, signatureOnly()).verified());
        QVERIFY(!verifyJws(viewOf(compact), keyOf("rfc7520-4.4.json"), signatureOnly()).verified());
        const QByteArray json =
            "{\"payload\":\"" + dangerousBusiness +
            "\",\"signatures\":[{\"protected\":\"eyJhbGciOiJSUzI1NiJ9\",\"signature\":\"" + first +
            "\"},{\"protected\":\"" + headerOf44 + "\",\"signature\":\"" + signatureOf44 + "\"}]}";
        QVERIFY(parseJson(json).has_value());
        QVERIFY(!decodeJwt(viewOf(json)));
        QVERIFY(!verifyJws(viewOf(json), rsa, signatureOnly()).verified());
    }
};

QTEST_GUILESS_MAIN(TestJwtVectors)
#include "test_jwt_vectors.moc"
