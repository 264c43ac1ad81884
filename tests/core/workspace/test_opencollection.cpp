// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/workspace/samples.h"

#include <QTest>

using namespace kb;
using namespace kb::samples;
namespace oc = kb::opencollection;

class TestOpenCollection : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEverything();
    void urlWinsOverParams();
    void brokenFilesAreProblems_data();
    void brokenFilesAreProblems();
    void brokenRootIsAnError();
    void otherYamlIsLeftAlone();
    void itemsAreInOrder();
    void bodies_data();
    void bodies();
    void bodiesWeCannotSendStay();
    void multipartFormsAndFiles();
    void formKeepsRowsThatAreOff();
};

void TestOpenCollection::readsEverything() {
    const auto workspace = oc::read(sampleFiles());
    QVERIFY2(workspace.has_value(), workspace ? "" : qPrintable(workspace.error().text()));
    QVERIFY(workspace->problems.isEmpty());
    QCOMPARE(workspace->name, QStringLiteral("Practice"));

    QCOMPARE(workspace->items.size(), 2);
    QCOMPARE(workspace->items[0].kind, TreeItem::Kind::Folder);
    QCOMPARE(workspace->items[0].name, QStringLiteral("Users & roles"));
    QCOMPARE(workspace->items[0].order, 2);
    const TreeItem* found = workspace->find(QStringLiteral("users/get-user.yml"));
    QVERIFY(found);
    const RequestSpec& spec = found->request;
    QCOMPARE(found->order, 3);
    QCOMPARE(spec.id, QStringLiteral("users/get-user.yml"));
    QCOMPARE(spec.name, QStringLiteral("Get user"));
    QCOMPARE(spec.url, QStringLiteral("{{baseUrl}}/users/:id?fields=name&role=admin"));
    const QList<HeaderRow> headers{
        {QStringLiteral("Accept-Version"), QStringLiteral("2"), QString(), true},
        {QStringLiteral("X-Trace"), QStringLiteral("on"), QStringLiteral("only when asked"), false}};
    QCOMPARE(spec.headers, headers);
    const QList<ParamRow> params{
        {ParamRow::In::Query, QStringLiteral("page"), QStringLiteral("1"), QStringLiteral("from one"), false},
        {ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("42"), QStringLiteral("the user's number"),
         true}};
    QCOMPARE(spec.params, params);
    RequestSettings settings;
    settings.timeoutMs = 5000;
    settings.followRedirects = false;
    settings.maxRedirects = 3;
    settings.verifyTls = false;
    settings.removedDefaultHeaders = QStringList{QStringLiteral("User-Agent")};
    QCOMPARE(spec.settings, settings);
    QCOMPARE(spec.profileId, QStringLiteral("reader"));

    const TreeItem* post = workspace->find(QStringLiteral("create-user.yml"));
    QVERIFY(post);
    QCOMPARE(post->request.body.kind, BodySpec::Kind::Json);
    QCOMPARE(post->request.body.text,
             QStringLiteral("{\n  \"name\": \"{{name}}\",   \n  \"roles\": [\"admin\"]\n}"));
    QCOMPARE(post->request.settings, RequestSettings());

    QCOMPARE(workspace->environments.size(), 1);
    const QList<Variable> variables{
        {QStringLiteral("baseUrl"), QStringLiteral("http://127.0.0.1:8080"), true},
        {QStringLiteral("old"), QStringLiteral("1"), false},
        {QStringLiteral("count"), QStringLiteral("5"), true}};
    QCOMPARE(workspace->environments[0].variables, variables);

    QCOMPARE(workspace->profiles.size(), 2);
    const TokenProfile* reader = workspace->profile(QStringLiteral("Reader"));
    QVERIFY(reader);
    QCOMPARE(reader->colour, QStringLiteral("#3daee9"));
    QCOMPARE(reader->bindings.size(), 2);
    QCOMPARE(reader->bindings[0].expiresAt, std::optional<qint64>(1896091200));
    QCOMPARE(reader->bindings[0].allowedOrigins,
             (QStringList{QStringLiteral("{{baseUrl}}"), QStringLiteral("https://api.example.com")}));
    const TokenProfile* key = workspace->profile(QStringLiteral("key"));
    QVERIFY(key);
    QCOMPARE(key->storage, SecretStorage::Memory);
    QCOMPARE(key->scheme, AuthScheme(ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("key")}));
}

