// SPDX-License-Identifier: GPL-3.0-or-later
// Collections of other programs: what becomes of their requests, and that no secret stays where it was.
#include "core/interchange/import.h"

#include <QDir>
#include <QDirIterator>
#include <QTest>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

ImportFile sample(const QString& name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/import/") + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no %s", qPrintable(file.fileName()));
    return {name, file.readAll()};
}

Imported imported(const QList<ImportFile>& files, const QString& format = {}) {
    Result<Imported> result = importFiles(files, format);
    if (!result) qFatal("%s", qPrintable(result.error().text()));
    return std::move(*result);
}

const TreeItem* findIn(const QList<TreeItem>& items, const QString& name) {
    for (const TreeItem& item : items) {
        if (item.kind == TreeItem::Kind::Request && item.name == name) return &item;
        if (const TreeItem* found = findIn(item.children, name)) return found;
    }
    return nullptr;
}

RequestSpec request(const Imported& from, const char* name) {
    const TreeItem* found = findIn(from.items, s(name));
    if (!found) qFatal("no request %s", name);
    return found->request;
}

const ImportedProfile* profileOf(const Imported& from, const RequestSpec& spec) {
    for (const ImportedProfile& each : from.profiles)
        if (each.profile.id == spec.profileId) return &each;
    return nullptr;
}

/// The secret of a request's profile in that environment; "part" of its record, or the secret itself.
QString secretOf(const Imported& from, const RequestSpec& spec, const char* environment = "",
                 const char* part = "") {
    const ImportedProfile* profile = profileOf(from, spec);
    if (!profile) return s("(no profile)");
    for (const ProfileBinding& binding : profile->profile.bindings)
        if (binding.environment == s(environment))
            for (const auto& [ref, record] : profile->secrets)
                if (ref == binding.secret) {
                    const Secret* secret = *part ? record.part(s(part)) : &record.secret;
                    if (!secret) return s("(no such part)");
                    return QString::fromUtf8(secret->reveal().data(), qsizetype(secret->reveal().size()));
                }
    return s("(no secret)");
}

QStringList headers(const RequestSpec& spec) {
    QStringList all;
    for (const HeaderRow& row : spec.headers)
        all.append((row.enabled ? QString() : s("~")) + row.name + u'=' + row.value);
    return all;
}

/// Everything of an import that will be written to files.
QString saved(const QList<TreeItem>& items) {
    QString all;
    for (const TreeItem& item : items) {
        const RequestSpec& r = item.request;
        all += item.name + u'\n' + r.name + u'\n' + r.url + u'\n' + r.body.text + u'\n' +
               headers(r).join(u'\n') + u'\n';
        for (const ParamRow& row : r.params)
            all += row.name + u'=' + row.value + u'\n';
        for (const BodyPart& part : r.body.parts)
            all += part.name + u'=' + part.value + u'\n';
        all += saved(item.children);
    }
    return all;
}

QString saved(const Imported& from) {
    QString all = saved(from.items) + from.name + from.notes.join(u'\n');
    for (const Environment& environment : from.environments)
        for (const Variable& variable : environment.variables)
            all += variable.name + u'=' + variable.value + u'\n';
    for (const ImportedProfile& each : from.profiles)
        all += each.profile.name + each.places.join(u'\n');
    for (const ImportedSecret& each : from.secrets)
        all += each.name + each.environment + each.places.join(u'\n');
    return all;
}

QStringList secretValues(const Imported& from) {
    QStringList all;
    for (const ImportedSecret& each : from.secrets)
        all.append(
            QString::fromUtf8(each.record.secret.reveal().data(), qsizetype(each.record.secret.size())));
    return all;
}

QString notes(const Imported& from) {
    return from.notes.join(u'\n');
}

} // namespace

