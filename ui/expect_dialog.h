// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/matrix_settings.h"
#include "ui/matrix_details.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;

namespace kb {

/// What is expected of a cell, its row or its column, said by hand and with a reason.
class ExpectDialog final : public QDialog {
    Q_OBJECT
public:
    /// `cell`, `row` and `column` name what the mark would be on; `now` is what is expected so far.
    ExpectDialog(const QString& cell, const QString& row, const QString& column, Expect now,
                 QWidget* parent = nullptr);
    MatrixDetails::Scope scope() const;
    /// Nothing: what marks there are is taken away, and the rules and the document decide.
    std::optional<Expect> expectation() const;
    QString reason() const;

private:
    QComboBox *m_scope, *m_expect;
    QLineEdit* m_reason;
};

/// A finding that is known and borne for a while.
class WaiveDialog final : public QDialog {
    Q_OBJECT
public:
    /// `finding` is the id of the cause the cell belongs to, empty where it belongs to none; `cell` names the
    /// cell; `until` is proposed as the end.
    WaiveDialog(const QString& cell, const QString& finding, const QDate& until, QWidget* parent = nullptr);
    /// Without its cell where the whole finding was chosen.
    MatrixWaiver waiver(const QString& cellId) const;

private:
    void refresh();
    QString m_finding;
    QComboBox* m_what;
    QLineEdit *m_reason, *m_author, *m_until;
    QLabel* m_trouble;
};

} // namespace kb
