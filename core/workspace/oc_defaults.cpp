// SPDX-License-Identifier: GPL-3.0-or-later
// Header lines, and what a folder or the workspace gives to the requests below it.
#include "core/workspace/oc_fields.h"

namespace kb::opencollection {

using yaml::Node;

QList<HeaderRow> readHeaderRows(const Node& owner, Reader& reader) {
    QList<HeaderRow> rows;
    const Node* list = reader.sequence(owner, "headers");
    if (!list) return rows;
    for (const Node::Entry& entry : list->entries) {
        const Node* row = reader.asMapping(entry.value);
        if (!row) break;
        rows.append({reader.text(*row, "name"), reader.text(*row, "value"), reader.description(*row),
                     reader.enabled(*row)});
    }
    return rows;
}

void writeHeaderRows(Node& owner, const QList<HeaderRow>& headers) {
    const auto likeness = [](const Node& element, const HeaderRow& row) {
        Reader reader{QString()};
        if (reader.text(element, "name") != row.name) return 0;
        if (reader.text(element, "value") != row.value) return 1;
        return reader.enabled(element) == row.enabled ? 4 : 2;
    };
    writeRows(owner, "headers", headers, likeness, [](Node& element, const HeaderRow& row) {
        element.setString("name", row.name);
        element.setString("value", row.value);
        writeDescription(element, row.description);
        writeEnabled(element, row.enabled);
    });
}

bool hasScripts(const Node& root, QByteArrayView owner, Reader& reader) {
    const Node* holder = reader.mapping(root, owner);
    const Node* scripts = holder ? holder->find("scripts") : nullptr;
    return scripts && !scripts->entries.empty();
}

RequestDefaults readDefaults(const Node& root, Reader& reader) {
    RequestDefaults defaults;
    if (const Node* request = reader.mapping(root, "request")) {
        defaults.headers = readHeaderRows(*request, reader);
        defaults.variables = readVariables(*request, reader);
    }
    if (const Node* own = ownExtension(root)) defaults.profileId = reader.text(*own, "profile");
    return defaults;
}

void writeDefaults(Node& root, const RequestDefaults& defaults, const RequestDefaults& present) {
    if (defaults.headers != present.headers || defaults.variables != present.variables) {
        Node& request = root.collection("request", Node::Kind::Mapping);
        if (defaults.headers != present.headers) writeHeaderRows(request, defaults.headers);
        if (defaults.variables != present.variables) writeVariables(request, defaults.variables);
        if (request.entries.empty()) root.remove("request");
    }
    if (defaults.profileId != present.profileId) {
        writeText(makeOwnExtension(root), "profile", defaults.profileId);
        dropEmptyExtension(root);
    }
}

} // namespace kb::opencollection
