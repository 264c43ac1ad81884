// SPDX-License-Identifier: GPL-3.0-or-later
// Import in the window: a preview before anything is made, secrets into the keychain, requests into the tree,
// and code out again.
#include "app/matrix/document.h"
#include "tests/app/cli_process.h"
#include "tests/app/window_fixture.h"
#include "ui/import_dialog.h"
#include "ui/notice_bar.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

#include <QClipboard>
#include <QComboBox>
#include <QDirIterator>
#include <QDropEvent>
#include <QFileDialog>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>

using namespace kb;

class TestWindowImport : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;

    ImportDialog* open() {
        QTest::keyClick(m->window.get(), Qt::Key_I, Qt::ControlModifier | Qt::ShiftModifier);
        return m->window->findChild<ImportDialog*>();
    }
    static QString tree(const QTreeWidget& view) {
        QStringList all;
        for (QTreeWidgetItemIterator each(const_cast<QTreeWidget*>(&view)); *each; ++each)
            all.append((*each)->text(0) + " | " + (*each)->text(1));
        return all.join('\n');
    }
    static QPushButton* button(const QWidget& top, const QString& text) {
        for (QPushButton* each : top.findChildren<QPushButton*>())
            if (each->text() == text) return each;
        return nullptr;
    }

    ImportDialog* dropped(const QMimeData& data) {
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m->window.get(), &enter);
        if (!enter.isAccepted()) qFatal("it is not taken");
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m->window.get(), &drop);
        auto* dialog = m->window->findChild<ImportDialog*>();
        if (!dialog) qFatal("no dialog");
        return dialog;
    }

