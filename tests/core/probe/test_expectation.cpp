// SPDX-License-Identifier: GPL-3.0-or-later
// The truth table of who is expected to get in, written by hand, and what marks and rules do to it.
#include "core/probe/matrix.h"

#include <QTest>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

MatrixProfile profileOf(const QString& name) {
    MatrixProfile profile;
    profile.id = profile.name = name;
    if (name == QLatin1String("anon")) return anonymousProfile();
    if (name == QLatin1String("key")) profile.scheme = ApiKeyScheme{};
    if (name == QLatin1String("basic")) profile.scheme = BasicScheme{s("ada")};
    if (name == QLatin1String("read")) profile.scopes = {s("users:read")};
    if (name == QLatin1String("all")) profile.scopes = {s("users:read"), s("users:delete")};
    if (name == QLatin1String("admin")) {
        profile.scopes = {s("users:read")};
        profile.roles = {s("admin")};
        profile.claims = {s("plan=premium")};
    }
    if (name == QLatin1String("stale")) {
        profile.kind = MatrixProfile::Kind::Stale;
        profile.stale = s("expired");
        profile.scopes = {s("users:read"), s("users:delete")};
        profile.roles = {s("admin")};
    }
    profile.scopesKnown = profile.rolesKnown = !profile.scopes.isEmpty();
    return profile;
}

ApiDescription api() {
    ApiDescription made;
    made.specification = s("3.1.0");
    made.schemes = {{s("bearer"), s("http"), s("bearer"), {}, {}, {}, {}, {}, {}, false},
                    {s("basic"), s("http"), s("basic"), {}, {}, {}, {}, {}, {}, false},
                    {s("key"), s("apiKey"), {}, s("header"), s("x-api-key"), {}, {}, {}, {}, false},
                    {s("oauth"), s("oauth2"), {}, {}, {}, {}, {}, {}, {}, false},
                    {s("oidc"), s("openIdConnect"), {}, {}, {}, {}, {}, {}, {}, false},
                    {s("tls"), s("mutualTLS"), {}, {}, {}, {}, {}, {}, {}, false}};
    return made;
}

/// "key | oauth[a,b] & bearer | {}" as a security requirement; "-" is none at all, "[]" is public.
std::optional<ApiSecurity> securityOf(const QString& text) {
    if (text == QLatin1String("-")) return std::nullopt;
    ApiSecurity security;
    if (text == QLatin1String("[]")) return security;
    for (const QString& alternativeText : text.split(u'|')) {
        ApiAlternative alternative;
        for (const QString& needText : alternativeText.split(u'&')) {
            const QString need = needText.trimmed();
            if (need == QLatin1String("{}")) continue;
            const QString scopes = need.section(u'[', 1).chopped(need.contains(u'[') ? 1 : 0);
            alternative.append({need.section(u'[', 0, 0), scopes.split(u',', Qt::SkipEmptyParts)});
        }
        security.append(alternative);
    }
    return security;
}

ApiOperation operationWith(const QString& security) {
    ApiOperation operation;
    operation.method = s("GET");
    operation.path = s("/users/{id}");
    operation.tags = {s("Users")};
    operation.security = securityOf(security);
    return operation;
}

QChar letter(Expect expect) {
    switch (expect) {
    case Expect::Allow:
        return u'A';
    case Expect::DenyAuthn:
        return u'N';
    case Expect::DenyAuthz:
        return u'Z';
    case Expect::Conceal:
        return u'C';
    case Expect::Deny:
        return u'D';
    default:
        return u'?';
    }
}

const char* const columns = "anon opaque read all admin key basic stale";

