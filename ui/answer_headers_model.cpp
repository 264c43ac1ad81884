// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_headers_model.h"

#include "ui/theme.h"

#include <QFont>

namespace kb {

AnswerHeadersModel::AnswerHeadersModel(QObject* parent) : QAbstractItemModel(parent) {
    connect(&theme(), &Theme::changed, this, [this] {
        if (!m_groups.isEmpty()) Q_EMIT layoutChanged();
    });
}

void AnswerHeadersModel::setGroups(const QList<Group>& groups) {
    beginResetModel();
    m_groups = groups;
    endResetModel();
}

// A group's index has the id 0; a field line has its group's row plus one.
QModelIndex AnswerHeadersModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : quintptr(0));
}

QModelIndex AnswerHeadersModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == 0) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr(0));
}

int AnswerHeadersModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (!isGroup(parent) || parent.column() != 0) return 0;
    return static_cast<int>(m_groups.at(parent.row()).headers.size());
}

int AnswerHeadersModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

const HeaderField* AnswerHeadersModel::fieldAt(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0) return nullptr;
    return &m_groups.at(static_cast<qsizetype>(index.internalId()) - 1).headers.fields.at(index.row());
}

QVariant AnswerHeadersModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const HeaderField* field = fieldAt(index);
    if (!field) {
        if (role == Qt::DisplayRole && index.column() == Name) return m_groups.at(index.row()).title;
        if (role == Qt::ForegroundRole) return theme().muted;
        if (role == Qt::FontRole) {
            QFont bold;
            bold.setWeight(QFont::DemiBold);
            return bold;
        }
        return {};
    }
    switch (role) {
    case Qt::DisplayRole: // A field value is bytes; what is not UTF-8 shows as replacement characters.
    case Qt::ToolTipRole: {
        const QString text = QString::fromUtf8(index.column() == Name ? field->name : field->value);
        // Plain text in a tool tip, whatever the server wrote.
        return role == Qt::ToolTipRole ? QLatin1String("<p>") + text.toHtmlEscaped() + QLatin1String("</p>")
                                       : text;
    }
    case Qt::FontRole:
        return theme().monospace();
    case Qt::ForegroundRole:
        return index.column() == Name ? theme().syntaxKey : theme().text;
    case Qt::AccessibleTextRole:
        return lineText(index);
    default:
        return {};
    }
}

QVariant AnswerHeadersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == Name ? tr("Name") : section == Value ? tr("Value") : QVariant();
}

QString AnswerHeadersModel::lineText(const QModelIndex& index) const {
    if (const HeaderField* field = fieldAt(index))
        return QString::fromUtf8(field->name) + QStringLiteral(": ") + QString::fromUtf8(field->value);
    return index.isValid() ? m_groups.at(index.row()).title : QString();
}

QString AnswerHeadersModel::allText() const {
    QStringList lines;
    for (const Group& group : m_groups) {
        if (m_groups.size() > 1) lines << group.title;
        for (const HeaderField& field : group.headers.fields)
            lines << QString::fromUtf8(field.name) + QStringLiteral(": ") + QString::fromUtf8(field.value);
        if (m_groups.size() > 1) lines << QString();
    }
    return lines.join(u'\n').trimmed();
}

QModelIndex AnswerHeadersModel::find(QByteArrayView fieldName) const {
    for (int g = 0; g < m_groups.size(); ++g)
        for (int i = 0; i < m_groups.at(g).headers.size(); ++i)
            if (sameFieldName(m_groups.at(g).headers.fields.at(i).name, fieldName))
                return index(i, 0, index(g, 0));
    return {};
}

} // namespace kb
