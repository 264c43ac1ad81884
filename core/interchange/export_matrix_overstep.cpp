// SPDX-License-Identifier: GPL-3.0-or-later
// A plan's expectations as a matrix of overstep. There the role decides: identities of one declared role that
// are expected the same of share it, any other has a role of its own.
#include "core/interchange/export_matrix_private.h"
#include "core/interchange/export_text.h"

#include <QHash>
#include <algorithm>

namespace kb {

using yaml::Node;

namespace {

using exporting::appended;

enum class Decision { Undecided, Denied, Own, Any };

Decision decisionOf(Expect expect) {
    switch (expect) {
    case Expect::Allow:
        return Decision::Any;
    case Expect::Unknown:
    case Expect::NotApplicable:
        return Decision::Undecided;
    default:
        return Decision::Denied;
    }
}

/// overstep fills in ${NAME} from its environment: nothing of a document may ask for that.
bool isSettled(const QString& text) {
    return !text.contains(QLatin1String("${"));
}

class OverstepWriter {
public:
    OverstepWriter(const Workspace& workspace, const MatrixPlan& plan)
        : m_workspace(workspace), m_plan(plan) {}

    Exported run() {
        chooseColumns();
        m_decisions = QList<QList<Decision>>(m_plan.api.operations.size());
        for (const CellPlan& cell : m_plan.cells)
            m_cells[cell.operation].append(&cell);
        for (int i = 0; i < m_plan.api.operations.size(); ++i)
            decide(i);
        chooseRoles();
        Node root;
        root.kind = Node::Kind::Mapping;
        Node& roles = root.collection("roles", Node::Kind::Sequence);
        for (const QString& role : std::as_const(m_roleOrder)) {
            roles.entries.emplace_back();
            roles.entries.back().value = Node::ofString(role);
        }
        root.collection("modules", Node::Kind::Mapping)
            .collection("rest", Node::Kind::Mapping)
            .setString("base_url", m_plan.baseUrl);
        root.collection("subjects", Node::Kind::Sequence);
        for (const int column : std::as_const(m_columns))
            subject(root, column);
        root.collection("resources", Node::Kind::Sequence);
        root.collection("policy", Node::Kind::Mapping);
        for (int i = 0; i < m_plan.api.operations.size(); ++i)
            if (!m_decisions.at(i).isEmpty()) resource(root, i);
        return {exporting::yamlText(std::move(root)), m_notes};
    }

private:
    void note(const QString& text) {
        if (m_notes.size() < 400 && !m_notes.contains(text)) m_notes.append(text);
    }

    void chooseColumns() {
        for (int i = 0; i < m_plan.profiles.size(); ++i) {
            const MatrixProfile& profile = m_plan.profiles.at(i);
            if (profile.isDefective()) {
                note(ExportText::tr("%1 is no longer good on purpose and is left out.").arg(profile.name));
                continue;
            }
            const TokenProfile* saved = m_workspace.profile(profile.id);
            QStringList notes;
            const bool can = profile.kind == MatrixProfile::Kind::Anonymous ||
                             (saved && !exporting::credentialHeaders(*saved, notes).isEmpty());
            for (const QString& each : std::as_const(notes))
                note(each);
            if (can) m_columns.append(i);
        }
    }

