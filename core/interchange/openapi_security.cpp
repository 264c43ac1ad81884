// SPDX-License-Identifier: GPL-3.0-or-later
// Security schemes and requirements, Swagger 2.0's in the words of OpenAPI 3.
#include "core/interchange/openapi_files.h"
#include "core/interchange/openapi_text.h"

namespace kb::openapi {

namespace {

void addOnce(QStringList& list, const QString& text) {
    if (!text.isEmpty() && !list.contains(text)) list.append(text);
}

void readFlow(Files& files, const At& flow, const QString& name, ApiSecurityScheme& scheme) {
    addOnce(scheme.flows, name);
    for (const char* address : {"authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"})
        addOnce(scheme.tokenUrls, files.member(flow, address).text());
    for (const auto& [scope, meaning] : files.members(files.member(flow, "scopes")))
        addOnce(scheme.scopes, scope);
}

/// Swagger 2.0 names its flows otherwise.
QString modernFlow(const QString& name) {
    if (name == QLatin1String("application")) return QStringLiteral("clientCredentials");
    if (name == QLatin1String("accessCode")) return QStringLiteral("authorizationCode");
    return name;
}

ApiSecurityScheme readScheme(Files& files, const QString& name, const At& at, bool swagger) {
    ApiSecurityScheme scheme;
    scheme.name = name;
    scheme.type = files.member(at, "type").text();
    scheme.deprecated = files.member(at, "deprecated").isTrue();
    if (swagger && scheme.type == QLatin1String("basic")) {
        scheme.type = QStringLiteral("http");
        scheme.httpScheme = QStringLiteral("basic");
    } else if (scheme.type == QLatin1String("http")) {
        scheme.httpScheme = files.member(at, "scheme").text().toLower();
    } else if (scheme.type == QLatin1String("apiKey")) {
        scheme.in = files.member(at, "in").text();
        scheme.parameter = files.member(at, "name").text();
    } else if (scheme.type == QLatin1String("oauth2") && swagger) {
        readFlow(files, at, modernFlow(files.member(at, "flow").text()), scheme);
    } else if (scheme.type == QLatin1String("oauth2")) {
        for (const auto& [flow, flowAt] : files.members(files.member(at, "flows")))
            readFlow(files, flowAt, flow, scheme);
        scheme.discoveryUrl = files.member(at, "oauth2MetadataUrl").text();
    } else if (scheme.type == QLatin1String("openIdConnect")) {
        scheme.discoveryUrl = files.member(at, "openIdConnectUrl").text();
    } else if (scheme.type != QLatin1String("mutualTLS")) {
        files.note(OpenApiText::tr("The security scheme %1 is of a type that is not known: %2.")
                       .arg(name, scheme.type.isEmpty() ? OpenApiText::tr("none") : scheme.type),
                   at.place());
    }
    return scheme;
}

/// A requirement names a scheme of the document's, or since OpenAPI 3.2 the URI of one, which then is one of
/// the document's by that name.
void adopt(Files& files, const QString& name, const At& from, ApiDescription& api) {
    const bool isUri = name.contains(u'#') || name.contains(u'/');
    if (!isUri || api.scheme(name)) return;
    const At at = files.followed(files.target(from, name));
    if (at.node) api.schemes.append(readScheme(files, name, at, false));
}

} // namespace

void readSecuritySchemes(Files& files, const At& root, bool swagger, ApiDescription& api) {
    const At list = swagger ? files.member(root, "securityDefinitions")
                            : files.member(files.member(root, "components"), "securitySchemes");
    for (const auto& [name, at] : files.members(list))
        api.schemes.append(readScheme(files, name, at, swagger));
}

std::optional<ApiSecurity> readSecurity(Files& files, const At& owner, ApiDescription& api) {
    const At list = Files::plainMember(owner, "security");
    if (!list) return std::nullopt;
    ApiSecurity security;
    if (!list.isSequence()) {
        files.note(OpenApiText::tr("\"security\" must be a list. It is read as if it were not there."),
                   list.place());
        return std::nullopt;
    }
    for (const auto& [index, alternativeAt] : files.members(list)) {
        ApiAlternative alternative;
        for (const auto& [name, scopesAt] : files.members(alternativeAt)) {
            adopt(files, name, list, api);
            ApiSchemeNeed need{name, {}};
            for (const auto& [number, scope] : files.members(scopesAt))
                addOnce(need.scopes, scope.text());
            alternative.append(need);
        }
        security.append(alternative);
    }
    return security;
}

} // namespace kb::openapi
