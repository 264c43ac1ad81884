// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_binding.h"

#include "core/auth/crypto.h"
#include "core/auth/profile_facts.h"
#include "core/auth/signing_key.h"
#include "oauth_samples.h"

using namespace kb;

namespace {

TokenBinding bindingOf(const QByteArray& json) {
    const auto claims = parseJson(json);
    return claims ? tokenBinding(*claims) : TokenBinding();
}

} // namespace

class TestTokenBinding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The claims of RFC 8705 §3.1 and of RFC 9449 §6.1.
    void s5_13_confirmationIsRead() {
        const TokenBinding certificate =
            bindingOf("{\"cnf\":{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"}}");
        QCOMPARE(certificate.certificateThumbprint,
                 QStringLiteral("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"));
        QVERIFY(certificate.keyThumbprint.isEmpty());
        const TokenBinding key =
            bindingOf("{\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}}");
        QCOMPARE(key.keyThumbprint, QStringLiteral("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
        for (const char* none : {"{}", "{\"cnf\":null}", "{\"cnf\":\"x\"}", "{\"cnf\":{\"jkt\":1}}"})
            QVERIFY2(bindingOf(none).keyThumbprint.isEmpty(), none);
    }

    /// The hash of "abc" (FIPS 180-4), in base64url.
    void s5_13_thumbprintIsSha256OfTheDer() {
        QCOMPARE(certificateThumbprint("abc"), QByteArray("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"));
    }

    void s5_13_comparedWithOurs_data() {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("ownCertificate");
        QTest::addColumn<QByteArray>("ownKey");
        QTest::addColumn<QStringList>("says");
        QTest::newRow("nothing") << ""
                                 << "" << QByteArray() << QByteArray() << QStringList();
        QTest::newRow("our certificate")
            << "C"
            << "" << QByteArray("C") << QByteArray() << QStringList{"to the profile's client certificate"};
        QTest::newRow("another certificate")
            << "C"
            << "" << QByteArray("c") << QByteArray() << QStringList{"another client certificate"};
        QTest::newRow("no certificate here")
            << "C"
            << "" << QByteArray() << QByteArray() << QStringList{"the profile has none"};
        QTest::newRow("certificate unbound")
            << ""
            << "" << QByteArray("C") << QByteArray() << QStringList{"not bound to the client certificate"};
        QTest::newRow("our key") << ""
                                 << "K" << QByteArray() << QByteArray("K")
                                 << QStringList{"to the profile's key"};
        QTest::newRow("another key") << ""
                                     << "K" << QByteArray() << QByteArray("k") << QStringList{"another key"};
        QTest::newRow("no key here") << ""
                                     << "K" << QByteArray() << QByteArray()
                                     << QStringList{"to a key, and the profile has none"};
        QTest::newRow("key unbound") << ""
                                     << "" << QByteArray() << QByteArray("K")
                                     << QStringList{"whoever has it"};
        QTest::newRow("both") << "C"
                              << "K" << QByteArray("C") << QByteArray("K")
                              << QStringList{"to the profile's client certificate", "to the profile's key"};
    }
    void s5_13_comparedWithOurs() {
        QFETCH(QString, certificate);
        QFETCH(QString, key);
        QFETCH(QByteArray, ownCertificate);
        QFETCH(QByteArray, ownKey);
        QFETCH(QStringList, says);
        const QStringList findings = bindingFindings({certificate, key}, ownCertificate, ownKey);
        QCOMPARE(findings.size(), says.size());
        for (qsizetype i = 0; i < says.size(); ++i)
            QVERIFY2(findings[i].contains(says[i]), qPrintable(findings[i]));
    }

    /// What the profile's panel says of it.
    void s5_13_aProfileKnowsItsBinding() {
        const SigningKey own = *SigningKey::generate(QStringLiteral("ES256"));
        const SigningKey other = *SigningKey::generate(QStringLiteral("ES256"));
        const auto facts = [&](const QByteArray& claims, bool dpop, const SigningKey* key) {
            SecretRecord record;
            record.secret = Secret(viewOf(QByteArray(toBase64Url("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}") +
                                                     '.' + toBase64Url(viewOf(claims)) + ".c2ln")));
            if (key) record.parts.insert_or_assign(QStringLiteral("dpop_key"), key->toPem());
            OAuthScheme scheme;
            scheme.dpop = dpop;
            return profileFacts(scheme, record, {});
        };
        const QByteArray bound = "{\"cnf\":{\"jkt\":\"" + own.thumbprint() + "\"}}";
        TokenFacts known = facts(bound, true, &own);
        QCOMPARE(known.binding, QStringList{QStringLiteral("The token is bound to the profile's key.")});
        QVERIFY(known.boundToOurs && !known.boundToOther);
        known = facts(bound, true, &other);
        QCOMPARE(known.binding,
                 QStringList{QStringLiteral("The token is bound to another key than the profile's.")});
        QVERIFY(!known.boundToOurs && known.boundToOther);
        known = facts(bound, true, nullptr);
        QCOMPARE(known.binding,
                 QStringList{QStringLiteral("The token is bound to a key, and the profile has none.")});
        QVERIFY(!known.boundToOurs && !known.boundToOther);
        QCOMPARE(facts("{}", true, &own).binding.size(), 1); // asked for, and not given
        QVERIFY(facts("{}", false, &own).binding.isEmpty());
        known = facts("{\"cnf\":{\"x5t#S256\":\"somebody-elses\"}}", false, nullptr);
        QCOMPARE(known.binding.size(), 1);
        QVERIFY(known.binding.first().contains(QStringLiteral("the profile has none")));
    }
};

QTEST_GUILESS_MAIN(TestTokenBinding)
#include "test_token_binding.moc"
