// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_status.h"

#include <QtTest>

using namespace kb;

namespace {

TokenFacts lasting(double issued, double expires) {
    TokenFacts facts;
    facts.issuedAt = issued;
    facts.expiresAt = expires;
    return facts;
}

std::string jwtOf(const QByteArray& claims) {
    const auto part = [](const QByteArray& text) {
        return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals).toStdString();
    };
    return part(R"({"alg":"HS256","typ":"JWT"})") + "." + part(claims) + ".c2ln";
}

} // namespace

class TestTokenStatus : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stateAtEachMoment_data() {
        QTest::addColumn<double>("now");
        QTest::addColumn<QByteArray>("state");
        QTest::addColumn<double>("fraction");
        QTest::newRow("at issue") << 1000.0 << QByteArray("valid") << 1.0;
        QTest::newRow("half") << 1050.0 << QByteArray("valid") << 0.5;
        QTest::newRow("just before the last fifth") << 1079.9 << QByteArray("valid") << 0.201;
        QTest::newRow("last fifth begins") << 1080.0 << QByteArray("due-soon") << 0.2;
        QTest::newRow("last moment") << 1099.999 << QByteArray("due-soon") << 0.00001;
        QTest::newRow("at exp") << 1100.0 << QByteArray("expired") << 0.0;
        QTest::newRow("later") << 2000.0 << QByteArray("expired") << 0.0;
        QTest::newRow("before its own start") << 900.0 << QByteArray("valid") << 1.0;
    }
    void stateAtEachMoment() {
        QFETCH(double, now);
        QFETCH(QByteArray, state);
        QFETCH(double, fraction);
        const TokenStatus status = statusAt(lasting(1000, 1100), now, 0);
        QCOMPARE(tokenStateName(status.state), state);
        QCOMPARE(status.secondsLeft.value_or(-1e9), 1100 - now);
        QVERIFY2(qAbs(status.fractionLeft - fraction) < 1e-6,
                 qPrintable(QString::number(status.fractionLeft)));
    }

    void withoutAStartTheLifeBeginsWhenFirstSeen() {
        TokenFacts facts;
        facts.expiresAt = 1100;
        QCOMPARE(statusAt(facts, 1079, 1000).state, TokenState::Valid);
        QCOMPARE(statusAt(facts, 1080, 1000).state, TokenState::DueSoon);
        QCOMPARE(statusAt(facts, 1080, 1079).state, TokenState::Valid);
    }

    void notBeforeIsAStartToo() {
        TokenFacts facts;
        facts.notBefore = 1000;
        facts.expiresAt = 1100;
        QCOMPARE(statusAt(facts, 1080, 1079).state, TokenState::DueSoon);
        const TokenStatus early = statusAt(facts, 990, 900);
        QCOMPARE(early.state, TokenState::NotYetValid);
        QCOMPARE(early.secondsToValid.value_or(0), 10.0);
        QCOMPARE(statusAt(facts, 1000, 900).state, TokenState::Valid);
        QCOMPARE(statusAt(facts, 1200, 900).state, TokenState::Expired);
    }

    void notBeforeCountsWithoutAnExpiry() {
        TokenFacts facts;
        facts.notBefore = 1000;
        QCOMPARE(statusAt(facts, 999.5, 0).state, TokenState::NotYetValid);
        QCOMPARE(statusAt(facts, 1000, 0).state, TokenState::NoExpiryKnown);
    }

    void aStartAfterTheEndIsNotBelieved() {
        QCOMPARE(statusAt(lasting(2000, 1100), 1050, 1000).state, TokenState::Valid);
        QCOMPARE(statusAt(lasting(2000, 1100), 1090, 1000).state, TokenState::DueSoon);
    }

    void opaqueTokensHaveNoInventedDate() {
        const TokenFacts facts = factsOf("an-opaque-key-of-some-length", true, std::nullopt);
        const TokenStatus status = statusAt(facts, 1e9, 0);
        QCOMPARE(status.state, TokenState::NoExpiryKnown);
        QVERIFY(!status.secondsLeft);
        QCOMPARE(status.fractionLeft, 0.0);
        QVERIFY(timeLeftText(status).isEmpty());
    }

    void factsOfAJwt() {
        const std::string token = jwtOf(R"({"iat":1000,"nbf":1001,"exp":1900.5})");
        const TokenFacts facts = factsOf(token, true, 5000);
        QVERIFY(facts.jwt.has_value());
        QCOMPARE(facts.issuedAt.value_or(0), 1000.0);
        QCOMPARE(facts.notBefore.value_or(0), 1001.0);
        QCOMPARE(facts.expiresAt.value_or(0), 1900.5);
        QVERIFY(!facts.expirySetByUser);
        QCOMPARE(facts.size, token.size());
        QVERIFY(!facts.masked.contains(QString::fromStdString(token)));
        QCOMPARE(statusAt(facts, 1900.4, 0).state, TokenState::DueSoon);
        QCOMPARE(statusAt(facts, 1900.5, 0).state, TokenState::Expired);
    }

    void theUsersTimeCountsWhereTheTokenHasNone() {
        const TokenFacts facts = factsOf(jwtOf(R"({"iat":1000})"), true, 5000);
        QCOMPARE(facts.expiresAt.value_or(0), 5000.0);
        QVERIFY(facts.expirySetByUser);
        const TokenFacts opaque = factsOf("plain", false, 7000);
        QCOMPARE(opaque.expiresAt.value_or(0), 7000.0);
        QVERIFY(opaque.expirySetByUser);
    }

    void brokenJwtIsUnreadable() {
        for (const char* token : {"eyJhbGciOiJIUzI1NiJ9.e*30.c2ln", "eyJhbGciOiJIUzI1NiJ9.e3 0.c2ln",
                                  "eyJhbGciOiJIUzI1Ni.e30.c2ln"}) {
            const TokenFacts facts = factsOf(token, true, std::nullopt);
            QVERIFY(facts.kind.isJwt);
            QVERIFY(!facts.unreadable.isEmpty());
        }
        QVERIFY(!factsOf("eyJhb GciOiJ.e30.c2ln", true, std::nullopt).kind.isJwt);
        const TokenFacts cut = factsOf("eyJhbGciOiJIUzI1NiJ9.e30=.c2ln", true, std::nullopt);
        QVERIFY(cut.kind.isJwt);
        QVERIFY(!cut.jwt);
        QVERIFY(!cut.unreadable.isEmpty());
        QCOMPARE(statusAt(cut, 1, 0).state, TokenState::Unreadable);
        QVERIFY(!factsOf("eyJhbGciOiJIUzI1NiJ9.e30=.c2ln", false, std::nullopt).jwt);
    }

    void timeLeft_data() {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("12:41") << 761.0 << QStringLiteral("12:41");
        QTest::newRow("0:58") << 58.0 << QStringLiteral("0:58");
        QTest::newRow("rounded up") << 57.1 << QStringLiteral("0:58");
        QTest::newRow("last second") << 0.2 << QStringLiteral("0:01");
        QTest::newRow("under an hour") << 3599.0 << QStringLiteral("59:59");
        QTest::newRow("one hour") << 3600.0 << QStringLiteral("1 h 00 min");
        QTest::newRow("3 h 05 min") << 3.0 * 3600 + 5 * 60 + 59 << QStringLiteral("3 h 05 min");
        QTest::newRow("under a day") << 86399.0 << QStringLiteral("23 h 59 min");
        QTest::newRow("a day") << 86400.0 << QStringLiteral("1 d");
        QTest::newRow("12 d") << 12.5 * 86400 << QStringLiteral("12 d");
        QTest::newRow("far") << 1e30 << QStringLiteral("11574074074 d");
        QTest::newRow("now") << 0.0 << QStringLiteral("expired 0 s");
        QTest::newRow("expired 3 d") << -3.5 * 86400 << QStringLiteral("expired 3 d");
        QTest::newRow("expired 5 min") << -300.0 << QStringLiteral("expired 5 min");
        QTest::newRow("expired 2 h") << -7300.0 << QStringLiteral("expired 2 h");
    }
    void timeLeft() {
        QFETCH(double, seconds);
        QFETCH(QString, text);
        TokenStatus status;
        status.secondsLeft = seconds;
        QCOMPARE(timeLeftText(status), text);
    }

    void namesAndTextsAreDistinct() {
        QSet<QByteArray> names;
        QSet<QString> texts;
        for (const TokenState state :
             {TokenState::Valid, TokenState::DueSoon, TokenState::Expired, TokenState::NotYetValid,
              TokenState::NoExpiryKnown, TokenState::Unreadable}) {
            names.insert(tokenStateName(state));
            texts.insert(tokenStateText(state));
        }
        QCOMPARE(names.size(), 6);
        QCOMPARE(texts.size(), 6);
    }
};

QTEST_GUILESS_MAIN(TestTokenStatus)
#include "test_token_status.moc"
