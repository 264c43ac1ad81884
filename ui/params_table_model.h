// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/url_template.h"
#include "core/workspace/request_spec.h"
#include "ui/rows_model.h"

namespace kb {

/// The parameters of a request: those of the path, found in the URL; the query's fields, in step with the URL
/// both ways; and the query fields that are switched off. A last, empty row adds a query field.
class ParamsModel final : public RowsModel {
    Q_OBJECT
public:
    enum Column { On, In, Name, Value, Description, ColumnCount };

    explicit ParamsModel(QObject* parent = nullptr);

    void load(const QString& url, const QList<ParamRow>& params);
    /// The user typed in the URL field.
    void setUrl(const QString& url);
    QString url() const { return m_url; }
    /// What RequestSpec::params holds: path values, and query fields that are off.
    QList<ParamRow> params() const;
    int usedCount() const; ///< rows that are on

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void urlEdited(const QString& url); ///< a row changed the URL

private:
    bool isOwn(int row) const override { return isQuery(row); }
    void eraseOwn(int row, int count) override { m_rows.remove(row, count); }
    void moveOwn(int from, int to) override { m_rows.move(from, to); }
    void ownChanged() override { rebuildUrl(); }

    struct Row : ParamRow {
        bool hasEquals = true;
        bool operator==(const Row&) const = default;
    };
    bool isQuery(int row) const;
    QList<Row> rowsFor(const QString& url) const;
    void apply(const QList<Row>& rows);
    void rebuildUrl();
    void rememberPathValues();
    bool change(Row& row, int column, const QString& text);

    QString m_url;
    QList<Row> m_rows;
    QList<ParamRow> m_pathMemory; ///< values of path parameters that were in the URL a moment ago
};

} // namespace kb
