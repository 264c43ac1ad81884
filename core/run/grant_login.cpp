// SPDX-License-Identifier: GPL-3.0-or-later
// Logins that need the user: in the browser, or with a code on another device.
#include "core/run/grant_operation_private.h"
#include "core/run/grant_operation_text.h"

#include <QUrl>

namespace kb {

namespace {

constexpr int loginTimeoutMs = 10 * 60 * 1000;

} // namespace

void GrantOperation::Private::login() {
    if (scheme.grant == OAuthGrant::AuthorizationCode) return loginInBrowser();
    if (scheme.grant == OAuthGrant::DeviceCode) return loginWithDevice();
    obtainAlone();
}

void GrantOperation::Private::loginInBrowser() {
    if (missing(server.endpoints.authorization, GrantText::tr("authorization endpoint"))) return;
    if (!services.listener || !services.browser)
        return finish({ErrorCode::Unsupported, GrantText::tr("A login in the browser cannot be done here."),
                       input.profile.name, GrantText::tr("Log in with the window."), -1});
    Result<std::unique_ptr<RedirectWait>> wait = services.listener->listen(
        scheme.redirectPath, [this](const QByteArray& target) { return redirected(target); });
    if (!wait) return finish(wait.error());
    redirectWait = std::move(*wait);

    CodeRequest request{*server.endpoints.authorization,
                        client.id,
                        redirectWait->redirectUri(),
                        {scheme.scopes, scheme.resources, scheme.audience},
                        server.issuer,
                        server.answersWithIssuer,
                        dpopKey ? QString::fromLatin1(dpopKey->thumbprint()) : QString(),
                        {},
                        outcome.record.plainHttpOrigins};
    // A refresh token is given only to who agrees anew (OpenID Connect Core §11).
    if (scheme.scopes.contains(QStringLiteral("offline_access")))
        request.extra.append({QStringLiteral("prompt"), QStringLiteral("consent")});
    // RFC 9470 §4, by the parameters of OpenID Connect Core §3.1.2.1.
    if (!input.stepUp.acrValues.isEmpty())
        request.extra.append({QStringLiteral("acr_values"), input.stepUp.acrValues.join(u' ')});
    if (input.stepUp.maxAgeS)
        request.extra.append({QStringLiteral("max_age"), QString::number(*input.stepUp.maxAgeS)});
    Result<CodeFlow> flow = CodeFlow::start(std::move(request), context());
    if (!flow) return finish(flow.error());
    codeFlow.emplace(std::move(*flow));
    if (metadata && !metadata->codeChallengeMethods.isEmpty() &&
        !metadata->codeChallengeMethods.contains(QStringLiteral("S256")))
        outcome.findings.append(GrantText::tr("The server does not say that it knows PKCE with S256."));

    QObject::connect(&timer, &QTimer::timeout, q, [this] {
        finish({ErrorCode::TimedOut, GrantText::tr("Nobody logged in within ten minutes."),
                input.profile.name, GrantText::tr("Start the login again."), -1});
    });
    timer.start(loginTimeoutMs);
    const bool pushes = scheme.usePar || server.requiresPushedAuthorization;
    if (!pushes) return openBrowser(codeFlow->browserUrl());
    if (missing(server.endpoints.pushedAuthorization, GrantText::tr("pushed authorization endpoint"))) return;
    const auto push = [this](const FlowContext& now) {
        return pushedAuthorizationRequest(*server.endpoints.pushedAuthorization, client,
                                          codeFlow->parameters(), now);
    };
    callMade(push, [this](const Response& response) {
        const OAuthResult<PushedAuthorization> pushed = readPushedAuthorization(response, context());
        if (!pushed) return fail(pushed.error());
        outcome.findings += pushed->findings;
        const Result<HttpUrl> url = codeFlow->pushedBrowserUrl(*pushed);
        if (!url) return finish(url.error());
        openBrowser(*url);
    });
}

void GrantOperation::Private::openBrowser(const HttpUrl& url) {
    const QString text = QString::fromLatin1(url.text());
    const bool opened = services.browser->open(text);
    if (view.browser) view.browser(text, opened);
}

bool GrantOperation::Private::redirected(const QByteArray& target) {
    if (over || !codeFlow) return false;
    // Shared, because it is moved into an event: its code is a secret and cannot be copied.
    const auto came = std::make_shared<RedirectOutcome>(codeFlow->redirected(target, context()));
    if (came->kind == RedirectOutcome::Kind::Ignored) return false;
    later([this, came] {
        redirectWait.reset();
        if (came->kind == RedirectOutcome::Kind::Refused) return finish(came->error);
        code = std::move(came->code);
        exchangeCode();
    });
    return true;
}

void GrantOperation::Private::exchangeCode() {
    requestToken(CodeGrant{code, codeFlow->verifier(), codeFlow->redirectUri()},
                 [this](OAuthResult<TokenSet> tokens) {
                     gotTokens(std::move(tokens), true, GrantText::tr("Logged in."));
                 });
}

void GrantOperation::Private::loginWithDevice() {
    if (missing(server.endpoints.deviceAuthorization, GrantText::tr("device authorization endpoint"))) return;
    const Result<Request> request =
        deviceAuthorizationRequest(*server.endpoints.deviceAuthorization, client,
                                   {scheme.scopes, scheme.resources, scheme.audience}, context());
    if (!request) return finish(request.error());
    call(*request, false, [this](const Response& response) {
        OAuthResult<DeviceAuthorization> read = readDeviceAuthorization(response, context());
        if (!read) return fail(read.error());
        device = std::move(*read);
        outcome.findings += device->findings;
        poll.emplace(*device, services.clock.bootMs());
        if (view.device)
            view.device(device->userCode, QString::fromLatin1(device->verificationUri.text()),
                        device->verificationUriComplete
                            ? QString::fromLatin1(device->verificationUriComplete->text())
                            : QString());
        QObject::connect(&timer, &QTimer::timeout, q, [this] { pollDevice(); });
        pollDevice();
    });
}

void GrantOperation::Private::pollDevice() {
    if (over) return;
    const qint64 now = services.clock.bootMs();
    switch (poll->next(now)) {
    case DevicePoll::Action::Over:
        if (poll->error()) finish(*poll->error());
        return;
    case DevicePoll::Action::Wait:
        // Short naps, so that a machine that slept goes on at once when it wakes.
        return timer.start(static_cast<int>(std::clamp<qint64>(poll->nextMs() - now, 1, 1000)));
    case DevicePoll::Action::Ask:
        break;
    }
    requestToken(DeviceGrant{device->deviceCode}, [this](OAuthResult<TokenSet> tokens) {
        const qint64 then = services.clock.bootMs();
        if (tokens) {
            poll->answered(*tokens);
            return gotTokens(std::move(tokens), true, GrantText::tr("Logged in."));
        }
        if (tokens.error().kind == OAuthFailure::Kind::ServerDown && tokens.error().status == 0)
            poll->notAnswered(then);
        else
            poll->answered(tokens.error(), then);
        pollDevice();
    });
}

} // namespace kb
