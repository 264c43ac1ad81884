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

/// Makes one example. Schemas refer to each other, often in circles, and a document is untrusted: what is
/// made of one is bounded by what it may visit and write, not by its depth alone.
class Maker {
public:
    explicit Maker(Files& files) : m_files(files) {}

    QByteArray make(const At& schema, int depth) {
        if (!spend() || !schema.isMapping() || depth > maxDepth || m_open.contains(schema.node))
            return "null";
        m_open.append(schema.node);
        const QByteArray made = open(schema, depth);
        m_open.removeLast();
        return made;
    }

private:
    bool spend() { return --m_visits >= 0 && m_bytes >= 0 && m_files.spendOnExamples(); }

    QByteArray given(const Node& node) {
        const QByteArray text = json(node, 0);
        m_bytes -= text.size();
        return m_bytes >= 0 ? text : QByteArray("null");
    }

    void addProperties(const At& schema, int depth, QByteArrayList& parts, QSet<QString>& seen) {
        for (const auto& [index, part] : m_files.members(m_files.member(schema, "allOf")))
            if (depth < maxDepth && !m_open.contains(part.node) && spend()) {
                m_open.append(part.node);
                addProperties(part, depth + 1, parts, seen);
                m_open.removeLast();
            }
        for (const auto& [name, property] : m_files.members(m_files.member(schema, "properties"))) {
            if (m_visits < 0) return;
            if (seen.contains(name) || parts.size() >= maxMembers ||
                m_files.member(property, "readOnly").isTrue())
                continue;
            seen.insert(name);
            parts.append(jsonText(name) + ": " + make(property, depth + 1));
        }
    }

    QByteArray open(const At& schema, int depth) {
        for (const char* own : {"example", "default", "const"})
            if (const At value = Files::plainMember(schema, own)) return given(*value.node);
        for (const char* list : {"examples", "enum"}) {
            const At values = Files::plainMember(schema, list);
            if (values.isSequence() && !values.node->entries.empty())
                return given(values.node->entries.front().value);
        }
        for (const char* choice : {"oneOf", "anyOf"})
            for (const auto& [index, each] : m_files.members(m_files.member(schema, choice)))
                if (typeOf(m_files, each) != "null") return make(each, depth + 1);
        const QByteArray type = typeOf(m_files, schema);
        if (type == "object" || m_files.member(schema, "allOf")) {
            QByteArrayList parts;
            QSet<QString> seen;
            addProperties(schema, depth, parts, seen);
            return "{" + parts.join(", ") + "}";
        }
        if (type == "array") {
            const At items = m_files.member(schema, "items");
            // Of a tree's children there are none in its example.
            if (m_open.contains(items.node)) return "[]";
            return "[" + make(items, depth + 1) + "]";
        }
        if (type == "integer" || type == "number") {
            const QString least = m_files.member(schema, "minimum").text();
            return looksLikeNumber(least.toUtf8()) ? least.toUtf8() : QByteArray("1");
        }
        if (type == "boolean") return "true";
        if (type == "null") return "null";
        return textExample(m_files, schema);
    }

    Files& m_files;
    QList<const Node*> m_open; ///< schemas that an example is being made of
    int m_visits = 2000;
    qsizetype m_bytes = 256 * 1024;
};

} // namespace

QByteArray jsonOf(const Node& node) {
    return json(node, 0);
}

QByteArray exampleOf(Files& files, const At& schema) {
    return Maker(files).make(schema, 0);
}

} // namespace kb::openapi
