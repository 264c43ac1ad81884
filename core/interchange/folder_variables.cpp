// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/folder_variables.h"

#include "core/http/url_template.h"
#include "core/interchange/loose_secrets.h"
#include "core/workspace/scheme_fields.h"

#include <algorithm>

namespace kb::importing {

namespace {

using Names = QMap<QString, QString>;

void rename(QString& text, const Names& names) {
    const QList<VariableUse> uses = variableUses(text);
    for (auto use = uses.crbegin(); use != uses.crend(); ++use)
        if (const auto found = names.constFind(use->name); found != names.constEnd())
            text.replace(use->start, use->length, QStringLiteral("{{") + *found + QStringLiteral("}}"));
}

/// Visits every text of a scheme.
template<class Visit> struct SchemeTexts {
    const Visit& visit;
    void text(const char*, QString& value, const QString&) { visit(value); }
    void alwaysText(const char*, QString& value, const QString&) { visit(value); }
    void list(const char*, QStringList& values, const QStringList&) {
        for (QString& value : values)
            visit(value);
    }
    void flag(const char*, bool&, bool) {}
    void number(const char*, int&, int) {}
    template<class Choice, class List> void alwaysChoice(const char*, Choice&, const List&) {}
};
template<class Visit> void visitScheme(AuthScheme& scheme, const Visit& visit) {
    SchemeTexts<Visit> texts{visit};
    std::visit([&texts](auto& each) { visitFields(texts, each); }, scheme);
}

template<class Visit> void visitRequest(RequestSpec& spec, const Visit& visit) {
    visit(spec.url);
    visit(spec.body.text);
    visit(spec.body.contentType);
    for (BodyPart& part : spec.body.parts)
        for (QString* text : {&part.name, &part.value, &part.contentType})
            visit(*text);
    for (HeaderRow& row : spec.headers)
        for (QString* text : {&row.name, &row.value})
            visit(*text);
    for (ParamRow& row : spec.params)
        for (QString* text : {&row.name, &row.value})
            visit(*text);
    for (CheckSpec& check : spec.checks)
        for (QString* text : {&check.expression, &check.value})
            visit(*text);
    for (CaptureSpec& capture : spec.captures)
        visit(capture.expression);
    for (Variable& variable : spec.variables)
        visit(variable.value);
}

void renameIn(DraftItem& item, const Names& names) {
    const auto one = [&](QString& text) { rename(text, names); };
    visitRequest(item.request, one);
    for (HeaderRow& row : item.headers)
        one(row.value);
    visitScheme(item.auth.scheme, one);
    for (QString& secret : item.auth.secrets)
        one(secret);
    for (auto& [key, secret] : item.auth.keys)
        one(secret);
}

void renameIn(QList<TreeItem>& items, const Names& names) {
    for (TreeItem& item : items) {
        visitRequest(item.request, [&](QString& text) { rename(text, names); });
        for (Variable& variable : item.defaults.variables)
            rename(variable.value, names);
        renameIn(item.children, names);
    }
}

TreeItem* itemAt(QList<TreeItem>& items, const QList<qsizetype>& way) {
    TreeItem* at = nullptr;
    QList<TreeItem>* list = &items;
    for (const qsizetype step : way) {
        if (step >= list->size()) return nullptr;
        at = &(*list)[step];
        list = &at->children;
    }
    return at;
}

void addUses(const QString& text, QSet<QString>& names) {
    for (const VariableUse& use : variableUses(text))
        names.insert(use.name);
}

/// Those names, what profiles and secrets are made of, and what that is made of: it counts outside of the
/// folder too.
QSet<QString> usedByProfiles(Imported& made, QSet<QString> used) {
    for (ImportedProfile& each : made.profiles)
        visitScheme(each.profile.scheme, [&](QString& text) { addUses(text, used); });
    for (const ImportedSecret& each : made.secrets) {
        const std::string_view bytes = each.record.secret.reveal();
        addUses(QString::fromUtf8(bytes.data(), qsizetype(bytes.size())), used);
    }
    for (qsizetype before = -1; before != used.size();) {
        before = used.size();
        for (const Environment& environment : std::as_const(made.environments))
            for (const Variable& variable : environment.variables)
                if (used.contains(variable.name)) addUses(variable.value, used);
    }
    return used;
}

} // namespace

FolderVariables::FolderVariables(Draft& draft) : m_draft(draft) {
    m_hadNone = draft.environments.isEmpty() && draft.variables.isEmpty();
    for (const Variable& variable : std::as_const(draft.variables))
        m_names.insert(variable.name);
    for (const Environment& environment : std::as_const(draft.environments)) {
        for (const Variable& variable : environment.variables)
            m_names.insert(variable.name);
        for (const SecretVariable& secret : environment.secrets)
            m_names.insert(secret.name);
    }
    lift(draft.items, {}, {});
}

QString FolderVariables::freeName(const QString& wanted) {
    QString name = wanted;
    for (int number = 2; m_names.contains(name); ++number)
        name = wanted + u'_' + QString::number(number);
    m_names.insert(name);
    return name;
}

void FolderVariables::lift(QList<DraftItem>& items, const Names& above, const QList<qsizetype>& way) {
    for (qsizetype i = 0; i < items.size(); ++i) {
        DraftItem& item = items[i];
        Names names = above;
        const QList<qsizetype> here = way + QList<qsizetype>{i};
        const qsizetype first = m_lifted.size();
        for (const Variable& variable : std::as_const(item.variables)) {
            const QList<VariableUse> uses = variableUses(variable.value);
            const bool extends = std::any_of(uses.cbegin(), uses.cend(), [&](const VariableUse& use) {
                return use.name == variable.name;
            });
            m_lifted.append({here, variable.name, freeName(variable.name), variable.enabled, extends});
            if (variable.enabled) names.insert(variable.name, m_lifted.last().standIn);
            // The stand-in's name may no longer tell that it holds a secret.
            if (uses.isEmpty() && !variable.value.isEmpty() &&
                (namesASecretVariable(variable.name) || m_draft.secretVariables.contains(variable.name)))
                m_draft.secretVariables.append(m_lifted.last().standIn);
        }
        for (qsizetype at = 0; at < item.variables.size(); ++at) {
            Variable variable = item.variables.at(at);
            Names inValue = names;
            inValue.remove(variable.name);
            if (above.contains(variable.name)) inValue.insert(variable.name, above.value(variable.name));
            variable.name = m_lifted.at(first + at).standIn;
            rename(variable.value, inValue);
            m_draft.variables.append(variable);
        }
        item.variables.clear();
        if (!names.isEmpty()) renameIn(item, names);
        lift(item.children, names, here);
    }
}

void FolderVariables::giveBack(Imported& made) {
    if (m_lifted.isEmpty()) return;
    QSet<QString> extending;
    for (const Lifted& each : std::as_const(m_lifted))
        if (each.extends) extending.insert(each.standIn);
    const QSet<QString> stay = usedByProfiles(made, extending);
    // Those of the inner folders first: their names are the ones that count there.
    std::reverse(m_lifted.begin(), m_lifted.end());
    for (const Lifted& each : std::as_const(m_lifted)) {
        TreeItem* owner = itemAt(made.items, each.way);
        if (!owner || stay.contains(each.standIn)) continue;
        std::optional<QString> value; // what is no longer a variable is a secret
        for (Environment& environment : made.environments)
            environment.variables.removeIf([&](const Variable& variable) {
                if (variable.name != each.standIn) return false;
                value = variable.value;
                return true;
            });
        if (!value) continue;
        const bool isRequest = owner->kind == TreeItem::Kind::Request;
        QList<Variable>& variables = isRequest ? owner->request.variables : owner->defaults.variables;
        variables.prepend({each.name, *value, each.enabled});
        const Names back{{each.standIn, each.name}};
        if (each.name != each.standIn) {
            for (Variable& variable : owner->defaults.variables)
                rename(variable.value, back);
            visitRequest(owner->request, [&](QString& text) { rename(text, back); });
            renameIn(owner->children, back);
        }
    }
    // The environment that only held them.
    const auto isNamed = [&](const QString& name) {
        return std::any_of(made.profiles.cbegin(), made.profiles.cend(),
                           [&](const ImportedProfile& each) {
                               return std::any_of(
                                   each.profile.bindings.cbegin(), each.profile.bindings.cend(),
                                   [&](const ProfileBinding& one) { return one.environment == name; });
                           }) ||
               std::any_of(made.secrets.cbegin(), made.secrets.cend(),
                           [&](const ImportedSecret& each) { return each.environment == name; });
    };
    if (m_hadNone)
        made.environments.removeIf([&](const Environment& each) {
            return each.variables.isEmpty() && each.secrets.isEmpty() && !isNamed(each.name);
        });
}

} // namespace kb::importing
