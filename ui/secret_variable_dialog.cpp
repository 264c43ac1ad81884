// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/secret_variable_dialog.h"

#include "ui/secret_edit.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace kb {

SecretVariableDialog::SecretVariableDialog(const SecretVariable& variable, QWidget* parent)
    : QDialog(parent),
      m_variable(variable),
      m_name(new QLineEdit(variable.name, this)),
      m_value(new SecretEdit(this)),
      m_origins(new QPlainTextEdit(variable.allowedOrigins.join(u'\n'), this)),
      m_memory(new QCheckBox(tr("Keep it only until Keybearer ends"), this)),
      m_problem(new QLabel(this)) {
    setWindowTitle(tr("Secret variable"));
    resize(460, 320);
    m_name->setAccessibleName(tr("Name"));
    m_name->setReadOnly(!variable.name.isEmpty());
    m_value->setRaw(true);
    m_value->setAccessibleName(tr("Value"));
    m_value->setPlaceholderText(variable.secret.isEmpty() ? QString()
                                                          : tr("Kept. Type a new one to replace it."));
    m_origins->setAccessibleName(tr("May go to"));
    m_origins->setPlaceholderText(tr("One a line, such as https://api.example.com"));
    m_origins->setTabChangesFocus(true);
    m_memory->setChecked(variable.storage == SecretStorage::Memory);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Value"), m_value);
    form->addRow(tr("May go to"), m_origins);
    form->addRow(QString(), m_memory);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (m_name->text().trimmed().isEmpty()) return showProblem(tr("A variable needs a name."));
        if (m_value->isEmptySecret() && m_variable.secret.isEmpty())
            return showProblem(tr("Type the value that is to be kept."));
        Q_EMIT saveRequested();
    });
}

void SecretVariableDialog::proposeValue(const QString& value) {
    m_value->setText(value);
}

SecretVariable SecretVariableDialog::variable() const {
    SecretVariable variable = m_variable;
    variable.name = m_name->text().trimmed();
    variable.storage = m_memory->isChecked() ? SecretStorage::Memory : SecretStorage::Keychain;
    variable.allowedOrigins.clear();
    for (const QString& line : m_origins->toPlainText().split(u'\n', Qt::SkipEmptyParts))
        if (!line.trimmed().isEmpty()) variable.allowedOrigins.append(line.trimmed());
    return variable;
}

std::optional<Secret> SecretVariableDialog::value() const {
    return m_value->isEmptySecret() ? std::nullopt : std::optional(m_value->copy());
}

void SecretVariableDialog::showProblem(const QString& text) {
    m_problem->setText(text);
}

} // namespace kb
