// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/openapi.h"

#include <QFile>
#include <QTest>

using namespace kb;

namespace {

QByteArray sample(const char* name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/openapi/%1.yaml").arg(QLatin1String(name)));
    if (!file.open(QIODevice::ReadOnly)) qFatal("no %s", qPrintable(file.fileName()));
    return file.readAll();
}

ApiDescription read(const QByteArray& text) {
    const Result<ApiDescription> api = readOpenApi(QStringLiteral("api.yaml"), text);
    if (!api) qFatal("%s", qPrintable(api.error().text()));
    return *api;
}

const ApiOperation* find(const ApiDescription& api, const QString& method, const QString& path) {
    for (const ApiOperation& each : api.operations)
        if (each.method == method && each.path == path) return &each;
    return nullptr;
}

QString notes(const ApiDescription& api) {
    QStringList all;
    for (const ApiNote& note : api.notes)
        all.append(note.text);
    return all.join(u'\n');
}

} // namespace

class TestOpenApi : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void contentAndCredentialsAreNoParameters() {
        const ApiDescription api = read(sample("reserved"));
        const ApiOperation* list = find(api, QStringLiteral("GET"), QStringLiteral("/a"));
        QVERIFY(list);
        QStringList names;
        for (const ApiParameter& parameter : list->parameters)
            names.append(parameter.in + u' ' + parameter.name);
        names.sort();
        QCOMPARE(names, (QStringList{QStringLiteral("header X-Trace"), QStringLiteral("query accept")}));
    }

    void documentsAreNamedWithoutTheirSecrets_data() {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("name");
        QTest::newRow("address") << "https://h.example/api.json"
                                 << "https://h.example/api.json";
        QTest::newRow("query") << "https://h.example/api.json?key=s3cret"
                               << "https://h.example/api.json";
        QTest::newRow("fragment") << "https://h.example/a#s3cret"
                                  << "https://h.example/a";
        QTest::newRow("user") << "HTTPS://ada:s3cret@h.example/a"
                              << "HTTPS://h.example/a";
        QTest::newRow("variable") << "{{baseUrl}}/a?x={{key}}"
                                  << "{{baseUrl}}/a";
        QTest::newRow("file") << "what?#.yaml"
                              << "what?#.yaml";
    }
    void documentsAreNamedWithoutTheirSecrets() {
        QFETCH(QString, place);
        QTEST(documentName(place), "name");
    }

    void operationsWithTheirSecurity() {
        const ApiDescription api = read(sample("users"));
        QCOMPARE(api.title, QStringLiteral("Users"));
        QCOMPARE(api.servers.first().url, QStringLiteral("https://eu.example.com/v1"));
        QCOMPARE(api.operations.size(), 3);
        const ApiOperation* list = find(api, QStringLiteral("GET"), QStringLiteral("/users"));
        QVERIFY(list && !list->security);
        QCOMPARE(*api.security, ApiSecurity({{{QStringLiteral("oauth"), {QStringLiteral("users:read")}}}}));
        QCOMPARE(list->tags, QStringList{QStringLiteral("Users")});
        QCOMPARE(list->responses, (QStringList{QStringLiteral("200"), QStringLiteral("401")}));
        const ApiOperation* add = find(api, QStringLiteral("POST"), QStringLiteral("/users"));
        QVERIFY(add && add->security && add->security->isEmpty()); // present and empty: public
        const ApiOperation* remove = find(api, QStringLiteral("DELETE"), QStringLiteral("/users/{id}"));
        QVERIFY(remove && remove->security);
        QCOMPARE(remove->security->size(), 3);
        QVERIFY(remove->security->at(0).isEmpty()); // {}: optional
        QCOMPARE(remove->security->at(1).size(), 2);
        QCOMPARE(remove->requiredClaims, QStringList{QStringLiteral("role=admin")});
        QVERIFY(remove->ownObjectsOnly);
        QCOMPARE(remove->parameters.size(), 1);
        QCOMPARE(remove->parameters.first().example, QStringLiteral("00000000-0000-4000-8000-000000000000"));
    }

    void placesAreLines() {
        const ApiDescription api = read(sample("users"));
        const QStringList lines = QString::fromUtf8(sample("users")).split(u'\n');
        const ApiOperation* remove = find(api, QStringLiteral("DELETE"), QStringLiteral("/users/{id}"));
        QVERIFY(remove->securityPlace.line > 0);
        // The node of a block value stands on its own line or on its name's.
        const QString there =
            lines.at(remove->securityPlace.line - 1) + lines.at(remove->securityPlace.line - 2);
        QVERIFY2(there.contains(QLatin1String("security:")), qPrintable(there));
        QCOMPARE(remove->securityPlace.pointer, QStringLiteral("/paths/~1users~1{id}/delete/security"));
        const ApiDescription json = read("{\"openapi\": \"3.0.3\",\n\"paths\": {\n\"/a\": {\n\"get\": {\n"
                                         "\"security\": [{\"x\": []}]\n}\n}\n}\n}");
        QCOMPARE(json.operations.first().securityPlace.line, 5);
        QCOMPARE(json.operations.first().place.line, 4);
    }

    void bodiesAreMadeFromTheSchema() {
        const ApiDescription api = read(sample("users"));
        const ApiOperation* add = find(api, QStringLiteral("POST"), QStringLiteral("/users"));
        QCOMPARE(add->bodyType, QStringLiteral("application/json"));
        QCOMPARE(add->bodyExample, QStringLiteral("{\"name\": \"Ada\", \"age\": 18}"));
    }

    void mistakesBecomeNotes() {
        const QString said = notes(read(sample("users")));
        for (const char* part : {"users:delete is asked for", "other is not declared", "leads nowhere"})
            QVERIFY2(said.contains(QLatin1String(part)), qPrintable(said));
        const QString old = notes(read(sample("lint30")));
        for (const char* part : {"puts its key into the URL", "implicit", "without encryption",
                                 "must be empty", "documents no 401"})
            QVERIFY2(old.contains(QLatin1String(part)), qPrintable(old));
    }

    void permissionsAndDocumentsWithoutSecurity() {
        const QByteArray protectedBy =
            "openapi: 3.1.0\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {clientCredentials: "
            "{tokenUrl: 'https://a.example/t', scopes: {r: ''}}}}}}\npaths: {/a: {get: {security: [{o: [";
        const QString no403 = QStringLiteral("GET /a asks for a permission but documents no 403.");
        const QString silent = QStringLiteral("The document says nothing of security");
        QVERIFY(notes(read(protectedBy + "r]}], responses: {'401': {}}}}}\n")).contains(no403));
        QVERIFY(!notes(read(protectedBy + "r]}], responses: {'401': {}, '403': {}}}}}\n")).contains(no403));
        QVERIFY(!notes(read(protectedBy + "]}], responses: {'401': {}}}}}\n")).contains(no403));
        const QString claims =
            notes(read(protectedBy +
                       "]}], x-required-claims: {role: a, otherwise: maybe}, responses: {'401': {}}}}}\n"));
        QVERIFY2(claims.contains(no403) && claims.contains(QStringLiteral("\"maybe\" in x-required-claims")),
                 qPrintable(claims));
        QVERIFY(!claims.contains(silent));
        QVERIFY(notes(read("openapi: 3.1.0\npaths: {/a: {get: {responses: {}}}}\n")).contains(silent));
        QVERIFY(!notes(read("openapi: 3.1.0\nsecurity: []\npaths: {/a: {get: {responses: {}}}}\n"))
                     .contains(silent));
        const ApiDescription api =
            read(protectedBy + "]}], x-required-claims: {role: a, otherwise: conceal}, responses: {}}}}\n");
        QCOMPARE(api.operations.first().requiredClaims, QStringList{QStringLiteral("role=a")});
        QCOMPARE(api.operations.first().claimsOtherwise, QStringLiteral("conceal"));
    }

    void stylesOfParameters_data() {
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<QString>("expected");
        QTest::newRow("simple") << "in: path, schema: {example: [1, 2]}"
                                << "p=1,2";
        QTest::newRow("label") << "in: path, style: label, schema: {example: [1, 2]}"
                               << "p=.1,2";
        QTest::newRow("label exploded") << "in: path, style: label, explode: true, schema: {example: [1, 2]}"
                                        << "p=.1.2";
        QTest::newRow("matrix") << "in: path, style: matrix, schema: {example: [1, 2]}"
                                << "p=;p=1,2";
        QTest::newRow("matrix exploded")
            << "in: path, style: matrix, explode: true, schema: {example: [1, 2]}"
            << "p=;p=1;p=2";
        QTest::newRow("matrix object")
            << "in: path, style: matrix, explode: true, schema: {example: {a: 1, b: 2}}"
            << "p=;a=1;b=2";
        QTest::newRow("form") << "in: query, explode: false, schema: {example: [1, 2]}"
                              << "p=1,2";
        QTest::newRow("form exploded") << "in: query, schema: {example: [1, 2]}"
                                       << "p=1 p=2";
        QTest::newRow("form object") << "in: query, schema: {example: {a: 1, b: x}}"
                                     << "a=1 b=x";
        QTest::newRow("space")
            << "in: query, style: spaceDelimited, explode: false, schema: {example: [1, 2]}"
            << "p=1 2";
        QTest::newRow("pipe") << "in: query, style: pipeDelimited, explode: false, schema: {example: [1, 2]}"
                              << "p=1|2";
        QTest::newRow("deep") << "in: query, style: deepObject, explode: true, schema: {example: {a: 1}}"
                              << "p[a]=1";
        QTest::newRow("header") << "in: header, schema: {type: boolean}"
                                << "p=true";
        QTest::newRow("first example") << "in: query, examples: {one: {value: 7}}"
                                       << "p=7";
        QTest::newRow("types of 3.1") << "in: query, schema: {type: ['null', integer]}"
                                      << "p=1";
    }
    void stylesOfParameters() {
        QFETCH(QString, parameter);
        QFETCH(QString, expected);
        const QByteArray text = "openapi: 3.1.0\npaths: {/a: {get: {parameters: [{name: p, " +
                                parameter.toUtf8() + "}], responses: {}}}}\n";
        QStringList rows;
        const ApiDescription api = read(text);
        for (const ApiParameter& row : api.operations.first().parameters)
            rows.append(row.name + u'=' + row.example);
        QCOMPARE(rows.join(u' '), expected);
    }

    void swaggerIsReadInNewWords() {
        const ApiDescription api = read(sample("swagger"));
        QCOMPARE(api.servers.first().url, QStringLiteral("https://api.example.com/v2"));
        QCOMPARE(api.scheme(QStringLiteral("basic"))->httpScheme, QStringLiteral("basic"));
        QCOMPARE(api.scheme(QStringLiteral("o"))->flows, QStringList{QStringLiteral("clientCredentials")});
        QCOMPARE(api.operations.at(0).bodyExample, QStringLiteral("{\"name\": \"text\"}"));
        QCOMPARE(api.operations.at(0).parameters.first().example, QStringLiteral("a"));
        QCOMPARE(api.operations.at(1).bodyType, QStringLiteral("application/x-www-form-urlencoded"));
        QCOMPARE(api.operations.at(1).bodyExample, QStringLiteral("f=1"));
    }

    void referencesToOtherFiles() {
        QStringList asked;
        const DocumentReader others = [&](const QString& path) -> Result<QByteArray> {
            asked.append(path);
            if (path == QLatin1String("parts/users.yaml"))
                return QByteArray("get:\n  parameters: [{$ref: 'more.json#/P'}]\n  responses: {}\n");
            if (path == QLatin1String("parts/more.json"))
                return QByteArray("{\"P\": {\"name\": \"q\", \"in\": \"query\", \"example\": 5}}");
            return fail(ErrorCode::NotFound, QStringLiteral("no"));
        };
        const Result<ApiDescription> api = readOpenApi(QStringLiteral("api.yaml"), sample("refs"), others);
        QVERIFY(api);
        QCOMPARE(api->operations.size(), 1);
        QCOMPARE(api->operations.first().parameters.first().example, QStringLiteral("5"));
        QCOMPARE(api->operations.first().place.file, QStringLiteral("parts/users.yaml"));
        asked.sort();
        QCOMPARE(asked, (QStringList{QStringLiteral("gone.yaml"), QStringLiteral("parts/more.json"),
                                     QStringLiteral("parts/users.yaml")}));
        QCOMPARE(notes(*api).count(QLatin1String("leads out of")), 2);
        QVERIFY(notes(*api).contains(QLatin1String("cannot be read")));
    }

    void circlesAndExplosionsEnd() {
        const ApiDescription api = read(sample("circles"));
        QCOMPARE(api.operations.size(), 2);
        QVERIFY(notes(api).contains(QLatin1String("round in circles")));
        QVERIFY(api.operations.at(1).bodyExample.size() < 100000);
    }

    void whatIsNoDocumentIsRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << QByteArray() << "no OpenAPI";
        QTest::newRow("another YAML") << QByteArray("a: 1\n") << "no OpenAPI";
        QTest::newRow("version") << QByteArray("openapi: 4.0.0\n") << "4.0.0 is not known";
        QTest::newRow("old") << QByteArray("swagger: '1.2'\n") << "1.2 is not known";
        QTest::newRow("list") << QByteArray("[1]") << "";
        QTest::newRow("broken") << QByteArray("openapi: [\n") << "";
    }
    void whatIsNoDocumentIsRefused() {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        const Result<ApiDescription> api = readOpenApi(QStringLiteral("f.yaml"), text);
        QVERIFY(!api);
        QVERIFY2(api.error().text().contains(said), qPrintable(api.error().text()));
    }

    void methodsOf32() {
        const ApiDescription api = read(sample("methods32"));
        QCOMPARE(api.operations.size(), 2);
        QCOMPARE(api.operations.at(0).method, QStringLiteral("QUERY"));
        QCOMPARE(api.operations.at(1).method, QStringLiteral("COPY"));
    }

    /// A method is a token (RFC 9110 §9.1): nothing else could be sent.
    void aMethodHasAName() {
        for (const char* name : {"\"\"", "\"A B\"", "\"Ü\""}) {
            const Result<ApiDescription> api = readOpenApi(
                QStringLiteral("f.yaml"), QByteArray("openapi: 3.2.0\npaths:\n  /a:\n    get: {}\n"
                                                     "    additionalOperations:\n      ") +
                                              name + ": {}\n      COPY: {}\n");
            QVERIFY2(api, api ? "" : qPrintable(api.error().text()));
            QCOMPARE(api->operations.size(), 2);
            QVERIFY2(notes(*api).contains(QStringLiteral("is no method")), qPrintable(notes(*api)));
        }
    }

    /// OpenAPI 3.2: a requirement may name a scheme by its URI.
    void aSchemeMayBeNamedByItsUri() {
        const QByteArray text =
            "openapi: 3.2.0\ncomponents:\n  securitySchemes:\n    key: {type: apiKey, in: header, name: "
            "X-Key}\n"
            "  x-more:\n    login: {type: http, scheme: bearer}\npaths:\n  /a:\n    get:\n      security:\n"
            "        - '#/components/x-more/login': []\n          './common.yaml#/schemes/cert': []\n"
            "    put:\n      security:\n        - '#/components/x-more/nowhere': []\n"
            "    post:\n      security:\n        - key: []\n";
        const Result<ApiDescription> api =
            readOpenApi(QStringLiteral("f.yaml"), text, [](const QString& file) -> Result<QByteArray> {
                if (file == QLatin1String("common.yaml"))
                    return QByteArray("schemes:\n  cert: {type: mutualTLS}\n");
                return fail(ErrorCode::NotFound, file);
            });
        QVERIFY2(api, api ? "" : qPrintable(api.error().text()));
        const ApiAlternative& both = api->operations.at(0).security->first();
        QCOMPARE(both.size(), 2);
        QCOMPARE(api->scheme(both.at(0).scheme)->httpScheme, QStringLiteral("bearer"));
        QCOMPARE(api->scheme(both.at(1).scheme)->type, QStringLiteral("mutualTLS"));
        QVERIFY(!api->scheme(QStringLiteral("#/components/x-more/nowhere")));
        QVERIFY2(notes(*api).contains(QStringLiteral("nowhere leads nowhere")), qPrintable(notes(*api)));
        QCOMPARE(api->schemes.size(), 3);
    }

    /// What is left out is said.
    void tooManyOperationsAreSaid() {
        QByteArray text = "openapi: 3.1.0\npaths:\n";
        for (int i = 0; i < 20002; ++i)
            text += "  /p" + QByteArray::number(i) + ": {get: {}}\n";
        const Result<ApiDescription> api = readOpenApi(QStringLiteral("f.yaml"), text);
        QVERIFY(api);
        QCOMPARE(api->operations.size(), 20000);
        QCOMPARE(notes(*api).count(QStringLiteral("Only the first 20000 operations")), 1);
    }
};

QTEST_APPLESS_MAIN(TestOpenApi)
#include "test_openapi.moc"
