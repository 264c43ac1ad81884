// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace kb {

/// What an authorization server keeps of a profile's client (RFC 7592): shown, and its name and scopes
/// changed.
class RegistrationDialog final : public QDialog {
    Q_OBJECT
public:
    RegistrationDialog(Session& session, const QString& profileId, QWidget* parent = nullptr);
    ~RegistrationDialog() override;
    void ask(); ///< nothing is sent before

private:
    void send(const RegistrationChange& change);
    void showKept(const RegistrationView& view);
    void say(const QString& text, bool problem = false);
    RegistrationChange wanted() const;
    void updateButton();

    Session& m_session;
    QString m_id;
    QString m_keptName, m_keptScopes; ///< as the server has them
    QLabel* m_status;
    QTreeWidget* m_list;
    QLineEdit *m_name, *m_scopes;
    QPushButton* m_change;
    HandlePtr m_call;
};

} // namespace kb
