// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/matrix_model.h"

#include <QSet>
#include <QSortFilterProxyModel>

namespace kb {

/// Shows the rows that fit each word of a text and have a cell of the kind that is looked for. A method's
/// name is that method, "tag:x" a tag that holds x, any other word a part of the method or path; a whole
/// tag's name will do. Rows move when they are sorted or judged, not while a run fills them.
class MatrixFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    enum class Kind {
        All,
        Findings,
        Bypass,
        OverRestricted,
        Suspect,
        Error,
        Undecided,
        NotProven,
        Changed,
        ChangedSinceLast,
        Unsafe,
        Pass,
        Waived
    };
    explicit MatrixFilter(QObject* parent = nullptr);
    void setText(const QString& text);
    void setKind(Kind kind);
    // Rows are those of the model.
    bool isOpen(int row) const;
    /// Folds or unfolds a group, or the bindings of an operation.
    void toggle(int row);
    void reveal(int row); ///< unfolds what keeps it out of sight
    void showAllBindings(bool all);
    void forgetFolds(); ///< of a document that is another one now
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    /// By what the operation needs in the first column, else by how bad the column's cell is.
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    const MatrixModel& source() const;
    bool isFolded(int row) const;
    bool isLookedFor(int row, const QModelIndex& parent) const;
    bool fitsText(int row) const;
    QString m_text;
    QStringList m_methods, m_tags, m_words;
    Kind m_kind = Kind::All;
    QSet<QString> m_closed; ///< groups
    QSet<int> m_open;       ///< operations whose bindings are all shown
    bool m_allBindings = false;
};

} // namespace kb
