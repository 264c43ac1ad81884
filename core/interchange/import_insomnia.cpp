// SPDX-License-Identifier: GPL-3.0-or-later
// Insomnia exports: version 4 (a flat list of resources) and 5 (a tree).
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"

#include <QRegularExpression>
#include <algorithm>

namespace kb::importing {

using yaml::Node;

namespace {

class Insomnia {
public:
    explicit Insomnia(Draft& draft) : m_draft(draft) {}

    /// "{{ _.name }}" and "{{ name }}" are {{name}} here; tags are programs and stay as they are.
    QString text(const Node* node, std::initializer_list<QByteArrayView> path) {
        static const QRegularExpression variable(
            QStringLiteral("\\{\\{\\s*(?:_\\.)?([A-Za-z0-9_.\\-]+)\\s*\\}\\}"));
        QString value = textOf(node, path);
        value.replace(variable, QStringLiteral("{{\\1}}"));
        if (value.contains(QLatin1String("{%")))
            noteOnce(m_draft, ImportText::tr("A template tag ({% … %}) is no variable and stays as it is: %1")
                                  .arg(value.left(60)));
        return value;
    }

    QList<DraftItem> tree(const Node* owner, QByteArrayView list, int depth) {
        QList<DraftItem> all;
        if (tooDeep(m_draft, depth)) return all;
        for (const Node::Entry& entry : elementsOf(owner, {list})) {
            const Node& node = entry.value;
            if (node.find("children"))
                all.append(folder(node, tree(&node, "children", depth + 1)));
            else if (node.find("url") || node.find("method"))
                all.append(request(node));
        }
        sort(all);
        return all;
    }

    /// Version 4: each resource names its parent.
    void addResources(const std::vector<Node::Entry>& resources) {
        for (const Node::Entry& entry : resources)
            m_children[textOf(&entry.value, {"parentId"})].append(&entry.value);
    }

    QList<DraftItem> under(const QString& parent, int depth) {
        QList<DraftItem> all;
        if (tooDeep(m_draft, depth)) return all;
        // Taken out: a folder that is its own parent is read once.
        for (const Node* child : m_children.take(parent)) {
            const Node& node = *child;
            const QString type = textOf(&node, {"_type"});
            if (type == QLatin1String("request"))
                all.append(request(node));
            else if (type == QLatin1String("request_group"))
                all.append(folder(node, under(textOf(&node, {"_id"}), depth + 1)));
            else if (type == QLatin1String("grpc_request") || type == QLatin1String("websocket_request"))
                noteOnce(
                    m_draft,
                    ImportText::tr("%1 is no HTTP request and is left out.").arg(textOf(&node, {"name"})));
        }
        sort(all);
        return all;
    }

    Environment environment(const Node& node, const QString& fallback) {
        Environment made;
        made.name = textOf(&node, {"name"});
        if (made.name.isEmpty()) made.name = fallback;
        flatten(childOf(&node, {"data"}), QString(), made.variables, 0);
        return made;
    }

private:
    /// As its sidebar has them; those without a key stay in the file's order.
    static void sort(QList<DraftItem>& items) {
        std::stable_sort(items.begin(), items.end(),
                         [](const DraftItem& a, const DraftItem& b) { return a.order < b.order; });
    }
    static double orderOf(const Node& node) {
        const QString four = textOf(&node, {"metaSortKey"});
        return (four.isEmpty() ? textOf(&node, {"meta", "sortKey"}) : four).toDouble();
    }

    /// Nested data is named with dots, as it is used: "{{ _.api.host }}".
    void flatten(const Node* node, const QString& prefix, QList<Variable>& out, int depth) {
        if (!node || !node->isMapping() || depth > 8) return;
        for (const Node::Entry& entry : node->entries) {
            const QString name = prefix + QString::fromUtf8(entry.key);
            if (entry.value.isMapping())
                flatten(&entry.value, name + u'.', out, depth + 1);
            else if (entry.value.isScalar())
                out.append({name, text(&entry.value, {}), true});
        }
    }

    DraftItem folder(const Node& node, QList<DraftItem> children) {
        DraftItem item;
        item.isFolder = true;
        item.name = textOf(&node, {"name"});
        item.auth = auth(childOf(&node, {"authentication"}), item.name);
        item.headers = headers(node);
        item.order = orderOf(node);
        flatten(childOf(&node, {"environment"}), QString(), item.variables, 0);
        item.children = std::move(children);
        return item;
    }

    QList<HeaderRow> headers(const Node& node) {
        QList<HeaderRow> rows;
        for (const Node::Entry& entry : elementsOf(&node, {"headers"})) {
            const Node* row = &entry.value;
            if (textOf(row, {"name"}).isEmpty() && textOf(row, {"value"}).isEmpty()) continue;
            rows.append({text(row, {"name"}), text(row, {"value"}), text(row, {"description"}),
                         !isTrue(row, {"disabled"})});
        }
        return rows;
    }

