// SPDX-License-Identifier: GPL-3.0-or-later
// Opening workspaces in the window: the list of those that were open, and what the command line or a file
// manager names.
#include "window_fixture.h"

#include "core/interchange/import.h"
#include "ui/import_dialog.h"
#include "ui/notice_bar.h"
#include "ui/recent_workspaces.h"
#include "ui/request_tab.h"

#include <QListWidget>
#include <QMenu>
#include <QTcpServer>

using namespace kb;

class TestWindowOpen : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;

    QString place(const QString& name) const { return m->folder.filePath(name); }
    QMenu* recent() const {
        for (QMenu* menu : m->window->findChildren<QMenu*>())
            if (menu->title() == "Open recent") {
                Q_EMIT menu->aboutToShow();
                return menu;
            }
        return nullptr;
    }
    static QAction* action(const QMenu* menu, const QString& text) {
        for (QAction* each : menu->actions())
            if (each->text() == text) return each;
        return nullptr;
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        for (const char* name : {"one", "two"})
            QVERIFY(m->workspaces.create(place(name), name));
        QVERIFY(m->session->openWorkspace(place("one")));
        m->open();
    }
    void cleanup() { m.reset(); }

    void theListHasTheNewestFirstAndAtMostTen() {
        QCOMPARE(recentWorkspaces(m->settings), QStringList{place("one")});
        for (int i = 0; i < 11; ++i)
            rememberWorkspace(m->settings, QStringLiteral("/w/%1").arg(i));
        rememberWorkspace(m->settings, "/w/5/"); // again, and written in another way
        const QStringList list = recentWorkspaces(m->settings);
        QCOMPARE(list.size(), 10);
        QCOMPARE(list.first(), "/w/5");
        QCOMPARE(list.last(), "/w/1");
        QVERIFY(m->settings.flush());
        QCOMPARE(recentWorkspaces(FileSettings(place("settings.ini"))), list);
        m->settings.setValue("workspace/recent", QStringList{"relative", "/w/1", "/w/1"});
        QCOMPARE(recentWorkspaces(m->settings), QStringList{"/w/1"});
    }

    void aWorkspaceIsOpenedFromTheListAndAMissingOneIsGreyed() {
        QVERIFY(m->session->openWorkspace(place("two")));
        QVERIFY(QDir(place("two")).removeRecursively());
        QVERIFY(m->session->openPractice(m->practiceFolder())); // not listed: it has its own entry
        QMenu* menu = recent();
        QVERIFY(menu && menu->actions().size() == 4); // two, a line, Clear list
        QVERIFY(!action(menu, place("two"))->isEnabled());
        action(menu, place("one"))->trigger();
        QCOMPARE(m->session->workspace().folder, place("one"));
        QCOMPARE(recentWorkspaces(m->settings), (QStringList{place("one"), place("two")}));
        action(recent(), "Clear list")->trigger();
        QVERIFY(recentWorkspaces(m->settings).isEmpty());
        QVERIFY(!action(recent(), "Clear list")->isEnabled());
    }

    /// What is kept by address is found again at the next start of the practice API, or of the program.
    void thePracticeApiKeepsItsAddress() {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost, 0));
        const quint16 port = taken.serverPort();
        m = std::make_unique<WindowFixture>(port);
        QVERIFY(m->session->openPractice(m->practiceFolder()));
        QVERIFY(QUrl(m->practice.baseUrl()).port() != port); // another program's
        taken.close();
        const QString address = QStringLiteral("http://127.0.0.1:%1").arg(port);
        for (int start = 0; start < 2; ++start) {
            QVERIFY(m->session->openPractice(m->practiceFolder()));
            QCOMPARE(m->practice.baseUrl(), address);
            QCOMPARE(m->session->variables().value("baseUrl"), address);
        }
        m = std::make_unique<WindowFixture>(port);
        QVERIFY(m->session->openPractice(m->practiceFolder()));
        QCOMPARE(m->practice.baseUrl(), address);
    }

    void write(const QString& path, const QByteArray& text) const {
        QDir().mkpath(QFileInfo(place(path)).path());
        QFile file(place(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QString noticeAfter(const QString& path) {
        m->window->openPlace(path);
        return m->window->notice().text();
    }

    void aRequestFileOpensItsWorkspaceAndATab() {
        write("two/sub/some.yml",
              "info:\n  name: Some\n  type: http\nhttp:\n  method: PUT\n  url: http://a.test/\n");
        m->window->openPlace(place("two/sub/some.yml"));
        QCOMPARE(m->session->workspace().folder, place("two"));
        QCOMPARE(m->window->currentTab()->path(), "sub/some.yml");
        m->window->openPlace(place("one/opencollection.yml"));
        QCOMPARE(m->session->workspace().folder, place("one"));
        m->window->openPlace(place("two/sub")); // a folder of a workspace
        QCOMPARE(m->session->workspace().folder, place("two"));
        QVERIFY(!m->window->findChild<ImportDialog*>());
    }

    void aFileThatIsNoWorkspaceIsImported() {
        QString asked;
        m->session->services().readImport = [&](const QString& path) {
            asked = path;
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? importFiles({{path.section('/', -1), file.readAll()}})
                                                  : Result<Imported>(fail(ErrorCode::FileError, "no"));
        };
        const QString file = QStringLiteral(KB_TEST_DATA "/import/insomnia4.json");
        m->window->openPlace(file);
        QCOMPARE(asked, file);
        QVERIFY(m->window->findChild<ImportDialog*>());
        QCOMPARE(m->session->workspace().folder, place("one"));
        // A request torn out of its workspace is said to be one.
        write("alone.yml", "info:\n  name: A\n  type: http\nhttp:\n  method: GET\n  url: http://a.test/\n");
        const QString told = noticeAfter(place("alone.yml"));
        QVERIFY2(told.contains("belongs to no workspace"), qPrintable(told));
    }

    void whatCannotBeOpenedIsSaid() {
        QVERIFY(noticeAfter(place("nowhere")).endsWith("nowhere was not found."));
        QDir().mkpath(place("plain"));
        QVERIFY(noticeAfter(place("plain")).contains("is not a workspace yet"));
        write("broken/opencollection.yml", "info: [\n");
        const QString told = noticeAfter(place("broken"));
        QVERIFY2(told.contains("opencollection.yml"), qPrintable(told));
        QCOMPARE(m->session->workspace().folder, place("one"));
#ifndef Q_OS_WIN
        write("secret.har", "{}");
        QFile::setPermissions(place("secret.har"), {});
        if (!QFileInfo(place("secret.har")).isReadable()) // the superuser can read it all the same
            QVERIFY(noticeAfter(place("secret.har")).contains("cannot be read"));
#endif
    }

    void thePaletteHasThem() {
        QVERIFY(m->session->openWorkspace(place("two")));
        QTest::keyClick(m->window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* edit = qobject_cast<QWidget*>(QApplication::focusWidget());
        QVERIFY(edit);
        QTest::keyClicks(edit, "one");
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(m->session->workspace().folder, place("one"));
        // One that is gone meanwhile is said, and what is open stays.
        QVERIFY(QDir(place("two")).removeRecursively());
        QTest::keyClick(m->window.get(), Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), "two");
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QCOMPARE(m->session->workspace().folder, place("one"));
        QVERIFY2(m->window->notice().text().contains("two"), qPrintable(m->window->notice().text()));
    }
};

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    Theme::instance().apply(app, Theme::Mode::Light);
    TestWindowOpen test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_window_open.moc"
