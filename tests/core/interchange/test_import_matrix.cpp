// SPDX-License-Identifier: GPL-3.0-or-later
// Matrices of other programs: who becomes a profile and how, what is expected of it, and that no secret stays
// anywhere but in the records for the keychain.
#include "core/interchange/import_matrix.h"
#include "core/interchange/import_save_matrix.h"
#include "core/interchange/openapi.h"
#include "core/workspace/opencollection.h"

#include <QFile>
#include <QTest>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

QByteArray sampleOf(const QString& name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/import/matrix/") + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no %s", qPrintable(file.fileName()));
    return file.readAll();
}

ImportedMatrix readSample(const QString& name, const MatrixImportOptions& options = {}) {
    Result<ImportedMatrix> made = readMatrix(sampleOf(name), name, options);
    if (!made) qFatal("%s", qPrintable(made.error().text()));
    return std::move(*made);
}

ImportedMatrix readText(const QByteArray& text, const MatrixImportOptions& options = {}) {
    Result<ImportedMatrix> made = readMatrix(text, s("file"), options);
    if (!made) qFatal("%s", qPrintable(made.error().text()));
    return std::move(*made);
}

const ImportedProfile* named(const ImportedMatrix& from, const char* name) {
    for (const ImportedProfile& each : from.profiles)
        if (each.profile.name == s(name)) return &each;
    return nullptr;
}

QString secretIn(const ImportedProfile* profile, const QString& part = {}) {
    if (!profile || profile->secrets.empty()) return s("(none)");
    const SecretRecord& record = profile->secrets.front().second;
    const Secret* secret = part.isEmpty() ? &record.secret : record.part(part);
    return secret ? QString::fromUtf8(secret->reveal().data(), qsizetype(secret->reveal().size()))
                  : s("(no part)");
}

template<class Scheme> Scheme schemeOf(const ImportedProfile* profile) {
    const Scheme* scheme = profile ? std::get_if<Scheme>(&profile->profile.scheme) : nullptr;
    if (!scheme) qFatal("another scheme");
    return *scheme;
}

QString markOf(const Workspace& workspace, const char* operation, const char* profile,
               const char* binding = "") {
    for (const MatrixMark& mark : workspace.matrix.marks) {
        const TokenProfile* who = workspace.profile(mark.profile);
        const QString name = who ? who->name : mark.profile;
        if (mark.operation == s(operation) && name == s(profile) && mark.binding == s(binding))
            return expectName(mark.expect);
    }
    return s("-");
}

bool noted(const QStringList& notes, const char* text) {
    return notes.join(u'\n').contains(s(text));
}

/// As an import would save it: with the profiles in the workspace.
PlacedMatrix placeInto(Workspace& workspace, ImportedMatrix imported, const ApiDescription* api = nullptr) {
    PlacedMatrix placed = placeMatrix(workspace, std::move(imported), api);
    for (const ImportedProfile& each : placed.profiles.profiles)
        workspace.profiles.append(each.profile);
    return placed;
}

ApiDescription apiWith(const QByteArray& paths) {
    const Result<ApiDescription> api = readOpenApi(
        s("api.json"),
        QByteArray("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"T\"},\"paths\":{" + paths + "}}"));
    if (!api) qFatal("%s", qPrintable(api.error().text()));
    return *api;
}

} // namespace

