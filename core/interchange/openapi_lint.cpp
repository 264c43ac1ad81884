// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader of the document should know before relying on it.
#include "core/interchange/openapi_files.h"
#include "core/interchange/openapi_text.h"
#include "core/workspace/matrix_settings.h"

#include <algorithm>

namespace kb::openapi {

namespace {

void lintSchemes(const ApiDescription& api, Files& files) {
    for (const ApiSecurityScheme& scheme : api.schemes) {
        const ApiPlace place{api.file,
                             QStringLiteral("/components/securitySchemes/") + pointerToken(scheme.name), 0};
        if (scheme.type == QLatin1String("apiKey") && scheme.in == QLatin1String("query"))
            files.note(
                OpenApiText::tr("The scheme %1 puts its key into the URL, where logs and histories keep it.")
                    .arg(scheme.name),
                place);
        for (const char* flow : {"implicit", "password"})
            if (scheme.flows.contains(QLatin1String(flow)))
                files.note(OpenApiText::tr("The scheme %1 offers the %2 flow, which OAuth 2.1 has dropped.")
                               .arg(scheme.name, QLatin1String(flow)),
                           place);
        if (scheme.deprecated)
            files.note(OpenApiText::tr("The scheme %1 is marked as deprecated.").arg(scheme.name), place);
    }
}

void lintNeed(const ApiDescription& api, const ApiSchemeNeed& need, const ApiPlace& place, Files& files) {
    const ApiSecurityScheme* scheme = api.scheme(need.scheme);
    if (!scheme) {
        files.note(OpenApiText::tr("The security scheme %1 is not declared. Nobody can satisfy it.")
                       .arg(need.scheme),
                   place);
        return;
    }
    const bool scoped =
        scheme->type == QLatin1String("oauth2") || scheme->type == QLatin1String("openIdConnect");
    if (!scoped && !need.scopes.isEmpty() && api.specification.startsWith(QLatin1String("3.0")))
        files.note(
            OpenApiText::tr("In OpenAPI 3.0 the list behind %1 must be empty; its words are read as roles.")
                .arg(need.scheme),
            place);
    if (scheme->type != QLatin1String("oauth2") || scheme->flows.isEmpty()) return;
    for (const QString& scope : need.scopes)
        if (!scheme->scopes.contains(scope))
            files.note(OpenApiText::tr("The scope %1 is asked for, but no flow of %2 declares it.")
                           .arg(scope, need.scheme),
                       place);
}

bool documents(const ApiOperation& operation, QLatin1String status) {
    return operation.responses.contains(status) || operation.responses.contains(QStringLiteral("4XX")) ||
           operation.responses.contains(QStringLiteral("default"));
}

} // namespace

void lint(const ApiDescription& api, Files& files) {
    lintSchemes(api, files);
    const bool silent =
        !api.security && std::none_of(api.operations.begin(), api.operations.end(),
                                      [](const ApiOperation& each) { return each.security.has_value(); });
    if (silent && api.schemes.isEmpty() && !api.operations.isEmpty())
        files.note(OpenApiText::tr("The document says nothing of security: who may what is not known."),
                   {api.file, {}, 0});
    for (const ApiServer& server : api.servers)
        if (server.url.startsWith(QLatin1String("http://"), Qt::CaseInsensitive))
            files.note(OpenApiText::tr("The server %1 is without encryption (http).").arg(server.url),
                       {api.file, QStringLiteral("/servers"), 0});
    for (const ApiOperation& operation : api.operations) {
        const std::optional<ApiSecurity>& security = operation.security ? operation.security : api.security;
        if (!security || security->isEmpty()) continue;
        bool open = false, asks = !operation.requiredClaims.isEmpty();
        for (const ApiAlternative& alternative : *security) {
            open = open || alternative.isEmpty();
            for (const ApiSchemeNeed& need : alternative) {
                asks = asks || !need.scopes.isEmpty();
                lintNeed(api, need, operation.securityPlace, files);
            }
        }
        const QString name = operation.method + u' ' + operation.path;
        if (!open && !documents(operation, QLatin1String("401")))
            files.note(OpenApiText::tr("%1 is protected but documents no 401.").arg(name), operation.place);
        if (!open && asks && !documents(operation, QLatin1String("403")))
            files.note(OpenApiText::tr("%1 asks for a permission but documents no 403.").arg(name),
                       operation.place);
        if (!operation.claimsOtherwise.isEmpty() && !expectFromName(operation.claimsOtherwise))
            files.note(OpenApiText::tr("\"%1\" in x-required-claims is no expectation; 403 is expected.")
                           .arg(operation.claimsOtherwise),
                       operation.place);
    }
}

} // namespace kb::openapi
