// SPDX-License-Identifier: GPL-3.0-or-later
// The id_token that came with tokens: what it says, and by whose key (OpenID Connect Core §3.1.3.7, §12.2).
#include "core/auth/id_token.h"
#include "core/run/exchange.h"
#include "core/run/grant_operation_private.h"
#include "core/run/grant_operation_text.h"

namespace kb {

namespace {

/// Shows what is sent through it, so that a login's exchanges hold the fetching of the issuer's keys too.
class SeenTransport final : public Transport {
public:
    using Seen = std::function<void(const Request&, const TransportReply&)>;
    SeenTransport(Transport& inner, Seen seen) : m_inner(inner), m_seen(std::move(seen)) {}

    std::unique_ptr<Transfer> send(Request request, TransportOptions options,
                                   TransferCallbacks callbacks) override {
        callbacks.finished = [seen = m_seen, request,
                              finished = std::move(callbacks.finished)](Result<TransportReply> reply) {
            if (reply) seen(request, *reply);
            finished(std::move(reply));
        };
        return m_inner.send(std::move(request), std::move(options), std::move(callbacks));
    }

private:
    Transport& m_inner;
    Seen m_seen;
};

} // namespace

Result<void> GrantOperation::Private::judgeIdToken(TokenSet& tokens, bool byLogin) {
    if (tokens.idToken.isEmpty()) return {};
    const Result<DecodedJwt> token = decodeJwt(tokens.idToken.reveal());
    if (token && token->encrypted) {
        outcome.findings.append(GrantText::tr("The id_token is encrypted and was not checked."));
        return {};
    }
    Result<void> right;
    if (!token) {
        right = tl::unexpected(token.error());
    } else {
        const IdTokenExpectation expected{server.issuer, client.id, codeFlow ? &codeFlow->nonce() : nullptr,
                                          &tokens.accessToken};
        const Result<QStringList> checked = checkIdToken(*token, expected, time.nowMs());
        if (checked)
            outcome.findings += *checked + stepUpFindings(*token, input.stepUp, time.nowMs());
        else
            right = tl::unexpected(checked.error());
        const Secret* kept = byLogin ? nullptr : outcome.record.part(grantpart::idToken);
        if (const Result<DecodedJwt> earlier = kept ? decodeJwt(kept->reveal()) : Result<DecodedJwt>();
            right && kept && earlier && !earlier->encrypted)
            right = checkRefreshedIdToken(*token, *earlier);
    }
    if (right || byLogin) return right;
    outcome.findings.append(right.error().what);
    tokens.idToken.wipe();
    return {};
}

void GrantOperation::Private::verifyIdToken(const std::shared_ptr<TokenSet>& tokens, bool byLogin,
                                            std::function<void()> then) {
    const Result<DecodedJwt> token =
        tokens->idToken.isEmpty() ? Result<DecodedJwt>() : decodeJwt(tokens->idToken.reveal());
    if (tokens->idToken.isEmpty() || !token || token->encrypted) return then();
    const QString unverified = GrantText::tr("The signature of the id_token was not verified: %1");
    const auto leave = [this, then](const QString& why) {
        outcome.idTokenVerified = false;
        outcome.findings.append(serverText(why, *redactor));
        then();
    };
    const auto judge = [this, tokens, byLogin, then, leave](const VerifyKeys& keys) {
        IdTokenSignature found = judgeIdTokenSignature(tokens->idToken.reveal(), keys);
        found.sentence = serverText(found.sentence, *redactor); // a kid is whatever the token says
        if (found.state == IdTokenSignature::State::NotVerified) return leave(found.sentence);
        outcome.idTokenVerified = found.state == IdTokenSignature::State::Verified;
        if (*outcome.idTokenVerified) {
            if (byLogin) outcome.note += u' ' + found.sentence;
            return then();
        }
        if (byLogin)
            return finish(
                {ErrorCode::ProtocolError, found.sentence, QStringLiteral("id_token"),
                 GrantText::tr("Do not use what came with it: somebody else may have made it. Compare the "
                               "issuer in the profile with the server that answers."),
                 -1});
        outcome.findings.append(found.sentence);
        tokens->idToken.wipe();
        then();
    };
    // A shared secret is the client's (§3.1.3.7, 8); keys that anybody can fetch prove nothing of such a
    // signature.
    if (token->algorithm.startsWith(QLatin1String("HS"))) {
        if (!client.secret)
            return leave(unverified.arg(GrantText::tr("it is signed with a secret that is not here.")));
        return judge(VerifyKeys{{sharedSecretKey(*client.secret)}, {}});
    }
    if (server.issuer.isEmpty()) return leave(unverified.arg(GrantText::tr("the profile names no issuer.")));
    const qint64 now = services.clock.bootMs();
    const VerifyKeys* known = services.keys ? services.keys->find(server.issuer, now) : nullptr;
    if (known &&
        judgeIdTokenSignature(tokens->idToken.reveal(), *known).state != IdTokenSignature::State::NoKey)
        return judge(*known);
    // Nothing is fetched before the refresh token of a refresh is safe: there TLS stands for the signature
    // alone.
    if (!byLogin) return then();
    const KeyPlace place =
        metadata && metadata->jwksUri
            ? KeyPlace{KeyPlace::Kind::KeySet, QString::fromLatin1(metadata->jwksUri->text())}
            : KeyPlace{KeyPlace::Kind::Issuer, server.issuer};
    keyTransport = std::make_unique<SeenTransport>(
        services.transport, [this](const Request& request, const TransportReply& reply) {
            outcome.exchanges.append(Exchange(*redactor, request, reply));
        });
    keyFetch = fetchKeys(*keyTransport, place,
                         MetadataWay{outcome.record.plainHttpOrigins, input.proxy, input.caFile},
                         [this, now, judge, leave, unverified](const Result<FetchedKeys>& fetched) {
                             // Posted, so that the fetch is not destroyed inside its own completion.
                             later([this, now, judge, leave, unverified, fetched] {
                                 keyFetch.reset();
                                 if (over) return;
                                 if (!fetched) return leave(unverified.arg(fetched.error().what));
                                 if (services.keys) services.keys->put(server.issuer, fetched->keys, now);
                                 judge(fetched->keys);
                             });
                         });
}

} // namespace kb
