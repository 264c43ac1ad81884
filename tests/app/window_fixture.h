// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/lazy_history.h"
#include "app/lazy_keychain.h"
#include "app/lazy_practice.h"
#include "app/module.h"
#include "io/files/draft_store.h"
#include "io/files/folder_watch.h"
#include "io/files/grant_lock.h"
#include "io/files/profile_timeline.h"
#include "io/files/settings.h"
#include "io/files/workspace_store.h"
#include "io/judge/process_judge.h"
#include "io/keychain/memory_store.h"
#include "io/network/curl_transport.h"
#include "tests/support/grant_fakes.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QtTest>

namespace kb {

/// The whole window on real parts: the transport, the keychain, files, the practice API. A browser is not
/// started; the test stands for it.
class WindowFixture {
public:
    explicit WindowFixture(quint16 practicePort = 0)
        : settings(folder.filePath(QStringLiteral("settings.ini"))) {
        settings.setValue(QStringLiteral("workspace/practice"), practiceFolder());
        UiServices services{transport,
                            keychain,
                            memory,
                            workspaces,
                            settings,
                            clock,
                            practice,
                            [this](const QString& title, const QString& text) {
                                notifications << title + QStringLiteral(": ") + text;
                            }};
        services.lock = &lock;
        services.listener = &listener;
        services.browser = &browser;
        services.history = &history;
        services.judge = &judge;
        services.timeline = &timeline;
        services.watch = &watch;
        services.drafts = &drafts;
        services.practicePort = practicePort;
        session = std::make_unique<Session>(std::move(services));
    }
    QString practiceFolder() const { return folder.filePath(QStringLiteral("practice")); }
    void open() {
        window = std::make_unique<MainWindow>(*session);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
    }

    /// On the practice API, with every profile's secret read.
    void openOnPractice() {
        QVERIFY(session->openPractice(practiceFolder()));
        open();
        QTRY_VERIFY_WITH_TIMEOUT(
            session->state("practice-api-key") && session->state("practice-api-key")->facts, 10000);
    }

    QTemporaryDir folder;
    FileSettings settings;
    SystemClock clock;
    CurlTransport transport;
    LazyKeychain keychain;
    MemoryStore memory;
    FileWorkspaceStore workspaces;
    LazyPractice practice;
    FileGrantLock lock{folder.filePath(QStringLiteral("locks"))};
    LazyHistory history{folder.filePath(QStringLiteral("history.sqlite"))};
    FileFolderWatch watch;
    FileDraftStore drafts{folder.filePath(QStringLiteral("drafts"))};
    ProcessJudge judge{helperProgram(QStringLiteral("keybearer-judge"))};
    FileProfileTimeline timeline{folder.filePath(QStringLiteral("timelines"))};
    kbtest::FakeListener listener;
    kbtest::FakeBrowser browser;
    QStringList notifications;
    std::unique_ptr<Session> session;
    std::unique_ptr<MainWindow> window;
};

} // namespace kb
