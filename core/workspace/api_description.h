// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/request_spec.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace kb {

/// One scheme of a security requirement, with the scopes or roles it asks for (OpenAPI 3.1 §4.8.30).
struct ApiSchemeNeed {
    QString scheme; ///< the name under which the document declares it
    QStringList scopes;
    bool operator==(const ApiSchemeNeed&) const = default;
};
/// All of these together. Empty: no credential is needed (optional authentication).
using ApiAlternative = QList<ApiSchemeNeed>;
/// Any one of these. Empty: the operation is public.
using ApiSecurity = QList<ApiAlternative>;

/// A security scheme as the document declares it (Swagger 2.0's kinds in OpenAPI 3's words).
struct ApiSecurityScheme {
    QString name;
    QString type;       ///< "http", "apiKey", "oauth2", "openIdConnect", "mutualTLS"
    QString httpScheme; ///< of http: "bearer", "basic", "digest", …, in lower case
    QString in;         ///< of apiKey: "header", "query", "cookie"
    QString parameter;  ///< of apiKey: the field's name
    QStringList scopes; ///< of oauth2: what its flows declare, each once
    QStringList flows;  ///< of oauth2: "authorizationCode", "implicit", "password", "clientCredentials", …
    QStringList tokenUrls; ///< of oauth2: token and authorization addresses, as written
    QString discoveryUrl;  ///< openIdConnectUrl or oauth2MetadataUrl
    bool deprecated = false;
    bool operator==(const ApiSecurityScheme&) const = default;
};

/// Where something stands in the document: for reports that point at a line.
struct ApiPlace {
    QString file;    ///< as named by the user; of another file of the same document where a $ref led there
    QString pointer; ///< JSON pointer (RFC 6901) from that file's root
    int line = 0;    ///< from 1; 0 where it is not known
    bool operator==(const ApiPlace&) const = default;
};

struct ApiParameter {
    QString in; ///< "path", "query", "header", "cookie"; "querystring": `example` is the whole query
    QString name;
    bool required = false;
    QString example; ///< the value to send, serialised by the parameter's style; empty where none is known
    QString description;
    QString type; ///< of its schema: "string", "integer", …; empty where it has none
    bool operator==(const ApiParameter&) const = default;
};

/// A {variable} of a server's address.
struct ApiServerVariable {
    QString name;
    QString value;      ///< its default
    QStringList values; ///< its enum; empty: any
    bool operator==(const ApiServerVariable&) const = default;
};

struct ApiServer {
    QString url; ///< with the variables' defaults in place; may be relative to the document
    QString description;
    QString pattern = {}; ///< as written, with its {variables}
    QList<ApiServerVariable> variables = {};
    bool operator==(const ApiServer&) const = default;
};

struct ApiOperation {
    QString operationId;
    QString method; ///< upper case
    QString path;   ///< the template: "/users/{id}"
    QString summary;
    QStringList tags;
    QList<ApiServer> servers; ///< empty: the document's
    QList<ApiParameter> parameters;
    QString bodyType;          ///< media type of the example body; empty for none
    QString bodyExample;       ///< from the document's example, else made from the schema
    QList<BodyPart> bodyParts; ///< the same of multipart/form-data; its files are for the user to choose
    /// The operation's own `security` if the key is present, even if empty; else nothing, and the document's
    /// counts.
    std::optional<ApiSecurity> security;
    QStringList responses;        ///< documented status codes, "default" and ranges ("4XX") as written
    QStringList requiredClaims;   ///< "name=value" each, from its x-required-claims extension
    QString claimsOtherwise = {}; ///< its `otherwise`: what those without them get, as in a rule; empty: 403
    bool ownObjectsOnly = false;  ///< its x-own-objects-only extension: whose object is asked for decides
    QStringList othersUnless; ///< claims, "name=value", with which others' objects may be had: its `unless`
    ApiPlace place;           ///< of the operation
    ApiPlace
        securityPlace; ///< of the `security` that is in force for it; the operation's where there is none
    bool operator==(const ApiOperation&) const = default;
};

/// Something the reader of a document should know: a mistake in it, or what could not be taken over.
struct ApiNote {
    QString text;
    ApiPlace place;
    bool operator==(const ApiNote&) const = default;
};

/// An API as a document describes it (OpenAPI 3.0, 3.1, 3.2, Swagger 2.0): what requests there are and what
/// each asks of the caller. Untrusted: its servers are proposals.
struct ApiDescription {
    QString title;
    QString specification; ///< "3.1.0", "2.0", …
    QString file;
    QList<ApiServer> servers;
    QList<ApiSecurityScheme> schemes;
    std::optional<ApiSecurity> security; ///< the root's
    QList<ApiOperation> operations;      ///< in the document's order
    QList<ApiNote> notes;

    const ApiSecurityScheme* scheme(const QString& schemeName) const {
        for (const ApiSecurityScheme& each : schemes)
            if (each.name == schemeName) return &each;
        return nullptr;
    }
    bool operator==(const ApiDescription&) const = default;
};

} // namespace kb