void TestOpenCollection::urlWinsOverParams() {
    const auto workspace = readOne("info: {name: x, type: http}\nhttp:\n  url: http://h/?a=1\n  params:\n"
                                   "  - {name: a, value: other, type: query}\n"
                                   "  - {name: gone, value: v, type: query}\n");
    QVERIFY(workspace.has_value());
    const RequestSpec spec = workspace->items.value(0).request;
    QCOMPARE(spec.url, QStringLiteral("http://h/?a=1"));
    QCOMPARE(spec.params, (QList<ParamRow>{{ParamRow::In::Query, QStringLiteral("gone"), QStringLiteral("v"),
                                            QString(), false}}));
}

void TestOpenCollection::brokenFilesAreProblems_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    QTest::newRow("syntax") << QByteArray("info:\n  name: x\n type: http\n")
                            << QStringLiteral("a.yml, line 3, column 2");
    QTest::newRow("list") << QByteArray("- a\n") << QStringLiteral("a.yml, line 1, column 1");
    QTest::newRow("variable without quotes") << QByteArray("info:\n  type: http\nhttp:\n  url: {{base}}\n")
                                             << QStringLiteral("a.yml, line 4, column 8");
    QTest::newRow("headers no list") << QByteArray("info:\n  type: http\nhttp:\n  headers:\n    a: b\n")
                                     << QStringLiteral("a.yml, line 5, column 5");
    QTest::newRow("header no mapping") << QByteArray("info:\n  type: http\nhttp:\n  headers:\n    - a\n")
                                       << QStringLiteral("a.yml, line 5, column 7");
    QTest::newRow("grpc") << QByteArray("info:\n  name: g\n  type: grpc\n") << QStringLiteral("a.yml");
}

void TestOpenCollection::brokenFilesAreProblems() {
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    const auto workspace = readOne(text);
    QVERIFY(workspace.has_value());
    QVERIFY(workspace->items.isEmpty());
    QCOMPARE(workspace->problems.size(), 1);
    QCOMPARE(workspace->problems[0].path, QStringLiteral("a.yml"));
    QCOMPARE(workspace->problems[0].error.where, where);
}

void TestOpenCollection::brokenRootIsAnError() {
    const auto broken = oc::read({{oc::rootFileName(), "info: [\n"}});
    QVERIFY(!broken);
    QCOMPARE(broken.error().where, QStringLiteral("opencollection.yml, line 2, column 1"));
    QCOMPARE(oc::read({}).error().code, ErrorCode::NotFound);
    const auto unknown = oc::read({{oc::rootFileName(), "extensions:\n  keybearer:\n    profiles:\n"
                                                        "      - name: x\n        kind: telepathy\n"}});
    QVERIFY(!unknown);
    QVERIFY(unknown.error().what.contains(QStringLiteral("telepathy")));
    const auto choice = oc::read({{oc::rootFileName(), "extensions:\n  keybearer:\n    profiles:\n"
                                                       "      - name: x\n        kind: oauth2\n"
                                                       "        grant: implicit\n"}});
    QVERIFY(!choice.has_value());
    QVERIFY2(choice.error().what.contains(QStringLiteral("client_credentials")),
             qPrintable(choice.error().text()));
    QCOMPARE(choice.error().where, QStringLiteral("opencollection.yml, line 6, column 16"));
    const auto twice = oc::read({{oc::rootFileName(), "extensions:\n  keybearer:\n    profiles:\n"
                                                      "      - id: a\n      - id: a\n"}});
    QVERIFY(!twice);
}

