// SPDX-License-Identifier: GPL-3.0-or-later
// The document tells the truth: every operation in it is served, every operation served is in it, and what
// the server answers to each identity is documented and is what `security` lets one expect.
#include "tests/practice/raw_client.h"

#include <QtTest>

using namespace kb;
using namespace kb::test;

class TestOpenApi : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void frame();
    void namesEveryRoute();
    void referencesResolve();
    void securityIsDefined();
    void answersAreAsDocumented();

private:
    QJsonObject operation(const QString& path, const QString& method) const {
        return m_document.value(QLatin1String("paths"))
            .toObject()
            .value(path)
            .toObject()
            .value(method)
            .toObject();
    }
    QJsonObject resolve(const QString& reference) const {
        QJsonObject at = m_document;
        const QStringList steps = reference.mid(2).split(QLatin1Char('/'));
        for (const QString& step : steps)
            at = at.value(step).toObject();
        return at;
    }
    void checkReferences(const QJsonValue& value, int* count) const;
    PracticeServer m_server;
    QJsonObject m_document;
};

void TestOpenApi::initTestCase() {
    PracticeOptions options;
    options.rateLimitPerMinute = 0;
    QVERIFY(m_server.start(options));
    const Answer answer = send(m_server.port(), "GET", "/openapi.json");
    QCOMPARE(answer.field("Content-Type"), QByteArray("application/json"));
    QJsonParseError error;
    m_document = QJsonDocument::fromJson(answer.body, &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
}

void TestOpenApi::frame() {
    QCOMPARE(m_document.value(QLatin1String("openapi")).toString(), QStringLiteral("3.1.0"));
    QVERIFY(!m_document.value(QLatin1String("info"))
                 .toObject()
                 .value(QLatin1String("title"))
                 .toString()
                 .isEmpty());
    const QJsonArray servers = m_document.value(QLatin1String("servers")).toArray();
    QCOMPARE(servers, (QJsonArray{QJsonObject{{QStringLiteral("url"), m_server.baseUrl()}}}));
}

void TestOpenApi::namesEveryRoute() {
    QStringList documented;
    QSet<QString> operationIds;
    const QJsonObject paths = m_document.value(QLatin1String("paths")).toObject();
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        const QJsonObject item = path->toObject();
        for (auto op = item.begin(); op != item.end(); ++op) {
            documented.append(op.key().toUpper() + QLatin1Char(' ') + path.key());
            operationIds.insert(op->toObject().value(QLatin1String("operationId")).toString());
        }
    }
    QStringList expected{QStringLiteral("GET /users"),
                         QStringLiteral("POST /users"),
                         QStringLiteral("GET /users/{id}"),
                         QStringLiteral("PUT /users/{id}"),
                         QStringLiteral("DELETE /users/{id}"),
                         QStringLiteral("GET /users/{id}/invoices"),
                         QStringLiteral("GET /search"),
                         QStringLiteral("GET /me"),
                         QStringLiteral("GET /admin/stats"),
                         QStringLiteral("PATCH /admin/users/{id}/role"),
                         QStringLiteral("GET /plans"),
                         QStringLiteral("GET /billing/export"),
                         QStringLiteral("GET /webhooks"),
                         QStringLiteral("POST /webhooks"),
                         QStringLiteral("DELETE /webhooks/{id}"),
                         QStringLiteral("POST /tokens/revoke"),
                         QStringLiteral("POST /oauth/token"),
                         QStringLiteral("GET /health"),
                         QStringLiteral("GET /problems/{id}"),
                         QStringLiteral("GET /openapi.json"),
                         QStringLiteral("GET /.well-known/jwks.json"),
                         QStringLiteral("GET /.well-known/openid-configuration"),
                         QStringLiteral("GET /.well-known/oauth-authorization-server")};
    documented.sort();
    expected.sort();
    QCOMPARE(documented, expected);
    QCOMPARE(operationIds.size(), documented.size());
    // The server's own word on each path is the Allow field of OPTIONS.
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        QString target = path.key();
        target.replace(QLatin1String("{id}"), QLatin1String("1"));
        const QByteArray allow = send(m_server.port(), "OPTIONS", target.toLatin1()).field("Allow");
        QStringList methods = QString::fromLatin1(allow).toLower().split(QStringLiteral(", "));
        methods.removeAll(QStringLiteral("head"));
        methods.removeAll(QStringLiteral("options"));
        methods.sort();
        QCOMPARE(methods, path->toObject().keys());
    }
}

