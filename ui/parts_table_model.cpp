// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/parts_table_model.h"

#include "ui/request_editor_table.h"

namespace kb {

namespace {

QString textAt(const BodyPart& part, int column) {
    return column == PartsModel::Name    ? part.name
           : column == PartsModel::Value ? part.value
           : column == PartsModel::Type  ? part.contentType
                                         : QString();
}

} // namespace

void PartsModel::load(const QList<BodyPart>& parts) {
    beginResetModel();
    m_parts = parts;
    endResetModel();
}

int PartsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_parts.size()) + 1;
}

int PartsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PartsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::AccessibleTextRole && section == On) return tr("Sent");
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    const QString titles[ColumnCount] = {QString(), tr("Name"), tr("Value"), tr("File"), tr("Content type")};
    return titles[section];
}

Qt::ItemFlags PartsModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const bool last = index.row() == m_parts.size();
    if (index.column() == On || index.column() == IsFile)
        return last ? flags : flags | Qt::ItemIsUserCheckable;
    return last && index.column() == Type ? flags : flags | Qt::ItemIsEditable;
}

QVariant PartsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const bool last = index.row() == m_parts.size();
    const BodyPart part = last ? BodyPart{{}, {}, false, {}, false} : m_parts.at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return textAt(part, column);
    case Qt::CheckStateRole:
        if (column == On) return part.enabled ? Qt::Checked : Qt::Unchecked;
        if (column == IsFile && !last) return part.isFile ? Qt::Checked : Qt::Unchecked;
        return {};
    case Qt::ToolTipRole:
        if (column == Value && part.isFile) return tr("A file's path within the workspace's folder");
        return column == On ? QVariant() : textAt(part, column);
    case Qt::AccessibleTextRole:
        if (column == On) return last ? tr("New row") : tr("Send %1").arg(part.name);
        if (column == IsFile && !last) return tr("%1 is a file").arg(part.name);
        return {};
    case TableRole::Placeholder:
        if (column == Name) return tr("name");
        if (column == Value) return part.isFile ? tr("path of the file") : tr("value");
        return {};
    case TableRole::Monospace:
        return column == Name || column == Value;
    case TableRole::Faint:
        return !part.enabled;
    case TableRole::Removable:
        return !last;
    default:
        return {};
    }
}

bool PartsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || !(flags(index) & (Qt::ItemIsEditable | Qt::ItemIsUserCheckable))) return false;
    const int row = index.row();
    if (role == Qt::CheckStateRole && index.column() == On) {
        m_parts[row].enabled = value.toInt() == Qt::Checked;
    } else if (role == Qt::CheckStateRole && index.column() == IsFile) {
        m_parts[row].isFile = value.toInt() == Qt::Checked;
    } else if (role == Qt::EditRole && index.flags() & Qt::ItemIsEditable) {
        if (row == m_parts.size()) {
            if (value.toString().isEmpty()) return false;
            beginInsertRows({}, row + 1, row + 1);
            m_parts.append(BodyPart{});
            endInsertRows();
        }
        BodyPart& part = m_parts[row];
        QString& cell = index.column() == Name    ? part.name
                        : index.column() == Value ? part.value
                                                  : part.contentType;
        cell = value.toString();
    } else {
        return false;
    }
    Q_EMIT dataChanged(this->index(row, 0), this->index(row, ColumnCount - 1));
    Q_EMIT edited();
    return true;
}

} // namespace kb
