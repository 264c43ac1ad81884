// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_response.h"

#include "oauth_samples.h"

using namespace kb;

namespace {

const QByteArray good = "\"access_token\":\"access-token-1\",\"token_type\":\"Bearer\",\"expires_in\":3600";

} // namespace

class TestOAuthResponse : public QObject {
    Q_OBJECT

    OAuthFixture m_f;

    OAuthResult<TokenSet> read(const QByteArray& members, const TokenExpectation& expected = {}) {
        return readTokenResponse(jsonAnswer(200, '{' + members + '}'), expected, m_f.context());
    }

private Q_SLOTS:
    void init() { m_f = OAuthFixture(); }

    /// The example of RFC 6749 §5.1.
    void s5_8_tokenResponse() {
        const auto set = read("\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"example\"");
        QVERIFY(!set);
        const auto bearer =
            read("\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"token_type\":\"bearer\",\"expires_in\":3600,"
                 "\"refresh_token\":\"tGzv3JOkF0XG5Qx2TlKWIA\",\"example_parameter\":\"example_value\",\"id_"
                 "token\":"
                 "\"a.b.c-the-id-token\"");
        QVERIFY(bearer);
        QVERIFY(bearer->accessToken.equals(Secret("2YotnFZFEjr1zCsicMWpAA")));
        QVERIFY(bearer->refreshToken.equals(Secret("tGzv3JOkF0XG5Qx2TlKWIA")));
        QVERIFY(bearer->idToken.equals(Secret("a.b.c-the-id-token")));
        QCOMPARE(bearer->tokenType, QStringLiteral("Bearer"));
        QCOMPARE(*bearer->lifetimeS, 3600);
        QCOMPARE(bearer->issuedAtMs, m_f.nowMs);
        QVERIFY2(bearer->findings.isEmpty(), qPrintable(bearer->findings.join(u' ')));
        for (const char* token : {"2YotnFZFEjr1zCsicMWpAA", "tGzv3JOkF0XG5Qx2TlKWIA", "a.b.c-the-id-token"})
            QVERIFY2(m_f.masks(token), token);
        static_assert(!std::is_copy_constructible_v<TokenSet>);
    }

