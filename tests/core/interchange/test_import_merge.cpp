// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenAPI document that is imported once more: what is new, what changed, what is gone, and edits that
// stay.
#include "core/interchange/import_merge.h"
#include "core/interchange/import_save.h"
#include "core/workspace/opencollection.h"

#include <QTest>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

Imported import(const QByteArray& paths) {
    Result<Imported> read = importFiles(
        {{s("api.json"),
          R"({"openapi":"3.1.0","info":{"title":"Shop"},"servers":[{"url":"https://shop.example"}],"paths":)" +
              paths + '}'}});
    return read ? std::move(*read) : Imported();
}

const QByteArray before = R"({
"/items":{"get":{"tags":["items"],"summary":"List","parameters":[{"name":"page","in":"query","required":true,"example":1}]}},
"/items/{id}":{"get":{"tags":["items"],"summary":"One"},"delete":{"tags":["items"],"summary":"Remove"}}})";
const QByteArray after = R"({
"/items":{"get":{"tags":["items"],"summary":"List all","parameters":[
  {"name":"page","in":"query","required":true,"example":1},
  {"name":"size","in":"query","required":true,"example":20},
  {"name":"X-Trace","in":"header"}]}},
"/items/{id}":{"get":{"tags":["items"],"summary":"One"}},
"/orders":{"post":{"tags":["orders"],"summary":"Order"}}})";

/// PUT /items, with what more is said of it.
Imported put(const QByteArray& summary, const QByteArray& more) {
    return import("{\"/items\":{\"put\":{\"tags\":[\"items\"],\"summary\":\"" + summary + "\"" + more +
                  "}}}");
}
const QByteArray withBody = ",\"requestBody\":{\"content\":{\"application/json\":{\"example\":{\"a\":1}}}}";

} // namespace

class TestImportMerge : public QObject {
    Q_OBJECT
    Workspace m_workspace;

    TreeItem& item(const QString& name) {
        for (TreeItem& folder : m_workspace.items)
            for (TreeItem& each : folder.children)
                if (each.name == name) return each;
        qFatal("no such request");
    }

private Q_SLOTS:
    /// A workspace as the first import leaves it, written and read again.
    void init() {
        Imported first = import(before);
        QCOMPARE(first.requestCount(), 3);
        placeItems(first.items);
        QList<opencollection::File> files{
            {opencollection::rootFileName(), "opencollection: 1.0.0\ninfo:\n  name: W\n"}};
        for (const TreeItem& folder : first.items) {
            files.append({folder.path + s("/folder.yml"), *opencollection::writeFolder(folder, {})});
            for (const TreeItem& each : folder.children)
                files.append({each.path, *opencollection::writeRequest(each, {})});
        }
        const Result<Workspace> read = opencollection::read(files);
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        m_workspace = *read;
        QCOMPARE(item(s("List")).imported.operation, s("GET /items"));
        QCOMPARE(item(s("List")).imported.rows, QStringList{s("query page")});
    }