/// A = allow, N = deny as nobody (401), Z = deny for lack of permission (403), ? = unknown.
struct Row {
    const char* security;
    const char* expected;
};
constexpr Row truth[] = {
    {"-", "????????"},
    {"[]", "AAAAAAA?"},
    {"{}", "AAAAAAA?"},
    {"{} | bearer", "AAAAAAA?"},
    {"oauth[users:delete] | {}", "AAAAAAA?"},
    {"bearer", "NAAAANNN"},
    {"oauth[]", "NAAAANNN"},
    {"oauth[users:read]", "N?AAANNN"},
    {"oauth[users:delete]", "N?ZAZNNN"},
    {"oauth[users:read,users:delete]", "N?ZAZNNN"},
    {"oauth[users:write]", "N?ZZZNNN"},
    {"oidc[users:read]", "N?AAANNN"},
    {"key", "NNNNNANN"},
    {"basic", "NNNNNNAN"},
    {"tls", "NNNNNNNN"},
    {"undeclared", "NNNNNNNN"},
    {"bearer[admin]", "N?ZZANNN"},
    {"key | oauth[users:read]", "N?AAAANN"},
    {"key | oauth[users:delete]", "N?ZAZANN"},
    {"oauth[users:write] | bearer[admin]", "N?ZZANNN"},
    {"key & bearer", "NNNNNNNN"},
    {"key & bearer | basic", "NNNNNNAN"},
    {"oauth[users:read] & bearer[admin]", "N?ZZANNN"},
};

} // namespace

