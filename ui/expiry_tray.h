// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"
#include "ui/theme.h"

#include <QTimer>

class QMenu;
class QSystemTrayIcon;

namespace kb {

/// What the tray says of one profile.
struct TrayRow {
    QString profileId;
    QString text; ///< "Reader: valid 12:41"
    Tone tone = Tone::Neutral;
    double secondsLeft = 0;
};
/// The profiles whose tokens end, the most urgent first. At most ten.
QList<TrayRow> trayRows(const Session& session);

/// Keybearer in the desktop's tray, where it has one: which tokens end next, seen without the window.
/// Switched on and off by the setting "tray/enabled".
class ExpiryTray final : public QObject {
    Q_OBJECT
public:
    explicit ExpiryTray(Session& session, QObject* parent = nullptr);
    ~ExpiryTray() override;
    const QSystemTrayIcon* icon() const { return m_icon; } ///< nullptr while it is not shown
    QMenu& menu() { return *m_menu; }
    void refresh();

Q_SIGNALS:
    void profileChosen(const QString& profileId);
    void openWanted();
    void quitWanted();

private:
    void fillMenu();
    void setShown(bool on);
    bool isEnabled() const;

    Session& m_session;
    QSystemTrayIcon* m_icon = nullptr;
    std::unique_ptr<QMenu> m_menu;
    QTimer m_soon; ///< many states change at once when a workspace opens
    bool m_enabled = false;
    Tone m_tone = Tone::Neutral;
    int m_ticks = 0;
};

} // namespace kb
