// SPDX-License-Identifier: GPL-3.0-or-later
// For a compromised token: revoked, wiped, obtained anew, and then the old one is tried where that is safe.
#include "core/run/grant_operation_private.h"
#include "core/run/grant_operation_text.h"
#include "core/run/run.h"

#include "core/base/later.h"

namespace kb {

namespace {

bool isGood(int status) {
    return status >= 200 && status < 300;
}

/// Gives one record, and takes none: the old token is sent from here, as what is stored is the new one.
class OneRecord final : public SecretStore {
public:
    explicit OneRecord(SecretRecord record) : m_record(std::move(record)) {}
    HandlePtr read(const SecretRef&, std::function<void(Result<SecretRecord>)> done) override {
        return std::make_unique<Later>([this, done = std::move(done)] { done(m_record.revealCopy()); });
    }
    HandlePtr write(const SecretRef& ref, SecretRecord, std::function<void(Result<void>)> done) override {
        return remove(ref, std::move(done));
    }
    HandlePtr remove(const SecretRef&, std::function<void(Result<void>)> done) override {
        return std::make_unique<Later>([done = std::move(done)] { done(fail(ErrorCode::Unsupported, {})); });
    }
    HandlePtr probe(std::function<void(StoreState)> done) override {
        return std::make_unique<Later>([done = std::move(done)] { done({}); });
    }

private:
    SecretRecord m_record;
};

} // namespace

bool OldToken::isStillGood() const {
    return active.value_or(false) || refreshActive.value_or(false) || isGood(after);
}

struct GrantOperation::Private::Trial {
    Trial(Private& of, SecretRecord record, bool anonymous) : store(std::move(record)) {
        RunInput asOld;
        asOld.spec.method = QStringLiteral("GET");
        asOld.spec.url = of.input.tryOldAt;
        asOld.environment = of.input.environment;
        asOld.proxy = of.input.proxy;
        asOld.caFile = of.input.caFile;
        asOld.trustFileOrigins = of.input.trustFile;
        asOld.variables = of.input.variables;
        asOld.sendAsIs = true;
        if (!anonymous) asOld.profile = of.input.profile;
        run = std::make_unique<Run>(Run::Services{of.services.transport, store, of.services.clock},
                                    std::move(asOld));
    }
    OneRecord store;
    std::unique_ptr<Run> run;
};

void GrantOperation::Private::rotate() {
    old = outcome.record.revealCopy();
    if (old->secret.isEmpty() && !old->part(grantpart::refreshToken)) {
        old.reset();
        return login();
    }
    outcome.oldToken.emplace();
    if (input.tryOldAt.isEmpty() || old->secret.isEmpty()) return endOld();
    tryOld(false, [this](const RunResult& tried) {
        // Where it may not go, or is not to be reached, the user learns before anything is revoked.
        if (tried.error) return finish(*tried.error);
        outcome.oldToken->before = tried.hops.last().response().status;
        endOld();
    });
}

void GrantOperation::Private::tryOld(bool anonymous, std::function<void(const RunResult&)> tried) {
    trial = std::make_shared<Trial>(*this, old->revealCopy(), anonymous);
    QObject::connect(trial->run.get(), &Run::finished, q, [this, tried](const RunResult& result) {
        outcome.exchanges += result.hops;
        later([this, tried, result] {
            if (!over) tried(result);
        });
    });
    trial->run->start();
}

void GrantOperation::Private::endOld() {
    if (server.endpoints.revocation) return revoke(outcome.record.part(grantpart::refreshToken) != nullptr);
    // The old token cannot be ended, which the user must know; the new one still takes its place.
    outcome.findings.append(
        GrantText::tr("The old token could not be revoked: the server's revocation endpoint is not known."));
    obtainAfterOld();
}

void GrantOperation::Private::obtainAfterOld() {
    // Who had the token may have had the key it was bound to.
    outcome.record.parts.erase(grantpart::dpopKey);
    if (const Result<void> made = makeClient(); !made) return finish(made.error());
    login();
}

void GrantOperation::Private::afterTokens() {
    outcome.note = GrantText::tr("Rotated: the old token is gone, a new one is in place.");
    if (!old) return finish();
    askAboutOld();
}

void GrantOperation::Private::askAboutOld() {
    if (!server.endpoints.introspection) return tryOldAgain();
    askAbout(old->secret, TokenHint::AccessToken, [this](std::optional<bool> active) {
        outcome.oldToken->active = active;
        const Secret* refresh = old->part(grantpart::refreshToken);
        if (!refresh) return tryOldAgain();
        askAbout(*refresh, TokenHint::RefreshToken, [this](std::optional<bool> refreshActive) {
            outcome.oldToken->refreshActive = refreshActive;
            tryOldAgain();
        });
    });
}

void GrantOperation::Private::askAbout(const Secret& token, TokenHint hint,
                                       std::function<void(std::optional<bool>)> said) {
    if (token.isEmpty()) return said(std::nullopt);
    const Result<DecodedJwt> jwt = decodeJwt(token.reveal());
    const MakeRequest make = [this, &token, hint,
                              issuer = jwt ? jwt->issuer : QString()](const FlowContext& now) {
        return introspectionRequest(*server.endpoints.introspection, client, token, hint, server.issuer,
                                    issuer, now);
    };
    const Result<Request> request = make(context());
    if (!request) return said(std::nullopt);
    // The rotation is done: who does not answer now costs a sentence, and not the new token.
    call(
        *request, true,
        [this, said](const Response& response) {
            const OAuthResult<Introspection> read = readIntrospection(response, context());
            said(read ? std::optional(read->active) : std::nullopt);
        },
        [said](const Error&) { said(std::nullopt); }, nullptr, make);
}

void GrantOperation::Private::tryOldAgain() {
    if (outcome.oldToken->before == 0) return sayWhatOldCanDo();
    tryOld(false, [this](const RunResult& tried) {
        if (!tried.hops.isEmpty()) outcome.oldToken->after = tried.hops.last().response().status;
        if (!isGood(outcome.oldToken->after)) return sayWhatOldCanDo();
        // What anybody may see says nothing of a token.
        tryOld(true, [this](const RunResult& anybody) {
            if (!anybody.hops.isEmpty() && isGood(anybody.hops.last().response().status)) {
                outcome.oldToken->before = outcome.oldToken->after = 0;
                outcome.oldToken->open = true;
            }
            sayWhatOldCanDo();
        });
    });
}

void GrantOperation::Private::sayWhatOldCanDo() {
    trial.reset();
    OldToken& said = *outcome.oldToken;
    QStringList sentences;
    if (said.active)
        sentences << (*said.active
                          ? GrantText::tr("The server says that the old token is still active.")
                          : GrantText::tr("The server says that the old token is no longer active."));
    if (said.refreshActive)
        sentences << (*said.refreshActive
                          ? GrantText::tr("The server says that the old refresh token is still active.")
                          : GrantText::tr("The server says that the old refresh token is no longer active."));
    const Result<HttpUrl> url = HttpUrl::parse(input.tryOldAt);
    const QString what =
        QStringLiteral("GET ") + (url ? QString::fromUtf8(url->path()) : QStringLiteral("…"));
    if (said.open)
        sentences << GrantText::tr(
                         "%1 answers without any token too, so that it says nothing of the old one.")
                         .arg(what);
    else if (said.before != 0 && isGood(said.after))
        sentences << GrantText::tr("%1 with the old token still gives %2.").arg(what).arg(said.after);
    else if (isGood(said.before) && (said.after == 401 || said.after == 403))
        sentences << GrantText::tr("%1 with the old token gave %2 before and gives %3 now.")
                         .arg(what)
                         .arg(said.before)
                         .arg(said.after);
    else if (said.before != 0)
        sentences << GrantText::tr("%1 with the old token gave %2 before and %3 now, which proves nothing.")
                         .arg(what)
                         .arg(said.before)
                         .arg(said.after == 0 ? GrantText::tr("no answer") : QString::number(said.after));
    if (sentences.isEmpty()) sentences << GrantText::tr("Nobody said whether the old token still works.");
    said.sentence = sentences.join(u' ');
    finish();
}

} // namespace kb