class TestExpectation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// "All of these": what one profile holds together.
    void severalCredentialsOnOneProfile() {
        const auto of = [](const MatrixProfile& profile, const char* security) {
            const Expectation found =
                expectationFor(api(), operationWith(s(security)), profile, Binding::None, {});
            return letter(found.expect);
        };
        MatrixProfile both = profileOf(s("read"));
        QCOMPARE(of(both, "key & oauth[users:read]"), QChar(u'N'));
        both.keys = {{ApiKeyScheme::In::Header, s("X-Api-Key")}};
        QCOMPARE(of(both, "key & oauth[users:read]"), QChar(u'A'));
        QCOMPARE(of(both, "key & oauth[users:delete]"), QChar(u'Z'));
        QCOMPARE(of(both, "key"), QChar(u'A'));
        QCOMPARE(of(both, "key & basic"), QChar(u'N'));
        both.keys = {{ApiKeyScheme::In::Query, s("x-api-key")}};
        QCOMPARE(of(both, "key & oauth[users:read]"), QChar(u'N')); // it goes elsewhere
        QCOMPARE(of(both, "tls & bearer"), QChar(u'N'));
        both.hasCertificate = true;
        QCOMPARE(of(both, "tls & bearer"), QChar(u'A'));
        MatrixProfile alone = profileOf(s("opaque"));
        alone.scheme = ClientCertificateScheme{};
        QCOMPARE(of(alone, "tls"), QChar(u'A'));
        QCOMPARE(of(alone, "tls & bearer"), QChar(u'N'));
        TokenProfile saved;
        saved.keys = {{ApiKeyScheme::In::Header, s("X-Api-Key")}};
        TokenFacts facts;
        facts.certificateSubject = s("CN=robot");
        const MatrixProfile made = matrixProfile(saved, &facts);
        QCOMPARE(made.keys, saved.keys);
        QVERIFY(made.hasCertificate);
    }

    void truthTable_data() {
        QTest::addColumn<QString>("security");
        QTest::addColumn<QString>("profile");
        QTest::addColumn<QChar>("expected");
        const QStringList profiles = s(columns).split(u' ');
        for (const Row& row : truth)
            for (int i = 0; i < profiles.size(); ++i)
                QTest::addRow("%s as %s", row.security, qPrintable(profiles.at(i)))
                    << s(row.security) << profiles.at(i) << QChar::fromLatin1(row.expected[i]);
    }
    void truthTable() {
        QFETCH(QString, security);
        QFETCH(QString, profile);
        QFETCH(QChar, expected);
        const Expectation found =
            expectationFor(api(), operationWith(security), profileOf(profile), Binding::None, {});
        QCOMPARE(letter(found.expect), expected);
        QVERIFY(!found.why.isEmpty());
        QCOMPARE(found.provenance, security == QLatin1String("-") ? Provenance::None : Provenance::Spec);
    }

    void theRootsSecurityCountsWhereAnOperationHasNone() {
        ApiDescription document = api();
        document.security = securityOf(s("key"));
        QCOMPARE(
            expectationFor(document, operationWith(s("-")), profileOf(s("key")), Binding::None, {}).expect,
            Expect::Allow);
        QCOMPARE(
            expectationFor(document, operationWith(s("[]")), anonymousProfile(), Binding::None, {}).expect,
            Expect::Allow);
    }

    void whatIsNotDeclaredIsConfirmedOnce() {
        MatrixSettings settings;
        settings.confirmedPublic = {s("GET /users/{id}")};
        QCOMPARE(
            expectationFor(api(), operationWith(s("-")), anonymousProfile(), Binding::None, settings).expect,
            Expect::Allow);
        QCOMPARE(expectationFor(api(), operationWith(s("-")), profileOf(s("stale")), Binding::None, settings)
                     .expect,
                 Expect::Unknown);
    }

    void scopesMayImplyOthers() {
        MatrixSettings settings;
        settings.implied.insert(s("users:read"), {s("users:*")});
        QCOMPARE(expectationFor(api(), operationWith(s("oauth[users:delete]")), profileOf(s("read")),
                                Binding::None, settings)
                     .expect,
                 Expect::Allow);
    }

    /// Two schemes of one kind are told apart by what the user says alone.
    void whoFillsAScheme() {
        MatrixSettings settings;
        const auto found = [&](const MatrixProfile& who, const char* security) {
            return letter(
                expectationFor(api(), operationWith(s(security)), who, Binding::None, settings).expect);
        };
        MatrixProfile forged = profileOf(s("read"));
        forged.kind = MatrixProfile::Kind::Derived;
        forged.id = s("forged");
        forged.parent = s("all");
        QCOMPARE(found(profileOf(s("read")), "bearer"), QChar(u'A'));
        settings.schemes = {{s("bearer"), {s("all")}}};
        QCOMPARE(found(profileOf(s("all")), "bearer"), QChar(u'A'));
        QCOMPARE(found(profileOf(s("read")), "bearer"), QChar(u'N'));
        QCOMPARE(found(profileOf(s("read")), "oauth[users:read]"), QChar(u'A')); // nobody spoke of that one
        QCOMPARE(found(profileOf(s("read")), "bearer | oauth[users:delete]"), QChar(u'Z'));
        QCOMPARE(found(anonymousProfile(), "bearer"), QChar(u'N'));
        QCOMPARE(found(forged, "bearer"), QChar(u'N'));
        QCOMPARE(expectationFor(api(), operationWith(s("bearer")), forged, Binding::None, settings).why,
                 expectationFor(api(), operationWith(s("oauth[]")), forged, Binding::None, settings).why);
        settings.schemes = {{s("bearer"), {}}}; // nobody has one
        QCOMPARE(found(profileOf(s("all")), "bearer"), QChar(u'N'));
    }

    void claimRules_data() {
        QTest::addColumn<QString>("security");
        QTest::addColumn<QString>("claims");
        QTest::addColumn<QString>("expected");
        QTest::newRow("role") << "bearer"
                              << "role=admin"
                              << "N?ZZANNN";
        QTest::newRow("plan") << "bearer"
                              << "plan=premium"
                              << "NZZZANNN";
        QTest::newRow("scope") << "bearer"
                               << "scope=users:delete"
                               << "N?ZAZNNN";
        QTest::newRow("both") << "bearer"
                              << "role=admin scope=users:delete"
                              << "N?ZZZNNN";
        QTest::newRow("short of a scope as well") << "oauth[users:delete]"
                                                  << "role=admin"
                                                  << "N?ZZZNNN";
        // A rule goes before the document: a door that it calls open is not.
        for (const char* open : {"[]", "{} | bearer", "-"})
            QTest::addRow("role where the document says %s", open) << open << "role=admin"
                                                                   << "N?ZZA??N";
        QTest::newRow("a key without claims") << "key"
                                              << "plan=premium"
                                              << "NNNNNZNN";
    }
    void claimRules() {
        QFETCH(QString, security);
        QFETCH(QString, claims);
        QFETCH(QString, expected);
        // The same by a rule of the settings and by the document's extension.
        MatrixSettings settings;
        settings.rules = {{{s("POST")}, {}, {}, {s("role=nobody")}, Expect::DenyAuthz},
                          {{s("get")}, {s("Users")}, s("/users/*"), claims.split(u' '), Expect::DenyAuthz}};
        ApiOperation extended = operationWith(security);
        extended.requiredClaims = claims.split(u' ');
        QString byRule, byExtension;
        for (const QString& name : s(columns).split(u' ')) {
            const Expectation found =
                expectationFor(api(), operationWith(security), profileOf(name), Binding::None, settings);
            byRule += letter(found.expect);
            if (found.provenance == Provenance::Rule)
                QVERIFY2(found.why.contains(s("rule 2")), qPrintable(found.why));
            byExtension += letter(expectationFor(api(), extended, profileOf(name), Binding::None, {}).expect);
        }
        QCOMPARE(byRule, expected);
        QCOMPARE(byExtension, expected);
    }

    void whatAnExtensionGivesOthers() {
        ApiOperation operation = operationWith(s("bearer"));
        operation.requiredClaims = {s("role=admin")};
        const auto found = [&] {
            return expectationFor(api(), operation, profileOf(s("read")), Binding::None, {}).expect;
        };
        QCOMPARE(found(), Expect::DenyAuthz);
        operation.claimsOtherwise = s("conceal");
        QCOMPARE(found(), Expect::Conceal);
        operation.claimsOtherwise = s("maybe");
        QCOMPARE(found(), Expect::DenyAuthz);
    }

    /// An opaque token tells neither scopes nor roles: that it has none is not known. Declared, it is.
    void whatATokenDoesNotTell() {
        MatrixSettings settings;
        settings.rules = {{{}, {}, {}, {s("plan=premium"), s("role=admin")}, Expect::DenyAuthz}};
        MatrixProfile opaque = profileOf(s("opaque"));
        opaque.claims = {s("plan=premium")};
        const auto found = [&] {
            return expectationFor(api(), operationWith(s("bearer")), opaque, Binding::None, settings);
        };
        QCOMPARE(found().expect, Expect::Unknown);
        QVERIFY2(found().why.contains(s("role=admin")), qPrintable(found().why));
        opaque.rolesKnown = true;
        QCOMPARE(found().expect, Expect::DenyAuthz);
        opaque.rolesKnown = false;
        opaque.claims.clear(); // short of what is no scope and no role: that is enough
        QCOMPARE(found().expect, Expect::DenyAuthz);
        ApiOperation own = operationWith(s("bearer"));
        own.ownObjectsOnly = true;
        own.othersUnless = {s("role=admin")};
        const auto others = [&] { return expectationFor(api(), own, opaque, Binding::Peer, {}).expect; };
        QCOMPARE(others(), Expect::Unknown);
        opaque.rolesKnown = true;
        QCOMPARE(others(), Expect::Conceal);
    }

    /// What somebody decided of this very operation; the document's own word, or a whole column, is none.
    void whatIsDecided() {
        MatrixSettings settings;
        const auto decided = [&](const char* security = "[]") {
            return expectationFor(api(), operationWith(s(security)), profileOf(s("read")), Binding::None,
                                  settings)
                .decided;
        };
        QVERIFY(!decided());
        settings.marks = {{{}, s("read"), {}, Expect::Allow, {}}};
        QVERIFY(!decided());
        settings.marks = {{s("GET /users/{id}"), {}, {}, Expect::Allow, {}}};
        QVERIFY(decided());
        settings.marks.clear();
        settings.confirmedPublic = {s("GET /users/{id}")};
        QVERIFY(decided("-"));
        settings.confirmedPublic.clear();
        settings.rules = {{{}, {}, s("/orders*"), {s("role=admin")}, Expect::DenyAuthz}};
        QVERIFY(!decided());
        settings.rules.first().path = s("/users*");
        QVERIFY(decided());
    }

    void marksWinAndTheNarrowestOfThem() {
        MatrixSettings settings;
        settings.rules = {{{}, {}, {}, {s("role=admin")}, Expect::DenyAuthz}};
        settings.marks = {{s("GET /users/{id}"), {}, {}, Expect::Deny, s("row")},
                          {{}, s("read"), {}, Expect::Conceal, s("column")},
                          {s("GET /users/{id}"), s("read"), {}, Expect::Allow, s("cell")},
                          {s("GET /other"), {}, {}, Expect::DenyAuthn, {}}};
        const auto found = [&](const char* name) {
            return expectationFor(api(), operationWith(s("bearer")), profileOf(s(name)), Binding::None,
                                  settings);
        };
        QCOMPARE(found("all").expect, Expect::Deny);
        QCOMPARE(found("read").expect, Expect::Allow);
        QCOMPARE(found("read").provenance, Provenance::Manual);
        QVERIFY(found("read").why.contains(s("cell")));
    }

    void ownershipIsNotInTheDocumentUnlessItSaysSo() {
        ApiOperation operation = operationWith(s("oauth[users:read]"));
        const auto found = [&](const char* name, Binding binding) {
            return expectationFor(api(), operation, profileOf(s(name)), binding, {}).expect;
        };
        QCOMPARE(found("read", Binding::Self), Expect::Allow);
        QCOMPARE(found("read", Binding::Peer), Expect::Unknown);
        QCOMPARE(found("anon", Binding::Peer), Expect::DenyAuthn);
        operation.ownObjectsOnly = true;
        operation.othersUnless = {s("role=admin")};
        QCOMPARE(found("read", Binding::Self), Expect::Allow);
        QCOMPARE(found("read", Binding::Peer), Expect::Conceal);
        QCOMPARE(found("admin", Binding::Peer), Expect::Allow);
        QCOMPARE(found("key", Binding::Peer), Expect::DenyAuthn);
    }

    void notFoundMayStandForForbidden() {
        ApiOperation operation = operationWith(s("bearer"));
        QVERIFY(!expectationFor(api(), operation, profileOf(s("read")), Binding::None, {}).concealed);
        operation.responses = {s("200"), s("404")};
        QVERIFY(expectationFor(api(), operation, profileOf(s("read")), Binding::None, {}).concealed);
        MatrixSettings settings;
        settings.conceal = true;
        operation.responses.clear();
        QVERIFY(expectationFor(api(), operation, profileOf(s("read")), Binding::None, settings).concealed);
    }

    void anIdOutlivesNames() {
        const QString id = cellId(s("GET"), s("/a"), s("main"), s("p1"), Binding::Self);
        QCOMPARE(id.size(), 16);
        QCOMPARE(cellId(s("GET"), s("/a"), s("main"), s("p1"), Binding::Self), id);
        QVERIFY(cellId(s("GET"), s("/a"), s("main"), s("p1"), Binding::Peer) != id);
        QVERIFY(cellId(s("GE"), s("T/a"), s("main"), s("p1"), Binding::Self) != id);
    }

    void aProfileTellsWhatItsTokenSays() {
        TokenProfile profile;
        profile.id = s("p1");
        profile.declared.roles = {s("auditor")};
        const QByteArray claims =
            QByteArray(R"({"sub":"7","scope":"a b","role":"admin","plan":"premium","tags":["x"]})")
                .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        const QByteArray token = "eyJhbGciOiJIUzI1NiJ9." + claims + ".c2ln";
        const TokenFacts facts = factsOf(token.toStdString(), true, std::nullopt);
        const MatrixProfile made = matrixProfile(profile, &facts);
        QCOMPARE(made.scopes, (QStringList{s("a"), s("b")}));
        QCOMPARE(made.roles, (QStringList{s("auditor"), s("admin")}));
        QCOMPARE(made.subject, s("7"));
        for (const char* claim : {"plan=premium", "role=admin", "role=auditor", "scope=a", "tags=x"})
            QVERIFY2(made.holds(s(claim)), claim);
        QVERIFY(!made.holds(s("plan=free")));
        const MatrixProfile opaque = matrixProfile({}, nullptr);
        QVERIFY(!opaque.scopesKnown && !opaque.rolesKnown);
        profile.declared.stale = s("revoked");
        QCOMPARE(matrixProfile(profile, nullptr).kind, MatrixProfile::Kind::Stale);
    }
};

QTEST_APPLESS_MAIN(TestExpectation)
#include "test_expectation.moc"
