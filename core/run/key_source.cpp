// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/key_source.h"

#include "core/http/message.h"
#include "core/run/resource_discovery.h"
#include "kb_version.h"

#include <QCoreApplication>
#include <QTimer>

namespace kb {

namespace {

struct KeySourceText {
    Q_DECLARE_TR_FUNCTIONS(KeySource)
};

/// The requests of one fetch, one after the other.
class KeyFetch final : public Handle {
public:
    KeyFetch(Transport& transport, const MetadataWay& way, std::function<void(Result<FetchedKeys>)> done)
        : m_transport(transport), m_way(way), m_done(std::move(done)) {}

    void begin(const KeyPlace& place) {
        if (place.kind == KeyPlace::Kind::KeySet) return askKeys(place.address);
        m_metadata = fetchServerMetadata(
            m_transport, place.address, m_way,
            [this, issuer = place.address](const Result<ServerMetadata>& read) {
                if (!read) return finish(tl::unexpected(read.error()));
                if (read->jwksUri) return askKeys(QString::fromLatin1(read->jwksUri->text()));
                finish(fail(ErrorCode::NotFound,
                            KeySourceText::tr("The issuer's metadata name no keys (jwks_uri)."), issuer,
                            KeySourceText::tr("Give the address of its JWK Set, or a key.")));
            });
    }

private:
    void send(const Request& request, std::function<void(Result<TransportReply>)> answered) {
        TransportOptions options = keySetOptions();
        options.proxy = m_way.proxy;
        options.caFile = m_way.caFile;
        TransferCallbacks callbacks;
        // Posted, so that the transfer is not destroyed inside its own completion.
        callbacks.finished = [this, answered](Result<TransportReply> reply) {
            later([this, answered, reply = std::move(reply)] {
                m_transfer.reset();
                answered(reply);
            });
        };
        m_transfer = m_transport.send(request, options, std::move(callbacks));
    }
    void askKeys(const QString& address) {
        const Result<HttpUrl> url = keySetUrl(address);
        if (!url) return finish(tl::unexpected(url.error()));
        send(keySetRequest(*url), [this, address](const Result<TransportReply>& reply) {
            if (!reply) return finish(tl::unexpected(reply.error()));
            Result<VerifyKeys> keys = readKeySet(reply->response, address);
            if (!keys) return finish(tl::unexpected(keys.error()));
            finish(FetchedKeys{std::move(*keys), address});
        });
    }
    void finish(Result<FetchedKeys> result) {
        later([this, result = std::move(result)] {
            const auto done = std::move(m_done);
            done(result);
            // The receiver may have destroyed this: nothing may follow.
        });
    }
    template<class Call> void later(Call call) { QTimer::singleShot(0, &m_guard, std::move(call)); }

    Transport& m_transport;
    MetadataWay m_way;
    std::function<void(Result<FetchedKeys>)> m_done;
    HandlePtr m_metadata; ///< of the issuer
    std::unique_ptr<Transfer> m_transfer;
    QObject m_guard; ///< its death is the silence a handle promises
};

} // namespace

Result<HttpUrl> keySetUrl(const QString& address) {
    const Result<HttpUrl> url = HttpUrl::parse(address);
    if (!url) return url;
    if (!url->origin().isSecure() && !url->origin().isLoopback())
        return fail(ErrorCode::OriginRefused, KeySourceText::tr("Keys are not fetched without encryption."),
                    address,
                    KeySourceText::tr(
                        "Use the https address: whoever changes the keys on the way makes any token good."));
    if (url->userInfo())
        return fail(ErrorCode::InvalidInput, KeySourceText::tr("The URL holds a user name or password."),
                    QString::fromUtf8(url->authority()), KeySourceText::tr("Take it out: keys are public."));
    return url;
}

Request keySetRequest(const HttpUrl& url) {
    Request request;
    request.method = "GET";
    request.url = url;
    request.headers.append("Accept", "application/jwk-set+json, application/json");
    request.headers.append("User-Agent", "Keybearer/" KB_VERSION);
    // The keys as they are now: a cache on the way is what keeps a new key from being found.
    request.headers.append("Cache-Control", "no-cache");
    return request;
}

TransportOptions keySetOptions() {
    TransportOptions options;
    options.bodyLimit = largestKeySet;
    options.lane = QStringLiteral("keys");
    return options;
}

Result<VerifyKeys> readKeySet(const Response& response, const QString& address) {
    if (response.status != 200)
        return fail(ErrorCode::ProtocolError,
                    KeySourceText::tr("The keys did not come: the server answered %1 %2.")
                        .arg(response.status)
                        .arg(statusMeaning(response.status).name),
                    address,
                    KeySourceText::tr("Give the address of the JWK Set itself; redirects are not followed."));
    if (response.bodyEnd != BodyEnd::Complete)
        return fail(ErrorCode::ProtocolError, KeySourceText::tr("The keys did not come whole."), address,
                    response.bodyEnd == BodyEnd::LimitReached
                        ? KeySourceText::tr("More than 1 MB is not read.")
                        : KeySourceText::tr("Try again."));
    Result<VerifyKeys> keys = readJwks(response.body);
    if (!keys) {
        Error error = keys.error();
        error.where = error.where.isEmpty() ? address : address + QLatin1String(", ") + error.where;
        return tl::unexpected(error);
    }
    for (VerifyKey& key : keys->keys) {
        if (key.type() != VerifyKey::Type::Symmetric) continue;
        key.d.reset();
        key.problem = KeySourceText::tr("it is a shared secret that anyone can fetch, so it proves nothing");
    }
    return keys;
}

HandlePtr fetchKeys(Transport& transport, const KeyPlace& place, const MetadataWay& way,
                    std::function<void(Result<FetchedKeys>)> done) {
    auto fetch = std::make_unique<KeyFetch>(transport, way, std::move(done));
    fetch->begin(place);
    return fetch;
}

const VerifyKeys* KeyCache::find(const QString& issuer, qint64 bootMs) const {
    constexpr qint64 goodForMs = 10 * 60 * 1000;
    const auto kept = m_kept.find(issuer);
    return kept == m_kept.end() || bootMs - kept->bootMs >= goodForMs ? nullptr : &kept->keys;
}

void KeyCache::put(const QString& issuer, const VerifyKeys& keys, qint64 bootMs) {
    m_kept.insert(issuer, {keys, bootMs});
}

} // namespace kb
