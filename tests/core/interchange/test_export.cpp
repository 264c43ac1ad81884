// SPDX-License-Identifier: GPL-3.0-or-later
// What is exported comes back as it was, and no secret goes along.
#include "core/base/json_pointer.h"
#include "core/interchange/export.h"
#include "core/interchange/import.h"
#include "core/interchange/import_save.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

TreeItem item(const char* name, RequestSpec spec) {
    TreeItem made;
    made.name = spec.name = s(name);
    made.request = std::move(spec);
    return made;
}

TokenProfile profile(const char* name, AuthScheme scheme) {
    TokenProfile made;
    made.id = made.name = s(name);
    made.scheme = std::move(scheme);
    return made;
}

/// A request of every kind, in folders, with variables.
Workspace workspace() {
    Workspace made;
    made.name = s("Shop");
    made.environments = {
        {s("Dev"), {{s("baseUrl"), s("https://shop.example.com/v1"), true}, {s("n"), s("2"), true}}}};
    OAuthScheme oauth;
    oauth.tokenUrl = s("https://login.example.com/token");
    oauth.clientId = s("robot");
    oauth.scopes = {s("users:read"), s("users:write")};
    made.profiles = {profile("reader", BearerScheme{}),
                     profile("ada", BasicScheme{s("ada")}),
                     profile("key", ApiKeyScheme{ApiKeyScheme::In::Header, s("X-Key")}),
                     profile("query key", ApiKeyScheme{ApiKeyScheme::In::Query, s("k")}),
                     profile("robot", oauth),
                     profile("digest", DigestScheme{s("bob")})};
    RequestSpec list;
    list.url = s("{{baseUrl}}/users?page={{n}}&q=a%20b");
    list.headers = {{s("Accept"), s("application/json"), s("what I want"), true},
                    {s("X-Off"), s("1"), {}, false}};
    list.params = {{ParamRow::In::Query, s("size"), s("10"), {}, false}};
    list.profileId = s("reader");
    RequestSpec one;
    one.url = s("{{baseUrl}}/users/:id");
    one.params = {{ParamRow::In::Path, s("id"), s("7"), {}, true}};
    one.profileId = s("ada");
    RequestSpec add;
    add.method = s("POST");
    add.url = s("{{baseUrl}}/users");
    add.body = {BodySpec::Kind::Json, s("{\"name\": \"Ada\", \"n\": {{n}}}"), {}};
    add.profileId = s("key");
    RequestSpec form;
    form.method = s("PUT");
    form.url = s("{{baseUrl}}/form");
    form.body = {BodySpec::Kind::Text, s("a=1+2&b=%26"), s("application/x-www-form-urlencoded")};
    RequestSpec upload;
    upload.method = s("POST");
    upload.url = s("https://files.example.com:8443/up");
    upload.body.kind = BodySpec::Kind::Multipart;
    upload.body.parts = {{s("note"), s("hi"), false, {}, true},
                         {s("pic"), s("a.png"), true, s("image/png"), true}};
    upload.profileId = s("robot");
    TreeItem folder;
    folder.kind = TreeItem::Kind::Folder;
    folder.name = s("Users & more");
    folder.children = {item("List", list), item("One", one)};
    made.items = {folder, item("Add", add), item("Form", form), item("Upload", upload)};
    placeItems(made.items);
    return made;
}

QByteArray exported(const char* format, const Workspace& from, QStringList* notes = nullptr) {
    const Result<Exported> out = exportRequests(s(format), {from, s("Dev"), {}});
    if (!out) qFatal("%s", qPrintable(out.error().text()));
    if (notes) *notes = out->notes;
    return out->text;
}

