// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/oc_fields.h"
#include "core/workspace/opencollection_text.h"

namespace kb::opencollection {

using yaml::Node;

void Reader::refuse(const QString& what, const Node& at) {
    if (!m_error)
        m_error = Error{ErrorCode::ParseError, what, yaml::place(m_file, at.line, at.column),
                        OpenCollectionText::tr("Correct the file in a text editor, then reload."), -1};
}

static QString shown(QByteArrayView key) {
    return QString::fromUtf8(key);
}

QString Reader::text(const Node& node, QByteArrayView key, const QString& fallback) {
    const Node* member = node.find(key);
    if (!member || member->isNull()) return fallback;
    if (!member->isScalar()) {
        refuse(OpenCollectionText::tr("\"%1\" must be text. A text that begins with {{ needs quotes.")
                   .arg(shown(key)),
               *member);
        return fallback;
    }
    return member->string();
}

QString Reader::description(const Node& node) {
    const Node* member = node.find("description");
    if (member && member->isMapping()) return text(*member, "content");
    return text(node, "description");
}

int Reader::number(const Node& node, QByteArrayView key, int fallback) {
    const Node* member = node.find(key);
    if (!member || member->isNull()) return fallback;
    bool ok = false;
    const int number = member->text.toInt(&ok);
    return ok ? number : fallback; // "inherit" too
}

bool Reader::flag(const Node& node, QByteArrayView key, bool fallback) {
    const Node* member = node.find(key);
    if (!member || !member->isScalar()) return fallback;
    if (member->text.compare("true", Qt::CaseInsensitive) == 0) return true;
    return member->text.compare("false", Qt::CaseInsensitive) == 0 ? false : fallback;
}

QStringList Reader::texts(const Node& node, QByteArrayView key) {
    QStringList list;
    const Node* member = sequence(node, key);
    if (!member) return list;
    for (const Node::Entry& entry : member->entries) {
        if (entry.value.isScalar())
            list.append(entry.value.string());
        else
            refuse(OpenCollectionText::tr("\"%1\" must be a list of texts.").arg(shown(key)), entry.value);
    }
    return list;
}

const Node* Reader::mapping(const Node& node, QByteArrayView key) {
    const Node* member = node.find(key);
    if (!member || member->isNull()) return nullptr;
    if (!member->isMapping()) {
        refuse(OpenCollectionText::tr("\"%1\" must hold names and values.").arg(shown(key)), *member);
        return nullptr;
    }
    return member;
}

const Node* Reader::sequence(const Node& node, QByteArrayView key) {
    const Node* member = node.find(key);
    if (!member || member->isNull()) return nullptr;
    if (!member->isSequence()) {
        refuse(OpenCollectionText::tr("\"%1\" must be a list.").arg(shown(key)), *member);
        return nullptr;
    }
    return member;
}

const Node* Reader::asMapping(const Node& element) {
    if (element.isMapping()) return &element;
    refuse(OpenCollectionText::tr("An element of the list must hold names and values."), element);
    return nullptr;
}

bool Reader::enabled(const Node& row) {
    return !flag(row, "disabled", false) && flag(row, "enabled", true);
}

void writeText(Node& node, const QByteArray& key, const QString& value) {
    const Node* present = node.find(key);
    if (!value.isEmpty())
        node.setString(key, value);
    else if (present && !present->isNull() && !(present->isScalar() && present->text.isEmpty()))
        node.remove(key);
}

void writeDescription(Node& node, const QString& value) {
    Node* member = node.find("description");
    if (member && member->isMapping())
        writeText(*member, "content", value);
    else
        writeText(node, "description", value);
}

void writeEnabled(Node& row, bool enabled) {
    Reader reader{QString()};
    if (reader.enabled(row) == enabled) return;
    if (row.find("enabled")) {
        row.setPlain("enabled", enabled ? "true" : "false");
        row.remove("disabled");
    } else if (enabled) {
        row.remove("disabled");
    } else {
        row.setPlain("disabled", "true");
    }
}

void writeTexts(Node& node, const QByteArray& key, const QStringList& values) {
    if (values.isEmpty()) {
        writeRows(
            node, key, values, [](const Node&, const QString&) { return 0; }, [](Node&, const QString&) {});
        return;
    }
    const auto likeness = [](const Node& element, const QString& value) {
        return element.isScalar() && element.string() == value ? 4 : 0;
    };
    writeRows(node, key, values, likeness, [](Node& element, const QString& value) {
        if (!element.isScalar()) element = Node::ofString(value);
    });
}

void writeNumber(Node& node, const QByteArray& key, int value, int present) {
    if (value != present) node.setPlain(key, QByteArray::number(value));
}

void writeFlag(Node& node, const QByteArray& key, bool value, bool present) {
    if (value != present) node.setPlain(key, value ? "true" : "false");
}

const Node* ownExtension(const Node& root) {
    const Node* extensions = root.find("extensions");
    const Node* own = extensions ? extensions->find("keybearer") : nullptr;
    return own && own->isMapping() ? own : nullptr;
}

Node& makeOwnExtension(Node& root) {
    return root.collection("extensions", Node::Kind::Mapping).collection("keybearer", Node::Kind::Mapping);
}

void dropEmptyExtension(Node& root) {
    Node* extensions = root.find("extensions");
    if (!extensions || !extensions->isMapping()) return;
    const Node* own = extensions->find("keybearer");
    if (!own || !own->isMapping() || !own->entries.empty()) return;
    extensions->remove("keybearer");
    if (extensions->entries.empty()) root.remove("extensions");
}

} // namespace kb::opencollection
