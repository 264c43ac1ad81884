// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/resource_discovery.h"

#include "core/auth/oauth_request.h"

#include <QCoreApplication>
#include <QTimer>

namespace kb {

namespace {

struct DiscoveryText {
    Q_DECLARE_TR_FUNCTIONS(Discovery)
};

constexpr int mostRedirects = 3;
constexpr qsizetype mostNames = 6; ///< so many addresses at most are asked
constexpr int metadataTimeoutMs = 15'000;
constexpr qint64 largestMetadata = 1024 * 1024;

/// Public documents, one address after the other until one reads.
template<class Document> class MetadataFetch final : public Handle {
public:
    struct Place {
        HttpUrl at;
        std::function<Result<Document>(const Response&)> read;
    };
    /// Without a place, `why` is the answer.
    MetadataFetch(Transport& transport, QList<Place> places, const MetadataWay& way,
                  std::function<void(Result<Document>)> done, std::optional<Error> why = {})
        : m_transport(transport),
          m_places(std::move(places)),
          m_done(std::move(done)),
          m_first(std::move(why)) {
        m_options.proxy = way.proxy;
        m_options.caFile = way.caFile;
        m_options.timeoutMs = metadataTimeoutMs;
        m_options.bodyLimit = largestMetadata;
        m_options.lane = QStringLiteral("metadata");
        next();
    }

private:
    void next() { m_places.isEmpty() ? finish(tl::unexpected(*m_first)) : ask(m_places.first().at, 0); }
    void ask(const HttpUrl& url, int redirects) {
        TransferCallbacks callbacks;
        // Posted, so that the transfer is not destroyed inside its own completion.
        callbacks.finished = [this, url, redirects](Result<TransportReply> reply) {
            later([this, url, redirects, reply = std::move(reply)] { answered(url, redirects, reply); });
        };
        m_transfer = m_transport.send(metadataRequest(url), m_options, std::move(callbacks));
    }
    void answered(const HttpUrl& url, int redirects, const Result<TransportReply>& reply) {
        m_transfer.reset();
        if (!reply) return failed(reply.error());
        const int status = reply->response.status;
        if (status >= 300 && status < 400 && redirects < mostRedirects) {
            const Result<HttpUrl> to = metadataRedirect(url, reply->response);
            return to ? ask(*to, redirects + 1) : failed(to.error());
        }
        Result<Document> read = m_places.first().read(reply->response);
        read ? finish(std::move(read)) : failed(read.error());
    }
    void failed(const Error& error) {
        if (!m_first) m_first = error;
        m_places.removeFirst();
        next();
    }
    void finish(Result<Document> result) {
        later([this, result = std::move(result)] {
            const auto done = std::move(m_done);
            done(result);
            // The receiver may have destroyed this: nothing may follow.
        });
    }
    template<class Call> void later(Call call) { QTimer::singleShot(0, &m_guard, std::move(call)); }

    Transport& m_transport;
    TransportOptions m_options;
    QList<Place> m_places; ///< the one asked, and those still to try
    std::function<void(Result<Document>)> m_done;
    std::optional<Error> m_first;
    std::unique_ptr<Transfer> m_transfer;
    QObject m_guard; ///< its death is the silence a handle promises
};

/// What a resource may be called whose answer a request got: by the request's URL, without its query, by each
/// folder above it, and by its origin.
QList<HttpUrl> resourceNames(const HttpUrl& request) {
    QList<HttpUrl> names{request};
    const QString origin = request.origin().text();
    QString path = QString::fromLatin1(request.path());
    const auto add = [&](const QString& each) {
        const Result<HttpUrl> url = HttpUrl::parse(QString(origin + each));
        if (url && !names.contains(*url)) names.append(*url);
    };
    add(path);
    for (qsizetype slash = path.lastIndexOf(u'/'); slash > 0 && names.size() < mostNames - 1;
         slash = path.lastIndexOf(u'/')) {
        path.truncate(slash);
        add(path);
    }
    add(QStringLiteral("/"));
    return names;
}

} // namespace

Result<QList<MetadataPlace>> resourceMetadataPlaces(const HttpUrl& request,
                                                    const QList<QByteArray>& challenges,
                                                    const QStringList& plainHttpOrigins) {
    const Result<std::optional<HttpUrl>> named =
        resourceMetadataUrl(parseChallenges(challenges), plainHttpOrigins);
    if (!named) return tl::unexpected(named.error());
    QList<MetadataPlace> places;
    if (*named) {
        if ((*named)->origin() != request.origin())
            return fail(ErrorCode::OriginRefused,
                        DiscoveryText::tr("The API names a place for its metadata that is not its own."),
                        (*named)->origin().text(),
                        DiscoveryText::tr("Only the API itself may say where its tokens come from. Enter the "
                                          "issuer by hand if you know it."));
        places.append({**named, request});
    }
    for (const HttpUrl& resource : resourceNames(request)) {
        const Result<HttpUrl> at = resourceMetadataUrl(resource, plainHttpOrigins);
        if (!at) return tl::unexpected(at.error());
        places.append({*at, resource});
    }
    return places;
}

HandlePtr fetchResourceMetadata(Transport& transport, const QList<MetadataPlace>& places,
                                const MetadataWay& way, std::function<void(Result<ResourceMetadata>)> done) {
    using Fetch = MetadataFetch<ResourceMetadata>;
    QList<Fetch::Place> all;
    for (const MetadataPlace& place : places)
        all.append(
            {place.at, [resource = place.resource, plain = way.plainHttpOrigins](const Response& response) {
                 return readResourceMetadata(response, resource, plain);
             }});
    return std::make_unique<Fetch>(transport, all, way, std::move(done));
}

HandlePtr fetchServerMetadata(Transport& transport, const QString& issuer, const MetadataWay& way,
                              std::function<void(Result<ServerMetadata>)> done) {
    using Fetch = MetadataFetch<ServerMetadata>;
    const Result<QList<HttpUrl>> urls = metadataUrls(issuer, way.plainHttpOrigins);
    if (!urls)
        return std::make_unique<Fetch>(transport, QList<Fetch::Place>(), way, std::move(done), urls.error());
    QList<Fetch::Place> all;
    for (const HttpUrl& url : *urls)
        all.append({url, [issuer, plain = way.plainHttpOrigins](const Response& response) {
                        return readServerMetadata(response, issuer, plain);
                    }});
    return std::make_unique<Fetch>(transport, all, way, std::move(done));
}

OAuthScheme discoveredScheme(const ResourceMetadata& resource, const ServerMetadata& server) {
    OAuthScheme scheme;
    scheme.issuer = server.issuer;
    for (const OAuthGrant grant :
         {OAuthGrant::ClientCredentials, OAuthGrant::DeviceCode, OAuthGrant::AuthorizationCode})
        if (server.grantTypes.contains(grantType(grant))) scheme.grant = grant; // the last is the best
    // A login from a desktop program is a public client's (RFC 8252 §8.5); a client that obtains alone is
    // not.
    scheme.clientAuth = scheme.grant == OAuthGrant::ClientCredentials ? ClientAuth::Basic : ClientAuth::None;
    scheme.scopes = resource.scopes;
    scheme.resources = {resource.resource};
    scheme.dpop = resource.dpopRequired;
    return scheme;
}

} // namespace kb
