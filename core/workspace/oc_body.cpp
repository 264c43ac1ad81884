// SPDX-License-Identifier: GPL-3.0-or-later
// The body of a request file. Its raw kinds (json, text, xml, sparql) are texts with a content type; a
// URL-encoded form is shown as the text it makes; multipart forms and files are what they are; other kinds
// stay in the file and are named, so that nothing else is sent in their place.
#include "core/http/url_template.h"
#include "core/workspace/oc_fields.h"

#include <QCoreApplication>

namespace kb::opencollection {

using yaml::Node;

namespace {

QString formType() {
    return QStringLiteral("application/x-www-form-urlencoded");
}

/// The body itself: of several variants the selected one, else the first.
template<class N> N* chosenBody(N& http) {
    N* body = http.find("body");
    if (!body || !body->isSequence()) return body;
    N* first = nullptr;
    for (auto& entry : body->entries) {
        N* variant = entry.value.find("body");
        if (!variant) continue;
        const Node* selected = entry.value.find("selected");
        if (selected && selected->text == "true") return variant;
        if (!first) first = variant;
    }
    return first;
}

struct FormRow {
    QString name;
    QString value;
    bool enabled = true;
};

QString formText(const QList<FormRow>& rows) {
    QStringList parts;
    for (const FormRow& row : rows) {
        if (row.enabled) parts.append(formEncoded(row.name) + u'=' + formEncoded(row.value));
    }
    return parts.join(u'&');
}

QList<FormRow> formRows(const QString& text) {
    QList<FormRow> rows;
    const QStringList parts = text.split(u'&', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        const qsizetype equals = part.indexOf(u'=');
        rows.append({formDecoded(part.left(equals < 0 ? part.size() : equals)),
                     equals < 0 ? QString() : formDecoded(part.mid(equals + 1)), true});
    }
    return rows;
}

QList<FormRow> readForm(const Node& body, Reader& reader) {
    QList<FormRow> rows;
    const Node* data = reader.sequence(body, "data");
    if (!data) return rows;
    for (const Node::Entry& entry : data->entries) {
        if (const Node* row = reader.asMapping(entry.value))
            rows.append({reader.text(*row, "name"), reader.text(*row, "value"), reader.enabled(*row)});
    }
    return rows;
}

/// A part's value is a text, or a list of texts where there may be several files; we send the first.
QString firstText(const Node& row, QByteArrayView key, Reader& reader) {
    const Node* value = row.find(key);
    if (value && value->isSequence())
        return value->entries.empty() || !value->entries.front().value.isScalar()
                   ? QString()
                   : value->entries.front().value.string();
    return reader.text(row, key);
}

QList<BodyPart> readParts(const Node& body, Reader& reader) {
    QList<BodyPart> parts;
    const Node* data = reader.sequence(body, "data");
    if (!data) return parts;
    for (const Node::Entry& entry : data->entries) {
        const Node* row = reader.asMapping(entry.value);
        if (!row) break;
        parts.append({reader.text(*row, "name"), firstText(*row, "value", reader),
                      reader.text(*row, "type") == QLatin1String("file"), reader.text(*row, "contentType"),
                      reader.enabled(*row)});
    }
    return parts;
}

/// Files are a list, as Bruno wants them, even a single one.
void writePartValue(Node& element, const BodyPart& part) {
    Reader reader{QString()};
    const Node* present = element.find("value");
    if (present && firstText(element, "value", reader) == part.value) return;
    if (present && present->isSequence() != part.isFile) element.remove("value");
    if (!part.isFile) return element.setString("value", part.value);
    Node& list = element.collection("value", Node::Kind::Sequence);
    list.entries.resize(1); // the others were not sent
    list.entries.front().value = Node::ofString(part.value);
    list.changed = true;
}

void writeParts(Node& body, const QList<BodyPart>& parts) {
    if (const Node* data = body.find("data"); data && !data->isSequence()) body.remove("data");
    const auto likeness = [](const Node& element, const BodyPart& part) {
        Reader reader{QString()};
        if (reader.text(element, "name") != part.name) return 0;
        return firstText(element, "value", reader) == part.value ? 4 : 2;
    };
    writeRows(body, "data", parts, likeness, [](Node& element, const BodyPart& part) {
        const bool isNew = element.entries.empty(); // another program may tell the kinds apart by it
        element.setString("name", part.name);
        if (isNew || part.isFile || element.find("type"))
            element.setString("type", part.isFile ? QStringLiteral("file") : QStringLiteral("text"));
        writePartValue(element, part);
        writeText(element, "contentType", part.contentType);
        writeEnabled(element, part.enabled);
    });
    body.collection("data", Node::Kind::Sequence); // the format wants it, even empty
}

/// Of several files the one that is selected, else the first.
template<class N> N* chosenFile(N& body) {
    N* data = body.find("data");
    if (!data || !data->isSequence() || data->entries.empty()) return nullptr;
    for (auto& entry : data->entries) {
        const Node* selected = entry.value.find("selected");
        if (selected && selected->text == "true") return &entry.value;
    }
    return &data->entries.front().value;
}

void writeFile(Node& body, const BodySpec& spec) {
    if (const Node* data = body.find("data"); data && !data->isSequence()) body.remove("data");
    Node* file = chosenFile(body);
    if (!file || !file->isMapping()) {
        Node& list = body.collection("data", Node::Kind::Sequence);
        Node::Entry entry;
        entry.value.kind = Node::Kind::Mapping;
        list.entries.push_back(std::move(entry));
        list.changed = true;
        file = &list.entries.back().value;
        file->setPlain("selected", "true");
    }
    file->setString("filePath", spec.text);
    file->setString("contentType", spec.contentType);
}

QByteArray typeWord(const BodySpec& body) {
    if (body.kind == BodySpec::Kind::Multipart) return "multipart-form";
    if (body.kind == BodySpec::Kind::File) return "file";
    if (body.kind == BodySpec::Kind::Json) return "json";
    if (body.contentType == QLatin1String("application/xml")) return "xml";
    if (body.contentType == QLatin1String("application/sparql-query")) return "sparql";
    if (body.contentType == formType() && formText(formRows(body.text)) == body.text)
        return "form-urlencoded";
    return "text";
}

void writeForm(Node& body, const QString& text) {
    Reader reader{QString()};
    QList<FormRow> rows = formRows(text);
    if (const Node* data = body.find("data");
        data && data->isSequence()) { // rows that are off are not in the text
        const QList<FormRow> present = readForm(body, reader);
        for (const FormRow& row : present) {
            if (!row.enabled) rows.append(row);
        }
    } else {
        body.remove("data");
    }
    const auto likeness = [&](const Node& element, const FormRow& row) {
        if (reader.enabled(element) != row.enabled || reader.text(element, "name") != row.name) return 0;
        return reader.text(element, "value") == row.value ? 4 : 2;
    };
    writeRows(body, "data", rows, likeness, [](Node& element, const FormRow& row) {
        element.setString("name", row.name);
        element.setString("value", row.value);
        writeEnabled(element, row.enabled);
    });
    body.collection("data", Node::Kind::Sequence); // the format wants it, even empty
}

} // namespace

BodySpec readBody(const Node& http, const Node* own, Reader& reader) {
    BodySpec spec;
    const Node* body = chosenBody(http);
    if (!body || body->isNull()) return spec;
    if (!body->isMapping()) {
        reader.refuse(QCoreApplication::translate("OpenCollection", "\"body\" must hold a type and data."),
                      *body);
        return spec;
    }
    const QString type = reader.text(*body, "type");
    if (type == QLatin1String("json")) {
        spec.kind = BodySpec::Kind::Json;
    } else if (type == QLatin1String("text") || type == QLatin1String("xml") ||
               type == QLatin1String("sparql") || type == QLatin1String("form-urlencoded")) {
        spec.kind = BodySpec::Kind::Text;
    } else if (type == QLatin1String("multipart-form")) {
        spec.kind = BodySpec::Kind::Multipart;
        spec.parts = readParts(*body, reader);
        return spec;
    } else if (type == QLatin1String("file")) {
        spec.kind = BodySpec::Kind::File;
        if (const Node* file = chosenFile(*body)) {
            if (!reader.asMapping(*file)) return spec;
            spec.text = reader.text(*file, "filePath");
            spec.contentType = reader.text(*file, "contentType");
        }
        return spec;
    } else {
        if (type != QLatin1String("none")) spec.unsupported = type;
        return spec;
    }
    if (type == QLatin1String("form-urlencoded")) {
        spec.text = formText(readForm(*body, reader));
        spec.contentType = formType();
        return spec;
    }
    spec.text = reader.text(*body, "data");
    if (type == QLatin1String("xml"))
        spec.contentType = QStringLiteral("application/xml");
    else if (type == QLatin1String("sparql"))
        spec.contentType = QStringLiteral("application/sparql-query");
    else if (type == QLatin1String("text") && own)
        spec.contentType = reader.text(*own, "contentType");
    return spec;
}

void writeBody(Node& root, const BodySpec& body) {
    const QByteArray type = typeWord(body);
    const bool named = body.kind == BodySpec::Kind::Text && type == "text" && !body.contentType.isEmpty();
    if (named)
        makeOwnExtension(root).setString("contentType", body.contentType);
    else if (Node* extensions = root.find("extensions"); extensions && extensions->find("keybearer"))
        extensions->find("keybearer")->remove("contentType");

    // Only now: adding the extension may have moved the members of the root.
    Node& http = root.collection("http", Node::Kind::Mapping);
    if (body.kind == BodySpec::Kind::None) {
        if (body.unsupported.isEmpty()) http.remove("body");
        return;
    }
    Node* node = chosenBody(http);
    if (!node || !node->isMapping()) node = &http.collection("body", Node::Kind::Mapping);
    node->setString("type", QString::fromLatin1(type));
    if (type == "form-urlencoded") {
        writeForm(*node, body.text);
        return;
    }
    if (type == "multipart-form") return writeParts(*node, body.parts);
    if (type == "file") return writeFile(*node, body);
    if (const Node* data = node->find("data"); data && !data->isScalar() && !data->isNull())
        node->remove("data");
    node->setString("data", body.text, true);
}

} // namespace kb::opencollection
