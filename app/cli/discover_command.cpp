// SPDX-License-Identifier: GPL-3.0-or-later
// discover: where an API says that its tokens come from (RFC 9728), and what that server says of itself (RFC
// 8414).
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "core/auth/oauth_answer.h"
#include "core/base/shell_quote.h"
#include "core/run/resource_discovery.h"
#include "core/workspace/scheme_fields.h"
#include "io/network/curl_transport.h"

#include <CLI/CLI.hpp>

namespace kb::cli {

namespace {

struct DiscoverOptions {
    std::string url;
    std::string server;
    std::string caFile;
    std::vector<std::string> plainHttp;
};

/// The API's answer to a GET without a credential.
Result<Response> askApi(Transport& transport, const HttpUrl& url, const QString& caFile) {
    Request request;
    request.method = "GET";
    request.url = url;
    request.headers.append("Accept", "*/*");
    TransportOptions options;
    options.timeoutMs = 30'000;
    options.caFile = caFile;
    options.bodyLimit = 64 * 1024;
    const Result<TransportReply> reply =
        await<Result<TransportReply>>([&](std::function<void(Result<TransportReply>)> done) {
            TransferCallbacks callbacks;
            callbacks.finished = std::move(done);
            return transport.send(request, options, std::move(callbacks));
        });
    if (!reply) return tl::unexpected(reply.error());
    return reply->response;
}

/// That there is nothing is an answer too.
Exit answerExit(const Error& error) {
    return serverExit(error) == Inconclusive ? Inconclusive : Findings;
}

/// Text of a server, fit for a terminal.
QString shown(const QString& text) {
    return serverText(text, Redactor());
}

/// A word as a shell takes it, whatever a server put into it.
QString shellWord(QString word) {
    for (QChar& c : word)
        if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format) c = u' ';
    return shellQuoted(word);
}

/// What to type for a profile that logs in at the server that was found.
QStringList profileArguments(const OAuthScheme& scheme, const HttpUrl& url) {
    QStringList words{QStringLiteral("profile"),
                      QStringLiteral("add"),
                      QStringLiteral("NAME"),
                      QStringLiteral("--kind"),
                      QStringLiteral("oauth2"),
                      QStringLiteral("--grant"),
                      QString::fromLatin1(grantNames[std::size_t(scheme.grant)]),
                      QStringLiteral("--issuer"),
                      scheme.issuer,
                      QStringLiteral("--client-id"),
                      QStringLiteral("ID")};
    if (scheme.clientAuth == ClientAuth::None)
        words << QStringLiteral("--client-auth") << QStringLiteral("none");
    for (const QString& scope : scheme.scopes)
        words << QStringLiteral("--scope") << scope;
    for (const QString& resource : scheme.resources)
        words << QStringLiteral("--resource") << resource;
    if (scheme.dpop) words << QStringLiteral("--dpop");
    return words << QStringLiteral("--allow") << url.origin().text();
}

QString address(const std::optional<HttpUrl>& url) {
    return url ? QString::fromLatin1(url->text()) : QString();
}

QList<QPair<QString, QString>> endpointsOf(const ServerMetadata& server) {
    const OAuthEndpoints& at = server.endpoints;
    QList<QPair<QString, QString>> all{
        {QStringLiteral("authorization_endpoint"), address(at.authorization)},
        {QStringLiteral("token_endpoint"), address(at.token)},
        {QStringLiteral("device_authorization_endpoint"), address(at.deviceAuthorization)},
        {QStringLiteral("revocation_endpoint"), address(at.revocation)},
        {QStringLiteral("introspection_endpoint"), address(at.introspection)},
        {QStringLiteral("userinfo_endpoint"), address(at.userinfo)},
        {QStringLiteral("registration_endpoint"), address(at.registration)},
        {QStringLiteral("jwks_uri"), address(server.jwksUri)}};
    all.removeIf([](const QPair<QString, QString>& each) { return each.second.isEmpty(); });
    return all;
}

JsonValue serverJson(const ServerMetadata& server) {
    JsonObject object;
    object.add(QStringLiteral("issuer"), server.issuer);
    for (const auto& [name, url] : endpointsOf(server))
        object.add(name, url);
    return object.add(QStringLiteral("grant_types"), jsonTexts(server.grantTypes))
        .add(QStringLiteral("findings"), jsonTexts(server.findings))
        .value();
}

void print(const Output& out, const ResourceMetadata& resource, const std::optional<ServerMetadata>& server,
           const HttpUrl& url) {
    out.line(CliText::tr("resource   %1").arg(shown(resource.resource)));
    if (!resource.name.isEmpty()) out.line(CliText::tr("name       %1").arg(shown(resource.name)));
    for (const QString& each : resource.authorizationServers)
        out.line(CliText::tr("server     %1").arg(shown(each)));
    if (!resource.scopes.isEmpty())
        out.line(CliText::tr("scopes     %1").arg(shown(resource.scopes.join(QLatin1Char(' ')))));
    if (resource.dpopRequired) out.line(CliText::tr("tokens     bound to a key (DPoP)"));
    if (!server) {
        if (!resource.authorizationServers.isEmpty())
            out.message(CliText::tr("The servers were not asked. Name one with --server if you trust it."));
        return;
    }
    out.line();
    out.line(shown(server->issuer));
    for (const auto& [name, at] : endpointsOf(*server))
        out.line(QStringLiteral("  %1 %2").arg(name, -30).arg(at));
    for (const QString& finding : server->findings)
        out.message(finding);
    out.line();
    out.line(CliText::tr("A profile that logs in there:"));
    QString line = QStringLiteral("  keybearer-cli");
    for (const QString& word : profileArguments(discoveredScheme(resource, *server), url))
        line += u' ' + shellWord(word);
    out.line(line);
}

int discover(Context& context, const DiscoverOptions& options) {
    const Output& out = context.out;
    const Result<HttpUrl> url = HttpUrl::parse(QString::fromStdString(options.url));
    if (!url) return out.error(url.error(), Usage);
    QStringList plainHttp;
    for (const std::string& each : options.plainHttp)
        plainHttp.append(QString::fromStdString(each));
    const QString caFile = QString::fromStdString(options.caFile);
    const MetadataWay way{plainHttp, {}, caFile};
    CurlTransport transport;
    // Judged before anything is sent: an address that does not count later is not asked at all.
    Result<QList<MetadataPlace>> places = resourceMetadataPlaces(*url, {}, plainHttp);
    if (!places) return out.error(places.error(), Usage);
    const Result<Response> answer = askApi(transport, *url, caFile);
    if (!answer) return out.error(answer.error(), Inconclusive);
    places = resourceMetadataPlaces(*url, answer->headers.all("WWW-Authenticate"), plainHttp);
    if (!places) return out.error(places.error(), Findings);
    const auto resource =
        await<Result<ResourceMetadata>>([&](std::function<void(Result<ResourceMetadata>)> done) {
            return fetchResourceMetadata(transport, *places, way, std::move(done));
        });
    if (!resource) return out.error(resource.error(), answerExit(resource.error()));
    std::optional<ServerMetadata> server;
    if (!options.server.empty()) {
        const QString issuer = QString::fromStdString(options.server);
        if (!resource->authorizationServers.contains(issuer))
            return out.error(
                {ErrorCode::InvalidInput, CliText::tr("The API does not name this server."), issuer,
                 resource->authorizationServers.isEmpty()
                     ? CliText::tr("It names none.")
                     : CliText::tr("It names: %1").arg(resource->authorizationServers.join(u' ')),
                 -1},
                Usage);
        auto asked = await<Result<ServerMetadata>>([&](std::function<void(Result<ServerMetadata>)> done) {
            return fetchServerMetadata(transport, issuer, way, std::move(done));
        });
        if (!asked) return out.error(asked.error(), answerExit(asked.error()));
        server = std::move(*asked);
    }
    if (!out.json) {
        print(out, *resource, server, *url);
        return Clean;
    }
    JsonObject document;
    document.add(QStringLiteral("url"), QString::fromLatin1(Redactor().url(*url).text()))
        .add(QStringLiteral("status"), qint64(answer->status))
        .add(QStringLiteral("resource"), resource->resource)
        .add(QStringLiteral("name"), resource->name)
        .add(QStringLiteral("authorization_servers"), jsonTexts(resource->authorizationServers))
        .add(QStringLiteral("scopes"), jsonTexts(resource->scopes))
        .add(QStringLiteral("dpop_required"), resource->dpopRequired);
    if (server)
        document.add(QStringLiteral("server"), serverJson(*server))
            .add(QStringLiteral("profile_add"),
                 jsonTexts(profileArguments(discoveredScheme(*resource, *server), *url)));
    out.document(std::move(document));
    return Clean;
}

} // namespace

void addDiscover(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<DiscoverOptions>();
    CLI::App* command =
        parser.add_subcommand("discover", "Asks an API where its tokens come from, without sending any");
    command->fallthrough();
    command->add_option("url", options->url, "An address of the API that wants a token")->required();
    command->add_option("--server", options->server,
                        "An issuer that the API names, and that may be asked too");
    command->add_option("--cacert", options->caFile, "A PEM file of authorities to trust")
        ->check(CLI::ExistingFile);
    command->add_option("--plain-http", options->plainHttp, "An origin that may be asked without encryption");
    commands.append({command, [options](Context& context) { return discover(context, *options); }});
}

} // namespace kb::cli
