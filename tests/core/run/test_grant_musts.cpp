// SPDX-License-Identifier: GPL-3.0-or-later
// What the standards demand of a grant from its login to its revocation.
#include "core/auth/jwk.h"
#include "core/auth/jwt.h"
#include "tests/core/run/grant_bench.h"

#include <QUrlQuery>

using namespace kbtest;

namespace {

/// Begins a login and waits until the browser is asked for.
struct Login {
    explicit Login(GrantBench& of) : bench(of) {
        handle = bench.login(out);
        if (!QTest::qWaitFor([&] { return bench.browser.opened.isValid() || out; }))
            qFatal("the login did not begin");
        if (out) qFatal("%s", qPrintable(out->has_value() ? QString() : out->error().text()));
    }
    QUrlQuery asked() const { return QUrlQuery(bench.browser.opened); }
    /// The browser comes back with a code.
    bool comesBack(const QString& state) {
        bench.listener.arrived("/callback?code=the-code&state=" + state.toLatin1());
        return QTest::qWaitFor([&] { return out.has_value(); }) && out->has_value();
    }
    GrantBench& bench;
    std::optional<Result<GrantOutcome>> out;
    HandlePtr handle;
};

QUrlQuery formOf(const Request& request) {
    return QUrlQuery(QString::fromLatin1(request.body));
}

QString valueIn(const QUrlQuery& query, const char* name) {
    const QStringList values =
        query.allQueryItemValues(QString::fromLatin1(name), QUrl::ComponentFormattingOption::FullyDecoded);
    return values.size() == 1 ? values.first() : QStringLiteral("%1 values").arg(values.size());
}

/// The RFC 7638 thumbprint of the key that a request's proof brings.
QByteArray proofKey(const Request& request) {
    const QByteArray proof = request.headers.first("DPoP").value_or(QByteArray());
    const Result<DecodedJwt> jwt = decodeJwt(std::string_view(proof.constData(), std::size_t(proof.size())));
    const JsonValue* key = jwt ? jwt->header.find(u"jwk") : nullptr;
    const Result<VerifyKeys> keys = key ? readJwks(writeJson(*key)) : Result<VerifyKeys>();
    return keys && keys->keys.size() == 1 ? keys->keys.first().thumbprint() : QByteArray("no key");
}

} // namespace

