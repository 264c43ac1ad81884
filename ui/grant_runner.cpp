// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/grant_runner.h"

#include "ui/login_dialog.h"

namespace kb {

GrantRunner::GrantRunner(Session& session, QWidget& over)
    : QObject(&over), m_session(session), m_over(over) {}

GrantRunner::~GrantRunner() {
    if (!m_dialog) return;
    // The login ends with this: its dialog has nothing left to wait for.
    m_dialog->disconnect(this);
    m_dialog->deleteLater();
}

void GrantRunner::run(const QString& profileId, GrantOperation::Kind kind,
                      std::function<void(const GrantAnswer&)> done, const QString& tryOldAt,
                      const StepUp& stepUp) {
    if (m_operation) return;
    const auto ended = [this, profileId, done](const Result<GrantOutcome>& outcome) {
        GrantAnswer answer;
        if (outcome) {
            answer.note = outcome->note;
            answer.findings = outcome->findings;
            answer.introspection = outcome->introspection;
            answer.oldToken = outcome->oldToken;
            answer.userinfo = outcome->userinfo;
        } else {
            answer.error = outcome.error();
        }
        // Posted: this runs inside the operation, which end() lets go.
        QMetaObject::invokeMethod(
            this,
            [this, profileId, done, answer] {
                end();
                m_session.reloadProfile(profileId);
                done(answer);
            },
            Qt::QueuedConnection);
    };
    m_operation = m_session.runGrant(profileId, kind, view(), ended, tryOldAt, stepUp);
    if (!m_operation)
        return ended(fail(ErrorCode::Unsupported, tr("This profile's token cannot be renewed here.")));
    Q_EMIT busyChanged();
}

void GrantRunner::end() {
    m_operation.reset();
    if (m_dialog) m_dialog->accept();
    Q_EMIT busyChanged();
}

void GrantRunner::show(LoginDialog* dialog) {
    m_dialog = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::rejected, this, [this] {
        end();
        Q_EMIT givenUp();
    });
    dialog->open();
}

LoginView GrantRunner::view() {
    LoginView made;
    const QPointer<GrantRunner> self(this);
    made.browser = [self](const QString& url, bool opened) {
        if (self) self->show(LoginDialog::forBrowser(url, opened, self->m_over.window()));
    };
    made.device = [self](const QString& code, const QString& url, const QString& complete) {
        if (!self) return;
        const auto& qr = self->m_session.services().qrCode;
        self->show(LoginDialog::forDevice(code, url, complete,
                                          qr ? qr(complete.isEmpty() ? url : complete) : QList<QByteArray>(),
                                          self->m_over.window()));
    };
    return made;
}

} // namespace kb
