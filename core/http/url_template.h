// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QString>

namespace kb {

/// One field of a query as typed; nothing is decoded or encoded.
struct QueryField {
    QString name;
    QString value;
    bool hasEquals = true; ///< "?a" and "?a=" differ on the wire
    bool operator==(const QueryField&) const = default;
};

/// The URL text the user types, cut where its parts meet. It may hold {{variables}}, :id and {id}.
struct UrlParts {
    QString base; ///< everything before "?" and "#"
    QList<QueryField> query;
    bool hasQuery = false;
    QString fragment; ///< with its "#", or empty
    bool operator==(const UrlParts&) const = default;
};

UrlParts splitUrl(const QString& text);
QString joinUrl(const UrlParts& parts); ///< joinUrl(splitUrl(x)) == x

/// A path parameter in the text: ":id" filling a whole segment, or "{id}" anywhere in the path. Never the
/// port, never a {{variable}}, never in the query.
struct PathParameter {
    QString name;
    qsizetype start = 0;
    qsizetype length = 0;
};
QList<PathParameter> pathParameters(const QString& url);
/// The name of the last one: "id" in "/orgs/{org}/hooks/{id}". Empty where there is none.
QString lastPathParameter(const QString& url);
/// Puts values in place of path parameters; `valueOf` gives nullopt for one without a value. Values are
/// percent-encoded where they would change the path's structure ("/", "?", "#", "%", space).
QString fillPathParameters(const QString& url, const QList<std::pair<QString, QString>>& values,
                           QStringList* missing);

/// A {{variable}} in a text.
struct VariableUse {
    QString name;
    qsizetype start = 0;
    qsizetype length = 0;
};
QList<VariableUse> variableUses(const QString& text);

/// A name or value of application/x-www-form-urlencoded text, with {{variables}} left to be filled in.
QString formEncoded(const QString& text);
QString formDecoded(QString text);

} // namespace kb
