// SPDX-License-Identifier: GPL-3.0-or-later
// What is sent for an operation: its body by its media type, its parameters, its server.
#include "core/interchange/import.h"

#include <QTest>

using namespace kb;

namespace {

Imported imported(const QByteArray& text, const QString& file = QStringLiteral("api.yaml")) {
    Result<Imported> made = importFiles({{file, text}}, QStringLiteral("openapi"));
    if (!made) qFatal("%s", qPrintable(made.error().text()));
    return std::move(*made);
}

/// "kind type|text", or one line a part: "name=text type", "name@ type" of a file, "~" before what is off.
QString bodyOf(const RequestSpec& spec) {
    if (spec.body.kind == BodySpec::Kind::Json) return QStringLiteral("json|") + spec.body.text;
    if (spec.body.kind == BodySpec::Kind::Text)
        return QStringLiteral("text ") + spec.body.contentType + u'|' + spec.body.text;
    QStringList parts;
    for (const BodyPart& part : spec.body.parts)
        parts.append((part.enabled ? QString() : QStringLiteral("~")) + part.name +
                     (part.isFile ? u'@' : u'=') + part.value +
                     (part.contentType.isEmpty() ? QString() : u' ' + part.contentType));
    return parts.join(u'\n');
}

} // namespace

class TestOpenApiRequests : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bodies_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("body");
        const auto row = [](const char* name, const char* content, const char* body) {
            QTest::newRow(name) << QByteArray(content) << QString::fromUtf8(body);
        };
        row("form",
            "application/x-www-form-urlencoded: {schema: {properties: {a: {example: 'x y&z'}, b: {type: "
            "integer}}}}",
            "text application/x-www-form-urlencoded|a=x+y%26z&b=1");
        row("form's lists and objects",
            "application/x-www-form-urlencoded: {schema: {properties: {l: {example: [1, 2]}, o: {example: "
            "{k: v}}, "
            "s: {example: [1, 2]}, d: {example: {k: v}}}}, encoding: {s: {explode: false}, d: {style: "
            "deepObject}}}",
            "text application/x-www-form-urlencoded|l=1&l=2&o=%7B%22k%22%3A%22v%22%7D&s=1%2C2&d%5Bk%5D=v");
        row("form's example", "application/x-www-form-urlencoded: {example: {a: '1 2'}}",
            "text application/x-www-form-urlencoded|a=1+2");
        row("form's example as text", "application/x-www-form-urlencoded: {example: 'a=1+2'}",
            "text application/x-www-form-urlencoded|a=1+2");
        row("multipart",
            "multipart/form-data: {schema: {required: [pic], allOf: [{properties: {pic: {type: string, "
            "format: binary}}}], "
            "properties: {note: {type: string, example: hi}, more: {type: array, items: {type: string, "
            "format: binary}}, "
            "meta: {example: {k: 1}}, tags: {example: [a, b]}}}, encoding: {pic: {contentType: 'image/png, "
            "image/gif'}, "
            "note: {contentType: text/markdown}}}",
            "pic@ image/png\nnote=hi text/markdown\n~more@\nmeta={\"k\":1} application/json\ntags=a\ntags=b");
        row("multipart of 3.1",
            "multipart/form-data: {schema: {properties: {f: {contentMediaType: image/png}, "
            "t: {type: string, contentMediaType: image/png, contentEncoding: base64, example: AA==}}}}",
            "~f@\nt=AA==");
        row("XML", "application/xml: {schema: {properties: {a: {type: string}}}}", "text application/xml|");
        row("XML's example", "application/xml: {example: '<a/>'}", "text application/xml|<a/>");
        row("plain text", "text/plain: {schema: {type: string, example: 'say \"hi\"'}}",
            "text text/plain|say \"hi\"");
        row("bytes", "application/octet-stream: {schema: {type: string, format: binary}}",
            "text application/octet-stream|");
        row("any type", "'*/*': {schema: {properties: {a: {type: boolean}}}}", "json|{\"a\": true}");
        row("JSON before XML", "application/xml: {}\n            application/json: {example: 1}", "json|1");
        row("form before XML",
            "application/xml: {}\n            application/x-www-form-urlencoded: {example: {a: 1}}",
            "text application/x-www-form-urlencoded|a=1");
        row("data of 3.2",
            "application/json: {examples: {one: {dataValue: {a: 1}, serializedValue: '{\"a\":2}'}}}",
            "json|{\"a\": 1}");
        row("text of 3.2", "application/xml: {examples: {one: {serializedValue: <a/>}}}",
            "text application/xml|<a/>");
        row("stream of 3.2", "application/jsonl: {itemSchema: {properties: {a: {type: integer}}}}",
            "text application/jsonl|{\"a\": 1}");
    }
    void bodies() {
        QFETCH(QByteArray, content);
        const Imported made =
            imported("openapi: 3.2.0\npaths:\n  /a:\n    post:\n      requestBody:\n        content:\n"
                     "            " +
                     content + "\n      responses: {}\n");
        QTEST(bodyOf(made.items.first().request), "body");
    }

    /// JSON is no body of another type: nothing is made up, and that is said.
    void anEmptyBodyIsSaid() {
        const Imported made =
            imported("openapi: 3.0.0\npaths: {/a: {put: {requestBody: {content: {application/xml: "
                     "{schema: {type: object}}}}, responses: {}}}}\n");
        QVERIFY2(
            made.notes.join(u'\n').contains(QStringLiteral("PUT /a: a body of the type application/xml")),
            qPrintable(made.notes.join(u'\n')));
    }

    /// A chain of schemas that lead to themselves ends, also where a property is looked for.
    void circlesInAFormEnd() {
        const Imported made = imported(
            "openapi: 3.0.0\ncomponents: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: "
            "'#/components/schemas/A'}], properties: {a: {type: string}, l: {type: array, items: {$ref: "
            "'#/components/schemas/A'}}}}}}\npaths: {/a: {post: {requestBody: {content: "
            "{multipart/form-data: "
            "{schema: {$ref: '#/components/schemas/A'}, example: {a: x, gone: y}}}}, responses: {}}}}\n");
        QCOMPARE(bodyOf(made.items.first().request), QStringLiteral("a=x\ngone=y"));
    }

    void swaggerBodies_data() {
        QTest::addColumn<QByteArray>("operation");
        QTest::addColumn<QString>("body");
        const auto row = [](const char* name, const char* operation, const char* body) {
            QTest::newRow(name) << QByteArray(operation) << QString::fromUtf8(body);
        };
        row("form", "parameters: [{in: formData, name: n, type: string, default: 'a b&c'}]",
            "text application/x-www-form-urlencoded|n=a+b%26c");
        row("file",
            "parameters: [{in: formData, name: f, type: file, required: true}, "
            "{in: formData, name: n, type: string, default: 'a b&c'}]",
            "f@\nn=a b&c");
        row("consumes multipart",
            "consumes: [multipart/form-data], parameters: [{in: formData, name: n, type: integer}]", "n=1");
        row("consumes both",
            "consumes: [multipart/form-data, application/x-www-form-urlencoded], parameters: "
            "[{in: formData, name: n, type: integer}]",
            "text application/x-www-form-urlencoded|n=1");
        row("XML", "consumes: [application/xml], parameters: [{in: body, name: b, schema: {type: object}}]",
            "text application/xml|");
        row("JSON before XML",
            "consumes: [application/xml, application/json], parameters: [{in: body, name: b, "
            "schema: {properties: {a: {type: integer}}}}]",
            "json|{\"a\": 1}");
        row("the document's", "parameters: [{in: body, name: b, schema: {type: string, example: x}}]",
            "text text/csv|x");
    }
    void swaggerBodies() {
        QFETCH(QByteArray, operation);
        const Imported made = imported("swagger: '2.0'\nconsumes: [text/csv]\npaths: {/a: {post: {" +
                                       operation + ", responses: {}}}}\n");
        QTEST(bodyOf(made.items.first().request), "body");
    }

    void parameters_data() {
        QTest::addColumn<QByteArray>("parameter");
        QTest::addColumn<QString>("request"); // the query or what stands elsewhere
        const auto row = [](const char* name, const char* parameter, const char* request) {
            QTest::newRow(name) << QByteArray(parameter) << QString::fromUtf8(request);
        };
        row("query string as a form",
            "{in: querystring, name: q, required: true, content: {application/x-www-form-urlencoded: "
            "{schema: "
            "{properties: {a: {example: 'x y'}, b: {type: integer}}}}}}",
            "{{baseUrl}}/a?a=x%20y&b=1");
        row("query string as JSON",
            "{in: querystring, name: q, required: true, content: {application/json: {example: {a: 1}}}}",
            "{{baseUrl}}/a?%7B%22a%22%3A1%7D");
        row("query field as JSON",
            "{in: query, name: f, required: true, content: {application/json: {schema: {example: {a: 1}}}}}",
            "{{baseUrl}}/a?f=%7B%22a%22%3A1%7D");
        row("data",
            "{in: query, name: f, required: true, examples: {one: {dataValue: 'a b', serializedValue: f=c}}}",
            "{{baseUrl}}/a?f=a%20b");
        row("serialised query",
            "{in: query, name: f, required: true, examples: {one: {serializedValue: R=1&G=a%20b}}}",
            "{{baseUrl}}/a?R=1&G=a%20b");
        row("serialised header",
            "{in: header, name: X, required: true, examples: {one: {serializedValue: '1,2'}}}",
            "{{baseUrl}}/a X=1,2");
    }
    void parameters() {
        QFETCH(QByteArray, parameter);
        const Imported made = imported("openapi: 3.2.0\npaths: {/a: {get: {parameters: [" + parameter +
                                       "], responses: {}}}}\n");
        const RequestSpec spec = made.items.first().request;
        QString got = spec.url;
        for (const HeaderRow& header : spec.headers)
            got += u' ' + header.name + u'=' + header.value;
        QTEST(got, "request");
        QVERIFY(made.profiles.empty());
    }

    void anOptionalCookieIsSaid() {
        const Imported made =
            imported("openapi: 3.2.0\npaths: {/a: {get: {parameters: [{in: cookie, name: theme, style: "
                     "cookie, schema: {type: string}}], responses: {}}}}\n");
        QVERIFY(made.items.first().request.headers.isEmpty() && made.profiles.empty());
        QVERIFY2(made.notes.join(u'\n').contains(QStringLiteral("GET /a: the cookie theme is optional")),
                 qPrintable(made.notes.join(u'\n')));
    }

    /// A server that some operations have of their own is a variable of its own, the same in every
    /// environment.
    void serversOfOperations() {
        const Imported made =
            imported("openapi: 3.1.0\nservers: [{url: 'https://a.example', description: A}, {url: "
                     "'https://b.example', "
                     "description: B}]\npaths:\n  /a: {get: {responses: {}}}\n  /f:\n    servers: [{url: "
                     "'https://files.example/v2/'}]\n    get: {responses: {}}\n    put: {servers: [{url: "
                     "'https://a.example', "
                     "description: A}, {url: 'https://b.example', description: B}], responses: {}}\n");
        QStringList urls;
        for (const TreeItem& item : made.items)
            urls.append(item.request.url);
        QCOMPARE(urls, (QStringList{QStringLiteral("{{baseUrl}}/a"),
                                    QStringLiteral("{{baseUrl_files_example_v2}}/f"),
                                    QStringLiteral("{{baseUrl}}/f")}));
        QCOMPARE(made.items.at(1).imported.operation, QStringLiteral("GET /f"));
        QCOMPARE(made.environments.size(), 2);
        for (const Environment& environment : made.environments)
            QVERIFY(environment.variables.contains({QStringLiteral("baseUrl_files_example_v2"),
                                                    QStringLiteral("https://files.example/v2"), true}));
    }

    /// Of several servers of its own one is taken, and it is said which others there are, once for each list.
    void severalServersOfAnOperation() {
        const Imported made = imported(
            "openapi: 3.1.0\nservers: [{url: 'https://a.example'}]\npaths:\n  /f:\n    servers: [{url: "
            "'https://eu.example/v2/'}, {url: 'https://us.example'}, {url: 'https://{r}.example', variables: "
            "{r: "
            "{default: asia}}}]\n    get: {responses: {}}\n    put: {responses: {}}\n  /one:\n    servers: "
            "[{url: "
            "'https://one.example'}]\n    get: {responses: {}}\n");
        QCOMPARE(made.items.first().request.url, QStringLiteral("{{baseUrl_eu_example_v2}}/f"));
        const QStringList said = made.notes.filter(QStringLiteral("several servers"));
        QCOMPARE(said, QStringList{QStringLiteral("GET /f has several servers of its own. The first, "
                                                  "https://eu.example/v2, is taken; the others are: "
                                                  "https://us.example, https://asia.example.")});
    }

    void serversWithVariables() {
        const Imported made = imported(
            "openapi: 3.1.0\nservers: [{url: 'https://{region}.example/{base path}', variables: {region: "
            "{default: "
            "eu, enum: [eu, us]}, base path: {default: v1}}}]\npaths: {/a: {get: {responses: {}}}}\n");
        QCOMPARE(made.environments.first().variables,
                 (QList<Variable>{
                     {QStringLiteral("region"), QStringLiteral("eu"), true},
                     {QStringLiteral("baseUrl"), QStringLiteral("https://{{region}}.example/v1"), true}}));
        QVERIFY2(made.notes.join(u'\n').contains(QStringLiteral("can be: eu, us")),
                 qPrintable(made.notes.join(u'\n')));
    }

    void relativeServers_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("servers");
        QTest::addColumn<QString>("base");
        const QString address = QStringLiteral("https://h.example:8443/docs/api/openapi.yaml");
        QTest::newRow("root") << address << QByteArray("openapi: 3.1.0\nservers: [{url: /v1}]")
                              << "https://h.example:8443/v1";
        QTest::newRow("sibling") << address << QByteArray("openapi: 3.1.0\nservers: [{url: ./v1/}]")
                                 << "https://h.example:8443/docs/api/v1";
        QTest::newRow("above") << address << QByteArray("openapi: 3.1.0\nservers: [{url: ../../../v1}]")
                               << "https://h.example:8443/v1";
        QTest::newRow("host") << address << QByteArray("openapi: 3.1.0\nservers: [{url: //o.example/v1}]")
                              << "https://o.example/v1";
        QTest::newRow("variable")
            << address
            << QByteArray("openapi: 3.1.0\nservers: [{url: '/{v}', variables: {v: {default: v2}}}]")
            << "https://h.example:8443/{{v}}";
        QTest::newRow("none") << address << QByteArray("openapi: 3.1.0") << "https://h.example:8443";
        QTest::newRow("swagger") << address << QByteArray("swagger: '2.0'\nbasePath: /v2")
                                 << "https://h.example:8443/v2";
        QTest::newRow("file") << "api.yaml" << QByteArray("openapi: 3.1.0\nservers: [{url: /v1}]") << "/v1";
    }
    void relativeServers() {
        QFETCH(QString, file);
        QFETCH(QByteArray, servers);
        const Imported made = imported(servers + "\npaths: {/a: {get: {responses: {}}}}\n", file);
        QTEST(made.environments.first().variables.last().value, "base");
        QCOMPARE(made.notes.join(u'\n').contains(QStringLiteral("is not known: complete baseUrl")),
                 file == QLatin1String("api.yaml"));
    }

    /// A path's form fields are its operations'; an operation's of the same name takes their place.
    void swaggerFieldsOfThePath() {
        const Imported made = imported(
            "swagger: '2.0'\npaths: {/a: {parameters: [{in: formData, name: n, type: string, default: x}, "
            "{in: formData, name: m, type: string, default: y}], post: {parameters: [{in: formData, name: n, "
            "type: string, default: z}], responses: {}}}}\n");
        QCOMPARE(bodyOf(made.items.first().request),
                 QStringLiteral("text application/x-www-form-urlencoded|m=y&n=z"));
    }
};

QTEST_GUILESS_MAIN(TestOpenApiRequests)
#include "test_openapi_requests.moc"
