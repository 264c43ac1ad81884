// SPDX-License-Identifier: GPL-3.0-or-later
// The life of a grant in a run: refreshed ahead and after a refusal, once, and never used before it is
// stored.
#include "tests/core/run/grant_bench.h"

#include <QUrlQuery>

using namespace kbtest;

class TestGrants : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// RFC 8705 §2: the client shows its certificate at the token endpoint, and its id in the form.
    void s5_13_mutualTls() {
        {
            GrantBench bench(-1000, OAuthGrant::ClientCredentials);
            std::get<OAuthScheme>(bench.profile.scheme).clientAuth = ClientAuth::Mtls;
            const RunResult without = bench.go();
            QVERIFY(without.error);
            QCOMPARE(without.error->code, ErrorCode::SecretMissing);
            QVERIFY(bench.transport.sent.isEmpty());
        }
        GrantBench bench(-1000, OAuthGrant::ClientCredentials);
        std::get<OAuthScheme>(bench.profile.scheme).clientAuth = ClientAuth::Mtls;
        bench.record().parts.insert_or_assign(QStringLiteral("client_certificate"), Secret("a PEM text"));
        bench.transport.script = {
            {answer(200, {{"Content-Type", "application/json"}},
                    "{\"access_token\":\"next-access-token\",\"token_type\":\"Bearer\",\"expires_in\":600}")},
            {answer(200)}};
        const RunResult with = bench.go();
        QVERIFY2(!with.error, with.error ? qPrintable(with.error->text()) : "");
        QCOMPARE(bench.tokenRequests().size(), 1);
        QVERIFY(bench.transport.options.first().clientCertificate->reveal() == "a PEM text");
        QVERIFY(bench.tokenRequests().first().body.contains("client_id=app"));
        QVERIFY(!bench.tokenRequests().first().headers.contains("Authorization"));
        QVERIFY(bench.transport.options.last().clientCertificate); // to the API too (§3)
        // It is kept beside the new token.
        QVERIFY(bench.record().part(QStringLiteral("client_certificate")));
        QVERIFY(bench.record().secret.reveal() == "next-access-token");
    }
    /// A certificate that is the API's is not shown to the authorization server.
    void otherClientsShowNoCertificateThere() {
        GrantBench bench(-1000, OAuthGrant::ClientCredentials);
        bench.record().parts.insert_or_assign(QStringLiteral("client_certificate"), Secret("a PEM text"));
        bench.transport.script = {
            {answer(200, {{"Content-Type", "application/json"}},
                    "{\"access_token\":\"next-access-token\",\"token_type\":\"Bearer\",\"expires_in\":600}")},
            {answer(200)}};
        QVERIFY(!bench.go().error);
        QVERIFY(!bench.transport.options.first().clientCertificate);
        QVERIFY(bench.transport.options.last().clientCertificate);
    }

    void aFreshTokenIsSentAsItIs() {
        GrantBench bench(300000);
        bench.transport.script = {{answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QCOMPARE(bench.transport.sent.size(), 1);
        QCOMPARE(sentToken(bench.transport.sent[0]), QByteArray("Bearer first-access-token"));
        QVERIFY(bench.lock.taken.isEmpty());
    }

    void s5_8_aDueTokenIsRefreshedFirst() {
        GrantBench bench(10000);
        bench.transport.script = {tokens(second), {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QCOMPARE(bench.transport.sent.size(), 2);
        const QUrlQuery form(QString::fromLatin1(bench.transport.sent[0].body));
        QCOMPARE(form.queryItemValue(QStringLiteral("grant_type")), QStringLiteral("refresh_token"));
        QCOMPARE(form.queryItemValue(QStringLiteral("refresh_token")), QStringLiteral("first-refresh-token"));
        QCOMPARE(sentToken(bench.transport.sent[1]), QByteArray("Bearer second-access-token"));
        QCOMPARE(bench.lock.taken, QStringList{QStringLiteral("s1")});
        QCOMPARE(result.grantExchanges.size(), 1);
        QVERIFY(bench.record().secret.equals(Secret("second-access-token")));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("second-refresh-token")));
        QCOMPARE(bench.record().allowedOrigins, QStringList{QStringLiteral("https://api.acme.test")});
        // What is shown of it holds none of the tokens.
        QByteArray shown = everythingIn(result);
        for (const Exchange& exchange : result.grantExchanges)
            shown += exchange.sent().body + exchange.response().body;
        for (const char* token : {"first-access-token", "first-refresh-token", "second-access-token",
                                  "second-refresh-token", "client-secret-9a8b7c"})
            QVERIFY2(!holds(shown, token), token);
    }

    /// An API that shares its logs with the authorization server may answer with what it never got.
    void everySecretOfTheGrantIsMaskedInAnswers() {
        GrantBench bench(300000);
        bench.transport.script = {
            {answer(401, {{"X-Echo", "client-secret-9a8b7c"}}, "first-refresh-token first-access-token")}};
        const QByteArray shown = everythingIn(bench.go());
        QVERIFY(shown.contains("X-Echo"));
        for (const char* secret : {"client-secret-9a8b7c", "first-refresh-token", "first-access-token"})
            QVERIFY2(!holds(shown, secret), secret);
    }

    void s5_8_manyRequestsWaitForOneRefresh() {
        GrantBench bench(-1000);
        bench.transport.script = {tokens(second), {answer(200)}, {answer(200)}, {answer(200)}};
        std::vector<std::unique_ptr<Run>> runs;
        int ended = 0;
        for (int i = 0; i < 3; ++i) {
            runs.push_back(bench.makeRun());
            connect(runs.back().get(), &Run::finished, this, [&](const RunResult& result) {
                QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
                ++ended;
            });
            runs.back()->start();
        }
        QTRY_COMPARE(ended, 3);
        QCOMPARE(bench.tokenRequests().size(), 1);
        for (qsizetype i = 1; i < 4; ++i)
            QCOMPARE(sentToken(bench.transport.sent[i]), QByteArray("Bearer second-access-token"));
    }

    void s5_8_aNewTokenIsNotUsedBeforeItIsStored() {
        GrantBench bench(-1000);
        bench.store.writeError = Error{ErrorCode::StoreLocked, QStringLiteral("locked"), {}, {}, -1};
        bench.transport.script = {tokens(second), {answer(200)}};
        const RunResult refused = bench.go();
        QVERIFY(refused.error);
        QCOMPARE(bench.transport.sent.size(), 1); // the token request alone
        // Once the store takes it, the same token is used: it was not lost, and is not asked for again.
        bench.store.writeError.reset();
        bench.record().parts[QStringLiteral("key:header:x-new")] = Secret("new-key"); // came meanwhile
        const RunResult sent = bench.go();
        QVERIFY(bench.record().part(QStringLiteral("key:header:x-new")));
        QVERIFY2(!sent.error, sent.error ? qPrintable(sent.error->text()) : "");
        QCOMPARE(bench.tokenRequests().size(), 1);
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("Bearer second-access-token"));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("second-refresh-token")));
    }

    /// A profile that is removed while its token waits for the store does not come back with it.
    void anUnsavedTokenOfARemovedProfileIsDropped() {
        GrantBench bench(-1000);
        bench.store.writeError = Error{ErrorCode::StoreLocked, QStringLiteral("locked"), {}, {}, -1};
        bench.transport.script = {tokens(second)};
        QVERIFY(bench.go().error);
        bench.store.writeError.reset();
        SecretRecord seen = bench.record().revealCopy(); // read just before it was removed
        bench.store.records.clear();
        std::optional<Result<GrantKeeper::Ready>> out;
        const HandlePtr handle =
            bench.keeper.ready(bench.grantInput(), std::move(seen), false,
                               [&](Result<GrantKeeper::Ready> ready) { out.emplace(std::move(ready)); });
        QTRY_VERIFY(out);
        QVERIFY(!out->has_value());
        QCOMPARE(out->error().code, ErrorCode::SecretMissing);
        QVERIFY(bench.store.records.empty());
    }

    void s5_2_invalidTokenIsRefreshedAndResentOnce() {
        GrantBench bench(300000);
        bench.transport.script = {refusal("invalid_token"), tokens(second), {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY(!result.error);
        QCOMPARE(result.hops.size(), 2); // both attempts are to be seen
        QCOMPARE(result.hops[0].response().status, 401);
        QCOMPARE(result.hops[1].response().status, 200);
        QVERIFY(!result.hops[1].hopNote.isEmpty());
        QCOMPARE(sentToken(bench.transport.sent[2]), QByteArray("Bearer second-access-token"));
    }

    void s5_2_aSecondRefusalStands() {
        GrantBench bench(300000);
        bench.transport.script = {refusal("invalid_token"), tokens(second), refusal("invalid_token")};
        const RunResult result = bench.go();
        QVERIFY(!result.error);
        QCOMPARE(result.hops.size(), 2);
        QCOMPARE(result.hops.last().response().status, 401);
        QCOMPARE(bench.tokenRequests().size(), 1);
        QVERIFY(!result.authNote.isEmpty());
        QVERIFY(result.diagnosis);
    }

    void s5_2_insufficientScopeIsNoReasonToRefresh() {
        GrantBench bench(300000);
        bench.transport.script = {refusal("insufficient_scope", 403)};
        const RunResult result = bench.go();
        QCOMPARE(bench.transport.sent.size(), 1);
        QCOMPARE(result.hops.last().response().status, 403);
        QVERIFY(result.authNote.contains(QStringLiteral("scope")));
    }

    void switchesAreObeyed() {
        GrantBench bench(300000);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        scheme.refreshOn401 = false;
        bench.transport.script = {refusal("invalid_token")};
        QCOMPARE(bench.go().hops.size(), 1);
        QCOMPARE(bench.transport.sent.size(), 1);

        GrantBench late(-1000);
        std::get<OAuthScheme>(late.profile.scheme).refreshAhead = false;
        late.transport.script = {{answer(200)}};
        QVERIFY(!late.go().error);
        QCOMPARE(sentToken(late.transport.sent[0]), QByteArray("Bearer first-access-token"));
    }

    /// The keeper lives as long as the window: what the profile says now counts, not what it said first.
    void changedSettingsCountAtOnce() {
        GrantBench bench(30000);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        scheme.refreshAhead = false;
        bench.transport.script = {
            {answer(200)}, refusal("invalid_token"), {answer(200)}, tokens(second), {answer(200)}};
        QVERIFY(!bench.go().error); // seen with the switch off
        scheme.refreshOn401 = false;
        QCOMPARE(bench.go().hops.size(), 1);
        // Kept as it is from now on: due, and not refreshed.
        scheme.refreshAhead = true;
        bench.profile.declared.stale = QStringLiteral("expired");
        QVERIFY(!bench.go().error);
        QVERIFY(bench.tokenRequests().isEmpty());
        // Back again, with a leeway for which it is not due, and then with one for which it is.
        bench.profile.declared.stale.clear();
        scheme.refreshLeewayS = 5;
        bench.keeper.follow(bench.grantInput());
        const GrantState* state = bench.keeper.stateOf(QStringLiteral("s1"));
        QCOMPARE(state->phase(bench.keeper.now()), GrantPhase::Fresh);
        scheme.refreshLeewayS = 60;
        QVERIFY(!bench.go().error);
        QCOMPARE(bench.tokenRequests().size(), 1);
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("Bearer second-access-token"));
    }

    /// The other kind of grant needs nobody: an expired token without a refresh token is no dead end then.
    void aChangedGrantCountsAtOnce() {
        GrantBench bench(-1000);
        bench.record().parts.erase(grantpart::refreshToken);
        const RunResult refused = bench.go();
        QVERIFY(refused.error && refused.error->code == ErrorCode::LoginNeeded);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        scheme.grant = OAuthGrant::ClientCredentials;
        scheme.clientAuth = ClientAuth::Basic;
        bench.transport.script = {tokens(second), {answer(200)}};
        const RunResult sent = bench.go();
        QVERIFY2(!sent.error, sent.error ? qPrintable(sent.error->text()) : "");
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("Bearer second-access-token"));
    }

    void anExpiredTokenGoesOutOnPurpose() {
        GrantBench bench(-1000);
        bench.input.sendAsIs = true;
        bench.transport.script = {refusal("invalid_token")};
        const RunResult result = bench.go();
        QCOMPARE(bench.transport.sent.size(), 1);
        QCOMPARE(sentToken(bench.transport.sent[0]), QByteArray("Bearer first-access-token"));
        QCOMPARE(result.hops.last().response().status, 401);
    }

    void s5_8_aDeadRefreshTokenAsksForALogin() {
        GrantBench bench(-1000);
        bench.transport.script = {
            {answer(400, {{"Content-Type", "application/json"}},
                    R"({"error":"invalid_grant","error_description":"reuse detected"})")}};
        const RunResult result = bench.go();
        QVERIFY(result.error);
        QCOMPARE(result.error->code, ErrorCode::LoginNeeded);
        QVERIFY2(result.error->text().contains(QStringLiteral("reuse detected")),
                 qPrintable(result.error->text()));
        QVERIFY(!bench.record().part(grantpart::refreshToken));
        const RunResult again = bench.go();
        QVERIFY(again.error);
        QCOMPARE(again.error->code, ErrorCode::LoginNeeded);
        QCOMPARE(bench.tokenRequests().size(), 1);
    }

    void whatAnotherProcessObtainedIsTaken() {
        GrantBench bench(-1000);
        bench.lock.beforeHeld = [&bench] {
            bench.record().secret = Secret("token-of-the-other");
            bench.record().facts[QStringLiteral("obtained_ms")] = QString::number(bench.clock.wall);
            bench.record().facts[QStringLiteral("expires_ms")] = QString::number(bench.clock.wall + 600000);
        };
        bench.transport.script = {{answer(200)}};
        const RunResult result = bench.go();
        QVERIFY(!result.error);
        QVERIFY(bench.tokenRequests().isEmpty());
        QCOMPARE(sentToken(bench.transport.sent[0]), QByteArray("Bearer token-of-the-other"));
    }

    void aMovedServerGetsNothing() {
        GrantBench bench(-1000);
        std::get<OAuthScheme>(bench.profile.scheme).tokenUrl = QStringLiteral("https://evil.test/token");
        const RunResult result = bench.go();
        QVERIFY(result.error);
        QCOMPARE(result.error->code, ErrorCode::ConsentNeeded);
        QVERIFY(bench.transport.sent.isEmpty());
    }

    void aServerThatIsDownIsNotAskedAtOnceAgain() {
        GrantBench bench(-1000);
        bench.transport.script = {{answer(503, {{"Retry-After", "120"}})}, tokens(second), {answer(200)}};
        QVERIFY(bench.go().error);
        QVERIFY(bench.go().error);
        QCOMPARE(bench.transport.sent.size(), 1);
        bench.clock.pass(121000);
        QVERIFY(!bench.go().error);
        QCOMPARE(bench.transport.sent.size(), 3);
    }

    void clientCredentialsNeedNobody() {
        GrantBench bench(-1000, OAuthGrant::ClientCredentials);
        bench.record().secret.wipe();
        bench.record().parts.erase(grantpart::refreshToken);
        bench.transport.script = {
            tokens(R"({"access_token":"machine-token","token_type":"Bearer","expires_in":60})"),
            {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QVERIFY(bench.transport.sent[0].body.contains("grant_type=client_credentials"));
        QCOMPARE(sentToken(bench.transport.sent[0]),
                 "Basic " + QByteArray("app:client-secret-9a8b7c").toBase64());
        QCOMPARE(sentToken(bench.transport.sent[1]), QByteArray("Bearer machine-token"));
    }

    void withoutATokenALoginIsAskedFor() {
        GrantBench bench(1);
        bench.record().secret.wipe();
        bench.record().parts.clear();
        const RunResult result = bench.go();
        QVERIFY(result.error);
        QCOMPARE(result.error->code, ErrorCode::LoginNeeded);
        QVERIFY(bench.transport.sent.isEmpty());
    }

    void s5_8_loginInTheBrowser() {
        GrantBench bench(1);
        bench.record().secret.wipe();
        bench.record().parts.clear();
        bench.transport.script = {tokens(second)};
        std::optional<Result<GrantOutcome>> out;
        const HandlePtr handle = bench.login(out);
        QTRY_VERIFY(bench.browser.opened.isValid());
        const QUrlQuery asked(bench.browser.opened);
        QCOMPARE(asked.queryItemValue(QStringLiteral("response_type")), QStringLiteral("code"));
        QCOMPARE(asked.queryItemValue(QStringLiteral("code_challenge_method")), QStringLiteral("S256"));
        QCOMPARE(bench.listener.wantedPath, QStringLiteral("/callback"));
        const QByteArray state = asked.queryItemValue(QStringLiteral("state")).toLatin1();
        QVERIFY(!bench.listener.arrived("/callback?code=stolen&state=guessed")); // RFC 6749 §10.12
        QVERIFY(!out);
        QVERIFY(bench.listener.arrived("/callback?code=the-code&state=" + state));
        QTRY_VERIFY(out);
        QVERIFY2(out->has_value(), *out ? "" : qPrintable(out->error().text()));
        const QUrlQuery form(QString::fromLatin1(bench.transport.sent[0].body));
        QCOMPARE(form.queryItemValue(QStringLiteral("code")), QStringLiteral("the-code"));
        QVERIFY(form.queryItemValue(QStringLiteral("code_verifier")).size() >= 43);
        QVERIFY(bench.record().secret.equals(Secret("second-access-token")));
    }

    /// A login waits for a person, and the profile can be changed meanwhile.
    void whatCameToTheProfileDuringALoginStays() {
        for (const bool removed : {false, true}) {
            GrantBench bench(1);
            bench.record().parts[QStringLiteral("header:X-Old")] = Secret("old-key");
            bench.transport.script = {tokens(second)};
            std::optional<Result<GrantOutcome>> out;
            const HandlePtr handle = bench.login(out);
            QTRY_VERIFY(bench.browser.opened.isValid());
            if (removed) {
                bench.store.records.clear();
            } else {
                bench.record().parts[QStringLiteral("header:X-New")] = Secret("new-key");
                bench.record().parts.erase(QStringLiteral("header:X-Old"));
                bench.record().parts[grantpart::clientSecret] = Secret("newer-client-secret");
                bench.record().allowedOrigins.append(QStringLiteral("https://more.acme.test"));
            }
            const QByteArray state =
                QUrlQuery(bench.browser.opened).queryItemValue(QStringLiteral("state")).toLatin1();
            QVERIFY(bench.listener.arrived("/callback?code=the-code&state=" + state));
            QTRY_VERIFY(out);
            QCOMPARE(out->has_value(), !removed);
            if (removed) { // it does not come back
                QCOMPARE(out->error().code, ErrorCode::SecretMissing);
                QVERIFY(bench.store.records.empty());
                continue;
            }
            const SecretRecord& kept = bench.record();
            QVERIFY(kept.secret.equals(Secret("second-access-token")));
            QVERIFY(kept.part(grantpart::refreshToken)->equals(Secret("second-refresh-token")));
            QVERIFY(kept.part(QStringLiteral("header:X-New"))->equals(Secret("new-key")));
            QVERIFY(!kept.part(QStringLiteral("header:X-Old")));
            QVERIFY(kept.part(grantpart::clientSecret)->equals(Secret("newer-client-secret")));
            QCOMPARE(kept.allowedOrigins.last(), QStringLiteral("https://more.acme.test"));
            // Whoever asked for the login goes on with all of it.
            QVERIFY((*out)->record.part(QStringLiteral("header:X-New")));
        }
    }

    void aLoginThatIsGivenUpIsOver() {
        GrantBench bench(1);
        HandlePtr handle = bench.keeper.run(bench.grantInput(), GrantOperation::Kind::Login, {},
                                            [](const Result<GrantOutcome>&) { QFAIL("it was given up"); });
        QTRY_VERIFY(bench.browser.opened.isValid());
        handle.reset();
        bench.transport.script = {{answer(200, {}, R"({"active":true,"scope":"users:read"})")}};
        QVERIFY(bench.operate(GrantOperation::Kind::Introspect)->introspection->active);
    }

    void s5_11_revokingWipesWhatItEnds() {
        GrantBench bench(300000);
        bench.transport.script = {{answer(200)}, {answer(200)}};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Revoke);
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        QCOMPARE(bench.transport.sent.size(), 2);
        QVERIFY(bench.transport.sent[0].body.contains("token=first-refresh-token"));
        QVERIFY(bench.transport.sent[1].body.contains("token=first-access-token"));
        QVERIFY(bench.record().secret.isEmpty());
        QVERIFY(!bench.record().part(grantpart::refreshToken));
        QVERIFY(bench.record().part(grantpart::clientSecret)); // the client is not the token
    }

    void s5_11_aServerThatCannotRevokeIsSaid() {
        GrantBench bench(300000);
        bench.record().parts.erase(grantpart::refreshToken);
        bench.transport.script = {
            {answer(400, {{"Content-Type", "application/json"}}, R"({"error":"unsupported_token_type"})")}};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Revoke);
        QVERIFY(outcome.has_value());
        QCOMPARE(outcome->findings.size(), 1);
        QVERIFY(bench.record().secret.isEmpty());
    }

    void s5_9_metadataOfTheIssuerIsFoundOnceAndKept() {
        GrantBench bench(-1000);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        scheme.tokenUrl.clear();
        scheme.issuer = QStringLiteral("https://id.acme.test");
        confirmServer(bench.record(), *proposedServer(scheme, nullptr));
        const QByteArray metadata =
            R"({"issuer":"https://id.acme.test","token_endpoint":"https://id.acme.test/token",)"
            R"("response_types_supported":["code"]})";
        bench.transport.script = {{answer(404)}, tokens(metadata), tokens(second), {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QCOMPARE(bench.transport.sent[0].url.path(), QByteArray("/.well-known/oauth-authorization-server"));
        QCOMPARE(bench.transport.sent[1].url.path(), QByteArray("/.well-known/openid-configuration"));
        QCOMPARE(bench.record().fact(QStringLiteral("token_url")),
                 QStringLiteral("https://id.acme.test/token"));
    }
};

QTEST_GUILESS_MAIN(TestGrants)
#include "test_grants.moc"
