// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/headers_table_model.h"

#include "ui/request_editor_table.h"

#include <algorithm>

namespace kb {

HeadersModel::HeadersModel(QObject* parent) : RowsModel(parent) {}

void HeadersModel::load(const QList<HeaderRow>& headers, const QStringList& removedDefaults) {
    beginResetModel();
    m_rows = headers;
    m_removed = removedDefaults;
    endResetModel();
}

int HeadersModel::usedCount() const {
    return static_cast<int>(std::count_if(m_rows.cbegin(), m_rows.cend(), [](const HeaderRow& row) {
        return row.enabled && !(row.name.isEmpty() && row.value.isEmpty());
    }));
}

void HeadersModel::setDefaults(const QList<HeaderField>& defaults) {
    m_defaults.clear();
    for (const HeaderField& field : defaults)
        m_defaults.append({QString::fromUtf8(field.name), QString::fromUtf8(field.value), {}});
    setAdded(m_defaults + m_credential);
}

void HeadersModel::setCredential(const QString& name, const QString& masked, const QString& profileName) {
    m_credential.clear();
    if (!name.isEmpty()) m_credential.append({name, masked, profileName});
    setAdded(m_defaults + m_credential);
}

void HeadersModel::setAdded(const QList<Added>& added) {
    if (added == m_added) return;
    const int first = static_cast<int>(m_rows.size()) + 1;
    const auto oldCount = static_cast<int>(m_added.size()), newCount = static_cast<int>(added.size());
    if (newCount > oldCount) {
        beginInsertRows({}, first + oldCount, first + newCount - 1);
        m_added = added;
        endInsertRows();
    } else if (newCount < oldCount) {
        beginRemoveRows({}, first + newCount, first + oldCount - 1);
        m_added = added;
        endRemoveRows();
    }
    m_added = added;
    repaintAdded();
}

void HeadersModel::repaintAdded() {
    if (m_added.isEmpty()) return;
    const int first = static_cast<int>(m_rows.size()) + 1;
    Q_EMIT dataChanged(index(first, 0), index(rowCount() - 1, ColumnCount - 1));
}

const HeadersModel::Added* HeadersModel::addedAt(int row) const {
    const qsizetype at = row - m_rows.size() - 1;
    return at >= 0 && at < m_added.size() ? &m_added[at] : nullptr;
}

bool HeadersModel::overridden(const QString& name) const {
    return std::any_of(m_rows.cbegin(), m_rows.cend(), [&](const HeaderRow& row) {
        return row.enabled && row.name.compare(name, Qt::CaseInsensitive) == 0;
    });
}

bool HeadersModel::isRemoved(const QString& name) const {
    return m_removed.contains(name, Qt::CaseInsensitive);
}

int HeadersModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size() + 1 + m_added.size());
}

int HeadersModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HeadersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::AccessibleTextRole && section == On) return tr("Sent");
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    switch (section) {
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

Qt::ItemFlags HeadersModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (const Added* added = addedAt(index.row())) {
        if (index.column() == On && added->profile.isEmpty() && !overridden(added->name))
            flags |= Qt::ItemIsUserCheckable;
        return flags;
    }
    const bool last = index.row() == m_rows.size();
    if (index.column() == On) return last ? flags : flags | Qt::ItemIsUserCheckable;
    if (last && index.column() == Description) return flags;
    return flags | Qt::ItemIsEditable;
}

QVariant HeadersModel::addedData(const Added& added, int column, int role) const {
    const bool replaced = added.profile.isEmpty() && overridden(added.name);
    switch (role) {
    case Qt::DisplayRole:
        if (column == Name) return added.name;
        if (column == Value) return added.value;
        if (column != Description) return {};
        if (!added.profile.isEmpty()) return tr("from the profile %1").arg(added.profile);
        if (replaced) return tr("replaced by your row");
        return isRemoved(added.name) ? tr("left out") : tr("added by default");
    case Qt::CheckStateRole:
        if (column != On || !added.profile.isEmpty()) return {};
        return replaced || isRemoved(added.name) ? Qt::Unchecked : Qt::Checked;
    case Qt::ToolTipRole:
        return column == On ? QVariant() : addedData(added, column, Qt::DisplayRole);
    case Qt::AccessibleTextRole:
        return column == On ? QVariant(tr("Add %1 by default").arg(added.name)) : QVariant();
    case TableRole::Monospace:
        return column == Name || column == Value;
    case TableRole::Faint:
        return true;
    default:
        return {};
    }
}

QVariant HeadersModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    if (const Added* added = addedAt(index.row())) return addedData(*added, index.column(), role);
    const bool last = index.row() == m_rows.size();
    const HeaderRow row = last ? HeaderRow{{}, {}, {}, false} : m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        if (index.column() == Name) return row.name;
        if (index.column() == Value) return row.value;
        if (index.column() == Description) return row.description;
        return {};
    case Qt::CheckStateRole:
        if (index.column() == On) return row.enabled ? Qt::Checked : Qt::Unchecked;
        return {};
    case Qt::ToolTipRole:
        return index.column() == On ? QVariant() : data(index, Qt::DisplayRole);
    case Qt::AccessibleTextRole:
        if (index.column() == On) return last ? tr("New row") : tr("Send %1").arg(row.name);
        return {};
    case TableRole::Placeholder:
        if (index.column() == Name) return tr("name");
        if (index.column() == Value) return tr("value");
        return {};
    case TableRole::Monospace:
        return index.column() == Name || index.column() == Value;
    case TableRole::Faint:
        return index.column() == Description || !row.enabled;
    case TableRole::Removable:
        return !last;
    default:
        return {};
    }
}

bool HeadersModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || !(flags(index) & (Qt::ItemIsEditable | Qt::ItemIsUserCheckable))) return false;
    const int number = index.row();
    if (role == Qt::CheckStateRole && index.column() == On) {
        const bool on = value.toInt() == Qt::Checked;
        if (const Added* added = addedAt(number)) {
            const QString name = added->name;
            m_removed.removeIf(
                [&](const QString& other) { return other.compare(name, Qt::CaseInsensitive) == 0; });
            if (!on) m_removed.append(name);
        } else {
            m_rows[number].enabled = on;
        }
    } else if (role == Qt::EditRole && index.column() != On) {
        if (number == m_rows.size()) {
            if (value.toString().isEmpty()) return false;
            beginInsertRows({}, number + 1, number + 1);
            m_rows.append(HeaderRow{});
            endInsertRows();
        }
        HeaderRow& row = m_rows[number];
        QString& cell = index.column() == Name    ? row.name
                        : index.column() == Value ? row.value
                                                  : row.description;
        cell = value.toString();
    } else {
        return false;
    }
    Q_EMIT dataChanged(this->index(number, 0), this->index(number, ColumnCount - 1));
    repaintAdded();
    Q_EMIT edited();
    return true;
}

} // namespace kb
