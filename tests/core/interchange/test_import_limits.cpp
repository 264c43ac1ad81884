// SPDX-License-Identifier: GPL-3.0-or-later
// Documents are untrusted: a few lines must not grow into gigabytes, nor keep a reader busy without end.
#include "core/interchange/import.h"
#include "core/interchange/openapi.h"

#include <QTest>

using namespace kb;

namespace {

int itemsIn(const QList<TreeItem>& items) {
    int count = int(items.size());
    for (const TreeItem& item : items)
        count += itemsIn(item.children);
    return count;
}

/// A document whose one request body is made from the schema A.
QByteArray documentOf(const QByteArray& schemas) {
    return "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody:\n"
           "        content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}\n"
           "      responses: {}\ncomponents:\n  schemas:\n" +
           schemas;
}

QByteArray exampleIn(const QByteArray& document) {
    const Result<ApiDescription> api = readOpenApi(QStringLiteral("a.yaml"), document);
    return api && !api->operations.isEmpty() ? api->operations.first().bodyExample.toUtf8()
                                             : QByteArray("unread");
}

} // namespace

class TestImportLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void foldersThatAreTheirOwnParentAreReadOnce() {
        QByteArray text =
            "{'_type': 'export', '__export_format': 4, 'resources': ["
            "{'_type': 'workspace', '_id': 'wrk_1', 'name': 'w'},"
            "{'_type': 'request_group', '_id': 'wrk_1', 'parentId': 'wrk_1', 'name': 'one'},"
            "{'_type': 'request_group', '_id': 'wrk_1', 'parentId': 'wrk_1', 'name': 'two'},"
            "{'_type': 'request_group', '_id': 'fld_1', 'parentId': 'fld_2', 'name': 'of each other'},"
            "{'_type': 'request_group', '_id': 'fld_2', 'parentId': 'fld_1', 'name': 'of each other'},"
            "{'_type': 'request', '_id': 'req_1', 'parentId': 'wrk_1', 'name': 'r', 'method': 'GET',"
            " 'url': 'https://api.example.com/'}]}";
        text.replace('\'', '"');
        const Result<Imported> imported = importFiles({{QStringLiteral("i.json"), text}});
        QVERIFY(imported);
        QCOMPARE(itemsIn(imported->items), 3);
    }

    void aSchemaThatHoldsItselfMakesASmallExample() {
        QByteArray schema = "    A:\n      type: object\n      properties:\n";
        for (int i = 0; i < 12; ++i)
            schema += "        p" + QByteArray::number(i) + ": {$ref: '#/components/schemas/A'}\n";
        schema += "        children: {type: array, items: {$ref: '#/components/schemas/A'}}\n";
        const QByteArray example = exampleIn(documentOf(schema));
        QVERIFY2(example.contains("\"children\": []"), example.left(300).constData());
        QVERIFY2(example.contains("\"p11\": null"), example.left(300).constData());
    }

    void schemasThatHoldEachOtherMakeABoundedExample() {
        // Each of 9 schemas holds 20 of the next: 20 to the power of 8 values.
        QByteArray schemas;
        for (char name = 'A'; name < 'J'; ++name) {
            schemas += QByteArray("    ") + name + ":\n      type: object\n      properties:\n";
            for (int i = 0; i < 20; ++i)
                schemas += "        p" + QByteArray::number(i) + ": {$ref: '#/components/schemas/" +
                           char(name == 'I' ? 'I' : name + 1) + "'}\n";
        }
        const QByteArray example = exampleIn(documentOf(schemas));
        QVERIFY(example.startsWith("{\"p0\": {\"p0\": "));
        QVERIFY2(example.size() < 200000, QByteArray::number(example.size()).constData());
    }

    void partsOfAllOfAreCountedToo() {
        QByteArray schema = "    A:\n      allOf:\n";
        for (int i = 0; i < 30; ++i)
            schema += "        - {$ref: '#/components/schemas/A'}\n";
        schema += "      properties: {name: {type: string}}\n";
        QVERIFY(exampleIn(documentOf(schema)).startsWith("{\"name\": \"text"));
    }

    void aLongExampleIsNotRepeatedWithoutEnd() {
        QByteArray schemas = "    A:\n      type: object\n      properties:\n";
        for (int i = 0; i < 50; ++i)
            schemas += "        p" + QByteArray::number(i) + ": {$ref: '#/components/schemas/Long'}\n";
        schemas += "    Long: {type: string, example: " + QByteArray(100000, 'x') + "}\n";
        QVERIFY(exampleIn(documentOf(schemas)).size() < 300000);
    }

    void aDefaultOfAServerIsText() {
        QByteArray variables;
        for (int i = 0; i < 40; ++i) {
            const QByteArray next = "{v" + QByteArray::number(i + 1) + '}';
            variables += "      v" + QByteArray::number(i) + ": {default: '" + next + next + "'}\n";
        }
        const Result<ApiDescription> api = readOpenApi(
            QStringLiteral("a.yaml"),
            "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nservers:\n  - url: https://{v0}/{none}\n"
            "    variables:\n" +
                variables + "paths: {}\n");
        QVERIFY(api);
        QCOMPARE(api->servers.first().url, QStringLiteral("https://{v1}{v1}/{none}"));
    }

    void aLongDefaultIsNotRepeatedWithoutEnd() {
        QByteArray url = "https://a.example/";
        for (int i = 0; i < 5000; ++i)
            url += "{v}";
        const Result<ApiDescription> api =
            readOpenApi(QStringLiteral("a.yaml"), "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nservers:\n"
                                                  "  - url: '" +
                                                      url + "'\n    variables: {v: {default: '" +
                                                      QByteArray(200000, 'x') + "'}}\npaths: {}\n");
        QVERIFY(api);
        QVERIFY(api->servers.first().url.size() < 1000000);
    }

    void noFormatTakesMoreThanItsLimit_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("curl") << "a" << QByteArray("curl https://api.example.com/ -d '");
        QTest::newRow("http") << "a.http" << QByteArray("GET https://api.example.com/\n");
        QTest::newRow("bruno") << "a.bru" << QByteArray("get {\n  url: https://api.example.com/\n}\n");
        QTest::newRow("json") << "a.json" << QByteArray("{\"openapi\": \"3.0.0\", \"info\": \"");
    }
    void noFormatTakesMoreThanItsLimit() {
        QFETCH(QString, name);
        QFETCH(QByteArray, begin);
        const Result<Imported> imported = importFiles({{name, begin + QByteArray(33 * 1024 * 1024, 'x')}});
        QVERIFY(!imported);
        QVERIFY2(imported.error().text().contains(QLatin1String("32 MB")),
                 qPrintable(imported.error().text()));
    }
};

QTEST_GUILESS_MAIN(TestImportLimits)
#include "test_import_limits.moc"
