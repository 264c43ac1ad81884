// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"

#include <QAbstractTableModel>

namespace kb {

/// One request as each identity: who gets in, who does not, and why.
class EveryoneModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Who, Status, Answer, Why, ColumnCount };

    struct Row {
        QString profileId; ///< empty: anonymous
        QString name;
        bool done = false;
        int status = 0; ///< 0: no answer
        double milliseconds = 0;
        qsizetype size = 0;
        QByteArray digest; ///< of the body, to tell equal answers
        QString why;       ///< the doctor's word, or why nothing came
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setIdentities(const QList<std::pair<QString, QString>>& idsAndNames);
    void setResult(int row, const RunResult& result);
    const QList<Row>& rows() const { return m_rows; }
    /// "3 get in, 2 do not": of those that got an answer.
    QString summary() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textAt(const Row& row, int number, int column) const;
    QString sameAs(int row) const;
    QList<Row> m_rows;
};

} // namespace kb