class TestImport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void postman() {
        const Imported shop = imported({sample(s("postman21.json"))});
        QCOMPARE(shop.format, s("postman"));
        QCOMPARE(shop.name, s("Shop"));
        QCOMPARE(shop.requestCount(), 8);
        QCOMPARE(shop.items.first().kind, TreeItem::Kind::Folder);
        QCOMPARE(shop.items.first().name, s("Users"));
        const RequestSpec list = request(shop, "List");
        QCOMPARE(list.url, s("{{baseUrl}}/users?page=2"));
        QCOMPARE(headers(list), (QStringList{s("Accept=application/json"), s("~X-Off=1")}));
        QCOMPARE(list.params,
                 (QList<ParamRow>{{ParamRow::In::Query, s("q"), s("a b"), s("what to look for"), false}}));
        const RequestSpec one = request(shop, "One");
        QCOMPARE(one.params, (QList<ParamRow>{{ParamRow::In::Path, s("id"), s("7"), {}, true}}));
        QVERIFY2(notes(shop).contains(s("One: its scripts")), qPrintable(notes(shop)));
        // The collection's authorization counts where a request has none of its own.
        QCOMPARE(list.profileId, one.profileId);
        QCOMPARE(secretOf(shop, list, "Default"), s("collection-token-0001"));
        QCOMPARE(profileOf(shop, list)->profile.name, s("access_token"));
        QCOMPARE(profileOf(shop, list)->profile.bindings.first().allowedOrigins,
                 (QStringList{s("https://shop.example.com"), s("https://files.example.com:8443")}));
        const RequestSpec create = request(shop, "Create");
        QCOMPARE(create.body, (BodySpec{BodySpec::Kind::Json, s("{\"name\": \"Ada\"}"), {}}));
        QVERIFY(create.headers.isEmpty()); // the body's kind says it
        QCOMPARE(secretOf(shop, create), s("shop-key-0123456789"));
        QCOMPARE(std::get<ApiKeyScheme>(profileOf(shop, create)->profile.scheme).name, s("X-Shop-Key"));
        const RequestSpec login = request(shop, "Login");
        QCOMPARE(login.profileId, s("anonymous")); // whatever its folder gives
        QCOMPARE(login.body.text, s("user=ada+b&password={{password}}"));
        QVERIFY(notes(shop).contains(s("off was off")));
        const RequestSpec upload = request(shop, "Upload");
        QCOMPARE(upload.url, s("https://files.example.com:8443/up"));
        QCOMPARE(upload.body.parts, (QList<BodyPart>{{s("note"), s("hi"), false, {}, true},
                                                     {s("pic"), s("/home/ada/a.png"), true, {}, true}}));
        QCOMPARE(request(shop, "Graph").body.text,
                 s("{\"query\":\"{ me { id } }\",\"variables\":{\"a\": 1}}"));
        const RequestSpec machine = request(shop, "Machine");
        const auto oauth = std::get<OAuthScheme>(profileOf(shop, machine)->profile.scheme);
        QCOMPARE(oauth.grant, OAuthGrant::ClientCredentials);
        QCOMPARE(oauth.clientAuth, ClientAuth::Post);
        QCOMPARE(oauth.scopes, (QStringList{s("users:read"), s("users:write")}));
        QCOMPARE(secretOf(shop, machine, "", "client_secret"), s("robot-secret-0001"));
        // The server's address is confirmed with the secret, as if it had been typed.
        QCOMPARE(profileOf(shop, machine)->secrets.front().second.fact(s("token_url")),
                 s("https://login.example.com/token"));
        QCOMPARE(request(shop, "Plain address").url, s("https://shop.example.com/health"));
    }

    void olderPostman() {
        const Imported old = imported({sample(s("postman20.json"))});
        const RequestSpec basic = request(old, "Basic");
        QCOMPARE(headers(basic), (QStringList{s("Accept=text/plain"), s("X-Two=2")}));
        QCOMPARE(secretOf(old, basic), s("ada-password-1"));
        QCOMPARE(std::get<BasicScheme>(profileOf(old, basic)->profile.scheme).user, s("ada"));
    }

    /// An environment beside its collection: each has its own token, and may go to its own host only.
    void environmentsHaveTheirOwnSecrets() {
        const Imported shop = imported({sample(s("postman21.json")), sample(s("postman_environment.json"))});
        QCOMPARE(shop.environments.size(), 1);
        QCOMPARE(shop.environments.first().name, s("Staging"));
        const RequestSpec list = request(shop, "List");
        QCOMPARE(secretOf(shop, list, "Staging"), s("staging-token-0002"));
        QCOMPARE(profileOf(shop, list)->profile.bindings.first().allowedOrigins.first(),
                 s("https://staging.example.com"));
        QStringList names;
        for (const Variable& variable : shop.environments.first().variables)
            names.append(variable.name);
        QCOMPARE(names, (QStringList{s("baseUrl"), s("off")}));
        // A secret that no credential is made of stays a variable: a secret one. None uses it: it goes
        // nowhere.
        QCOMPARE(shop.secrets.size(), 1u);
        QCOMPARE(shop.secrets.front().name, s("unused_secret"));
        QVERIFY(shop.secrets.front().record.allowedOrigins.isEmpty());
    }

    void insomniaFour() {
        const Imported zoo = imported({sample(s("insomnia4.json"))});
        QCOMPARE(zoo.format, s("insomnia"));
        QCOMPARE(zoo.name, s("Zoo"));
        const RequestSpec list = request(zoo, "List");
        QCOMPARE(list.url, s("{{host}}/animals/{{nested.v}}?kind=big%20cat"));
        QCOMPARE(list.params.size(), 1);
        QCOMPARE(std::get<BearerScheme>(profileOf(zoo, list)->profile.scheme).prefix, s("Token"));
        QCOMPARE(secretOf(zoo, list), s("zoo-token-0123456789"));
        const RequestSpec add = request(zoo, "Add");
        QVERIFY(std::holds_alternative<DigestScheme>(profileOf(zoo, add)->profile.scheme));
        QVERIFY(notes(zoo).contains(s("template tag")));
        QVERIFY(notes(zoo).contains(s("Stream is no HTTP request")));
        QCOMPARE(zoo.environments.size(), 2);
        QCOMPARE(zoo.environments.first().variables,
                 (QList<Variable>{{s("host"), s("https://zoo.example.com"), true},
                                  {s("nested.v"), s("2"), true}}));
        const Environment dev = zoo.environments.last();
        QCOMPARE(dev.variables, (QList<Variable>{{s("host"), s("https://dev.zoo.example.com"), true}}));
        QCOMPARE(dev.extends, zoo.environments.first().name);
    }

    void insomniaFive() {
        const Imported zoo = imported({sample(s("insomnia5.yaml"))});
        QCOMPARE(zoo.name, s("Zoo five"));
        const RequestSpec list = request(zoo, "List");
        QCOMPARE(headers(list), QStringList{s("X-Zoo=1")});
        QCOMPARE(secretOf(zoo, list), s("keeper-password-5"));
        const RequestSpec upload = request(zoo, "Upload");
        QCOMPARE(upload.profileId, s("anonymous"));
        QCOMPARE(upload.body.parts.value(1), (BodyPart{s("pic"), s("a.png"), true, {}, true}));
        QCOMPARE(zoo.environments.first().variables.first().value, s("https://zoo.example.com"));
        QCOMPARE(zoo.environments.last().variables.first().value, s("https://dev.zoo.example.com"));
        QCOMPARE(zoo.environments.last().extends, s("Base"));
    }

    void bruno() {
        const QString root = QStringLiteral(KB_TEST_DATA "/import/bruno");
        QList<ImportFile> files;
        QDirIterator each(root, QDir::Files, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = each.next();
            ImportFile file = sample(s("bruno/") + path.mid(root.size() + 1));
            file.path = path.mid(root.size() + 1);
            files.append(file);
        }
        const Imported farm = imported(files);
        QCOMPARE(farm.format, s("bruno"));
        QCOMPARE(farm.name, s("Farm"));
        QCOMPARE(farm.items.size(), 2);
        QCOMPARE(farm.items.at(0).name, s("Upload")); // by their order in the files
        QCOMPARE(farm.items.at(1).name, s("All users"));
        const RequestSpec list = request(farm, "List users");
        QCOMPARE(list.url, s("{{host}}/users/:id?page=1"));
        QCOMPARE(headers(list), (QStringList{s("X-Farm=1"), s("Accept=application/json"), s("~X-Off=1")}));
        QCOMPARE(list.params.size(), 2);
        QCOMPARE(secretOf(farm, list, "Local"), s("farm-token-0123456789"));
        QCOMPARE(profileOf(farm, list)->profile.bindings.first().allowedOrigins,
                 QStringList{s("http://127.0.0.1:8080")});
        const RequestSpec add = request(farm, "Add user");
        QCOMPARE(add.body.text, s("{\n  \"name\": \"Ada\",\n  \"list\": [\n    1\n  ]\n}"));
        QCOMPARE(secretOf(farm, add), s("ada-password-3"));
        QCOMPARE(add.checks.size(), 4);
        QCOMPARE(add.checks.at(0),
                 (CheckSpec{AnswerPart::Expression, s("res.status"), s("eq"), s("201"), {}, true}));
        QVERIFY(!add.checks.at(1).enabled && add.checks.at(1).op == s("isString"));
        QCOMPARE(add.checks.at(2).value, s("2"));
        QVERIFY(add.checks.at(3).value.contains(s("{{")));
        QCOMPARE(add.captures,
                 (QList<CaptureSpec>{{s("made"), AnswerPart::Expression, s("res.body.id"), true},
                                     {s("mine"), AnswerPart::Expression, s("res.headers.location"), true}}));
        const RequestSpec upload = request(farm, "Upload");
        QCOMPARE(upload.profileId, s("anonymous"));
        QCOMPARE(upload.body.parts, (QList<BodyPart>{{s("note"), s("hi"), false, s("text/plain"), true},
                                                     {s("pic"), s("a.png"), true, s("image/png"), true},
                                                     {s("off"), s("x"), false, {}, false}}));
        QVERIFY(notes(farm).contains(s("The secret variable other")));
        QStringList declared; // and not told
        for (const ImportedSecret& secret : farm.secrets)
            if (secret.record.secret.isEmpty()) declared.append(secret.environment + u' ' + secret.name);
        QCOMPARE(declared, (QStringList{s("Local other"), s("Local last")}));
    }

    void openCollectionInOneFile() {
        const Imported bundle = imported({sample(s("opencollection.yml"))});
        QCOMPARE(bundle.name, s("Bundle"));
        QCOMPARE(bundle.requestCount(), 1);
        QCOMPARE(secretOf(bundle, request(bundle, "List")), s("bundle-token-0123456789"));
        QVERIFY(notes(bundle).contains(s("Call is no HTTP request")));
        QCOMPARE(request(bundle, "List").checks.size(), 1);
        QCOMPARE(request(bundle, "List").captures.size(), 1);
        QCOMPARE(bundle.environments.first().variables.first().value, s("https://dev.example.com"));
    }

    void har() {
        const Imported recorded = imported({sample(s("browser.har"))});
        QCOMPARE(recorded.requestCount(), 3);
        QCOMPARE(recorded.items.size(), 2); // a folder a host
        const RequestSpec me = request(recorded, "GET /api/me");
        QCOMPARE(me.url, s("https://app.example.com/api/me"));
        QCOMPARE(headers(me), QStringList{s("Accept=*/*")});
        QCOMPARE(secretOf(recorded, me), s("sid=session-cookie-0123456789"));
        QVERIFY(!me.settings.followRedirects);
        QCOMPARE(request(recorded, "POST /api/form").body.text, s("a=1+2&b=c"));
        QVERIFY(notes(recorded).contains(s("came again")));
        QVERIFY(notes(recorded).contains(s("wss://")));
    }

    void httpFile() {
        const Imported calls = imported({sample(s("calls.http"))});
        QCOMPARE(calls.format, s("http"));
        const RequestSpec list = request(calls, "listUsers");
        QCOMPARE(list.url, s("{{host}}/users?page=2&size=10"));
        QCOMPARE(secretOf(calls, list, "Default"), s("http-file-token-0123456789"));
        const RequestSpec add = request(calls, "Add");
        QCOMPARE(add.body, (BodySpec{BodySpec::Kind::Json, s("{\n  \"name\": \"Ada\"\n}"), {}}));
        const RequestSpec plain = request(calls, "GET https://other.example.com/plain");
        QCOMPARE(secretOf(calls, plain), s("ada-password-4"));
    }

    void openApi() {
        const QByteArray text =
            "openapi: 3.1.0\ninfo: {title: Users, version: '1'}\n"
            "servers: [{url: 'https://eu.example.com/v1/', description: Europe}]\n"
            "paths:\n  /users/{id}:\n    get:\n      tags: [Users]\n      summary: One user\n"
            "      parameters:\n        - {in: path, name: id, required: true, example: 7}\n"
            "        - {in: query, name: full, example: 'yes'}\n"
            "        - {in: query, name: v, required: true, example: 'a&b'}\n"
            "        - {in: header, name: X-Trace, required: true, example: t}\n"
            "      responses: {}\n    put:\n      requestBody: {content: {application/json: "
            "{example: {a: 1}}}}\n      responses: {}\n";
        const Imported users = imported({{s("api.yaml"), text}});
        QCOMPARE(users.format, s("openapi"));
        QVERIFY(users.api);
        const RequestSpec one = request(users, "One user");
        QCOMPARE(one.url, s("{{baseUrl}}/users/{id}?v=a%26b"));
        QCOMPARE(one.params.value(0).value, s("7"));
        QCOMPARE(one.params.value(1), (ParamRow{ParamRow::In::Query, s("full"), s("yes"), {}, false}));
        QCOMPARE(headers(one), QStringList{s("X-Trace=t")});
        QCOMPARE(request(users, "PUT /users/{id}").body.text.simplified(), s("{\"a\": 1}"));
        QCOMPARE(users.environments.first().name, s("Europe"));
        QCOMPARE(users.environments.first().variables.first().value, s("https://eu.example.com/v1"));
    }

    void noSecretIsLeftInWhatIsSaved_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"postman21.json", "postman20.json", "postman_environment.json",
                                 "insomnia4.json", "insomnia5.yaml", "opencollection.yml", "browser.har",
                                 "calls.http", "bruno/users/add.bru", "bruno/environments/Local.bru"})
            QTest::newRow(file) << s(file);
    }
    /// Each secret of the samples ends in a dash and digits, or is named here.
    void noSecretIsLeftInWhatIsSaved() {
        QFETCH(QString, file);
        ImportFile one = sample(file);
        one.path.remove(s("bruno/"));
        const Imported made = imported({one});
        const QString all = saved(made);
        for (const char* secret :
             {"collection-token-0001", "shop-key-0123456789", "hunter2", "robot-secret-0001", "ada-password",
              "staging-token-0002", "staging-unused-0003", "zoo-token-0123456789", "keeper-password-5",
              "farm-token-0123456789", "bundle-token-0123456789", "session-cookie-0123456789",
              "http-file-token-0123456789", "echoed-password-4"})
            QVERIFY2(!all.contains(s(secret)), secret);
    }

    /// By place and by shape: addresses, headers, bodies, names, notes.
    void secretsAreFoundEverywhere() {
        const char* const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
        const QByteArray text =
            QByteArray("curl 'https://ada:ada-password-9@api.example.com/@me/glpat-0123456789abcdefghij"
                       "?access_token=query-token-0123456789' -H 'X-Api-Key: header-key-0123456789' -H "
                       "'X-Other: see ") +
            token + "' -d '{\"client_secret\":\"body-secret-0123456789\",\"list\":[\"" + token + "\"]}'";
        const Imported made = imported({{s("x"), text}});
        const QString all = saved(made);
        QStringList kept;
        for (const ImportedProfile& each : made.profiles)
            for (const auto& [ref, record] : each.secrets) {
                kept.append(QString::fromStdString(std::string(record.secret.reveal())));
                for (const auto& [name, key] : record.parts)
                    kept.append(QString::fromStdString(std::string(key.reveal())));
            }
        kept += secretValues(made); // of two uses one may be a profile's, one a variable's
        kept.removeDuplicates();
        kept.sort();
        QVERIFY2(all.contains(s("POST https://api.example.com/@me/{{token}}")), qPrintable(all));
        QCOMPARE(kept, (QStringList{s("ada-password-9"), s("body-secret-0123456789"), s(token),
                                    s("glpat-0123456789abcdefghij"), s("header-key-0123456789"),
                                    s("query-token-0123456789")}));
        for (const QString& secret : std::as_const(kept))
            QVERIFY2(!all.contains(secret), qPrintable(all));
    }

    /// Whatever a variable is called: what is sent as a secret is one, and so is what it is made of.
    void aVariableThatIsSentAsASecretIsOne() {
        const Imported made = imported(
            {{s("x"),
              "{\"info\":{\"schema\":\"postman\"},\"variable\":[{\"key\":\"jwt\",\"value\":\"{{first}}-{{"
              "second}}\"},"
              "{\"key\":\"first\",\"value\":\"opaque-0001\"},{\"key\":\"second\",\"value\":\"opaque-0002\"},"
              "{\"key\":\"whole\",\"value\":\"Custom "
              "opaque-0003\"},{\"key\":\"page\",\"value\":\"7\"}],\"item\":["
              "{\"name\":\"A\",\"request\":{\"url\":\"https://h/"
              "a?p={{page}}\",\"auth\":{\"type\":\"bearer\",\"bearer\":"
              "{\"token\":\"{{jwt}}\"}}}},{\"name\":\"B\",\"request\":{\"url\":\"https://h/"
              "b\",\"header\":[{\"key\":"
              "\"Authorization\",\"value\":\"{{whole}}\"}]}}]}"}});
        QCOMPARE(secretOf(made, request(made, "A"), "Default"), s("opaque-0001-opaque-0002"));
        // The variable is the whole field, scheme and all.
        QCOMPARE(secretOf(made, request(made, "B"), "Default"), s("Custom opaque-0003"));
        QCOMPARE(std::get<ApiKeyScheme>(profileOf(made, request(made, "B"))->profile.scheme).name,
                 s("Authorization"));
        const QString all = saved(made);
        QVERIFY2(!all.contains(s("opaque-000")), qPrintable(all));
        QCOMPARE(made.environments.first().variables, (QList<Variable>{{s("page"), s("7"), true}}));
        QVERIFY2(notes(made).contains(s("jwt")), qPrintable(notes(made)));
    }

    void aSecretOfAnIncompleteGrantIsKept() {
        const Imported made = imported(
            {{s("x"), "{\"info\":{\"schema\":\"postman\"},\"item\":[{\"name\":\"A\",\"request\":{\"url\":"
                      "\"https://h/a\","
                      "\"auth\":{\"type\":\"oauth2\",\"oauth2\":{\"accessTokenUrl\":\"{{unknown}}/"
                      "token\",\"clientId\":\"c\","
                      "\"clientSecret\":\"grant-secret-0001\",\"grant_type\":\"client_credentials\"}}}}]}"}});
        QCOMPARE(secretOf(made, request(made, "A"), "", "client_secret"), s("grant-secret-0001"));
        // Nobody has confirmed a server for it.
        QVERIFY(profileOf(made, request(made, "A"))->secrets.front().second.fact(s("token_url")).isEmpty());
    }

    void addressesInVariablesLoseTheirSecrets() {
        const Imported made =
            imported({{s("x.http"), "@base = https://ada:url-password-1@h.example/v1?api_key=url-key-0001\n\n"
                                    "GET {{base}}/a\n"}});
        const QString all = saved(made);
        QVERIFY2(!all.contains(s("url-password-1")) && !all.contains(s("url-key-0001")), qPrintable(all));
        QCOMPARE(made.environments.first().variables.first().value, s("https://h.example/v1"));
        QCOMPARE(made.profiles.size(), size_t(2));
    }

    void bodiesAreLookedThroughByName() {
        const Imported made = imported(
            {{s("x"),
              "curl https://h/a --json '{\"apiKey\": \"json-key-0001\", \"n\": {\"secret\": "
              "\"json-se\\\"cret-2\"}, "
              "\"token\": \"{{known}}\", \"tokenType\": \"kept\", \"list\": [\"token\", \"kept too\"]}'\n"
              "curl https://h/b -d 'api_key=form-key-0001&x=1&token=' -H 'Content-Type: "
              "application/x-www-form-urlencoded'\n"}},
            s("curl"));
        const QString all = saved(made);
        for (const char* secret : {"json-key-0001", "cret-2", "form-key-0001"})
            QVERIFY2(!all.contains(s(secret)), qPrintable(all));
        QCOMPARE(
            made.items.first().request.body.text,
            s("{\"apiKey\": \"{{apiKey}}\", \"n\": {\"secret\": \"{{secret}}\"}, \"token\": \"{{known}}\", "
              "\"tokenType\": \"kept\", \"list\": [\"token\", \"kept too\"]}"));
        QCOMPARE(made.items.last().request.body.text, s("api_key={{api_key}}&x=1&token="));
        QStringList kept;
        for (const ImportedProfile& each : made.profiles)
            kept.append(QString::fromUtf8(each.secrets.front().second.secret.reveal().data(),
                                          qsizetype(each.secrets.front().second.secret.size())));
        QCOMPARE(kept, QStringList{s("json-se\"cret-2")}); // it would have to be escaped
        QCOMPARE(secretValues(made), (QStringList{s("json-key-0001"), s("form-key-0001")}));
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("said");
        QTest::newRow("nothing") << QByteArray() << QString() << s("not known what this is");
        QTest::newRow("prose") << QByteArray("Dear all, see below.") << QString()
                               << s("not known what this is");
        QTest::newRow("broken") << QByteArray("{\"info\": ") << s("postman") << s("line 1");
        QTest::newRow("other JSON") << QByteArray("{\"a\": 1}") << QString() << s("not known what this is");
        QTest::newRow("no such format") << QByteArray("x") << s("soapui") << s("no format called soapui");
        QTest::newRow("empty") << QByteArray("{\"info\":{\"schema\":\"postman\"},\"item\":[]}") << QString()
                               << s("no request in it");
        QTest::newRow("bru") << QByteArray("meta {\n  name: x\n") << s("bruno") << s("does not end");
    }
    void mistakesAreNamed() {
        QFETCH(QByteArray, text);
        QFETCH(QString, format);
        QFETCH(QString, said);
        const Result<Imported> made = importFiles({{s("file.x"), text}}, format);
        QVERIFY(!made);
        QVERIFY2(made.error().text().contains(said), qPrintable(made.error().text()));
    }

    /// Deep nesting ends somewhere, and anchors cannot explode.
    void itIsBounded() {
        QByteArray deep = "{\"info\":{\"schema\":\"postman\"},\"item\":";
        QByteArray inner = "[{\"name\":\"x\",\"request\":\"http://h/\"}]";
        for (int i = 0; i < 200; ++i)
            inner = "[{\"name\":\"f\",\"item\":" + inner + "}]";
        const Imported cut = imported({{s("x"), deep + inner + "}"}});
        QCOMPARE(cut.requestCount(), 0);
        QVERIFY(notes(cut).contains(s("60 deep")));
        QByteArray bomb = "opencollection: 1.0.0\na: &a [x,x,x,x,x,x,x,x,x]\n";
        for (char c = 'b'; c < 'k'; ++c)
            bomb += QByteArray(1, c) + ": &" + c + " [" +
                    QByteArray("*x,").replace('x', char(c - 1)).repeated(9).chopped(1) + "]\n";
        QVERIFY(!importFiles({{s("x.yaml"), bomb}}));
    }
};

QTEST_GUILESS_MAIN(TestImport)
#include "test_import.moc"
