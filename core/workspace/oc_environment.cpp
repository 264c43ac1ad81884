// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/oc_fields.h"

namespace kb::opencollection {

using yaml::Node;

namespace {

/// A secret variable has no value in the file.
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

namespace {

/// What is ours to know of a secret variable, in extensions.keybearer.secrets of its environment.
const Node* secretFacts(const Node& root, const QString& name, Reader& reader) {
    const Node* own = ownExtension(root);
    const Node* list = own ? reader.sequence(*own, "secrets") : nullptr;
    if (!list) return nullptr;
    for (const Node::Entry& entry : list->entries)
        if (const Node* row = reader.asMapping(entry.value); row && reader.text(*row, "name") == name)
            return row;
    return nullptr;
}

QList<SecretVariable> readSecrets(const Node& root, Reader& reader) {
    QList<SecretVariable> secrets;
    const Node* list = reader.sequence(root, "variables");
    if (!list) return secrets;
    for (const Node::Entry& entry : list->entries) {
        const Node* row = reader.asMapping(entry.value);
        if (!row) break;
        if (!isSecret(*row)) continue;
        SecretVariable secret;
        secret.name = reader.text(*row, "name");
        secret.enabled = reader.enabled(*row);
        if (const Node* facts = secretFacts(root, secret.name, reader)) {
            secret.secret.id = reader.text(*facts, "secret");
            secret.allowedOrigins = reader.texts(*facts, "allow");
            if (reader.text(*facts, "storage") == QLatin1String("memory"))
                secret.storage = SecretStorage::Memory;
        }
        secrets.append(secret);
    }
    return secrets;
}

void writeSecretFacts(Node& root, QList<SecretVariable> secrets) {
    secrets.removeIf([](const SecretVariable& each) {
        return each.secret.isEmpty() && each.allowedOrigins.isEmpty() &&
               each.storage == SecretStorage::Keychain;
    });
    if (secrets.isEmpty() && !ownExtension(root)) return;
    const auto likeness = [](const Node& element, const SecretVariable& secret) {
        Reader reader{QString()};
        return reader.text(element, "name") == secret.name ? 4 : 0;
    };
    writeRows(makeOwnExtension(root), "secrets", secrets, likeness,
              [](Node& row, const SecretVariable& secret) {
                  row.setString("name", secret.name);
                  writeText(row, "secret", secret.secret.id);
                  writeTexts(row, "allow", secret.allowedOrigins);
                  writeText(row, "storage",
                            secret.storage == SecretStorage::Memory ? QStringLiteral("memory") : QString());
              });
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
    environment.secrets = readSecrets(root, reader);
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
    writeSecretFacts(root, environment.secrets);
    dropEmptyExtension(root);
    writeVariables(root, environment.variables, &environment.secrets);
}

void writeVariables(Node& owner, const QList<Variable>& variables, const QList<SecretVariable>* secrets) {
    struct Row {
        QString name;
        QString value;
        bool enabled = true;
        bool secret = false;
        bool ours = true; ///< else a folder's secret variable, which stays as it is
    };
    QList<Row> rows;
    for (const Variable& variable : variables)
        rows.append({variable.name, variable.value, variable.enabled});
    // Secret variables stay where the file has them; new ones stand behind the others.
    QList<SecretVariable> fresh = secrets ? *secrets : QList<SecretVariable>();
    if (const Node* list = owner.find("variables"); list && list->isSequence()) {
        for (size_t at = 0; at < list->entries.size(); ++at) {
            const Node& element = list->entries[at].value;
            if (!isSecret(element)) continue;
            Reader reader{QString()};
            Row row{reader.text(element, "name"), {}, true, true, false};
            if (secrets) {
                const auto kept = std::find_if(fresh.cbegin(), fresh.cend(),
                                               [&](const auto& each) { return each.name == row.name; });
                if (kept == fresh.cend()) continue;
                row.enabled = kept->enabled;
                row.ours = true;
                fresh.erase(kept);
            }
            rows.insert(std::min(qsizetype(at), rows.size()), row);
        }
    }
    for (const SecretVariable& secret : std::as_const(fresh))
        rows.append({secret.name, {}, secret.enabled, true});
    const auto likeness = [](const Node& element, const Row& row) {
        if (isSecret(element) != row.secret) return 0;
        Reader reader{QString()};
        if (reader.text(element, "name") != row.name) return 0;
        const Node* value = valueNode(element);
        return row.secret || (value && value->string() == row.value) ? 4 : 2;
    };
    writeRows(owner, "variables", rows, likeness, [](Node& element, const Row& row) {
        if (!row.ours) return;
        element.setString("name", row.name);
        if (row.secret)
            writeFlag(element, "secret", true, isSecret(element));
        else
            writeValue(element, row.value);
        writeEnabled(element, row.enabled);
    });
}

} // namespace kb::opencollection