private Q_SLOTS:
    /// What a document that was imported before would change stands in the preview.
    void aDocumentIsImportedAgain() {
        const auto paste = [&](const char* summary) {
            for (QAction* action : m->window->findChildren<QAction*>())
                if (action->text() == "Import…") action->trigger();
            auto* dialog = m->window->findChild<ImportDialog*>();
            dialog->findChild<QPlainTextEdit*>()->setPlainText(
                QString("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Shop\"},\"paths\":{\"/a\":{\"get\":{"
                        "\"summary\":\"%1\"}}}}")
                    .arg(QLatin1String(summary)));
            return dialog;
        };
        ImportDialog* dialog = paste("Once");
        QVERIFY2(tree(dialog->preview()).contains("Requests | "), qPrintable(tree(dialog->preview())));
        QSignalSpy imported(dialog, &ImportDialog::imported);
        button(*dialog, "Import")->click();
        QVERIFY(imported.wait(10000));
        QTRY_VERIFY(!m->window->findChild<ImportDialog*>());
        dialog = paste("Twice");
        const QString preview = tree(dialog->preview());
        QVERIFY2(preview.contains("Changed in the document | \nOnce | ") && preview.contains("once.yml"),
                 qPrintable(preview));
        QSignalSpy again(dialog, &ImportDialog::imported);
        button(*dialog, "Import")->click();
        QVERIFY(again.wait(10000));
        QStringList names;
        const std::function<void(const QList<TreeItem>&)> collect = [&](const QList<TreeItem>& items) {
            for (const TreeItem& item : items) {
                names.append(item.name);
                collect(item.children);
            }
        };
        collect(m->session->workspace().items);
        QCOMPARE(names.count("Twice"), 1);
        QVERIFY(!names.contains("Once"));
    }

    /// Who reads the address is chosen beside it.
    void anAddressIsReadAsAProfile() {
        ImportDialog* dialog = open();
        QVERIFY(dialog);
        QSignalSpy read(dialog, &ImportDialog::read);
        const QString guarded = m->practice.baseUrl() + "/users";
        dialog->readPlace(guarded);
        QVERIFY(read.wait(10000));
        QVERIFY2(dialog->message().contains("answered 401"), qPrintable(dialog->message()));
        for (QComboBox* box : dialog->findChildren<QComboBox*>())
            if (box->accessibleName() == "Read the address as") box->setCurrentText("as Reader");
        dialog->readPlace(guarded);
        QVERIFY(read.wait(10000));
        // It was let in, and what it got is no collection.
        QVERIFY2(!dialog->message().isEmpty() && !dialog->message().contains("401"),
                 qPrintable(dialog->message()));
    }

    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
    }
    void cleanup() { m.reset(); }

    void aPastedCommandBecomesARequestWithAProfile() {
        const QByteArray secret = "pasted-secret-" + QUuid::createUuid().toByteArray(QUuid::Id128);
        const QString line = "curl -XPOST " + m->practice.baseUrl() + "/users -H 'X-Api-Key: " + secret +
                             "' --json '{\"name\":\"Ada\"}'";
        ImportDialog* dialog = open();
        QVERIFY(dialog && dialog->isVisible());
        QVERIFY(!button(*dialog, "Import")->isEnabled());
        dialog->findChild<QPlainTextEdit*>()->setPlainText(line);
        const QString preview = tree(dialog->preview());
        QVERIFY2(preview.contains("POST /users") && preview.contains("api-key, its secret was found"),
                 qPrintable(preview));
        QVERIFY(!preview.contains(secret));
        const qsizetype before = m->session->profiles().size();
        QSignalSpy imported(dialog, &ImportDialog::imported);
        QTest::mouseClick(button(*dialog, "Import"), Qt::LeftButton);
        QVERIFY(imported.wait(10000));
        QCOMPARE(m->session->profiles().size(), before + 1);
        const TokenProfile profile = m->session->profiles().last();
        QTRY_VERIFY(m->session->state(profile.id) && m->session->state(profile.id)->facts);
        // It opens, and goes out as that profile.
        QString path;
        const std::function<void(const QList<TreeItem>&)> look = [&](const QList<TreeItem>& items) {
            for (const TreeItem& item : items) {
                if (item.request.profileId == profile.id) path = item.path;
                look(item.children);
            }
        };
        look(m->session->workspace().items);
        RequestTab* tab = m->window->openRequest(path);
        QVERIFY2(tab, qPrintable(path));
        QCOMPARE(tab->editor().profileId(), profile.id);
        QSignalSpy finished(tab, &RequestTab::finished);
        tab->send();
        QVERIFY(finished.wait(10000));
        QCOMPARE(tab->result()->hops.last().response().status, 401); // the practice API does not know the key
        // In no file.
        const QMap<QString, QByteArray> files = filesBelow(m->folder.path());
        for (auto each = files.cbegin(); each != files.cend(); ++each)
            QVERIFY2(firstLeak(each.value(), secret).isEmpty(), qPrintable(each.key()));
    }

    void whatCannotBeReadIsSaidAndNothingIsMade() {
        ImportDialog* dialog = open();
        dialog->findChild<QPlainTextEdit*>()->setPlainText("Dear all");
        QVERIFY2(dialog->message().contains("not known what this is"), qPrintable(dialog->message()));
        QVERIFY(!button(*dialog, "Import")->isEnabled());
        dialog->readPlace("curl https://api.example.com/a"); // pasted into the wrong field
        QVERIFY2(dialog->message().startsWith("curl: 1"), qPrintable(dialog->message()));
        QSignalSpy read(dialog, &ImportDialog::read);
        dialog->readPlace(m->practice.baseUrl() + "/users");
        QVERIFY(read.wait(10000));
        QVERIFY2(dialog->message().contains("answered 401"), qPrintable(dialog->message()));
    }

    void anOpenApiDocumentFromItsAddress() {
        ImportDialog* dialog = open();
        QSignalSpy read(dialog, &ImportDialog::read);
        dialog->readPlace("{{baseUrl}}/openapi.json");
        QVERIFY(read.wait(10000));
        QVERIFY2(dialog->message().startsWith("openapi: "), qPrintable(dialog->message()));
        QVERIFY(tree(dialog->preview()).contains("{{baseUrl}}/admin/stats"));
    }

    /// What the matrix keeps is the document's file, also where its folder was named; a pasted text has none.
    void theDocumentIsKeptForTheMatrix() {
        const QByteArray text = "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Kept\"},\"paths\":{\"/k\":"
                                "{\"get\":{}}},\"servers\":[{\"url\":\"https://api.example.com\"}]}";
        m->session->services().readImport = [&](const QStringList&) {
            return importFiles({{"v1/api.json", text, "/named/v1/api.json"}});
        };
        QVERIFY(m->session->workspace().matrix.document.isEmpty());
        ImportDialog* dialog = open();
        const QString told = "No document is kept for the access matrix";
        dialog->findChild<QPlainTextEdit*>()->setPlainText(QString::fromUtf8(text));
        QVERIFY2(tree(dialog->preview()).contains(told), qPrintable(tree(dialog->preview())));
        dialog->readPlace("/named");
        QVERIFY2(!tree(dialog->preview()).contains(told), qPrintable(tree(dialog->preview())));
        QSignalSpy done(dialog, &ImportDialog::imported);
        dialog->accept();
        QVERIFY(done.count() || done.wait(10000));
        QCOMPARE(m->session->workspace().matrix.document, QString("/named/v1/api.json"));
    }

    void aFileIsDropped() {
        m->session->services().readImport = readImport;
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral(KB_TEST_DATA "/import/insomnia4.json"))});
        ImportDialog* dialog = dropped(data);
        QVERIFY2(dialog->message().startsWith("insomnia: 2"), qPrintable(dialog->message()));
        const QString preview = tree(dialog->preview());
        for (const char* part : {"Animals", "Environments", "Dev", "Stream is no HTTP request"})
            QVERIFY2(preview.contains(QLatin1String(part)), qPrintable(preview));
    }

    /// A folder is chosen in the dialog, and read as the program reads it: what its folders and requests have
    /// of their own stands in the preview and in the files.
    void aFolderIsImported() {
        m->session->services().readImport = readImport;
        QDir bruno(m->folder.filePath("bruno"));
        QVERIFY(bruno.mkpath("pets") && bruno.mkpath("node_modules/pets"));
        const auto write = [&](const char* name, const QByteArray& text) {
            QFile file(bruno.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        QVERIFY(write("bruno.json", "{\"name\":\"Farm\"}"));
        QVERIFY(write("pets/folder.bru", "meta {\n  name: Pets\n}\n\nvars:pre-request {\n  kind: cat\n}\n"));
        QVERIFY(write(
            "pets/one.bru",
            "meta {\n  name: One\n}\n\nget {\n  url: " + m->practice.baseUrl().toUtf8() +
                "/public/{{kind}}?n={{number}}\n}\n\nvars:pre-request {\n  number: 7\n  kind: dog\n}\n"));
        QVERIFY(write("node_modules/pets/two.bru", "get {\n  url: https://two.example/\n}\n"));
        ImportDialog* dialog = open();
        QVERIFY(dialog);
        QTest::mouseClick(button(*dialog, "Folder…"), Qt::LeftButton);
        auto* choice = dialog->findChild<QFileDialog*>();
        QVERIFY(choice);
        QCOMPARE(choice->fileMode(), QFileDialog::Directory);
        Q_EMIT choice->fileSelected(bruno.path());
        choice->reject();
        QVERIFY2(dialog->message().startsWith("bruno: 1"), qPrintable(dialog->message()));
        const QString preview = tree(dialog->preview());
        QVERIFY2(preview.contains("Pets | Variables: kind\n"), qPrintable(preview));
        QVERIFY2(preview.contains("?n={{number}} · Variables: number, kind"), qPrintable(preview));
        QVERIFY(!preview.contains("two.example"));
        QSignalSpy done(dialog, &ImportDialog::imported);
        QTest::mouseClick(button(*dialog, "Import"), Qt::LeftButton);
        QVERIFY(done.count() || done.wait(10000));
        const TreeItem* one = nullptr;
        const Result<Workspace> saved = FileWorkspaceStore().load(m->practiceFolder());
        QVERIFY(saved);
        const std::function<void(const QList<TreeItem>&)> look = [&](const QList<TreeItem>& items) {
            for (const TreeItem& item : items) {
                if (item.name == "One") one = &item;
                look(item.children);
            }
        };
        look(saved->items);
        QVERIFY(one);
        QCOMPARE(one->request.variables, (QList<Variable>{{"number", "7", true}, {"kind", "dog", true}}));
        // It is sent with them, edited ones too.
        RequestTab* tab = m->window->openRequest(one->path);
        const auto sent = [&] {
            QSignalSpy finished(tab, &RequestTab::finished);
            tab->send();
            if (!finished.wait(20000) || tab->result()->hops.isEmpty()) return QByteArray("nothing");
            return tab->result()->hops.last().sent().url.text();
        };
        QVERIFY2(sent().endsWith("/public/dog?n=7"), sent().constData());
        RequestSpec edited = tab->editor().spec();
        edited.variables = {{"number", "8", true}, {"kind", "dog", false}};
        tab->editor().replaceSpec(edited);
        QVERIFY2(sent().endsWith("/public/cat?n=8"), sent().constData());
    }

    /// A collection and its environments are one import.
    void severalFilesAreDropped() {
        m->session->services().readImport = readImport;
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral(KB_TEST_DATA "/import/postman21.json")),
                      QUrl::fromLocalFile(QStringLiteral(KB_TEST_DATA "/import/postman_environment.json"))});
        const QString preview = tree(dropped(data)->preview());
        QVERIFY2(preview.contains("Environments"), qPrintable(preview));
    }

    void aCurlLineIsDropped() {
        QMimeData data;
        data.setText("curl -X DELETE https://api.example.com/dropped");
        ImportDialog* dialog = dropped(data);
        QTRY_VERIFY(tree(dialog->preview()).contains("https://api.example.com/dropped"));
    }

    void anImportIsUndone() {
        m->session->services().readImport = readImport;
        const auto files = [&] {
            QStringList all;
            QDirIterator each(m->session->workspace().folder, QDir::Files, QDirIterator::Subdirectories);
            while (each.hasNext())
                all.append(each.next());
            all.sort();
            return all;
        };
        const QStringList before = files();
        const int requests = int(m->session->workspace().items.size());
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral(KB_TEST_DATA "/import/insomnia4.json"))});
        ImportDialog* dialog = dropped(data);
        QSignalSpy done(dialog, &ImportDialog::imported);
        dialog->accept();
        QVERIFY(done.count() || done.wait(5000));
        QVERIFY(files().size() > before.size());
        const QStringList after = files();
        QCOMPARE(m->session->undoStack().undoText(), QString("Import Zoo"));
        m->session->undoStack().undo();
        QCOMPARE(files(), before);
        QCOMPARE(int(m->session->workspace().items.size()), requests);
        m->session->undoStack().redo();
        QCOMPARE(files(), after);
    }

    void aRequestIsCopiedAsCode() {
        m->window->currentTab()->setProfile("practice-reader");
        QMenu* menu = nullptr;
        for (QMenu* each : m->window->findChildren<QMenu*>())
            if (each->title() == "Copy as") menu = each;
        QVERIFY(menu);
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().size(), 15);
        for (QAction* action : menu->actions()) {
            QApplication::clipboard()->clear();
            action->trigger();
            const QString code = QApplication::clipboard()->text();
            QVERIFY2(code.contains("KEYBEARER_SECRET_READER"), qPrintable(action->text() + '\n' + code));
            QVERIFY(!code.contains("{{"));
        }
    }
};

QTEST_MAIN(TestWindowImport)
#include "test_window_import.moc"
