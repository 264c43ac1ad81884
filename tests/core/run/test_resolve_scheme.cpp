// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/resolve_scheme.h"

#include <QtTest/QTest>

using namespace kb;

class TestResolveScheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textsAndListsAreResolved() {
        OAuthScheme scheme;
        scheme.tokenUrl = QStringLiteral("{{idp}}/token");
        scheme.scopes = {QStringLiteral("{{prefix}}:read"), QStringLiteral("openid")};
        const auto resolved =
            resolveScheme(scheme, {{QStringLiteral("idp"), QStringLiteral("https://id.example")},
                                   {QStringLiteral("prefix"), QStringLiteral("users")}});
        QVERIFY(resolved.has_value());
        const auto& oauth = std::get<OAuthScheme>(*resolved);
        QCOMPARE(oauth.tokenUrl, QStringLiteral("https://id.example/token"));
        QCOMPARE(oauth.scopes, (QStringList{QStringLiteral("users:read"), QStringLiteral("openid")}));
    }

    void anUnknownVariableIsNamed() {
        JwtScheme scheme;
        scheme.claims = QStringLiteral("{\"sub\":\"{{who}}\"}");
        const auto resolved = resolveScheme(scheme, {});
        QVERIFY(!resolved.has_value());
        QCOMPARE(resolved.error().code, ErrorCode::UnknownVariable);
        QCOMPARE(resolved.error().where, QStringLiteral("who"));
    }

    void theSecretsPlaceIsNoVariable() {
        TemplateScheme scheme{QStringLiteral("{{field}}"), QStringLiteral("Token {{secret}}")};
        const auto resolved = resolveScheme(scheme, {{QStringLiteral("field"), QStringLiteral("X-Auth")},
                                                     {QStringLiteral("secret"), QStringLiteral("leaked")}});
        QVERIFY(resolved.has_value());
        QCOMPARE(std::get<TemplateScheme>(*resolved).header, QStringLiteral("X-Auth"));
        QCOMPARE(std::get<TemplateScheme>(*resolved).format, QStringLiteral("Token {{secret}}"));
    }
};

QTEST_GUILESS_MAIN(TestResolveScheme)
#include "test_resolve_scheme.moc"
