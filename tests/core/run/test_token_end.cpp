// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/token_end.h"

#include <QtTest>

using namespace kb;

class TestTokenEnd : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyWhatNothingRenewsCanEnd() {
        TokenProfile profile;
        profile.name = QStringLiteral("Ada");
        TokenFacts facts;
        QVERIFY(!tokenEnd(profile, facts)); // no known end
        facts.expiresAt = 1030;
        QCOMPARE(tokenEnd(profile, facts)->endsAt, 1030.0);
        facts.refreshable = true;
        QVERIFY(!tokenEnd(profile, facts));
        facts.refreshable = false;
        facts.madePerRequest = true;
        QVERIFY(!tokenEnd(profile, facts));
        facts.madePerRequest = false;
        profile.declared.stale = QStringLiteral("expired"); // on purpose
        QVERIFY(!tokenEnd(profile, facts));
    }

    void theSentences() {
        const QList<TokenEnd> ends{{QStringLiteral("Ada"), 1030}, {QStringLiteral("Bob"), 5000}};
        QVERIFY(outlivedTokens(ends, 1000, 30).isEmpty());
        QCOMPARE(outlivedTokens(ends, 1000, 31),
                 QStringList{QStringLiteral(
                     "Ada's token ends in 30 s, and this run may take 31 s. Nothing renews it.")});
        QCOMPARE(outlivedTokens(ends, 2000, 1), QStringList{QStringLiteral("Ada's token has ended.")});
    }

    void howLongARunTakes() {
        QCOMPARE(estimatedRunSeconds(100, 1, 0), 10.0);
        QCOMPARE(estimatedRunSeconds(100, 4, 0), 2.5);
        QCOMPARE(estimatedRunSeconds(100, 4, 1), 100.0);
    }
};

QTEST_GUILESS_MAIN(TestTokenEnd)
#include "test_token_end.moc"
