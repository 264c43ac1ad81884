// SPDX-License-Identifier: GPL-3.0-or-later
// A profile with an OAuth grant, and its keeper, over what a test scripts.
#pragma once
#include "core/run/grant_keeper.h"
#include "tests/core/run/run_fakes.h"
#include "tests/support/grant_fakes.h"

namespace kbtest {

inline Step tokens(const QByteArray& json) {
    return {answer(200, {{"Content-Type", "application/json"}}, json)};
}

inline Step refusal(const QByteArray& error, int status = 401) {
    return {answer(status, {{"WWW-Authenticate", "Bearer realm=\"api\", error=\"" + error + "\""}})};
}

inline const QByteArray second =
    R"({"access_token":"second-access-token","token_type":"bearer","expires_in":600,)"
    R"("refresh_token":"second-refresh-token"})";

inline QByteArray sentToken(const Request& request) {
    return request.headers.first("Authorization").value_or("none");
}

/// A bench whose profile is an OAuth client with a token that lives `leftMs` more.
struct GrantBench : Bench {
    FakeLock lock;
    FakeListener listener;
    FakeBrowser browser;
    GrantKeeper keeper{{transport, store, clock, lock, &listener, &browser}};

    explicit GrantBench(qint64 leftMs, OAuthGrant grant = OAuthGrant::AuthorizationCode) {
        OAuthScheme scheme;
        scheme.grant = grant;
        scheme.clientAuth = grant == OAuthGrant::ClientCredentials ? ClientAuth::Basic : ClientAuth::None;
        scheme.clientId = QStringLiteral("app");
        scheme.tokenUrl = QStringLiteral("https://id.acme.test/token");
        scheme.authorizationUrl = QStringLiteral("https://id.acme.test/authorize");
        scheme.revocationUrl = QStringLiteral("https://id.acme.test/revoke");
        scheme.introspectionUrl = QStringLiteral("https://id.acme.test/introspect");
        scheme.scopes = {QStringLiteral("users:read")};
        profile.scheme = scheme;
        SecretRecord& kept = record();
        confirmServer(kept, *proposedServer(scheme, nullptr));
        kept.secret = Secret("first-access-token");
        kept.parts[grantpart::refreshToken] = Secret("first-refresh-token");
        kept.parts[grantpart::clientSecret] = Secret("client-secret-9a8b7c");
        kept.facts[QStringLiteral("obtained_ms")] = QString::number(clock.wall + leftMs - 600000);
        kept.facts[QStringLiteral("expires_ms")] = QString::number(clock.wall + leftMs);
    }
    std::unique_ptr<Run> makeRun() {
        RunInput each = std::move(input);
        input = RunInput();
        input.spec.url = each.spec.url;
        each.profile = profile;
        return std::make_unique<Run>(Run::Services{transport, store, clock, nullptr, &keeper},
                                     std::move(each));
    }
    RunResult go() {
        const auto each = makeRun();
        std::optional<RunResult> out;
        QObject::connect(each.get(), &Run::finished, each.get(),
                         [&](const RunResult& result) { out = result; });
        each->start();
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("the run did not finish");
        return *out;
    }
    GrantInput grantInput() const { return {profile, {}, {}, {}, {}, false}; }
    Result<GrantOutcome> operate(GrantOperation::Kind kind) {
        std::optional<Result<GrantOutcome>> out;
        const HandlePtr handle = keeper.run(
            grantInput(), kind, {}, [&](Result<GrantOutcome> outcome) { out.emplace(std::move(outcome)); });
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("the operation did not end");
        return std::move(*out);
    }
    /// Begins a login in the browser, which the handle keeps going.
    HandlePtr login(std::optional<Result<GrantOutcome>>& out) {
        return keeper.run(grantInput(), GrantOperation::Kind::Login, {},
                          [&out](Result<GrantOutcome> outcome) { out.emplace(std::move(outcome)); });
    }
    QList<Request> tokenRequests() const {
        QList<Request> out;
        for (const Request& request : transport.sent)
            if (request.url.path() == "/token") out.append(request);
        return out;
    }
};

} // namespace kbtest
