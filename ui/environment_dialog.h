// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QDialogButtonBox;
class QTableWidget;

namespace kb {

class OutsideChange;

/// Edits the variables of the workspace's environments.
class EnvironmentDialog final : public QDialog {
    Q_OBJECT
public:
    explicit EnvironmentDialog(Session& session, QWidget* parent = nullptr);

private:
    void load();
    void fill(const Environment& environment);
    void lookOutside();
    bool store();
    void addEnvironment();
    void removeEnvironment();
    void warnOfSecrets();
    void showSecrets();
    void editSecret(const SecretVariable& variable, const QString& value = {});
    void makeSecret();
    void changeSecret();
    void removeSecret();
    void chooseColour();
    void showColour();
    Environment shown() const;

    Session& m_session;
    QString m_name;
    Environment m_base; ///< what the edit began with
    bool m_saving = false;
    OutsideChange* m_outside;
    QDialogButtonBox* m_buttons;
    QComboBox* m_which;
    QComboBox* m_kind;
    QComboBox* m_extends;
    QLineEdit* m_dotEnv;
    QPushButton* m_colour;
    QString m_colourName;
    QTableWidget* m_table;
    QTableWidget* m_secrets;
    QLabel* m_problem;
};

} // namespace kb