    /// What was saved and read again counts as unedited, whatever the document is made of.
    void savedIsUnedited_data() {
        QTest::addColumn<QString>("file");
        for (const char* name : {"lint30", "methods32", "swagger", "users", "circles"})
            QTest::newRow(name) << QStringLiteral(KB_TEST_DATA "/openapi/%1.yaml").arg(QLatin1String(name));
    }
    void savedIsUnedited() {
        QFETCH(QString, file);
        QFile source(file);
        QVERIFY(source.open(QIODevice::ReadOnly));
        const QByteArray text = source.readAll();
        Result<Imported> first = importFiles({{s("api.yaml"), text}});
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        placeItems(first->items);
        QList<opencollection::File> files{{opencollection::rootFileName(), "opencollection: 1.0.0\n"}};
        const std::function<void(const QList<TreeItem>&)> write = [&](const QList<TreeItem>& items) {
            for (const TreeItem& each : items) {
                if (each.kind == TreeItem::Kind::Request)
                    files.append({each.path, *opencollection::writeRequest(each, {})});
                else
                    files.append({each.path + s("/folder.yml"), *opencollection::writeFolder(each, {})});
                write(each.children);
            }
        };
        write(first->items);
        const Result<Workspace> workspace = opencollection::read(files);
        QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().text()));
        // Another document, as it were: every request of it changed.
        Result<Imported> second = importFiles({{s("api.yaml"), text}});
        QVERIFY(second);
        const std::function<void(QList<TreeItem>&)> change = [&](QList<TreeItem>& items) {
            for (TreeItem& each : items) {
                each.imported.digest += u'x';
                change(each.children);
            }
        };
        change(second->items);
        const ImportMerge merge = mergeImport(*workspace, *second, {});
        QCOMPARE(merge.changed.size(), first->requestCount());
        QCOMPARE(merge.edited, QStringList());
    }

    void theSameDocumentChangesNothing() {
        const ImportMerge merge = mergeImport(m_workspace, import(before), {});
        QVERIFY(merge.additions.isEmpty() && merge.changed.isEmpty() && merge.gone.isEmpty());
        QCOMPARE(merge.same.size(), 3);
        // Edits change nothing in that.
        item(s("List")).request.headers.append({s("X-Mine"), s("1"), {}, true});
        QCOMPARE(mergeImport(m_workspace, import(before), {}).same.size(), 3);
    }

    void whatNobodyEditedFollowsTheDocument() {
        item(s("List")).request.profileId = s("somebody"); // whom it is sent as is not the document's
        const ImportMerge merge = mergeImport(m_workspace, import(after), {});
        QCOMPARE(merge.changed.size(), 1);
        QVERIFY(merge.edited.isEmpty());
        const TreeItem& now = merge.changed.first();
        QCOMPARE(now.path, s("items/list.yml")); // where it was
        QCOMPARE(now.name, s("List all"));
        QCOMPARE(now.request.url, s("{{baseUrl}}/items?page=1&size=20"));
        QCOMPARE(now.request.profileId, s("somebody"));
        QCOMPARE(merge.same, QStringList{s("items/one.yml")});
        QCOMPARE(merge.gone, QStringList{s("items/remove.yml")});
        QCOMPARE(merge.additions.size(), 1);
        QCOMPARE(merge.additions.first().items.first().name, s("orders"));
        QCOMPARE(merge.additions.first().items.first().children.first().name, s("Order"));
    }

    void editsStay() {
        RequestSpec& mine = item(s("List")).request;
        mine.name = s("My list");
        item(s("List")).name = s("My list");
        mine.headers.append({s("X-Mine"), s("1"), {}, true});
        mine.url = s("{{baseUrl}}/items"); // "page" was taken out on purpose
        const ImportMerge merge = mergeImport(m_workspace, import(after), {});
        QCOMPARE(merge.edited, QStringList{s("items/list.yml")});
        const RequestSpec& now = merge.changed.first().request;
        QCOMPARE(merge.changed.first().name, s("My list"));
        QCOMPARE(now.url, s("{{baseUrl}}/items?size=20"));
        QCOMPARE(now.headers.size(), 2);
        QCOMPARE(now.headers.first().name, s("X-Mine"));
        QCOMPARE(now.headers.last().name, s("X-Trace"));
        // Taken over once; the next time there is nothing to do.
        item(s("My list")) = merge.changed.first();
        QVERIFY(mergeImport(m_workspace, import(after), {}).changed.isEmpty());
    }

    /// A body that is new in the document comes; one that was taken out does not come back.
    void aBodyIsNewOnce() {
        const auto mergedBody = [](const QByteArray& first) {
            Imported made = put("Put", first);
            placeItems(made.items);
            made.items.first().children.first().request.method = s("PATCH"); // an edit
            made.items.first().children.first().request.body = {};
            Workspace workspace;
            workspace.items = made.items;
            const ImportMerge merge = mergeImport(workspace, put("Put it", withBody), {});
            return merge.changed.value(0).request.body.kind;
        };
        QVERIFY(mergedBody("") != BodySpec::Kind::None);
        QCOMPARE(mergedBody(withBody), BodySpec::Kind::None);
    }

    void whatIsNewGoesIntoItsFolder() {
        const QByteArray more = R"({"/items":{"put":{"tags":["items"],"summary":"Put"}}})";
        const ImportMerge merge = mergeImport(m_workspace, import(more), {});
        QCOMPARE(merge.additions.size(), 1);
        QCOMPARE(merge.additions.first().folder, s("items"));
        QCOMPARE(merge.additions.first().items.first().name, s("Put"));
        QCOMPARE(merge.gone.size(), 3);
    }

    /// A moved and renamed file is still the document's.
    void aMovedRequestIsFound() {
        TreeItem moved = item(s("List"));
        m_workspace.items.first().children.removeIf(
            [](const TreeItem& each) { return each.name == s("List"); });
        moved.path = moved.request.id = s("elsewhere.yml");
        m_workspace.items.append(moved);
        const ImportMerge merge = mergeImport(m_workspace, import(after), {});
        QCOMPARE(merge.changed.first().path, s("elsewhere.yml"));
    }

    /// Two APIs in one workspace do not meet.
    void anotherDocumentIsAnotherMatter() {
        Imported other = import(before);
        other.name = s("Store");
        markOperations(other);
        const ImportMerge merge = mergeImport(m_workspace, other, {});
        QVERIFY(merge.changed.isEmpty() && merge.same.isEmpty() && merge.gone.isEmpty());
        QCOMPARE(merge.additions.first().items.size(), other.items.size());
    }

    /// An edit that knows nothing of the mark, as the editor saves it, leaves it in the file.
    void theMarkSurvivesAnEdit() {
        const TreeItem& list = item(s("List"));
        const QByteArray file = *opencollection::writeRequest(list, {});
        TreeItem edited;
        edited.path = list.path;
        edited.name = list.name;
        edited.order = list.order;
        edited.request = list.request;
        edited.request.method = s("HEAD");
        const QByteArray now = *opencollection::writeRequest(edited, file);
        QVERIFY2(now.contains("operation: GET /items"), now.constData());
    }
};

QTEST_APPLESS_MAIN(TestImportMerge)
#include "test_import_merge.moc"
