// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_kind.h"
#include "core/auth/token_shapes.h"

#include <QtTest>

using namespace kb;

namespace {

QByteArray repeated(const char* text, qsizetype length) {
    return QByteArray(text).repeated(int(length)).left(length);
}

std::string_view viewOf(const QByteArray& bytes) {
    return {bytes.constData(), std::size_t(bytes.size())};
}

QByteArray part(const QByteArray& text) {
    return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

class TestTokenKind : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kinds_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("id");
        const QByteArray alnum = repeated("Ab3dE5gH1j", 400);
        const QByteArray hex = repeated("0123456789abcdef", 128);
        const auto row = [](const char* id, const QByteArray& value) {
            QTest::addRow("%s %s", id, value.left(14).constData()) << value << QString::fromLatin1(id);
        };
        row("jwt", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln");
        row("jwt", part(R"({ "typ":"JWT", "alg":"HS256"})") + ".e30.c2ln");
        row("jwe", part(R"({"alg":"dir","enc":"A128GCM"})") + "..aXY.Y3Q.dGFn");
        row("jwt", part(R"({"alg":"RS256"})") + ".eyJzdWIiOiJ1c2"); // cut in its claims
        row("opaque", part(R"({"sub":"not a header"})") + ".ZdXyZg");
        for (const char* prefix : {"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}) {
            const char* id = prefix[2] == 'p'   ? "github-pat"
                             : prefix[2] == 'o' ? "github-oauth"
                             : prefix[2] == 'u' ? "github-user"
                             : prefix[2] == 's' ? "github-app"
                                                : "github-refresh";
            row(id, prefix + alnum.left(36));
        }
        row("github-fine-grained-pat", "github_pat_" + alnum.left(22) + "_" + alnum.left(59));
        row("gitlab-pat", "glpat-" + alnum.left(20));
        row("gitlab-pat", "glpat-" + alnum.left(27) + ".01.120abcdef");
        row("gitlab-deploy", "gldt-" + alnum.left(20));
        row("gitlab-runner", "glrt-" + alnum.left(20));
        row("gitlab-job", "glcbt-64_" + alnum.left(20));
        row("gitlab-trigger", "glptt-" + hex.left(40));
        row("gitlab-scim", "glsoat-" + alnum.left(20));
        row("gitlab-feed", "glft-" + alnum.left(20));
        row("gitlab-mail", "glimt-" + alnum.left(25));
        row("gitlab-agent", "glagent-" + alnum.left(50));
        row("gitlab-oauth-secret", "gloas-" + hex.left(64));
        row("gitlab-feature-flag", "glffct-" + alnum.left(20));
        for (const char* prefix : {"sk_live_", "sk_test_"})
            row("stripe-secret", prefix + alnum.left(24));
        for (const char* prefix : {"rk_live_", "rk_test_"})
            row("stripe-restricted", prefix + alnum.left(24));
        for (const char* prefix : {"pk_live_", "pk_test_"})
            row("stripe-publishable", prefix + alnum.left(24));
        row("stripe-webhook", "whsec_" + alnum.left(32));
        row("slack-bot", "xoxb-123456789012-" + alnum.left(24));
        row("slack-user", "xoxp-123456789012-" + alnum.left(24));
        row("slack-config", "xoxe.xoxp-1-" + alnum.left(160));
        row("slack-refresh", "xoxe-1-" + alnum.left(140));
        row("slack-app", "xapp-1-A0-123-" + hex.left(64));
        for (const char* prefix : {"xoxa-", "xoxr-", "xoxs-", "xoxo-"})
            row("slack-legacy", prefix + alnum.left(40));
        row("aws-key-id", "AKIAIOSFODNN7EXAMPLE");
        row("aws-key-id", "AKIAABCDEFGHIJKLMNOP");
        row("aws-temporary-key-id", "ASIAABCDEFGHIJKLMNOP");
        row("aws-bearer-id", "ABIAABCDEFGHIJKLMNOP");
        row("aws-context-id", "ACCAABCDEFGHIJKLMNOP");
        row("aws-key-id", "A3TXABCDEFGHIJKLMNOP");
        row("aws-bedrock-key", "ABSK" + alnum.left(110) + "==");
        row("google-api-key", "AIza" + alnum.left(35));
        row("google-access", "ya29." + alnum.left(100));
        row("google-client-secret", "GOCSPX-" + alnum.left(28));
        row("google-refresh", "1//0" + alnum.left(60));
        row("entra-client-secret", "abc8Q~" + alnum.left(34));
        row("openai-project-key", "sk-proj-" + alnum.left(100));
        row("openai-service-key", "sk-svcacct-" + alnum.left(100));
        row("openai-admin-key", "sk-admin-" + alnum.left(100));
        row("openai-key", "sk-" + alnum.left(20) + "T3BlbkFJ" + alnum.left(20));
        row("anthropic-api-key", "sk-ant-api03-" + alnum.left(95));
        row("anthropic-admin-key", "sk-ant-admin01-" + alnum.left(95));
        row("huggingface-token", "hf_" + alnum.left(34));
        row("huggingface-org-token", "api_org_" + alnum.left(34));
        row("npm-token", "npm_" + alnum.left(36));
        row("pypi-token", "pypi-AgEIcHlwaS5vcmc" + alnum.left(100));
        row("rubygems-key", "rubygems_" + hex.left(48));
        row("docker-pat", "dckr_pat_" + alnum.left(27));
        row("digitalocean-pat", "dop_v1_" + hex.left(64));
        row("digitalocean-oauth", "doo_v1_" + hex.left(64));
        row("digitalocean-refresh", "dor_v1_" + hex.left(64));
        row("shopify-admin", "shpat_" + hex.left(32));
        row("shopify-custom-app", "shpca_" + hex.left(32));
        row("shopify-private-app", "shppa_" + hex.left(32));
        row("shopify-shared-secret", "shpss_" + hex.left(32));
        row("sendgrid-key", "SG." + alnum.left(22) + "." + alnum.left(43));
        row("mailgun-key", "key-" + hex.left(32));
        row("twilio-key", "SK" + hex.left(32));
        row("twilio-account", "AC" + hex.left(32));
        row("vault-service-token", "hvs." + alnum.left(95));
        row("vault-batch-token", "hvb." + alnum.left(150));
        row("vault-legacy-token", "s." + alnum.left(24));
        row("postman-key", "PMAK-" + hex.left(24) + "-" + hex.left(34));
        row("newrelic-key", "NRAK-" + alnum.left(27));
        row("grafana-service-token", "glsa_" + alnum.left(32) + "_" + hex.left(8));
        row("grafana-cloud-token", "glc_" + alnum.left(100));
        row("databricks-pat", "dapi" + hex.left(32));
        row("linear-key", "lin_api_" + alnum.left(40));
        row("notion-token", "ntn_" + alnum.left(46));
        row("atlassian-token", "ATATT3" + alnum.left(180));
        row("doppler-token", "dp.pt." + alnum.left(43));
        row("sentry-org-token", "sntrys_" + alnum.left(120));
        row("sentry-user-token", "sntryu_" + hex.left(64));
        row("planetscale-token", "pscale_tkn_" + alnum.left(43));
        row("pulumi-token", "pul-" + hex.left(40));
        row("fly-token", "fo1_" + alnum.left(43));
        row("fly-token", "fm1r_" + alnum.left(100));
        row("fly-token", "fm2_" + alnum.left(100));
        row("heroku-key", "HRKU-AA" + alnum.left(58));
        row("easypost-live-key", "EZAK" + alnum.left(54));
        row("easypost-test-key", "EZTK" + alnum.left(54));
        row("square-token", "sq0atp-" + alnum.left(22));
        row("square-token", "EAAA" + alnum.left(60));
        row("airtable-pat", "pat" + alnum.left(14) + "." + hex.left(64));
        row("okta-token", "SSWS 00" + alnum.left(40));
        row("opaque", "00" + alnum.left(40));
        row("paseto-local", "v2.local." + alnum.left(80));
        row("paseto-public", "v4.public." + alnum.left(120));
        row("macaroon", QByteArray("0019location test.example\n0016identifier keyid\n002fsignature ")
                            .append(repeated("x", 32))
                            .toBase64());
        row("macaroon", QByteArray("\x02\x01\x04pypi\x02\x03key\x00\x00\x06\x20", 17)
                            .append(repeated("x", 32))
                            .toBase64());
        row("fernet", "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_"
                      "5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==");
        row("saml-assertion", QByteArray("<saml:Assertion xmlns:saml=\"urn:oasis\">").toBase64());
        row("basic-credentials", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        row("basic-credentials", "Basic dGVzdDoxMjPCow==");
        row("private-key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----");
        row("private-key",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----");
        row("private-key", QByteArray("\x30\x82\x0a\x10\x02\x01\x03\x30\x82\x09\xd6\x06", 12));
        row("private-key", QByteArray("\x30\x82\x0a\x10\x02\x01\x03\x30\x82\x09\xd6\x06", 12)
                               .append(QByteArray(60, 'k'))
                               .toBase64());
        row("private-key", R"({"type":"service_account","private_key":"x"})");
        row("certificate", "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----");
        row("opaque", "123e4567-e89b-12d3-a456-426614174000");
        row("opaque", hex.left(32));
        row("opaque", hex.left(64));
        row("opaque", "just some words");
        row("opaque", "");
        row("opaque", "ghp_tooshort");
        row("opaque", "www.example.com");
        row("opaque", "1.2.3");
    }
    void kinds() {
        QFETCH(QByteArray, value);
        QFETCH(QString, id);
        const TokenKind kind = detectTokenKind(viewOf(value));
        QCOMPARE(kind.id, id);
        QVERIFY(!kind.label.isEmpty());
        QCOMPARE(kind.isJwt, id == QLatin1String("jwt") || id == QLatin1String("jwe"));
        const QByteArray pasted = "  Bearer '" + value + "'\n";
        if (!value.isEmpty() && !value.contains(' ')) QCOMPARE(detectTokenKind(viewOf(pasted)).id, id);
    }

    void everyShapeIsTried() {
        // A shape a longer prefix hides would never be found.
        for (const TokenShape& shape : tokenShapes()) {
            const char* fill = shape.alphabet == TokenAlphabet::Base32 ? "ABCD2345" : "0123456789abcdef";
            const QByteArray value = QByteArray(shape.prefix.data(), qsizetype(shape.prefix.size())) +
                                     repeated(fill, qsizetype(shape.minRest));
            const TokenShape* found = matchTokenShape(viewOf(value));
            QVERIFY2(found, value.constData());
            QCOMPARE(found->id, shape.id);
        }
    }

    void githubChecksum() {
        const TokenKind right = detectTokenKind("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");
        QVERIFY2(right.note.contains(QLatin1String("right")), qPrintable(right.note));
        const TokenKind wrong = detectTokenKind("ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18");
        QVERIFY2(wrong.note.contains(QLatin1String("wrong")), qPrintable(wrong.note));
        const QByteArray grown = "ghp_" + repeated("a", 40);
        QVERIFY(!detectTokenKind(viewOf(grown)).note.contains(QLatin1String("checksum")));
    }

    void traits() {
        QVERIFY(detectTokenKind("sk_live_4eC39HqLyjWDarjtT1zdp7dc").looksLive);
        QVERIFY(!detectTokenKind("sk_test_4eC39HqLyjWDarjtT1zdp7dc").looksLive);
        QVERIFY(detectTokenKind("pk_live_4eC39HqLyjWDarjtT1zdp7dc").notASecret);
        QVERIFY(detectTokenKind("AC0123456789abcdef0123456789abcdef").notASecret);
        QVERIFY(detectTokenKind("AKIAIOSFODNN7EXAMPLE").notASecret);
        QVERIFY(!detectTokenKind("AKIAABCDEFGHIJKLMNOP").notASecret);
        QVERIFY(detectTokenKind("ASIAABCDEFGHIJKLMNOP").note.contains(QLatin1String("session token")));
        QCOMPARE(detectTokenKind("hvs.aaaaaaaaaaaaaaaaaaaaaaaa").suggestedHeader,
                 QStringLiteral("X-Vault-Token"));
        QCOMPARE(detectTokenKind("glpat-aaaaaaaaaaaaaaaaaaaa").suggestedHeader,
                 QStringLiteral("PRIVATE-TOKEN"));
        QVERIFY(detectTokenKind("eyJhbGciOiJub25lIn0.e30.").note.contains(QLatin1String("Unsecured")));
        QVERIFY(detectTokenKind(viewOf(part(R"({"typ":"AT+JWT","alg":"RS256"})") + ".e30.c2ln"))
                    .label.contains(QLatin1String("access token")));
    }

    void cleaning_data() {
        QTest::addColumn<QByteArray>("pasted");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<bool>("quotes");
        QTest::addColumn<bool>("space");
        const auto none = QString();
        const auto bearer = QStringLiteral("Bearer");
        QTest::newRow("plain") << QByteArray("abc") << QByteArray("abc") << none << false << false;
        QTest::newRow("scheme") << QByteArray("Bearer eyJ") << QByteArray("eyJ") << bearer << false << false;
        QTest::newRow("any case, more spaces")
            << QByteArray("bEARER   eyJ\r\n") << QByteArray("eyJ") << bearer << false << true;
        QTest::newRow("quotes around all")
            << QByteArray("\"Bearer eyJ\"") << QByteArray("eyJ") << bearer << true << false;
        QTest::newRow("quotes inside")
            << QByteArray("Bearer 'eyJ'") << QByteArray("eyJ") << bearer << true << false;
        QTest::newRow("whole field") << QByteArray("Authorization: Bearer eyJ") << QByteArray("eyJ") << bearer
                                     << false << false;
        QTest::newRow("the word alone")
            << QByteArray("Bearer") << QByteArray("Bearer") << none << false << false;
        QTest::newRow("a word that begins so")
            << QByteArray("Bearerx eyJ") << QByteArray("Bearerx eyJ") << none << false << false;
        QTest::newRow("one scheme only")
            << QByteArray("Bearer token x") << QByteArray("token x") << bearer << false << false;
        QTest::newRow("one quote") << QByteArray("\"abc") << QByteArray("\"abc") << none << false << false;
        QTest::newRow("only space") << QByteArray(" \n ") << QByteArray("") << none << false << true;
        QTest::newRow("empty quotes") << QByteArray("\"\"") << QByteArray("") << none << true << false;
    }
    void cleaning() {
        QFETCH(QByteArray, pasted);
        QFETCH(QByteArray, value);
        QFETCH(QString, scheme);
        QFETCH(bool, quotes);
        QFETCH(bool, space);
        const CleanedToken cleaned = cleanPastedToken(viewOf(pasted));
        QCOMPARE(QByteArray(cleaned.value.data(), qsizetype(cleaned.value.size())), value);
        QCOMPARE(cleaned.removedScheme, scheme);
        QCOMPARE(cleaned.removedQuotes, quotes);
        QCOMPARE(cleaned.removedSpace, space);
    }

    void masking() {
        const QString dots(4, QChar(0x2022));
        QCOMPARE(maskedToken("eyJhbGciOiJIUzI1NiJ9.e30.abcdf3Qw"),
                 QStringLiteral("eyJh") + dots + QStringLiteral("f3Qw"));
        QCOMPARE(maskedToken("0123456789abcdef"), QStringLiteral("01") + dots + QStringLiteral("ef"));
        QCOMPARE(maskedToken("0123456789abcde"), dots + dots);
        QCOMPARE(maskedToken("\xc3\xa4 0123456789abcdef\n"), dots + dots);
        QVERIFY(maskedToken("").isEmpty());
    }

    void bearerProblems() {
        QVERIFY(bearerTokenProblem("abc-._~+/09==").isEmpty());
        QVERIFY(bearerTokenProblem("a=b").contains(QLatin1String("\"=\"")));
        QVERIFY(bearerTokenProblem("abc\n").contains(QLatin1String("a line break (character 4)")));
        QVERIFY(bearerTokenProblem("Bearer x").contains(QLatin1String("a space")));
        QVERIFY(bearerTokenProblem("\"x\"").contains(QLatin1String("quotation mark (character 1)")));
        QVERIFY(bearerTokenProblem("a:b").contains(QLatin1String("\":\"")));
        QVERIFY(bearerTokenProblem("p\xc3\xa4ss").contains(QLatin1String("0xC3")));
        QVERIFY(!bearerTokenProblem("").isEmpty());
        QVERIFY(!bearerTokenProblem("==").isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTokenKind)
#include "test_token_kind.moc"
