// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ui_fixture.h"
#include "ui/request_editor_checks.h"

#include <QTest>

using namespace kb;
using Kind = RequestHint::Kind;

class TestRequestChecks : public QObject {
    Q_OBJECT

    VariableMap m_variables{{QStringLiteral("baseUrl"), QStringLiteral("https://api.example.com")},
                            {QStringLiteral("bad"), QStringLiteral("https://api.example.com:port")}};

    static RequestSpec spec(const QString& url) {
        RequestSpec spec;
        spec.url = url;
        return spec;
    }
    QList<RequestHint> hints(const RequestSpec& spec, const TokenProfile* profile = nullptr,
                             const ProfileState* state = nullptr) const {
        return requestHints({spec, m_variables, QStringLiteral("staging"), profile, state, 0});
    }
    static QList<Kind> kinds(const QList<RequestHint>& hints) {
        QList<Kind> kinds;
        for (const RequestHint& hint : hints)
            kinds.append(hint.kind);
        return kinds;
    }
    static TokenProfile profile(AuthScheme scheme = BearerScheme{}) {
        TokenProfile profile;
        profile.id = profile.name = QStringLiteral("Reader");
        profile.scheme = std::move(scheme);
        profile.bindings.append(
            {{}, SecretRef{QStringLiteral("r")}, {QStringLiteral("https://api.example.com")}, {}});
        return profile;
    }
    static ProfileState loaded(const QStringList& origins = {QStringLiteral("https://api.example.com")}) {
        ProfileState state;
        state.loading = ProfileState::Loading::Done;
        state.confirmedOrigins = origins;
        return state;
    }

private Q_SLOTS:
    void aPlainRequestHasNoRemarks() {
        QVERIFY(hints(spec(QStringLiteral("{{baseUrl}}/users"))).isEmpty());
        QVERIFY(hints(spec({})).isEmpty());
    }

    void theResolvedUrl() {
        RequestSpec request = spec(QStringLiteral("{{baseUrl}}/a/../users/:id?q={{baseUrl}}"));
        request.params.append({ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("a b"), {}, true});
        const UrlCheck check = checkUrl(request, m_variables);
        QCOMPARE(check.resolved,
                 QStringLiteral("https://api.example.com/a/../users/a%20b?q=https://api.example.com"));
        QCOMPARE(check.origin->text(), QStringLiteral("https://api.example.com"));
    }

