// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_private.h"
#include "core/run/run_text_text.h"

#include <QMetaMethod>
#include <QUuid>
#include <tuple>
#include <utility>

namespace kb {

namespace {

bool isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

} // namespace

Run::Private::Private(Run* run, Services ports, RunInput from)
    : q(run), services(ports), input(std::move(from)), time(ports.clock) {}

Run::Private::~Private() {
    secretRead.reset();
    grantWait.reset();
    transfer.reset();
    wipeRequest();
}

Error Run::Private::cancelledError() const {
    return {ErrorCode::Cancelled,
            anySent ? RunText::tr("The request was cancelled.") : RunText::tr("Cancelled; nothing was sent."),
            {},
            {},
            -1};
}

void Run::Private::begin() {
    if (cancelled) return finish(cancelledError());
    if (!input.secretVariables.isEmpty()) {
        const QStringList names = unknownVariables(input.spec, input.variables);
        for (const SecretSource& each : std::as_const(input.secretVariables))
            if (names.contains(each.variable.name)) wantedSecrets.append(each);
        if (!wantedSecrets.isEmpty()) return readVariableSecrets();
    }
    Result<Request> built = buildRequest(input.spec, input.variables, input.readFile);
    if (!built) return finish(built.error());
    request = std::move(*built);
    identify();
}

void Run::Private::identify() {
    if (input.rawBody) request.body = *input.rawBody;
    for (const QByteArray& name : typedCredentialFields(request.headers))
        if (!credentialFields.contains(name)) credentialFields.append(name);
    lane = QStringLiteral("anonymous");
    if (input.profile) return readSecret();
    if (input.looseBearer) return sendLooseBearer();
    credential = adoptTypedCredential(request, *redactor);
    if (credential.facts) result.facts = credential.facts;
    send();
}

void Run::Private::readSecret() {
    const TokenProfile& profile = *input.profile;
    lane = profile.id;
    const ProfileBinding* binding = profile.bindingFor(input.environment);
    if (!binding || binding->secret.isEmpty())
        return finish(Error{
            ErrorCode::SecretMissing,
            input.environment.isEmpty() ? RunText::tr("The profile %1 has no secret.").arg(profile.name)
                                        : RunText::tr("The profile %1 has no secret for the environment %2.")
                                              .arg(profile.name, input.environment),
            profile.name, RunText::tr("Add one to the profile, or send as another profile."), -1});
    // What can be refused without the secret is refused without asking for it.
    if (input.trustFileOrigins) {
        const std::optional<Error> refusal =
            checkAudience(request.url.origin(), *binding, {}, input.variables, input.spec.settings, true,
                          input.allowPlainHttpOnce);
        if (refusal && refusal->code != ErrorCode::ConsentNeeded) return finish(refusal);
    } else if (const Result<QStringList> proposed = proposedOrigins(*binding, input.variables); !proposed) {
        return finish(proposed.error());
    }
    secretRead = services.secrets.read(binding->secret, [this](Result<SecretRecord> record) {
        auto held = std::make_shared<Result<SecretRecord>>(std::move(record));
        later([this, held] { gotSecret(std::move(*held)); });
    });
}

void Run::Private::gotSecret(Result<SecretRecord> record) {
    secretRead.reset();
    if (finished) return;
    if (cancelled) return finish(cancelledError());
    // Another window or the command line refreshes this grant too: that its item changed is no alarm.
    if (!record && record.error().code == ErrorCode::SecretChanged && services.grants &&
        isGrant(input.profile->scheme) && !std::exchange(readAgain, true))
        return readSecret();
    if (!record) return finish(record.error());
    const ProfileBinding& binding = *input.profile->bindingFor(input.environment);
    if (const std::optional<Error> refusal =
            checkAudience(request.url.origin(), binding, *record, input.variables, input.spec.settings,
                          input.trustFileOrigins, input.allowPlainHttpOnce))
        return finish(refusal);
    if (services.grants && isGrant(input.profile->scheme)) {
        grantWait = services.grants->ready(
            grantInput(), std::move(*record), input.sendAsIs, [this](Result<GrantKeeper::Ready> ready) {
                auto held = std::make_shared<Result<GrantKeeper::Ready>>(std::move(ready));
                later([this, held] { gotGrant(std::move(*held)); });
            });
        return;
    }
    // Negotiate takes the desktop's ticket; its record holds the confirmed origins alone.
    const auto* ntlm = std::get_if<NtlmScheme>(&input.profile->scheme);
    const bool alone = std::holds_alternative<ClientCertificateScheme>(input.profile->scheme);
    if (record->secret.isEmpty() && !alone && !(ntlm && ntlm->negotiate))
        return finish(Error{ErrorCode::SecretMissing,
                            RunText::tr("The secret of the profile %1 is empty.").arg(input.profile->name),
                            input.profile->name, RunText::tr("Replace it in the profile."), -1});
    std::optional<qint64> expiry = binding.expiresAt;
    if (const QString known = record->fact(QStringLiteral("expires_ms")); !known.isEmpty())
        expiry = known.toLongLong() / 1000;
    authenticate(input.profile->scheme, *record, expiry);
}

void Run::Private::sendLooseBearer() {
    lane = QStringLiteral("bearer-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
    Secret secret = std::move(*input.looseBearer);
    input.looseBearer.reset();
    const Origin& target = request.url.origin();
    if (!target.isSecure() && !target.isLoopback() && !input.allowPlainHttpOnce)
        return finish(Error{ErrorCode::ConsentNeeded,
                            RunText::tr("The token would go to %1 without encryption.").arg(target.text()),
                            target.text(), RunText::tr("Use https, or allow plain http for this run."), -1});
    SecretRecord record;
    record.secret = std::move(secret);
    authenticate(BearerScheme{}, record, std::nullopt);
}

std::optional<int> Run::Private::timeLeftMs() const {
    const int whole = input.spec.settings.timeoutMs;
    if (whole <= 0) return 0;
    const qint64 left = whole - (services.clock.bootMs() - firstSendMs);
    if (left <= 0) return std::nullopt;
    return int(std::min<qint64>(left, whole));
}

void Run::Private::send() {
    if (firstSendMs < 0) firstSendMs = services.clock.bootMs();
    const Origin& target = request.url.origin();
    const std::optional<int> left = timeLeftMs();
    if (!left)
        return finish(Error{ErrorCode::TimedOut,
                            RunText::tr("The time was up before the last redirect was followed."),
                            target.text(), RunText::tr("Allow more time in the request's settings."), -1});
    TransportOptions options;
    options.timeoutMs = *left;
    options.verifyTls = input.spec.settings.verifyTls;
    options.caFile = input.caFile;
    options.proxy = input.proxy;
    options.bodyLimit = input.bodyLimit;
    options.lane = lane;
    options.login = login;
    options.clientCertificate = certificate;

    TransferCallbacks callbacks;
    callbacks.progress = [this](qint64 got, qint64 of) { gotProgress(got, of); };
    // With nobody to ask, the transfer ends at the limit by itself.
    if (q->isSignalConnected(QMetaMethod::fromSignal(&Run::paused)))
        callbacks.limitReached = [this](const TransportReply& soFar) {
            later([this, soFar] { gotLimit(soFar); });
        };
    callbacks.finished = [this](Result<TransportReply> reply) {
        replyArrived = true;
        auto held = std::make_shared<Result<TransportReply>>(std::move(reply));
        later([this, held] { gotReply(std::move(*held)); });
    };
    if (!target.isSecure() && !target.isLoopback()) result.plainHttp = true;
    anySent = true;
    replyArrived = false;
    transfer = services.transport.send(request, std::move(options), std::move(callbacks));
}

void Run::Private::gotProgress(qint64 got, qint64 of) {
    received = got;
    expected = of;
    if (progressWaits) return;
    progressWaits = true;
    later([this] {
        progressWaits = false;
        if (!finished) Q_EMIT q->progress(received, expected);
    });
}

void Run::Private::gotLimit(const TransportReply& soFar) {
    if (finished || cancelled || replyArrived || !transfer) return;
    // Nobody needs the rest of a redirect's body.
    if (input.spec.settings.followRedirects && isRedirect(soFar.response.status) &&
        soFar.response.headers.contains("Location"))
        return transfer->stop();
    makeExchange(redactor, request, soFar, q, [this](Exchange hop) {
        if (finished || cancelled) return;
        hop.hopNote = hopNote;
        RunResult provisional = result;
        provisional.hops.append(hop);
        Q_EMIT q->paused(provisional);
    });
}

void Run::Private::gotReply(Result<TransportReply> reply) {
    transfer.reset();
    if (finished) return;
    if (!reply) {
        if (cancelled) return finish(cancelledError());
        Error error = reply.error();
        error.what = redactor->text(error.what);
        error.where = redactor->text(error.where);
        error.next = redactor->text(error.next);
        return finish(error);
    }
    // A small answer's moment is that of its first byte; the Date field is compared with it.
    const Timings& timings = reply->timings;
    const double body = timings.firstByte >= 0 ? std::max(0.0, timings.total - timings.firstByte) : 0;
    answeredMs = time.nowMs() - qint64(body);
    masking = true;
    makeExchange(redactor, request, *reply, q,
                 [this, live = reply->response](Exchange hop) { gotHop(std::move(hop), live); });
}

void Run::Private::gotHop(Exchange hop, const Response& live) {
    masking = false;
    hop.hopNote = hopNote;
    result.hops.append(hop);
    if (followRedirect(live) || resumeFlow(live)) return;
    finish(std::nullopt);
}

bool Run::Private::followRedirect(const Response& response) {
    const RequestSettings& settings = input.spec.settings;
    if (!isRedirect(response.status) || !settings.followRedirects) return false;
    const bool signs = flow && signsEachRequest(scheme);
    RedirectDecision decision = decideRedirect(signs ? plain : request, response, credentialFields);
    const bool crosses = decision.originChanged || decision.downgraded;
    if (decision.follow && crosses && leaksCredential(decision.next, request, credential.placed, *redactor)) {
        decision.follow = false;
        decision.reason = RunText::tr("The redirect would take the secret to %1, so it was not followed.")
                              .arg(decision.next.url.origin().text());
    }
    if (!decision.follow) {
        result.redirectNote = redactor->text(decision.reason);
        return false;
    }
    if (cancelled) {
        finish(cancelledError());
        return true;
    }
    if (redirects >= settings.maxRedirects) {
        finish(Error{
            ErrorCode::TooManyRedirects,
            RunText::tr("The server redirected more than %1 times.").arg(settings.maxRedirects),
            request.url.origin().text(),
            RunText::tr("Look at the timeline for a circle, or allow more redirects for this request."), -1});
        return true;
    }
    ++redirects;
    // What it brings along counts for the next one: a nonce (RFC 9449 §8.2, RFC 7616 §3.5).
    if (signs) std::ignore = flow->resume(response, flowContext());
    hopNote = redirectHopNote(request, response.status, decision);
    const bool had = carriesCredential(request, credential.placed);
    PlacedCredential queryKeys; // a Location seldom repeats them
    queryKeys.queryFields = besides.queryFields;
    const bool keyLost =
        !crosses && carriesCredential(request, queryKeys) && !carriesCredential(decision.next, queryKeys);
    wipeRequest();
    request = std::move(decision.next);
    plain = request;
    if (crosses) flow.reset();
    const bool loggedIn = crosses && login;
    if (loggedIn) login.reset();
    const bool certified = crosses && certificate;
    if (certified) certificate.reset();
    if (keyLost) { // what comes now says nothing of the token
        hopNote += QLatin1Char(' ') + RunText::tr("The key in the query did not travel along.");
        credentialDropped = true;
        droppedAt = request.url.origin().text();
    }
    if (signs && !crosses) {
        beginFlow();
        return true;
    }
    if (loggedIn || certified || (had && !carriesCredential(request, credential.placed))) {
        if (loggedIn)
            hopNote += QLatin1Char(' ') + RunText::tr("The login did not travel along.");
        else if (certified && !had)
            hopNote += QLatin1Char(' ') + RunText::tr("The client certificate did not travel along.");
        else if (decision.droppedFields.isEmpty())
            hopNote += QLatin1Char(' ') + RunText::tr("The credential in the query did not travel along.");
        credentialDropped = true;
        droppedAt = request.url.origin().text();
    }
    send();
    return true;
}

DoctorContext Run::Private::doctorContext() const {
    DoctorContext context;
    if (input.profile) context.profileName = input.profile->name;
    context.credentialSent = login || certificate || carriesCredential(request, credential.placed);
    context.credentialDroppedByRedirect = credentialDropped && !context.credentialSent;
    context.droppedAtOrigin = droppedAt;
    context.facts = credential.facts;
    context.nowMs = answeredMs;
    context.bearer = credential.bearer;
    context.scheme = credential.scheme;
    context.charset = credential.charset;
    context.credentialName = credential.name;
    context.tokenProblem = credential.tokenProblem;
    if (services.grants && input.profile && isGrant(input.profile->scheme)) {
        const ProfileBinding* binding = input.profile->bindingFor(input.environment);
        const GrantState* grant = binding ? services.grants->stateOf(binding->secret.id) : nullptr;
        const bool alone = obtainsAlone(input.profile->scheme) || (grant && grant->hasRefreshToken());
        context.renewal = alone ? DoctorContext::Renewal::Alone : DoctorContext::Renewal::Login;
        const auto* oauth = std::get_if<OAuthScheme>(&input.profile->scheme);
        context.asksForScopes = oauth;
        context.hasUser = !obtainsAlone(input.profile->scheme);
        context.asksForLevel = oauth && oauth->grant == OAuthGrant::AuthorizationCode;
    }
    context.profileNames = input.profileNames;
    for (const auto& other : input.otherProfiles)
        if (!input.profile || other.first != input.profile->id) context.otherProfiles.append(other);
    return context;
}

void Run::Private::wipeRequest() {
    for (HeaderField& field : request.headers.fields)
        if (credentialFields.contains(field.name) && field.value.isDetached()) wipeBytes(field.value);
}

void Run::Private::finish(std::optional<Error> error) {
    if (finished) return;
    finished = true;
    result.nothingSent = !anySent;
    if (!error && !result.hops.isEmpty()) result.diagnosis = diagnose(result.hops, doctorContext());
    result.error = std::move(error);
    wipeRequest();
    secretRead.reset();
    grantWait.reset();
    transfer.reset();
    const RunResult out = std::move(result);
    Q_EMIT q->finished(out);
    // The slot may have deleted the run: nothing may follow.
}

} // namespace kb
