// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/expect_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

namespace {

/// The form above, the buttons below.
QDialogButtonBox* frame(QDialog* dialog, QFormLayout* form) {
    auto* layout = new QVBoxLayout(dialog);
    layout->addLayout(form);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
    layout->addWidget(buttons);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

} // namespace

ExpectDialog::ExpectDialog(const QString& cell, const QString& row, const QString& column, Expect now,
                           QWidget* parent)
    : QDialog(parent),
      m_scope(new QComboBox(this)),
      m_expect(new QComboBox(this)),
      m_reason(new QLineEdit(this)) {
    setWindowTitle(tr("What is expected"));
    setMinimumWidth(460);
    m_scope->addItem(tr("This cell: %1").arg(cell), int(MatrixDetails::Scope::Cell));
    m_scope->addItem(tr("The row: %1").arg(row), int(MatrixDetails::Scope::Row));
    m_scope->addItem(tr("The column: %1").arg(column), int(MatrixDetails::Scope::Column));
    for (const Expect expect : {Expect::Allow, Expect::DenyAuthn, Expect::DenyAuthz, Expect::Deny,
                                Expect::Conceal, Expect::Unknown, Expect::NotApplicable})
        m_expect->addItem(MatrixDetails::expectationText(expect), int(expect));
    m_expect->addItem(tr("what the rules and the document say"));
    // Of what nobody decided yet, what is suggested.
    m_expect->setCurrentIndex(m_expect->findData(int(now == Expect::Unknown ? Expect::Conceal : now)));
    m_reason->setPlaceholderText(tr("Why, for those who read it later"));
    auto* form = new QFormLayout;
    const std::pair<QString, QWidget*> rows[] = {
        {tr("For"), m_scope}, {tr("Expected"), m_expect}, {tr("Reason"), m_reason}};
    for (const auto& [text, field] : rows) {
        field->setAccessibleName(text);
        form->addRow(text, field);
    }
    frame(this, form);
    m_expect->setFocus();
}

MatrixDetails::Scope ExpectDialog::scope() const {
    return static_cast<MatrixDetails::Scope>(m_scope->currentData().toInt());
}

std::optional<Expect> ExpectDialog::expectation() const {
    const QVariant chosen = m_expect->currentData();
    return chosen.isValid() ? std::optional(static_cast<Expect>(chosen.toInt())) : std::nullopt;
}

QString ExpectDialog::reason() const {
    return m_reason->text().trimmed();
}

WaiveDialog::WaiveDialog(const QString& cell, const QString& finding, const QDate& until, QWidget* parent)
    : QDialog(parent),
      m_finding(finding),
      m_what(new QComboBox(this)),
      m_reason(new QLineEdit(this)),
      m_author(new QLineEdit(qEnvironmentVariable("USER", qEnvironmentVariable("USERNAME")), this)),
      m_until(new QLineEdit(until.toString(Qt::ISODate), this)),
      m_trouble(new QLabel(this)) {
    setWindowTitle(tr("Waive a finding"));
    setMinimumWidth(460);
    if (!finding.isEmpty()) m_what->addItem(tr("All of the finding: %1").arg(finding), true);
    m_what->addItem(tr("This cell: %1").arg(cell), false);
    m_reason->setPlaceholderText(tr("Why it is borne: an issue's number, an agreement"));
    auto* form = new QFormLayout;
    const std::pair<QString, QWidget*> rows[] = {{tr("What"), m_what},
                                                 {tr("Reason"), m_reason},
                                                 {tr("Who says so"), m_author},
                                                 {tr("Until, as 2030-01-31"), m_until}};
    for (const auto& [text, field] : rows) {
        field->setAccessibleName(text);
        form->addRow(text, field);
    }
    form->addRow(m_trouble);
    QDialogButtonBox* buttons = frame(this, form);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Waive"));
    connect(m_reason, &QLineEdit::textChanged, this, &WaiveDialog::refresh);
    connect(m_until, &QLineEdit::textChanged, this, &WaiveDialog::refresh);
    m_reason->setFocus();
    refresh();
}

void WaiveDialog::refresh() {
    QString trouble;
    if (m_reason->text().trimmed().isEmpty())
        trouble = tr("A waiver needs a reason.");
    else if (const MatrixWaiver made = waiver({}); !made.expires.isEmpty() && !waiverEnd(made).isValid())
        trouble = tr("\"%1\" is no date. Write it as 2030-01-31.").arg(made.expires);
    m_trouble->setText(trouble);
    findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->setEnabled(trouble.isEmpty());
}

MatrixWaiver WaiveDialog::waiver(const QString& cellId) const {
    const bool all = m_what->currentData().toBool();
    return {all ? QString() : cellId, m_reason->text().trimmed(), m_author->text().trimmed(),
            m_until->text().trimmed(), all ? m_finding : QString()};
}

} // namespace kb