    void aBadUrlSaysWhere_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<int>("start");
        QTest::addColumn<QString>("part");
        QTest::newRow("port") << QStringLiteral("https://h:8a0/x") << 11 << QStringLiteral("character 12");
        QTest::newRow("behind a variable")
            << QStringLiteral("{{baseUrl}}:8x/") << 13 << QStringLiteral("character 14");
        QTest::newRow("in a variable") << QStringLiteral("{{bad}}/x") << 0 << QStringLiteral("{{bad}}");
    }
    void aBadUrlSaysWhere() {
        QFETCH(QString, url);
        QFETCH(int, start);
        QFETCH(QString, part);
        const UrlCheck check = checkUrl(spec(url), m_variables);
        QVERIFY(check.error);
        QCOMPARE(check.place.start, start);
        const QList<RequestHint> found = hints(spec(url));
        QCOMPARE(kinds(found), QList<Kind>{Kind::BadUrl});
        QVERIFY2(found.first().text.contains(part), qPrintable(found.first().text));
    }

    void unknownVariablesAreNamed() {
        RequestSpec request = spec(QStringLiteral("{{host}}/users"));
        request.headers.append({QStringLiteral("X-Trace"), QStringLiteral("{{trace}}"), {}, true});
        const QList<RequestHint> found = hints(request);
        QCOMPARE(kinds(found), QList<Kind>{Kind::UnknownVariable});
        QVERIFY(found.first().text.contains(QStringLiteral("{{host}}, {{trace}}")));
    }

    void methods_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<bool>("remark");
        QTest::newRow("get") << "GET" << false;
        QTest::newRow("any token") << "X-Purge" << false;
        QTest::newRow("lower case") << "get" << true;
        QTest::newRow("two words") << "GET IT" << true;
        QTest::newRow("empty") << "" << true;
    }
    void methods() {
        QFETCH(QString, method);
        QFETCH(bool, remark);
        RequestSpec request = spec(QStringLiteral("https://h/"));
        request.method = method;
        QCOMPARE(kinds(hints(request)).contains(Kind::BadMethod), remark);
    }

    void tokensInTheUrl_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("field");
        QTest::newRow("by name") << "access_token=abc"
                                 << "access_token";
        QTest::newRow("by spelling") << "a=1&Api-Key=abc"
                                     << "Api-Key";
        QTest::newRow("by shape") << "q=ghp_0123456789abcdefghijklmnopqrstuvwxyzAB"
                                  << "q";
        QTest::newRow("a jwt") << QString(QStringLiteral("t=") +
                                          QString::fromLatin1(test::jwt("{\"sub\":\"1\"}")))
                               << "t";
        QTest::newRow("a variable") << "api_key={{baseUrl}}"
                                    << "";
        QTest::newRow("nothing") << "page=2&sort=name"
                                 << "";
        QTest::newRow("an id") << "id=3f2504e0-4f89-41d3-9a0c-0305e82c3301"
                               << "";
    }
    void tokensInTheUrl() {
        QFETCH(QString, query);
        QFETCH(QString, field);
        const QString url = QStringLiteral("https://h/x?") + query;
        const std::optional<QueryField> found = queryToken(url);
        QCOMPARE(found ? found->name : QString(), field);
        QCOMPARE(kinds(hints(spec(url))).contains(Kind::TokenInUrl), !field.isEmpty());
    }

    void aRefusedTargetIsSaidBeforeSending() {
        const TokenProfile reader = profile();
        const ProfileState state = loaded();
        QVERIFY(hints(spec(QStringLiteral("https://api.example.com/x")), &reader, &state).isEmpty());
        const QList<RequestHint> found =
            hints(spec(QStringLiteral("https://evil.example/x")), &reader, &state);
        QCOMPARE(kinds(found), QList<Kind>{Kind::OriginRefused});
        QCOMPARE(found.first().subject, QStringLiteral("https://evil.example"));
        QVERIFY(!found.first().action.isEmpty());
        QVERIFY(found.first().text.contains(QStringLiteral("Reader")));
    }

    void originsThatChangedInTheFileNeedAYes() {
        TokenProfile reader = profile();
        reader.bindings.first().allowedOrigins = {QStringLiteral("https://api.example.com"),
                                                  QStringLiteral("https://other.example")};
        const ProfileState state = loaded();
        const QList<RequestHint> found =
            hints(spec(QStringLiteral("https://api.example.com/x")), &reader, &state);
        QCOMPARE(kinds(found), QList<Kind>{Kind::OriginsChanged});
    }

    void plainHttpIsMarkedBeyondThisMachine() {
        TokenProfile reader = profile();
        reader.bindings.first().allowedOrigins = {QStringLiteral("http://api.example.com"),
                                                  QStringLiteral("http://127.0.0.1:8080")};
        const ProfileState state = loaded(reader.bindings.first().allowedOrigins);
        QCOMPARE(kinds(hints(spec(QStringLiteral("http://api.example.com/")), &reader, &state)),
                 QList<Kind>{Kind::PlainHttp});
        QVERIFY(hints(spec(QStringLiteral("http://127.0.0.1:8080/")), &reader, &state).isEmpty());
    }

    void headerRows() {
        const TokenProfile reader = profile();
        const ProfileState state = loaded();
        RequestSpec request = spec(QStringLiteral("https://api.example.com/"));
        request.headers = {
            {QStringLiteral("authorization"), QStringLiteral("Bearer abcdefghijklmnop"), {}, true},
            {QStringLiteral("X-Break"), QStringLiteral("a\r\nb: c"), {}, true},
            {QStringLiteral("X-API-Key"), QStringLiteral("k"), {}, true},
            {QStringLiteral("Authorization"), QStringLiteral("off"), {}, false}};
        QCOMPARE(kinds(hints(request, &reader, &state)),
                 (QList<Kind>{Kind::HeaderInTheWay, Kind::BadHeader, Kind::TokenInHeader}));
        QCOMPARE(kinds(hints(request)),
                 (QList<Kind>{Kind::BadHeader, Kind::TokenInHeader, Kind::TokenInHeader}));
    }

    void whatAProfileSends() {
        const auto preview = [](const AuthScheme& scheme) {
            return credentialPreview(scheme, QStringLiteral("••••f3Qw"));
        };
        OAuthScheme oauth;
        QCOMPARE(preview(oauth), QStringLiteral("Authorization: Bearer ••••f3Qw"));
        oauth.dpop = true;
        QCOMPARE(preview(oauth), QStringLiteral("Authorization: DPoP ••••f3Qw"));
        LoginScheme login;
        QCOMPARE(preview(login), QStringLiteral("Authorization: Bearer ••••f3Qw"));
        login.sendAs = SendPlace::Cookie;
        login.sendName = QStringLiteral("sid");
        QCOMPARE(preview(login), QStringLiteral("Cookie: sid=••••f3Qw"));
        QCOMPARE(credentialHeader(login), QStringLiteral("Cookie"));
        login.sendAs = SendPlace::Header;
        QCOMPARE(preview(login), QStringLiteral("sid: ••••f3Qw"));
        QCOMPARE(preview(TemplateScheme{QStringLiteral("X-Auth"), QStringLiteral("Token {{secret}}!")}),
                 QStringLiteral("X-Auth: Token ••••f3Qw!"));
        QCOMPARE(credentialHeader(TemplateScheme{QStringLiteral("X-Auth"), {}}), QStringLiteral("X-Auth"));
        // What is made for each request shows no end of a key.
        for (const AuthScheme& each :
             {AuthScheme(DigestScheme{}), AuthScheme(JwtScheme{}), AuthScheme(SigV4Scheme{}),
              AuthScheme(HttpSignatureScheme{}), AuthScheme(NtlmScheme{}), AuthScheme(NtlmScheme{true, {}})})
            QVERIFY2(!preview(each).contains(QStringLiteral("f3Qw")), qPrintable(preview(each)));
        QCOMPARE(preview(DigestScheme{}), QStringLiteral("Authorization: Digest ••••"));
        QCOMPARE(preview(HttpSignatureScheme{}), QStringLiteral("Signature: sig1=••••"));
        QCOMPARE(credentialHeader(HttpSignatureScheme{}), QStringLiteral("Signature"));
        SigV4Scheme presigned;
        presigned.presign = true;
        QVERIFY(credentialHeader(presigned).isEmpty());
        QVERIFY(preview(presigned).startsWith(QStringLiteral("?X-Amz-Signature=")));
        QCOMPARE(credentialPreview(BearerScheme{}, QStringLiteral("eyJh••••f3Qw")),
                 QStringLiteral("Authorization: Bearer eyJh••••f3Qw"));
        QCOMPARE(credentialPreview(ApiKeyScheme{}, QStringLiteral("••••")),
                 QStringLiteral("X-API-Key: ••••"));
        QCOMPARE(credentialPreview(ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("key")},
                                   QStringLiteral("••••")),
                 QStringLiteral("?key=••••"));
        QCOMPARE(credentialPreview(ApiKeyScheme{ApiKeyScheme::In::Cookie, QStringLiteral("sid")},
                                   QStringLiteral("••••")),
                 QStringLiteral("Cookie: sid=••••"));
        QVERIFY(!credentialPlaceWarning(ApiKeyScheme{ApiKeyScheme::In::Query, {}}).isEmpty());
        QVERIFY(!credentialPlaceWarning(ApiKeyScheme{ApiKeyScheme::In::Cookie, {}}).isEmpty());
        QVERIFY(credentialPlaceWarning(BearerScheme{}).isEmpty());
    }

    void brokenJsonSaysWhere() {
        QVERIFY(!jsonProblem(
            QStringLiteral("{\"a\": {{baseUrl}}}").replace(QStringLiteral("baseUrl"), QStringLiteral("n")),
            {{QStringLiteral("n"), QStringLiteral("12")}}));
        QVERIFY(!jsonProblem(QStringLiteral("{\"a\": {{unknown}}, \"b\": \"{{unknown}}\"}"), {}));
        QVERIFY(!jsonProblem({}, {}));
        const std::optional<JsonProblem> problem =
            jsonProblem(QStringLiteral("{\n  \"ä\": \"ü\",\n  oops\n}"), {});
        QVERIFY(problem);
        QCOMPARE(problem->line, 3);
        QCOMPARE(problem->column, 3);
    }

    void aPlaceIsFoundThroughAVariable() {
        const FilledText filled =
            fillVariables(QStringLiteral("a{{x}}c"), {{QStringLiteral("x"), QStringLiteral("bbbb")}}, {});
        QCOMPARE(filled.text, QStringLiteral("abbbbc"));
        QCOMPARE(filled.placeOf(0).start, 0);
        QCOMPARE(filled.placeOf(3).start, 1);
        QCOMPARE(filled.placeOf(3).length, 5);
        QCOMPARE(filled.placeOf(5).start, 6);
        QCOMPARE(filled.placeOf(99).start, 7);
    }
};

QTEST_GUILESS_MAIN(TestRequestChecks)
#include "test_request_checks.moc"
