// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/further_keys.h"

#include <QTest>

using namespace kb;

class TestFurtherKeys : public QObject {
    Q_OBJECT
    using In = ApiKeyScheme::In;

    static QStringList partsOf(const SecretRecord& record) {
        QStringList names;
        for (const auto& part : record.parts)
            names << part.first;
        return names;
    }

private Q_SLOTS:
    void aPlaceHasOneName() {
        QCOMPARE(keyPart({In::Header, "X-API-Key"}), keyPart({In::Header, "x-api-key"})); // RFC 9110 §5.1
        QVERIFY(keyPart({In::Query, "key"}) != keyPart({In::Query, "Key"}));
        QVERIFY(keyPart({In::Query, "key"}) != keyPart({In::Cookie, "key"}));
        QVERIFY(keyPart({In::Query, "key"}) != keyPart({In::Header, "key"}));
        QVERIFY(isKeyPart(keyPart({In::Query, "key"})) && !isKeyPart("client_certificate"));
    }

    /// Two keys of one name have a variable each.
    void variablesAreTheirOwn() {
        TokenProfile profile;
        profile.name = "Reader";
        profile.keys = {{In::Header, "api-key"}};
        QCOMPARE(keyOwner(profile, profile.keys[0]), QString("Reader api-key"));
        profile.keys = {{In::Header, "api-key"}, {In::Query, "api_key"}};
        QCOMPARE(keyOwner(profile, profile.keys[0]), QString("Reader api-key header"));
        QCOMPARE(keyOwner(profile, profile.keys[1]), QString("Reader api_key query"));
    }

    void whatCannotBeSentTogetherIsRefused_data() {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<int>("in");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("fine");
        const auto row = [](const char* title, const char* scheme, In in, const char* name, bool fine) {
            QTest::newRow(title) << QString(scheme) << int(in) << QString(name) << fine;
        };
        row("beside a bearer token", "bearer", In::Header, "X-API-Key", true);
        row("in the query", "bearer", In::Query, "api_key", true);
        row("in a cookie", "bearer", In::Cookie, "sid", true);
        row("two keys", "api-key", In::Header, "X-App-Id", true);
        row("the profile's own field", "api-key", In::Header, "x-api-key", false);
        row("the same name elsewhere", "api-key", In::Query, "X-API-Key", true);
        row("Authorization", "bearer", In::Header, "authorization", false);
        row("Cookie as a header", "bearer", In::Header, "Cookie", false);
        row("no name", "bearer", In::Header, "", false);
        row("no token", "bearer", In::Header, "a key", false);
        row("a template's header", "template", In::Header, "X-Auth", false);
        row("a signature's field", "http-signature", In::Header, "signature-input", false);
        row("the proof's field", "oauth2", In::Header, "DPoP", false);
        row("a login's cookie", "login", In::Cookie, "session", false);
        row("a login's CSRF field", "login", In::Header, "X-CSRF-Token", false);
    }
    void whatCannotBeSentTogetherIsRefused() {
        QFETCH(QString, scheme);
        QFETCH(int, in);
        QFETCH(QString, name);
        QFETCH(bool, fine);
        AuthScheme held = BearerScheme{};
        if (scheme == "api-key") held = ApiKeyScheme{};
        if (scheme == "template") held = TemplateScheme{QStringLiteral("X-Auth"), {}};
        if (scheme == "http-signature") held = HttpSignatureScheme{};
        if (scheme == "oauth2") held = OAuthScheme{};
        if (scheme == "login") {
            LoginScheme login;
            login.sendAs = SendPlace::Cookie;
            login.sendName = QStringLiteral("session");
            held = login;
        }
        const ApiKeyScheme key{static_cast<In>(in), name};
        const Result<void> checked = checkKeys(held, {key});
        QCOMPARE(checked.has_value(), fine);
        if (!fine) {
            QCOMPARE(checked.error().where, name);
            QVERIFY(!checked.error().next.isEmpty());
        }
        // Twice to one place is never right.
        QVERIFY(!checkKeys(held, {key, key}));
        // RFC 6750 §2: a bearer token is carried in one way only.
        const ApiKeyScheme second{ApiKeyScheme::In::Query, QStringLiteral("access_token")};
        QVERIFY(!checkKeys(BearerScheme{}, {second}));
        QVERIFY(!checkKeys(OAuthScheme{}, {second}));
        QVERIFY(checkKeys(BasicScheme{}, {second}));
    }

    void aNewSecretKeepsWhatIsBeside() {
        SecretRecord kept;
        kept.secret = Secret("the old token");
        kept.parts.insert_or_assign(QStringLiteral("client_certificate"), Secret("a PEM text"));
        kept.parts.insert_or_assign(keyPart({In::Header, "X-API-Key"}), Secret("kept-key"));
        kept.parts.insert_or_assign(keyPart({In::Query, "gone"}), Secret("removed-key"));
        kept.parts.insert_or_assign(keyPart({In::Cookie, "sid"}), Secret("old-cookie"));
        kept.parts.insert_or_assign(QStringLiteral("session_token"), Secret("of the old token"));
        SecretRecord next;
        next.secret = Secret("the new token");
        next.parts.insert_or_assign(keyPart({In::Cookie, "sid"}), Secret("new-cookie"));
        keepBeside(next, kept, {{In::Header, "x-api-key"}, {In::Cookie, "sid"}});
        QCOMPARE(partsOf(next),
                 QStringList({"client_certificate", "key:cookie:sid", "key:header:x-api-key"}));
        QVERIFY(next.part("key:cookie:sid")->reveal() == "new-cookie");
        QVERIFY(next.part("key:header:x-api-key")->reveal() == "kept-key");
        dropOtherKeys(next, {});
        QCOMPARE(partsOf(next), QStringList({"client_certificate"}));
    }
};

QTEST_GUILESS_MAIN(TestFurtherKeys)
#include "test_further_keys.moc"
