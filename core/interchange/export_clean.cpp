// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/export_clean.h"
#include "core/interchange/export_text.h"

#include "core/auth/misplaced_token.h"
#include "core/interchange/loose_secrets.h"
#include "core/interchange/snippet.h"

namespace kb {

namespace {

QString placeholder(const QString& name, const QString&) {
    return secretVariable(name);
}

/// A credential's own field is one whatever it holds, unless that is a {{variable}}.
bool holdsSecret(const HeaderRow& row) {
    if (row.value.trimmed().isEmpty()) return false;
    const bool credential = row.name.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0 ||
                            row.name.compare(QLatin1String("Cookie"), Qt::CaseInsensitive) == 0;
    return headerHoldsToken(row.name, row.value) || (credential && variableUses(row.value).isEmpty());
}

class Cleaner {
public:
    Cleaner(const RequestSpec& spec, QStringList& notes) : m_spec(spec), m_notes(notes) {}

    RequestSpec run() {
        m_spec.name = replaceShapes(m_spec.name, QStringLiteral("token"), placeholder);
        leaveOut({TokenSpot::In::UserInfo, -1, {}}, ExportText::tr("the address"));
        for (std::optional<QueryField> field = queryToken(m_spec.url); field; field = queryToken(m_spec.url))
            if (!leaveOut({TokenSpot::In::Query, -1, field->name}, QStringLiteral("?") + field->name)) break;
        m_spec.url = replaceShapes(m_spec.url, QStringLiteral("token"), replacer());
        m_spec.headers.removeIf([&](const HeaderRow& row) {
            const bool secret = holdsSecret(row);
            if (secret) tell(row.name);
            return secret;
        });
        for (HeaderRow& row : m_spec.headers) {
            row.value = replaceShapes(row.value, row.name, replacer());
            row.description = replaceShapes(row.description, row.name, replacer());
        }
        for (ParamRow& row : m_spec.params)
            row.value = named(row.name, row.value);
        for (BodyPart& part : m_spec.body.parts)
            if (!part.isFile) part.value = named(part.name, part.value);
        if (m_spec.body.kind == BodySpec::Kind::Json || m_spec.body.kind == BodySpec::Kind::Text)
            m_spec.body.text = replaceBodySecrets(m_spec.body.text, m_spec.body.contentType, replacer());
        for (CheckSpec& check : m_spec.checks) {
            check.expression = replaceShapes(check.expression, QStringLiteral("token"), replacer());
            check.value = named(lastName(check.expression), check.value);
            check.description = replaceShapes(check.description, QStringLiteral("token"), replacer());
        }
        for (Variable& variable : m_spec.variables)
            if (const QString value = valueWithoutSecret(variable.name, variable.value);
                value != variable.value) {
                tell(variable.name);
                variable.value = value;
            }
        for (CaptureSpec& capture : m_spec.captures)
            capture.expression = replaceShapes(capture.expression, QStringLiteral("token"), replacer());
        return m_spec;
    }

private:
    void tell(const QString& what) {
        const QString note = ExportText::tr("%1: %2 holds a secret, which is left out. Move it to a profile.")
                                 .arg(m_spec.name, what);
        if (!m_notes.contains(note)) m_notes.append(note);
    }
    SecretReplacer replacer() {
        return [this](const QString& name, const QString& value) {
            tell(name);
            return placeholder(name, value);
        };
    }
    QString named(const QString& name, const QString& value) {
        return headerHoldsToken(name, value) ? replacer()(name, value)
                                             : replaceShapes(value, name, replacer());
    }
    bool leaveOut(const TokenSpot& spot, const QString& what) {
        const QString before = m_spec.url;
        m_spec = withoutToken(m_spec, spot);
        if (m_spec.url != before) tell(what);
        return m_spec.url != before;
    }

    RequestSpec m_spec;
    QStringList& m_notes;
};

} // namespace

RequestSpec withoutSecrets(const RequestSpec& spec, QStringList& notes) {
    return Cleaner(spec, notes).run();
}

QList<TreeItem> withoutSecrets(const QList<TreeItem>& items, QStringList& notes) {
    QList<TreeItem> clean = items;
    for (TreeItem& item : clean) {
        item.name = replaceShapes(item.name, QStringLiteral("token"), placeholder);
        item.request = withoutSecrets(item.request, notes);
        item.children = withoutSecrets(item.children, notes);
    }
    return clean;
}

QString valueWithoutSecret(const QString& name, const QString& value) {
    if (value.isEmpty() || !variableUses(value).isEmpty()) return value;
    if (namesASecretVariable(name) || hasTokenShape(value)) return secretVariable(name);
    if (!value.contains(QLatin1String("://"))) return value;
    RequestSpec address; // with a user's password or a key in it
    address.url = value;
    QStringList notes;
    return withoutSecrets(address, notes).url;
}

VariableMap withoutSecrets(const VariableMap& variables) {
    VariableMap clean;
    for (auto each = variables.cbegin(); each != variables.cend(); ++each)
        clean.insert(each.key(), valueWithoutSecret(each.key(), each.value()));
    return clean;
}

VariableMap withPlaceholders(VariableMap variables, const QList<SecretVariable>& secrets) {
    for (const SecretVariable& secret : secrets)
        variables.insert(secret.name, secretVariable(secret.name));
    return variables;
}

QList<Environment> withoutSecrets(const QList<Environment>& environments) {
    QList<Environment> clean = environments;
    for (Environment& environment : clean) {
        for (Variable& variable : environment.variables)
            variable.value = valueWithoutSecret(variable.name, variable.value);
        // A .env file is where secrets are: of it only addresses are let through.
        for (Variable& variable : environment.fromFile) {
            const QString value = valueWithoutSecret(variable.name, variable.value);
            const bool address = value == variable.value && value.startsWith(QLatin1String("http"));
            variable.value = address ? value : secretVariable(variable.name);
        }
    }
    return clean;
}

} // namespace kb
