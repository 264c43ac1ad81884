// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/workspace/environment.h"

#include <QDialog>
#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace kb {

class SecretEdit;

/// Asks for a secret variable: its name, its value, and where it may go. Leaves the value in force where none
/// is typed.
class SecretVariableDialog final : public QDialog {
    Q_OBJECT
public:
    explicit SecretVariableDialog(const SecretVariable& variable, QWidget* parent = nullptr);
    void proposeValue(const QString& value); ///< of a plain variable that is to become secret

    SecretVariable variable() const;
    std::optional<Secret> value() const;
    void showProblem(const QString& text);

Q_SIGNALS:
    void saveRequested();

private:
    SecretVariable m_variable;
    QLineEdit* m_name;
    SecretEdit* m_value;
    QPlainTextEdit* m_origins;
    QCheckBox* m_memory;
    QLabel* m_problem;
};

} // namespace kb
