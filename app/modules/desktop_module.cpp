// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>

// A desktop notification (org.freedesktop.Notifications). Where no service answers, nothing happens.
extern "C" Q_DECL_EXPORT void kbNotify(const QString& title, const QString& text) {
    QDBusMessage call = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
        QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
    call << QStringLiteral("Keybearer") << 0U << QStringLiteral("keybearer") << title << text << QStringList()
         << QVariantMap() << -1;
    QDBusConnection::sessionBus().send(call);
}
