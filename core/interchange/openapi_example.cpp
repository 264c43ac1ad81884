// SPDX-License-Identifier: GPL-3.0-or-later
// Example values: the document's own, else made from the schema.
#include "core/base/json.h"
#include "core/interchange/openapi_files.h"

#include <QSet>

namespace kb::openapi {

using yaml::Node;

namespace {

constexpr int maxDepth = 8;
constexpr int maxMembers = 60;

QByteArray jsonText(const QString& text) {
    JsonValue value;
    value.type = JsonValue::Type::String;
    value.string = text;
    return writeJson(value);
}

bool looksLikeNumber(const QByteArray& text) {
    const Result<JsonValue> value = parseJson(text);
    return value && value->isNumber();
}

QByteArray json(const Node& node, int depth) {
    switch (node.kind) {
    case Node::Kind::Null:
        return "null";
    case Node::Kind::Scalar:
        if (node.plain && (node.text == "true" || node.text == "false" || node.text == "null"))
            return node.text;
        if (node.plain && looksLikeNumber(node.text)) return node.text;
        return jsonText(node.string());
    case Node::Kind::Sequence:
    case Node::Kind::Mapping:
        break;
    }
    if (depth > 4 * maxDepth) return "null";
    QByteArrayList parts;
    for (const Node::Entry& entry : node.entries) {
        QByteArray part = json(entry.value, depth + 1);
        if (node.isMapping()) part = jsonText(QString::fromUtf8(entry.key)) + ": " + part;
        parts.append(part);
    }
    return node.isMapping() ? "{" + parts.join(", ") + "}" : "[" + parts.join(", ") + "]";
}

/// The schema's type; of a list of types (OpenAPI 3.1) the first that is not null.
QByteArray typeOf(Files& files, const At& schema) {
    const At type = files.member(schema, "type");
    if (type.isSequence())
        for (const auto& [index, each] : files.members(type))
            if (each.text() != QLatin1String("null")) return each.text().toUtf8();
    if (type) return type.text().toUtf8();
    if (files.member(schema, "properties")) return "object";
    return files.member(schema, "items") ? "array" : "";
}

QByteArray textExample(Files& files, const At& schema) {
    const QString format = files.member(schema, "format").text();
    static const std::pair<const char*, const char*> known[] = {
        {"date-time", "2030-01-31T12:00:00Z"},
        {"date", "2030-01-31"},
        {"time", "12:00:00Z"},
        {"uuid", "00000000-0000-4000-8000-000000000000"},
        {"email", "somebody@example.com"},
        {"uri", "https://example.com/"},
        {"url", "https://example.com/"},
        {"hostname", "example.com"},
        {"ipv4", "192.0.2.1"},
        {"ipv6", "2001:db8::1"},
        {"byte", "AA=="}};
    for (const auto& [name, value] : known)
        if (format == QLatin1String(name)) return jsonText(QLatin1String(value));
    const int shortest = files.member(schema, "minLength").text().toInt();
    return jsonText(QStringLiteral("text").leftJustified(qBound(4, shortest, 1000), u'x'));
}

QByteArray make(Files& files, const At& schema, int depth);

void addProperties(Files& files, const At& schema, int depth, QByteArrayList& parts, QSet<QString>& seen) {
    for (const auto& [index, part] : files.members(files.member(schema, "allOf")))
        if (depth < maxDepth) addProperties(files, part, depth + 1, parts, seen);
    for (const auto& [name, property] : files.members(files.member(schema, "properties"))) {
        if (seen.contains(name) || parts.size() >= maxMembers || files.member(property, "readOnly").isTrue())
            continue;
        seen.insert(name);
        parts.append(jsonText(name) + ": " + make(files, property, depth + 1));
    }
}

QByteArray make(Files& files, const At& schema, int depth) {
    if (!schema.isMapping() || depth > maxDepth) return "null";
    for (const char* given : {"example", "default", "const"})
        if (const At value = Files::plainMember(schema, given)) return json(*value.node, 0);
    for (const char* list : {"examples", "enum"}) {
        const At values = Files::plainMember(schema, list);
        if (values.isSequence() && !values.node->entries.empty())
            return json(values.node->entries.front().value, 0);
    }
    for (const char* choice : {"oneOf", "anyOf"})
        for (const auto& [index, each] : files.members(files.member(schema, choice)))
            if (typeOf(files, each) != "null") return make(files, each, depth + 1);
    const QByteArray type = typeOf(files, schema);
    if (type == "object" || files.member(schema, "allOf")) {
        QByteArrayList parts;
        QSet<QString> seen;
        addProperties(files, schema, depth, parts, seen);
        return "{" + parts.join(", ") + "}";
    }
    if (type == "array") return "[" + make(files, files.member(schema, "items"), depth + 1) + "]";
    if (type == "integer" || type == "number") {
        const QString least = files.member(schema, "minimum").text();
        return looksLikeNumber(least.toUtf8()) ? least.toUtf8() : QByteArray("1");
    }
    if (type == "boolean") return "true";
    if (type == "null") return "null";
    return textExample(files, schema);
}

} // namespace

QByteArray jsonOf(const Node& node) {
    return json(node, 0);
}

QByteArray exampleOf(Files& files, const At& schema) {
    return make(files, schema, 0);
}

} // namespace kb::openapi
