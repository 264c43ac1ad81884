// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace kb {

/// This machine's preferences: look, language, proxy, notifications.
class SettingsDialog final : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(Session& session, QWidget* parent = nullptr);

private:
    void check();
    QWidget* historyLimits();
    void store();

    Session& m_session;
    QComboBox* m_theme;
    QComboBox* m_language;
    QComboBox* m_proxy;
    QLineEdit* m_proxyUrl;
    QCheckBox* m_notify;
    QCheckBox* m_tray;
    QCheckBox* m_history;
    QLabel* m_problem;
};

} // namespace kb
