// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import.h"
#include "core/workspace/yaml_node.h"

#include <utility>

namespace kb::importing {

/// What a format says of authorization. Texts of secrets may hold {{variables}}.
struct DraftAuth {
    enum class Kind { Inherit, None, Scheme };
    Kind kind = Kind::Inherit;
    AuthScheme scheme;
    QMap<QString, QString> secrets; ///< by the record's part: "" the secret itself, "client_secret", …
    QString name;                   ///< what to call the profile; empty: by its kind
    QList<std::pair<ApiKeyScheme, QString>> keys = {}; ///< that go along, with their secrets
};

/// A folder or a request as its format has it: secrets may still be in it.
struct DraftItem {
    bool isFolder = false;
    QString name;
    RequestSpec request;
    DraftAuth auth;
    QList<HeaderRow> headers;       ///< a folder's, for all within
    QList<Variable> variables = {}; ///< likewise
    QList<DraftItem> children;
    double order = 0; ///< where a format has its own order
};

struct Draft {
    QString format;
    QString name;
    QList<DraftItem> items;
    DraftAuth auth;            ///< the collection's
    QList<HeaderRow> headers;  ///< the collection's
    QList<Variable> variables; ///< the collection's, where no environment says otherwise
    QList<Environment> environments;
    QStringList secretVariables;               ///< what the format itself calls secret
    QList<std::pair<DraftAuth, QString>> kept; ///< secrets of no request, such as a proxy's, and their places
    QStringList notes;
    std::optional<ApiDescription> api;
    QString document; ///< where that was read from
};

// One a format. Each reads a text (Bruno: a folder's files) that looks like its own.
Result<Draft> readCurl(const QByteArray& text, const QString& name);
Result<Draft> readHttpFile(const QByteArray& text, const QString& name);
Result<Draft> readBruno(const QList<ImportFile>& files);
Result<Draft> readPostman(const yaml::Node& root, const QString& name);
Result<Draft> readPostmanEnvironment(const yaml::Node& root, const QString& name);
Result<Draft> readInsomnia(const yaml::Node& root, const QString& name);
Result<Draft> readHar(const yaml::Node& root, const QString& name);
Result<Draft> readOpenCollectionBundle(const yaml::Node& root, const QString& name);
Draft draftOf(const ApiDescription& api);

/// Takes the secrets out: each becomes a profile's, and what is left can be saved.
Imported sweep(Draft draft);

// What several formats share.
void addQuery(RequestSpec& spec, const QString& name, const QString& value, bool enabled,
              const QString& description = {}, bool equals = true);
/// "name=value&…" of a form, with {{variables}} left alone.
QString formField(const QString& name, const QString& value);
void noteOnce(Draft& draft, const QString& note);
/// Of a body or a part that is a file: where it has to be.
void fileNote(Draft& draft, const QString& where, const QString& file);
/// Whether folders stand deeper within each other than is read; said once.
bool tooDeep(Draft& draft, int depth);
/// A JSON or plain body by its media type.
BodySpec textBody(const QString& text, const QString& contentType);
/// A GraphQL query as the JSON it is sent as; variables are JSON or empty.
BodySpec graphQl(const QString& query, const QString& variables);
/// Removes the Content-Type row that only says what the body's kind says already.
void dropImpliedContentType(RequestSpec& spec);
DraftAuth basicAuth(const QString& user, const QString& password);
DraftAuth bearerAuth(const QString& token, const QString& prefix = {});
DraftAuth keyAuth(const QString& name, const QString& value, const QString& in);
/// The first of these members that has a text.
using AuthFields = std::function<QString(std::initializer_list<const char*> names)>;
/// The authorization block of any of the formats; nothing for a kind that we do not have.
std::optional<DraftAuth> authOf(const QString& type, const AuthFields& field);
/// The same, with a note where it is nothing.
DraftAuth authOrNote(Draft& draft, const QString& type, const AuthFields& field, const QString& where);

} // namespace kb::importing
