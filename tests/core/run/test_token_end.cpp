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
        QVERIFY(tokenEnds(profile, facts).isEmpty()); // no known end
        facts.expiresAt = 1030;
        QCOMPARE(tokenEnds(profile, facts).value(0).endsAt, 1030.0);
        facts.refreshable = true;
        QVERIFY(tokenEnds(profile, facts).isEmpty());
        facts.refreshable = false;
        facts.madePerRequest = true;
        QVERIFY(tokenEnds(profile, facts).isEmpty());
        facts.madePerRequest = false;
        profile.declared.stale = QStringLiteral("expired"); // on purpose
        QVERIFY(tokenEnds(profile, facts).isEmpty());
    }

    /// A token that is renewed ends with what renews it.
    void whatRenewsATokenCanEndToo() {
        using What = TokenEnd::What;
        TokenProfile profile;
        profile.name = QStringLiteral("Ada");
        OAuthScheme scheme;
        scheme.grant = OAuthGrant::AuthorizationCode;
        profile.scheme = scheme;
        TokenFacts facts;
        facts.refreshable = true;
        facts.expiresAt = 1010;
        facts.refreshExpiresAt = 1020;
        facts.clientSecretExpiresAt = 1025;
        facts.certificateExpiresAt = 900;
        const auto whats = [&] {
            QList<What> out;
            for (const TokenEnd& end : tokenEnds(profile, facts))
                out << end.what;
            return out;
        };
        QCOMPARE(whats(), (QList<What>{What::RefreshToken, What::ClientSecret, What::Certificate}));
        const QStringList said = outlivedTokens(tokenEnds(profile, facts), 1000, 60);
        QCOMPARE(said.size(), 3);
        QVERIFY2(said.at(0).startsWith(QStringLiteral("Ada's refresh token ends in 20 s")),
                 qPrintable(said.at(0)));
        QVERIFY2(said.at(1).startsWith(QStringLiteral("Ada's client secret ends in 25 s")),
                 qPrintable(said.at(1)));
        QCOMPARE(said.at(2), QStringLiteral("Ada's client certificate has ended."));
        QVERIFY(outlivedTokens(tokenEnds(profile, facts).mid(0, 2), 1000, 15).isEmpty());
        scheme.grant = OAuthGrant::ClientCredentials; // needs no refresh token
        profile.scheme = scheme;
        QCOMPARE(whats(), (QList<What>{What::ClientSecret, What::Certificate}));
        profile.declared.stale = QStringLiteral("expired");
        QVERIFY(whats().isEmpty());
    }

    void theSentences() {
        const QList<TokenEnd> ends{{QStringLiteral("Ada"), 1030, {}}, {QStringLiteral("Bob"), 5000, {}}};
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