class TestGrantMusts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// RFC 6749 §4.1.3: the token request names the very redirect URI of the authorization request.
    void s5_8_theRedirectUriIsTheSameInBothRequests() {
        GrantBench bench(1);
        bench.transport.script = {tokens(second)};
        Login login(bench);
        const QString named = valueIn(login.asked(), "redirect_uri");
        QCOMPARE(named, QStringLiteral("http://127.0.0.1:49152/callback"));
        QVERIFY(login.comesBack(valueIn(login.asked(), "state")));
        QCOMPARE(bench.tokenRequests().size(), 1);
        QCOMPARE(valueIn(formOf(bench.tokenRequests().first()), "redirect_uri"), named);
    }

    /// RFC 9126 §5: a server that requires pushed requests gets one, whatever the profile says.
    void s5_11_aServerThatRequiresPushedRequestsGetsOne() {
        GrantBench bench(1);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        QVERIFY(!scheme.usePar);
        scheme.tokenUrl.clear();
        scheme.authorizationUrl.clear();
        scheme.issuer = QStringLiteral("https://id.acme.test");
        confirmServer(bench.record(), *proposedServer(scheme, nullptr));
        const QByteArray requestUri = "urn:ietf:params:oauth:request_uri:6esc";
        const Step pushed =
            tokens("{\"request_uri\":\"" + requestUri + "\",\"expires_in\":60}"); // 200, not 201
        bench.transport.script = {
            tokens("{\"issuer\":\"https://id.acme.test\",\"token_endpoint\":\"https://id.acme.test/token\","
                   "\"authorization_endpoint\":\"https://id.acme.test/authorize\","
                   "\"pushed_authorization_request_endpoint\":\"https://id.acme.test/par\","
                   "\"require_pushed_authorization_requests\":true,\"response_types_supported\":[\"code\"],"
                   "\"code_challenge_methods_supported\":[\"S256\"]}"),
            pushed, tokens(second)};
        Login login(bench);
        // The metadata, then the pushed request, and nothing else before the browser.
        QCOMPARE(bench.transport.sent.size(), 2);
        const Request push = bench.transport.sent.last();
        QCOMPARE(push.method, QByteArray("POST"));
        QCOMPARE(push.url.path(), QByteArray("/par"));
        const QUrlQuery form = formOf(push);
        QCOMPARE(valueIn(form, "client_id"), QStringLiteral("app"));
        QCOMPARE(valueIn(form, "response_type"), QStringLiteral("code"));
        QCOMPARE(valueIn(form, "code_challenge_method"), QStringLiteral("S256"));
        QCOMPARE(valueIn(form, "scope"), QStringLiteral("users:read"));
        QVERIFY(!form.hasQueryItem(QStringLiteral("request_uri"))); // RFC 9126 §2.1
        QCOMPARE(bench.browser.opened.path(), QStringLiteral("/authorize"));
        QCOMPARE(login.asked().queryItems().size(), 2);
        QCOMPARE(valueIn(login.asked(), "client_id"), QStringLiteral("app"));
        QCOMPARE(valueIn(login.asked(), "request_uri").toLatin1(), requestUri);
        QVERIFY(login.comesBack(valueIn(form, "state")));
        QCOMPARE(valueIn(formOf(bench.tokenRequests().first()), "redirect_uri"),
                 valueIn(form, "redirect_uri"));
        QVERIFY(bench.record().secret.equals(Secret("second-access-token")));
        QVERIFY((*login.out)->findings.join(u' ').contains(QStringLiteral("RFC 9126")));
    }

    /// RFC 7009 §2.2.1: after a 503 the token must be taken to be valid still.
    void s5_11_aRevocationThatIsPutOffForgetsNothing() {
        GrantBench bench(300000);
        bench.transport.script = {{answer(503, {{"Retry-After", "120"}})}, {answer(200)}};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Revoke);
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().next.contains(QStringLiteral("120")), qPrintable(outcome.error().text()));
        QCOMPARE(bench.transport.sent.size(), 1);
        QVERIFY(bench.store.writes.isEmpty());
        QVERIFY(bench.record().secret.equals(Secret("first-access-token")));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("first-refresh-token")));
    }

    /// RFC 9700 §4.14.2: rotated or bound, where the client has no secret.
    void s5_8_aRefreshTokenThatIsNotRotatedIsAFinding_data() {
        QTest::addColumn<bool>("isPublic");
        QTest::addColumn<bool>("dpop");
        QTest::addColumn<QByteArray>("answered"); // token type and what stands behind it
        QTest::addColumn<bool>("found");
        QTest::newRow("none came") << true << false << QByteArray("\"bearer\"") << true;
        QTest::newRow("the same came")
            << true << false << QByteArray("\"bearer\",\"refresh_token\":\"first-refresh-token\"") << true;
        QTest::newRow("rotated") << true << false
                                 << QByteArray("\"bearer\",\"refresh_token\":\"second-refresh-token\"")
                                 << false;
        QTest::newRow("bound") << true << true << QByteArray("\"DPoP\"") << false;
        QTest::newRow("a proof that bound nothing") << true << true << QByteArray("\"bearer\"") << true;
        QTest::newRow("a client with a secret") << false << false << QByteArray("\"bearer\"") << false;
    }
    void s5_8_aRefreshTokenThatIsNotRotatedIsAFinding() {
        QFETCH(bool, isPublic);
        QFETCH(bool, dpop);
        QFETCH(QByteArray, answered);
        QFETCH(bool, found);
        GrantBench bench(1);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        scheme.clientAuth = isPublic ? ClientAuth::None : ClientAuth::Basic;
        scheme.dpop = dpop;
        bench.transport.script = {tokens(
            "{\"access_token\":\"second-access-token\",\"expires_in\":600,\"token_type\":" + answered + '}')};
        bench.keeper.observe(bench.grantInput(), bench.record());
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Renew);
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        QCOMPARE(outcome->findings.join(u' ').contains(QStringLiteral("RFC 9700 §4.14.2")), found);
        QVERIFY(outcome->record.part(grantpart::refreshToken));
    }

    /// RFC 9449 §5 and §10: code, token, refresh and use are bound to one key.
    void s5_12_oneKeyForTheCodeTheTokenAndTheRefresh() {
        GrantBench bench(1);
        std::get<OAuthScheme>(bench.profile.scheme).dpop = true;
        const QByteArray bound = QByteArray(second).replace("\"bearer\"", "\"DPoP\"");
        bench.transport.script = {
            tokens(bound), tokens(QByteArray(bound).replace("second-", "third-")), {answer(200)}};
        Login login(bench);
        const QByteArray thumbprint = valueIn(login.asked(), "dpop_jkt").toLatin1();
        QCOMPARE(thumbprint.size(), 43);
        QVERIFY(login.comesBack(valueIn(login.asked(), "state")));
        const Result<GrantOutcome> renewed = bench.operate(GrantOperation::Kind::Renew);
        QVERIFY2(renewed.has_value(), renewed ? "" : qPrintable(renewed.error().text()));
        const QList<Request> requests = bench.tokenRequests();
        QCOMPARE(requests.size(), 2);
        QCOMPARE(valueIn(formOf(requests.last()), "refresh_token"), QStringLiteral("second-refresh-token"));
        QCOMPARE(proofKey(requests.first()), thumbprint);
        QCOMPARE(proofKey(requests.last()), thumbprint);
        QVERIFY(!bench.go().error);
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("DPoP third-access-token"));
        QCOMPARE(proofKey(bench.transport.sent.last()), thumbprint);
    }
};

QTEST_GUILESS_MAIN(TestGrantMusts)
#include "test_grant_musts.moc"
