// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params_table_model.h"

#include "ui/request_editor_table.h"

#include <algorithm>

namespace kb {

namespace {

/// What would cut the query elsewhere goes in percent-encoded; all else stays as typed.
QString encoded(QString text, QStringView reserved) {
    for (const QChar c : reserved)
        text.replace(c, u'%' % QString::number(c.unicode(), 16).toUpper());
    return text;
}

} // namespace

ParamsModel::ParamsModel(QObject* parent) : RowsModel(parent) {}

void ParamsModel::load(const QString& url, const QList<ParamRow>& params) {
    beginResetModel();
    m_url = url;
    m_rows.clear();
    m_pathMemory.clear();
    for (const ParamRow& param : params)
        if (param.in == ParamRow::In::Path) m_pathMemory.append(param);
    m_rows = rowsFor(url);
    for (const ParamRow& param : params)
        if (param.in == ParamRow::In::Query && !param.enabled) m_rows.append({param, true});
    endResetModel();
}

void ParamsModel::setUrl(const QString& url) {
    if (url == m_url) return;
    m_url = url;
    rememberPathValues();
    apply(rowsFor(url));
}

void ParamsModel::rememberPathValues() {
    for (const Row& row : m_rows) {
        if (row.in != ParamRow::In::Path) continue;
        m_pathMemory.removeIf([&](const ParamRow& old) { return old.name == row.name; });
        m_pathMemory.append(row);
    }
}

QList<ParamsModel::Row> ParamsModel::rowsFor(const QString& url) const {
    QList<Row> rows;
    const QList<PathParameter> inPath = pathParameters(url);
    for (const PathParameter& parameter : inPath) {
        if (std::any_of(rows.cbegin(), rows.cend(),
                        [&](const Row& row) { return row.name == parameter.name; }))
            continue;
        Row row;
        row.in = ParamRow::In::Path;
        row.name = parameter.name;
        for (const ParamRow& known : m_pathMemory)
            if (known.name == parameter.name) row = {known, true};
        rows.append(row);
    }
    QList<QueryField> fields = splitUrl(url).query;
    const auto take = [&fields, &rows](const QString& oldName, const QString& oldDescription) {
        const QueryField field = fields.takeFirst();
        Row row;
        row.in = ParamRow::In::Query;
        row.name = field.name;
        row.value = field.value;
        row.hasEquals = field.hasEquals;
        if (field.name == oldName) row.description = oldDescription;
        rows.append(row);
    };
    for (const Row& old : m_rows) {
        if (old.in != ParamRow::In::Query) continue;
        if (!old.enabled)
            rows.append(old);
        else if (!fields.isEmpty())
            take(old.name, old.description);
    }
    while (!fields.isEmpty())
        take({}, {});
    return rows;
}

void ParamsModel::apply(const QList<Row>& rows) {
    // Only what differs is touched, so that an open cell and the selection stay.
    const auto shorter = qMin(rows.size(), m_rows.size());
    qsizetype head = 0, tail = 0;
    while (head < shorter && rows[head] == m_rows[head])
        ++head;
    while (tail < shorter - head && rows[rows.size() - 1 - tail] == m_rows[m_rows.size() - 1 - tail])
        ++tail;
    const qsizetype oldMiddle = m_rows.size() - head - tail;
    const qsizetype newMiddle = rows.size() - head - tail;
    const qsizetype same = qMin(oldMiddle, newMiddle);
    for (qsizetype i = 0; i < same; ++i)
        m_rows[head + i] = rows[head + i];
    if (same > 0)
        Q_EMIT dataChanged(index(static_cast<int>(head), 0),
                           index(static_cast<int>(head + same - 1), ColumnCount - 1));
    const int at = static_cast<int>(head + same);
    if (oldMiddle > same) {
        beginRemoveRows({}, at, static_cast<int>(head + oldMiddle - 1));
        m_rows.remove(at, oldMiddle - same);
        endRemoveRows();
    } else if (newMiddle > same) {
        beginInsertRows({}, at, static_cast<int>(head + newMiddle - 1));
        for (qsizetype i = same; i < newMiddle; ++i)
            m_rows.insert(head + i, rows[head + i]);
        endInsertRows();
    }
}

void ParamsModel::rebuildUrl() {
    UrlParts parts = splitUrl(m_url);
    parts.query.clear();
    for (const Row& row : m_rows)
        if (row.in == ParamRow::In::Query && row.enabled)
            parts.query.append({row.name, row.value, row.hasEquals});
    parts.hasQuery = !parts.query.isEmpty();
    const QString url = joinUrl(parts);
    if (url == m_url) return;
    m_url = url;
    Q_EMIT urlEdited(url);
}

QList<ParamRow> ParamsModel::params() const {
    QList<ParamRow> params;
    for (const Row& row : m_rows)
        if (row.in == ParamRow::In::Path || !row.enabled) params.append(row);
    return params;
}

int ParamsModel::usedCount() const {
    return static_cast<int>(
        std::count_if(m_rows.cbegin(), m_rows.cend(), [](const Row& row) { return row.enabled; }));
}

bool ParamsModel::isQuery(int row) const {
    return row >= 0 && row < m_rows.size() && m_rows[row].in == ParamRow::In::Query;
}

int ParamsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size()) + 1;
}

int ParamsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ParamsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::AccessibleTextRole && section == On) return tr("Sent");
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    switch (section) {
    case In:
        return tr("In");
    case Name:
        return tr("Name");
    case Value:
        return tr("Value");
    case Description:
        return tr("Description");
    default:
        return {};
    }
}

Qt::ItemFlags ParamsModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const bool last = index.row() == m_rows.size();
    const bool path = !last && !isQuery(index.row());
    if (index.column() == On && !last) flags |= Qt::ItemIsUserCheckable;
    if (index.column() == Value || (index.column() == Name && !path)) flags |= Qt::ItemIsEditable;
    // A query field that is on lives in the URL, where a description has no place.
    if (index.column() == Description && !last && (path || !m_rows[index.row()].enabled))
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant ParamsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const bool last = index.row() == m_rows.size();
    const Row row = last ? Row{{ParamRow::In::Query, {}, {}, {}, false}, true} : m_rows[index.row()];
    const bool path = row.in == ParamRow::In::Path;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        switch (index.column()) {
        case In:
            return last ? QString() : path ? tr("path") : tr("query");
        case Name:
            return row.name;
        case Value:
            return row.value;
        case Description:
            return row.description;
        default:
            return {};
        }
    case Qt::CheckStateRole:
        if (index.column() == On) return row.enabled ? Qt::Checked : Qt::Unchecked;
        return {};
    case Qt::ToolTipRole:
        if (index.column() == On && path)
            return tr("Off: “%1” goes out as it stands in the URL.").arg(row.name);
        if (index.column() == Name && path) return tr("Path parameters are named in the URL: :id or {id}.");
        if (index.column() == Description && !path && row.enabled)
            return tr("A query field that is on lives in the URL, which has no room for a description.");
        return index.column() == In || index.column() == On ? QVariant() : data(index, Qt::DisplayRole);
    case Qt::AccessibleTextRole:
        if (index.column() == On) return last ? tr("New row") : tr("Send %1").arg(row.name);
        return {};
    case TableRole::Placeholder:
        if (index.column() == In && last) return tr("query");
        if (index.column() == Name) return tr("name");
        if (index.column() == Value) return tr("value");
        return {};
    case TableRole::Monospace:
        return index.column() == Name || index.column() == Value;
    case TableRole::Faint:
        return index.column() == In || index.column() == Description || !row.enabled;
    case TableRole::Removable:
        return !last && !path;
    default:
        return {};
    }
}

bool ParamsModel::change(Row& row, int column, const QString& text) {
    const bool query = row.in == ParamRow::In::Query;
    switch (column) {
    case Name:
        row.name = encoded(text, u"&#=");
        return true;
    case Value:
        row.value = query ? encoded(text, u"&#") : text;
        if (!row.value.isEmpty()) row.hasEquals = true;
        return true;
    case Description:
        row.description = text;
        return true;
    default:
        return false;
    }
}

bool ParamsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid()) return false;
    const int number = index.row();
    const bool last = number == m_rows.size();
    if (role == Qt::CheckStateRole && index.column() == On && !last) {
        m_rows[number].enabled = value.toInt() == Qt::Checked;
        Q_EMIT dataChanged(this->index(number, 0), this->index(number, ColumnCount - 1));
    } else if (role == Qt::EditRole && flags(index) & Qt::ItemIsEditable) {
        if (last) {
            if (value.toString().isEmpty()) return false;
            // The empty row becomes a real one in place, and a new empty one follows it.
            beginInsertRows({}, number + 1, number + 1);
            Row row;
            row.in = ParamRow::In::Query;
            m_rows.append(row);
            endInsertRows();
        }
        if (!change(m_rows[number], index.column(), value.toString())) return false;
        Q_EMIT dataChanged(this->index(number, 0), this->index(number, ColumnCount - 1));
    } else {
        return false;
    }
    rebuildUrl();
    Q_EMIT edited();
    return true;
}

} // namespace kb
