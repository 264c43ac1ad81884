// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_metadata.h"

#include "oauth_samples.h"

using namespace kb;

namespace {

const QString issuer = QStringLiteral("https://as.example.com/tenant");

QByteArray document(const QByteArray& more = {}) {
    return "{\"issuer\":\"https://as.example.com/tenant\","
           "\"authorization_endpoint\":\"https://as.example.com/authorize?x=1\","
           "\"token_endpoint\":\"https://as.example.com/token\"" +
           more + "}";
}

Result<ServerMetadata> read(const QByteArray& more) {
    return readServerMetadata(jsonAnswer(200, document(more)), issuer);
}

QList<QByteArray> texts(const Result<QList<HttpUrl>>& urls) {
    QList<QByteArray> list;
    if (!urls) return {"error: " + urls.error().text().toUtf8()};
    for (const HttpUrl& url : *urls)
        list.append(url.text());
    return list;
}

} // namespace

class TestOAuthMetadata : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_9_bothWellKnownAddresses_data() {
        QTest::addColumn<QString>("of");
        QTest::addColumn<QByteArray>("inserted");
        QTest::addColumn<QByteArray>("appended");
        QTest::newRow("with a path")
            << issuer << QByteArray("https://as.example.com/.well-known/oauth-authorization-server/tenant")
            << QByteArray("https://as.example.com/tenant/.well-known/openid-configuration");
        QTest::newRow("without") << QStringLiteral("https://as.example.com")
                                 << QByteArray(
                                        "https://as.example.com/.well-known/oauth-authorization-server")
                                 << QByteArray("https://as.example.com/.well-known/openid-configuration");
        QTest::newRow("a slash at the end")
            << QStringLiteral("https://as.example.com/t/")
            << QByteArray("https://as.example.com/.well-known/oauth-authorization-server/t")
            << QByteArray("https://as.example.com/t/.well-known/openid-configuration");
        QTest::newRow("loopback with a port")
            << QStringLiteral("http://127.0.0.1:9400")
            << QByteArray("http://127.0.0.1:9400/.well-known/oauth-authorization-server")
            << QByteArray("http://127.0.0.1:9400/.well-known/openid-configuration");
    }
    void s5_9_bothWellKnownAddresses() {
        QFETCH(QString, of);
        QFETCH(QByteArray, inserted);
        QFETCH(QByteArray, appended);
        QCOMPARE(texts(metadataUrls(of)), (QList<QByteArray>{inserted, appended}));
    }

    void s5_9_issuerIsHttpsWithoutQueryAndFragment() {
        for (const char* bad :
             {"http://as.example.com", "https://as.example.com?a=b", "https://as.example.com#a",
              "https://user@as.example.com", "as.example.com", ""})
            QVERIFY2(!metadataUrls(QString::fromLatin1(bad)), bad);
        QVERIFY(metadataUrls(QStringLiteral("http://keycloak:8080/realms/a"),
                             {QStringLiteral("http://keycloak:8080")}));
    }

    void s5_9_issuerMustEqual() {
        QVERIFY(read({}));
        for (const char* other : {"https://as.example.com/tenant/", "https://AS.example.com/tenant",
                                  "https://as.example.com:443/tenant", "https://evil.example/tenant"}) {
            const auto result = readServerMetadata(jsonAnswer(200, document()), QString::fromLatin1(other));
            QVERIFY2(!result, other);
            QCOMPARE(result.error().where, issuer);
        }
        QVERIFY(!readServerMetadata(jsonAnswer(200, "{\"token_endpoint\":\"https://a.example/\"}"), issuer));
    }

    void s5_9_defaultsOfAbsentLists() {
        const auto metadata = read({});
        QVERIFY(metadata);
        QCOMPARE(metadata->grantTypes, (QStringList{"authorization_code", "implicit"}));
        QCOMPARE(metadata->tokenAuthMethods, QStringList{"client_secret_basic"});
        QCOMPARE(metadata->responseModes, (QStringList{"query", "fragment"}));
        const auto given =
            read(",\"grant_types_supported\":[\"client_credentials\"],\"response_modes_supported\":[],"
                 "\"token_endpoint_auth_methods_supported\":[\"none\",\"private_key_jwt\"]");
        QVERIFY(given);
        QCOMPARE(given->grantTypes, QStringList{"client_credentials"});
        QCOMPARE(given->tokenAuthMethods, (QStringList{"none", "private_key_jwt"}));
        QVERIFY(given->responseModes.isEmpty());
    }

    void s5_9_everyMember() {
        const auto metadata = read(
            ",\"device_authorization_endpoint\":\"https://as.example.com/d\",\"revocation_endpoint\":"
            "\"https://as.example.com/r\",\"introspection_endpoint\":\"https://as.example.com/i\","
            "\"userinfo_endpoint\":\"https://as.example.com/u\",\"pushed_authorization_request_endpoint\":"
            "\"https://as.example.com/p\",\"registration_endpoint\":\"https://as.example.com/"
            "c\",\"jwks_uri\":"
            "\"https://as.example.com/j\",\"require_pushed_authorization_requests\":true,"
            "\"authorization_response_iss_parameter_supported\":true,\"code_challenge_methods_supported\":"
            "[\"S256\"],\"dpop_signing_alg_values_supported\":[\"ES256\"],\"scopes_supported\":[\"a\",\"b\"],"
            "\"tls_client_certificate_bound_access_tokens\":true,\"unknown\":{}");
        QVERIFY(metadata);
        const OAuthEndpoints& e = metadata->endpoints;
        QCOMPARE(e.authorization->text(), QByteArray("https://as.example.com/authorize?x=1"));
        QCOMPARE(e.token->text(), QByteArray("https://as.example.com/token"));
        QCOMPARE(e.deviceAuthorization->text(), QByteArray("https://as.example.com/d"));
        QCOMPARE(e.revocation->text(), QByteArray("https://as.example.com/r"));
        QCOMPARE(e.introspection->text(), QByteArray("https://as.example.com/i"));
        QCOMPARE(e.userinfo->text(), QByteArray("https://as.example.com/u"));
        QCOMPARE(e.pushedAuthorization->text(), QByteArray("https://as.example.com/p"));
        QCOMPARE(e.registration->text(), QByteArray("https://as.example.com/c"));
        QCOMPARE(metadata->jwksUri->text(), QByteArray("https://as.example.com/j"));
        QVERIFY(metadata->requiresPushedAuthorization && metadata->answersWithIssuer &&
                metadata->boundToCertificate);
        QCOMPARE(metadata->dpopAlgorithms, QStringList{"ES256"});
        QCOMPARE(metadata->scopes, (QStringList{"a", "b"}));
        QVERIFY(metadata->findings.isEmpty());
    }

    void s5_8_warnsWithoutS256() {
        QCOMPARE(read({})->findings.size(), 1);
        QVERIFY(read({})->findings.first().contains(QStringLiteral("S256")));
        QCOMPARE(read(",\"code_challenge_methods_supported\":[\"plain\"]")->findings.size(), 1);
    }

    void s5_9_badEndpointsRefused_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("http") << QByteArray("\"http://as.example.com/d\"");
        QTest::newRow("this computer") << QByteArray("\"http://127.0.0.1:4000/d\"");
        QTest::newRow("javascript") << QByteArray("\"javascript:alert(1)\"");
        QTest::newRow("fragment") << QByteArray("\"https://as.example.com/d#x\"");
        QTest::newRow("user name") << QByteArray("\"https://a:b@as.example.com/d\"");
        QTest::newRow("relative") << QByteArray("\"/d\"");
        QTest::newRow("number") << QByteArray("7");
    }
    void s5_9_badEndpointsRefused() {
        QFETCH(QByteArray, value);
        const auto result = read(",\"device_authorization_endpoint\":" + value);
        QVERIFY(!result);
        QCOMPARE(result.error().where, QStringLiteral("device_authorization_endpoint"));
    }

    void s5_9_badAnswersRefused() {
        const QByteArray html = "<!doctype html><html><body>Sign in</body></html>";
        const auto page = readServerMetadata(jsonAnswer(200, html, "text/html"), issuer);
        QVERIFY(!page && page.error().what.contains(QStringLiteral("HTML")));
        QVERIFY(!readServerMetadata(jsonAnswer(404, document()), issuer));
        QVERIFY(!readServerMetadata(jsonAnswer(200, {}), issuer));
        QVERIFY(!readServerMetadata(jsonAnswer(200, "[]"), issuer));
        QVERIFY(!read(",\"issuer\":\"https://as.example.com/tenant\"")); // twice
        const auto huge = read(",\"x\":\"" + QByteArray(1024 * 1024, 'x') + "\"");
        QVERIFY(!huge && huge.error().what.contains(QStringLiteral("too large")));
        Response cut = jsonAnswer(200, document().chopped(5));
        cut.bodyEnd = BodyEnd::Truncated;
        QCOMPARE(readServerMetadata(cut, issuer).error().code, ErrorCode::ReceiveFailed);
    }

    void s5_9_noRedirectToAnotherOrigin() {
        const HttpUrl asked = urlOf(QStringLiteral("https://as.example.com/.well-known/x"));
        Response response;
        response.status = 302;
        QVERIFY(!metadataRedirect(asked, response));
        response.headers.append("Location", "/other");
        QCOMPARE(metadataRedirect(asked, response)->text(), QByteArray("https://as.example.com/other"));
        for (const char* bad : {"https://evil.example/other", "http://as.example.com/other",
                                "https://as.example.com:8443/other", "//evil.example/"}) {
            Response other;
            other.headers.append("Location", bad);
            QVERIFY2(!metadataRedirect(asked, other), bad);
        }
    }

    void s5_13_mtlsAliases() {
        const auto metadata =
            read(",\"mtls_endpoint_aliases\":{\"token_endpoint\":\"https://mtls.example.com/token\"},"
                 "\"revocation_endpoint\":\"https://as.example.com/r\"");
        QVERIFY(metadata);
        const OAuthEndpoints mtls = metadata->endpointsFor(ClientAuth::Mtls);
        QCOMPARE(mtls.token->text(), QByteArray("https://mtls.example.com/token"));
        QCOMPARE(mtls.revocation->text(), QByteArray("https://as.example.com/r"));
        QCOMPARE(metadata->endpointsFor(ClientAuth::Basic).token->text(),
                 QByteArray("https://as.example.com/token"));
        QVERIFY(!read(",\"mtls_endpoint_aliases\":{\"token_endpoint\":\"http://mtls.example.com/token\"}"));
    }

    void s5_9_resourceMetadataAddress() {
        const auto at = [](const char* text) {
            return resourceMetadataUrl(urlOf(QString::fromLatin1(text)))->text();
        };
        QCOMPARE(at("https://api.example.com"),
                 QByteArray("https://api.example.com/.well-known/oauth-protected-resource"));
        QCOMPARE(at("https://api.example.com/v1/a?x=1"),
                 QByteArray("https://api.example.com/.well-known/oauth-protected-resource/v1/a?x=1"));
        QVERIFY(!resourceMetadataUrl(urlOf(QStringLiteral("http://api.example.com/"))));
    }

    void s5_9_resourceMetadataFromChallenge() {
        const auto from = [](const QByteArray& value) {
            return resourceMetadataUrl(parseChallenges({value}));
        };
        const auto url = from("Basic realm=\"a\", Bearer error=\"invalid_token\", "
                              "resource_metadata=\"https://api.example.com/m\"");
        QVERIFY(url && *url);
        QCOMPARE((*url)->text(), QByteArray("https://api.example.com/m"));
        QVERIFY(from("Bearer realm=\"a\""));
        QVERIFY(!*from("Bearer realm=\"a\""));
        QVERIFY(!from("Bearer resource_metadata=\"http://api.example.com/m\""));
        QVERIFY(!from("Bearer resource_metadata=\"ftp://api.example.com/m\""));
        // Twice: which address is meant cannot be told (RFC 9110 §11.2).
        const auto twice = from("Bearer resource_metadata=\"https://api.example.com/m\", "
                                "resource_metadata=\"https://evil.example/m\"");
        QVERIFY(twice && !*twice);
    }

    void s5_9_resourceMustEqual() {
        const HttpUrl resource = urlOf(QStringLiteral("https://api.example.com/v1"));
        const auto readFor = [&](const QByteArray& name, const HttpUrl& of) {
            return readResourceMetadata(
                jsonAnswer(
                    200, "{\"resource\":\"" + name +
                             "\",\"authorization_servers\":[\"https://as.example.com\"],\"scopes_supported\":"
                             "[\"r\"],\"dpop_bound_access_tokens_required\":true}"),
                of);
        };
        const auto metadata = readFor("https://api.example.com/v1", resource);
        QVERIFY(metadata);
        QCOMPARE(metadata->authorizationServers, QStringList{"https://as.example.com"});
        QCOMPARE(metadata->scopes, QStringList{"r"});
        QVERIFY(metadata->dpopRequired);
        for (const char* other :
             {"https://api.example.com", "https://api.example.com/v1/", "https://api.example.com/V1", ""})
            QVERIFY2(!readFor(other, resource), other);
        const HttpUrl bare = urlOf(QStringLiteral("https://api.example.com"));
        QVERIFY(readFor("https://api.example.com", bare));
        QVERIFY(readFor("https://api.example.com/", bare));
        QVERIFY(
            !readResourceMetadata(jsonAnswer(200, "{\"resource\":\"https://api.example.com/v1\","
                                                  "\"authorization_servers\":[\"http://as.example.com\"]}"),
                                  resource));
    }
};

QTEST_GUILESS_MAIN(TestOAuthMetadata)
#include "test_oauth_metadata.moc"
