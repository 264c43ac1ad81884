// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace kb {

/// All that is known to have happened to a profile, the newest first; and how to delete it.
class ProfileTimelineDialog final : public QDialog {
    Q_OBJECT
public:
    ProfileTimelineDialog(Session& session, const QString& profileId, QWidget* parent = nullptr);

private:
    void refresh();

    Session& m_session;
    QString m_id;
    QTreeWidget* m_list;
    QPushButton* m_delete;
};

/// A mark for a kind of event, for lists that have no room for its name.
QString profileEventSign(ProfileEvent::Kind kind);
/// When, for people: the time alone today, with the day otherwise.
QString profileEventTime(const ProfileEvent& event);

} // namespace kb
