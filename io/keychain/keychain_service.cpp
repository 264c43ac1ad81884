// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/keychain_service.h"

#include <QCoreApplication>
#include <QObject>

#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>
#endif

namespace kb {

namespace {

struct KeychainServiceText {
    Q_DECLARE_TR_FUNCTIONS(KeychainService)
};

#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)

const QString service = QStringLiteral("org.freedesktop.secrets");
constexpr int answerMs = 5000;

QString nameOfProcess(uint pid) {
    QFile file(QStringLiteral("/proc/%1/comm").arg(pid));
    const QByteArray name = file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
    if (name.startsWith("gnome-keyring")) return QStringLiteral("GNOME Keyring");
    if (name.startsWith("kwalletd") || name.startsWith("ksecretd")) return QStringLiteral("KWallet");
    if (name.startsWith("keepassxc")) return QStringLiteral("KeePassXC");
    return KeychainServiceText::tr("Secret Service");
}

/// The chain of questions to the Secret Service: the default collection, whether it is locked, whose process
/// it is.
class Probe final : public QObject, public Handle {
public:
    explicit Probe(std::function<void(StoreState)> done) : m_done(std::move(done)) {
        if (!m_bus.isConnected()) {
            QMetaObject::invokeMethod(
                this, [this] { unavailable(); }, Qt::QueuedConnection);
            return;
        }
        QDBusMessage alias = QDBusMessage::createMethodCall(
            service, QStringLiteral("/org/freedesktop/secrets"),
            QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("ReadAlias"));
        alias << QStringLiteral("default");
        ask(alias, [this](const QDBusMessage& answer) {
            if (answer.type() == QDBusMessage::ErrorMessage) return failed(answer);
            const auto path = qvariant_cast<QDBusObjectPath>(answer.arguments().value(0));
            if (path.path() == QLatin1String("/"))
                return finish(StoreState::Kind::Available); // made at the first write
            askLocked(path.path());
        });
    }

private:
    void ask(const QDBusMessage& question, std::function<void(const QDBusMessage&)> next) {
        auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(question, answerMs), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, next = std::move(next)] {
            watcher->deleteLater();
            next(watcher->reply());
        });
    }
    void askLocked(const QString& path) {
        QDBusMessage locked = QDBusMessage::createMethodCall(
            service, path, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
        locked << QStringLiteral("org.freedesktop.Secret.Collection") << QStringLiteral("Locked");
        ask(locked, [this](const QDBusMessage& answer) {
            if (answer.type() == QDBusMessage::ErrorMessage) return failed(answer);
            const bool isLocked = qvariant_cast<QDBusVariant>(answer.arguments().value(0)).variant().toBool();
            finish(isLocked ? StoreState::Kind::Locked : StoreState::Kind::Available);
        });
    }
    void failed(const QDBusMessage& answer) {
        if (answer.errorName() != QLatin1String("org.freedesktop.DBus.Error.NoReply")) return unavailable();
        answered({StoreState::Kind::Unavailable,
                  {},
                  KeychainServiceText::tr(
                      "The keychain service does not answer. Wait, or restart it, then look again.")});
    }
    void unavailable() {
        answered({StoreState::Kind::Unavailable,
                  {},
                  KeychainServiceText::tr(
                      "There is no keychain service. Start GNOME Keyring or KWallet, or keep secrets in "
                      "memory only.")});
    }
    void finish(StoreState::Kind kind) {
        QDBusMessage owner = QDBusMessage::createMethodCall(
            QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
            QStringLiteral("org.freedesktop.DBus"), QStringLiteral("GetConnectionUnixProcessID"));
        owner << service;
        ask(owner, [this, kind](const QDBusMessage& answer) {
            const QString name = answer.type() == QDBusMessage::ErrorMessage
                                     ? KeychainServiceText::tr("Secret Service")
                                     : nameOfProcess(answer.arguments().value(0).toUInt());
            answered({kind, name,
                      kind == StoreState::Kind::Locked
                          ? KeychainServiceText::tr(
                                "The keychain is locked. Unlock it in the desktop, then look again.")
                          : QString()});
        });
    }
    void answered(const StoreState& state) {
        const std::function<void(StoreState)> done = std::move(m_done);
        if (done) done(state); // may delete this object
    }

    QDBusConnection m_bus = QDBusConnection::sessionBus();
    std::function<void(StoreState)> m_done;
};

#else

/// The keychains of macOS and Windows are part of the system.
class Probe final : public QObject, public Handle {
public:
    explicit Probe(std::function<void(StoreState)> done) {
#ifdef Q_OS_WIN
        const QString name = QStringLiteral("Windows Credential Manager");
#else
        const QString name = QStringLiteral("macOS Keychain");
#endif
        QMetaObject::invokeMethod(
            this,
            [name, done = std::move(done)] {
                done({StoreState::Kind::Available, name, {}});
            },
            Qt::QueuedConnection);
    }
};

#endif

} // namespace

HandlePtr probeKeychainService(std::function<void(StoreState)> done) {
    return std::make_unique<Probe>(std::move(done));
}

} // namespace kb
