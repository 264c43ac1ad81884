// SPDX-License-Identifier: GPL-3.0-or-later
// What an operation's body looks like by its media type: JSON, the fields of a form, or the document's own
// words.
#include "core/base/json.h"
#include "core/http/url_template.h"
#include "core/interchange/openapi_files.h"
#include "core/interchange/openapi_text.h"

#include <QSet>
#include <algorithm>

namespace kb::openapi {

namespace {

bool isJsonType(const QString& type) {
    return type.contains(QLatin1String("json"), Qt::CaseInsensitive);
}
bool isFormType(const QString& type) {
    return type.startsWith(QLatin1String("application/x-www-form-urlencoded"), Qt::CaseInsensitive);
}
bool isMultipartType(const QString& type) {
    return type.startsWith(QLatin1String("multipart/form-data"), Qt::CaseInsensitive);
}

/// JSON before a form, a form before all else.
QString bestType(const QStringList& types) {
    for (const auto& likes : {isJsonType, isFormType, isMultipartType})
        for (const QString& type : types)
            if (likes(type)) return type;
    return types.value(0);
}

/// A range of media types names none that could be sent.
QString sentType(const QString& type) {
    return type == QLatin1String("*/*") || type == QLatin1String("application/*")
               ? QStringLiteral("application/json")
               : type;
}

/// An example that stands beside the schema: as a value, or as the very text that is sent.
struct Given {
    QByteArray json;
    QString text;
};

Given givenExample(Files& files, const At& media) {
    const auto given = [](const At& value) {
        return Given{jsonOf(*value.node), value.node->isScalar() ? value.text() : QString()};
    };
    if (const At own = Files::plainMember(media, "example")) return given(own);
    for (const auto& [name, each] : files.members(files.member(media, "examples"))) {
        for (const char* word : {"value", "dataValue"})
            if (const At value = Files::plainMember(each, word)) return given(value);
        if (const At value = Files::plainMember(each, "serializedValue"))
            return {value.text().toUtf8(), value.text()};
    }
    return {};
}

/// The schema of a property, also one that stands in an allOf; each schema is looked into once.
At propertyOf(Files& files, const At& schema, const QString& name, QSet<const yaml::Node*>& seen) {
    if (const At own = files.member(files.member(schema, "properties"), name.toUtf8())) return own;
    seen.insert(schema.node);
    for (const auto& [index, part] : files.members(files.member(schema, "allOf")))
        if (!seen.contains(part.node))
            if (const At found = propertyOf(files, part, name, seen)) return found;
    return {};
}

bool isRequired(Files& files, const At& schema, const QString& name) {
    for (const auto& [index, each] : files.members(files.member(schema, "required")))
        if (each.text() == name) return true;
    return false;
}

/// Bytes rather than text: "format: binary" of OpenAPI 3.0, a media type without an encoding since 3.1.
bool isFile(Files& files, const At& schema) {
    const auto holdsBytes = [&](const At& at) {
        const QString format = files.member(at, "format").text();
        return format == QLatin1String("binary") || format == QLatin1String("file") ||
               (files.member(at, "contentMediaType") && !files.member(at, "contentEncoding"));
    };
    return holdsBytes(schema) || holdsBytes(files.member(schema, "items"));
}

class Body {
public:
    Body(Files& files, ApiOperation& operation) : m_files(files), m(operation) {}

    void read(const At& media, const QString& type) {
        m.bodyType = sentType(type);
        At schema = m_files.member(media, "schema");
        if (!schema) schema = m_files.member(media, "itemSchema"); // of a stream, OpenAPI 3.2
        const Given given = givenExample(m_files, media);
        if (isFormType(type) || isMultipartType(type)) {
            m_encoding = m_files.member(media, "encoding");
            form(schema, given, isMultipartType(type));
        } else {
            text(schema, given, media);
        }
    }

private:
    void text(const At& schema, const Given& given, const At& media) {
        if (isJsonType(m.bodyType)) {
            m.bodyExample = QString::fromUtf8(given.json.isEmpty() ? exampleOf(m_files, schema) : given.json);
        } else if (!given.json.isEmpty()) {
            m.bodyExample = given.text;
        } else if (schema && m.bodyType.startsWith(QLatin1String("text/")) &&
                   !m.bodyType.contains(QLatin1String("xml"))) {
            m.bodyExample = plainText(readJson(exampleOf(m_files, schema)));
        }
        // JSON would be no body of another type.
        if (m.bodyExample.isEmpty())
            m_files.note(OpenApiText::tr("%1 %2: a body of the type %3 is not made from its schema and is "
                                         "left empty.")
                             .arg(m.method, m.path, m.bodyType),
                         media.place());
    }

