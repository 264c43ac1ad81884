// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/import_save_matrix.h"

#include "core/interchange/import_text.h"
#include "core/probe/one_row.h"

#include <QRegularExpression>
#include <algorithm>

namespace kb {

namespace {

const QRegularExpression& pathVariable() {
    static const QRegularExpression variable(QStringLiteral("\\{([^{}]*)\\}"));
    return variable;
}

QStringList variablesIn(const QString& path) {
    QStringList names;
    QRegularExpressionMatchIterator each = pathVariable().globalMatch(path);
    while (each.hasNext())
        names.append(each.next().captured(1));
    return names;
}

/// The same whatever the variables of a path are called.
QString withoutNames(QString operation) {
    return operation.replace(pathVariable(), QStringLiteral("{}"));
}

class MatrixPlacing {
public:
    MatrixPlacing(Workspace& workspace, ImportedMatrix& imported, const ApiDescription* api)
        : m_workspace(workspace), m_imported(imported), m_api(api) {
        if (api)
            for (const ApiOperation& operation : api->operations) {
                m_own.insert(operationName(operation));
                m_byForm.insert(withoutNames(operationName(operation)), operationName(operation));
            }
    }

    PlacedMatrix run() {
        m_placed.notes = m_imported.notes;
        m_placed.profiles.format = m_imported.format;
        m_ids.insert(QStringLiteral("anonymous"), QStringLiteral("anonymous"));
        m_placed.names.insert(QStringLiteral("anonymous"), QStringLiteral("anonymous"));
        for (ImportedProfile& each : m_imported.profiles)
            profile(std::move(each));
        if (!m_api && m_imported.concrete && !m_imported.marks.isEmpty())
            note(ImportText::tr("The API's document is not known: operations are named by the paths of the "
                                "requests, with what stands in them."));
        marks();
        for (const MatrixRule& each : std::as_const(m_imported.rules))
            rule(each);
        for (const ImportedObject& each : std::as_const(m_imported.objects))
            object(each);
        for (auto each = m_imported.markers.cbegin(); each != m_imported.markers.cend(); ++each)
            if (const QString id = m_ids.value(each.key()); !id.isEmpty())
                for (const QString& text : *each)
                    if (QStringList& all = m_workspace.matrix.markers[id]; !all.contains(text))
                        all.append(text);
        return std::move(m_placed);
    }

private:
    void note(const QString& text) {
        if (m_placed.notes.size() < 400 && !m_placed.notes.contains(text)) m_placed.notes.append(text);
    }

    void profile(ImportedProfile each) {
        const QString id = each.profile.id;
        const QString name = each.profile.name;
        const auto called = [&](const auto& other) { return other.name == name; };
        const auto known = std::find_if(m_workspace.profiles.cbegin(), m_workspace.profiles.cend(), called);
        const QList<DerivedProfile>& derived = m_workspace.matrix.derived;
        if (known == m_workspace.profiles.cend() && std::none_of(derived.cbegin(), derived.cend(), called)) {
            m_ids.insert(id, id);
            m_placed.names.insert(id, name);
            m_placed.profiles.profiles.push_back(std::move(each));
            return;
        }
        if (known == m_workspace.profiles.cend()) {
            note(ImportText::tr("There is a forged identity called %1. The file's is left out.").arg(name));
            return;
        }
        m_ids.insert(id, known->id);
        m_placed.names.insert(known->id, name);
        m_placed.kept.append(name);
        note(ImportText::tr(
                 "There is a profile called %1 already. It stays as it is; what the file expects of "
                 "it is expected of that one.")
                 .arg(name));
        for (const QString& role : std::as_const(each.profile.declared.roles))
            if (!known->declared.roles.contains(role))
                note(ImportText::tr("The file gives %1 the role %2, which the profile does not declare.")
                         .arg(name, role));
    }

