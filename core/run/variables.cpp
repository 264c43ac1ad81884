// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/variables.h"

#include "core/http/url_template.h"
#include "core/run/dynamic_value.h"
#include "core/workspace/inherit.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct Variables {
    Q_DECLARE_TR_FUNCTIONS(Variables)
};

constexpr int maxDepth = 10;
/// More than any request holds; a value that names another one ten times, ten levels deep, would fill the
/// memory.
constexpr qsizetype maxLength = 16 * 1024 * 1024;

/// One resolution. Each name is expanded once, so that many uses cost no more than one.
class Resolver {
public:
    explicit Resolver(const VariableMap& variables) : m_variables(variables) {}

    Result<QString> text(const QString& text) {
        const QList<VariableUse> uses = variableUses(text);
        if (uses.isEmpty()) return text;
        QString out;
        qsizetype from = 0;
        for (const VariableUse& use : uses) {
            const Result<QString> expanded = value(use.name);
            if (!expanded) return expanded;
            out += QStringView(text).mid(from, use.start - from);
            out += *expanded;
            from = use.start + use.length;
            if (out.size() > maxLength)
                return fail(ErrorCode::InvalidInput, Variables::tr("The variables expand to too much text."),
                            use.name, Variables::tr("Shorten the value of this variable."));
        }
        out += QStringView(text).mid(from);
        return out;
    }

private:
    Result<QString> value(const QString& name) {
        if (const auto known = m_done.constFind(name); known != m_done.cend()) return *known;
        const auto found = m_variables.constFind(name);
        if (found == m_variables.cend())
            if (const std::optional<QString> made = dynamicValue(name)) return *made; // anew at each use
        if (found == m_variables.cend())
            return fail(ErrorCode::UnknownVariable,
                        Variables::tr("The variable %1 is not defined.").arg(name), name,
                        Variables::tr("Define it in the environment, or choose another environment."));
        if (m_path.contains(name))
            return fail(ErrorCode::InvalidInput, Variables::tr("The variable %1 names itself.").arg(name),
                        (m_path + QStringList{name}).join(QStringLiteral(" → ")),
                        Variables::tr("Change one of these values so that the circle ends."));
        if (m_path.size() >= maxDepth)
            return fail(ErrorCode::InvalidInput,
                        Variables::tr("The variable %1 is nested more than %2 deep.").arg(name).arg(maxDepth),
                        m_path.join(QStringLiteral(" → ")),
                        Variables::tr("Name the final value more directly."));
        m_path.append(name);
        Result<QString> expanded = text(*found);
        m_path.removeLast();
        if (expanded) m_done.insert(name, *expanded);
        return expanded;
    }

    const VariableMap& m_variables;
    QMap<QString, QString> m_done;
    QStringList m_path;
};

void collectUnknown(const QString& text, const VariableMap& variables, QStringList& seen,
                    QStringList& unknown) {
    for (const VariableUse& use : variableUses(text)) {
        if (seen.contains(use.name)) continue;
        seen.append(use.name);
        const auto found = variables.constFind(use.name);
        if (found == variables.cend() && !dynamicNames().contains(use.name))
            unknown.append(use.name);
        else if (found != variables.cend())
            collectUnknown(*found, variables, seen, unknown);
    }
}

} // namespace

namespace {

/// From the one that is named at the end of the chain to the one in force: the nearer wins.
QList<const Environment*> chainOf(const Workspace& workspace, const QString& environmentName) {
    QList<const Environment*> chain;
    for (const Environment* each = workspace.environment(environmentName);
         each && !chain.contains(each) && chain.size() < maxDepth;
         each = workspace.environment(each->extends))
        chain.prepend(each);
    return chain;
}

} // namespace

VariableMap variablesOf(const Workspace& workspace, const QString& environmentName,
                        const VariableMap& session, const QString& path) {
    RequestSpec bare;
    bare.id = path;
    return variablesOf(workspace, environmentName, session, bare);
}

VariableMap variablesOf(const Workspace& workspace, const QString& environmentName,
                        const VariableMap& session, const RequestSpec& spec) {
    VariableMap out;
    for (const Variable& variable : workspace.defaults.variables)
        if (variable.enabled) out.insert(variable.name, variable.value);
    for (const Environment* each : chainOf(workspace, environmentName)) {
        for (const Variable& variable : each->fromFile)
            out.insert(variable.name, variable.value);
        for (const Variable& variable : each->variables)
            if (variable.enabled) out.insert(variable.name, variable.value);
        for (const SecretVariable& secret : each->secrets)
            if (secret.enabled) out.remove(secret.name);
    }
    for (const Variable& variable : ownVariables(workspace, spec))
        out.insert(variable.name, variable.value);
    for (auto it = session.cbegin(); it != session.cend(); ++it)
        out.insert(it.key(), it.value());
    return out;
}

QList<SecretVariable> secretVariablesOf(const Workspace& workspace, const QString& environmentName) {
    QList<SecretVariable> out;
    const auto shadow = [&out](const QString& name) {
        out.removeIf([&](const SecretVariable& each) { return each.name == name; });
    };
    for (const Environment* each : chainOf(workspace, environmentName)) {
        for (const Variable& variable : each->fromFile)
            shadow(variable.name);
        for (const Variable& variable : each->variables)
            if (variable.enabled) shadow(variable.name);
        for (const SecretVariable& secret : each->secrets) {
            if (!secret.enabled) continue;
            shadow(secret.name);
            out.append(secret);
        }
    }
    return out;
}

Result<QString> resolveVariables(const QString& text, const VariableMap& variables) {
    return Resolver(variables).text(text);
}

QStringList unknownVariables(const RequestSpec& spec, const VariableMap& variables) {
    QStringList seen, unknown;
    const auto look = [&](const QString& text) { collectUnknown(text, variables, seen, unknown); };
    look(spec.method);
    look(spec.url);
    for (const ParamRow& row : spec.params)
        if (row.enabled && row.in == ParamRow::In::Path) look(row.value);
    for (const HeaderRow& row : spec.headers) {
        if (!row.enabled) continue;
        look(row.name);
        look(row.value);
    }
    if (spec.body.kind != BodySpec::Kind::None) {
        look(spec.body.text);
        if (spec.body.kind == BodySpec::Kind::Text || spec.body.kind == BodySpec::Kind::File)
            look(spec.body.contentType);
        for (const BodyPart& part : spec.body.parts) {
            if (!part.enabled) continue;
            for (const QString& text : {part.name, part.value, part.contentType})
                look(text);
        }
    }
    return unknown;
}

} // namespace kb
