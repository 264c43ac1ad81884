// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_model.h"

#include "core/http/message.h"
#include "core/probe/part_run.h"

namespace kb {

void MatrixModel::setRecord(RunRecord record) {
    beginResetModel();
    m_record = std::move(record);
    if (m_record.results.isEmpty())
        for (int i = 0; i < m_record.plan.cells.size(); ++i)
            m_record.results.emplaceBack().cell = i;
    arrange();
    endResetModel();
}

/// A row for each operation and binding, in the document's order.
QList<MatrixModel::Row> MatrixModel::operationRows() const {
    QList<Row> rows;
    QHash<std::pair<int, int>, int> known;
    const int profiles = int(m_record.plan.profiles.size());
    for (int i = 0; i < m_record.plan.cells.size(); ++i) {
        const CellPlan& cell = m_record.plan.cells.at(i);
        const std::pair key(cell.operation, int(cell.binding));
        if (!known.contains(key)) {
            known.insert(key, int(rows.size()));
            rows.append({cell.operation, cell.binding, QList<int>(profiles, -1)});
        }
        rows[known.value(key)].cells[cell.profile] = i;
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return a.operation != b.operation ? a.operation < b.operation : a.binding < b.binding;
    });
    for (int i = 0, first = 0; i < rows.size(); ++i) {
        if (i == 0 || rows.at(i).operation != rows.at(first).operation) first = i;
        rows[i].first = i == first;
        rows[first].rows = i - first;
        // Who has no object of their own is seen in the row that is always shown, too.
        for (int profile = 0; i != first && profile < profiles; ++profile)
            if (rows.at(first).cells.at(profile) < 0)
                rows[first].cells[profile] = rows.at(i).cells.at(profile);
    }
    return rows;
}

QString MatrixModel::groupOf(const ApiOperation& operation) const {
    if (!operation.tags.isEmpty()) return operation.tags.first();
    return u'/' + operation.path.section(u'/', 1, 1);
}

void MatrixModel::arrange() {
    m_rows = operationRows();
    if (m_grouped) {
        QStringList groups; // as the document first has them
        QHash<QString, QList<Row>> members;
        for (Row& row : m_rows) {
            row.group = groupOf(m_record.plan.api.operations.at(row.operation));
            if (!members.contains(row.group)) groups.append(row.group);
            members[row.group].append(row);
        }
        m_rows.clear();
        for (const QString& group : std::as_const(groups)) {
            Row head;
            head.group = group;
            head.rows = int(members.value(group).size());
            m_rows.append(head);
            m_rows += members.value(group);
        }
    }
    m_rowOf.clear();
    for (int i = 0; i < m_rows.size(); ++i)
        if (m_rows.at(i).operation >= 0)
            m_rowOf.insert({m_rows.at(i).operation, int(m_rows.at(i).binding)}, i);
}

void MatrixModel::setGrouped(bool grouped) {
    if (m_grouped == grouped) return;
    beginResetModel();
    m_grouped = grouped;
    arrange();
    endResetModel();
}

MatrixModel::Place MatrixModel::placeOf(int row) const {
    const Row& at = m_rows.at(row);
    const bool head = at.operation < 0;
    return {at.group, head, at.first, head ? 0 : at.rows, at.operation};
}

bool MatrixModel::hasFinding(int row) const {
    return std::any_of(m_rows.at(row).cells.begin(), m_rows.at(row).cells.end(),
                       [this](int cell) { return cell >= 0 && !m_record.results.at(cell).rule.isEmpty(); });
}

bool MatrixModel::lacksControl(int row) const {
    bool refusals = false;
    for (const int cell : m_rows.at(row).cells) {
        if (cell < 0) continue;
        const CellResult& result = m_record.results.at(cell);
        const CellPlan& plan = m_record.plan.cells.at(cell);
        if (result.seen.status == 0) continue;
        if (plan.expectation.expect == Expect::Allow) {
            if (gotThrough(result.seen) || (plan.dry && wasReached(result.seen))) return false;
        } else if (result.judged.verdict == Verdict::NotProven) {
            refusals = true;
        }
    }
    return refusals;
}