    DraftItem request(const Node& node) {
        DraftItem item;
        item.name = textOf(&node, {"name"});
        item.order = orderOf(node);
        RequestSpec& spec = item.request;
        spec.name = item.name;
        if (const QString method = textOf(&node, {"method"}); !method.isEmpty()) spec.method = method;
        spec.url = text(&node, {"url"});
        for (const Node::Entry& entry : elementsOf(&node, {"parameters"}))
            addQuery(spec, text(&entry.value, {"name"}), text(&entry.value, {"value"}),
                     !isTrue(&entry.value, {"disabled"}), text(&entry.value, {"description"}));
        for (const Node::Entry& entry : elementsOf(&node, {"pathParameters"}))
            spec.params.append(
                {ParamRow::In::Path, text(&entry.value, {"name"}), text(&entry.value, {"value"}), {}, true});
        spec.headers = headers(node);
        if (const Node* body = node.find("body"); body && body->isMapping()) this->body(*body, spec);
        dropImpliedContentType(spec);
        item.auth = auth(childOf(&node, {"authentication"}), item.name);
        if (!textOf(&node, {"scripts", "preRequest"}).isEmpty() ||
            !textOf(&node, {"preRequestScript"}).isEmpty() ||
            !textOf(&node, {"scripts", "afterResponse"}).isEmpty())
            noteOnce(m_draft, ImportText::tr("%1: its scripts are not taken over.").arg(item.name));
        return item;
    }

    void body(const Node& node, RequestSpec& spec) {
        const QString type = textOf(&node, {"mimeType"});
        if (type == QLatin1String("application/x-www-form-urlencoded")) {
            QStringList fields;
            for (const Node::Entry& entry : elementsOf(&node, {"params"}))
                if (!isTrue(&entry.value, {"disabled"}))
                    fields.append(formField(text(&entry.value, {"name"}), text(&entry.value, {"value"})));
            spec.body = {BodySpec::Kind::Text, fields.join(u'&'), type};
        } else if (type == QLatin1String("multipart/form-data")) {
            spec.body.kind = BodySpec::Kind::Multipart;
            for (const Node::Entry& entry : elementsOf(&node, {"params"})) {
                const bool isFile = textOf(&entry.value, {"type"}) == QLatin1String("file");
                if (isFile) fileNote(m_draft, spec.name, text(&entry.value, {"fileName"}));
                spec.body.parts.append({text(&entry.value, {"name"}),
                                        text(&entry.value, {isFile ? "fileName" : "value"}),
                                        isFile,
                                        {},
                                        !isTrue(&entry.value, {"disabled"})});
            }
        } else if (type == QLatin1String("application/graphql")) {
            spec.body = {BodySpec::Kind::Json, text(&node, {"text"}), {}}; // JSON with query and variables
        } else if (type == QLatin1String("application/octet-stream") && node.find("fileName")) {
            spec.body = {BodySpec::Kind::File, text(&node, {"fileName"}), type};
            fileNote(m_draft, spec.name, spec.body.text);
        } else if (const QString body = text(&node, {"text"}); !body.isEmpty()) {
            spec.body = textBody(body, type);
        }
    }

    DraftAuth auth(const Node* node, const QString& where) {
        if (!node || !node->isMapping() || node->entries.empty()) return {};
        if (isTrue(node, {"disabled"})) return {DraftAuth::Kind::None, {}, {}, {}};
        const AuthFields field = [&](std::initializer_list<const char*> names) {
            for (const char* name : names)
                if (const QString value = text(node, {name}); !value.isEmpty()) return value;
            return QString();
        };
        return authOrNote(m_draft, textOf(node, {"type"}), field, where);
    }

    Draft& m_draft;
    QHash<QString, QList<const Node*>> m_children; ///< by the parent they name
};

/// The base environment counts in all others, and can be chosen itself.
void putBase(Draft& draft, const Environment& base) {
    if (base.name.isEmpty() || (base.variables.isEmpty() && !draft.environments.isEmpty())) return;
    for (Environment& each : draft.environments)
        if (each.name != base.name) each.extends = base.name;
    draft.environments.prepend(base);
}

} // namespace

Result<Draft> readInsomnia(const Node& root, const QString& name) {
    Draft draft;
    Environment whole;
    draft.format = QStringLiteral("insomnia");
    draft.name = name;
    Insomnia reader(draft);
    if (root.find("resources")) { // version 4
        const std::vector<Node::Entry>& resources = elementsOf(&root, {"resources"});
        reader.addResources(resources);
        for (const Node::Entry& entry : resources) {
            const QString type = textOf(&entry.value, {"_type"});
            if (type == QLatin1String("workspace")) {
                draft.name = textOf(&entry.value, {"name"});
                draft.items.append(reader.under(textOf(&entry.value, {"_id"}), 0));
            } else if (type == QLatin1String("environment")) {
                const Environment environment = reader.environment(entry.value, QStringLiteral("Base"));
                if (textOf(&entry.value, {"parentId"}).startsWith(QLatin1String("wrk")))
                    whole = environment;
                else
                    draft.environments.append(environment);
            }
        }
        putBase(draft, whole);
        return draft;
    }
    if (const QString own = textOf(&root, {"name"}); !own.isEmpty()) draft.name = own;
    draft.items = reader.tree(&root, "collection", 0);
    if (const Node* base = childOf(&root, {"environments"}); base && base->isMapping()) {
        for (const Node::Entry& entry : elementsOf(base, {"subEnvironments"}))
            draft.environments.append(reader.environment(entry.value, QStringLiteral("Environment")));
        putBase(draft, reader.environment(*base, QStringLiteral("Base")));
    }
    return draft;
}

} // namespace kb::importing
