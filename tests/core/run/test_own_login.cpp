// SPDX-License-Identifier: GPL-3.0-or-later
// The life of a token from a login of the API's own: obtained, renewed, refused, and never sent elsewhere.
#include "core/auth/profile_facts.h"
#include "core/run/grant_keeper.h"
#include "core/run/resolve_scheme.h"
#include "tests/core/run/run_fakes.h"
#include "tests/support/grant_fakes.h"

using namespace kbtest;

namespace {

Step json(const QByteArray& body, const QList<HeaderField>& more = {}, int status = 200) {
    return {answer(status, QList<HeaderField>{{"Content-Type", "application/json"}} + more, body)};
}

const QByteArray first = R"({"data":{"token":"first-token-aaa","refresh":"first-refresh-aaa","ttl":600}})";
const QByteArray second = R"({"data":{"token":"second-token-bbb","refresh":"second-refresh-bbb","ttl":600}})";

bool offers(const RunResult& result, Remedy::Kind kind) {
    if (!result.diagnosis) return false;
    for (const Remedy& remedy : result.diagnosis->remedies)
        if (remedy.kind == kind) return true;
    return false;
}

QByteArray sentToken(const Request& request) {
    return request.headers.first("Authorization").value_or("none");
}

} // namespace

class TestOwnLogin : public QObject {
    Q_OBJECT
private:
    /// A bench whose profile logs in with a password and has no token yet.
    struct LoginBench : Bench {
        FakeLock lock;
        GrantKeeper keeper{{transport, store, clock, lock, nullptr, nullptr}};