void TestOpenCollection::otherYamlIsLeftAlone() {
    const auto workspace = oc::read({{oc::rootFileName(), root()},
                                     {QStringLiteral("docker-compose.yml"), "services:\n  db: {}\n"},
                                     {QStringLiteral("setup.yml"), "type: script\nscript: x\n"},
                                     {QStringLiteral("empty.yml"), ""}});
    QVERIFY(workspace.has_value());
    QVERIFY(workspace->items.isEmpty());
    QVERIFY(workspace->problems.isEmpty());
}

void TestOpenCollection::itemsAreInOrder() {
    const auto file = [](const char* path, const char* name, int seq) {
        QByteArray text = QByteArray("info:\n  type: http\n  name: ") + name + '\n';
        if (seq) text += "  seq: " + QByteArray::number(seq) + '\n';
        return oc::File{QString::fromLatin1(path), text};
    };
    const auto workspace = oc::read({file("d.yml", "zeta", 0),
                                     file("c.yml", "Alpha", 0),
                                     file("b.yml", "two", 2),
                                     file("a.yml", "ten", 10),
                                     file("x/y/z.yml", "deep", 1),
                                     {oc::rootFileName(), root()}});
    QVERIFY(workspace.has_value());
    QStringList names;
    for (const TreeItem& entry : workspace->items)
        names.append(entry.name);
    QCOMPARE(names.join(u' '), QStringLiteral("x two ten Alpha zeta"));
    QVERIFY(workspace->find(QStringLiteral("x/y/z.yml")));
    QVERIFY(workspace->find(QStringLiteral("x/y")));
    QVERIFY(!workspace->find(QStringLiteral("x/z.yml")));
}

void TestOpenCollection::bodies_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("contentType");
    QTest::addColumn<QByteArray>("holds");
    const int json = int(BodySpec::Kind::Json);
    const int text = int(BodySpec::Kind::Text);
    const auto row = [](const char* name, int kind, const QString& body, const char* type,
                        const char* holds) {
        QTest::newRow(name) << kind << body << QString::fromLatin1(type) << QByteArray(holds);
    };
    row("none", int(BodySpec::Kind::None), QString(), "", "auth: inherit");
    row("empty json", json, QString(), "", "data: \"\"");
    row("json", json, QStringLiteral("{\n  \"a\": 1\n}"), "",
        "data: |-\n      {\n        \"a\": 1\n      }\n");
    row("json and line end", json, QStringLiteral("[1]\n"), "", "data: |\n      [1]\n");
    row("json and blank lines", json, QStringLiteral("[1]\n\n"), "", "data: \"[1]\\n\\n\"");
    row("text", text, QStringLiteral("hello"), "", "type: text");
    row("Windows lines", text, QStringLiteral("a\r\nb"), "", "data: \"a\\r\\nb\"");
    row("xml", text, QStringLiteral("<a/>"), "application/xml", "type: xml");
    row("older xml", text, QStringLiteral("<a/>"), "text/xml", "contentType: text/xml");
    row("csv", text, QStringLiteral("a,b\n1,2\n"), "text/csv", "contentType: text/csv");
    row("form", text, QStringLiteral("a=1&b={{x}}+y%26"), "application/x-www-form-urlencoded",
        "type: form-urlencoded");
    row("empty form", text, QString(), "application/x-www-form-urlencoded", "data: []");
    row("odd form", text, QStringLiteral("a&b=%zz"), "application/x-www-form-urlencoded", "type: text");
}

void TestOpenCollection::bodies() {
    QFETCH(int, kind);
    QFETCH(QString, text);
    QFETCH(QString, contentType);
    QFETCH(QByteArray, holds);
    RequestSpec spec;
    spec.name = QStringLiteral("x");
    spec.body = {BodySpec::Kind(kind), text, contentType};
    QByteArray written;
    QCOMPARE(through(item(spec), QByteArray(), &written).request.body, spec.body);
    QVERIFY2(written.contains(holds), written.constData());
    RequestSpec csv;
    csv.name = QStringLiteral("x");
    csv.body = {BodySpec::Kind::Text, QStringLiteral("1"), QStringLiteral("text/csv")};
    QByteArray other;
    through(item(csv), QByteArray(), &other);
    QCOMPARE(through(item(spec), other).request.body, spec.body);
}