void TestOpenApi::checkReferences(const QJsonValue& value, int* count) const {
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (const QJsonValue& item : array)
            checkReferences(item, count);
    }
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() == QLatin1String("$ref")) {
            ++*count;
            QVERIFY2(!resolve(it->toString()).isEmpty(), qPrintable(it->toString()));
        } else {
            checkReferences(*it, count);
        }
    }
}

void TestOpenApi::referencesResolve() {
    int count = 0;
    checkReferences(m_document, &count);
    QVERIFY(count > 50);
}

void TestOpenApi::securityIsDefined() {
    const QJsonObject schemes = resolve(QStringLiteral("#/components/securitySchemes"));
    const QJsonObject flow =
        resolve(QStringLiteral("#/components/securitySchemes/oauth2/flows/clientCredentials"));
    QCOMPARE(flow.value(QLatin1String("tokenUrl")).toString(),
             m_server.baseUrl() + QLatin1String("/oauth/token"));
    const QJsonObject scopes = flow.value(QLatin1String("scopes")).toObject();
    QCOMPARE(schemes.value(QLatin1String("bearer")).toObject().value(QLatin1String("scheme")).toString(),
             QStringLiteral("bearer"));
    QCOMPARE(schemes.value(QLatin1String("apiKey")).toObject().value(QLatin1String("name")).toString(),
             QStringLiteral("X-API-Key"));
    const QJsonObject paths = m_document.value(QLatin1String("paths")).toObject();
    for (const QJsonValue& item : paths) {
        const QJsonObject operations = item.toObject();
        for (const QJsonValue& value : operations) {
            const QJsonObject op = value.toObject();
            QVERIFY(op.contains(QLatin1String("security")));
            const QJsonArray alternatives = op.value(QLatin1String("security")).toArray();
            for (const QJsonValue& alternative : alternatives) {
                const QJsonObject needs = alternative.toObject();
                for (auto need = needs.begin(); need != needs.end(); ++need) {
                    QVERIFY2(schemes.contains(need.key()), qPrintable(need.key()));
                    if (need.key() != QLatin1String("oauth2")) continue;
                    const QJsonArray words = need->toArray();
                    for (const QJsonValue& word : words)
                        QVERIFY(scopes.contains(word.toString()));
                }
            }
        }
    }
    QCOMPARE(
        operation(QStringLiteral("/users/{id}"), QStringLiteral("delete")).value(QLatin1String("security")),
        QJsonValue(
            QJsonArray{QJsonObject{{QStringLiteral("oauth2"), QJsonArray{QStringLiteral("users:delete")}}}}));
    QCOMPARE(operation(QStringLiteral("/health"), QStringLiteral("get")).value(QLatin1String("security")),
             QJsonValue(QJsonArray{}));
}

// Sends every operation as everybody, without a body, so that nothing is changed except by DELETE.
void TestOpenApi::answersAreAsDocumented() {
    const QJsonObject paths = m_document.value(QLatin1String("paths")).toObject();
    int sent = 0;
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        const QJsonObject item = path->toObject();
        for (auto op = item.begin(); op != item.end(); ++op) {
            const QJsonObject responses = op->toObject().value(QLatin1String("responses")).toObject();
            for (const char* id : {"12345", "67890", "424242"}) {
                for (const char* who :
                     {"Anonymous", "Reader", "Other reader", "Admin", "Expired reader", "Partner API key"}) {
                    QString target = path.key();
                    target.replace(QLatin1String("{id}"), QLatin1String(id));
                    const Answer answer = send(m_server.port(), op.key().toUpper().toLatin1(),
                                               target.toLatin1(), as(m_server, who));
                    const QString where = QStringLiteral("%1 %2 as %3: %4")
                                              .arg(op.key(), target, QLatin1String(who))
                                              .arg(answer.status);
                    ++sent;
                    QVERIFY2(responses.contains(QString::number(answer.status)), qPrintable(where));
                    // An answer's media type is the documented one.
                    QJsonObject response = responses.value(QString::number(answer.status)).toObject();
                    if (response.contains(QLatin1String("$ref")))
                        response = resolve(response.value(QLatin1String("$ref")).toString());
                    const QStringList types = response.value(QLatin1String("content")).toObject().keys();
                    QCOMPARE(QString::fromLatin1(answer.field("Content-Type")), types.value(0));
                }
            }
        }
    }
    QCOMPARE(sent, 23 * 3 * 6);
}

QTEST_GUILESS_MAIN(TestOpenApi)
#include "test_openapi.moc"
