// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters with example values, serialised by their style (OpenAPI 3.1 §4.8.12.2).
#include "core/base/json.h"
#include "core/interchange/openapi_files.h"

namespace kb::openapi {

namespace {

QString plain(const JsonValue& value) {
    return value.isString() ? value.string : QString::fromUtf8(writeJson(value));
}

/// The parameter's example as a JSON value: its own, else its first of several, else its schema's.
JsonValue valueOf(Files& files, const At& parameter, const At& schema) {
    const auto read = [](const QByteArray& text) {
        const Result<JsonValue> value = parseJson(text);
        return value ? *value : JsonValue();
    };
    if (const At own = Files::plainMember(parameter, "example")) return read(jsonOf(*own.node));
    for (const auto& [name, example] : files.members(files.member(parameter, "examples")))
        if (const At value = Files::plainMember(example, "value")) return read(jsonOf(*value.node));
    return read(exampleOf(files, schema));
}

QString listText(const JsonValue& value, const QString& between) {
    QStringList parts;
    for (const JsonValue& item : value.items)
        parts.append(plain(item));
    return parts.join(between);
}

QString membersText(const JsonValue& value, const QString& equals, const QString& between) {
    QStringList parts;
    for (const JsonValue::Member& member : value.members)
        parts.append(member.first + equals + plain(member.second));
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
                all += lead + name + u'=' + plain(item);
            return all;
        }
        if (value.isObject()) {
            if (explode) return lead + membersText(value, QStringLiteral("="), lead);
            return (label ? lead : QString(lead + name + u'=')) +
                   membersText(value, QStringLiteral(","), QStringLiteral(","));
        }
        return label ? lead + plain(value) : QString(lead + name + u'=' + plain(value));
    }
    const QString between = style == QLatin1String("spaceDelimited")  ? QStringLiteral(" ")
                            : style == QLatin1String("pipeDelimited") ? QStringLiteral("|")
                                                                      : QStringLiteral(",");
    if (value.isArray()) return listText(value, between);
    if (value.isObject())
        return membersText(value, explode ? QStringLiteral("=") : QStringLiteral(","), QStringLiteral(","));
    return plain(value);
}

/// Swagger 2.0's collectionFormat in the words of OpenAPI 3.
void readCollectionFormat(const QString& format, QString& style, bool& explode) {
    explode = format == QLatin1String("multi");
    if (format == QLatin1String("ssv")) style = QStringLiteral("spaceDelimited");
    if (format == QLatin1String("pipes")) style = QStringLiteral("pipeDelimited");
}

} // namespace

QList<ApiParameter> readParameter(Files& files, const At& at, bool swagger) {
    ApiParameter base;
    base.in = files.member(at, "in").text();
    base.name = files.member(at, "name").text();
    base.description = files.member(at, "description").text();
    base.required = base.in == QLatin1String("path") || files.member(at, "required").isTrue();
    At schema = files.member(at, "schema");
    if (!schema && swagger) schema = at;
    if (const At content = files.member(at, "content"))
        for (const auto& [type, media] : files.members(content)) {
            if (!schema) schema = files.member(media, "schema");
            break;
        }
    base.type = files.member(schema, "type").text();

    QString style = files.member(at, "style").text();
    if (style.isEmpty())
        style = base.in == QLatin1String("query") || base.in == QLatin1String("cookie")
                    ? QStringLiteral("form")
                    : QStringLiteral("simple");
    bool explode = style == QLatin1String("form");
    if (const At own = files.member(at, "explode")) explode = own.isTrue();
    if (swagger) readCollectionFormat(files.member(at, "collectionFormat").text(), style, explode);

    const JsonValue value = valueOf(files, at, schema);
    QList<ApiParameter> rows;
    const bool deep = style == QLatin1String("deepObject");
    if (value.isObject() && (deep || (style == QLatin1String("form") && explode))) {
        for (const JsonValue::Member& member : value.members) {
            ApiParameter row = base;
            row.name = deep ? base.name + u'[' + member.first + u']' : member.first;
            row.example = plain(member.second);
            rows.append(row);
        }
        return rows;
    }
    if (value.isArray() && style == QLatin1String("form") && explode) {
        for (const JsonValue& item : value.items) {
            ApiParameter row = base;
            row.example = plain(item);
            rows.append(row);
        }
        return rows;
    }
    base.example = serialised(value, base.name, style, explode);
    rows.append(base);
    return rows;
}

} // namespace kb::openapi
