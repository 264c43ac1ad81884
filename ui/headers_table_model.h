// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/headers.h"
#include "core/workspace/request_spec.h"
#include "ui/rows_model.h"

namespace kb {

/// The header fields of a request: the user's rows in their order, repeats kept; an empty row that adds one;
/// and below, faint, what the program and the profile add by themselves.
class HeadersModel final : public RowsModel {
    Q_OBJECT
public:
    enum Column { On, Name, Value, Description, ColumnCount };

    explicit HeadersModel(QObject* parent = nullptr);

    void load(const QList<HeaderRow>& headers, const QStringList& removedDefaults);
    QList<HeaderRow> headers() const { return m_rows; }
    QStringList removedDefaults() const { return m_removed; }
    int usedCount() const;

    /// The fields the program adds where the user neither wrote nor removed them.
    void setDefaults(const QList<HeaderField>& defaults);
    /// The profile's field with its secret masked; an empty name for none.
    void setCredential(const QString& name, const QString& masked, const QString& profileName);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool isOwn(int row) const override { return row >= 0 && row < m_rows.size(); }
    void eraseOwn(int row, int count) override { m_rows.remove(row, count); }
    void moveOwn(int from, int to) override { m_rows.move(from, to); }
    void ownChanged() override { repaintAdded(); }

    struct Added {
        QString name;
        QString value;
        QString profile; ///< empty: the program's own
        bool operator==(const Added&) const = default;
    };
    void setAdded(const QList<Added>& added);
    const Added* addedAt(int row) const;
    bool overridden(const QString& name) const;
    bool isRemoved(const QString& name) const;
    QVariant addedData(const Added& added, int column, int role) const;
    void repaintAdded();

    QList<HeaderRow> m_rows;
    QStringList m_removed;
    QList<Added> m_defaults;
    QList<Added> m_credential;
    QList<Added> m_added; ///< the two above, as shown
};

} // namespace kb
