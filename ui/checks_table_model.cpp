// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/checks_table_model.h"

#include "ui/request_editor_table.h"

#include <algorithm>

namespace kb {

QStringList ChecksModel::kindTexts() {
    return {tr("Value"), tr("jq"), tr("Schema"), tr("Keep value"), tr("Keep jq")};
}

int ChecksModel::kindOf(const Row& row) {
    return int(row.check.part) + (row.keeps ? 3 : 0);
}

QString ChecksModel::operatorText(const QString& op) {
    const std::pair<const char*, QString> words[] = {{"eq", tr("equals")},
                                                     {"neq", tr("is not")},
                                                     {"gt", tr("is more than")},
                                                     {"gte", tr("is at least")},
                                                     {"lt", tr("is less than")},
                                                     {"lte", tr("is at most")},
                                                     {"between", tr("is between")},
                                                     {"in", tr("is one of")},
                                                     {"notIn", tr("is none of")},
                                                     {"contains", tr("contains")},
                                                     {"notContains", tr("does not contain")},
                                                     {"startsWith", tr("starts with")},
                                                     {"endsWith", tr("ends with")},
                                                     {"matches", tr("matches")},
                                                     {"notMatches", tr("does not match")},
                                                     {"length", tr("has the length")},
                                                     {"isDefined", tr("is there")},
                                                     {"isUndefined", tr("is not there")},
                                                     {"isNull", tr("is null")},
                                                     {"isEmpty", tr("is empty")},
                                                     {"isNotEmpty", tr("is not empty")},
                                                     {"isTruthy", tr("is true")},
                                                     {"isFalsy", tr("is false")},
                                                     {"isJson", tr("is an object or a list")},
                                                     {"isNumber", tr("is a number")},
                                                     {"isString", tr("is a text")},
                                                     {"isBoolean", tr("is true or false")},
                                                     {"isArray", tr("is a list")}};
    for (const auto& [name, text] : words)
        if (op == QLatin1String(name)) return text;
    return op; // of another program: shown as it is
}

QStringList ChecksModel::operatorTexts() {
    QStringList texts;
    for (const QString& op : checkOperators())
        texts.append(operatorText(op));
    return texts;
}

void ChecksModel::load(const QList<CheckSpec>& checks, const QList<CaptureSpec>& captures) {
    beginResetModel();
    m_rows.clear();
    for (const CheckSpec& check : checks)
        m_rows.append({check, false});
    for (const CaptureSpec& capture : captures)
        m_rows.append(
            {{capture.part, capture.expression, CheckSpec().op, capture.variable, {}, capture.enabled},
             true});
    endResetModel();
}

QList<CheckSpec> ChecksModel::checks() const {
    QList<CheckSpec> checks;
    for (const Row& row : m_rows)
        if (!row.keeps) checks.append(row.check);
    return checks;
}

QList<CaptureSpec> ChecksModel::captures() const {
    QList<CaptureSpec> captures;
    for (const Row& row : m_rows)
        if (row.keeps)
            captures.append(
                {row.check.value.trimmed(), row.check.part, row.check.expression, row.check.enabled});
    return captures;
}

int ChecksModel::usedCount() const {
    return int(std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.check.enabled; }));
}

void ChecksModel::add(const CheckSpec& check) {
    const int row = int(m_rows.size());
    beginInsertRows({}, row, row);
    m_rows.append({check, false});
    endInsertRows();
    Q_EMIT edited();
}

int ChecksModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size()) + 1;
}

int ChecksModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ChecksModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::AccessibleTextRole && section == On) return tr("Checked");
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    const QString titles[ColumnCount] = {QString(), tr("Kind"), tr("What"), tr("Condition"),
                                         tr("Value or variable")};
    return titles[section];
}

Qt::ItemFlags ChecksModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.row() == m_rows.size()) return index.column() == What ? flags | Qt::ItemIsEditable : flags;
    const Row& row = m_rows.at(index.row());
    if (index.column() == On) return flags | Qt::ItemIsUserCheckable;
    if (index.column() == Operator && !hasOperator(row)) return flags;
    if (index.column() == Value && !hasValue(row)) return flags;
    return flags | Qt::ItemIsEditable;
}

QString ChecksModel::textAt(const Row& row, int column) const {
    switch (column) {
    case Kind:
        return kindTexts().at(kindOf(row));
    case What:
        return row.check.expression;
    case Operator:
        return row.keeps                              ? tr("becomes")
               : row.check.part == AnswerPart::Schema ? tr("fits the body")
                                                      : operatorText(row.check.op);
    case Value:
        return hasValue(row) ? row.check.value : QString();
    default:
        return {};
    }
}

QString ChecksModel::placeholder(const Row& row, int column) const {
    if (column == What)
        return row.check.part == AnswerPart::Jq       ? QStringLiteral(".users | length")
               : row.check.part == AnswerPart::Schema ? tr("path of the schema in the workspace")
                                                      : QStringLiteral("res.status");
    if (column == Value && hasValue(row)) return row.keeps ? tr("variable") : tr("value");
    return {};
}

QVariant ChecksModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const bool last = index.row() == m_rows.size();
    const Row row = last ? Row() : m_rows.at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return last ? QString() : textAt(row, column);
    case Qt::CheckStateRole:
        if (column != On) return {};
        return row.check.enabled && !last ? Qt::Checked : Qt::Unchecked;
    case Qt::ToolTipRole:
        return last || column == On ? QString() : textAt(row, column);
    case Qt::AccessibleTextRole:
        if (column != On) return {};
        return last ? tr("New row") : tr("Check %1").arg(row.check.expression);
    case TableRole::Placeholder:
        return last && column != What ? QString() : placeholder(row, column);
    case TableRole::Choices:
        if (last) return {};
        return column == Kind ? kindTexts() : column == Operator ? operatorTexts() : QStringList();
    case TableRole::Monospace:
        return column == What || column == Value;
    case TableRole::Faint:
        return !row.check.enabled;
    case TableRole::Removable:
        return !last;
    default:
        return {};
    }
}

bool ChecksModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || !(flags(index) & (Qt::ItemIsEditable | Qt::ItemIsUserCheckable))) return false;
    const int number = index.row();
    const QString text = value.toString();
    if (role == Qt::EditRole && number == m_rows.size()) {
        if (text.isEmpty()) return false;
        beginInsertRows({}, number + 1, number + 1);
        m_rows.append(Row());
        endInsertRows();
    }
    if (number >= m_rows.size()) return false;
    Row& row = m_rows[number];
    if (role == Qt::CheckStateRole && index.column() == On) {
        row.check.enabled = value.toInt() == Qt::Checked;
    } else if (role == Qt::EditRole && index.column() == Kind) {
        const int kind = int(kindTexts().indexOf(text));
        if (kind < 0) return false;
        row.keeps = kind >= 3;
        row.check.part = AnswerPart(kind % 3);
    } else if (role == Qt::EditRole && index.column() == Operator) {
        const qsizetype op = operatorTexts().indexOf(text);
        if (op < 0) return false;
        row.check.op = checkOperators().at(op);
    } else if (role == Qt::EditRole) {
        (index.column() == What ? row.check.expression : row.check.value) = text;
    } else {
        return false;
    }
    Q_EMIT dataChanged(this->index(number, 0), this->index(number, ColumnCount - 1));
    Q_EMIT edited();
    return true;
}

} // namespace kb
