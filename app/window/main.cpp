// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hardening.h"
#include "app/language.h"
#include "app/lazy_history.h"
#include "app/lazy_keychain.h"
#include "app/lazy_listener.h"
#include "app/lazy_practice.h"
#include "app/lazy_transport.h"
#include "app/matrix/document.h"
#include "app/module.h"
#include "app/window/file_open.h"
#include "app/window/one_instance.h"
#include "io/files/draft_store.h"
#include "io/files/folder_watch.h"
#include "io/files/grant_lock.h"
#include "io/files/profile_timeline.h"
#include "io/files/settings.h"
#include "io/files/workspace_store.h"
#include "io/judge/process_judge.h"
#include "io/keychain/memory_store.h"
#include "kb_version.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDesktopServices>
#include <QDir>
#include <QIcon>
#include <QProcess>
#include <QStandardPaths>
#include <QSystemTrayIcon>
#include <QTimer>
#include <QUrl>

namespace {

void notifyDesktop(const QString& title, const QString& text) {
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    const kb::Result<QFunctionPointer> function =
        kb::moduleFunction(QStringLiteral("keybearer-desktop"), "kbNotify");
    if (function) reinterpret_cast<void (*)(const QString&, const QString&)> (*function)(title, text);
#else
    static QSystemTrayIcon tray(QApplication::windowIcon());
    tray.show();
    tray.showMessage(title, text);
#endif
}

QList<QByteArray> qrCode(const QString& text) {
    QList<QByteArray> rows;
    const kb::Result<QFunctionPointer> function =
        kb::moduleFunction(QStringLiteral("keybearer-login"), "kbQrCode");
    if (function) reinterpret_cast<void (*)(const QString&, QList<QByteArray>*)> (*function)(text, &rows);
    return rows;
}

class DesktopBrowser final : public kb::BrowserOpener {
public:
    bool open(const QString& url) override { return QDesktopServices::openUrl(QUrl(url, QUrl::StrictMode)); }
};

/// Few use it, and systems give it to nobody by themselves.
constexpr quint16 practicePort = 28461;

kb::Theme::Mode themeMode(const kb::Settings& settings) {
    const QString name = settings.value(QStringLiteral("appearance/theme")).toString();
    return name == QLatin1String("dark")    ? kb::Theme::Mode::Dark
           : name == QLatin1String("light") ? kb::Theme::Mode::Light
                                            : kb::Theme::Mode::System;
}

QIcon windowIcon() {
    QIcon icon;
    for (const char* file :
         {":/icons/keybearer-16.png", ":/icons/keybearer-32.png", ":/icons/keybearer-64.png"})
        icon.addPixmap(QPixmap(QLatin1String(file), "PNG")); // named, so that no plugin is loaded to find out
    return icon;
}

/// A program of its own: one that hangs or ends takes no other along.
bool openElsewhere(const QString& folder) {
    return QProcess::startDetached(QCoreApplication::applicationFilePath(),
                                   {QStringLiteral("--new-window"), folder});
}

} // namespace

