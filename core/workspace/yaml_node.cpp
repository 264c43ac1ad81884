// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/yaml_node.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb::yaml {

QString Node::string() const {
    if (text.startsWith("\xef\xbb\xbf")) // which decoding drops at the start of a text
        return QChar(QChar::ByteOrderMark) + QString::fromUtf8(QByteArrayView(text).sliced(3));
    return QString::fromUtf8(text);
}

const Node* Node::find(QByteArrayView key) const {
    if (kind != Kind::Mapping) return nullptr;
    for (const Entry& entry : entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

Node* Node::find(QByteArrayView key) {
    return const_cast<Node*>(std::as_const(*this).find(key));
}

Node& Node::collection(const QByteArray& key, Kind wanted) {
    Node* node = find(key);
    if (!node) {
        Entry entry;
        entry.key = key;
        entries.push_back(std::move(entry));
        changed = true;
        node = &entries.back().value;
    }
    if (node->kind != wanted) {
        node->kind = wanted;
        node->text.clear();
        node->entries.clear();
        node->changed = true;
        node->indent = -1;
        node->bodyBegin = -1;
    }
    return *node;
}

static void setMember(Node& mapping, const QByteArray& key, Node value) {
    Node* node = mapping.find(key);
    if (!node) {
        Node::Entry entry;
        entry.key = key;
        entry.value = std::move(value);
        mapping.entries.push_back(std::move(entry));
        mapping.changed = true;
        return;
    }
    if (node->isScalar() && node->text == value.text) return;
    value.begin = node->begin;
    value.end = node->end;
    value.line = node->line;
    value.column = node->column;
    value.changed = true;
    *node = std::move(value);
}

void Node::setString(const QByteArray& key, const QString& value, bool asBlock) {
    setMember(*this, key, ofString(value, asBlock));
}

void Node::setPlain(const QByteArray& key, const QByteArray& value) {
    setMember(*this, key, ofPlain(value));
}

void Node::remove(QByteArrayView key) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
    if (found == entries.end()) return;
    entries.erase(found);
    changed = true;
}

Node Node::ofString(const QString& value, bool asBlock) {
    Node node;
    node.kind = Kind::Scalar;
    node.text = value.toUtf8();
    node.literal = asBlock;
    return node;
}

Node Node::ofPlain(const QByteArray& value) {
    Node node;
    node.kind = Kind::Scalar;
    node.text = value;
    node.plain = true;
    return node;
}

bool SeenNames::add(const Node& mapping, const QByteArray& name) {
    constexpr size_t few = 32;
    if (mapping.entries.size() < few) return !mapping.find(name);
    if (m_names.isEmpty()) {
        for (const Node::Entry& entry : mapping.entries)
            m_names.insert(entry.key);
    }
    const qsizetype before = m_names.size();
    m_names.insert(name);
    return m_names.size() > before;
}

QString place(const QString& name, int line, int column) {
    if (line <= 0) return name;
    if (column <= 0)
        return QCoreApplication::translate("Yaml", "%1, line %2").arg(name, QString::number(line));
    return QCoreApplication::translate("Yaml", "%1, line %2, column %3")
        .arg(name, QString::number(line), QString::number(column));
}

} // namespace kb::yaml