    void s5_8_tokenTypeWithoutCase_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<bool>("dpop");
        QTest::addColumn<bool>("exchange");
        QTest::addColumn<QString>("read");
        QTest::newRow("capitals") << QByteArray("\"BEARER\"") << false << false << QStringLiteral("Bearer");
        QTest::newRow("dpop") << QByteArray("\"dpop\"") << true << false << QStringLiteral("DPoP");
        QTest::newRow("dpop unasked") << QByteArray("\"DPoP\"") << false << false << QString();
        QTest::newRow("mac") << QByteArray("\"mac\"") << false << false << QString();
        QTest::newRow("n_a") << QByteArray("\"N_A\"") << false << true << QStringLiteral("N_A");
        QTest::newRow("n_a unasked") << QByteArray("\"N_A\"") << false << false << QString();
        QTest::newRow("empty") << QByteArray("\"\"") << false << false << QString();
        QTest::newRow("number") << QByteArray("1") << false << false << QString();
        QTest::newRow("almost") << QByteArray("\"Bearer \"") << false << false << QString();
        QTest::newRow("markup") << QByteArray("\"<b>mac</b>\"") << false << false << QString();
    }
    void s5_8_tokenTypeWithoutCase() {
        QFETCH(QByteArray, type);
        QFETCH(bool, dpop);
        QFETCH(bool, exchange);
        QFETCH(QString, read);
        const auto set = this->read("\"access_token\":\"t\",\"expires_in\":1,\"token_type\":" + type,
                                    {{}, dpop, exchange});
        QCOMPARE(bool(set), !read.isEmpty());
        if (set)
            QCOMPARE(set->tokenType, read);
        else
            QCOMPARE(set.error().kind, OAuthFailure::Kind::Unusable);
        QVERIFY(!this->read("\"access_token\":\"t\""));
    }

    void s5_12_unboundTokenIsSaid() {
        const auto set = read(good, {{}, true, false});
        QVERIFY(set);
        QCOMPARE(set->tokenType, QStringLiteral("Bearer"));
        QCOMPARE(set->findings.size(), 1);
        QVERIFY(set->findings.first().contains(QStringLiteral("did not bind")));
    }

    void s5_8_expiresInMayBeAbsentOrOdd_data() {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<int>("findings");
        QTest::newRow("absent") << QByteArray() << qint64(-1) << 1;
        QTest::newRow("null") << QByteArray(",\"expires_in\":null") << qint64(-1) << 1;
        QTest::newRow("text") << QByteArray(",\"expires_in\":\"3599\"") << qint64(3599) << 1;
        QTest::newRow("words") << QByteArray(",\"expires_in\":\"soon\"") << qint64(-1) << 1;
        QTest::newRow("fraction") << QByteArray(",\"expires_in\":12.9") << qint64(12) << 0;
        QTest::newRow("negative") << QByteArray(",\"expires_in\":-1") << qint64(-1) << 1;
        QTest::newRow("endless") << QByteArray(",\"expires_in\":1e400") << qint64(-1) << 1;
        QTest::newRow("zero") << QByteArray(",\"expires_in\":0") << qint64(0) << 0;
    }
    void s5_8_expiresInMayBeAbsentOrOdd() {
        QFETCH(QByteArray, member);
        QFETCH(qint64, seconds);
        QFETCH(int, findings);
        const auto set = read("\"access_token\":\"t\",\"token_type\":\"Bearer\"" + member);
        QVERIFY(set);
        QCOMPARE(set->lifetimeS.value_or(-1), seconds);
        QCOMPARE(set->findings.size(), findings);
    }

    void s5_8_narrowedScopeIsShown() {
        const TokenExpectation expected{{QStringLiteral("a"), QStringLiteral("b")}, false, false};
        const auto absent = read(good, expected);
        QCOMPARE(absent->scopes, (QStringList{"a", "b"}));
        QVERIFY(absent->missingScopes.isEmpty());
        const auto narrowed = read(good + ",\"scope\":\"b c\"", expected);
        QCOMPARE(narrowed->scopes, (QStringList{"b", "c"}));
        QCOMPARE(narrowed->missingScopes, QStringList{"a"});
        QCOMPARE(narrowed->findings.size(), 1);
        const auto nothing = read(good + ",\"scope\":\"\"", expected);
        QCOMPARE(nothing->missingScopes, (QStringList{"a", "b"}));
        const auto list = read(good + ",\"scope\":[\"a\",\"b\"]", expected);
        QCOMPARE(list->scopes, (QStringList{"a", "b"}));
        QCOMPARE(list->findings.size(), 1);
        // What an id_token and a refresh token answer is not missing.
        const TokenExpectation login{
            {QStringLiteral("openid"), QStringLiteral("offline_access")}, false, false};
        const auto answered =
            read(good + ",\"scope\":\"\",\"id_token\":\"i\",\"refresh_token\":\"r\"", login);
        QVERIFY(answered->missingScopes.isEmpty());
        QCOMPARE(read(good + ",\"scope\":\"\"", login)->missingScopes,
                 (QStringList{"openid", "offline_access"}));
    }

    void s5_8_refreshTokenMayBeAbsent() {
        QVERIFY(read(good)->refreshToken.isEmpty());
        QVERIFY(read(good + ",\"refresh_token\":null")->refreshToken.isEmpty());
        QCOMPARE(*read(good + ",\"refresh_token\":\"r\",\"refresh_expires_in\":1800")->refreshLifetimeS,
                 1800);
        QVERIFY(!read(good + ",\"refresh_token\":\"r\",\"refresh_expires_in\":0")->refreshLifetimeS);
    }

    void s5_8_tokensOfOddCharactersRefused() {
        for (const char* bad : {"\"a b\"", "\"a\\nb\"", "\"\xc3\xa4\"", "\"\"", "null", "7", "{}"})
            QVERIFY2(!read(QByteArray("\"token_type\":\"Bearer\",\"access_token\":") + bad), bad);
        QVERIFY(!read(good + ",\"refresh_token\":\"a\\u0000b\""));
        QVERIFY(!read(good + ",\"access_token\":\"another\"")); // which of the two?
    }

    /// What is not the JSON of a token endpoint, each with its own sentence.
    void faults_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        using Kind = OAuthFailure::Kind;
        const QByteArray json = "application/json";
        const QByteArray page = "<!DOCTYPE html><html><body>Log in</body></html>";
        QTest::newRow("html") << 200 << QByteArray("text/html") << page << int(Kind::Unreadable)
                              << "HTML page";
        QTest::newRow("html as json") << 200 << json << page << int(Kind::Unreadable) << "JSON";
        QTest::newRow("html 404") << 404 << QByteArray("text/html") << page << int(Kind::Unreadable)
                                  << "404 Not Found";
        QTest::newRow("empty") << 200 << json << QByteArray() << int(Kind::Unreadable) << "empty body";
        QTest::newRow("array") << 200 << json << QByteArray("[]") << int(Kind::Unreadable) << "JSON object";
        QTest::newRow("form") << 200 << QByteArray("application/x-www-form-urlencoded")
                              << QByteArray("access_token=a&token_type=bearer") << int(Kind::Unreadable)
                              << "JSON object";
        QTest::newRow("huge") << 200 << json << QByteArray(1024 * 1024 + 1, ' ') << int(Kind::Unreadable)
                              << "too large";
        QTest::newRow("500 page") << 500 << QByteArray("text/html") << page << int(Kind::ServerDown) << "500";
        QTest::newRow("503 json") << 503 << json << QByteArray("{\"error\":\"temporarily_unavailable\"}")
                                  << int(Kind::ServerDown) << "temporarily_unavailable";
        QTest::newRow("429") << 429 << json << QByteArray("{}") << int(Kind::ServerDown) << "429";
        QTest::newRow("400 without a code")
            << 400 << json << QByteArray("{\"message\":\"no\"}") << int(Kind::Unreadable) << "400";
        QTest::newRow("302") << 302 << json << QByteArray() << int(Kind::Redirected) << "not followed";
        QTest::newRow("307") << 307 << json << QByteArray('{' + good + '}') << int(Kind::Redirected)
                             << "not followed";
        QTest::newRow("200 with an error")
            << 200 << json << QByteArray("{\"error\":\"bad_verification_code\"}") << int(Kind::Refused)
            << "bad_verification_code";
    }
    void faults() {
        QFETCH(int, status);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, says);
        const auto set = readTokenResponse(jsonAnswer(status, body, type), {}, m_f.context());
        QVERIFY(!set);
        QCOMPARE(int(set.error().kind), kind);
        QCOMPARE(set.error().status, status);
        QVERIFY2(set.error().error.what.contains(says), qPrintable(set.error().error.text()));
        QVERIFY(!set.error().error.text().contains(QStringLiteral("access-token-1")));
    }

    void aWrongContentTypeIsSaid() {
        const auto set =
            readTokenResponse(jsonAnswer(200, '{' + good + '}', "text/plain"), {}, m_f.context());
        QVERIFY(set);
        QCOMPARE(set->findings.size(), 1);
        QVERIFY(
            readTokenResponse(jsonAnswer(200, '{' + good + '}', "application/vnd.x+json"), {}, m_f.context())
                ->findings.isEmpty());
    }

    void anAnswerCutOff() {
        const QByteArray whole = '{' + good + '}';
        Response cut = jsonAnswer(200, whole.chopped(4));
        cut.bodyEnd = BodyEnd::Truncated;
        const auto broken = readTokenResponse(cut, {}, m_f.context());
        QCOMPARE(broken.error().error.code, ErrorCode::ReceiveFailed);
        // Whole, although the connection broke: throwing it away could lose a rotated refresh token.
        cut.body = whole;
        QVERIFY(readTokenResponse(cut, {}, m_f.context()));
    }

    void retryAfterIsRead() {
        Response response = jsonAnswer(503, {});
        response.headers.append("Retry-After", "17");
        QCOMPARE(*readTokenResponse(response, {}, m_f.context()).error().retryAfterS, 17);
    }

    void s5_8_errorsAreText() {
        m_f.redactor.addSecret(Secret("the-refresh-token-7"));
        const auto set =
            readTokenResponse(jsonAnswer(400, "{\"error\":\"invalid_grant\",\"error_description\":\"<b>Token<"
                                              "/b>\\u0007 the-refresh-token-7\\n "
                                              "\\u202eis gone\",\"error_uri\":\"javascript:alert(1)\"}"),
                              {}, m_f.context());
        QVERIFY(!set);
        const OAuthFailure& failure = set.error();
        QCOMPARE(failure.kind, OAuthFailure::Kind::Refused);
        QCOMPARE(failure.code, QStringLiteral("invalid_grant"));
        QVERIFY(failure.description.startsWith(QStringLiteral("<b>Token</b> ")));
        QVERIFY(failure.description.endsWith(QStringLiteral(" is gone")));
        QCOMPARE(failure.uri, QStringLiteral("javascript:alert(1)"));
        QVERIFY(!failure.error.text().contains(QStringLiteral("the-refresh-token-7")));
        QVERIFY(failure.error.text().contains(QStringLiteral("invalid_grant")));
        QVERIFY(failure.error.next.contains(QStringLiteral("Log in")));
        const auto lengthy = readTokenResponse(
            jsonAnswer(400, "{\"error\":\"x\",\"error_description\":\"" + QByteArray(5000, 'y') + "\"}"), {},
            m_f.context());
        QCOMPARE(lengthy.error().description.size(), 501);
    }

    void s5_9_whatAnErrorCodeAsksFor_data() {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QString>("next");
        QTest::newRow("target") << QByteArray("invalid_target") << "resources";
        QTest::newRow("scope") << QByteArray("invalid_scope") << "scopes";
        QTest::newRow("client") << QByteArray("invalid_client") << "client id";
        QTest::newRow("grant type") << QByteArray("unsupported_grant_type") << "grant";
        QTest::newRow("token type") << QByteArray("unsupported_token_type") << "tokens of this kind";
    }
    void s5_9_whatAnErrorCodeAsksFor() {
        QFETCH(QByteArray, code);
        QFETCH(QString, next);
        const auto set =
            readTokenResponse(jsonAnswer(400, "{\"error\":\"" + code + "\"}"), {}, m_f.context());
        QCOMPARE(set.error().code.toLatin1(), code);
        QVERIFY2(set.error().error.next.contains(next), qPrintable(set.error().error.text()));
    }

    void s5_10_deviceAuthorization() {
        const auto read = [this](const QByteArray& more) {
            return readDeviceAuthorization(
                jsonAnswer(200,
                           "{\"device_code\":\"the-device-code-1\",\"user_code\":\"WDJB-MJHT\"" + more + "}"),
                m_f.context());
        };
        const auto device =
            read(",\"verification_uri\":\"https://example.com/device\",\"verification_uri_complete\":"
                 "\"https://example.com/device?user_code=WDJB-MJHT\",\"expires_in\":1800,\"interval\":7");
        QVERIFY(device);
        QCOMPARE(device->userCode, QStringLiteral("WDJB-MJHT"));
        QCOMPARE(device->verificationUri.text(), QByteArray("https://example.com/device"));
        QCOMPARE(device->verificationUriComplete->text(),
                 QByteArray("https://example.com/device?user_code=WDJB-MJHT"));
        QCOMPARE(device->lifetimeS, 1800);
        QCOMPARE(device->intervalS, 7);
        QVERIFY(device->findings.isEmpty());
        QVERIFY(m_f.masks("the-device-code-1"));
        QCOMPARE(read(",\"verification_uri\":\"https://e.com/\",\"expires_in\":9")->intervalS,
                 5); // the default
        QCOMPARE(read(",\"verification_uri\":\"https://e.com/\",\"expires_in\":9,\"interval\":0")->intervalS,
                 5);
        const auto old = read(",\"verification_url\":\"https://e.com/\",\"expires_in\":9");
        QVERIFY(old && old->findings.size() == 1);
        const auto mixed =
            read(",\"verification_uri\":\"https://e.com/\",\"expires_in\":9,\"verification_uri_complete\":"
                 "\"https://evil.example/?c=1\"");
        QVERIFY(!mixed->verificationUriComplete);
        QCOMPARE(mixed->findings.size(), 1);
        QVERIFY(!read(",\"verification_uri\":\"javascript:alert(1)\",\"expires_in\":9"));
        QVERIFY(!read(",\"expires_in\":9"));
        QCOMPARE(read(",\"verification_uri\":\"https://e.com/\"")->lifetimeS, 600);
        QVERIFY(!readDeviceAuthorization(
            jsonAnswer(200, "{\"user_code\":\"A\",\"verification_uri\":\"https://e.com/\"}"), m_f.context()));
    }

    void s5_11_pushedAuthorization() {
        const auto pushed = readPushedAuthorization(
            jsonAnswer(201, "{\"request_uri\":\"urn:ietf:params:oauth:request_uri:6esc\",\"expires_in\":60}"),
            m_f.context());
        QVERIFY(pushed);
        QCOMPARE(pushed->requestUri, QStringLiteral("urn:ietf:params:oauth:request_uri:6esc"));
        QCOMPARE(pushed->lifetimeS, 60);
        QVERIFY(pushed->findings.isEmpty());
        QVERIFY(!readPushedAuthorization(jsonAnswer(201, "{\"expires_in\":60}"), m_f.context()));
        QVERIFY(!readPushedAuthorization(jsonAnswer(201, "{\"request_uri\":\"u\"}"), m_f.context()));
        QCOMPARE(readPushedAuthorization(jsonAnswer(400, "{\"error\":\"invalid_request\"}"), m_f.context())
                     .error()
                     .code,
                 QStringLiteral("invalid_request"));
    }

    /// RFC 9126 §2.2 wants 201. The place is there under 200 too: used, and said.
    void s5_11_aPushedRequestAnsweredWith200IsTakenWithAFinding() {
        for (const int status : {200, 202}) {
            const auto pushed = readPushedAuthorization(
                jsonAnswer(status, "{\"request_uri\":\"urn:u\",\"expires_in\":60}"), m_f.context());
            QVERIFY(pushed);
            QCOMPARE(pushed->requestUri, QStringLiteral("urn:u"));
            QVERIFY(pushed->findings.join(u' ').contains(QString::number(status)));
        }
        QVERIFY(!readPushedAuthorization(jsonAnswer(302, "{\"request_uri\":\"urn:u\",\"expires_in\":60}"),
                                         m_f.context()));
    }

    void s5_11_introspection() {
        const auto read = [this](const QByteArray& body) {
            return readIntrospection(jsonAnswer(200, body), m_f.context());
        };
        const auto state =
            read("{\"active\":true,\"scope\":\"a "
                 "b\",\"client_id\":\"c\",\"username\":\"u\",\"token_type\":\"Bearer\","
                 "\"exp\":1700000030,\"iat\":1699999000,\"nbf\":1699999000,\"sub\":\"s\",\"aud\":[\"x\","
                 "\"y\"],\"iss\":"
                 "\"https://as.example.com\",\"cnf\":{\"x5t#S256\":\"T\",\"jkt\":\"J\"},\"own\":1}");
        QVERIFY(state && state->active);
        QCOMPARE(state->scopes, (QStringList{"a", "b"}));
        QCOMPARE(state->audience, (QStringList{"x", "y"}));
        QCOMPARE(state->subject + state->clientId + state->userName, QStringLiteral("scu"));
        QCOMPARE(state->binding.certificateThumbprint + state->binding.keyThumbprint, QStringLiteral("TJ"));
        QCOMPARE(*state->expiresAt, 1'700'000'030);
        QVERIFY(state->all.find(u"own"));
        QVERIFY(state->isCurrent(m_f.nowMs, m_f.nowMs + 29'000));
        QVERIFY(!state->isCurrent(m_f.nowMs, m_f.nowMs + 30'000)); // not beyond exp
        QVERIFY(!read("{\"active\":true}")->isCurrent(m_f.nowMs, m_f.nowMs + 60'000));
        QCOMPARE(read("{\"active\":true,\"aud\":\"one\"}")->audience, QStringList{"one"});
        const auto gone = read("{\"active\":false,\"scope\":\"a\",\"sub\":\"s\"}");
        QVERIFY(gone && !gone->active);
        QVERIFY(gone->scopes.isEmpty() && gone->subject.isEmpty() && gone->all.members.isEmpty());
        QVERIFY(!read("{\"active\":\"true\"}"));
        QVERIFY(!read("{}"));
    }

    void s5_11_revocation() {
        QVERIFY(readRevocation(jsonAnswer(200, {}), m_f.context()));
        QVERIFY(readRevocation(jsonAnswer(200, "not json", "text/plain"), m_f.context()));
        Response busy = jsonAnswer(503, {});
        busy.headers.append("Retry-After", "120");
        const auto later = readRevocation(busy, m_f.context());
        QCOMPARE(later.error().kind, OAuthFailure::Kind::ServerDown);
        QVERIFY(later.error().error.next.contains(QStringLiteral("still valid")));
        QVERIFY(later.error().error.next.contains(QStringLiteral("120")));
        const auto never =
            readRevocation(jsonAnswer(400, "{\"error\":\"unsupported_token_type\"}"), m_f.context());
        QCOMPARE(never.error().code, QStringLiteral("unsupported_token_type"));
        QVERIFY(!never.error().error.next.isEmpty());
        QVERIFY(!readRevocation(jsonAnswer(302, {}), m_f.context()));
    }
};

QTEST_GUILESS_MAIN(TestOAuthResponse)
#include "test_oauth_response.moc"
