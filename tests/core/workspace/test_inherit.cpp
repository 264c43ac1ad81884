// SPDX-License-Identifier: GPL-3.0-or-later
// What folders and the workspace give to the requests below them.
#include "core/workspace/inherit.h"
#include "tests/core/workspace/samples.h"

#include <QTest>

using namespace kb;
using namespace kb::samples;

class TestInherit : public QObject {
    Q_OBJECT

    static QList<oc::File> files() {
        return {{"opencollection.yml",
                 "opencollection: 1.0.0\ninfo:\n  name: W\nrequest:\n  headers:\n"
                 "    - name: X-All\n      value: root\n    - name: X-Off\n      value: no\n"
                 "      disabled: true\n  variables:\n    - name: v\n      value: root\n"
                 "    - name: only\n      value: root\n"
                 "extensions:\n  keybearer:\n    profile: p-root\n"},
                {"users/folder.yml",
                 "info:\n  name: Users\n  type: folder\nrequest:\n  headers:\n    - name: x-all\n"
                 "      value: folder # why\n    - name: X-Folder\n      value: '{{v}}'\n  auth: inherit\n"
                 "  scripts: []\n  variables:\n    - name: v\n      value: folder\n"},
                {"users/deep/folder.yml", "info:\n  name: Deep\n  type: folder\nextensions:\n  keybearer:\n"
                                          "    profile: anonymous\n"},
                {"top.yml", request("top")},
                {"users/one.yml", request("one")},
                {"users/deep/two.yml", request("two")}};
    }
    static QByteArray request(const char* name) {
        return QByteArray("info:\n  name: ") + name +
               "\n  type: http\nhttp:\n  method: GET\n  url: https://a.test/\n";
    }
    static QString headers(const RequestSpec& spec) {
        QStringList all;
        for (const HeaderRow& row : spec.headers)
            all.append(row.name + u'=' + row.value);
        return all.join(u' ');
    }

private Q_SLOTS:
    void headersProfilesAndVariablesComeDown() {
        const auto workspace = oc::read(files());
        QVERIFY(workspace && workspace->problems.isEmpty());
        const auto whole = [&](const char* path) {
            return withInherited(*workspace, workspace->find(QString::fromUtf8(path))->request);
        };
        QCOMPARE(headers(whole("top.yml")), "X-All=root");
        QCOMPARE(whole("top.yml").profileId, "p-root");
        QCOMPARE(headers(whole("users/one.yml")), "x-all=folder X-Folder={{v}}");
        QCOMPARE(whole("users/one.yml").profileId, "p-root");
        QCOMPARE(headers(whole("users/deep/two.yml")), "x-all=folder X-Folder={{v}}");
        QCOMPARE(whole("users/deep/two.yml").profileId, QString()); // nobody, said by its folder
        QCOMPARE(folderVariables(*workspace, "users/deep/two.yml"), (QList<Variable>{{"v", "folder", true}}));
        QVERIFY(folderVariables(*workspace, "top.yml").isEmpty());
        // A request that was never saved has what the workspace gives.
        QCOMPARE(headers(withInherited(*workspace, {})), "X-All=root");
    }

    void aRequestsOwnVariablesWin() {
        const auto workspace = oc::read(files());
        RequestSpec spec = workspace->find("users/deep/two.yml")->request;
        spec.variables = {{"v", "own", true}, {"w", "own", true}, {"off", "own", false}};
        QCOMPARE(ownVariables(*workspace, spec), (QList<Variable>{{"v", "own", true}, {"w", "own", true}}));
        spec.variables[0].enabled = false;
        QCOMPARE(ownVariables(*workspace, spec),
                 (QList<Variable>{{"v", "folder", true}, {"w", "own", true}}));
    }

    void theRequestWins() {
        const auto workspace = oc::read(files());
        RequestSpec spec = workspace->find("users/one.yml")->request;
        spec.headers = {{"X-ALL", "own", {}, true}, {"X-Folder", "off", {}, false}};
        spec.profileId = "p-own";
        RequestSpec whole = withInherited(*workspace, spec);
        QCOMPARE(headers(whole), "X-Folder={{v}} X-ALL=own X-Folder=off");
        QCOMPARE(whole.profileId, "p-own");
        spec.profileId = explicitlyAnonymous();
        spec.headers.clear();
        spec.settings.removedDefaultHeaders = {"x-folder"};
        whole = withInherited(*workspace, spec);
        QCOMPARE(whole.profileId, QString());
        QCOMPARE(headers(whole), "x-all=folder");
    }

    void nothingAboveChangesNothing() {
        const auto workspace = readOne(request("a"));
        RequestSpec spec = workspace->items.first().request;
        QCOMPARE(withInherited(*workspace, spec), spec);
        spec.profileId = explicitlyAnonymous();
        QCOMPARE(withInherited(*workspace, spec).profileId, QString());
    }

    void aFolderThatCannotBeReadNamesNobody() {
        QList<oc::File> broken = files();
        broken[1].text = "<<<<<<< mine\n";
        const auto workspace = oc::read(broken);
        QVERIFY(workspace && workspace->problems.size() == 1);
        QCOMPARE(withInherited(*workspace, workspace->find("users/one.yml")->request).profileId, QString());
        QCOMPARE(withInherited(*workspace, workspace->find("top.yml")->request).profileId, "p-root");
    }

    void theFilesKeepWhatIsNotOurs() {
        auto workspace = oc::read(files());
        const QByteArray before = files().at(1).text;
        TreeItem folder = *workspace->find("users");
        QCOMPARE(oc::writeFolder(folder, before).value(), before);
        folder.defaults.headers[0].value = "changed";
        folder.defaults.profileId = "p-2";
        folder.defaults.variables.clear();
        const QByteArray after = oc::writeFolder(folder, before).value();
        QVERIFY2(after.contains("changed # why") || after.contains("value: changed"), after.constData());
        QVERIFY(after.contains("scripts: []") && after.contains("auth: inherit"));
        QVERIFY(!after.contains("variables"));
        QList<oc::File> changed = files();
        changed[1].text = after;
        QCOMPARE(oc::read(changed)->find("users")->defaults, folder.defaults);
        // The root's likewise, and away again.
        QCOMPARE(oc::writeRoot(*workspace, files().at(0).text).value(), files().at(0).text);
        workspace->defaults = {};
        const QByteArray bare = oc::writeRoot(*workspace, files().at(0).text).value();
        QVERIFY2(!bare.contains("X-All") && !bare.contains("p-root") && !bare.contains("request"),
                 bare.constData());
    }
};

QTEST_GUILESS_MAIN(TestInherit)
#include "test_inherit.moc"
