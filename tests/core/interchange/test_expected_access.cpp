// SPDX-License-Identifier: GPL-3.0-or-later
// From a document of each version to who is expected to get in.
#include "core/interchange/openapi.h"
#include "core/probe/matrix.h"

#include <QTest>

using namespace kb;

namespace {

MatrixProfile bearer(const char* name, const QStringList& scopes, const QStringList& roles = {}) {
    MatrixProfile profile;
    profile.id = profile.name = QString::fromLatin1(name);
    profile.scheme = BearerScheme();
    profile.scopes = scopes;
    profile.roles = roles;
    profile.scopesKnown = profile.rolesKnown = true;
    return profile;
}

} // namespace

class TestExpectedAccess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Of GET /a: anonymous, who has the scope or role "read", and who has neither.
    void eachVersion_data() {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<QString>("expected");
        const QByteArray two = "swagger: '2.0'\nsecurityDefinitions: {o: {type: oauth2, flow: application, "
                               "tokenUrl: 'https://a.example/t', scopes: {read: ''}}, b: {type: basic}}\n";
        const QByteArray schemes =
            "components: {securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: "
            "'https://a.example/t', scopes: {read: ''}}}}, b: {type: http, scheme: bearer}, "
            "'https://a.example/schemes/b': {type: http, scheme: bearer}}}\n";
        const auto row = [](const char* name, const QByteArray& head, const char* security,
                            const char* expected) {
            QTest::newRow(name) << QByteArray(head + "paths: {/a: {get: {" + security + "responses: {}}}}\n")
                                << QString::fromLatin1(expected);
        };
        row("2.0, a scope", two, "security: [{o: [read]}], ", "deny-authn allow deny-authz");
        row("2.0, another kind", two, "security: [{b: []}], ", "deny-authn deny-authn deny-authn");
        row("2.0, nothing said", two, "", "unknown unknown unknown");
        for (const char* version : {"3.0.3", "3.1.0", "3.2.0"}) {
            const QByteArray head = QByteArray("openapi: ") + version + "\n" + schemes;
            const auto named = [&](const char* what) -> QByteArray {
                return QByteArray(version) + ", " + what;
            };
            row(named("a scope").constData(), head, "security: [{o: [read]}], ",
                "deny-authn allow deny-authz");
            row(named("a role").constData(), head, "security: [{b: [read]}], ",
                "deny-authn allow deny-authz");
            row(named("public").constData(), head, "security: [], ", "allow allow allow");
            row(named("who wants").constData(), head, "security: [{}, {o: [read]}], ", "allow allow allow");
            row(named("nothing said").constData(), head, "", "unknown unknown unknown");
            row(named("the root's").constData(), head + "security: [{o: [read]}]\n", "",
                "deny-authn allow deny-authz");
        }
        row("3.2, a scheme named by its address", "openapi: 3.2.0\n" + schemes,
            "security: [{'https://a.example/schemes/b': []}], ", "deny-authn allow allow");
    }
    void eachVersion() {
        QFETCH(QByteArray, document);
        QFETCH(QString, expected);
        const Result<ApiDescription> api = readOpenApi(QStringLiteral("api.yaml"), document);
        QVERIFY2(api.has_value(), document.constData());
        QStringList found;
        for (const MatrixProfile& who :
             {anonymousProfile(), bearer("reader", {QStringLiteral("read")}, {QStringLiteral("read")}),
              bearer("other", {QStringLiteral("else")}, {QStringLiteral("else")})})
            found.append(expectName(
                expectationFor(*api, api->operations.first(), who, Binding::None, MatrixSettings()).expect));
        QCOMPARE(found.join(u' '), expected);
    }
};

QTEST_APPLESS_MAIN(TestExpectedAccess)
#include "test_expected_access.moc"