    /// The document's own name of an operation; as it is where no document is known; nothing where it has
    /// none.
    QString operationHere(const QString& operation) {
        if (!m_api || m_own.contains(operation)) return operation;
        const auto seen = m_known.constFind(operation);
        if (seen != m_known.cend()) return *seen;
        QString here = m_byForm.value(withoutNames(operation));
        if (here.isEmpty())
            if (const auto at =
                    operationAt(*m_api, operation.section(u' ', 0, 0), operation.section(u' ', 1)))
                here = operationName(*at->operation);
        if (here.isEmpty())
            note(ImportText::tr("%1 is no operation of the document and is left out.").arg(operation));
        m_known.insert(operation, here);
        return here;
    }

    struct Cell {
        QString operation, profile, binding;
        bool operator==(const Cell&) const = default;
        friend size_t qHash(const Cell& cell, size_t seed) {
            return qHashMulti(seed, cell.operation, cell.profile, cell.binding);
        }
    };
    static Cell cellOf(const MatrixMark& mark) { return {mark.operation, mark.profile, mark.binding}; }

    void marks() {
        QHash<Cell, Expect> wanted;
        QSet<Cell> torn;
        QList<MatrixMark> all;
        for (MatrixMark mark : std::as_const(m_imported.marks)) {
            mark.operation = operationHere(mark.operation);
            mark.profile = m_ids.value(mark.profile);
            if (mark.operation.isEmpty() || mark.profile.isEmpty()) continue;
            // Whose object a request asked for is not known: it counts where that does not matter.
            if (m_imported.concrete && mark.operation.contains(u'{')) mark.binding = QStringLiteral("none");
            const Cell cell = cellOf(mark);
            const auto before = wanted.constFind(cell);
            if (before == wanted.cend()) {
                wanted.insert(cell, mark.expect);
                all.append(mark);
            } else if (*before != mark.expect) {
                torn.insert(cell);
            }
        }
        QHash<Cell, Expect> present;
        for (const MatrixMark& mark : std::as_const(m_workspace.matrix.marks))
            present.insert(cellOf(mark), mark.expect);
        for (const MatrixMark& mark : std::as_const(all)) {
            const Cell cell = cellOf(mark);
            const QString who = m_placed.names.value(mark.profile, mark.profile);
            if (torn.contains(cell)) {
                note(ImportText::tr("%1 as %2: the file wants it allowed and denied. It stays undecided.")
                         .arg(mark.operation, who));
                continue;
            }
            const auto known = present.constFind(cell);
            if (known != present.cend()) {
                if (*known != mark.expect)
                    note(ImportText::tr("%1 as %2 is marked otherwise already. That mark stays.")
                             .arg(mark.operation, who));
                continue;
            }
            m_workspace.matrix.marks.append(mark);
            m_placed.marks.append(mark);
        }
    }

    void rule(MatrixRule rule) {
        const QString here = operationHere(rule.methods.value(0) + u' ' + rule.path);
        if (here.isEmpty()) return;
        rule.path = here.section(u' ', 1);
        if (m_workspace.matrix.rules.contains(rule)) return;
        m_workspace.matrix.rules.append(rule);
        m_placed.rules.append(rule);
    }

    void object(const ImportedObject& each) {
        const QString here = operationHere(each.operation);
        const QString id = m_ids.value(each.profile);
        if (here.isEmpty() || id.isEmpty()) return;
        QString place = each.place;
        if (const qsizetype at = variablesIn(each.operation).indexOf(place); at >= 0)
            place = variablesIn(here).value(at, place);
        const auto known = m_workspace.matrix.own.value(place).value(id);
        if (!known.isEmpty()) {
            if (known != each.value)
                note(ImportText::tr("%1 of %2 is known already and stays as it is.")
                         .arg(place, m_placed.names.value(id)));
            return;
        }
        m_workspace.matrix.own[place].insert(id, each.value);
        ++m_placed.objects;
    }

    Workspace& m_workspace;
    ImportedMatrix& m_imported;
    const ApiDescription* m_api;
    PlacedMatrix m_placed;
    QHash<QString, QString> m_ids; ///< of the file's profiles, to those of the workspace
    QSet<QString> m_own;
    QHash<QString, QString> m_byForm, m_known;
};

} // namespace

PlacedMatrix placeMatrix(Workspace& workspace, ImportedMatrix imported, const ApiDescription* api) {
    return MatrixPlacing(workspace, imported, api).run();
}

} // namespace kb
