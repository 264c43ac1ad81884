// SPDX-License-Identifier: GPL-3.0-or-later
// What Keybearer saves is what OpenCollection's own types say of the format (opencollection_types.mjs), and
// what they refuse is noticed.
#include "io/files/workspace_store.h"
#include "tests/core/workspace/generator.h"
#include "tests/interop/forty_requests.h"

#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

using namespace kb;

class TestOpencollectionTypes : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    FileWorkspaceStore m_store;

    QString place(const QString& name) const { return m_folder.filePath(name); }

    struct Checked {
        int files = 0;
        QJsonObject problems; ///< by file
        QByteArray text() const { return QJsonDocument(problems).toJson(); }
    };
    Checked check(const QStringList& folders) const {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("KEYBEARER_INTEROP", KB_INTEROP_DIR);
        process.setProcessEnvironment(environment);
        process.start("node", QStringList{KB_INTEROP_SOURCE "/opencollection_types.mjs"} + folders);
        process.waitForFinished(180000);
        const QJsonObject told = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        if (told.isEmpty())
            return {0, {{"the check itself", QString::fromUtf8(process.readAllStandardError())}}};
        return {told.value("files").toInt(), told.value("problems").toObject()};
    }

    void write(const QString& file, const QByteArray& text) const {
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        QCOMPARE(out.write(text), text.size());
    }
    QByteArray bytes(const QString& file) const {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    void saveItems(const Workspace& workspace, const QList<TreeItem>& items) {
        for (const TreeItem& item : items) {
            const bool folder = item.kind == TreeItem::Kind::Folder;
            const Result<void> saved =
                folder ? m_store.saveFolder(workspace, item) : m_store.saveRequest(workspace, item);
            QVERIFY2(saved, saved ? "" : qPrintable(saved.error().text()));
            saveItems(workspace, item.children);
        }
    }

    /// A workspace as another program may write it, with all that Keybearer keeps and does not model.
    void copyOfOthers(const QString& folder) const {
        const QDir source(KB_INTEROP_SOURCE "/../data/opencollection");
        for (QDirIterator all(source.path(), QDir::Files, QDirIterator::Subdirectories); all.hasNext();) {
            const QString file = all.next();
            write(folder + u'/' + source.relativeFilePath(file), bytes(file));
        }
    }

private Q_SLOTS:
    void fortyRequests() {
        const Result<Workspace> saved = forty::save(m_store, place("forty"), "http://127.0.0.1:1");
        QVERIFY2(saved, saved ? "" : qPrintable(saved.error().text()));
        const Checked checked = check({place("forty")});
        QVERIFY2(checked.problems.isEmpty(), checked.text().constData());
        QCOMPARE(checked.files, 40 + 4 + 1 + 1);
    }

    void whateverCanBeSaved() {
        QStringList folders;
        int files = 0;
        for (quint32 seed = 1; seed <= 40; ++seed) {
            Generator generator(seed);
            Workspace made = generator.workspace();
            made.folder = place(QString("made%1").arg(seed));
            folders.append(made.folder);
            QVERIFY(m_store.create(made.folder, "Made"));
            const Result<void> root = m_store.saveRoot(made);
            QVERIFY2(root, root ? "" : qPrintable(root.error().text()));
            for (const Environment& environment : std::as_const(made.environments)) {
                const Result<void> saved = m_store.saveEnvironment(made, environment);
                QVERIFY2(saved, saved ? "" : qPrintable(saved.error().text()));
            }
            saveItems(made, made.items);
            if (QTest::currentTestFailed()) return;
            for (QDirIterator all(made.folder, {"*.yml"}, QDir::Files, QDirIterator::Subdirectories);
                 all.hasNext(); all.next())
                ++files;
        }
        const Checked checked = check(folders);
        QVERIFY2(checked.problems.isEmpty(), checked.text().constData());
        QCOMPARE(checked.files, files);
        QVERIFY(files > 200);
    }

    /// What is edited over files of others leaves what they have besides, and fits with it.
    void editedFilesOfOthers() {
        const QString folder = place("theirs");
        copyOfOthers(folder);
        const Checked before = check({folder});
        QVERIFY2(before.problems.isEmpty(), before.text().constData());
        QCOMPARE(before.files, 4);

        Workspace workspace = m_store.load(folder).value();
        QVERIFY(workspace.problems.isEmpty());
        workspace.name = "Ours now";
        TokenProfile profile;
        profile.id = profile.name = "Reader";
        workspace.profiles = {profile};
        workspace.defaults.headers.append({"X-More", "2", "added", false});
        QVERIFY(m_store.saveRoot(workspace));

        Environment& environment = workspace.environments.first();
        environment.variables[1].value = "4";
        environment.variables[2].value = "5";
        environment.variables.append({"new", "true", false});
        environment.kind = EnvironmentKind::Production;
        environment.secrets.append(
            {"fresh", {"ref-1"}, {"https://api.example"}, SecretStorage::Memory, false});
        QVERIFY(m_store.saveEnvironment(workspace, environment));

        TreeItem& group = workspace.items.first();
        group.name = "Renamed";
        group.defaults.headers[0].description = "Changed";
        group.defaults.headers.removeLast();
        group.defaults.variables.append({"more", "1", true});
        group.defaults.profileId = "Reader";
        QVERIFY(m_store.saveFolder(workspace, group));

        TreeItem& full = group.children.first();
        full.request.url += "?page=1&size=2";
        full.request.headers.append({"X-New", "null", {}, true});
        full.request.body.text += "&more=3";
        full.request.checks[0].value = "201";
        full.request.checks.append({AnswerPart::Jq, ".id", "isNumber", {}, {}, true});
        full.request.captures.append({"name", AnswerPart::Expression, "res.body.name", false});
        full.request.settings.timeoutMs = 5;
        full.request.settings.removedDefaultHeaders = QStringList{"Accept"};
        full.request.settings.verifyTls = false;
        QVERIFY(m_store.saveRequest(workspace, full));

        const Checked after = check({folder});
        QVERIFY2(after.problems.isEmpty(), after.text().constData());
        QCOMPARE(after.files, 4);
        for (const char* kept : {"examples:", "statusText: Created", "before-request", "tags:", "test(\"a\""})
            QVERIFY2(bytes(folder + "/group/full.yml").contains(kept), kept);
        for (const char* kept : {"type: basic", "scripts:", "docs: The group"})
            QVERIFY2(bytes(folder + "/group/folder.yml").contains(kept), kept);
        QVERIFY(bytes(folder + "/environments/Live.yml").contains("type: number"));
    }

    /// Each spoils one line of one file; the compiler refuses that file, and no other.
    void aSpoiltFileIsNamed() {
        const struct {
            const char* file;
            const char* line;
            const char* instead;
        } spoilings[] = {
            {"opencollection.yml", "  name: Theirs", "  title: Theirs"},
            {"opencollection.yml", "opencollection: 1.0.0", "opencollection: 1.0"},
            {"environments/Live.yml", "    secret: true\n  - name: off",
             "    secret: true\n    value: x\n  - name: off"},
            {"environments/Live.yml", "    value: http://127.0.0.1:1", "    value: 1"},
            {"environments/Live.yml", "color:", "colour:"},
            {"group/folder.yml", "  type: folder", "  type: http"},
            {"group/folder.yml", "      value: a\n", ""},
            {"group/folder.yml", "    type: basic", "    type: unheard-of"},
            {"group/full.yml", "  method: POST\n  url", "  metod: POST\n  url"},
            {"group/full.yml", "  auth: inherit", "  auth: inherit\n  extensions: {}"},
            {"group/full.yml", "          - name: a\n", "          - name: a\n            type: text\n"},
            {"group/full.yml", "      value: \"200\"", "      value: 200"},
            {"group/full.yml", "        scope: runtime", "        scope: everywhere"},
            {"group/full.yml", "  timeout: inherit", "  timeout: \"5\""},
            {"group/full.yml", "    response:\n      status: 201", "    response:\n      status: \"201\""},
            {"group/full.yml", "docs: Read this", "docs: Read this\nkeybearer: {}"},
            {"group/full.yml", "docs: Read this", "docs: [Read this"}};
        QStringList folders;
        for (const auto& each : spoilings) {
            folders.append(place(QString("spoilt%1").arg(folders.size())));
            copyOfOthers(folders.last());
            const QString file = folders.last() + u'/' + each.file;
            QByteArray text = bytes(file);
            const qsizetype at = text.indexOf(each.line);
            QVERIFY2(at >= 0, each.line);
            write(file, text.replace(at, qsizetype(qstrlen(each.line)), each.instead));
        }
        const Checked checked = check(folders);
        for (qsizetype i = 0; i < folders.size(); ++i)
            QVERIFY2(checked.problems.contains(folders.at(i) + u'/' + spoilings[i].file),
                     spoilings[i].instead);
        QVERIFY2(checked.problems.size() == folders.size(), checked.text().constData());
    }
};

QTEST_GUILESS_MAIN(TestOpencollectionTypes)
#include "test_opencollection_types.moc"
