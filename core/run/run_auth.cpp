// SPDX-License-Identifier: GPL-3.0-or-later
// How a run takes its scheme's flow through the exchange.
#include "core/auth/client_certificate.h"
#include "core/auth/crypto.h"
#include "core/auth/flow_factory.h"
#include "core/auth/forge.h"
#include "core/auth/further_keys.h"
#include "core/auth/grant_record.h"
#include "core/auth/profile_facts.h"
#include "core/http/server_time.h"
#include "core/run/profile_timeline.h"
#include "core/run/resolve_scheme.h"
#include "core/run/run_private.h"
#include "core/run/run_text_text.h"

namespace kb {

namespace {

/// More than any protocol needs: Digest takes three, with a stale nonce in between.
constexpr int maxFlowSends = 6;

void addPlaced(PlacedCredential& to, const PlacedCredential& more) {
    to.headerFields += more.headerFields;
    to.queryFields += more.queryFields;
    to.cookies += more.cookies;
    if (to.warning.isEmpty()) to.warning = more.warning;
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
    if (const Result<void> placed = placeKeys(record); !placed) return finish(placed.error());
    Secret spoilt;
    if (input.defect) {
        Result<Secret> made = forged(record);
        if (!made) return finish(made.error());
        if (made->isEmpty()) return sendEmptyCredential();
        spoilt = std::move(*made);
    }
    const Secret& secret = input.defect ? spoilt : record.secret;
    credential = describeCredential(scheme, secret, userExpiry);
    if (credential.facts && !input.defect) addBinding(*credential.facts, scheme, record);
    FlowParts parts;
    for (const auto& [name, part] : record.parts) {
        parts.secrets[name] = part.revealCopy();
        redactor->addSecret(part); // an answer may repeat what never went to it from here
    }
    if (std::holds_alternative<OAuthScheme>(scheme)) parts.tokenType = grantSummary(record).tokenType;
    if (services.memory) {
        parts.basic = services.memory->basic(lane);
        parts.digest = services.memory->digest(lane);
        parts.dpopNonces = services.memory->dpop(lane);
    }
    flow = makeFlow(scheme, secret, parts);
    if (const auto* ntlm = std::get_if<NtlmScheme>(&scheme)) {
        if (!record.secret.isEmpty()) redactor->addSecret(record.secret);
        login = std::make_shared<const ConnectionLogin>(
            ConnectionLogin{ntlm->negotiate, ntlm->user, record.secret.revealCopy()});
    }
    if (const Secret* pem = record.part(clientCertificatePart()))
        certificate = std::make_shared<const Secret>(pem->revealCopy());
    if (std::holds_alternative<ClientCertificateScheme>(scheme) && !certificate)
        return finish(Error{ErrorCode::SecretMissing,
                            RunText::tr("The profile has no client certificate."),
                            {},
                            RunText::tr("Choose its file in the profile."),
                            -1});
    plain = request;
    for (const QByteArray& name : std::as_const(credentialFields))
        redactor->addCredentialField(name);
    beginFlow();
}

Result<void> Run::Private::placeKeys(const SecretRecord& record) {
    if (!input.profile || std::exchange(keysPlaced, true)) return {};
    if (const Result<void> fine = checkKeys(scheme, input.profile->keys); !fine) return fine;
    for (const ApiKeyScheme& key : input.profile->keys) {
        const Secret* secret = record.part(keyPart(key));
        if (!secret || secret->isEmpty())
            return fail(
                ErrorCode::SecretMissing,
                RunText::tr("The profile %1 has no key for %2.").arg(input.profile->name, keyTitle(key)),
                input.profile->name,
                RunText::tr("Type it in the profile or with profile add-key, or remove it there."));
        const Result<PlacedCredential> placed = placeCredential(request, key, *secret, *redactor);
        if (!placed) return tl::unexpected(placed.error());
        addPlaced(besides, *placed);
    }
    markPlaced(besides);
    return {};
}

/// What no redirect carries to another origin.
void Run::Private::markPlaced(const PlacedCredential& placed) {
    for (const QByteArray& name : placed.headerFields)
        if (!credentialFields.contains(name)) credentialFields.append(name);
    if (!placed.cookies.isEmpty() && !credentialFields.contains("Cookie")) credentialFields.append("Cookie");
}

Result<Secret> Run::Private::forged(const SecretRecord& record) {
    redactor->addSecret(record.secret); // an answer may hold the good one: the forgery is made of it
    if (!canBeForged(scheme))
        return fail(ErrorCode::Unsupported,
                    RunText::tr("A credential of the kind %1 cannot be forged.").arg(schemeName(scheme)));
    if (const auto* jwt = std::get_if<JwtScheme>(&scheme)) {
        const Result<FlowSend> minted = makeFlow(scheme, record.secret, {})->begin(request, flowContext());
        if (!minted) return tl::unexpected(minted.error());
        QByteArray field = minted->request.headers.first("Authorization").value_or(QByteArray());
        field.remove(0, field.lastIndexOf(' ') + 1);
        scheme = BearerScheme{jwt->prefix};
        return forgeToken(*input.defect, Secret::take(field), randomBytes);
    }
    return forgeToken(*input.defect, record.secret, randomBytes);
}

/// In its place, with nothing in it.
void Run::Private::sendEmptyCredential() {
    if (const auto* key = std::get_if<ApiKeyScheme>(&scheme)) {
        const QByteArray name = key->name.toUtf8();
        if (key->in == ApiKeyScheme::In::Header) request.headers.append(name, {});
        if (key->in == ApiKeyScheme::In::Query) request.url = request.url.withQueryField(name, {});
        if (key->in == ApiKeyScheme::In::Cookie) request.headers.append("Cookie", name + '=');
    } else {
        const auto* bearer = std::get_if<BearerScheme>(&scheme);
        request.headers.append("Authorization", bearer ? bearer->prefix.trimmed().toUtf8() : "Bearer");
    }
    credential.placed = besides;
    plain = request;
    send();
}

GrantInput Run::Private::grantInput() const {
    return {*input.profile, input.environment, input.variables,
            input.proxy,    input.caFile,      input.trustFileOrigins};
}

void Run::Private::gotGrant(Result<GrantKeeper::Ready> ready) {
    grantWait.reset();
    if (finished) return;
    if (cancelled) return finish(cancelledError());
    if (!ready) return finish(ready.error());
    result.grantExchanges += ready->exchanges;
    if (sentWith.again) {
        wipeRequest();
        request = plain;
    }
    sentWith.epoch = ready->epoch;
    result.tokenEpoch = ready->epoch + 1; // 0 is none
    sentWith.asIs = input.sendAsIs;
    if (!ready->note.isEmpty()) result.authNote = ready->note;
    std::optional<qint64> expiry;
    if (const auto known = grantSummary(ready->record).expiresMs) expiry = *known / 1000;
    authenticate(input.profile->scheme, ready->record, expiry);
}

bool Run::Private::judgeGrant(const Response& response) {
    if (!services.grants || !input.profile || !isGrant(scheme) || credentialDropped) return false;
    GrantKeeper::Answer answer{response.status, parseChallenges(response.headers.all("WWW-Authenticate"))};
    answer.serverMs = serverTimeMs(response.headers);
    answer.what = profileEventText(result.hops.last());
    const AnswerDecision decision = services.grants->judge(grantInput(), answer, sentWith);
    if (!decision.note.isEmpty()) result.authNote = decision.note;
    const bool resend = decision.action == AnswerDecision::Action::Resend;
    if (!resend && decision.action != AnswerDecision::Action::RefreshAndResend) return false;
    sentWith.again = true;
    hopNote = decision.note;
    if (resend) {
        readSecret(); // the newer token is in the store
        return true;
    }
    grantWait = services.grants->renew(grantInput(), [this](Result<GrantKeeper::Ready> ready) {
        auto held = std::make_shared<Result<GrantKeeper::Ready>>(std::move(ready));
        later([this, held] {
            // A refresh that fails leaves the refused answer standing, with the reason beside it.
            if (*held || cancelled) return gotGrant(std::move(*held));
            grantWait.reset();
            result.authNote = (*held).error().text();
            result.refusalTold = true;
            finish(std::nullopt);
        });
    });
    return true;
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
    addPlaced(credential.placed, besides);
    markPlaced(next.placed);
    result.credentialWarning = credential.placed.warning;
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
        if (!done->finding.isEmpty()) result.authNote = redactor->text(done->finding);
        return judgeGrant(response);
    }
    if (flowSends >= maxFlowSends) return false;
    FlowSend& next = std::get<FlowSend>(*step);
    hopNote = next.note;
    wipeRequest();
    adopt(std::move(next));
    return true;
}

} // namespace kb