class TestImportMatrix : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wfcHeadersBecomeProfiles() {
        MatrixImportOptions options;
        options.allowed = {s("https://shop.example.com"), s("http://shop.test:8080")};
        const ImportedMatrix made = readSample(s("wfc.yaml"), options);
        QCOMPARE(made.format, s("wfc"));
        const ImportedProfile* fixed = named(made, "Static");
        QCOMPARE(schemeOf<BearerScheme>(fixed).prefix, s("Bearer"));
        QCOMPARE(secretIn(fixed), s("wfc-static-token-0001"));
        QCOMPARE(fixed->profile.keys, (QList<ApiKeyScheme>{{ApiKeyScheme::In::Header, s("X-Tenant-Key")}}));
        const SecretRecord& record = fixed->secrets.front().second;
        QCOMPARE(record.parts.size(), std::size_t(1));
        QCOMPARE(record.allowedOrigins, options.allowed);
        QCOMPARE(record.plainHttpOrigins, QStringList{s("http://shop.test:8080")});
        QCOMPARE(schemeOf<BasicScheme>(named(made, "Basic")).user, s("ada"));
        QCOMPARE(secretIn(named(made, "Basic")), s("wfc-basic-password"));
        QCOMPARE(schemeOf<ApiKeyScheme>(named(made, "Key")).name, s("X-API-Key"));
        QVERIFY(noted(made.notes, "Key: the header Accept is left out"));
        QVERIFY(noted(made.notes, "Nobody is left out"));
        QVERIFY(noted(made.notes, "authTemplate: \"paload\" is not known"));
        QVERIFY(noted(made.notes, "\"configs\" is left out"));
        QVERIFY(made.marks.isEmpty() && made.rules.isEmpty());
    }

    void wfcLoginsBecomeLogins() {
        MatrixImportOptions options;
        options.baseUrl = s("{{baseUrl}}");
        options.variables = {{s("baseUrl"), s("https://shop.example.com/v1/")}};
        const ImportedMatrix made = readSample(s("wfc.yaml"), options);
        const auto raw = schemeOf<LoginScheme>(named(made, "Raw"));
        QCOMPARE(raw.loginUrl, s("{{baseUrl}}/login"));
        QCOMPARE(raw.method, s("POST"));
        QCOMPARE(raw.body, s("{\"username\": \"raw\", \"password\": \"{{secret}}\"}"));
        QCOMPARE(raw.tokenFrom, AnswerPlace::Pointer);
        QCOMPARE(raw.tokenName, s("/data/token"));
        QCOMPARE(raw.sendAs, SendPlace::Bearer);
        QCOMPARE(raw.prefix, s("JWT"));
        QCOMPARE(secretIn(named(made, "Raw"), s("password")), s("wfc-raw-password"));
        // Its server is confirmed with the secret, as the environment has it.
        QCOMPARE(named(made, "Raw")->secrets.front().second.fact(s("token_url")),
                 s("https://shop.example.com/v1//login"));
        const auto form = schemeOf<LoginScheme>(named(made, "Form"));
        QCOMPARE(form.body, s("user+name={{user}}&pass={{secret}}"));
        QCOMPARE(form.user, s("form user"));
        QCOMPARE(form.tokenFrom, AnswerPlace::Header); // the template says so
        QCOMPARE(form.tokenName, s("X-Auth-Token"));
        QCOMPARE(form.sendAs, SendPlace::Header);
        QCOMPARE(secretIn(named(made, "Form"), s("password")), s("wfc&form=password"));
        const auto old = schemeOf<LoginScheme>(named(made, "Old words"));
        QCOMPARE(old.tokenName, s("/jwt"));
        QCOMPARE(old.sendName, s("X-Auth"));
        QCOMPARE(secretIn(named(made, "Old words"), s("password")), s("wfc-only-secret"));
        for (const char* name : {"Query", "Two secrets", "Variable"})
            QVERIFY2(!named(made, name) && noted(made.notes, qPrintable(s(name) + s(" is left out."))), name);
    }

    /// A login elsewhere needs no base, and one whose cookie has no name in the file gets one that is told.
    void wfcLoginElsewhere() {
        QByteArray text = sampleOf(s("wfc.yaml"));
        const qsizetype token = text.lastIndexOf("    token: {extractFrom: header");
        text.remove(token, text.indexOf('\n', token) - token + 1);
        const ImportedMatrix made = readText(text);
        const auto scheme = schemeOf<LoginScheme>(named(made, "Elsewhere"));
        QCOMPARE(scheme.loginUrl, s("https://login.example.com/session"));
        QCOMPARE(scheme.method, s("PUT"));
        QCOMPARE(scheme.headers, (QStringList{s("X-Client: shop"), s("Authorization: Basic {{secret}}")}));
        QCOMPARE(scheme.sendAs, SendPlace::Cookie);
        QCOMPARE(scheme.tokenName, s("session"));
        QVERIFY(scheme.body.isEmpty());
        QCOMPARE(secretIn(named(made, "Elsewhere"), s("password")), s("d2ZjLWxvZ2luLWJhc2lj"));
        QVERIFY(noted(made.notes, "\"session\" is taken for it"));
        // A path alone has no server without an address of the API.
        QVERIFY(!named(made, "Raw"));
        QVERIFY(
            noted(made.notes, "Raw is left out. It logs in at /login, and it is not known on which server"));
    }

    void overstepSubjectsBecomeProfiles() {
        const ImportedMatrix made = readSample(s("overstep.yaml"));
        QCOMPARE(made.format, s("overstep"));
        QCOMPARE(made.profiles.size(), std::size_t(5));
        const ImportedProfile* ann = named(made, "ann");
        QCOMPARE(secretIn(ann), s("overstep-token-of-ann-1"));
        QCOMPARE(ann->profile.declared.roles, QStringList{s("reader")});
        QCOMPARE(ann->profile.declared.claims, (QStringList{s("user_id=u1"), s("tenant=north")}));
        QCOMPARE(ann->secrets.front().second.allowedOrigins, QStringList{s("https://library.example.com")});
        QVERIFY(ann->secrets.front().second.plainHttpOrigins.isEmpty());
        QCOMPARE(made.markers.value(ann->profile.id), QStringList{s("ann@example.com")});
        // What stands in the environment is not in the file.
        QVERIFY(named(made, "ben")->secrets.empty());
        QVERIFY(noted(made.notes, "ben: its secret is not in the file"));
        const ImportedProfile* lib = named(made, "lib");
        QCOMPARE(secretIn(lib), s("overstep-key-of-lib-2"));
        QCOMPARE(schemeOf<ApiKeyScheme>(lib).name, s("X-Api-Key"));
        QCOMPARE(lib->profile.keys, (QList<ApiKeyScheme>{{ApiKeyScheme::In::Cookie, s("sid")}}));
        const auto desk = schemeOf<LoginScheme>(named(made, "desk"));
        QCOMPARE(desk.loginUrl, s("https://library.example.com/v1/login"));
        QCOMPARE(desk.body, s("{\"user\":\"desk\",\"password\":\"{{secret}}\"}"));
        QCOMPARE(desk.tokenName, s("/data/token"));
        QCOMPARE(secretIn(named(made, "desk"), s("password")), s("overstep-desk-password"));
        const auto robot = schemeOf<OAuthScheme>(named(made, "robot"));
        QCOMPARE(robot.grant, OAuthGrant::ClientCredentials);
        QCOMPARE(robot.clientId, s("robot-1"));
        QCOMPARE(robot.scopes, (QStringList{s("read"), s("write")}));
        QCOMPARE(secretIn(named(made, "robot"), s("client_secret")), s("overstep-robot-secret"));
        for (const char* text :
             {"tool is left out: it is no HTTP request", "\"gone\" has a policy",
              "what the role reader may have on a condition", "rest: \"access\" is left out",
              "loans: the object of ben is no plain value"})
            QVERIFY2(noted(made.notes, text), text);
    }

    void overstepPolicyBecomesMarksAndRules() {
        Workspace workspace;
        const PlacedMatrix placed = placeInto(workspace, readSample(s("overstep.yaml")));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "ann", "self"), s("allow"));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "ann", "peer"), s("conceal"));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "ann", "none"), s("-"));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "lib", "peer"), s("allow"));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "lib", "none"), s("allow"));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "robot"), s("deny"));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "anonymous"), s("deny"));
        QCOMPARE(markOf(workspace, "GET /readers", "desk"), s("allow"));
        QCOMPARE(markOf(workspace, "GET /readers", "ann"), s("deny"));
        // One role alone is a rule.
        QCOMPARE(markOf(workspace, "DELETE /readers", "ann"), s("-"));
        QCOMPARE(workspace.matrix.rules.size(), 1);
        QCOMPARE(workspace.matrix.rules.first(),
                 (MatrixRule{{s("DELETE")}, {}, s("/readers"), {s("role=admin")}, Expect::Deny}));
        // A condition is not guessed.
        QCOMPARE(markOf(workspace, "GET /news", "ann"), s("-"));
        QCOMPARE(markOf(workspace, "GET /news", "robot"), s("allow"));
        QCOMPARE(markOf(workspace, "GET /news", "lib"), s("deny"));
        QCOMPARE(workspace.matrix.marks.first().reason, s("from overstep.yaml"));
        const QString ann = workspace.profile(s("ann"))->id;
        QCOMPARE(workspace.matrix.own.value(s("id")).value(ann), s("u1"));
        QCOMPARE(workspace.matrix.own.value(s("query:loan")).value(ann), s("loan-7"));
        QCOMPARE(placed.objects, 3);
    }

    void authMatrixUsersAndRequests() {
        const ImportedMatrix made = readSample(s("authmatrix.json"));
        QCOMPARE(made.format, s("authmatrix"));
        QCOMPARE(made.profiles.size(), std::size_t(2));
        const ImportedProfile* root = named(made, "root");
        QCOMPARE(root->profile.declared.roles, (QStringList{s("Admins"), s("Users")}));
        QCOMPARE(schemeOf<ApiKeyScheme>(root).name, s("sid"));
        QCOMPARE(secretIn(root), s("authmatrix-root-cookie"));
        QCOMPARE(root->profile.keys.size(), 1);
        QCOMPARE(root->secrets.front().second.allowedOrigins,
                 (QStringList{s("https://shop.example.com"), s("https://www.example.com")}));
        const ImportedProfile* bea = named(made, "bea");
        QCOMPARE(bea->profile.declared.roles,
                 QStringList{s("Users")}); // neither her own role nor one that is gone
        QCOMPARE(secretIn(bea), s("authmatrix-bea-token"));
        for (const char* text : {"off is switched off", "broken is left out", "\"arrayOfChains\" is left out",
                                 "\"extra\" is not known", "tell by a pattern what a success is"})
            QVERIFY2(noted(made.notes, text), text);
        QVERIFY(!noted(made.notes, "deleted"));

        Workspace alone;
        const PlacedMatrix placed = placeInto(alone, readSample(s("authmatrix.json")));
        QVERIFY(noted(placed.notes, "The API's document is not known"));
        QCOMPARE(markOf(alone, "GET /users/17", "bea"), s("allow"));
        QCOMPARE(markOf(alone, "GET /users/1", "bea"), s("deny"));
        QCOMPARE(markOf(alone, "GET /home", "bea"), s("allow")); // by a role that still is there
        QCOMPARE(markOf(alone, "GET /admin/users", "anonymous"), s("deny"));

        const ApiDescription api =
            apiWith("\"/admin/users\":{\"get\":{}},\"/users/{id}\":{\"get\":{}},\"/me\":{\"get\":{}}");
        Workspace known;
        const PlacedMatrix there = placeInto(known, readSample(s("authmatrix.json")), &api);
        QCOMPARE(markOf(known, "GET /admin/users", "root"), s("allow"));
        QCOMPARE(markOf(known, "GET /admin/users", "bea"), s("deny"));
        // Two requests of one operation say different things of her.
        QCOMPARE(markOf(known, "GET /users/{id}", "bea", "none"), s("-"));
        QCOMPARE(markOf(known, "GET /users/{id}", "root", "none"), s("allow"));
        QCOMPARE(markOf(known, "GET /users/{id}", "root"), s("-"));
        QVERIFY(noted(there.notes, "GET /users/{id} as bea: the file wants it allowed and denied"));
        QVERIFY(noted(there.notes, "GET /home is no operation of the document"));
    }

    /// The document's own names count, whatever a file calls the variables of its paths.
    void operationsAreTheDocuments() {
        const ApiDescription api = apiWith("\"/readers/{reader}\":{\"get\":{}},\"/readers\":{\"delete\":{}}");
        Workspace workspace;
        const PlacedMatrix placed = placeInto(workspace, readSample(s("overstep.yaml")), &api);
        QCOMPARE(markOf(workspace, "GET /readers/{reader}", "ann", "self"), s("allow"));
        const QString ann = workspace.profile(s("ann"))->id;
        QCOMPARE(workspace.matrix.own.value(s("reader")).value(ann), s("u1"));
        QVERIFY(!workspace.matrix.own.contains(s("id")));
        QCOMPARE(workspace.matrix.rules.size(), 1);
        QVERIFY(noted(placed.notes, "GET /readers is no operation of the document"));
    }

    /// What is there stays: profiles, marks, rules, objects. Read again, nothing is added.
    void whatIsThereStays() {
        Workspace workspace;
        TokenProfile ann;
        ann.id = s("ann-id");
        ann.name = s("ann");
        ann.scheme = BasicScheme{s("ann"), false};
        workspace.profiles = {ann};
        workspace.matrix.marks = {{s("GET /readers"), s("ann-id"), {}, Expect::Allow, s("mine")}};
        workspace.matrix.own[s("id")][s("ann-id")] = s("u99");
        const PlacedMatrix placed = placeInto(workspace, readSample(s("overstep.yaml")));
        QCOMPARE(placed.kept, QStringList{s("ann")});
        QCOMPARE(*workspace.profile(s("ann")), ann);
        QVERIFY(std::none_of(placed.profiles.profiles.begin(), placed.profiles.profiles.end(),
                             [](const ImportedProfile& each) { return each.profile.name == s("ann"); }));
        QCOMPARE(markOf(workspace, "GET /readers", "ann"), s("allow"));
        QCOMPARE(markOf(workspace, "GET /readers/{id}", "ann", "self"), s("allow"));
        QCOMPARE(workspace.matrix.own.value(s("id")).value(s("ann-id")), s("u99"));
        for (const char* text :
             {"There is a profile called ann already", "GET /readers as ann is marked otherwise",
              "id of ann is known already", "The file gives ann the role reader"})
            QVERIFY2(noted(placed.notes, text), text);
        const MatrixSettings before = workspace.matrix;
        const qsizetype profiles = workspace.profiles.size();
        const PlacedMatrix again = placeInto(workspace, readSample(s("overstep.yaml")));
        QCOMPARE(workspace.matrix, before);
        QCOMPARE(workspace.profiles.size(), profiles);
        QVERIFY(again.marks.isEmpty() && again.rules.isEmpty() && again.objects == 0);
    }

    /// Everything of the files that is saved or said holds none of their secrets.
    void noSecretIsSavedOrSaid() {
        MatrixImportOptions options;
        options.baseUrl = s("https://shop.example.com");
        int secrets = 0;
        for (const char* name : {"wfc.yaml", "overstep.yaml", "authmatrix.json"}) {
            Workspace workspace;
            workspace.name = s("W");
            const PlacedMatrix placed = placeInto(workspace, readSample(s(name), options));
            const Result<QByteArray> saved = opencollection::writeRoot(workspace, {});
            QVERIFY(saved);
            QString all = QString::fromUtf8(*saved) + placed.notes.join(u'\n');
            for (const ImportedProfile& each : placed.profiles.profiles)
                all += each.places.join(u'\n');
            QVERIFY(all.contains(s("extensions")));
            for (const char* secret : {"wfc-static-token-0001",
                                       "wfc-tenant-key-0002",
                                       "wfc-basic-password",
                                       "d2ZjLWJhc2ljLXBhc3N3b3Jk",
                                       "wfc-api-key-0003",
                                       "wfc-raw-password",
                                       "wfc&form",
                                       "d2ZjLWxvZ2luLWJhc2lj",
                                       "wfc-only-secret",
                                       "wfc-query-password",
                                       "wfc-first-secret",
                                       "wfc-second-secret",
                                       "wfc-v",
                                       "overstep-token-of-ann-1",
                                       "overstep-attribute-key",
                                       "overstep-key-of-lib-2",
                                       "overstep-cookie-of-lib",
                                       "overstep-desk-password",
                                       "overstep-robot-secret",
                                       "authmatrix-"})
                QVERIFY2(!all.contains(s(secret)), secret);
            for (const ImportedProfile& each : placed.profiles.profiles)
                secrets += int(each.secrets.size());
        }
        QVERIFY2(secrets >= 11, qPrintable(QString::number(secrets)));
    }

    void oddFilesAreRefusedOrTold_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("said");
        QTest::newRow("nothing known") << QByteArray("a: 1\n") << QString() << s("not known what this is");
        QTest::newRow("another") << QByteArray("auth: []\n") << s("overstep") << s("no file of the format");
        QTest::newRow("no format") << QByteArray("auth: []\n") << s("rain") << s("no format called rain");
        QTest::newRow("nobody") << QByteArray("auth: []\n") << QString() << s("There is no identity in it");
        QTest::newRow("broken") << QByteArray("auth: [\n") << QString() << QString();
        QTest::newRow("deep") << QByteArray("{\"auth\":" + QByteArray(5000, '[') + QByteArray(5000, ']') +
                                            "}")
                              << QString() << QString();
        QTest::newRow("large") << QByteArray(33 * 1024 * 1024, ' ') << QString() << s("too large");
        QByteArray many = "subjects: [{name: a, token: abc}]\nresources:\n";
        for (int i = 0; i < 5001; ++i)
            many += "  - {name: r" + QByteArray::number(i) + ", request: {method: GET, path: /r" +
                    QByteArray::number(i) + "}}\n";
        QTest::newRow("many operations") << many << QString() << s("too many operations");
    }
    void oddFilesAreRefusedOrTold() {
        QFETCH(QByteArray, text);
        QFETCH(QString, format);
        QFETCH(QString, said);
        MatrixImportOptions options;
        options.format = format;
        const Result<ImportedMatrix> made = readMatrix(text, s("file"), options);
        QVERIFY(!made);
        QVERIFY2(made.error().text().contains(said), qPrintable(made.error().text()));
    }

    void namesAndHeadersOfAnySort() {
        const ImportedMatrix made = readText(
            "auth:\n  - {name: A b, fixedHeaders: [{name: X-K, value: '1'}]}\n"
            "  - {name: a_B, fixedHeaders: [{name: X-K, value: '2'}]}\n"
            "  - {name: anonymous, fixedHeaders: [{name: X-K, value: '3'}]}\n"
            "  - {name: \"a\\nb\", fixedHeaders: [{name: Proxy-Authorization, value: Basic abc}]}\n"
            "  - {name: ghp_012345678901234567890123456789abcdef, fixedHeaders: [{name: 'b a d', value: x}, "
            "{name: X-K, value: '4'}]}\n");
        QStringList names;
        for (const ImportedProfile& each : made.profiles)
            names.append(each.profile.name);
        // One that would be read from the same variable, and nobody's own name, get a number.
        QCOMPARE(names, (QStringList{s("A b"), s("a_B 2"), s("anonymous 2"), s("Unnamed")}));
        QVERIFY2(noted(made.notes, "a b: Proxy-Authorization is left out"),
                 qPrintable(made.notes.join(u'\n')));
        QVERIFY(!noted(made.notes, "ghp_"));
    }

    /// A mark, a claim or an address that would be read as something else here.
    void wordsOfOursAreNotTaken() {
        const ImportedMatrix made = readText(
            "modules: {rest: {base_url: 'https://a.example.com'}}\n"
            "auth:\n  providers:\n    - {name: p, request: {method: POST, path: /l, body: {password: "
            "'{{pw}}', "
            "x: '{{secret}}'}}}\n    - {name: o, type: oauth2_password, token_url: 'https://a/{{x}}', "
            "client_id: c, "
            "username: u, password: p}\n"
            "subjects:\n  - {name: a, role: r, auth: {provider: p, vars: {pw: hunter22}}}\n"
            "  - {name: b, role: r, auth: {provider: o}}\n  - {name: c, role: r, token: abcdefgh}\n"
            "  - {name: d, role: r, auth: {provider: none}}\n"
            "resources:\n  - {name: x, request: {method: 'GE T', path: /x}}\n"
            "  - {name: y, request: {method: GET, path: 'y'}}\n"
            "  - {name: z, request: {method: GET, path: '/z*'}}\npolicy: {z: {allow: [{role: r}]}}\n");
        QCOMPARE(made.profiles.size(), std::size_t(1));
        for (const char* text : {"a is left out. The body of its login holds \"{{\"",
                                 "b: a word of its login holds", "d: the file has no provider called none",
                                 "x is left out: its request", "y is left out: its request"})
            QVERIFY2(noted(made.notes, text), qPrintable(s(text) + u'\n' + made.notes.join(u'\n')));
        QVERIFY(made.rules.isEmpty()); // its path would be a pattern
        QCOMPARE(made.marks.size(), 1);
        QCOMPARE(made.marks.first().expect, Expect::Allow);
    }
};

QTEST_GUILESS_MAIN(TestImportMatrix)
#include "test_import_matrix.moc"
