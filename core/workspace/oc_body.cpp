// SPDX-License-Identifier: GPL-3.0-or-later
// The body of a request file. Its raw kinds (json, text, xml, sparql) are texts with a content type; a
// URL-encoded form is shown as the text it makes; other kinds stay in the file and are named, so that nothing
// else is sent in their place.
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

/// Percent-encodes a form's name or value, leaving {{variables}} to be filled in.
QString encodeFormPart(const QString& text) {
    QString out;
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype open = text.indexOf(QLatin1String("{{"), at);
        const qsizetype close = open < 0 ? -1 : text.indexOf(QLatin1String("}}"), open);
        const qsizetype end = close < 0 ? text.size() : open;
        out += QString::fromLatin1(text.mid(at, end - at).toUtf8().toPercentEncoding("", ""))
                   .replace(QLatin1String("%20"), QLatin1String("+"));
        if (close < 0) break;
        out += text.mid(open, close + 2 - open);
        at = close + 2;
    }
    return out;
}

QString decodeFormPart(QString text) {
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text.replace(u'+', u' ').toUtf8()));
}

struct FormRow {
    QString name;
    QString value;
    bool enabled = true;
};

QString formText(const QList<FormRow>& rows) {
    QStringList parts;
    for (const FormRow& row : rows) {
        if (row.enabled) parts.append(encodeFormPart(row.name) + u'=' + encodeFormPart(row.value));
    }
    return parts.join(u'&');
}

QList<FormRow> formRows(const QString& text) {
    QList<FormRow> rows;
    const QStringList parts = text.split(u'&', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        const qsizetype equals = part.indexOf(u'=');
        rows.append({decodeFormPart(part.left(equals < 0 ? part.size() : equals)),
                     equals < 0 ? QString() : decodeFormPart(part.mid(equals + 1)), true});
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

QByteArray typeWord(const BodySpec& body) {
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
    if (const Node* data = node->find("data"); data && !data->isScalar() && !data->isNull())
        node->remove("data");
    node->setString("data", body.text, true);
}

} // namespace kb::opencollection
