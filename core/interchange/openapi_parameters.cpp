// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters with example values, serialised by their style (OpenAPI 3.1 §4.8.12.2).
#include "core/base/json.h"
#include "core/http/url_template.h"
#include "core/interchange/openapi_files.h"

#include <QUrl>

namespace kb::openapi {

namespace {

/// The example that stands beside the schema, of the parameter or of its content: its own, else the first of
/// several.
At givenValue(Files& files, const At& owner) {
    if (const At own = Files::plainMember(owner, "example")) return own;
    for (const auto& [name, example] : files.members(files.member(owner, "examples")))
        for (const char* word : {"value", "dataValue"})
            if (const At value = Files::plainMember(example, word)) return value;
    return {};
}

/// Of OpenAPI 3.2: an example as it is sent, name and encoding included.
QString serializedValue(Files& files, const At& owner) {
    for (const auto& [name, example] : files.members(files.member(owner, "examples")))
        if (const At value = Files::plainMember(example, "serializedValue")) return value.text();
    return {};
}

QString listText(const JsonValue& value, const QString& between) {
    QStringList parts;
    for (const JsonValue& item : value.items)
        parts.append(plainText(item));
    return parts.join(between);
}

QString membersText(const JsonValue& value, const QString& equals, const QString& between) {
    QStringList parts;
    for (const JsonValue::Member& member : value.members)
        parts.append(member.first + equals + plainText(member.second));
    return parts.join(between);
}

/// What a value in one piece looks like on the wire, before percent-encoding.
QString serialised(const JsonValue& value, const QString& name, const QString& style, bool explode) {
    if (style == QLatin1String("label") || style == QLatin1String("matrix")) {
        const bool label = style == QLatin1String("label");
        const QString lead = label ? QStringLiteral(".") : QStringLiteral(";");
        if (value.isArray()) {
            if (label) return lead + listText(value, explode ? lead : QStringLiteral(","));
            if (!explode) return lead + name + u'=' + listText(value, QStringLiteral(","));
            QString all;
            for (const JsonValue& item : value.items)
                all += lead + name + u'=' + plainText(item);
            return all;
        }
        if (value.isObject()) {
            if (explode) return lead + membersText(value, QStringLiteral("="), lead);
            return (label ? lead : QString(lead + name + u'=')) +
                   membersText(value, QStringLiteral(","), QStringLiteral(","));
        }
        return label ? lead + plainText(value) : QString(lead + name + u'=' + plainText(value));
    }
    const QString between = style == QLatin1String("spaceDelimited")  ? QStringLiteral(" ")
                            : style == QLatin1String("pipeDelimited") ? QStringLiteral("|")
                                                                      : QStringLiteral(",");
    if (value.isArray()) return listText(value, between);
    if (value.isObject())
        return membersText(value, explode ? QStringLiteral("=") : QStringLiteral(","), QStringLiteral(","));
    return plainText(value);
}

/// Swagger 2.0's collectionFormat in the words of OpenAPI 3.
void readCollectionFormat(const QString& format, QString& style, bool& explode) {
    explode = format == QLatin1String("multi");
    if (format == QLatin1String("ssv")) style = QStringLiteral("spaceDelimited");
    if (format == QLatin1String("pipes")) style = QStringLiteral("pipeDelimited");
}

/// The rows of a text that is serialised already: "a=1&b=2" of a query, "a=1" of a cookie, else the value
/// alone.
QList<ApiParameter> serializedRows(const ApiParameter& base, const QString& text) {
    ApiParameter row = base;
    if (base.in == QLatin1String("header")) {
        row.example = text;
        return {row};
    }
    if (base.in == QLatin1String("path")) {
        row.example = QUrl::fromPercentEncoding(text.toUtf8());
        return {row};
    }
    if (base.in == QLatin1String("querystring")) row.in = QStringLiteral("query");
    QList<ApiParameter> rows;
    const bool cookie = base.in == QLatin1String("cookie");
    for (const QString& field : text.split(cookie ? QStringLiteral("; ") : QStringLiteral("&"))) {
        const QString name = field.section(u'=', 0, 0), value = field.section(u'=', 1);
        row.name = cookie ? name : formDecoded(name);
        row.example = cookie ? value : formDecoded(value);
        rows.append(row);
    }
    return rows;
}

} // namespace

JsonValue readJson(const QByteArray& text) {
    const Result<JsonValue> value = parseJson(text);
    return value ? *value : JsonValue();
}

QString plainText(const JsonValue& value) {
    return value.isString() ? value.string : QString::fromUtf8(writeJson(value));
}

QList<ApiParameter> styledRows(const ApiParameter& base, const JsonValue& value, const QString& style,
                               bool explode) {
    QList<ApiParameter> rows;
    const auto add = [&](const QString& name, const QString& example) {
        ApiParameter row = base;
        row.name = name;
        row.example = example;
        rows.append(row);
    };
    const bool deep = style == QLatin1String("deepObject");
    const bool form = (style == QLatin1String("form") || style == QLatin1String("cookie")) && explode;
    if (value.isObject() && (deep || form)) {
        for (const JsonValue::Member& member : value.members)
            add(deep ? base.name + u'[' + member.first + u']' : member.first, plainText(member.second));
    } else if (value.isArray() && form) {
        for (const JsonValue& item : value.items)
            add(base.name, plainText(item));
    } else {
        add(base.name, serialised(value, base.name, style, explode));
    }
    return rows;
}

QList<ApiParameter> readParameter(Files& files, const At& at, bool swagger) {
    ApiParameter base;
    base.in = files.member(at, "in").text();
    base.name = files.member(at, "name").text();
    base.description = files.member(at, "description").text();
    base.required = base.in == QLatin1String("path") || files.member(at, "required").isTrue();
    At schema = files.member(at, "schema");
    if (!schema && swagger) schema = at;
    QString contentType;
    At media;
    for (const auto& [type, each] : files.members(files.member(at, "content"))) {
        contentType = type;
        media = each;
        if (!schema) schema = files.member(media, "schema");
        break;
    }
    base.type = files.member(schema, "type").text();

    QString style = files.member(at, "style").text();
    if (style.isEmpty())
        style = base.in == QLatin1String("query") || base.in == QLatin1String("cookie")
                    ? QStringLiteral("form")
                    : QStringLiteral("simple");
    bool explode = style == QLatin1String("form") || style == QLatin1String("cookie");
    if (const At own = files.member(at, "explode")) explode = own.isTrue();
    if (swagger) readCollectionFormat(files.member(at, "collectionFormat").text(), style, explode);

    At given = givenValue(files, at);
    if (!given) given = givenValue(files, media);
    for (const At& owner : {at, media})
        if (const QString text = given ? QString() : serializedValue(files, owner); !text.isEmpty())
            return serializedRows(base, text);
    const JsonValue value = readJson(given ? jsonOf(*given.node) : exampleOf(files, schema));
    if (base.in == QLatin1String("querystring")) { // the whole of the query (OpenAPI 3.2)
        if (contentType.startsWith(QLatin1String("application/x-www-form-urlencoded"))) {
            base.in = QStringLiteral("query");
            return styledRows(base, value, QStringLiteral("form"), true);
        }
        base.example = plainText(value);
        return {base};
    }
    if (media) { // described by a media type, not by a style
        base.example = plainText(value);
        return {base};
    }
    return styledRows(base, value, style, explode);
}

} // namespace kb::openapi
