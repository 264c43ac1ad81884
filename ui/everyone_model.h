// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"
#include "core/run/run.h"

#include <QAbstractTableModel>

namespace kb {

/// One request as each identity: who gets in, who does not, and why.
class EveryoneModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Who, Expected, Status, Verdict, Answer, Why, ColumnCount };

    struct Row {
        QString profileId; ///< empty: anonymous
        QString name;
        bool done = false;
        int status = 0; ///< 0: no answer
        double milliseconds = 0;
        qsizetype size = 0;
        QByteArray digest; ///< of the body, to tell equal answers
        QString why;       ///< the doctor's word, or why nothing came
        Observation seen;
        QStringList holdsOf = {}; ///< the ids of those whose markers the answer holds
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setIdentities(const QList<std::pair<QString, QString>>& idsAndNames);
    /// `object`: whose object was asked for, by its value in the path. `meant`: what the user's rules say
    /// that the answer means. `markers`: texts that only one identity's objects hold, by its id.
    void setResult(int row, const RunResult& result, const QString& object = {},
                   const std::shared_ptr<const OutcomeRule>& meant = nullptr,
                   const QMap<QString, QStringList>& markers = {});
    /// The same as a row of the access matrix: what is expected, and what that makes of it. The results stand
    /// in the order of `columns`, which are the ids of the rows' profiles.
    void setRecord(RunRecord record, const QStringList& columns);
    bool isJudged() const { return !m_columns.isEmpty(); }
    const CellResult* resultOf(const QString& profileId) const;
    const QList<Row>& rows() const { return m_rows; }
    /// "3 get in, 2 do not": of those that got an answer.
    QString summary() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textAt(const Row& row, int number, int column) const;
    QString tipAt(const Row& row, int column) const;
    QString sameAs(int row) const;
    QList<Row> m_rows;
    RunRecord m_record;
    QStringList m_columns; ///< the profile of each of the record's results
};

} // namespace kb
