// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/tree.h"
#include "core/interchange/import_text.h"

#include "core/base/json.h"

namespace kb {

using yaml::Node;

namespace {

/// Puts the lines of a JSON text, which is known to be well-formed, onto the tree that was read from it.
class JsonLines {
public:
    explicit JsonLines(const QByteArray& text) : m_at(text.constData()), m_end(m_at + text.size()) {}

    Node node(const JsonValue& value) {
        skipSpace();
        Node node;
        node.line = m_line;
        switch (value.type) {
        case JsonValue::Type::Object:
            node.kind = Node::Kind::Mapping;
            for (const JsonValue::Member& member : value.members)
                addEntry(node, member.first.toUtf8(), member.second, true);
            close();
            break;
        case JsonValue::Type::Array:
            node.kind = Node::Kind::Sequence;
            for (const JsonValue& item : value.items)
                addEntry(node, {}, item, false);
            close();
            break;
        case JsonValue::Type::String:
            node.kind = Node::Kind::Scalar;
            node.text = value.string.toUtf8();
            skipString();
            break;
        case JsonValue::Type::Null:
            skipWord();
            break;
        default:
            node.kind = Node::Kind::Scalar;
            node.plain = true;
            node.text = value.type == JsonValue::Type::Number ? value.numberText
                        : value.boolean                       ? QByteArray("true")
                                                              : QByteArray("false");
            skipWord();
        }
        return node;
    }

private:
    /// One member or element, with the bracket or comma before it.
    void addEntry(Node& node, const QByteArray& key, const JsonValue& value, bool named) {
        ++m_at;
        skipSpace();
        const int line = m_line;
        if (named) {
            skipString();
            skipSpace();
            ++m_at; // the colon
        }
        Node::Entry entry;
        entry.key = key;
        entry.value = this->node(value);
        if (named) entry.value.line = line; // a member stands where its name stands
        node.entries.push_back(std::move(entry));
        skipSpace();
    }
    void close() {
        if (*m_at == '{' || *m_at == '[') ++m_at; // nothing was in it
        skipSpace();
        ++m_at;
    }
    void skipSpace() {
        while (m_at < m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\n' || *m_at == '\r'))
            if (*m_at++ == '\n') ++m_line;
    }
    void skipString() {
        for (++m_at; m_at < m_end && *m_at != '"'; ++m_at)
            if (*m_at == '\\') ++m_at;
        ++m_at;
    }
    void skipWord() {
        while (m_at < m_end && !strchr(",]} \t\r\n", *m_at))
            ++m_at;
    }

    const char* m_at;
    const char* m_end;
    int m_line = 1;
};

} // namespace

Result<Node> readTree(const QByteArray& text, const QString& name) {
    if (text.size() > yaml::maxFileBytes)
        return fail(ErrorCode::InvalidInput, ImportText::tr("The document is too large."), name,
                    ImportText::tr("The limit is 32 MB."));
    QByteArray source = text;
    if (source.startsWith("\xef\xbb\xbf")) source.remove(0, 3);
    if (source.trimmed().startsWith('{')) {
        if (const Result<JsonValue> json = parseJson(source)) return JsonLines(source).node(*json);
        // What is no JSON may still be YAML in its flow form.
    }
    Result<yaml::Document> document = yaml::parse(source, name);
    if (!document) return tl::unexpected(document.error());
    return std::move(document->root);
}

const Node* childOf(const Node* node, std::initializer_list<QByteArrayView> path) {
    for (const QByteArrayView name : path)
        node = node && node->isMapping() ? node->find(name) : nullptr;
    return node;
}

QString textOf(const Node* node, std::initializer_list<QByteArrayView> path) {
    const Node* found = childOf(node, path);
    return found && found->isScalar() ? found->string() : QString();
}

bool isTrue(const Node* node, std::initializer_list<QByteArrayView> path) {
    const Node* found = childOf(node, path);
    return found && found->isScalar() && found->text == "true";
}

const std::vector<Node::Entry>& elementsOf(const Node* node, std::initializer_list<QByteArrayView> path) {
    static const std::vector<Node::Entry> none;
    const Node* found = childOf(node, path);
    return found && found->isSequence() ? found->entries : none;
}

} // namespace kb