void TestOpenCollection::bodiesWeCannotSendStay() {
    const QByteArray text =
        "info:\n  name: x\n  type: http\nhttp:\n  method: POST\n  url: http://h/\n  body:\n"
        "    type: graphql\n    data:\n      query: a\n";
    auto workspace = readOne(text);
    QVERIFY(workspace.has_value());
    TreeItem changed = workspace->items.value(0);
    QCOMPARE(changed.request.body.kind, BodySpec::Kind::None);
    QCOMPARE(changed.request.body.unsupported, QStringLiteral("graphql"));
    changed.request.url = QStringLiteral("http://other/");
    QCOMPARE(oc::writeRequest(changed, text).value(), QByteArray(text).replace("http://h/", "http://other/"));
    changed.request.body = {BodySpec::Kind::Text, QStringLiteral("t"), QString()};
    QByteArray written;
    QCOMPARE(through(changed, text, &written).request.body, changed.request.body);
    QVERIFY(!written.contains("query"));
}

void TestOpenCollection::multipartFormsAndFiles() {
    const QByteArray text =
        "info:\n  name: x\n  type: http\nhttp:\n  method: POST\n  url: http://h/\n  body:\n"
        "    type: multipart-form\n    data:\n      # the picture\n      - name: f\n        type: file\n"
        "        value:\n          - a.txt\n          - b.txt\n      - name: note\n        value: hello\n"
        "        disabled: true\n";
    auto workspace = readOne(text);
    QVERIFY(workspace.has_value());
    TreeItem item = workspace->items.value(0);
    QCOMPARE(item.request.body.kind, BodySpec::Kind::Multipart);
    const QList<BodyPart> parts{{QStringLiteral("f"), QStringLiteral("a.txt"), true, {}, true},
                                {QStringLiteral("note"), QStringLiteral("hello"), false, {}, false}};
    QCOMPARE(item.request.body.parts, parts);
    QCOMPARE(oc::writeRequest(item, text).value(), text); // nothing changed
    item.request.body.parts[1].value = QStringLiteral("bye");
    QCOMPARE(oc::writeRequest(item, text).value(), QByteArray(text).replace("hello", "bye"));
    item.request.body.parts.append(
        {QStringLiteral("data"), QStringLiteral("c.bin"), true, QStringLiteral("image/png"), true});
    QCOMPARE(through(item, text).request.body, item.request.body);
    QCOMPARE(through(item, QByteArray()).request.body, item.request.body); // a new file
    item.request.body.parts.clear();
    QByteArray written;
    QCOMPARE(through(item, text, &written).request.body, item.request.body);
    QVERIFY2(written.contains("data: []"), written.constData()); // the format wants the list
    item.request.body = {BodySpec::Kind::File, QStringLiteral("c.bin"), QStringLiteral("image/png")};
    QCOMPARE(through(item, text, &written).request.body, item.request.body);
    QCOMPARE(oc::writeRequest(item, written).value(), written);
    QCOMPARE(through(item, QByteArray()).request.body, item.request.body);
}

void TestOpenCollection::formKeepsRowsThatAreOff() {
    const QByteArray text =
        "info: {name: x, type: http}\nhttp:\n  url: http://h/\n  body:\n    type: form-urlencoded\n"
        "    data:\n      - name: a b\n        value: ä&{{x y}}\n        description: d\n"
        "      - name: off\n        value: v\n        disabled: true\n";
    TreeItem changed = readOne(text)->items.value(0);
    QCOMPARE(changed.request.body.text, QStringLiteral("a+b=%C3%A4%26{{x y}}"));
    changed.request.body.text += QStringLiteral("&c=2");
    QByteArray written;
    QCOMPARE(through(changed, text, &written).request.body.text, changed.request.body.text);
    QVERIFY(written.contains("description: d"));
    QVERIFY2(written.contains("disabled: true"), written.constData());
}

QTEST_GUILESS_MAIN(TestOpenCollection)
#include "test_opencollection.moc"