        LoginBench() {
            LoginScheme scheme;
            scheme.loginUrl = QStringLiteral("https://id.acme.test/login");
            scheme.user = QStringLiteral("ada");
            scheme.tokenName = QStringLiteral("/data/token");
            scheme.refreshName = QStringLiteral("/data/refresh");
            scheme.expiryName = QStringLiteral("/data/ttl");
            scheme.refreshUrl = QStringLiteral("https://id.acme.test/refresh");
            setScheme(scheme);
            record().secret.wipe();
            record().parts[grantpart::password] = Secret("pass-word-1234");
        }
        LoginScheme& scheme() { return std::get<LoginScheme>(profile.scheme); }
        void setScheme(const LoginScheme& scheme) {
            profile.scheme = scheme;
            confirmServer(record(), *proposedGrantServer(scheme));
        }
        RunResult go(const QByteArray& method = "GET") {
            RunInput each;
            each.spec.url = QStringLiteral("https://api.acme.test/users");
            each.spec.method = QString::fromLatin1(method);
            each.profile = profile;
            each.variables = variables;
            Run run(Run::Services{transport, store, clock, nullptr, &keeper}, std::move(each));
            std::optional<RunResult> out;
            QObject::connect(&run, &Run::finished, &run, [&](const RunResult& result) { out = result; });
            run.start();
            if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("the run did not finish");
            return *out;
        }
        Result<GrantOutcome> operate(GrantOperation::Kind kind) {
            std::optional<Result<GrantOutcome>> out;
            const HandlePtr handle =
                keeper.run({profile, {}, variables, {}, {}, false}, kind, {},
                           [&](Result<GrantOutcome> outcome) { out.emplace(std::move(outcome)); });
            if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("the operation did not end");
            return std::move(*out);
        }
        VariableMap variables;
    };

private Q_SLOTS:
    void theFirstRequestLogsIn() {
        LoginBench bench;
        bench.transport.script = {json(first), json("{}"), json("{}")};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QCOMPARE(bench.transport.sent.size(), 2);
        QCOMPARE(bench.transport.sent[0].url.text(), QByteArray("https://id.acme.test/login"));
        QCOMPARE(bench.transport.sent[0].body,
                 QByteArray(R"({"username": "ada", "password": "pass-word-1234"})"));
        QCOMPARE(sentToken(bench.transport.sent[1]), QByteArray("Bearer first-token-aaa"));
        QVERIFY(bench.record().secret.equals(Secret("first-token-aaa")));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("first-refresh-aaa")));
        QVERIFY(bench.record().part(grantpart::password)->equals(Secret("pass-word-1234")));
        QCOMPARE(bench.lock.taken, QStringList{QStringLiteral("s1")});
        // What is shown of it holds no secret, though no name in the answer tells of one.
        QByteArray shown = everythingIn(result);
        QCOMPARE(result.grantExchanges.size(), 1);
        for (const Exchange& exchange : result.grantExchanges)
            shown += exchange.sent().body + exchange.response().body;
        for (const char* secret : {"pass-word-1234", "first-token-aaa", "first-refresh-aaa"})
            QVERIFY2(!shown.contains(secret), secret);
        // The next one takes what is there.
        QVERIFY(!bench.go().error);
        QCOMPARE(bench.transport.sent.size(), 3);
    }

    void renewedByTheRefreshRequest() {
        LoginBench bench;
        bench.transport.script = {json(first), json("{}"), json(second), json("{}")};
        bench.go();
        bench.clock.pass(590'000);
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QCOMPARE(bench.transport.sent[2].url.text(), QByteArray("https://id.acme.test/refresh"));
        QCOMPARE(bench.transport.sent[2].body, QByteArray(R"({"refresh_token": "first-refresh-aaa"})"));
        QCOMPARE(sentToken(bench.transport.sent[3]), QByteArray("Bearer second-token-bbb"));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("second-refresh-bbb")));
    }

    void aRefreshThatBringsNoNewRefreshTokenKeepsTheOld() {
        LoginBench bench;
        bench.transport.script = {json(first), json(R"({"data":{"token":"second-token-bbb","ttl":60}})")};
        QVERIFY(bench.operate(GrantOperation::Kind::Login));
        const Result<GrantOutcome> renewed = bench.operate(GrantOperation::Kind::Renew);
        QVERIFY2(renewed.has_value(), renewed ? "" : qPrintable(renewed.error().text()));
        QVERIFY(renewed->findings.isEmpty());
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("first-refresh-aaa")));
    }

    void aRefusedRefreshLogsInAnew() {
        LoginBench bench;
        bench.transport.script = {json(first), json(R"({"message":"revoked"})", {}, 401), json(second)};
        QVERIFY(bench.operate(GrantOperation::Kind::Login));
        const Result<GrantOutcome> renewed = bench.operate(GrantOperation::Kind::Renew);
        QVERIFY2(renewed.has_value(), renewed ? "" : qPrintable(renewed.error().text()));
        QCOMPARE(bench.transport.sent[2].url.path(), QByteArray("/login"));
        QVERIFY(renewed->findings.value(0).contains(QStringLiteral("revoked")));
        QVERIFY(bench.record().secret.equals(Secret("second-token-bbb")));
    }

    void withoutARefreshRequestItLogsInAgain() {
        LoginBench bench;
        LoginScheme scheme = bench.scheme();
        scheme.refreshUrl.clear();
        bench.setScheme(scheme);
        bench.transport.script = {json(first), json("{}"), json(second), json("{}")};
        bench.go();
        bench.clock.pass(700'000);
        QVERIFY(!bench.go().error);
        QCOMPARE(bench.transport.sent[2].url.path(), QByteArray("/login"));
        QCOMPARE(sentToken(bench.transport.sent[3]), QByteArray("Bearer second-token-bbb"));
    }

    /// An API of its own has no error codes: its 401 is answered by one renewal and one resend.
    void aBare401IsRenewedAndResentOnce() {
        LoginBench bench;
        bench.transport.script = {json(first), json("{}", {}, 401), json(second), json("{}", {}, 401)};
        const RunResult result = bench.go();
        QCOMPARE(bench.transport.sent.size(), 4);
        QCOMPARE(result.hops.size(), 2);
        QCOMPARE(result.hops.last().response().status, 401);
        QCOMPARE(sentToken(bench.transport.sent[3]), QByteArray("Bearer second-token-bbb"));
        QVERIFY(offers(result, Remedy::Kind::RefreshToken));
        // The new one was refused too, so that the next request renews nothing.
        bench.transport.script = {json("{}", {}, 401)};
        bench.go();
        QCOMPARE(bench.transport.sent.size(), 5);
        QCOMPARE(bench.transport.sent.last().url.path(), QByteArray("/users"));
    }

    void theSwitchIsObeyed() {
        LoginBench bench;
        bench.scheme().refreshOn401 = false;
        bench.transport.script = {json(first), json("{}", {}, 401)};
        QCOMPARE(bench.go().hops.size(), 1);
        QCOMPARE(bench.transport.sent.size(), 2);
    }

    /// A login of the API's own cannot ask for scopes, so that none is offered.
    void missingScopesOfferNoLogin() {
        LoginBench bench;
        bench.transport.script = {
            json(first),
            json("{}", {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"admin\""}}, 403)};
        const RunResult result = bench.go();
        QVERIFY(offers(result, Remedy::Kind::RequestScopes));
        QVERIFY(!offers(result, Remedy::Kind::LogIn));
    }

    /// A password that is wrong is not tried again and again: that would lock the account.
    void aRefusedLoginIsNotRepeated() {
        LoginBench bench;
        bench.transport.script = {json(R"({"message":"wrong: pass-word-1234"})", {}, 401)};
        const RunResult result = bench.go();
        QVERIFY(result.error);
        QVERIFY2(result.error->text().contains(QStringLiteral("401")), qPrintable(result.error->text()));
        QVERIFY(!result.error->text().contains(QStringLiteral("pass-word-1234")));
        QVERIFY(bench.go().error);
        QCOMPARE(bench.transport.sent.size(), 1);
        bench.transport.script = {json(first)};
        QVERIFY(bench.operate(GrantOperation::Kind::Login)); // by hand it is
    }

    /// A pulled edit of the workspace file must not redirect the password or the refresh token.
    void movedAddressesGetNothing() {
        for (const bool refresh : {false, true}) {
            LoginBench bench;
            (refresh ? bench.scheme().refreshUrl : bench.scheme().loginUrl) =
                QStringLiteral("https://evil.test/login");
            const RunResult result = bench.go();
            QVERIFY(result.error);
            QCOMPARE(result.error->code, ErrorCode::ConsentNeeded);
            const QString named = refresh ? QStringLiteral("(refresh_url)") : QStringLiteral("(token_url)");
            QVERIFY2(result.error->what.contains(named), qPrintable(result.error->text()));
            QVERIFY(bench.transport.sent.isEmpty());
        }
        LoginBench never; // a profile of another kind that an edit made a login
        never.record().facts.clear();
        QCOMPARE(never.go().error->code, ErrorCode::ConsentNeeded);
        QVERIFY(never.transport.sent.isEmpty());
    }

    void aSessionCookieWithItsCsrfToken() {
        LoginBench bench;
        LoginScheme scheme;
        scheme.loginUrl = QStringLiteral("https://id.acme.test/login");
        scheme.tokenFrom = AnswerPlace::Cookie;
        scheme.tokenName = QStringLiteral("sid");
        scheme.sendAs = SendPlace::Cookie;
        scheme.csrfName = QStringLiteral("csrftoken");
        bench.setScheme(scheme);
        bench.transport.script = {{answer(302, {{"Location", "/home"},
                                                {"Set-Cookie", "sid=session-value-1; Max-Age=600"},
                                                {"Set-Cookie", "csrftoken=csrf-value-1"}})},
                                  json("{}"),
                                  json("{}")};
        const RunResult result = bench.go("POST");
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const Request& sent = bench.transport.sent[1];
        QCOMPARE(sent.headers.first("Cookie").value_or(""),
                 QByteArray("sid=session-value-1; csrftoken=csrf-value-1"));
        QCOMPARE(sent.headers.first("X-CSRF-Token").value_or(""), QByteArray("csrf-value-1"));
        const QByteArray shown = everythingIn(result);
        QVERIFY(!shown.contains("session-value-1") && !shown.contains("csrf-value-1"));
        bench.go("GET");
        QVERIFY(!bench.transport.sent[2].headers.contains("X-CSRF-Token"));
        QCOMPARE(bench.record().fact(QStringLiteral("expires_ms")),
                 QString::number(bench.record().fact(QStringLiteral("obtained_ms")).toLongLong() + 600'000));
    }

    void variablesAreResolvedAroundTheMarks() {
        LoginBench bench;
        LoginScheme scheme = bench.scheme();
        scheme.loginUrl = QStringLiteral("https://id.acme.test/{{tenant}}/login");
        scheme.body = QStringLiteral("{{tenant}}:{{user}}:{{secret}}");
        scheme.contentType = QStringLiteral("text/plain");
        bench.variables = {{QStringLiteral("tenant"), QStringLiteral("acme")},
                           {QStringLiteral("secret"), QStringLiteral("not this")},
                           {QStringLiteral("user"), QStringLiteral("nor this")}};
        bench.profile.scheme = scheme;
        confirmServer(bench.record(), *proposedGrantServer(*resolveScheme(scheme, bench.variables)));
        bench.transport.script = {json(first)};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Login);
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        QCOMPARE(bench.transport.sent[0].url.path(), QByteArray("/acme/login"));
        QCOMPARE(bench.transport.sent[0].body, QByteArray("acme:ada:pass-word-1234"));
    }

    void thereIsNowhereToRevokeAt() {
        LoginBench bench;
        for (const auto kind : {GrantOperation::Kind::Revoke, GrantOperation::Kind::Introspect})
            QCOMPARE(bench.operate(kind).error().code, ErrorCode::InvalidInput);
        QVERIFY(bench.transport.sent.isEmpty());
    }

    void whatIsKnownOfTheToken() {
        LoginBench bench;
        QVERIFY(profileFacts(bench.profile.scheme, bench.record(), {}).missing);
        bench.transport.script = {json(first)};
        QVERIFY(bench.operate(GrantOperation::Kind::Login));
        const TokenFacts facts = profileFacts(bench.profile.scheme, bench.record(), {});
        QVERIFY(!facts.missing && facts.refreshable);
        QCOMPARE(facts.expiresAt.value_or(0), double(bench.clock.wall / 1000 + 600));
    }
};

QTEST_GUILESS_MAIN(TestOwnLogin)
#include "test_own_login.moc"
