// SPDX-License-Identifier: GPL-3.0-or-later
// Postman collections 2.0 and 2.1, and Postman environments.
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"

namespace kb::importing {

using yaml::Node;

namespace {

/// A description is a text, or an object that holds one.
QString description(const Node& node) {
    const QString plain = textOf(&node, {"description"});
    return plain.isEmpty() ? textOf(&node, {"description", "content"}) : plain;
}

class Postman {
public:
    explicit Postman(Draft& draft) : m_draft(draft) {}

    QList<DraftItem> items(const Node* owner, int depth) {
        QList<DraftItem> all;
        if (tooDeep(m_draft, depth)) return all;
        for (const Node::Entry& entry : elementsOf(owner, {"item"})) {
            const Node& node = entry.value;
            if (!node.isMapping()) continue;
            DraftItem item;
            item.name = textOf(&node, {"name"});
            if (!elementsOf(&node, {"event"}).empty())
                noteOnce(m_draft, ImportText::tr("%1: its scripts are not taken over.").arg(item.name));
            if (node.find("item")) {
                item.isFolder = true;
                item.auth = auth(node.find("auth"), item.name);
                item.children = items(&node, depth + 1);
            } else {
                request(node.find("request"), item);
            }
            all.append(std::move(item));
        }
        return all;
    }

    /// 2.1 lists an authorization's members, 2.0 has them as a mapping.
    DraftAuth auth(const Node* node, const QString& where) {
        if (!node || !node->isMapping()) return {};
        const QString type = textOf(node, {"type"});
        const Node* members = node->find(type.toUtf8());
        const AuthFields field = [&](std::initializer_list<const char*> names) {
            for (const char* name : names) {
                if (members && members->isSequence()) {
                    for (const Node::Entry& entry : members->entries)
                        if (textOf(&entry.value, {"key"}) == QLatin1String(name))
                            if (const QString value = textOf(&entry.value, {"value"}); !value.isEmpty())
                                return value;
                } else if (const QString value = textOf(members, {name}); !value.isEmpty()) {
                    return value;
                }
            }
            return QString();
        };
        return authOrNote(m_draft, type, field, where);
    }

    static QList<Variable> variables(const Node* owner, QByteArrayView list, QStringList& secrets) {
        QList<Variable> all;
        for (const Node::Entry& entry : elementsOf(owner, {list})) {
            Variable variable;
            variable.name = textOf(&entry.value, {"key"});
            if (variable.name.isEmpty()) variable.name = textOf(&entry.value, {"id"});
            variable.value = textOf(&entry.value, {"value"});
            variable.enabled = !isTrue(&entry.value, {"disabled"}) &&
                               textOf(&entry.value, {"enabled"}) != QLatin1String("false");
            if (textOf(&entry.value, {"type"}) == QLatin1String("secret")) secrets.append(variable.name);
            if (!variable.name.isEmpty()) all.append(variable);
        }
        return all;
    }

private:
    void request(const Node* node, DraftItem& item) {
        RequestSpec& spec = item.request;
        spec.name = item.name;
        if (!node) return;
        if (node->isScalar()) { // only an address
            spec.url = node->string();
            return;
        }
        if (const QString method = textOf(node, {"method"}); !method.isEmpty()) spec.method = method;
        url(node->find("url"), spec);
        for (const Node::Entry& entry : elementsOf(node, {"header"})) {
            const Node& row = entry.value;
            spec.headers.append({textOf(&row, {"key"}), textOf(&row, {"value"}), description(row),
                                 !isTrue(&row, {"disabled"})});
        }
        for (const QString& line : textOf(node, {"header"}).split(u'\n', Qt::SkipEmptyParts))
            spec.headers.append(
                {line.section(u':', 0, 0).trimmed(), line.section(u':', 1).trimmed(), {}, true});
        if (const Node* body = node->find("body"); body && body->isMapping()) this->body(*body, spec);
        dropImpliedContentType(spec);
        item.auth = auth(node->find("auth"), item.name);
    }

    void url(const Node* node, RequestSpec& spec) {
        if (!node) return;
        if (node->isScalar()) {
            spec.url = node->string();
            return;
        }
        spec.url = textOf(node, {"raw"});
        const bool hasRaw = !spec.url.isEmpty();
        if (!hasRaw) {
            const QString protocol = textOf(node, {"protocol"});
            spec.url = (protocol.isEmpty() ? QString() : protocol + QStringLiteral("://")) +
                       joined(node->find("host"), u'.');
            if (const QString port = textOf(node, {"port"}); !port.isEmpty()) spec.url += u':' + port;
            if (const QString path = joined(node->find("path"), u'/'); !path.isEmpty())
                spec.url += u'/' + path;
        }
        // The raw text has the fields that are on.
        for (const Node::Entry& entry : elementsOf(node, {"query"})) {
            const bool on = !isTrue(&entry.value, {"disabled"});
            if (hasRaw && on) continue;
            // Without a value there is no "=" either.
            const Node* value = entry.value.find("value");
            const bool bare = !value || value->isNull();
            addQuery(spec, textOf(&entry.value, {"key"}), textOf(&entry.value, {"value"}), on,
                     description(entry.value), !bare);
        }
        for (const Node::Entry& entry : elementsOf(node, {"variable"}))
            spec.params.append({ParamRow::In::Path, textOf(&entry.value, {"key"}),
                                textOf(&entry.value, {"value"}), description(entry.value), true});
    }

