// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/grant_runner.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace kb {

/// What can be done with an OAuth profile's token, how it lives on, and what happened to a profile of any
/// kind.
class GrantPanel final : public QWidget {
    Q_OBJECT
public:
    explicit GrantPanel(Session& session, QWidget* parent = nullptr);
    ~GrantPanel() override;
    void setProfile(const QString& profileId);

private:
    void refresh();
    void refreshEvents();
    void act(GrantOperation::Kind kind);
    void rotate();
    void say(const GrantAnswer& answer);
    void showSaid();
    struct Rotation; ///< what was found before one
    void afterRotation(const std::shared_ptr<Rotation>& rotation, bool replace);

    Session& m_session;
    QString m_id;
    GrantRunner* m_runner;
    HandlePtr m_reading, m_searching, m_replacing; ///< of a rotation's other places
    QStringList m_said;                            ///< of the operation under way or the last one
    QPushButton *m_refresh, *m_login, *m_revoke, *m_rotate, *m_introspect, *m_userinfo, *m_registration,
        *m_allEvents;
    QLabel *m_life, *m_outcome, *m_eventsHeading, *m_events;
    QWidget* m_buttons;
};

} // namespace kb
