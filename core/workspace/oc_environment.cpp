// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/oc_fields.h"

namespace kb::opencollection {

using yaml::Node;

namespace {

/// A secret variable has no value in the file, so it is none of ours: its name stays unknown until it is
/// filled in.
bool isSecret(const Node& row) {
    const Node* secret = row.find("secret");
    return secret && secret->text == "true";
}

/// The member that holds a variable's text: value itself, value.data of a typed one, or that of the selected
/// variant.
const Node* valueNode(const Node& row) {
    const Node* value = row.find("value");
    if (value && value->isSequence() && !value->entries.empty()) {
        const Node* chosen = value->entries.front().value.find("value");
        for (const Node::Entry& entry : value->entries) {
            const Node* selected = entry.value.find("selected");
            if (selected && selected->text == "true") chosen = entry.value.find("value");
        }
        value = chosen;
    }
    if (value && value->isMapping()) value = value->find("data");
    return value;
}

void writeValue(Node& row, const QString& text) {
    const Node* present = valueNode(row);
    if (present && (present->isScalar() || present->isNull()) && present->string() == text) return;
    Node* whole = row.find("value");
    if (present && present->isScalar() && whole != present) {
        Node wanted = Node::ofString(text);
        wanted.changed = true;
        *const_cast<Node*>(present) = wanted; // a member of `row`, which is ours to change
        return;
    }
    row.setString("value", text);
}

} // namespace

Environment readEnvironment(const Node& root, const QString& fallbackName, Reader& reader) {
    Environment environment;
    environment.name = reader.text(root, "name", fallbackName);
    environment.colour = reader.text(root, "color");
    environment.extends = reader.text(root, "extends");
    environment.dotEnvFile = reader.text(root, "dotEnvFilePath");
    if (const Node* own = ownExtension(root))
        environment.kind = environmentKindOf(reader.text(*own, "class"));
    environment.variables = readVariables(root, reader);
    return environment;
}

QList<Variable> readVariables(const Node& owner, Reader& reader) {
    QList<Variable> variables;
    const Node* list = reader.sequence(owner, "variables");
    if (!list) return variables;
    for (const Node::Entry& entry : list->entries) {
        const Node* row = reader.asMapping(entry.value);
        if (!row) break;
        if (isSecret(*row)) continue;
        const Node* value = valueNode(*row);
        if (value && (value->isMapping() || value->isSequence()))
            reader.text(*row, "value"); // says that it must be text
        variables.append(
            {reader.text(*row, "name"), value ? value->string() : QString(), reader.enabled(*row)});
    }
    return variables;
}

void writeEnvironmentTree(Node& root, const Environment& environment) {
    root.setString("name", environment.name);
    writeText(root, "color", environment.colour);
    writeText(root, "extends", environment.extends);
    writeText(root, "dotEnvFilePath", environment.dotEnvFile);
    Reader present{QString()};
    const Node* own = ownExtension(root);
    if ((own ? environmentKindOf(present.text(*own, "class")) : EnvironmentKind::Unset) != environment.kind)
        writeText(makeOwnExtension(root), "class", environmentKindName(environment.kind));
    dropEmptyExtension(root);
    writeVariables(root, environment.variables);
}

void writeVariables(Node& owner, const QList<Variable>& variables) {
    // Secret variables are not in the value; they stay where the file has them, behind the others.
    QList<std::optional<Variable>> rows;
    for (const Variable& variable : variables)
        rows.append(variable);
    if (const Node* list = owner.find("variables"); list && list->isSequence()) {
        for (size_t at = 0; at < list->entries.size(); ++at) {
            if (isSecret(list->entries[at].value))
                rows.insert(std::min(qsizetype(at), rows.size()), std::nullopt);
        }
    }
    const auto likeness = [](const Node& element, const std::optional<Variable>& row) {
        if (isSecret(element) != !row.has_value()) return 0;
        if (!row) return 4;
        Reader reader{QString()};
        const Node* value = valueNode(element);
        if (reader.text(element, "name") != row->name) return 0;
        return value && value->string() == row->value ? 4 : 2;
    };
    writeRows(owner, "variables", rows, likeness, [](Node& element, const std::optional<Variable>& row) {
        if (!row) return;
        element.setString("name", row->name);
        writeValue(element, row->value);
        writeEnabled(element, row->enabled);
    });
}

} // namespace kb::opencollection
