// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenCollection in one file.
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"
#include "core/workspace/oc_fields.h"

namespace kb::importing {

using yaml::Node;

namespace {

class Bundle {
public:
    Bundle(Draft& draft, opencollection::Reader& reader) : m_draft(draft), m_reader(reader) {}

    QList<DraftItem> items(const Node& owner, int depth) {
        QList<DraftItem> all;
        if (tooDeep(m_draft, depth)) return all;
        for (const Node::Entry& entry : elementsOf(&owner, {"items"})) {
            const Node& node = entry.value;
            if (!node.isMapping()) continue;
            DraftItem item;
            item.name = textOf(&node, {"info", "name"});
            if (node.find("items") || textOf(&node, {"info", "type"}) == QLatin1String("folder")) {
                item.isFolder = true;
                item.auth = auth(childOf(&node, {"request", "auth"}), item.name);
                item.headers = headers(childOf(&node, {"request", "headers"}));
                item.variables = variables(node);
                item.children = items(node, depth + 1);
            } else if (node.find("http")) {
                item.request = opencollection::readRequest(node, m_reader);
                item.variables = std::exchange(item.request.variables, {}); // looked through like a folder's
                item.request.profileId.clear(); // a profile of the workspace it comes from
                if (item.name.isEmpty()) item.name = item.request.name;
                item.request.name = item.name;
                item.auth = auth(childOf(&node, {"http", "auth"}), item.name);
                if (!item.request.body.unsupported.isEmpty())
                    noteOnce(m_draft, ImportText::tr("%1: a body of the kind %2 is left out.")
                                          .arg(item.name, item.request.body.unsupported));
                item.request.body.unsupported.clear();
            } else {
                noteOnce(m_draft, ImportText::tr("%1 is no HTTP request and is left out.").arg(item.name));
                continue;
            }
            if (childOf(&node, {"runtime", "scripts"}))
                noteOnce(m_draft, ImportText::tr("%1: its scripts are not taken over.").arg(item.name));
            all.append(std::move(item));
        }
        return all;
    }

    DraftAuth auth(const Node* node, const QString& where) {
        if (!node) return {};
        if (node->isScalar()) return {}; // "inherit"
        const AuthFields field = [&](std::initializer_list<const char*> names) {
            for (const char* name : names) {
                for (const Node* place : {node, childOf(node, {"credentials"})})
                    if (const QString value = textOf(place, {name}); !value.isEmpty()) return value;
            }
            return QString();
        };
        return authOrNote(m_draft, textOf(node, {"type"}), field, where);
    }

    QList<Variable> variables(const Node& owner) {
        const Node* request = owner.find("request");
        return request && request->isMapping() ? opencollection::readVariables(*request, m_reader)
                                               : QList<Variable>();
    }

    static QList<HeaderRow> headers(const Node* list) {
        QList<HeaderRow> rows;
        for (const Node::Entry& entry : elementsOf(list, {}))
            rows.append({textOf(&entry.value, {"name"}),
                         textOf(&entry.value, {"value"}),
                         {},
                         !isTrue(&entry.value, {"disabled"})});
        return rows;
    }

private:
    Draft& m_draft;
    opencollection::Reader& m_reader;
};

} // namespace

Result<Draft> readOpenCollectionBundle(const Node& root, const QString& name) {
    Draft draft;
    draft.format = QStringLiteral("opencollection");
    draft.name = textOf(&root, {"info", "name"});
    if (draft.name.isEmpty()) draft.name = name;
    opencollection::Reader reader(name);
    Bundle bundle(draft, reader);
    draft.items = bundle.items(root, 0);
    draft.auth = bundle.auth(childOf(&root, {"request", "auth"}), draft.name);
    draft.headers = Bundle::headers(childOf(&root, {"request", "headers"}));
    draft.variables = bundle.variables(root);
    for (const Node::Entry& entry : elementsOf(&root, {"config", "environments"}))
        draft.environments.append(
            opencollection::readEnvironment(entry.value, QStringLiteral("Environment"), reader));
    if (reader.error()) return tl::unexpected(*reader.error());
    return draft;
}

} // namespace kb::importing