/// "METHOD url | headers | body" of every request, in order.
QStringList lines(const QList<TreeItem>& items) {
    QStringList all;
    for (const TreeItem& each : items) {
        if (each.kind == TreeItem::Kind::Folder) {
            all.append(s("# ") + each.name);
            all += lines(each.children);
            continue;
        }
        const RequestSpec& spec = each.request;
        QStringList rows;
        for (const HeaderRow& row : spec.headers)
            rows.append((row.enabled ? QString() : s("~")) + row.name + u'=' + row.value);
        for (const ParamRow& row : spec.params)
            rows.append((row.enabled ? QString() : s("~")) + row.name + u':' + row.value);
        for (const BodyPart& part : spec.body.parts)
            rows.append(part.name + (part.isFile ? s("@") : s("=")) + part.value + part.contentType);
        all.append(each.name + s(": ") + spec.method + u' ' + spec.url + s(" | ") + rows.join(s(", ")) +
                   s(" | ") + spec.body.text + u' ' + spec.body.contentType);
    }
    return all;
}

QStringList kinds(const Imported& from) {
    QStringList all;
    for (const ImportedProfile& each : from.profiles)
        all.append(schemeName(each.profile.scheme));
    all.sort();
    return all;
}

Imported imported(const QByteArray& text, const char* name) {
    Result<Imported> made = importFiles({{s(name), text}});
    if (!made) qFatal("%s", qPrintable(made.error().text()));
    return std::move(*made);
}

} // namespace

class TestExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void postmanAndBack() {
        const Workspace from = workspace();
        const Imported back = imported(exported("postman", from), "x.json");
        QCOMPARE(back.name, from.name);
        QCOMPARE(lines(back.items), lines(from.items));
        QCOMPARE(kinds(back), (QStringList{s("api-key"), s("basic"), s("bearer"), s("oauth2")}));
        QCOMPARE(back.environments.first().variables, from.environments.first().variables);
    }

    void openCollectionAndBack() {
        const Workspace from = workspace();
        const Imported back = imported(exported("opencollection", from), "x.yml");
        QCOMPARE(back.name, from.name);
        QCOMPARE(lines(back.items), lines(from.items));
        QCOMPARE(back.environments, from.environments);
    }

    /// HAR has no variables, folders or names: the addresses as they would be sent.
    void harAndBack() {
        const Workspace from = workspace();
        const QByteArray text = exported("har", from);
        const Imported back = imported(text, "x.har");
        QCOMPARE(back.requestCount(), 5);
        const QStringList all = lines(back.items);
        const QString joined = all.join(u'\n');
        for (const char* part : {"GET https://shop.example.com/v1/users?page=2&q=a%20b",
                                 "GET https://shop.example.com/v1/users/7", "{\"name\": \"Ada\", \"n\": 2}",
                                 "a=1+2&b=%26 application/x-www-form-urlencoded", "pic@a.png"})
            QVERIFY2(joined.contains(s(part)), qPrintable(joined));
        QVERIFY(text.contains("Sent as reader"));
    }

    void curlAndBack() {
        const Workspace from = workspace();
        const QByteArray text = exported("curl", from);
        const Imported back = imported(text, "x.sh");
        QCOMPARE(back.requestCount(), 5);
        const QString joined = lines(back.items).join(u'\n');
        for (const char* part : {"GET https://shop.example.com/v1/users?page=2&q=a%20b",
                                 "POST https://shop.example.com/v1/users",
                                 "PUT https://shop.example.com/v1/form", "note=hi, pic@a.pngimage/png"})
            QVERIFY2(joined.contains(s(part)), qPrintable(joined));
        QVERIFY(text.contains("\"$KEYBEARER_SECRET_READER\""));
        QVERIFY(text.contains("--user ada:\"$KEYBEARER_SECRET_ADA\""));
    }

    void anOpenApiSkeleton() {
        const QByteArray text = exported("openapi", workspace());
        const Result<ApiDescription> api = readOpenApi(s("x.json"), text);
        QVERIFY2(api, api ? "" : qPrintable(api.error().text()));
        QCOMPARE(api->title, s("Shop"));
        QCOMPARE(api->servers.first().url, s("https://shop.example.com/v1"));
        QCOMPARE(api->operations.size(), 5);
        const auto find = [&](const char* method, const char* path) -> const ApiOperation* {
            for (const ApiOperation& each : api->operations)
                if (each.method == s(method) && each.path == s(path)) return &each;
            return nullptr;
        };
        const ApiOperation* list = find("GET", "/users");
        QVERIFY(list);
        QCOMPARE(list->tags, QStringList{s("Users & more")});
        QCOMPARE(*list->security, (ApiSecurity{{{s("bearer"), {}}}}));
        QStringList names;
        for (const ApiParameter& parameter : list->parameters)
            names.append(parameter.in + u' ' + parameter.name);
        QCOMPARE(names, (QStringList{s("query page"), s("query q"), s("query size"), s("header X-Off")}));
        const ApiOperation* one = find("GET", "/users/{id}");
        QVERIFY(one && one->parameters.first().required);
        QCOMPARE(one->parameters.first().example, s("7"));
        QVERIFY(find("PUT", "/form")->security->isEmpty());
        QCOMPARE(find("POST", "/up")->security->first().first().scopes,
                 (QStringList{s("users:read"), s("users:write")}));
    }

    void whatIsChosenIsExported() {
        const Workspace from = workspace();
        const auto count = [&](const QStringList& paths) {
            const Result<Exported> out = exportRequests(s("har"), {from, s("Dev"), paths});
            return out ? out->text.count("\"startedDateTime\"") : -1;
        };
        QCOMPARE(count({s("users-more")}), 2);
        QCOMPARE(count({s("users-more/one.yml"), s("add.yml")}), 2);
        const Result<Exported> gone = exportRequests(s("har"), {from, s("Dev"), {s("gone.yml")}});
        QVERIFY(!gone && gone.error().text().contains(s("gone.yml")));
        const Result<Exported> soap = exportRequests(s("soap"), {from, s("Dev"), {}});
        QVERIFY(!soap && soap.error().text().contains(s("python-requests")));
    }

    void whatCannotBeSaidIsSaid() {
        Workspace from = workspace();
        RequestSpec digest;
        digest.url = s("{{baseUrl}}/d");
        digest.profileId = s("digest");
        from.items.append(item("Digest", digest));
        QStringList notes;
        const QByteArray k6 = exported("k6", from, &notes);
        QVERIFY(!k6.contains("/v1/d\""));
        QVERIFY2(notes.join(u'\n').contains(s("Digest is left out: digest")), qPrintable(notes.join(u'\n')));
        // A check that k6 has no word for, and an answer that no check of its own is about.
        for (CheckSpec check :
             {CheckSpec{AnswerPart::Jq, s(".id"), s("eq"), s("1"), {}, true},
              CheckSpec{AnswerPart::Schema, s("a.json"), {}, {}, {}, true},
              CheckSpec{AnswerPart::Expression, s("res.cookies.a"), s("eq"), s("1"), {}, true},
              CheckSpec{AnswerPart::Expression, s("res.body.list"), s("eq"), s("[1]"), {}, true},
              CheckSpec{AnswerPart::Expression, s("res.status"), s("eq"), s("{{n}}"), {}, true}})
            from.items.last().request.checks.append(check);
        from.items.last().request.profileId.clear();
        const QByteArray checked = exported("k6", from, &notes);
        for (const char* left : {"Digest: the check \"jq .id eq 1\" is left out.", "fits the schema a.json",
                                 "res.cookies.a eq 1", "res.body.list eq [1]"})
            QVERIFY2(notes.join(u'\n').contains(s(left)), qPrintable(notes.join(u'\n')));
        QVERIFY2(checked.contains("\"res.status eq {{n}}\": (r) => {") && checked.contains("return v === 2;"),
                 checked.constData());
        QCOMPARE(checked.count("status is below 400"), 5);
        // A form whose fields k6 would mix up.
        from.items.last().request.body.kind = BodySpec::Kind::Multipart;
        from.items.last().request.body.parts = {{s("a"), s("1.png"), true, {}, true},
                                                {s("a"), s("2.png"), true, {}, true}};
        from.items.last().request.method = s("PURGE");
        exported("k6", from, &notes);
        QVERIFY(notes.join(u'\n').contains(s("Digest is left out: fields of the same name")));
        exported("jmeter", from, &notes);
        QVERIFY(notes.join(u'\n').contains(s("Digest is left out: its method PURGE")));
        // JMeter puts a form together with POST alone.
        from.items.last().request.method = s("PUT");
        exported("jmeter", from, &notes);
        QVERIFY(notes.join(u'\n').contains(s("Digest is left out: files in a form with PUT")));
        from.items.last().request.body.parts = {{s("a"), s("text"), false, {}, true}};
        QVERIFY(exported("jmeter", from, &notes)
                    .contains("form-data; name=&quot;a&quot;&#13;\n&#13;\ntext&#13;\n"));
        from.items.last().request.method = s("GET");
        exported("csharp", from, &notes);
        QVERIFY(notes.join(u'\n').contains(s("Digest is left out: C# cannot say this: a body with GET")));
    }

    void everyFormatNamesSecretsByTheirVariables_data() {
        QTest::addColumn<QString>("format");
        for (const QString& format : exportFormats())
            QTest::newRow(qPrintable(format)) << format;
    }
    void everyFormatNamesSecretsByTheirVariables() {
        QFETCH(QString, format);
        const Result<Exported> out = exportRequests(format, {workspace(), s("Dev"), {}});
        QVERIFY2(out, out ? "" : qPrintable(out.error().text()));
        QVERIFY(!exportExtension(format).isEmpty());
        const bool anonymous = format == s("har") || format == s("openapi") || format == s("opencollection");
        QCOMPARE(out->text.contains("KEYBEARER_SECRET_READER"), !anonymous);
    }

    /// Keys that go along with a credential are named by variables of their own.
    void keysThatGoAlongAreSaid() {
        Workspace from;
        from.name = s("Several");
        from.profiles = {profile("reader", BearerScheme{})};
        from.profiles[0].keys = {{ApiKeyScheme::In::Header, s("X-App-Key")},
                                 {ApiKeyScheme::In::Query, s("app id")},
                                 {ApiKeyScheme::In::Cookie, s("a")},
                                 {ApiKeyScheme::In::Cookie, s("b")}};
        RequestSpec spec;
        spec.url = s("https://h.example/a");
        spec.profileId = s("reader");
        from.items = {item("One", spec)};
        placeItems(from.items);
        const QByteArray curl = exported("curl", from);
        for (const char* part : {"X-App-Key: ", "KEYBEARER_SECRET_READER_X_APP_KEY", "--url-query app%20id=",
                                 "KEYBEARER_SECRET_READER_APP_ID", "KEYBEARER_SECRET_READER\"", "Bearer "})
            QVERIFY2(curl.contains(part), QByteArray(part + QByteArray(": ") + curl).constData());
        QCOMPARE(curl.count("Cookie: "), 1); // RFC 6265 §5.4
        const QByteArray postman = exported("postman", from);
        QVERIFY2(postman.contains("{{KEYBEARER_SECRET_READER_X_APP_KEY}}"), postman.constData());
        QVERIFY2(postman.contains("app%20id={{KEYBEARER_SECRET_READER_APP_ID}}"), postman.constData());
        const Result<JsonValue> openApi = parseJson(exported("openapi", from));
        QVERIFY(openApi);
        const JsonValue* security = jsonAt(*openApi, s("/paths/~1a/get/security")).value;
        QVERIFY(security);
        QCOMPARE(security->items.size(), 1); // all at once, not one of them
        QCOMPARE(security->items.front().members.size(), 5);
    }

    void whatWasTypedInTheWrongPlaceStaysHere_data() { everyFormatNamesSecretsByTheirVariables_data(); }
    /// A token in a header, an address, a body or a variable is no profile's: it is left out all the same.
    void whatWasTypedInTheWrongPlaceStaysHere() {
        QFETCH(QString, format);
        Workspace from;
        from.name = s("Loose");
        from.environments = {
            {s("Dev"),
             {{s("base"), s("https://h.example"), true}, {s("my_token"), s("variable-token-0001"), true}}}};
        RequestSpec spec;
        spec.method = s("POST");
        spec.url = s("{{base}}/a?access_token=query-token-0001&x=1");
        spec.headers = {{s("X-Api-Key"), s("header-key-0001"), {}, true},
                        {s("X-Off"), s("ghp_0123456789abcdefghijABCDEFGHIJ012345"), {}, false},
                        {s("X-Other"), s("v={{my_token}}"), {}, true}};
        spec.body = {
            BodySpec::Kind::Json, s("{\"password\": \"body-password-0001\", \"plain\": \"stays\"}"), {}};
        spec.checks = {
            {AnswerPart::Expression, s("res.body.password"), s("eq"), s("check-password-0001"), {}, true},
            {AnswerPart::Jq,
             s(".t == \"ghp_0123456789abcdefghijABCDEFGHIJ012345\""),
             s("eq"),
             s("ghp_0123456789abcdefghijABCDEFGHIJ012345"),
             {},
             true}};
        RequestSpec second = spec;
        second.url = s("https://ada:url-password-0001@h.example/b/glpat-0123456789abcdefghij/c");
        from.items = {item("A", spec), item("B glpat-0123456789abcdefghij", second)};
        // Variables of every other place are no better a home for them.
        from.environments.first().fromFile = {{s("PLAIN_WORD"), s("dotenv-word-0001"), true}};
        from.defaults.variables = {{s("root_secret"), s("root-variable-0001"), true}};
        from.defaults.headers = {{s("X-Root"), s("{{root_secret}} {{PLAIN_WORD}}"), {}, true}};
        // The parts of a form are resolved where the format has no variables.
        RequestSpec form;
        form.method = s("POST");
        form.url = s("{{base}}/form?x=1");
        form.body.kind = BodySpec::Kind::Multipart;
        form.body.parts = {{s("note"), s("stays {{my_token}} {{PLAIN_WORD}}"), false, {}, true},
                           {s("password"), s("part-password-0001"), false, {}, true}};
        from.items.append(item("Form", form));
        TreeItem folder;
        folder.kind = TreeItem::Kind::Folder;
        folder.name = s("Folder");
        folder.defaults.variables = {{s("folder_password"), s("folder-variable-0001"), true}};
        folder.children = {item("C", spec)};
        folder.children.first().request.variables = {{s("own_password"), s("request-variable-0001"), true},
                                                     {s("early"), s("word-of-the-request"), true},
                                                     {s("plain"), s("{{early}}"), true}};
        folder.children.first().request.headers = {
            {s("X-Folder"), s("v={{folder_password}} {{own_password}} {{plain}}"), {}, true}};
        from.items.append(folder);
        placeItems(from.items);
        const Result<Exported> out = exportRequests(format, {from, s("Dev"), {}});
        QVERIFY2(out, out ? "" : qPrintable(out.error().text()));
        const QByteArray all = out->text + out->notes.join(u'\n').toUtf8();
        for (const char* secret :
             {"variable-token-0001", "dotenv-word-0001", "root-variable-0001", "folder-variable-0001",
              "request-variable-0001", "query-token-0001", "header-key-0001", "ghp_0123456789",
              "body-password-0001", "check-password-0001", "url-password-0001", "glpat-0123456789",
              "part-password-0001"})
            QVERIFY2(!all.contains(secret), all.constData());
        QVERIFY2(out->notes.join(u'\n').contains(s("X-Api-Key")), qPrintable(out->notes.join(u'\n')));
        if (format != s("openapi"))
            QVERIFY2(all.contains("stays") && all.contains("word-of-the-request") && all.contains("x=1"),
                     all.constData());
    }

    void theJmeterPlanIsXml() {
        QXmlStreamReader xml(exported("jmeter", workspace()));
        int samplers = 0;
        while (!xml.atEnd())
            if (xml.readNext() == QXmlStreamReader::StartElement)
                samplers += xml.name() == s("HTTPSamplerProxy");
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(samplers, 5);
    }

    /// PowerShell is not at hand everywhere (tests/interop/test_snippets.cpp runs it where it is): its text
    /// is looked at too.
    void powerShellSaysWhatIsSent() {
        const TokenProfile ci = profile("CI's", BearerScheme{});
        RequestSpec spec;
        spec.name = s("Add it's");
        spec.method = s("POST");
        spec.url = s("https://api.example.com/a?q=it's");
        spec.headers = {{s("X-Note"), s("it's $5"), {}, true}, {s("x-note"), s("more"), {}, true}};
        spec.body = {BodySpec::Kind::Json, s("{\"a\": \"it's\"}"), {}};
        spec.settings.followRedirects = false;
        spec.settings.verifyTls = false;
        const auto code = [&]() -> QString {
            return snippetRequest(spec, &ci, {})
                .and_then([](const SnippetRequest& request) { return snippet(s("powershell"), request); })
                .value_or(QString());
        };
        const QString json = code();
        // In single quotes nothing is expanded, and a quote is written twice. Two keys of one name are an
        // error.
        for (const char* line :
             {"    'X-Note' = 'it''s $5' + ', ' + 'more'\n",
              "    'Authorization' = 'Bearer ' + $env:KEYBEARER_SECRET_CI_S\n", "    Method = 'POST'\n",
              "    Uri = 'https://api.example.com/a?q=it''s'\n", "    ContentType = 'application/json'\n",
              "    Body = [Text.Encoding]::UTF8.GetBytes('{\"a\": \"it''s\"}')\n",
              "    MaximumRedirection = 0\n", "    SkipCertificateCheck = $true\n",
              "    SkipHeaderValidation = $true\n", "    SkipHttpErrorCheck = $true\n",
              "$answer = Invoke-WebRequest @options\n[int]$answer.StatusCode\n$answer.Content\n"})
            QVERIFY2(json.contains(s(line)), qPrintable(s(line) + json));
        QCOMPARE(json.count(u'\'') % 2, 0);
        // A typographic quote ends a text too: what follows would be run.
        spec.body.text = s("’; Remove-Item x; ‘a");
        QVERIFY2(code().contains(s("GetBytes('’’; Remove-Item x; ‘‘a')")), qPrintable(code()));
        spec.method = s("PURGE");
        QVERIFY2(code().contains(s("    CustomMethod = 'PURGE'\n")), qPrintable(code()));
        spec.body = {};
        spec.body.kind = BodySpec::Kind::Multipart;
        spec.body.parts = {{s("note"), s("it's"), false, s("text/csv"), true},
                           {s("pic"), s("b/a.png"), true, {}, true}};
        const QString form = code();
        for (const char* line :
             {"'Content-Disposition: form-data; name=\"note\"', 'Content-Type: text/csv', '', 'it''s', '--",
              "'Content-Disposition: form-data; name=\"pic\"; filename=\"a.png\"', "
              "'Content-Type: application/octet-stream', '', '') -join \"`r`n\")\n",
              "        [IO.File]::ReadAllBytes((Get-Item -LiteralPath 'b/a.png').FullName)\n",
              "    ContentType = 'multipart/form-data; boundary=keybearer-form-"})
            QVERIFY2(form.contains(s(line)), qPrintable(s(line) + form));
    }

    /// No part holds the text between the parts.
    void aBoundaryStandsInNoPart() {
        RequestSpec spec;
        spec.method = s("POST");
        spec.url = s("https://api.example.com/a");
        spec.body.kind = BodySpec::Kind::Multipart;
        spec.body.parts = {{s("a"), s("x"), false, {}, true}};
        const auto boundary = [&] {
            const QString code =
                snippetRequest(spec, nullptr, {})
                    .and_then([](const SnippetRequest& request) { return snippet(s("go"), request); })
                    .value_or(QString());
            return code.section(s("boundary="), 1).section(u'"', 0, 0);
        };
        const QString first = boundary();
        QVERIFY(first.size() > 20);
        spec.body.parts.append({s("b"), first, false, {}, true});
        QCOMPARE(boundary(), QString(first + u'0'));
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "test_export.moc"
