// SPDX-License-Identifier: GPL-3.0-or-later
// The window on a real folder that others write into too: files, drafts, undo.
#include "cli_process.h"
#include "window_fixture.h"

#include "ui/conflict_bar.h"
#include "ui/notice_bar.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

#include <QPushButton>

using namespace kb;

class TestWindowFiles : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;

    QString root() const { return m->folder.filePath("work"); }
    QByteArray read(const QString& path) const {
        QFile file(root() + '/' + path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const QString& path, const QByteArray& text) const {
        QDir().mkpath(QFileInfo(root() + '/' + path).path());
        QFile file(root() + '/' + path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    static QByteArray request(const QByteArray& name, const QByteArray& method, const QByteArray& url) {
        return "# a word of ours\ninfo:\n  name: " + name + "\n  type: http\nhttp:\n  method: " + method +
               "\n  url: " + url + "\n";
    }
    RequestSpec edited(RequestTab* tab, const char* url) {
        RequestSpec spec = tab->editor().spec();
        spec.url = url;
        return spec;
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        QVERIFY(m->workspaces.create(root(), "Work"));
        write("a.yml", request("A", "GET", "http://one.test/"));
        write("b.yml", request("B", "GET", "http://two.test/"));
        QVERIFY(m->session->openWorkspace(root()));
        m->open();
        QTest::qWait(100);
    }
    void cleanup() { m.reset(); }

    void anOutsideChangeIsTakenOver() {
        RequestTab* tab = m->window->openRequest("a.yml");
        write("a.yml", request("A", "POST", "http://three.test/"));
        QTRY_COMPARE_WITH_TIMEOUT(tab->editor().spec().url, "http://three.test/", 5000);
        QVERIFY(!tab->isModified());
    }

    void editsOfOtherValuesAreMerged() {
        RequestTab* tab = m->window->openRequest("a.yml");
        tab->editor().replaceSpec(edited(tab, "http://mine.test/"));
        write("a.yml", request("A", "PUT", "http://one.test/"));
        QTRY_COMPARE_WITH_TIMEOUT(tab->editor().spec().method, "PUT", 5000);
        QCOMPARE(tab->editor().spec().url, "http://mine.test/");
        QVERIFY(!tab->conflict().asks());
        QVERIFY(tab->save({}));
        QVERIFY(read("a.yml").contains("PUT") && read("a.yml").contains("http://mine.test/"));
        QVERIFY(read("a.yml").contains("# a word of ours"));
    }

    void editsOfTheSameValueAreAskedAbout() {
        RequestTab* tab = m->window->openRequest("a.yml");
        tab->editor().replaceSpec(edited(tab, "http://mine.test/"));
        write("a.yml", request("A", "PUT", "http://theirs.test/"));
        QTRY_VERIFY_WITH_TIMEOUT(tab->conflict().asks(), 5000);
        QCOMPARE(tab->editor().spec().url, "http://mine.test/");
        QVERIFY(!tab->save({}));
        QVERIFY(read("a.yml").contains("http://theirs.test/"));
        Q_EMIT tab->conflict().theirsChosen();
        QCOMPARE(tab->editor().spec().url, "http://theirs.test/");
        QVERIFY(!tab->isModified());
        for (QPushButton* button : tab->conflict().findChildren<QPushButton*>())
            if (button->text() == "Put mine back") button->click();
        QVERIFY(tab->conflict().asks());
        QCOMPARE(tab->editor().spec().url, "http://mine.test/");
        Q_EMIT tab->conflict().mineChosen();
        QVERIFY(tab->save({}));
        QVERIFY(read("a.yml").contains("http://mine.test/") && read("a.yml").contains("PUT"));
    }

    /// Any file may be an environment's .env file, and its values are taken over when it changes outside.
    void aDotEnvFileOfAnyNameIsFollowed() {
        const auto token = [&] { return m->session->variables().value("TOKEN"); };
        write("local/values.txt", "TOKEN=one\n");
        write("environments/dev.yml", "name: Dev\ndotEnvFilePath: local/values.txt\n");
        QTRY_COMPARE_WITH_TIMEOUT(token(), "one", 5000);
        write("local/values.txt", "TOKEN=two\n"); // of the same size, in place
        QTRY_COMPARE_WITH_TIMEOUT(token(), "two", 5000);
        // Another file from now on, in a folder that is not there yet.
        Environment environment = *m->session->workspace().environment("Dev");
        environment.dotEnvFile = ".mine/other";
        QVERIFY(m->session->saveEnvironment(environment));
        QCOMPARE(token(), QString());
        write(".mine/other", "TOKEN=three\n");
        QTRY_COMPARE_WITH_TIMEOUT(token(), "three", 5000);
        write(".mine/other", "TOKEN=four\n");
        QTRY_COMPARE_WITH_TIMEOUT(token(), "four", 5000);
    }

    void aSwitchOfBranchesIsFollowed() {
        RequestTab* kept = m->window->openRequest("b.yml");
        kept->editor().replaceSpec(edited(kept, "http://mine.test/"));
        QVERIFY(m->window->openRequest("a.yml"));
        QFile::remove(root() + "/a.yml");
        QFile::remove(root() + "/b.yml");
        for (int i = 0; i < 200; ++i)
            write(QStringLiteral("more/r%1.yml").arg(i), request("R", "GET", "http://r.test/"));
        QTRY_VERIFY_WITH_TIMEOUT(m->session->workspace().find("more/r199.yml"), 8000);
        QVERIFY(!m->session->workspace().find("a.yml"));
        QVERIFY(kept->path().isEmpty() && kept->isModified());
        QCOMPARE(kept->editor().spec().url, "http://mine.test/");
        QVERIFY(kept->save({}));
        QVERIFY(read(kept->path()).contains("http://mine.test/"));
    }

    void deletedFilesComeBackByteIdentical() {
        const QByteArray before = read("a.yml");
        QVERIFY(m->session->removeItems({"a.yml"}));
        QVERIFY(!QFileInfo::exists(root() + "/a.yml"));
        m->session->undoStack().undo();
        QCOMPARE(read("a.yml"), before);
        m->session->undoStack().redo();
        QVERIFY(!QFileInfo::exists(root() + "/a.yml"));
    }

    void theTreesEditsAreUndone() {
        const QMap<QString, QByteArray> before = filesBelow(root());
        const Result<QString> folder = m->session->makeFolder({}, "CON / 😀");
        QVERIFY(folder);
        RequestTab* tab = m->window->openRequest("a.yml");
        QVERIFY(m->session->moveItems({"a.yml", "b.yml"}, *folder, std::nullopt));
        QCOMPARE(tab->path(), *folder + "/a.yml");
        QVERIFY(m->session->renameItem(*folder + "/a.yml", "Another"));
        QVERIFY(m->session->duplicateItems({*folder}));
        QCOMPARE(m->session->workspace().items.size(), 2);
        while (m->session->undoStack().canUndo())
            m->session->undoStack().undo();
        QCOMPARE(filesBelow(root()), before);
        QCOMPARE(tab->path(), "a.yml");
    }

    void environmentsAndTheWorkspacesSettingsAreUndone() {
        const QMap<QString, QByteArray> before = filesBelow(root());
        Environment environment;
        environment.name = "Staging";
        environment.variables = {{"baseUrl", "https://staging.test", true}};
        QVERIFY(m->session->saveEnvironment(environment));
        environment.variables.append({"tenant", "one", true});
        QVERIFY(m->session->saveEnvironment(environment));
        RequestDefaults defaults;
        defaults.headers = {{"X-Team", "qa", {}, true}};
        QVERIFY(m->session->saveDefaults({}, defaults));
        // A profile that is made meanwhile stands in the same file, and has a step of its own.
        TokenProfile profile;
        profile.id = profile.name = "Reader";
        QSignalSpy made(m->session.get(), &Session::profilesChanged);
        m->session->saveProfile(profile, std::nullopt, [](const Result<void>& saved) { QVERIFY(saved); });
        QVERIFY(made.count() || made.wait(5000));
        QVERIFY(m->session->removeEnvironment("Staging"));
        QVERIFY(!m->session->workspace().environment("Staging"));
        QUndoStack& stack = m->session->undoStack();
        stack.undo();
        QCOMPARE(m->session->workspace().environment("Staging")->variables.size(), 2);
        stack.undo();
        QVERIFY(m->session->workspace().profiles.isEmpty());
        QVERIFY(!read("opencollection.yml").contains("Reader"));
        stack.redo();
        QVERIFY(read("opencollection.yml").contains("Reader"));
        stack.undo();
        stack.undo();
        QVERIFY(m->session->workspace().defaults.headers.isEmpty());
        stack.undo();
        QCOMPARE(m->session->workspace().environment("Staging")->variables.size(), 1);
        stack.undo();
        QVERIFY(!stack.canUndo());
        QCOMPARE(filesBelow(root()), before);
        while (stack.canRedo())
            stack.redo();
        QCOMPARE(m->session->workspace().profiles.size(), 1);
        QCOMPARE(m->session->workspace().defaults.headers.size(), 1);
        QVERIFY(!m->session->workspace().environment("Staging"));
    }

    void settingsThatAnotherProgramChangedAreLeftAlone() {
        RequestDefaults defaults;
        defaults.headers = {{"X-Team", "qa", {}, true}};
        QVERIFY(m->session->saveDefaults({}, defaults));
        write("opencollection.yml", read("opencollection.yml").replace("qa", "ops"));
        QTRY_COMPARE_WITH_TIMEOUT(m->session->workspace().defaults.headers.value(0).value, "ops", 5000);
        QSignalSpy said(m->session.get(), &Session::message);
        m->session->undoStack().undo();
        QCOMPARE(said.size(), 1);
        QVERIFY(read("opencollection.yml").contains("ops"));
    }

    /// What replaced a secret is gone from the keychain: the old name must not come back.
    void aSecretVariableIsNotUndone() {
        Environment environment;
        environment.name = "Staging";
        QVERIFY(m->session->saveEnvironment(environment));
        const int steps = m->session->undoStack().count();
        SecretVariable variable;
        variable.name = "key";
        variable.storage = SecretStorage::Memory;
        variable.allowedOrigins = {"https://staging.test"};
        bool done = false;
        m->session->setSecretVariable(environment, variable, Secret("secret-variable-0001"),
                                      [&](const Result<void>& saved) { done = bool(saved); });
        QTRY_VERIFY(done);
        QCOMPARE(m->session->undoStack().count(), steps);
    }

    void belowABrokenFolderNothingIsSentAsNobody() {
        write("sub/folder.yml", "info: [broken\n");
        write("sub/c.yml", request("C", "GET", "http://127.0.0.1:1/"));
        QVERIFY(m->session->openWorkspace(root()));
        RequestTab* tab = m->window->openRequest("sub/c.yml");
        tab->send();
        QVERIFY(tab->result() && tab->result()->nothingSent && tab->result()->error);
        QVERIFY2(tab->result()->error->where.contains("folder.yml"),
                 qPrintable(tab->result()->error->text()));
    }

    void editsSurviveTheirProgram() {
        RequestTab* tab = m->window->openRequest("a.yml");
        RequestSpec spec = edited(tab, "http://mine.test/");
        spec.headers.append({"Authorization", "Bearer c0ffee00c0ffee00c0ffee00c0ffee00", {}, true});
        tab->editor().replaceSpec(spec);
        const QString place = m->folder.filePath("drafts");
        const auto drafts = [&] {
            QStringList found;
            QDirIterator each(place, {"*.draft"}, QDir::Files, QDirIterator::Subdirectories);
            while (each.hasNext())
                found.append(each.next());
            return found;
        };
        QTRY_COMPARE_WITH_TIMEOUT(drafts().size(), 1, 5000);
        QCOMPARE(QFile::permissions(drafts().first()) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
        for (const QByteArray& text : filesBelow(place))
            QVERIFY(!text.contains("c0ffee00"));
        // Leaving and coming back offers them.
        QVERIFY(m->workspaces.create(m->folder.filePath("other"), "Other"));
        QVERIFY(m->session->openWorkspace(m->folder.filePath("other")));
        QVERIFY(m->session->openWorkspace(root()));
        QVERIFY2(m->window->notice().text().contains("were not saved"),
                 qPrintable(m->window->notice().text()));
        for (QPushButton* button : m->window->notice().findChildren<QPushButton*>())
            if (button->text() == "Restore them") button->click();
        QCOMPARE(m->window->currentTab()->path(), "a.yml");
        QCOMPARE(m->window->currentTab()->editor().spec().url, "http://mine.test/");
        QVERIFY(m->window->currentTab()->save({}));
        QTRY_COMPARE_WITH_TIMEOUT(drafts().size(), 0, 5000);
    }
};

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    Theme::instance().apply(app, Theme::Mode::Light);
    TestWindowFiles test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_window_files.moc"