void MatrixModel::setBefore(QHash<QString, QString> outcomes) {
    m_before = std::move(outcomes);
}

QString MatrixModel::before(int cell) const {
    if (m_before.isEmpty() || cell < 0) return {};
    const QString then = m_before.value(m_record.plan.cells.at(cell).id);
    const CellResult& result = m_record.results.at(cell);
    return result.seen.status == 0 || then == outcomeName(result.outcome.outcome) ? QString() : then;
}

/// "Users: 12 rows, 2 with findings"
QString MatrixModel::headText(const Row& row, int at) const {
    int findings = 0;
    for (int i = at + 1; i <= at + row.rows; ++i)
        findings += hasFinding(i) ? 1 : 0;
    const QString rows = tr("%n row(s)", nullptr, row.rows);
    return findings == 0 ? tr("%1: %2").arg(row.group, rows)
                         : tr("%1: %2, %3 with findings").arg(row.group, rows, QString::number(findings));
}

void MatrixModel::setAbsent(const QList<std::pair<QString, QString>>& namesAndReasons) {
    if (m_absent == namesAndReasons) return;
    beginResetModel();
    m_absent = namesAndReasons;
    endResetModel();
}

const std::pair<QString, QString>* MatrixModel::absentAt(int column) const {
    const qsizetype at = column - firstProfileColumn - m_record.plan.profiles.size();
    return at >= 0 && at < m_absent.size() ? &m_absent.at(at) : nullptr;
}

void MatrixModel::setSeen(int cell, const Observation& seen) {
    if (cell < 0 || cell >= m_record.results.size()) return;
    CellResult& result = m_record.results[cell];
    const CellPlan& plan = m_record.plan.cells.at(cell);
    result.seen = seen;
    // What it comes to so far: controls and canaries are not in yet. What the run before made of it is past.
    OutcomeContext context;
    context.kind = m_record.plan.profileOf(plan).kind;
    context.isHead = plan.spec->method == QLatin1String("HEAD");
    result.outcome = classify(seen, context);
    result.judged = judge(plan.expectation, result.outcome, Proof{true, true, false, plan.dry});
    result.evidence.clear();
    result.rule.clear();
    result.drift.clear();
    result.waived = result.oracle = result.leaks = false;
    QModelIndex at = indexOf(cell);
    if (!at.isValid()) return;
    Q_EMIT dataChanged(at, at);
    while (at.isValid() && !m_rows.at(at.row()).first)
        at = at.siblingAtRow(at.row() - 1);
    if (at.isValid() && at != indexOf(cell) && cellAt(at) == cell) Q_EMIT dataChanged(at, at);
}

int MatrixModel::cellAt(const QModelIndex& index) const {
    if (!index.isValid() || index.column() < firstProfileColumn) return -1;
    return m_rows.at(index.row()).cells.value(index.column() - firstProfileColumn, -1);
}

QModelIndex MatrixModel::indexOf(int cell) const {
    const CellPlan& plan = m_record.plan.cells.at(cell);
    const auto row = m_rowOf.constFind({plan.operation, int(plan.binding)});
    return row == m_rowOf.cend() ? QModelIndex() : index(*row, plan.profile + firstProfileColumn);
}

int MatrixModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

int MatrixModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : firstProfileColumn + int(m_record.plan.profiles.size() + m_absent.size());
}

QString MatrixModel::needs(const ApiOperation& operation) const {
    const std::optional<ApiSecurity>& security =
        operation.security ? operation.security : m_record.plan.api.security;
    if (!security) return tr("not said");
    QStringList ways;
    for (const ApiAlternative& alternative : *security) {
        QStringList needs;
        for (const ApiSchemeNeed& need : alternative)
            needs.append(need.scopes.isEmpty() ? need.scheme : need.scopes.join(u' '));
        if (needs.isEmpty()) return tr("nothing, or a credential");
        ways.append(needs.join(QStringLiteral(" + ")));
    }
    if (ways.isEmpty()) return tr("public");
    QString all = ways.join(tr(" or "));
    if (!operation.requiredClaims.isEmpty())
        all += QStringLiteral(", ") + operation.requiredClaims.join(u' ');
    return all;
}