    void form(const At& schema, const Given& given, bool multipart) {
        // The very text of a form may be the example.
        if (!multipart && !given.text.isEmpty()) {
            m.bodyExample = given.text;
            return;
        }
        const JsonValue value = readJson(given.json.isEmpty() ? exampleOf(m_files, schema) : given.json);
        QStringList fields;
        for (const JsonValue::Member& member : value.members) {
            if (multipart)
                parts(schema, member);
            else
                for (const ApiParameter& row : rows(member))
                    fields.append(formEncoded(row.name) + u'=' + formEncoded(row.example));
        }
        m.bodyExample = fields.join(u'&');
    }

    /// A field by its encoding's style; an object without one is JSON (OpenAPI 3.1 §4.8.15).
    QList<ApiParameter> rows(const JsonValue::Member& member) {
        const At encoding = m_files.member(m_encoding, member.first.toUtf8());
        QString style = m_files.member(encoding, "style").text();
        const At own = m_files.member(encoding, "explode");
        ApiParameter field;
        field.name = member.first;
        if (style.isEmpty() && !own && member.second.isObject()) {
            field.example = plainText(member.second);
            return {field};
        }
        if (style.isEmpty()) style = QStringLiteral("form");
        return styledRows(field, member.second, style, own ? own.isTrue() : style == QLatin1String("form"));
    }

    void parts(const At& schema, const JsonValue::Member& member) {
        QSet<const yaml::Node*> seen;
        const At property = propertyOf(m_files, schema, member.first, seen);
        const QString type = m_files.member(m_files.member(m_encoding, member.first.toUtf8()), "contentType")
                                 .text()
                                 .section(u',', 0, 0)
                                 .trimmed();
        BodyPart part;
        part.name = member.first;
        if (!type.contains(u'*')) part.contentType = type;
        if (isFile(m_files, property)) { // a file is for the user to choose
            part.isFile = true;
            part.enabled = isRequired(m_files, schema, member.first);
            m.bodyParts.append(part);
            return;
        }
        const bool each = member.second.isArray() && type.isEmpty(); // an element is a part
        for (const JsonValue& value : each ? member.second.items : QList<JsonValue>{member.second}) {
            BodyPart one = part;
            one.value = plainText(value);
            if (one.contentType.isEmpty() && (value.isObject() || value.isArray()))
                one.contentType = QStringLiteral("application/json");
            m.bodyParts.append(one);
        }
    }

    Files& m_files;
    ApiOperation& m;
    At m_encoding;
};

} // namespace

void readBody(Files& files, const At& at, ApiOperation& operation) {
    QStringList types;
    const At content = files.member(files.member(at, "requestBody"), "content");
    const QList<std::pair<QString, At>> all = files.members(content);
    for (const auto& [type, media] : all)
        types.append(type);
    if (types.isEmpty()) return;
    const QString type = bestType(types);
    Body(files, operation).read(all.at(types.indexOf(type)).second, type);
}

void readSwaggerBody(Files& files, const At& item, const At& at, ApiOperation& operation) {
    QStringList consumes;
    At list = files.member(at, "consumes");
    if (!list) list = files.member(files.root(), "consumes");
    for (const auto& [index, type] : files.members(list))
        consumes.append(type.text());
    At body;
    QList<std::pair<QString, At>> fields; // an operation's takes the place of the path's
    for (const At& owner : {item, at})
        for (const auto& [index, parameter] : files.members(files.member(owner, "parameters"))) {
            const QString in = files.member(parameter, "in").text();
            const QString name = files.member(parameter, "name").text();
            if (in == QLatin1String("body")) body = parameter;
            if (in != QLatin1String("formData")) continue;
            fields.removeIf([&](const auto& each) { return each.first == name; });
            fields.append({name, parameter});
        }
    if (fields.isEmpty()) {
        const QString type = consumes.isEmpty() ? QStringLiteral("application/json") : bestType(consumes);
        if (body) Body(files, operation).read(body, type);
        return;
    }
    const auto isFileField = [&](const auto& each) {
        return files.member(each.second, "type").text() == QLatin1String("file");
    };
    const bool multipart = std::any_of(fields.cbegin(), fields.cend(), isFileField) ||
                           (std::any_of(consumes.cbegin(), consumes.cend(), isMultipartType) &&
                            std::none_of(consumes.cbegin(), consumes.cend(), isFormType));
    operation.bodyType = multipart ? QStringLiteral("multipart/form-data")
                                   : QStringLiteral("application/x-www-form-urlencoded");
    QStringList text;
    for (const auto& field : std::as_const(fields)) {
        if (isFileField(field)) {
            operation.bodyParts.append(
                {field.first, {}, true, {}, files.member(field.second, "required").isTrue()});
            continue;
        }
        for (const ApiParameter& row : readParameter(files, field.second, true)) {
            operation.bodyParts.append({row.name, row.example, false, {}, true});
            text.append(formEncoded(row.name) + u'=' + formEncoded(row.example));
        }
    }
    if (multipart) return;
    operation.bodyParts.clear();
    operation.bodyExample = text.join(u'&');
}

} // namespace kb::openapi
