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
    m_rows.clear();
    QMap<std::pair<int, int>, int> known;
    const int profiles = int(m_record.plan.profiles.size());
    for (int i = 0; i < m_record.plan.cells.size(); ++i) {
        const CellPlan& cell = m_record.plan.cells.at(i);
        const std::pair key(cell.operation, int(cell.binding));
        if (!known.contains(key)) {
            known.insert(key, int(m_rows.size()));
            m_rows.append({cell.operation, cell.binding, QList<int>(profiles, -1)});
        }
        m_rows[known.value(key)].cells[cell.profile] = i;
    }
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) {
        return a.operation != b.operation ? a.operation < b.operation : a.binding < b.binding;
    });
    endResetModel();
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
    m_record.results[cell].seen = seen;
    const QModelIndex at = indexOf(cell);
    if (at.isValid()) Q_EMIT dataChanged(at, at);
}

int MatrixModel::cellAt(const QModelIndex& index) const {
    if (!index.isValid() || index.column() < firstProfileColumn) return -1;
    return m_rows.at(index.row()).cells.value(index.column() - firstProfileColumn, -1);
}

QModelIndex MatrixModel::indexOf(int cell) const {
    const CellPlan& plan = m_record.plan.cells.at(cell);
    const auto row =
        std::lower_bound(m_rows.begin(), m_rows.end(), plan, [](const Row& a, const CellPlan& b) {
            return a.operation != b.operation ? a.operation < b.operation : a.binding < b.binding;
        });
    if (row == m_rows.end() || row->operation != plan.operation || row->binding != plan.binding) return {};
    return index(int(row - m_rows.begin()), plan.profile + firstProfileColumn);
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
    case Qt::ToolTipRole:
        return plan.notSent.isEmpty() ? plan.expectation.why : plan.notSent;
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
        const ApiOperation& operation = m_record.plan.api.operations.at(row.operation);
        if (role == MethodRole) return operation.method;
        if (role == TagsRole) return operation.tags;
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
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
        const QString name = forged ? tr("%1 (forged)").arg(profile.name) : profile.name;
        return ill ? QString(QStringLiteral("⚠ ") + name) : name;
    }
    if (role != Qt::ToolTipRole) return {};
    if (ill) return health->problem;
    if (forged) return QString(profile.name + QStringLiteral(": ") + profile.stale);
    return profile.isDefective() ? tr("No longer good, on purpose: %1").arg(profile.stale) : profile.name;
}

MatrixFilter::MatrixFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setDynamicSortFilter(false);
}

void MatrixFilter::setText(const QString& text) {
    m_text = text.trimmed();
    m_methods.clear();
    m_tags.clear();
    m_words.clear();
    static const QStringList methods{QStringLiteral("GET"),     QStringLiteral("HEAD"),
                                     QStringLiteral("POST"),    QStringLiteral("PUT"),
                                     QStringLiteral("PATCH"),   QStringLiteral("DELETE"),
                                     QStringLiteral("OPTIONS"), QStringLiteral("TRACE")};
    for (const QString& word : text.split(u' ', Qt::SkipEmptyParts))
        if (methods.contains(word, Qt::CaseInsensitive))
            m_methods.append(word);
        else if (word.startsWith(QLatin1String("tag:"), Qt::CaseInsensitive))
            m_tags.append(word.mid(4));
        else
            m_words.append(word);
    invalidateFilter();
}

void MatrixFilter::setKind(Kind kind) {
    m_kind = kind;
    invalidateFilter();
}

namespace {

bool isOfKind(MatrixFilter::Kind kind, const CellResult& result) {
    using Kind = MatrixFilter::Kind;
    const Verdict verdict = result.judged.verdict;
    switch (kind) {
    case Kind::All:
        return true;
    case Kind::Findings:
        return verdict == Verdict::Bypass || verdict == Verdict::OverRestricted ||
               verdict == Verdict::Suspect || verdict == Verdict::Error;
    case Kind::Bypass:
        return verdict == Verdict::Bypass;
    case Kind::OverRestricted:
        return verdict == Verdict::OverRestricted;
    case Kind::Suspect:
        return verdict == Verdict::Suspect;
    case Kind::Error:
        return verdict == Verdict::Error;
    case Kind::Undecided:
        return verdict == Verdict::Undecided;
    case Kind::NotProven:
        return verdict == Verdict::NotProven;
    case Kind::Changed:
        return !result.drift.isEmpty();
    case Kind::Unsafe: // of the row
        return true;
    }
    return false;
}

/// The worst first; what was not sent last.
int rank(const MatrixModel& model, int cell) {
    if (cell < 0) return 9;
    const CellResult& result = model.record().results.at(cell);
    if (!model.record().plan.cells.at(cell).notSent.isEmpty() || result.seen.status == 0) return 8;
    switch (result.judged.verdict) {
    case Verdict::Bypass:
        return 0;
    case Verdict::OverRestricted:
        return 1;
    case Verdict::Suspect:
        return 2;
    case Verdict::Error:
        return 3;
    case Verdict::NotProven:
        return 4;
    case Verdict::Undecided:
        return 5;
    case Verdict::Pass:
        return result.seen.status < 300 ? 6 : 7;
    }
    return 9;
}

} // namespace

bool MatrixFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    if (left.column() < MatrixModel::firstProfileColumn)
        return left.data().toString().localeAwareCompare(right.data().toString()) < 0;
    const auto& model = *static_cast<const MatrixModel*>(sourceModel());
    const int a = rank(model, model.cellAt(left)), b = rank(model, model.cellAt(right));
    return a != b ? a < b : left.data().toString() < right.data().toString();
}

bool MatrixFilter::fitsText(int row) const {
    const QAbstractItemModel& model = *sourceModel();
    const QString method = model.headerData(row, Qt::Vertical, MatrixModel::MethodRole).toString();
    const QString shown = model.headerData(row, Qt::Vertical).toString();
    const QStringList tags = model.headerData(row, Qt::Vertical, MatrixModel::TagsRole).toStringList();
    if (m_methods.isEmpty() && tags.contains(m_text, Qt::CaseInsensitive)) return true;
    return (m_methods.isEmpty() || m_methods.contains(method, Qt::CaseInsensitive)) &&
           std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return shown.contains(word, Qt::CaseInsensitive); }) &&
           std::all_of(m_tags.begin(), m_tags.end(), [&](const QString& part) {
               return std::any_of(tags.begin(), tags.end(), [&](const QString& tag) {
                   return tag.contains(part, Qt::CaseInsensitive);
               });
           });
}

bool MatrixFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const auto& model = *static_cast<const MatrixModel*>(sourceModel());
    if (!fitsText(row)) return false;
    if (m_kind == Kind::All) return true;
    if (m_kind == Kind::Unsafe)
        return !isSafeMethod(
            model.headerData(row, Qt::Vertical, MatrixModel::MethodRole).toString().toUtf8());
    for (int column = MatrixModel::firstProfileColumn; column < model.columnCount(); ++column) {
        const int cell = model.cellAt(model.index(row, column, parent));
        if (cell < 0 || !model.record().plan.cells.at(cell).notSent.isEmpty()) continue;
        if (isOfKind(m_kind, model.record().results.at(cell))) return true;
    }
    return false;
}

} // namespace kb