    static QString joined(const Node* node, QChar between) {
        if (!node) return {};
        if (node->isScalar()) return node->string();
        QStringList parts;
        for (const Node::Entry& entry : node->entries)
            parts.append(entry.value.isScalar() ? entry.value.string() : textOf(&entry.value, {"value"}));
        return parts.join(between);
    }

    void body(const Node& node, RequestSpec& spec) {
        if (isTrue(&node, {"disabled"}))
            return noteOnce(m_draft, ImportText::tr("%1: its body was off and is left out.").arg(spec.name));
        const QString mode = textOf(&node, {"mode"});
        BodySpec& body = spec.body;
        if (mode == QLatin1String("raw")) {
            const QString language = textOf(&node, {"options", "raw", "language"});
            const QString text = textOf(&node, {"raw"});
            if (text.isEmpty()) return;
            if (language == QLatin1String("json"))
                body = {BodySpec::Kind::Json, text, {}};
            else
                body = {BodySpec::Kind::Text, text,
                        language == QLatin1String("xml")          ? QStringLiteral("application/xml")
                        : language == QLatin1String("html")       ? QStringLiteral("text/html")
                        : language == QLatin1String("javascript") ? QStringLiteral("application/javascript")
                                                                  : QString()};
            // Without the hint the header says what it is.
            for (const HeaderRow& row : std::as_const(spec.headers))
                if (row.enabled &&
                    row.name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0 &&
                    language != QLatin1String("json"))
                    body = textBody(text, row.value);
        } else if (mode == QLatin1String("urlencoded")) {
            QStringList fields;
            for (const Node::Entry& entry : elementsOf(&node, {"urlencoded"})) {
                const QString name = textOf(&entry.value, {"key"});
                if (isTrue(&entry.value, {"disabled"}))
                    noteOnce(m_draft, ImportText::tr("%1: the form's field %2 was off and is left out.")
                                          .arg(spec.name, name));
                else
                    fields.append(formField(name, textOf(&entry.value, {"value"})));
            }
            body = {BodySpec::Kind::Text, fields.join(u'&'),
                    QStringLiteral("application/x-www-form-urlencoded")};
        } else if (mode == QLatin1String("formdata")) {
            body.kind = BodySpec::Kind::Multipart;
            for (const Node::Entry& entry : elementsOf(&node, {"formdata"})) {
                const Node& row = entry.value;
                BodyPart part;
                part.name = textOf(&row, {"key"});
                part.isFile = textOf(&row, {"type"}) == QLatin1String("file");
                part.contentType = textOf(&row, {"contentType"});
                part.enabled = !isTrue(&row, {"disabled"});
                QStringList values{textOf(&row, {part.isFile ? "src" : "value"})};
                // Several files of one name are several parts.
                if (part.isFile && values.first().isEmpty() && !elementsOf(&row, {"src"}).empty()) {
                    values.clear();
                    for (const Node::Entry& file : elementsOf(&row, {"src"}))
                        values.append(file.value.string());
                }
                for (const QString& value : std::as_const(values)) {
                    part.value = value;
                    if (part.isFile) fileNote(m_draft, spec.name, part.value);
                    body.parts.append(part);
                }
            }
        } else if (mode == QLatin1String("file")) {
            body = {BodySpec::Kind::File, textOf(&node, {"file", "src"}), {}};
            fileNote(m_draft, spec.name, body.text);
        } else if (mode == QLatin1String("graphql")) {
            body = graphQl(textOf(&node, {"graphql", "query"}), textOf(&node, {"graphql", "variables"}));
        } else if (!mode.isEmpty()) {
            noteOnce(m_draft, ImportText::tr("%1: a body of the kind %2 is left out.").arg(spec.name, mode));
        }
    }

    Draft& m_draft;
};

} // namespace

Result<Draft> readPostman(const Node& root, const QString& name) {
    Draft draft;
    draft.format = QStringLiteral("postman");
    draft.name = textOf(&root, {"info", "name"});
    if (draft.name.isEmpty()) draft.name = name;
    Postman reader(draft);
    draft.auth = reader.auth(root.find("auth"), draft.name);
    draft.variables = Postman::variables(&root, "variable", draft.secretVariables);
    draft.items = reader.items(&root, 0);
    return draft;
}

Result<Draft> readPostmanEnvironment(const Node& root, const QString& name) {
    Draft draft;
    draft.format = QStringLiteral("postman");
    Environment environment;
    environment.name = textOf(&root, {"name"});
    if (environment.name.isEmpty()) environment.name = name;
    draft.name = environment.name;
    environment.variables = Postman::variables(&root, "values", draft.secretVariables);
    draft.environments = {environment};
    return draft;
}

} // namespace kb::importing
