// SPDX-License-Identifier: GPL-3.0-or-later
// How a run takes its scheme's flow through the exchange.
#include "core/auth/crypto.h"
#include "core/auth/flow_factory.h"
#include "core/auth/jwt_mint.h"
#include "core/run/resolve_scheme.h"
#include "core/run/run_private.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct RunText {
    Q_DECLARE_TR_FUNCTIONS(RunText)
};

/// More than any protocol needs: Digest takes three, with a stale nonce in between.
constexpr int maxFlowSends = 6;

Result<std::unique_ptr<AuthFlow>> dpopFlow(const SecretRecord& record, std::shared_ptr<DpopNonces> nonces) {
    const Secret* stored = record.part(QStringLiteral("dpop_key"));
    if (!stored)
        return fail(ErrorCode::SecretMissing, RunText::tr("The key this token is bound to is missing."), {},
                    RunText::tr("Log in again."));
    Result<SigningKey> key = SigningKey::read(*stored, false);
    if (!key) return tl::unexpected(key.error());
    const Result<QString> algorithm = dpopAlgorithm(*key, {});
    if (!algorithm) return tl::unexpected(algorithm.error());
    DpopFlow::Setup setup;
    setup.key = std::make_shared<const SigningKey>(std::move(*key));
    setup.algorithm = *algorithm;
    setup.nonces = std::move(nonces);
    setup.accessToken = record.secret.revealCopy();
    return std::make_unique<DpopFlow>(std::move(setup));
}

} // namespace

FlowContext Run::Private::flowContext() {
    return FlowContext{*redactor, time.nowMs(), randomBytes};
}

void Run::Private::authenticate(const AuthScheme& wanted, const SecretRecord& record,
                                std::optional<qint64> userExpiry) {
    Result<AuthScheme> resolved = resolveScheme(wanted, input.variables);
    if (!resolved) return finish(resolved.error());
    scheme = std::move(*resolved);
    credential = describeCredential(scheme, record.secret, userExpiry);
    AuthMemory* memory = services.memory;
    const auto* oauth = std::get_if<OAuthScheme>(&scheme);
    if (oauth && oauth->dpop) {
        Result<std::unique_ptr<AuthFlow>> made =
            dpopFlow(record, memory ? memory->dpop(lane) : std::make_shared<DpopNonces>());
        if (!made) return finish(made.error());
        flow = std::move(*made);
    } else {
        FlowParts parts;
        for (const auto& [name, secret] : record.parts)
            parts.secrets[name] = secret.revealCopy();
        if (memory) parts.digest = memory->digest(lane);
        parts.mintJwt = [](const JwtScheme& jwt, const Secret& key, const FlowContext& context) {
            return mintJwt(jwt, jwt.claims, key, context.nowMs, context.randomBytes);
        };
        flow = makeFlow(scheme, record.secret, parts);
    }
    plain = request;
    for (const QByteArray& name : std::as_const(credentialFields))
        redactor->addCredentialField(name);
    beginFlow();
}

void Run::Private::beginFlow() {
    Result<FlowSend> begun = flow->begin(plain, flowContext());
    if (!begun) return finish(begun.error());
    describePlaced(credential, scheme, *begun);
    result.facts = credential.facts;
    adopt(std::move(*begun));
}

void Run::Private::adopt(FlowSend next) {
    credential.placed = next.placed;
    for (const QByteArray& name : std::as_const(next.placed.headerFields))
        if (!credentialFields.contains(name)) credentialFields.append(name);
    if (!next.placed.cookies.isEmpty() && !credentialFields.contains("Cookie"))
        credentialFields.append("Cookie");
    result.credentialWarning = next.placed.warning;
    request = std::move(next.request);
    ++flowSends;
    send();
}

bool Run::Private::resumeFlow(const Response& response) {
    if (!flow || cancelled) return false;
    // A body that is not whole ends here: it may be what the user stopped.
    Result<FlowStep> step = flow->resume(response, flowContext());
    if (!step) {
        // The answer stands; why it could not be answered belongs to it.
        result.authNote = redactor->text(step.error().text());
        return false;
    }
    if (auto* done = std::get_if<FlowDone>(&*step)) {
        result.authNote = redactor->text(done->finding);
        return false;
    }
    if (flowSends >= maxFlowSends) return false;
    FlowSend& next = std::get<FlowSend>(*step);
    hopNote = next.note;
    wipeRequest();
    adopt(std::move(next));
    return true;
}

} // namespace kb
