// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/grant_operation.h"
#include "core/run/grant_operation_text.h"

#include "core/auth/client_certificate.h"
#include "core/auth/crypto.h"
#include "core/http/server_time.h"
#include "core/run/grant_operation_private.h"
#include "core/run/resolve_scheme.h"

#include <utility>

namespace kb {

namespace {

constexpr int requestTimeoutMs = 30'000;

} // namespace

GrantOperation::Private::Private(GrantOperation* operation, Services ports, GrantInput from, Kind what,
                                 LoginView look, QString seen,
                                 std::function<void(Result<GrantOutcome>)> whenDone)
    : q(operation),
      services(ports),
      input(std::move(from)),
      kind(what),
      view(std::move(look)),
      seenObtained(std::move(seen)),
      done(std::move(whenDone)),
      randomSource(randomBytes),
      time(ports.clock),
      dpopNonces(ports.nonces ? std::move(ports.nonces) : std::make_shared<DpopNonces>()) {
    timer.setSingleShot(true);
}

GrantOperation::GrantOperation(Services services, GrantInput input, Kind kind, LoginView view,
                               QString seenObtained, std::function<void(Result<GrantOutcome>)> done)
    : d(std::make_unique<Private>(this, services, std::move(input), kind, std::move(view),
                                  std::move(seenObtained), std::move(done))) {}

GrantOperation::~GrantOperation() = default;

void GrantOperation::start() {
    d->later([this] { d->begin(); });
}

const std::optional<OAuthFailure>& GrantOperation::failure() const {
    return d->failure;
}

const SecretRecord* GrantOperation::unsaved() const {
    return d->unsaved ? &d->outcome.record : nullptr;
}

const SecretRecord& GrantOperation::stored() const {
    return d->stored;
}

bool GrantOperation::revoked() const {
    return d->revoked;
}

TransportOptions GrantOperation::Private::transportOptions() const {
    TransportOptions options;
    options.timeoutMs = requestTimeoutMs;
    options.caFile = input.caFile;
    options.proxy = input.proxy;
    options.bodyLimit = largestOAuthAnswer + 1; // one more, so that an answer that is too large is seen to be
    options.lane = QStringLiteral("grant-") + ref.id;
    // The client shows who it is (RFC 8705 §2); an API with a login of its own wants it there too.
    if (const Secret* pem = outcome.record.part(clientCertificatePart());
        pem && (loginScheme || scheme.clientAuth == ClientAuth::Mtls))
        options.clientCertificate = std::make_shared<const Secret>(pem->revealCopy());
    return options;
}

void GrantOperation::Private::begin() {
    const Result<AuthScheme> resolved = resolveScheme(input.profile.scheme, input.variables);
    if (!resolved) return finish(resolved.error());
    const ProfileBinding* binding = input.profile.bindingFor(input.environment);
    if (!isGrant(*resolved))
        return finish({ErrorCode::Unsupported,
                       GrantText::tr("The profile %1 gets its token from nowhere.").arg(input.profile.name),
                       input.profile.name, GrantText::tr("Its token is replaced by hand."), -1});
    if (!binding || binding->secret.isEmpty())
        return finish(
            {ErrorCode::SecretMissing,
             GrantText::tr("The profile %1 has nothing in this environment.").arg(input.profile.name),
             input.profile.name, GrantText::tr("Set it up for this environment first."), -1});
    if (const auto* own = std::get_if<LoginScheme>(&*resolved))
        loginScheme = *own;
    else
        scheme = std::get<OAuthScheme>(*resolved);
    ref = binding->secret;
    lockWait = services.lock.acquire(ref.id, grantLockTimeoutMs, [this](Result<HandlePtr> got) {
        auto shared = std::make_shared<Result<HandlePtr>>(std::move(got));
        later([this, shared] {
            lockWait.reset();
            if (!*shared) return finish(shared->error());
            held = std::move(**shared);
            readRecord();
        });
    });
}

void GrantOperation::Private::readRecord() {
    storeCall = services.secrets.read(ref, [this](Result<SecretRecord> record) {
        auto shared = std::make_shared<Result<SecretRecord>>(std::move(record));
        later([this, shared] { gotRecord(std::move(*shared)); });
    });
}

void GrantOperation::Private::gotRecord(Result<SecretRecord> read) {
    storeCall.reset();
    // Another window or the command line may have refreshed it: under the lock that is no alarm.
    if (!read && read.error().code == ErrorCode::SecretChanged && !std::exchange(readAgain, true))
        return readRecord();
    if (!read) return finish(read.error());
    outcome.record = std::move(*read);
    stored = outcome.record.revealCopy();
    SecretRecord& record = outcome.record;
    redactor->addSecret(record.secret);
    for (const auto& [name, secret] : record.parts)
        redactor->addSecret(secret);
    if (kind == Kind::Renew && !record.secret.isEmpty() &&
        record.fact(QStringLiteral("obtained_ms")) != seenObtained) {
        outcome.note = GrantText::tr("Another window or program had obtained a new token.");
        return finish();
    }
    if (!loginScheme && scheme.clientAuth == ClientAuth::Mtls && !record.part(clientCertificatePart()))
        return finish({ErrorCode::SecretMissing,
                       GrantText::tr("The profile %1 has no client certificate.").arg(input.profile.name),
                       input.profile.name, GrantText::tr("Choose its file in the profile."), -1});
    const QStringList changes = input.trustFile ? QStringList() : grantServerChanges(record, asked());
    if (!changes.isEmpty())
        return finish(
            {ErrorCode::ConsentNeeded,
             (loginScheme ? GrantText::tr("The workspace file names another address to log in at than "
                                          "you confirmed (%1).")
                          : GrantText::tr("The workspace file names another authorization server than "
                                          "you confirmed (%1)."))
                 .arg(changes.join(QStringLiteral(", "))),
             QStringLiteral("opencollection.yml"),
             GrantText::tr("Confirm the addresses in the profile, or set the file back."), -1});
    findServer();
}

AuthScheme GrantOperation::Private::asked() const {
    if (loginScheme) return *loginScheme;
    return scheme;
}

void GrantOperation::Private::findServer() {
    const Result<GrantServer> known =
        input.trustFile ? proposedGrantServer(asked()) : confirmedServer(outcome.record);
    if (!known) return finish(known.error());
    server = *known;
    if (loginScheme) return actOnLogin();
    const bool logsIn = kind == Kind::Login || kind == Kind::Rotate;
    const bool browser = logsIn && scheme.grant == OAuthGrant::AuthorizationCode;
    const bool deviceLogin = logsIn && scheme.grant == OAuthGrant::DeviceCode;
    const bool enough = (kind == Kind::Revoke       ? server.endpoints.revocation
                         : kind == Kind::Introspect ? server.endpoints.introspection
                         : kind == Kind::Userinfo   ? server.endpoints.userinfo
                                                    : server.endpoints.token)
                            .has_value() &&
                        (!scheme.assertionToTokenUrl || server.endpoints.token) &&
                        (!browser || server.endpoints.authorization) &&
                        (!deviceLogin || server.endpoints.deviceAuthorization);
    // What an issuer says of itself is asked for once and kept with the secret.
    if (enough || server.issuer.isEmpty()) return serverKnown();
    const Result<QList<HttpUrl>> urls = metadataUrls(server.issuer, outcome.record.plainHttpOrigins);
    if (!urls) return finish(urls.error());
    discover(*urls, std::nullopt);
}

void GrantOperation::Private::discover(QList<HttpUrl> urls, std::optional<Error> first) {
    if (urls.isEmpty()) return finish(*first);
    const HttpUrl url = urls.takeFirst();
    const auto next = [this, urls, first](const Error& error) { discover(urls, first ? first : error); };
    call(
        metadataRequest(url), false,
        [this, next](const Response& response) {
            const Result<ServerMetadata> read =
                readServerMetadata(response, server.issuer, outcome.record.plainHttpOrigins);
            if (!read) return next(read.error());
            metadata = *read;
            outcome.findings += read->findings;
            const Result<GrantServer> found = proposedServer(scheme, &*metadata);
            if (!found) return finish(found.error());
            const QString clientId = server.clientId;
            server = *found;
            if (!clientId.isEmpty()) server.clientId = clientId;
            confirmServer(outcome.record, server);
            serverKnown();
        },
        next);
}

bool GrantOperation::Private::missing(const std::optional<HttpUrl>& url, const QString& name) {
    if (url) return false;
    finish({ErrorCode::InvalidInput, GrantText::tr("The server's %1 is not known.").arg(name),
            input.profile.name,
            GrantText::tr("Give its address, or an issuer that names it, in the profile."), -1});
    return true;
}

Result<void> GrantOperation::Private::makeClient() {
    const SecretRecord& record = outcome.record;
    client.id = server.clientId.isEmpty() ? scheme.clientId : server.clientId;
    client.auth = scheme.clientAuth;
    if (const Secret* kept = record.part(grantpart::clientSecret)) clientSecret = kept->revealCopy();
    client.secret = clientSecret.isEmpty() ? nullptr : &clientSecret;
    client.assertionAlgorithm = scheme.assertionAlgorithm;
    client.assertionKeyId = scheme.assertionKeyId;
    client.plainHttpOrigins = record.plainHttpOrigins;
    // Who else than the issuer could take an assertion for its own is known to the issuer alone; a profile
    // may say that its server knows itself by its token endpoint (RFC 7523 §3).
    const bool toTokenUrl = scheme.assertionToTokenUrl || server.issuer.isEmpty();
    client.assertionAudience = !toTokenUrl              ? server.issuer
                               : server.endpoints.token ? QString::fromLatin1(server.endpoints.token->text())
                                                        : QString();
    if (client.id.isEmpty())
        return kb::fail(ErrorCode::InvalidInput, GrantText::tr("The profile has no client id."),
                        input.profile.name, GrantText::tr("Enter it in the profile."));
    const bool needsSecret = client.auth == ClientAuth::Basic || client.auth == ClientAuth::Post ||
                             client.auth == ClientAuth::ClientSecretJwt;
    if (needsSecret && !client.secret)
        return kb::fail(ErrorCode::SecretMissing, GrantText::tr("The client secret is missing."),
                        input.profile.name, GrantText::tr("Enter it in the profile."));
    if (client.auth == ClientAuth::PrivateKeyJwt || scheme.grant == OAuthGrant::JwtBearer) {
        const Secret* key = record.part(grantpart::assertionKey);
        if (!key)
            return kb::fail(ErrorCode::SecretMissing,
                            GrantText::tr("The key that signs assertions is missing."), input.profile.name,
                            GrantText::tr("Enter it in the profile, as PEM or JWK."));
        Result<SigningKey> read = SigningKey::read(*key, false);
        if (!read) return tl::unexpected(read.error());
        assertionKey.emplace(std::move(*read));
        if (client.auth == ClientAuth::PrivateKeyJwt) client.key = &*assertionKey;
    }
    if (!scheme.dpop) return {};
    const Secret* kept = record.part(grantpart::dpopKey);
    Result<SigningKey> key =
        kept ? SigningKey::read(*kept, false) : SigningKey::generate(QStringLiteral("ES256"));
    if (!key) return tl::unexpected(key.error());
    if (!kept) outcome.record.parts.insert_or_assign(grantpart::dpopKey, key->toPem());
    dpopKey = std::make_shared<const SigningKey>(std::move(*key));
    return {};
}

void GrantOperation::Private::serverKnown() {
    if (const Result<void> made = makeClient(); !made) return finish(made.error());
    if (kind == Kind::Revoke) {
        if (missing(server.endpoints.revocation, GrantText::tr("revocation endpoint"))) return;
        return revoke(outcome.record.part(grantpart::refreshToken) != nullptr);
    }
    if (kind == Kind::Introspect) {
        if (missing(server.endpoints.introspection, GrantText::tr("introspection endpoint"))) return;
        return introspect();
    }
    if (kind == Kind::Userinfo) {
        if (missing(server.endpoints.userinfo, GrantText::tr("userinfo endpoint"))) return;
        return userinfo();
    }
    if (missing(server.endpoints.token, GrantText::tr("token endpoint"))) return;
    if (kind == Kind::Renew) return renew();
    if (kind == Kind::Rotate) return rotate();
    login();
}

void GrantOperation::Private::call(const Request& request, bool withProof, Answer answer,
                                   std::function<void(const Error&)> unanswered, const Secret* accessToken,
                                   MakeRequest remake) {
    std::unique_ptr<AuthFlow> flow;
    if (withProof && dpopKey) {
        DpopFlow::Setup setup;
        setup.key = dpopKey;
        const Result<QString> algorithm =
            dpopAlgorithm(*dpopKey, metadata ? metadata->dpopAlgorithms : QStringList());
        if (!algorithm) return finish(algorithm.error());
        setup.algorithm = *algorithm;
        setup.nonces = dpopNonces;
        if (accessToken) setup.accessToken = accessToken->revealCopy();
        setup.remake = std::move(remake);
        flow = std::make_unique<DpopFlow>(std::move(setup));
    }
    oauthCall = std::make_unique<OAuthCall>(
        OAuthCall::Setup{
            services.transport, time, redactor, transportOptions(), std::move(flow),
            loginScheme
                ? [this](const Response& response) { learnLoginAnswer(response, *loginScheme, *redactor); }
                : std::function<void(const Response&)>()},
        request, context(),
        [this, answer, unanswered](const Result<Response>& response, const QList<Exchange>& exchanges) {
            outcome.exchanges += exchanges;
            if (const auto serverMs = response ? serverTimeMs(response->headers) : std::nullopt)
                outcome.serverAheadMs = *serverMs - time.nowMs();
            // Posted, so that the call is not destroyed inside its own completion.
            later([this, answer, unanswered, response] {
                if (over) return;
                if (response) return answer(*response);
                if (unanswered) return unanswered(response.error());
                finish(response.error());
            });
        });
}

void GrantOperation::Private::callMade(const MakeRequest& make, Answer answer,
                                       std::function<void(const Error&)> unanswered) {
    const Result<Request> request = make(context());
    if (!request) return finish(request.error());
    call(*request, true, std::move(answer), std::move(unanswered), nullptr, make);
}

void GrantOperation::Private::save(std::function<void()> then) {
    unsaved = true;
    // A login waits for a person: keys or a certificate may have come to the profile since it was read. They
    // are kept in the same item, and whoever adds them does not wait for the grant's lock.
    storeCall = services.secrets.read(ref, [this, then](Result<SecretRecord> now) {
        auto shared = std::make_shared<Result<SecretRecord>>(std::move(now));
        later([this, then, shared] {
            Result<SecretRecord>& read = *shared;
            storeCall.reset();
            if (!read && read.error().code == ErrorCode::SecretChanged && !std::exchange(saveAgain, true))
                return save(then);
            // Whoever removed the profile wants none of it. Any other failure is for the write to tell.
            if (!read && read.error().code == ErrorCode::SecretMissing) {
                unsaved = false;
                return finish(read.error());
            }
            if (read) {
                outcome.record = outcome.record.mergedInto(stored, *read);
                for (const auto& [name, secret] : outcome.record.parts)
                    redactor->addSecret(secret);
            }
            write(then);
        });
    });
}

void GrantOperation::Private::write(std::function<void()> then) {
    storeCall = services.secrets.write(ref, outcome.record.revealCopy(), [this, then](Result<void> written) {
        later([this, then, written] {
            storeCall.reset();
            if (!written) return finish(written.error());
            unsaved = false;
            saveAgain = false;
            stored = outcome.record.revealCopy();
            then();
        });
    });
}

void GrantOperation::Private::fail(const OAuthFailure& why) {
    failure = why;
    finish(why.error);
}

void GrantOperation::Private::finish(Error error) {
    if (over) return;
    over = true;
    timer.stop();
    held.reset();
    redirectWait.reset();
    later([this, error] {
        const auto answer = std::move(done);
        answer(tl::unexpected(error));
    });
}

void GrantOperation::Private::finish() {
    if (over) return;
    over = true;
    timer.stop();
    held.reset();
    redirectWait.reset();
    later([this] {
        const auto answer = std::move(done);
        GrantOutcome out = std::move(outcome);
        answer(std::move(out));
    });
}

} // namespace kb
