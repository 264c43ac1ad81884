// SPDX-License-Identifier: GPL-3.0-or-later
// Identities and expectations for other programs: what is written is read again as it was, without secrets.
#include "core/interchange/export_matrix.h"
#include "core/interchange/import_save_matrix.h"
#include "core/interchange/openapi.h"

#include <QTest>

using namespace kb;

namespace {

TokenProfile profileOfKind(const char* name, const AuthScheme& scheme) {
    TokenProfile profile;
    profile.id = QString::fromUtf8(name) + QStringLiteral("-id");
    profile.name = QString::fromUtf8(name);
    profile.scheme = scheme;
    profile.bindings.append(ProfileBinding{});
    return profile;
}

ImportedMatrix readBack(const Exported& exported) {
    MatrixImportOptions options;
    Result<ImportedMatrix> made = readMatrix(exported.text, QStringLiteral("back"), options);
    if (!made) qFatal("%s\n%s", qPrintable(made.error().text()), exported.text.constData());
    return std::move(*made);
}

} // namespace

class TestExportMatrix : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wfcThereAndBack() {
        LoginScheme login;
        login.loginUrl = QStringLiteral("https://shop.example.com/login");
        login.user = QStringLiteral("a \"b\"");
        login.tokenName = QStringLiteral("/data/t");
        TokenProfile keyed = profileOfKind("Keyed", BearerScheme{QStringLiteral("Token")});
        keyed.keys = {{ApiKeyScheme::In::Header, QStringLiteral("X-K")}};
        TokenProfile stale = profileOfKind("Stale", BearerScheme{});
        stale.declared.stale = QStringLiteral("expired");
        Workspace workspace;
        workspace.profiles = {
            keyed,
            profileOfKind("Basic", BasicScheme{QStringLiteral("ada"), false}),
            profileOfKind("Login", login),
            stale,
            profileOfKind("Query", ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("k")}),
            profileOfKind("Digest", DigestScheme{QStringLiteral("d")})};
        const Exported exported = exportWfc(workspace, {});
        const ImportedMatrix back = readBack(exported);
        QCOMPARE(back.profiles.size(), std::size_t(3));
        QCOMPARE(back.profiles.at(0).profile.scheme, keyed.scheme);
        QCOMPARE(back.profiles.at(0).profile.keys, keyed.keys);
        QCOMPARE(back.profiles.at(1).profile.scheme, workspace.profiles.at(1).scheme);
        const auto& again = std::get<LoginScheme>(back.profiles.at(2).profile.scheme);
        QCOMPARE(again.loginUrl, login.loginUrl);
        QCOMPARE(again.body, QStringLiteral("{\"username\": \"a \\\"b\\\"\", \"password\": \"{{secret}}\"}"));
        QCOMPARE(again.tokenName, login.tokenName);
        QCOMPARE(again.sendAs, SendPlace::Bearer);
        for (const ImportedProfile& each : back.profiles)
            QVERIFY(each.secrets.empty()); // names of variables are no secrets
        for (const char* name : {"Stale is no longer good", "Query: a credential", "Digest: a credential"})
            QVERIFY2(exported.notes.join(u'\n').contains(QLatin1String(name)), name);
    }

    void overstepThereAndBack() {
        const Result<ApiDescription> api = readOpenApi(
            QStringLiteral("api.json"), "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"T\"},\"paths\":{\"/"
                                        "all\":{\"get\":{\"operationId\":\"all\"}},"
                                        "\"/open\":{\"get\":{}},\"/users/"
                                        "{id}\":{\"get\":{\"parameters\":[{\"in\":\"path\",\"name\":\"id\","
                                        "\"required\":true,\"schema\":{\"type\":\"string\"}}]}}}}");
        QVERIFY(api);
        Workspace workspace;
        workspace.profiles = {profileOfKind("ann", BearerScheme{}), profileOfKind("ben", BearerScheme{}),
                              profileOfKind("boss", ApiKeyScheme{})};
        workspace.profiles[0].declared.roles = {QStringLiteral("reader")};
        workspace.profiles[1].declared.roles = {QStringLiteral("reader")};
        const QString ann = QStringLiteral("ann-id"), ben = QStringLiteral("ben-id"),
                      boss = QStringLiteral("boss-id"), nobody = QStringLiteral("anonymous");
        MatrixSettings& settings = workspace.matrix;
        settings.own[QStringLiteral("id")] = {{ann, QStringLiteral("u1")}, {ben, QStringLiteral("u2")}};
        const QString all = QStringLiteral("GET /all"), one = QStringLiteral("GET /users/{id}");
        for (const QString& who : {ann, ben, nobody})
            settings.marks.append({all, who, {}, Expect::Deny, {}});
        settings.marks.append({all, boss, {}, Expect::Allow, {}});
        settings.marks.append({one, nobody, {}, Expect::Deny, {}});
        settings.marks.append({one, boss, {}, Expect::Allow, {}});
        for (const QString& who : {ann, ben}) {
            settings.marks.append({one, who, QStringLiteral("self"), Expect::Allow, {}});
            settings.marks.append({one, who, QStringLiteral("peer"), Expect::Conceal, {}});
        }
        QList<MatrixProfile> columns{anonymousProfile()};
        for (const TokenProfile& profile : std::as_const(workspace.profiles))
            columns.append(matrixProfile(profile, nullptr));
        PlanOptions options;
        options.baseUrl = QStringLiteral("https://library.example.com");
        const MatrixPlan plan = makePlan(*api, columns, settings, options);
        const Exported exported = exportOverstep(workspace, plan);
        QVERIFY2(exported.notes.join(u'\n').contains(QStringLiteral("GET /open is left out")),
                 qPrintable(exported.notes.join(u'\n')));
        QVERIFY2(exported.text.contains("token: \"${KEYBEARER_SECRET_ANN}\"") ||
                     exported.text.contains("token: ${KEYBEARER_SECRET_ANN}"),
                 exported.text.constData());
        Workspace there;
        const PlacedMatrix placed = placeMatrix(there, readBack(exported), &*api);
        for (const ImportedProfile& each : placed.profiles.profiles)
            there.profiles.append(each.profile);
        QCOMPARE(there.profiles.size(), 3);
        // The two who are expected the same of share their role.
        QCOMPARE(there.profile(QStringLiteral("ann"))->declared.roles, QStringList{QStringLiteral("reader")});
        QCOMPARE(there.profile(QStringLiteral("boss"))->declared.roles, QStringList{QStringLiteral("boss")});
        QCOMPARE(there.matrix.own.value(QStringLiteral("id")).size(), 2);
        const auto expected = [&](const QString& operation, const char* name, const char* binding) {
            const TokenProfile* who = there.profile(QString::fromUtf8(name));
            for (const MatrixMark& mark : std::as_const(there.matrix.marks))
                if (mark.operation == operation && mark.profile == (who ? who->id : nobody) &&
                    mark.binding == QLatin1String(binding))
                    return expectName(mark.expect);
            return QStringLiteral("-");
        };
        QCOMPARE(expected(one, "ann", "self"), QStringLiteral("allow"));
        QCOMPARE(expected(one, "ben", "peer"), QStringLiteral("conceal"));
        QCOMPARE(expected(one, "boss", "peer"), QStringLiteral("allow"));
        QCOMPARE(expected(one, "anonymous", ""), QStringLiteral("deny"));
        QCOMPARE(there.matrix.rules.size(), 1); // the boss alone may have all
        QCOMPARE(there.matrix.rules.first().claims, QStringList{QStringLiteral("role=boss")});
    }
};

QTEST_GUILESS_MAIN(TestExportMatrix)
#include "test_export_matrix.moc"
