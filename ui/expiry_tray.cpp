// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/expiry_tray.h"

#include "ui/send_as_bar_combo.h"

#include <QApplication>
#include <QIcon>
#include <QMenu>
#include <QPainter>
#include <QSystemTrayIcon>
#include <algorithm>

namespace kb {

namespace {

constexpr int mostTrayRows = 10;
constexpr int trayTicks = 15; ///< a tray need not be told each second

/// The program's own icon, with a dot where a token needs a look.
QIcon iconFor(Tone tone) {
    const QIcon own = QApplication::windowIcon();
    if (tone != Tone::Warn && tone != Tone::Bad) return own;
    QIcon marked;
    for (const int size : {16, 22, 32, 64}) {
        QPixmap picture(size, size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        painter.setRenderHint(QPainter::Antialiasing);
        own.paint(&painter, picture.rect());
        const double dot = size * 0.45;
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme().tone(tone).text);
        painter.drawEllipse(QRectF(size - dot, size - dot, dot, dot));
        marked.addPixmap(picture);
    }
    return marked;
}

} // namespace

QList<TrayRow> trayRows(const Session& session) {
    QList<TrayRow> rows;
    for (const TokenProfile& profile : session.profiles()) {
        const ProfileState* state = session.state(profile.id);
        if (!state || !state->status.secondsLeft) continue;
        rows.append({profile.id, profile.name + QStringLiteral(": ") + profileStateText(state),
                     profileTone(state), *state->status.secondsLeft});
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const TrayRow& a, const TrayRow& b) { return a.secondsLeft < b.secondsLeft; });
    return rows.mid(0, mostTrayRows);
}

ExpiryTray::ExpiryTray(Session& session, QObject* parent)
    : QObject(parent), m_session(session), m_menu(std::make_unique<QMenu>()) {
    connect(m_menu.get(), &QMenu::aboutToShow, this, &ExpiryTray::fillMenu);
    m_soon.setSingleShot(true);
    m_soon.setInterval(200);
    const auto soon = [this] {
        if (!m_soon.isActive()) m_soon.start();
    };
    connect(&m_soon, &QTimer::timeout, this, &ExpiryTray::refresh);
    connect(&session, &Session::profilesChanged, this, soon);
    connect(&session, &Session::profileStateChanged, this, soon);
    connect(&session, &Session::ticked, this, [this] {
        // Whether the desktop has a tray is not asked each second.
        if (isEnabled() != m_enabled || ++m_ticks % trayTicks == 0) refresh();
    });
    refresh();
}

ExpiryTray::~ExpiryTray() = default;

bool ExpiryTray::isEnabled() const {
    return m_session.services().settings.value(QStringLiteral("tray/enabled"), true).toBool();
}

void ExpiryTray::setShown(bool on) {
    if (on == (m_icon != nullptr)) return;
    if (!on) {
        delete m_icon;
        m_icon = nullptr;
        return;
    }
    m_tone = Tone::Neutral;
    m_icon = new QSystemTrayIcon(iconFor(m_tone), this);
    fillMenu();
    m_icon->setContextMenu(m_menu.get());
    connect(m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) Q_EMIT openWanted();
    });
    m_icon->show();
}

void ExpiryTray::refresh() {
    m_enabled = isEnabled();
    setShown(m_enabled && QSystemTrayIcon::isSystemTrayAvailable());
    if (!m_icon) return;
    const QList<TrayRow> rows = trayRows(m_session);
    QStringList lines{m_session.workspace().name.isEmpty() ? QStringLiteral("Keybearer")
                                                           : m_session.workspace().name};
    Tone worst = Tone::Neutral;
    for (const TrayRow& row : rows) {
        lines.append(row.text);
        if (row.tone == Tone::Bad || (row.tone == Tone::Warn && worst != Tone::Bad)) worst = row.tone;
    }
    const QString text = lines.join(u'\n');
    if (m_icon->toolTip() != text) {
        m_icon->setToolTip(text);
        if (!m_menu->isVisible()) fillMenu(); // some desktops show it without asking
    }
    if (worst == m_tone) return;
    m_tone = worst;
    m_icon->setIcon(iconFor(worst));
}

void ExpiryTray::fillMenu() {
    m_menu->clear();
    const QList<TrayRow> rows = trayRows(m_session);
    for (const TrayRow& row : rows)
        m_menu->addAction(row.text, this, [this, id = row.profileId] { Q_EMIT profileChosen(id); });
    if (rows.isEmpty()) m_menu->addAction(tr("No token has an end that is known"))->setEnabled(false);
    m_menu->addSeparator();
    m_menu->addAction(tr("Show Keybearer"), this, &ExpiryTray::openWanted);
    m_menu->addAction(tr("Quit"), this, &ExpiryTray::quitWanted);
}

} // namespace kb
