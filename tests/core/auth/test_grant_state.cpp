// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/grant_state.h"

#include "oauth_samples.h"

using namespace kb;
using Before = GrantDecision::Action;
using After = AnswerDecision::Action;

namespace {

constexpr qint64 wall = 1'700'000'000'000;

/// Both clocks, `seconds` after the start.
GrantMoment at(qint64 seconds) {
    return {5000 + seconds * 1000, wall + seconds * 1000};
}

GrantFacts facts(std::optional<qint64> lifetimeS, bool refreshToken = true) {
    GrantFacts f;
    f.hasAccessToken = true;
    f.hasRefreshToken = refreshToken;
    if (lifetimeS) f.lifetimeMs = *lifetimeS * 1000;
    return f;
}

/// A grant that was just obtained and saved.
GrantState fresh(std::optional<qint64> lifetimeS, const GrantPolicy& policy = {}, bool refreshToken = true) {
    GrantState state(policy, GrantFacts(), at(0));
    state.obtained(facts(lifetimeS, refreshToken), at(0), true);
    state.saved();
    return state;
}

AnswerDecision refused(GrantState& state, const QByteArray& challenge, qint64 seconds, SentWith sent,
                       int status = 401) {
    return state.afterAnswer(status, parseChallenges({challenge}), sent, at(seconds));
}

OAuthFailure failure(OAuthFailure::Kind kind, const char* code, const char* description = "") {
    OAuthFailure f;
    f.kind = kind;
    f.code = QString::fromLatin1(code);
    f.description = QString::fromLatin1(description);
    f.error = Error{ErrorCode::ProtocolError, QStringLiteral("The server refused: %1.").arg(f.code), {}, {}};
    return f;
}

const QByteArray invalidToken = "Bearer error=\"invalid_token\"";

} // namespace

