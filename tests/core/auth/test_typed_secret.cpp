// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/check_scheme.h"
#include "core/auth/grant_record.h"
#include "core/auth/profile_facts.h"
#include "core/auth/typed_secret.h"

#include <QtTest/QTest>

using namespace kb;

namespace {

OAuthScheme oauth(OAuthGrant grant, ClientAuth auth) {
    OAuthScheme scheme;
    scheme.grant = grant;
    scheme.clientAuth = auth;
    scheme.clientId = QStringLiteral("app");
    scheme.tokenUrl = QStringLiteral("https://id.example/token");
    return scheme;
}

} // namespace

// What a user types for each kind, where it goes, and what is known of a profile from it.
class TestTypedSecret : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPastedTokenLosesItsScheme() {
        SecretRecord record;
        QVERIFY(putTypedSecret(record, BearerScheme{}, Secret(" \"Bearer abc\"\n")).has_value());
        QVERIFY(record.secret.equals(Secret("abc")));
        QVERIFY(putTypedSecret(record, TemplateScheme{}, Secret("Token xyz")).has_value());
        QVERIFY(record.secret.equals(Secret("xyz")));
    }

    void aPasswordStaysAsItIs_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("basic") << 0;
        QTest::newRow("digest") << 1;
        QTest::newRow("ntlm") << 2;
        QTest::newRow("jwt key") << 3;
        QTest::newRow("http signature key") << 4;
    }
    void aPasswordStaysAsItIs() {
        QFETCH(int, kind);
        const AuthScheme schemes[] = {BasicScheme{QStringLiteral("u")}, DigestScheme{QStringLiteral("u")},
                                      NtlmScheme{false, QStringLiteral("u")}, JwtScheme{},
                                      HttpSignatureScheme{}};
        SecretRecord record;
        const char* odd = " \"Bearer\nsecond line\" ";
        QVERIFY(putTypedSecret(record, schemes[kind], Secret(odd)).has_value());
        QVERIFY(record.secret.equals(Secret(odd)));
    }

    void awsTakesASessionTokenOnItsSecondLine() {
        SecretRecord record;
        QVERIFY(putTypedSecret(record, SigV4Scheme{}, Secret("key\r\nsession")).has_value());
        QVERIFY(record.secret.equals(Secret("key")));
        QVERIFY(record.part(QStringLiteral("session_token"))->equals(Secret("session")));
        // Long-lived credentials over temporary ones: the old session token would make AWS refuse them.
        QVERIFY(putTypedSecret(record, SigV4Scheme{}, Secret("other")).has_value());
        QVERIFY(!record.part(QStringLiteral("session_token")));
    }

    void oauthPartsByClientAndGrant() {
        QCOMPARE(typedSecretParts(oauth(OAuthGrant::AuthorizationCode, ClientAuth::None)), QStringList());
        QCOMPARE(typedSecretParts(oauth(OAuthGrant::ClientCredentials, ClientAuth::Basic)),
                 QStringList{grantpart::clientSecret});
        QCOMPARE(typedSecretParts(oauth(OAuthGrant::Password, ClientAuth::Post)),
                 (QStringList{grantpart::clientSecret, grantpart::password}));
        QCOMPARE(typedSecretParts(oauth(OAuthGrant::JwtBearer, ClientAuth::PrivateKeyJwt)),
                 QStringList{grantpart::assertionKey});
        QCOMPARE(typedSecretParts(oauth(OAuthGrant::TokenExchange, ClientAuth::ClientSecretJwt)),
                 (QStringList{grantpart::clientSecret, grantpart::subjectToken}));
        QCOMPARE(typedSecretParts(NtlmScheme{true, {}}), QStringList());
    }

    void severalPartsTakeALineEach() {
        SecretRecord record;
        const OAuthScheme scheme = oauth(OAuthGrant::Password, ClientAuth::Post);
        QVERIFY(putTypedSecret(record, scheme, Secret("cs\npw")).has_value());
        QVERIFY(record.part(grantpart::clientSecret)->equals(Secret("cs")));
        QVERIFY(record.part(grantpart::password)->equals(Secret("pw")));
        QVERIFY(record.secret.isEmpty());
        const auto few = putTypedSecret(record, scheme, Secret("cs"));
        QVERIFY(!few.has_value());
        QVERIFY(!few.error().next.isEmpty());
        const auto many = putTypedSecret(record, scheme, Secret("cs\npw\nmore"));
        QVERIFY(!many.has_value());
        QVERIFY(!many.error().text().contains(QStringLiteral("more\n")));
    }

    void aKeyOfManyLinesIsOnePart() {
        SecretRecord record;
        const char* pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
        QVERIFY(putTypedSecret(record, oauth(OAuthGrant::ClientCredentials, ClientAuth::PrivateKeyJwt),
                               Secret(pem))
                    .has_value());
        QVERIFY(record.part(grantpart::assertionKey)->equals(Secret(pem)));
    }

    void schemesThatCannotBeSentAreRefused_data() {
        QTest::addColumn<QString>("field");
        QTest::newRow("header name") << QStringLiteral("field");
        QTest::newRow("no user") << QStringLiteral("user");
        QTest::newRow("no place for the secret") << QStringLiteral("format");
        QTest::newRow("no region") << QStringLiteral("region");
        QTest::newRow("nothing covered") << QStringLiteral("components");
        QTest::newRow("no client") << QStringLiteral("clientId");
        QTest::newRow("no server") << QStringLiteral("tokenUrl");
    }
    void schemesThatCannotBeSentAreRefused() {
        QFETCH(QString, field);
        HttpSignatureScheme bare;
        bare.components.clear();
        OAuthScheme nobody = oauth(OAuthGrant::ClientCredentials, ClientAuth::Basic);
        nobody.clientId.clear();
        OAuthScheme nowhere = oauth(OAuthGrant::ClientCredentials, ClientAuth::Basic);
        nowhere.tokenUrl.clear();
        const QMap<QString, AuthScheme> schemes = {
            {QStringLiteral("field"), ApiKeyScheme{ApiKeyScheme::In::Header, QStringLiteral("X Key")}},
            {QStringLiteral("user"), DigestScheme{}},
            {QStringLiteral("format"), TemplateScheme{QStringLiteral("X-A"), QStringLiteral("Token")}},
            {QStringLiteral("region"), SigV4Scheme{QStringLiteral("AKID"), {}, QStringLiteral("s3")}},
            {QStringLiteral("components"), bare},
            {QStringLiteral("clientId"), nobody},
            {QStringLiteral("tokenUrl"), nowhere}};
        const Result<void> checked = checkScheme(schemes.value(field));
        QVERIFY(!checked.has_value());
        QCOMPARE(checked.error().where, field);
        QVERIFY(checkScheme(oauth(OAuthGrant::ClientCredentials, ClientAuth::Basic)).has_value());
        QVERIFY(checkScheme(TemplateScheme{}).has_value());
    }

    /// RFC 9110 §11.7.2: that field is for the proxy alone.
    void s5_1_noSecretOfTheApiGoesIntoTheProxysField() {
        const QString name = QStringLiteral("proxy-Authorization");
        LoginScheme login;
        login.loginUrl = QStringLiteral("https://id.acme.test/login");
        login.tokenName = QStringLiteral("/token");
        LoginScheme sent = login, csrf = login;
        sent.sendAs = SendPlace::Header;
        sent.sendName = name;
        csrf.csrfName = QStringLiteral("csrf");
        csrf.csrfHeader = name;
        QVERIFY(checkScheme(login));
        for (const auto& [scheme, field] : QList<std::pair<AuthScheme, const char*>>{
                 {ApiKeyScheme{ApiKeyScheme::In::Header, name}, "field"},
                 {TemplateScheme{name, QStringLiteral("{{secret}}")}, "header"},
                 {sent, "sendName"},
                 {csrf, "csrfHeader"}}) {
            const Result<void> checked = checkScheme(scheme);
            QVERIFY2(!checked, field);
            QVERIFY2(checked.error().what.contains(QStringLiteral("for the proxy")),
                     qPrintable(checked.error().text()));
            QCOMPARE(checked.error().where, QLatin1String(field));
            QVERIFY(!checked.error().next.isEmpty());
        }
        // A cookie or a query field of that name reaches nobody else.
        QVERIFY(checkScheme(ApiKeyScheme{ApiKeyScheme::In::Query, name}));
    }

    void anOpaqueGrantKnowsItsExpiry() {
        SecretRecord record;
        const OAuthScheme scheme = oauth(OAuthGrant::AuthorizationCode, ClientAuth::None);
        QVERIFY(profileFacts(scheme, record, {}).missing);
        QCOMPARE(statusAt(profileFacts(scheme, record, {}), 0, 0).state, TokenState::NoToken);
        record.secret = Secret("2YotnFZFEjr1zCsicMWpAA-opaque");
        record.facts = {{QStringLiteral("obtained_ms"), QStringLiteral("1000000")},
                        {QStringLiteral("expires_ms"), QStringLiteral("1600000")},
                        {QStringLiteral("scope"), QStringLiteral("users:read users:delete")}};
        TokenFacts facts = profileFacts(scheme, record, {});
        QVERIFY(!facts.missing);
        QVERIFY(!facts.expirySetByUser);
        QVERIFY(!facts.refreshable);
        QCOMPARE(facts.grantedScopes.size(), 2);
        QCOMPARE(statusAt(facts, 1300, 0).state, TokenState::Valid);
        QCOMPARE(*statusAt(facts, 1300, 0).secondsLeft, 300.0);
        QCOMPARE(statusAt(facts, 1601, 0).state, TokenState::Expired);
        record.parts[grantpart::refreshToken] = Secret("r");
        QVERIFY(profileFacts(scheme, record, {}).refreshable);
        QVERIFY(profileFacts(oauth(OAuthGrant::ClientCredentials, ClientAuth::Basic), SecretRecord(), {})
                    .refreshable);
    }

    void nothingOfAKeyIsShown() {
        SecretRecord record;
        record.secret = Secret("a-very-long-signing-key-that-must-not-show");
        const TokenFacts facts = profileFacts(JwtScheme{}, record, {});
        QVERIFY(facts.madePerRequest);
        QVERIFY(!facts.masked.contains(QLatin1String("a-ve")));
        QVERIFY(!profileFacts(DigestScheme{QStringLiteral("u")}, record, {})
                     .masked.contains(QLatin1String("show")));
    }
};

QTEST_GUILESS_MAIN(TestTypedSecret)
#include "test_typed_secret.moc"
