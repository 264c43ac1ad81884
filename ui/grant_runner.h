// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QPointer>

namespace kb {

class LoginDialog;

/// What came of an operation on a grant, without its secrets.
struct GrantAnswer {
    std::optional<Error> error;
    QString note;         ///< what was done, a sentence
    QStringList findings; ///< a sentence each
    std::optional<Introspection> introspection;
    std::optional<OldToken> oldToken; ///< of a rotation
    std::optional<Userinfo> userinfo;
};

/// Does one thing at a time with a profile's grant, and shows what a login needs while it waits.
class GrantRunner final : public QObject {
    Q_OBJECT
public:
    /// Its dialogs stand over `over`, which owns it.
    GrantRunner(Session& session, QWidget& over);
    ~GrantRunner() override;
    bool isBusy() const { return m_operation != nullptr; }
    /// `done` comes later, at most once, and not at all where the user gives a login up. Nothing is begun
    /// while another operation is under way.
    void run(const QString& profileId, GrantOperation::Kind kind,
             std::function<void(const GrantAnswer&)> done, const QString& tryOldAt = {},
             const StepUp& stepUp = {});

Q_SIGNALS:
    void busyChanged();
    void givenUp(); ///< the user closed the login

private:
    LoginView view();
    void show(LoginDialog* dialog);
    void end();

    Session& m_session;
    QWidget& m_over;
    HandlePtr m_operation;
    QPointer<LoginDialog> m_dialog;
};

} // namespace kb