class TestGrantState : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void phases() {
        GrantState state(GrantPolicy(), GrantFacts(), at(0));
        QCOMPARE(state.phase(at(0)), GrantPhase::Empty);
        QCOMPARE(state.beforeSend(at(0)).action, Before::Login);
        QVERIFY(!state.beginRefresh());
        state.obtained(facts(1000), at(0), true);
        QCOMPARE(state.phase(at(0)), GrantPhase::Unsaved);
        QCOMPARE(state.beforeSend(at(0)).action, Before::SaveFirst);
        state.saved();
        QCOMPARE(state.phase(at(0)), GrantPhase::Fresh);
        QCOMPARE(state.epoch(), 1u);
        QCOMPARE(state.phase(at(939)), GrantPhase::Fresh);
        QCOMPARE(state.phase(at(940)), GrantPhase::Due); // a minute before its end
        QCOMPARE(*state.dueBootMs(at(100)), at(940).bootMs);
        QCOMPARE(state.phase(at(999)), GrantPhase::Due);
        QCOMPARE(state.phase(at(1000)), GrantPhase::Expired);
        QVERIFY(state.beginRefresh());
        QCOMPARE(state.phase(at(1000)), GrantPhase::Refreshing);
        QCOMPARE(grantPhaseName(state.phase(at(0))), QByteArray("refreshing"));
    }

    void refreshesAhead() {
        GrantState state = fresh(1000);
        QCOMPARE(state.beforeSend(at(939)).action, Before::Send);
        QCOMPARE(state.beforeSend(at(940)).action, Before::RefreshFirst);
        QCOMPARE(fresh(std::nullopt).beforeSend(at(100'000)).action, Before::Send); // no end known
        QVERIFY(!fresh(std::nullopt).dueBootMs(at(0)));
    }

    void aShortLifeIsNotDueAllTheTime() {
        GrantState state = fresh(8);
        QCOMPARE(state.phase(at(0)), GrantPhase::Fresh);
        QCOMPARE(state.phase(at(6)), GrantPhase::Fresh);
        QCOMPARE(state.phase(at(7)), GrantPhase::Due); // a fifth of eight seconds
    }

    void oneRefreshAtATime() {
        GrantState state = fresh(1000);
        QVERIFY(state.beginRefresh());
        QVERIFY(!state.beginRefresh());
        QCOMPARE(state.beforeSend(at(950)).action, Before::Wait);
        QCOMPARE(state.beforeSend(at(1)).action, Before::Wait); // rotation may end the old token
        state.refreshCancelled();
        QCOMPARE(state.beforeSend(at(950)).action, Before::RefreshFirst);
        QVERIFY(state.beginRefresh());
    }

    void storedBeforeUsed() {
        GrantState state = fresh(1000);
        QVERIFY(state.beginRefresh());
        state.obtained(facts(1000), at(950), false);
        QCOMPARE(state.epoch(), 1u);
        QCOMPARE(state.beforeSend(at(950)).action, Before::SaveFirst);
        QVERIFY(!state.beginRefresh());
        state.saveFailed(Error{ErrorCode::StoreLocked, QStringLiteral("The keychain is locked."), {}, {}});
        QCOMPARE(state.beforeSend(at(951)).action, Before::SaveFirst);
        QVERIFY(state.beforeSend(at(951)).note.contains(QStringLiteral("locked")));
        state.saved();
        QCOMPARE(state.epoch(), 2u);
        QCOMPARE(state.beforeSend(at(951)).action, Before::Send);
        QCOMPARE(state.phase(at(1889)), GrantPhase::Fresh); // counts from the refresh
        QCOMPARE(state.phase(at(1890)), GrantPhase::Due);
        state.saved();
        QCOMPARE(state.epoch(), 2u);
    }

    void s5_8_oldRefreshTokenStaysIfNoneCame() {
        GrantState state = fresh(1000);
        QVERIFY(state.beginRefresh());
        state.obtained(facts(1000, false), at(950), false);
        QVERIFY(state.hasRefreshToken());
        state.obtained(facts(1000, false), at(950), true); // a login replaces all of it
        QVERIFY(!state.hasRefreshToken());
    }

    void sleepAndClockJumpsCount() {
        GrantState state = fresh(1000);
        // The wall clock was set back by an hour; the clock that counts sleep went on.
        QCOMPARE(state.phase({at(1000).bootMs, wall - 3'600'000}), GrantPhase::Expired);
        QCOMPARE(state.phase({at(10).bootMs, wall + 3'600'000}), GrantPhase::Fresh);
    }

    void keptFromAnEarlierRun() {
        GrantFacts kept = facts(3600);
        kept.expiresMs = wall + 500'000;
        GrantState state(GrantPolicy(), kept, at(0));
        QCOMPARE(*state.remainingMs(at(0)), 500'000);
        QCOMPARE(state.phase(at(439)), GrantPhase::Fresh);
        QCOMPARE(state.phase(at(440)), GrantPhase::Due);
        kept.expiresMs = wall - 1;
        QCOMPARE(GrantState(GrantPolicy(), kept, at(0)).phase(at(0)), GrantPhase::Expired);
    }

    void skewCountsForTheServersOwnTimes() {
        GrantFacts jwt = facts(std::nullopt);
        jwt.serverExpiresMs = wall + 1000'000;
        GrantState state(GrantPolicy(), jwt, at(0));
        QCOMPARE(state.phase(at(900)), GrantPhase::Fresh);
        state.observeServerDate(wall + 100'000, at(0)); // it is 100 s ahead of us
        QCOMPARE(state.skewMs(), 100'000);
        QCOMPARE(state.phase(at(900)), GrantPhase::Expired);
        state.observeServerDate(wall + 1500, at(0)); // Date counts whole seconds
        QCOMPARE(state.skewMs(), 0);
        GrantState own = fresh(1000);
        own.observeServerDate(wall + 900'000, at(0));
        QCOMPARE(own.phase(at(10)), GrantPhase::Fresh); // expires_in needs no clock of the server
    }

    void s5_2_invalidTokenRefreshesAndResendsOnce() {
        GrantState state = fresh(1000);
        const auto first = refused(state, invalidToken, 10, {1, false, false});
        QCOMPARE(first.action, After::RefreshAndResend);
        QVERIFY(!first.note.isEmpty());
        QVERIFY(state.beginRefresh());
        state.obtained(facts(1000), at(10), false);
        state.saved();
        QCOMPARE(refused(state, invalidToken, 11, {2, true, false}).action, After::Stands);
        // The next request with the same token does not begin it all again,
        const auto next = refused(state, invalidToken, 12, {2, false, false});
        QCOMPARE(next.action, After::Stands);
        QVERIFY(!next.note.isEmpty());
        // but one after another token came may.
        QVERIFY(state.beginRefresh());
        state.obtained(facts(1000), at(20), false);
        state.saved();
        QCOMPARE(refused(state, invalidToken, 21, {3, false, false}).action, After::RefreshAndResend);
    }

    void aTokenRefreshedMeanwhileIsNotRefreshedAgain() {
        GrantState state = fresh(1000);
        QVERIFY(state.beginRefresh());
        QCOMPARE(refused(state, invalidToken, 10, {1, false, false}).action,
                 After::RefreshAndResend); // waits for it
        state.obtained(facts(1000), at(10), false);
        state.saved();
        QCOMPARE(refused(state, invalidToken, 11, {1, false, false}).action, After::Resend);
        QCOMPARE(refused(state, invalidToken, 11, {2, false, false}).action, After::RefreshAndResend);
    }

    void s5_2_insufficientScopeNeverLoops() {
        GrantState state = fresh(1000);
        const auto decision =
            refused(state, "Bearer error=\"insufficient_scope\", scope=\"users:delete users:read\"", 10,
                    {1, false, false}, 403);
        QCOMPARE(decision.action, After::AskScopes);
        QCOMPARE(decision.scopes, (QStringList{"users:delete", "users:read"}));
        QVERIFY(decision.note.contains(QStringLiteral("users:delete")));
        const auto odd = refused(state, "Bearer error=\"insufficient_scope\"", 2000, {1, false, false}, 401);
        QCOMPARE(odd.action, After::AskScopes); // also where 401 is used for it, also when expired
        QVERIFY(odd.scopes.isEmpty());
    }

    /// RFC 9470 §3.
    void s5_2_stepUpIsOffered() {
        GrantState state = fresh(1000);
        const auto decision = refused(
            state,
            "Bearer error=\"insufficient_user_authentication\", acr_values=\"gold silver\", max_age=\"5\"",
            10, {1, false, false});
        QCOMPARE(decision.action, After::StepUp);
        QCOMPARE(decision.acrValues, (QStringList{"gold", "silver"}));
        QCOMPARE(*decision.maxAgeS, 5);
    }

    void s5_2_otherRefusalsStand_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("challenge");
        QTest::newRow("no challenge") << 401 << QByteArray();
        QTest::newRow("no error") << 401 << QByteArray("Bearer realm=\"a\"");
        QTest::newRow("our bug") << 401 << QByteArray("Bearer error=\"invalid_request\"");
        QTest::newRow("another scheme") << 401 << QByteArray("Basic error=\"invalid_token\"");
        QTest::newRow("two errors") << 401
                                    << QByteArray(
                                           "Bearer error=\"invalid_token\", error=\"insufficient_scope\"");
        QTest::newRow("two errors, the other way round")
            << 401 << QByteArray("Bearer error=\"insufficient_scope\", error=\"invalid_token\"");
        QTest::newRow("403") << 403 << invalidToken;
        QTest::newRow("200") << 200 << invalidToken;
        QTest::newRow("500") << 500 << invalidToken;
    }
    void s5_2_otherRefusalsStand() {
        QFETCH(int, status);
        QFETCH(QByteArray, challenge);
        GrantState state = fresh(1000);
        QCOMPARE(refused(state, challenge, 10, {1, false, false}, status).action, After::Stands);
    }

    void challengesThatSpeakOfTheToken() {
        GrantState state = fresh(1000);
        QCOMPARE(
            refused(state, "Bearer realm=\"a\", DPoP error=\"invalid_token\"", 10, {1, false, false}).action,
            After::RefreshAndResend);
        // A 401 without a reason, for a token that has expired by our clock.
        QCOMPARE(refused(state, "Bearer realm=\"a\"", 1001, {1, false, false}).action,
                 After::RefreshAndResend);
        QCOMPARE(refused(state, {}, 1001, {1, false, false}).action, After::RefreshAndResend);
    }

    void s5_8_invalidGrantDropsTheRefreshToken() {
        GrantState state = fresh(1000);
        QVERIFY(state.beginRefresh());
        state.refreshFailed(failure(OAuthFailure::Kind::Refused, "invalid_grant", "token reused"), at(950));
        QVERIFY(!state.hasRefreshToken());
        QVERIFY(state.reason().contains(QStringLiteral("token reused")));
        QVERIFY(state.reason().contains(QStringLiteral("Log in")));
        QCOMPARE(state.beforeSend(at(960)).action, Before::Send); // still good to its end
        QCOMPARE(state.phase(at(1000)), GrantPhase::LoginNeeded);
        const GrantDecision decision = state.beforeSend(at(1000));
        QCOMPARE(decision.action, Before::Login);
        QVERIFY(decision.note.contains(QStringLiteral("token reused")));
        QVERIFY(!state.beginRefresh());
        QCOMPARE(refused(state, invalidToken, 1001, {1, false, false}).action, After::Stands);
    }

    void obtainsAnewAlone() {
        GrantPolicy alone;
        alone.canObtainAlone = true;
        GrantState state(alone, GrantFacts(), at(0));
        QCOMPARE(state.beforeSend(at(0)).action, Before::RefreshFirst);
        QVERIFY(state.beginRefresh());
        state.obtained(facts(1000, false), at(0), false);
        state.saved();
        QCOMPARE(state.beforeSend(at(1000)).action, Before::RefreshFirst);
        QVERIFY(state.beginRefresh());
        // Nothing to drop: what is refused here is the grant itself, and asking again would go on for ever.
        state.refreshFailed(failure(OAuthFailure::Kind::Refused, "invalid_grant"), at(1000));
        QCOMPARE(state.beforeSend(at(1001)).action, Before::Blocked);
        QVERIFY(!state.beforeSend(at(1001)).retryBootMs);
        QVERIFY(state.beforeSend(at(1001)).note.contains(QStringLiteral("invalid_grant")));
        QVERIFY(state.beginRefresh()); // the user may
        state.obtained(facts(1000, false), at(1002), false);
        state.saved();
        QCOMPARE(state.beforeSend(at(1003)).action, Before::Send);
        GrantState both = fresh(1000, alone);
        QVERIFY(both.beginRefresh());
        both.refreshFailed(failure(OAuthFailure::Kind::Refused, "invalid_grant"), at(1000));
        QCOMPARE(both.beforeSend(at(1000)).action, Before::RefreshFirst);
    }

    void aServerThatIsDownLosesNothing() {
        GrantState state = fresh(1000);
        QVERIFY(state.beginRefresh());
        state.refreshFailed(failure(OAuthFailure::Kind::ServerDown, ""), at(950));
        QVERIFY(state.hasRefreshToken());
        const GrantDecision valid = state.beforeSend(at(950));
        QCOMPARE(valid.action, Before::Send); // the token is still good
        QVERIFY(!valid.note.isEmpty());
        QCOMPARE(state.beforeSend(at(951)).action, Before::RefreshFirst); // a second later
        QVERIFY(state.beginRefresh());
        OAuthFailure busy = failure(OAuthFailure::Kind::ServerDown, "");
        busy.retryAfterS = 100;
        state.refreshFailed(busy, at(951));
        const GrantDecision blocked = state.beforeSend(at(1001));
        QCOMPARE(blocked.action, Before::Blocked);
        QCOMPARE(*blocked.retryBootMs, at(1051).bootMs);
        QCOMPARE(refused(state, invalidToken, 1001, {1, false, false}).action, After::Stands);
        QCOMPARE(state.beforeSend(at(1051)).action, Before::RefreshFirst);
        QVERIFY(state.beginRefresh());
        state.refreshNotAnswered(Error{ErrorCode::TimedOut, QStringLiteral("No answer."), {}, {}}, at(1051));
        QCOMPARE(state.beforeSend(at(1054)).action, Before::Blocked);
        QCOMPARE(state.beforeSend(at(1055)).action, Before::RefreshFirst); // 1, 2, 4 … seconds
        QVERIFY(state.hasRefreshToken());
    }

    void aWrongClientIsNotTriedAgain() {
        GrantState state = fresh(1000);
        QVERIFY(state.beginRefresh());
        state.refreshFailed(failure(OAuthFailure::Kind::Refused, "invalid_client"), at(950));
        QVERIFY(state.hasRefreshToken());
        QCOMPARE(state.beforeSend(at(955)).action, Before::Send);
        QCOMPARE(state.beforeSend(at(5000)).action, Before::Blocked);
        QCOMPARE(refused(state, invalidToken, 955, {1, false, false}).action, After::Stands);
    }

    void offSwitches() {
        GrantPolicy off;
        off.refreshAhead = false;
        GrantState state = fresh(1000, off);
        QCOMPARE(state.beforeSend(at(950)).action, Before::Send);
        const GrantDecision expired = state.beforeSend(at(1001));
        QCOMPARE(expired.action, Before::Send);
        QVERIFY(expired.note.contains(QStringLiteral("switched off")));
        QCOMPARE(refused(state, invalidToken, 1001, {1, false, false}).action, After::RefreshAndResend);
        off.refreshOn401 = false;
        GrantState never = fresh(1000, off);
        const auto decision = refused(never, invalidToken, 10, {1, false, false});
        QCOMPARE(decision.action, After::Stands);
        QVERIFY(decision.note.contains(QStringLiteral("switched off")));
        QVERIFY(never.beginRefresh()); // by hand it still works
    }

    void anExpiredTokenOnPurpose() {
        GrantState state = fresh(1000);
        const GrantDecision decision = state.beforeSend(at(2000), true);
        QCOMPARE(decision.action, Before::Send);
        QVERIFY(decision.note.contains(QStringLiteral("on purpose")));
        QCOMPARE(refused(state, invalidToken, 2000, {1, false, true}).action, After::Stands);
        QVERIFY(state.beginRefresh());
        QCOMPARE(state.beforeSend(at(2000), true).action, Before::Send); // does not wait either
    }

    void keptAsIsIsNeverRefreshed() {
        GrantPolicy stale;
        stale.keptAsIs = true;
        GrantState state = fresh(1000, stale);
        QCOMPARE(state.beforeSend(at(2000)).action, Before::Send);
        QCOMPARE(refused(state, invalidToken, 2000, {1, false, false}).action, After::Stands);
        QVERIFY(!state.beginRefresh());
    }

    void revokedIsGone() {
        GrantState state = fresh(1000);
        state.revoked();
        QCOMPARE(state.phase(at(1)), GrantPhase::LoginNeeded);
        QVERIFY(state.beforeSend(at(1)).note.contains(QStringLiteral("revoked")));
        QVERIFY(!state.hasRefreshToken());
        state.obtained(facts(1000), at(2), true);
        state.saved();
        QCOMPARE(state.phase(at(2)), GrantPhase::Fresh);
    }

    void factsOfATokenSet() {
        TokenSet set;
        set.accessToken = Secret("t");
        set.lifetimeS = 7;
        const GrantFacts f = grantFacts(set, 9000);
        QVERIFY(f.hasAccessToken && !f.hasRefreshToken);
        QCOMPARE(*f.lifetimeMs, 7000);
        QCOMPARE(*f.serverExpiresMs, 9000);
    }
};

QTEST_GUILESS_MAIN(TestGrantState)
#include "test_grant_state.moc"
