// SPDX-License-Identifier: GPL-3.0-or-later
// A session with OAuth profiles, whose authorization server is a function of the test.
#pragma once
#include "core/auth/grant_record.h"
#include "tests/support/grant_fakes.h"
#include "tests/support/ui_fixture.h"

namespace kb::test {

/// Asks the test what each request is answered with.
class AnsweringTransport final : public Transport {
public:
    QList<Request> sent;
    QList<TransportOptions> options;
    std::function<Result<TransportReply>(const Request&)> answer;

    std::unique_ptr<Transfer> send(Request request, TransportOptions with,
                                   TransferCallbacks callbacks) override {
        struct Reply final : Transfer {
            void keepGoing(qint64) override {}
            void stop() override {}
            HandlePtr later;
        };
        sent.append(request);
        options.append(with);
        auto transfer = std::make_unique<Reply>();
        transfer->later = std::make_unique<Later>([this, request, finished = callbacks.finished] {
            finished(answer ? answer(request) : reply(404));
        });
        return transfer;
    }
    static TransportReply reply(int status, const QByteArray& body = {},
                                const QList<HeaderField>& headers = {}) {
        TransportReply made;
        made.response.status = status;
        made.response.httpVersion = "1.1";
        made.response.headers.fields = headers;
        if (!body.isEmpty()) made.response.headers.append("Content-Type", "application/json");
        made.response.body = body;
        return made;
    }
    QList<Request> sentTo(const QByteArray& path) const {
        QList<Request> out;
        for (const Request& request : sent)
            if (request.url.path() == path) out.append(request);
        return out;
    }
};

inline TransportReply reply(int status, const QByteArray& body = {}, const QList<HeaderField>& headers = {}) {
    return AnsweringTransport::reply(status, body, headers);
}
/// JSON with the other kind of quotes.
inline QByteArray json(const char* text) {
    return QByteArray(text).replace('\'', '"');
}

/// A session with one OAuth profile, "grant", whose token lives 600 s more and can be refreshed.
struct GrantFixture {
    TurnableClock clock;
    MemoryStore secrets, memorySecrets;
    MemorySettings settings;
    MemoryWorkspaces workspaces;
    AnsweringTransport transport;
    NoPractice practice;
    kbtest::FakeLock lock;
    kbtest::FakeListener listener;
    kbtest::FakeBrowser browser;
    std::unique_ptr<Session> session;

    static constexpr const char* access = "first-access-token";
    static constexpr const char* refresh = "first-refresh-token";
    static inline const QByteArray second =
        R"({"access_token":"second-access-token","token_type":"bearer","expires_in":600,)"
        R"("refresh_token":"second-refresh-token"})";

    static OAuthScheme makeScheme(OAuthGrant grant) {
        OAuthScheme scheme;
        scheme.grant = grant;
        scheme.clientAuth = grant == OAuthGrant::ClientCredentials ? ClientAuth::Post : ClientAuth::None;
        scheme.clientId = QStringLiteral("app");
        const QString server = QStringLiteral("https://id.example.com");
        scheme.tokenUrl = server + QStringLiteral("/token");
        scheme.authorizationUrl = server + QStringLiteral("/authorize");
        scheme.deviceUrl = server + QStringLiteral("/device");
        scheme.revocationUrl = server + QStringLiteral("/revoke");
        scheme.introspectionUrl = server + QStringLiteral("/introspect");
        scheme.scopes = {QStringLiteral("users:read")};
        return scheme;
    }

    explicit GrantFixture(OAuthGrant grant = OAuthGrant::AuthorizationCode, qint64 leftMs = 600'000) {
        const OAuthScheme scheme = makeScheme(grant);
        TokenProfile profile;
        profile.id = QStringLiteral("grant");
        profile.name = QStringLiteral("Grant");
        profile.scheme = scheme;
        profile.bindings.append({{}, SecretRef{profile.id}, {QStringLiteral("https://api.example.com")}, {}});
        workspaces.workspace.name = QStringLiteral("Test");
        workspaces.workspace.profiles = {profile};
        SecretRecord record;
        record.allowedOrigins = {QStringLiteral("https://api.example.com")};
        confirmServer(record, *proposedServer(scheme, nullptr));
        record.secret = Secret(access);
        record.parts[grantpart::refreshToken] = Secret(refresh);
        if (scheme.clientAuth == ClientAuth::Post)
            record.parts[grantpart::clientSecret] = Secret("client-secret-9a8b7c");
        record.facts[QStringLiteral("obtained_ms")] = QString::number(clock.now + leftMs - 600'000);
        record.facts[QStringLiteral("expires_ms")] = QString::number(clock.now + leftMs);
        secrets.records[profile.id] = std::move(record);
        UiServices services{transport, secrets, memorySecrets, workspaces, settings, clock, practice, {}};
        services.lock = &lock;
        services.listener = &listener;
        services.browser = &browser;
        session = std::make_unique<Session>(std::move(services));
    }
    void begin() {
        if (!session->openWorkspace(QStringLiteral("/nowhere")))
            qFatal("the workspace in memory did not open");
        session->begin();
    }
    SecretRecord& record() { return secrets.records.at(QStringLiteral("grant")); }
    OAuthScheme& scheme() { return std::get<OAuthScheme>(workspaces.workspace.profiles.first().scheme); }
    bool ready() const {
        const ProfileState* state = session->state(QStringLiteral("grant"));
        return state && state->loading == ProfileState::Loading::Done;
    }
};

} // namespace kb::test
