// SPDX-License-Identifier: GPL-3.0-or-later
// Opening workspaces in the window: the list of those that were open, and what the command line or a file
// manager names.
#include "window_fixture.h"

#include "core/interchange/import.h"
#include "ui/import_dialog.h"
#include "ui/notice_bar.h"
#include "ui/recent_workspaces.h"
#include "ui/request_tab.h"
#include "ui/request_tree.h"
#include "ui/request_tree_model.h"

#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QTcpServer>
#include <QTreeView>

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

    /// As many as a large company's API has: all are there, and each key typed leaves exactly those that
    /// match.
    void tenThousandRequestsAreFilteredAsOneTypes() {
        QVERIFY(m->workspaces.create(place("large"), "Large"));
        QMap<QString, QString> all; // names by path
        for (int i = 0; i < 10000; ++i) {
            const QString path = QStringLiteral("part-%1/r%2.yml").arg(QChar(u'a' + i % 26)).arg(i);
            all.insert(path, QStringLiteral("Request %1 of %2").arg(i).arg(i % 7 ? "users" : "Invoices"));
            if (i < 26) QVERIFY(QDir().mkpath(place("large/" + path.section('/', 0, 0))));
            QFile file(place("large/" + path));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("info: {name: " + all.value(path).toUtf8() +
                       ", type: http}\nhttp: {method: GET, url: \"http://127.0.0.1:1/\"}\n");
        }
        QVERIFY(m->session->openWorkspace(place("large")));
        auto* view = m->window->findChild<RequestTree*>()->findChild<QTreeView*>();
        auto* filter = m->window->findChild<RequestTree*>()->findChild<QLineEdit*>();
        // What the tree has, and which of it is unfolded.
        QStringList has, unfolded;
        const std::function<void(const QModelIndex&)> walk = [&](const QModelIndex& parent) {
            for (int row = 0; row < view->model()->rowCount(parent); ++row) {
                const QModelIndex index = view->model()->index(row, 0, parent);
                const QString path = index.data(RequestTreeModel::PathRole).toString();
                if (!index.data(RequestTreeModel::IsFolderRole).toBool())
                    has.append(path);
                else if (view->isExpanded(index))
                    unfolded.append(path);
                walk(index);
            }
        };
        const auto look = [&] {
            has.clear();
            unfolded.clear();
            walk({});
            has.sort();
        };
        look();
        QCOMPARE(has, all.keys());
        view->expand(view->model()->index(3, 0));
        look();
        const QStringList before = unfolded;
        QVERIFY(before.size() >= 1 && before.size() <= 2); // that one, and the open request's
        QString typed;
        for (const QChar key : QStringLiteral("77 OF inv")) {
            QTest::keyClick(filter, key.toLatin1());
            typed += key;
            QStringList wanted;
            for (auto it = all.cbegin(); it != all.cend(); ++it)
                if (it.value().contains(typed, Qt::CaseInsensitive)) wanted.append(it.key());
            look();
            QCOMPARE(has, wanted);
            QVERIFY(!wanted.isEmpty() && wanted.size() < all.size());
            QCOMPARE(unfolded.size(), view->model()->rowCount()); // what was found is seen
        }
        filter->setText("PART-Q"); // a folder is found with what is in it
        look();
        QCOMPARE(has, all.keys().filter(QRegularExpression("^part-q/")));
        filter->setText("nothing like it");
        QCOMPARE(view->model()->rowCount(), 0);
        filter->clear();
        look();
        QCOMPARE(has, all.keys());
        QCOMPARE(unfolded, before);
    }

    /// What is kept by address is found again at the next start of the practice API, or of the program.
    void thePracticeApiKeepsItsAddress() {
        QTcpServer taken;
        // Below those that systems give out by themselves, so that no other test is given it meanwhile.
        quint16 port = quint16(20000 + QCoreApplication::applicationPid() % 8000);
        while (!taken.listen(QHostAddress::LocalHost, port))
            ++port;
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
        m->session->services().readImport = [&](const QStringList& paths) {
            const QString path = paths.value(0);
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
