// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/side_expiry.h"

#include <QTest>

using namespace kb;

class TestSideExpiry : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingKnownNothingSaid() { QVERIFY(endingBeside({}, 1000).isEmpty()); }

    void whatEndsSoonIsSaid_data() {
        QTest::addColumn<double>("left");
        QTest::addColumn<QString>("said");
        QTest::newRow("far away") << 8 * 86400.0 << QString();
        QTest::newRow("days") << 3.5 * 86400 << QStringLiteral("The refresh token expires in 3 d.");
        QTest::newRow("hours") << 5 * 3600.0 << QStringLiteral("The refresh token expires in 5 h 00 min.");
        QTest::newRow("seconds") << 20.0 << QStringLiteral("The refresh token expires in 0:20.");
        QTest::newRow("over") << 0.0
                              << QStringLiteral(
                                     "The refresh token has expired: a login is needed when the token ends.");
    }
    void whatEndsSoonIsSaid() {
        QFETCH(double, left);
        QFETCH(QString, said);
        TokenFacts facts;
        facts.refreshExpiresAt = 1'800'000'000 + left;
        QCOMPARE(endingBeside(facts, 1'800'000'000), said.isEmpty() ? QStringList() : QStringList{said});
    }

    void eachOfThemIsSaid() {
        TokenFacts facts;
        facts.refreshExpiresAt = facts.clientSecretExpiresAt = facts.certificateExpiresAt = 5;
        QCOMPARE(endingBeside(facts, 10).size(), 3);
        QVERIFY(endingBeside(facts, 10).at(1).contains(QStringLiteral("client secret")));
        QVERIFY(endingBeside(facts, 10).at(2).contains(QStringLiteral("certificate")));
    }
};

QTEST_APPLESS_MAIN(TestSideExpiry)
#include "test_side_expiry.moc"
