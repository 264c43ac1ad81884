// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profile_timeline_dialog.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace kb {

QString profileEventSign(ProfileEvent::Kind kind) {
    switch (kind) {
    case ProfileEvent::Kind::Obtained:
        return QStringLiteral("＋");
    case ProfileEvent::Kind::Refreshed:
        return QStringLiteral("↻");
    case ProfileEvent::Kind::Used:
        return QStringLiteral("✓");
    case ProfileEvent::Kind::Refused:
        return QStringLiteral("✕");
    case ProfileEvent::Kind::Revoked:
        return QStringLiteral("⊘");
    case ProfileEvent::Kind::Rotated:
        return QStringLiteral("⇄");
    case ProfileEvent::Kind::Asked:
        return QStringLiteral("?");
    case ProfileEvent::Kind::Trouble:
        return QStringLiteral("!");
    }
    return {};
}

QString profileEventTime(const ProfileEvent& event) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(event.seconds * 1000));
    const QString clock = QLocale().toString(time.time(), QStringLiteral("HH:mm:ss"));
    if (time.date() == QDate::currentDate()) return clock;
    return QLocale().toString(time.date(), QLocale::ShortFormat) + u' ' + clock;
}

ProfileTimelineDialog::ProfileTimelineDialog(Session& session, const QString& profileId, QWidget* parent)
    : QDialog(parent), m_session(session), m_id(profileId) {
    const TokenProfile* profile = session.workspace().profile(profileId);
    setWindowTitle(tr("Timeline of %1").arg(profile ? profile->name : QString()));
    m_list = new QTreeWidget(this);
    m_list->setAccessibleName(tr("Timeline"));
    m_list->setHeaderLabels({tr("When"), tr("What"), tr("Environment"), tr("Details")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    auto* note = new QLabel(tr("Kept on this computer, without secrets, and not in the workspace. What is "
                               "oldest goes by itself. With the history switched off, nothing is kept."),
                            this);
    note->setWordWrap(true);
    note->setProperty("muted", true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_delete = buttons->addButton(tr("Delete timeline"), QDialogButtonBox::ResetRole);
    connect(m_delete, &QPushButton::clicked, this, [this] { m_session.clearEvents(m_id); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&session, &Session::profileEventsChanged, this, [this](const QString& id) {
        if (id == m_id) refresh();
    });
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_list);
    layout->addWidget(note);
    layout->addWidget(buttons);
    resize(720, 460);
    refresh();
}

void ProfileTimelineDialog::refresh() {
    m_list->clear();
    QList<QTreeWidgetItem*> rows;
    for (const ProfileEvent& event : m_session.events(m_id)) {
        auto* row = new QTreeWidgetItem(
            {profileEventTime(event), profileEventTitle(event.kind), event.environment, event.text});
        row->setToolTip(3, event.text.toHtmlEscaped());
        rows << row;
    }
    m_list->addTopLevelItems(rows);
    for (int column = 0; column < 3; ++column)
        m_list->resizeColumnToContents(column);
    m_delete->setEnabled(!rows.isEmpty());
}

} // namespace kb
