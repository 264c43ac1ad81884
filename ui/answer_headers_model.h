// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/headers.h"

#include <QAbstractItemModel>

namespace kb {

/// Header field lines in groups: the answer's, those of interim answers, trailers. Order and repeats are
/// kept.
class AnswerHeadersModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    struct Group {
        QString title;
        HeaderList headers;
    };
    enum Column { Name, Value, ColumnCount };

    explicit AnswerHeadersModel(QObject* parent = nullptr);
    void setGroups(const QList<Group>& groups);
    const QList<Group>& groups() const { return m_groups; }
    bool isGroup(const QModelIndex& index) const { return index.isValid() && index.internalId() == 0; }
    /// "name: value", or a group's title.
    QString lineText(const QModelIndex& index) const;
    /// All field lines, groups with their titles where there are several.
    QString allText() const;
    QModelIndex find(QByteArrayView fieldName) const; ///< the first field line of that name

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const HeaderField* fieldAt(const QModelIndex& index) const;
    QList<Group> m_groups;
};

} // namespace kb