    /// What is expected of each column, by its own object and by another's. Nothing is kept of an operation
    /// that somebody's cell is undecided of: overstep would take that for denied.
    void decide(int index) {
        const ApiOperation& operation = m_plan.api.operations.at(index);
        static const QStringList methods{QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"),
                                         QStringLiteral("PATCH"), QStringLiteral("DELETE")};
        if (!m_cells.contains(index)) return;
        const QString name = operationName(operation);
        if (!methods.contains(operation.method) || !isSettled(operation.path))
            return note(ExportText::tr("%1 is left out: overstep has no word for it.").arg(name));
        QList<Decision> decisions;
        for (const int column : std::as_const(m_columns)) {
            Decision own = Decision::Undecided, others = Decision::Undecided;
            bool object = false;
            for (const CellPlan* cell : m_cells.value(index)) {
                if (cell->profile != column) continue;
                if (cell->binding == Binding::None || cell->binding == Binding::Self)
                    own = decisionOf(cell->expectation.expect);
                if (cell->binding == Binding::Self) object = true;
                if (cell->binding == Binding::Peer) others = decisionOf(cell->expectation.expect);
            }
            // Who has no object of its own is told by what it gets of others'.
            if (!object && own == Decision::Undecided) own = others;
            if (own == Decision::Undecided)
                return note(ExportText::tr("%1 is left out: what %2 gets is undecided.")
                                .arg(name, m_plan.profiles.at(column).name));
            if (own == Decision::Any && object && others != Decision::Any) {
                own = Decision::Own;
                if (others == Decision::Undecided)
                    note(ExportText::tr(
                             "%1: whether %2 may have another's object is undecided. overstep takes "
                             "it for denied.")
                             .arg(name, m_plan.profiles.at(column).name));
            }
            decisions.append(own);
        }
        m_decisions[index] = decisions;
    }

    void chooseRoles() {
        QHash<QString, QList<int>> byRole; // of columns, by the role they declare first
        for (int i = 0; i < m_columns.size(); ++i)
            if (const QString role = m_plan.profiles.at(m_columns.at(i)).roles.value(0); !role.isEmpty())
                byRole[role].append(i);
        const auto same = [&](int a, int b) {
            return std::all_of(m_decisions.cbegin(), m_decisions.cend(), [&](const QList<Decision>& each) {
                return each.isEmpty() || each.at(a) == each.at(b);
            });
        };
        QStringList taken{QStringLiteral("anonymous")};
        for (auto each = byRole.cbegin(); each != byRole.cend(); ++each)
            taken.append(each.key());
        for (int i = 0; i < m_columns.size(); ++i) {
            const MatrixProfile& profile = m_plan.profiles.at(m_columns.at(i));
            QString role = QStringLiteral("anonymous");
            if (profile.kind != MatrixProfile::Kind::Anonymous) {
                role = profile.roles.value(0);
                const QList<int> all = byRole.value(role);
                const bool shared =
                    !role.isEmpty() && role != QLatin1String("anonymous") &&
                    std::all_of(all.cbegin(), all.cend(), [&](int other) { return same(i, other); });
                if (!shared) {
                    role = profile.name;
                    for (int number = 2; taken.contains(role); ++number)
                        role = profile.name + u' ' + QString::number(number);
                    taken.append(role);
                }
            }
            m_roles.append(role);
            if (!m_roleOrder.contains(role)) m_roleOrder.append(role);
        }
    }

    void subject(Node& root, int column) {
        const MatrixProfile& profile = m_plan.profiles.at(column);
        Node& made = appended(root.collection("subjects", Node::Kind::Sequence));
        made.setString("name", profile.name);
        made.setString("role", m_roles.at(m_columns.indexOf(column)));
        if (profile.kind == MatrixProfile::Kind::Anonymous) return;
        const TokenProfile& saved = *m_workspace.profile(profile.id);
        if (isGrant(saved.scheme))
            note(ExportText::tr("%1 logs in here. Put a token into %2 for overstep.")
                     .arg(saved.name, secretVariable(saved.name)));
        QStringList told;
        for (const auto& [name, value] : exporting::credentialHeaders(saved, told)) {
            QString text;
            for (const SnippetText::Piece& piece : value.pieces) {
                text += piece.kind == SnippetText::Piece::Kind::Literal
                            ? piece.text
                            : QString(QStringLiteral("${") + piece.text + u'}');
                if (piece.kind == SnippetText::Piece::Kind::BasicSecret)
                    note(ExportText::tr("%1: put the base64 of \"user:password\" into %2 for overstep.")
                             .arg(saved.name, piece.text));
            }
            const QString bearer = QStringLiteral("Bearer ");
            if (name == QLatin1String("Authorization") && text.startsWith(bearer))
                made.setString("token", text.mid(bearer.size()));
            else
                made.collection("headers", Node::Kind::Mapping).setString(name.toUtf8(), text);
        }
        if (const QStringList markers = m_workspace.matrix.markers.value(profile.id);
            !markers.isEmpty() && isSettled(markers.first()))
            made.setString("marker", markers.first());
    }

