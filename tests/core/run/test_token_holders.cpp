// SPDX-License-Identifier: GPL-3.0-or-later
// Who else in a workspace keeps a token, and what becomes of it there.
#include "core/auth/grant_record.h"
#include "core/run/token_holders.h"
#include "tests/core/run/run_fakes.h"

using namespace kb;
using namespace kbtest;

namespace {

SecretRecord recordOf(const char* secret, const char* refresh = nullptr) {
    SecretRecord record;
    record.secret = Secret(secret);
    if (refresh) record.parts[grantpart::refreshToken] = Secret(refresh);
    return record;
}

TokenProfile profileOf(const char* name, AuthScheme scheme, QList<ProfileBinding> bindings) {
    TokenProfile profile;
    profile.id = profile.name = QString::fromLatin1(name);
    profile.scheme = std::move(scheme);
    profile.bindings = std::move(bindings);
    return profile;
}

ProfileBinding at(const char* ref, const char* environment = "") {
    return {QString::fromLatin1(environment), SecretRef{QString::fromLatin1(ref)}, {}, {}};
}

/// A grant in two environments, a pasted copy, a copied grant, one that has nothing to do with it, and a
/// variable.
struct HolderBench {
    FakeStore keychain, memory;
    Workspace workspace;
    SecretRecord old = recordOf("old-access", "old-refresh");

    HolderBench() {
        OAuthScheme oauth;
        workspace.profiles = {profileOf("Ada", oauth, {at("ada"), at("ada-staging", "Staging")}),
                              profileOf("Pasted", BearerScheme{}, {at("pasted")}),
                              profileOf("Twin", oauth, {at("twin")}),
                              profileOf("Other", BearerScheme{}, {at("other")}),
                              profileOf("Gone", BearerScheme{}, {at("gone")})};
        workspace.profiles[1].storage = SecretStorage::Memory;
        Environment environment;
        environment.name = QStringLiteral("Staging");
        SecretVariable variable;
        variable.name = QStringLiteral("api_token");
        variable.secret = SecretRef{QStringLiteral("variable")};
        environment.secrets = {variable};
        workspace.environments = {environment};
        keychain.records[QStringLiteral("ada")] = old.revealCopy();
        keychain.records[QStringLiteral("ada-staging")] = recordOf("another-access", "another-refresh");
        memory.records[QStringLiteral("pasted")] = recordOf("old-access");
        keychain.records[QStringLiteral("twin")] = recordOf("twin-access", "old-refresh");
        keychain.records[QStringLiteral("other")] = recordOf("old-accesS");
        keychain.records[QStringLiteral("variable")] = recordOf("old-access");
    }
    QList<TokenHolder> find() {
        std::optional<QList<TokenHolder>> out;
        const HandlePtr handle =
            findTokenHolders(secretPlaces(workspace, keychain, memory, SecretRef{QStringLiteral("ada")}), old,
                             [&](const QList<TokenHolder>& holders) { out = holders; });
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("nothing was found out");
        return *out;
    }
    QStringList replace(const QList<TokenHolder>& holders) {
        std::optional<QStringList> out;
        const HandlePtr handle = replaceInHolders(holders, old, recordOf("new-access", "new-refresh"),
                                                  [&](const QStringList& said) { out = said; });
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("nothing was replaced");
        return *out;
    }
};

} // namespace

class TestTokenHolders : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyHolderIsNamed() {
        HolderBench bench;
        QStringList titles;
        for (const TokenHolder& holder : bench.find())
            titles << holder.place.title;
        QCOMPARE(titles, (QStringList{QStringLiteral("Pasted"), QStringLiteral("Twin"),
                                      QStringLiteral("the variable api_token (Staging)")}));
        // The other environment's own token is another one.
        bench.keychain.records[QStringLiteral("ada-staging")] = recordOf("old-access");
        QCOMPARE(bench.find().first().place.title, QStringLiteral("Ada (Staging)"));
    }

    /// An empty secret is nobody's.
    void nothingEqualsNothing() {
        HolderBench bench;
        bench.old = SecretRecord();
        bench.keychain.records[QStringLiteral("other")] = SecretRecord();
        QVERIFY(bench.find().isEmpty());
    }

    void theNewTokenComesInItsPlace() {
        HolderBench bench;
        const QStringList said = bench.replace(bench.find());
        QCOMPARE(said.size(), 3);
        QVERIFY(bench.memory.records[QStringLiteral("pasted")].secret.equals(Secret("new-access")));
        QVERIFY(bench.keychain.records[QStringLiteral("variable")].secret.equals(Secret("new-access")));
        // Two may not use one refresh token.
        const SecretRecord& twin = bench.keychain.records[QStringLiteral("twin")];
        QVERIFY(twin.secret.isEmpty() && !twin.part(grantpart::refreshToken));
        QVERIFY2(said.at(1).contains(QStringLiteral("login of its own")), qPrintable(said.at(1)));
        QVERIFY(bench.keychain.records[QStringLiteral("other")].secret.equals(Secret("old-accesS")));
        for (const QString& sentence : said)
            QVERIFY(!sentence.contains(QStringLiteral("access")));
    }

    void whatFailsIsSaidAndTheRestIsDone() {
        HolderBench bench;
        const QList<TokenHolder> holders = bench.find();
        bench.keychain.writeError = Error{ErrorCode::StoreLocked, QStringLiteral("locked"), {}, {}, -1};
        const QStringList said = bench.replace(holders);
        QCOMPARE(said.size(), 3);
        QVERIFY(bench.memory.records[QStringLiteral("pasted")].secret.equals(Secret("new-access")));
        QVERIFY2(said.at(2).contains(QStringLiteral("still in")), qPrintable(said.at(2)));
    }
};

QTEST_GUILESS_MAIN(TestTokenHolders)
#include "test_token_holders.moc"
