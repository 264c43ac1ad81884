// SPDX-License-Identifier: GPL-3.0-or-later
// What single formats say in words of their own.
#include "core/interchange/import.h"

#include <QSet>
#include <QTest>

using namespace kb;

namespace {

Imported imported(const QList<ImportFile>& files) {
    Result<Imported> made = importFiles(files);
    if (!made) qFatal("%s", qPrintable(made.error().text()));
    return std::move(*made);
}

} // namespace

class TestImportFormats : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// What was recorded as two people, or with two keys, is two requests, each with its own profile.
    void harKeepsWhoSentIt() {
        const auto entry = [](const char* header, const char* value) -> QByteArray {
            return QByteArray("{\"request\":{\"method\":\"GET\",\"url\":\"https://api.example.com/me\","
                              "\"headers\":[{\"name\":\"") +
                   header + "\",\"value\":\"" + value + "\"}]}}";
        };
        const QByteArray text = "{\"log\":{\"version\":\"1.2\",\"entries\":[" +
                                entry("Authorization", "Bearer admin-token-0001") + "," +
                                entry("authorization", "Bearer reader-token-0002") + "," +
                                entry("Authorization", "Bearer reader-token-0002") + "," +
                                entry("Cookie", "sid=cookie-0123456789") + "," +
                                entry("X-Api-Key", "key-one-0123456789") + "," +
                                entry("X-Api-Key", "key-two-0123456789") + "," + entry("X-Trace", "1") + "," +
                                entry("X-Trace", "2") + "]}}";
        const Result<Imported> made = importFiles({{QStringLiteral("two.har"), text}});
        QVERIFY(made.has_value());
        QCOMPARE(made->profiles.size(), std::size_t(5));
        QSet<QString> as;
        for (const TreeItem& item : made->items)
            as.insert(item.request.profileId);
        QCOMPARE(made->items.size(), 5); // as nobody, and with fields that are no credential, it is none more
        QCOMPARE(as.size(), 5);
        QVERIFY2(made->notes.join('\n').contains(QStringLiteral("3 request(s) that came again")),
                 qPrintable(made->notes.join('\n')));
    }

    /// Two folders may have variables of one name, also of one that environments have. They are the folders'
    /// own.
    void variablesOfFolders_data() {
        QTest::addColumn<QList<ImportFile>>("files");
        QTest::newRow("bruno") << QList<ImportFile>{
            {QStringLiteral("bruno.json"), "{\"name\":\"B\"}"},
            {QStringLiteral("environments/Local.bru"), "vars {\n  base: https://env.example\n}\n"},
            {QStringLiteral("one/folder.bru"),
             "vars:pre-request {\n  base: https://one.example\n  page: {{size}}\n  "
             "size: 7\n}\n"},
            {QStringLiteral("one/a.bru"), "meta {\n  name: a\n}\n\nget {\n  url: {{base}}/a?p={{page}}\n}\n"},
            {QStringLiteral("two/folder.bru"), "vars:pre-request {\n  base: https://two.example\n  key: "
                                               "{{base}}\n  api_key: folder-key-0001\n}\n"},
            {QStringLiteral("two/b.bru"), "meta {\n  name: b\n}\n\nget {\n  url: {{base}}/b\n  auth: "
                                          "bearer\n}\n\nauth:bearer {\n  token: {{api_key}}\n}\n"}};
        QTest::newRow("insomnia 5") << QList<ImportFile>{
            {QStringLiteral("i.yaml"),
             "type: collection.insomnia.rest/5.0\nname: B\ncollection:\n"
             "  - {name: two, meta: {sortKey: 2}, environment: {base: 'https://two.example', key: '{{ _.base "
             "}}', "
             "api_key: folder-key-0001}, children: [{name: b, url: '{{ _.base }}/b', authentication: {type: "
             "bearer, "
             "token: '{{ _.api_key }}'}}]}\n"
             "  - {name: one, meta: {sortKey: -1}, environment: {base: 'https://one.example', page: '{{ "
             "_.size }}', "
             "size: 7}, children: [{name: a, url: '{{ _.base }}/a?p={{ _.page }}'}]}\n"
             "environments: {name: Local, data: {base: 'https://env.example'}}\n"}};
    }
    void variablesOfFolders() {
        QFETCH(QList<ImportFile>, files);
        const Imported made = imported(files);
        QCOMPARE(made.items.size(), 2);
        const TreeItem &one = made.items.at(0), &two = made.items.at(1);
        QCOMPARE(one.name, QStringLiteral("one"));
        const auto is = [](const char* name, const char* value) {
            return Variable{QString::fromLatin1(name), QString::fromLatin1(value), true};
        };
        QCOMPARE(one.defaults.variables, (QList<Variable>{is("base", "https://one.example"),
                                                          is("page", "{{size}}"), is("size", "7")}));
        QCOMPARE(two.defaults.variables,
                 (QList<Variable>{is("base", "https://two.example"), is("key", "{{base}}")}));
        QCOMPARE(one.children.first().request.url, QStringLiteral("{{base}}/a?p={{page}}"));
        QCOMPARE(two.children.first().request.url, QStringLiteral("{{base}}/b"));
        QCOMPARE(made.environments.size(), 1);
        QCOMPARE(made.environments.first().variables, (QList<Variable>{is("base", "https://env.example")}));
        // What is secret is in the keychain, and goes to where the folder's requests go.
        QCOMPARE(made.profiles.size(), size_t(1));
        QCOMPARE(made.profiles.front().profile.id, two.children.first().request.profileId);
        QCOMPARE(made.profiles.front().secrets.size(), size_t(1));
        QCOMPARE(made.profiles.front().secrets.front().second.allowedOrigins,
                 QStringList{QStringLiteral("https://two.example")});
    }

    /// A single request's variables are its own; what is secret among them goes to the keychain.
    void variablesOfRequests_data() {
        QTest::addColumn<QList<ImportFile>>("files");
        QTest::newRow("bruno") << QList<ImportFile>{
            {QStringLiteral("bruno.json"), "{\"name\":\"B\"}"},
            {QStringLiteral("environments/Local.bru"), "vars {\n  id: env\n}\n"},
            {QStringLiteral("f/folder.bru"), "vars:pre-request {\n  id: folder\n  size: 7\n}\n"},
            {QStringLiteral("f/a.bru"),
             "meta {\n  name: a\n  seq: 1\n}\n\nget {\n  url: "
             "https://h.example/{{farm_token}}/{{id}}?s={{size}}&x={{twice}}"
             "\n}\n\nvars:pre-request {\n  id: own\n  twice: {{id}}{{size}}\n  ~off: 1\n  farm_token: "
             "request-token-0001\n}\n"},
            {QStringLiteral("f/b.bru"),
             "meta {\n  name: b\n  seq: 2\n}\n\nget {\n  url: https://h.example/{{id}}\n}\n"}};
        QTest::newRow("opencollection") << QList<ImportFile>{
            {QStringLiteral("c.yml"),
             "opencollection: 1.0.0\ninfo: {name: B}\nconfig: {environments: [{name: Local, variables: "
             "[{name: id, "
             "value: env}]}]}\nitems:\n- info: {name: f, type: folder}\n  request: {variables: [{name: id, "
             "value: "
             "folder}, {name: size, value: '7'}]}\n  items:\n  - info: {name: a, type: http}\n    http: "
             "{method: GET, "
             "url: 'https://h.example/{{farm_token}}/{{id}}?s={{size}}&x={{twice}}'}\n    runtime: "
             "{variables: [{name: id, "
             "value: own}, {name: twice, value: '{{id}}{{size}}'}, {name: 'off', value: '1', disabled: "
             "true}, {name: "
             "farm_token, value: request-token-0001}]}\n  - info: {name: b, type: http}\n    http: {method: "
             "GET, url: "
             "'https://h.example/{{id}}'}\n"}};
    }
    void variablesOfRequests() {
        QFETCH(QList<ImportFile>, files);
        const Imported made = imported(files);
        QCOMPARE(made.items.size(), 1);
        const TreeItem& folder = made.items.first();
        QCOMPARE(folder.defaults.variables,
                 (QList<Variable>{{QStringLiteral("id"), QStringLiteral("folder"), true},
                                  {QStringLiteral("size"), QStringLiteral("7"), true}}));
        const RequestSpec &a = folder.children.at(0).request, &b = folder.children.at(1).request;
        QCOMPARE(a.variables,
                 (QList<Variable>{{QStringLiteral("id"), QStringLiteral("own"), true},
                                  {QStringLiteral("twice"), QStringLiteral("{{id}}{{size}}"), true},
                                  {QStringLiteral("off"), QStringLiteral("1"), false}}));
        QVERIFY(b.variables.isEmpty());
        QCOMPARE(b.url, QStringLiteral("https://h.example/{{id}}"));
        QCOMPARE(a.url, QStringLiteral("https://h.example/{{farm_token}}/{{id}}?s={{size}}&x={{twice}}"));
        QCOMPARE(made.environments.first().variables,
                 (QList<Variable>{{QStringLiteral("id"), QStringLiteral("env"), true}}));
        QCOMPARE(made.secrets.size(), size_t(1));
        QCOMPARE(made.secrets.front().name, QStringLiteral("farm_token"));
    }

    /// A secret stays one where another of its name makes it stand aside.
    void secretsOfFoldersAreFound() {
        const Imported made = imported(
            {{QStringLiteral("i.yaml"),
              "type: collection.insomnia.rest/5.0\nname: B\ncollection:\n"
              "  - {name: f, environment: {farm_token: folder-token-0001, session_id: folder-pw-0002}, "
              "children: "
              "[{name: a, "
              "url: 'https://h.example/{{ _.farm_token }}/{{ _.session_id }}'}]}\n"
              "environments: {name: Local, data: {farm_token: env-token-0001, session_id: env-pw-0002}}\n"}});
        QVERIFY(made.items.first().defaults.variables.isEmpty());
        QVERIFY(made.environments.first().variables.isEmpty());
        QStringList names;
        for (const ImportedSecret& each : made.secrets)
            names.append(each.name);
        names.sort();
        QCOMPARE(names, (QStringList{QStringLiteral("farm_token"), QStringLiteral("farm_token_2"),
                                     QStringLiteral("session_id"), QStringLiteral("session_id_2")}));
        QCOMPARE(made.items.first().children.first().request.url,
                 QStringLiteral("https://h.example/{{farm_token_2}}/{{session_id_2}}"));
    }

    /// A folder's variable may be made of the one of that name further out, and a profile of one of a
    /// folder's.
    void variablesThatCountOutsideOfTheirFolder() {
        const Imported made =
            imported({{QStringLiteral("i.yaml"),
                       "type: collection.insomnia.rest/5.0\nname: B\ncollection:\n"
                       "  - {name: f, environment: {base: '{{ _.base }}/v2', login: 'https://as.example'}, "
                       "children: [{name: a, "
                       "url: '{{ _.base }}/a', authentication: {type: oauth2, grantType: client_credentials, "
                       "accessTokenUrl: "
                       "'{{ _.login }}/token', clientId: c, clientSecret: client-secret-0001}}]}\n"
                       "environments: {name: Local, data: {base: 'https://env.example'}}\n"}});
        QVERIFY(made.items.first().defaults.variables.isEmpty());
        QCOMPARE(made.items.first().children.first().request.url, QStringLiteral("{{base_2}}/a"));
        const QList<Variable> variables = made.environments.first().variables;
        QVERIFY(variables.contains({QStringLiteral("base_2"), QStringLiteral("{{base}}/v2"), true}));
        QVERIFY(variables.contains({QStringLiteral("login"), QStringLiteral("https://as.example"), true}));
    }

    /// Without environments none is made for them.
    void foldersAloneNeedNoEnvironment() {
        const Imported made = imported(
            {{QStringLiteral("i.json"), "{\"_type\":\"export\",\"__export_format\":4,\"resources\":[{\"_id\":"
                                        "\"wrk_1\",\"_type\":\"workspace\",\"name\":"
                                        "\"W\"},{\"_id\":\"r\",\"_type\":\"request\",\"parentId\":\"wrk_1\","
                                        "\"name\":\"last\",\"url\":\"https://h/\","
                                        "\"metaSortKey\":5},{\"_id\":\"f\",\"_type\":\"request_group\","
                                        "\"parentId\":\"wrk_1\",\"name\":\"F\",\"metaSortKey\":"
                                        "-5,\"environment\":{\"api\":{\"v\":\"1\"}}},{\"_id\":\"q\",\"_"
                                        "type\":\"request\",\"parentId\":\"f\",\"name\":"
                                        "\"in\",\"url\":\"https://h/{{ _.api.v }}\"}]}"}});
        QCOMPARE(made.environments.size(), 0);
        QCOMPARE(made.items.at(0).name, QStringLiteral("F"));
        QCOMPARE(made.items.at(1).name, QStringLiteral("last"));
        QCOMPARE(made.items.at(0).defaults.variables,
                 (QList<Variable>{{QStringLiteral("api.v"), QStringLiteral("1"), true}}));
    }

    /// .http: a path alone goes to the host that its Host line names.
    void aPathHasItsHost_data() {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QString>("url");
        QTest::newRow("plain") << QByteArray("GET /a?b=1 HTTP/1.1\nHost: h.example\n")
                               << "http://h.example/a?b=1";
        QTest::newRow("encrypted") << QByteArray("GET /a HTTP/1.1\nhost: h.example:443\n")
                                   << "https://h.example:443/a";
        QTest::newRow("also encrypted")
            << QByteArray("GET /a\nHost: h.example:8443\n") << "https://h.example:8443/a";
        QTest::newRow("variable") << QByteArray("GET /a\nHost: {{ host }}\n") << "http://{{host}}/a";
        QTest::newRow("full") << QByteArray("GET https://o.example/a\nHost: h.example\n")
                              << "https://o.example/a";
        QTest::newRow("none") << QByteArray("GET /a HTTP/1.1\nX: 1\n") << "/a";
    }
    void aPathHasItsHost() {
        QFETCH(QByteArray, head);
        const Imported made = imported({{QStringLiteral("a.http"), head}});
        const RequestSpec spec = made.items.first().request;
        QTEST(spec.url, "url");
        QCOMPARE(spec.headers.size(), spec.url.startsWith(QLatin1String("http://")) ||
                                              spec.url.contains(QLatin1String("h.example"))
                                          ? 0
                                          : 1);
        QCOMPARE(made.notes.join(u'\n').contains(QStringLiteral("names no host")),
                 spec.url == QLatin1String("/a"));
    }
};

QTEST_GUILESS_MAIN(TestImportFormats)
#include "test_import_formats.moc"