    QString resourceName(const ApiOperation& operation) {
        QString name = operation.operationId.isEmpty() ? operationName(operation) : operation.operationId;
        for (QChar& c : name)
            if (!c.isLetterOrNumber()) c = u'_';
        QString free = name;
        for (int number = 2; m_names.contains(free); ++number)
            free = name + u'_' + QString::number(number);
        m_names.insert(free);
        return free;
    }

    void resource(Node& root, int index) {
        const ApiOperation& operation = m_plan.api.operations.at(index);
        const QList<Decision>& decisions = m_decisions.at(index);
        const QByteArray name = resourceName(operation).toUtf8();
        Node made;
        made.kind = Node::Kind::Mapping;
        made.setString("name", QString::fromUtf8(name));
        Node& request = made.collection("request", Node::Kind::Mapping);
        request.setString("method", operation.method);
        request.setString("path", operation.path);
        QMap<QString, QString> objects;
        for (const CellPlan* cell : m_cells.value(index))
            if (cell->binding == Binding::Self && !cell->object.isEmpty() &&
                m_columns.contains(cell->profile))
                objects.insert(m_plan.profiles.at(cell->profile).name, cell->object);
        const QString owner = ownerOf(operation, objects);
        made.setString("type", owner.isEmpty() ? QStringLiteral("function") : QStringLiteral("object"));
        if (!owner.isEmpty()) {
            made.setString("owner", owner);
            for (auto each = objects.cbegin(); each != objects.cend(); ++each)
                made.collection("objects", Node::Kind::Mapping).setString(each.key().toUtf8(), *each);
        }
        appended(root.collection("resources", Node::Kind::Sequence)) = std::move(made);
        Node& allow = root.collection("policy", Node::Kind::Mapping)
                          .collection(name, Node::Kind::Mapping)
                          .collection("allow", Node::Kind::Sequence);
        QStringList told;
        for (int i = 0; i < decisions.size(); ++i) {
            if (decisions.at(i) == Decision::Denied || told.contains(m_roles.at(i))) continue;
            told.append(m_roles.at(i));
            Node& rule = appended(allow);
            rule.setString("role", m_roles.at(i));
            if (!owner.isEmpty())
                rule.setString("scope", decisions.at(i) == Decision::Own ? QStringLiteral("own")
                                                                         : QStringLiteral("any"));
        }
    }

    /// The parameter of the path that names the object, where plain values of it are known.
    QString ownerOf(const ApiOperation& operation, const QMap<QString, QString>& objects) {
        if (objects.isEmpty()) return {};
        QString owner;
        for (const ApiParameter& parameter : operation.parameters)
            if (parameter.in == QLatin1String("path") && m_workspace.matrix.own.contains(parameter.name) &&
                operation.path.lastIndexOf(u'{' + parameter.name + u'}') >=
                    operation.path.lastIndexOf(u'{' + owner + u'}'))
                owner = parameter.name;
        for (const ApiParameter& parameter : operation.parameters)
            if (owner.isEmpty() && parameter.in == QLatin1String("path") && operation.path.count(u'{') == 1)
                owner = parameter.name;
        const bool plain = std::all_of(objects.cbegin(), objects.cend(), [](const QString& each) {
            return isSettled(each) && !each.contains(QLatin1String("{{"));
        });
        if (owner.isEmpty() || !plain) {
            note(ExportText::tr("%1: whose object is whose is left out.").arg(operationName(operation)));
            return {};
        }
        return owner;
    }

    const Workspace& m_workspace;
    const MatrixPlan& m_plan;
    QStringList m_notes;
    QList<int> m_columns; ///< of the plan's profiles, those that are written
    QHash<int, QList<const CellPlan*>> m_cells;
    QList<QList<Decision>> m_decisions; ///< by operation, then column; empty: left out
    QStringList m_roles, m_roleOrder;   ///< by column; each once
    QSet<QString> m_names;
};

} // namespace

Exported exportOverstep(const Workspace& workspace, const MatrixPlan& plan) {
    return OverstepWriter(workspace, plan).run();
}

} // namespace kb