QVariant MatrixModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows.at(index.row());
    if (row.operation < 0) return role == Qt::AccessibleTextRole ? headText(row, index.row()) : QVariant();
    const ApiOperation& operation = m_record.plan.api.operations.at(row.operation);
    if (role == MethodRole) return operation.method;
    if (role == PathRole) return operation.path;
    if (role == BindingRole) return row.binding == Binding::None ? QString() : bindingName(row.binding);
    if (index.column() < firstProfileColumn) {
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return needs(operation);
        return {};
    }
    if (const auto* absent = absentAt(index.column())) {
        if (role == Qt::DisplayRole) return QStringLiteral("–");
        if (role == Qt::ToolTipRole || role == AbsentRole || role == Qt::AccessibleTextRole)
            return QString(absent->first + QStringLiteral(": ") + absent->second);
    }
    const int cell = cellAt(index);
    if (role == CellRole) return cell;
    if (cell < 0) return {};
    const CellResult& result = m_record.results.at(cell);
    const CellPlan& plan = m_record.plan.cells.at(cell);
    switch (role) {
    case Qt::DisplayRole:
        if (!plan.notSent.isEmpty()) return tr("held");
        return result.seen.status ? QString::number(result.seen.status) : QString();
    case Qt::ToolTipRole: {
        QString told = plan.notSent.isEmpty() ? plan.expectation.why : plan.notSent;
        if (!result.evidence.isEmpty()) told += u'\n' + tr("Evidence: %1.").arg(result.evidence);
        if (result.waived) told += u'\n' + tr("Waived: %1").arg(result.waiver);
        if (const QString then = before(cell); !then.isEmpty())
            told += u'\n' + tr("It was %1 in the run before.").arg(then);
        return told;
    }
    case Qt::AccessibleTextRole:
        return tr("%1 as %2: %3, %4")
            .arg(operationName(operation), m_record.plan.profileOf(plan).name,
                 result.seen.status ? QString::number(result.seen.status) : tr("not sent"),
                 verdictName(result.judged.verdict));
    default:
        return {};
    }
}

QVariant MatrixModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) {
        if (section >= m_rows.size()) return {};
        const Row& row = m_rows.at(section);
        if (row.operation < 0)
            return role == Qt::DisplayRole || role == Qt::ToolTipRole ? headText(row, section) : QVariant();
        const ApiOperation& operation = m_record.plan.api.operations.at(row.operation);
        if (role == MethodRole) return operation.method;
        if (role == TagsRole) return operation.tags;
        if (role == AlarmRole) return lacksControl(section);
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
        if (role == Qt::ToolTipRole && lacksControl(section))
            return tr("Nobody who is allowed got through on this row.");
        const QString binding =
            row.binding == Binding::None ? QString() : QStringLiteral("  [%1]").arg(bindingName(row.binding));
        return QString(operation.method.leftJustified(7) + operation.path + binding);
    }
    if (role == Qt::DisplayRole && section < firstProfileColumn) return tr("Needs");
    if (section < firstProfileColumn || section >= columnCount()) return {};
    if (const auto* absent = absentAt(section)) {
        if (role == Qt::DisplayRole) return QString(QStringLiteral("⚠ ") + absent->first);
        return role == Qt::ToolTipRole ? QVariant(absent->second) : QVariant();
    }
    const MatrixProfile& profile = m_record.plan.profiles.at(section - firstProfileColumn);
    const bool forged = profile.kind == MatrixProfile::Kind::Derived;
    const ProfileHealth* health = newestHealth(m_record, profile.id);
    const bool ill = health && !health->problem.isEmpty();
    if (role == Qt::DisplayRole) {
        if (profile.kind == MatrixProfile::Kind::Anonymous) return tr("Anonymous");
        const QString name = forged ? tr("%1 (forged)").arg(profile.name) : profile.name;
        return ill ? QString(QStringLiteral("⚠ ") + name) : name;
    }
    if (role != Qt::ToolTipRole) return {};
    if (ill) return health->problem;
    if (forged) return QString(profile.name + QStringLiteral(": ") + profile.stale);
    return profile.isDefective() ? tr("No longer good, on purpose: %1").arg(profile.stale) : profile.name;
}

} // namespace kb