int main(int argc, char** argv) {
    kb::forbidCoreDumps();
    QApplication app(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Keybearer"));
    QApplication::setApplicationVersion(QStringLiteral(KB_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("keybearer"));
    const QString config = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
                           QStringLiteral("/keybearer");
    const QString data =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/keybearer");
    QDir().mkpath(config);
    kb::FileSettings settings(config + QStringLiteral("/settings.ini"));
    const QString practiceFolder = data + QStringLiteral("/practice");
    settings.setValue(QStringLiteral("workspace/practice"), practiceFolder);
    kb::installLanguage(app, settings.value(QStringLiteral("appearance/language")).toString());

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("Main", "An API client with tokens at its heart."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption practice(
        QStringLiteral("practice"),
        QCoreApplication::translate("Main", "Open the practice workspace and its API."));
    parser.addOption(practice);
    parser.addPositionalArgument(
        QStringLiteral("workspace"),
        QCoreApplication::translate("Main",
                                    "A workspace folder, a file of a workspace, or a file to import."),
        QStringLiteral("[path]"));
    const QCommandLineOption newWindow(
        QStringLiteral("new-window"),
        QCoreApplication::translate("Main", "Start anew, though Keybearer is running."));
    parser.addOption(newWindow);
    parser.process(app);
    const QStringList named = parser.positionalArguments();
    const QString place = named.isEmpty() ? QString() : kb::absolutePlace(named.first());
    kb::OneInstance instance(config);
    const bool first = !parser.isSet(newWindow) && instance.isFirst();
    if (!first && !parser.isSet(newWindow) &&
        instance.handOver(parser.isSet(practice) ? practiceFolder : place))
        return 0;
    kb::theme().applyColours(app, themeMode(settings));

    kb::SystemClock clock;
    kb::LazyTransport transport;
    kb::LazyKeychain keychain;
    kb::MemoryStore memory;
    kb::FileWorkspaceStore workspaces;
    kb::LazyPractice practiceApi;
    kb::FileGrantLock grantLock;
    kb::LazyListener listener;
    kb::LazyHistory history(data + QStringLiteral("/history.sqlite"));
    kb::ProcessJudge judge(kb::helperProgram(QStringLiteral("keybearer-judge")));
    kb::FileProfileTimeline timeline(data + QStringLiteral("/timelines"));
    kb::FileFolderWatch watch;
    kb::FileDraftStore drafts(data + QStringLiteral("/drafts"));
    DesktopBrowser browser;
    kb::Session session({transport,       keychain,       memory,      workspaces, settings,  clock,
                         practiceApi,     notifyDesktop,  &grantLock,  &listener,  &browser,  qrCode,
                         kb::readApiFile, kb::readImport, &history,    &judge,     &timeline, &watch,
                         &drafts,         openElsewhere,  practicePort});

    kb::FileOpenEvents fileEvents;
    app.installEventFilter(&fileEvents);

    // The frame stands on the screen while what belongs into it is read and made.
    auto window = std::make_unique<kb::MainWindow>(session, kb::MainWindow::Contents::Later);
    window->show();
    QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
    QApplication::setWindowIcon(windowIcon());

    // A file to import, and what cannot be opened, come into the workspace that was open last.
    const QString namedWorkspace = place.isEmpty() ? QString() : kb::MainWindow::workspaceOf(session, place);
    const QString last = namedWorkspace.isEmpty()
                             ? settings.value(QStringLiteral("workspace/last")).toString()
                             : namedWorkspace;
    const bool openPractice = parser.isSet(practice) || last.isEmpty() || last == practiceFolder;
    kb::Result<void> opened =
        openPractice ? session.openPractice(practiceFolder) : session.openWorkspace(last);
    const std::optional<kb::Error> problem = opened ? std::nullopt : std::optional(opened.error());
    if (!opened && !openPractice) opened = session.openPractice(practiceFolder);

    window->build();
    kb::theme().applySheet(app);
    window->begin();
    if (problem) Q_EMIT session.message(problem->text());
    // With --practice that is what is meant, and nothing else.
    if (!place.isEmpty() && !parser.isSet(practice) && !(problem && !namedWorkspace.isEmpty()))
        window->openPlace(place);
    fileEvents.ready([&window](const QString& path) { window->openPlace(path); });
    const auto takeOver = [&](const QString& path) {
        if (window->isMinimized()) window->showNormal();
        window->raise();
        window->activateWindow();
        if (path == practiceFolder) {
            if (const kb::Result<void> done = session.openPractice(path); !done)
                Q_EMIT session.message(done.error().text());
        } else if (!path.isEmpty()) {
            window->openPlace(path);
        }
    };
    // Once the window stands: the module is not needed before.
    if (first) QTimer::singleShot(0, &app, [&] { instance.serve(takeOver); });
    // Another language: the same session in a new window.
    QObject::connect(
        &session, &kb::Session::languageChanged, &app,
        [&](const QString& language) {
            kb::installLanguage(app, language);
            std::unique_ptr<kb::MainWindow> old = std::move(window);
            window = std::make_unique<kb::MainWindow>(session);
            window->takeTabsFrom(*old);
            window->show();
            old.release()->deleteLater();
        },
        Qt::QueuedConnection);
    return QApplication::exec();
}
