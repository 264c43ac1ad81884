// SPDX-License-Identifier: GPL-3.0-or-later
// Proofs of possession in the life of a grant (RFC 9449), and what may be used once only.
#include "core/auth/dpop.h"
#include "core/auth/jwt.h"
#include "tests/core/run/grant_bench.h"

#include <QUrlQuery>

using namespace kbtest;

namespace {

const char* const boundToken =
    "{\"access_token\":\"bound-access-token\",\"token_type\":\"DPoP\",\"expires_in\":600}";

TransportReply demand(const char* nonce) {
    return answer(400, {{"Content-Type", "application/json"}, {"DPoP-Nonce", nonce}},
                  "{\"error\":\"use_dpop_nonce\"}");
}

TransportReply given(const char* json) {
    return answer(200, {{"Content-Type", "application/json"}}, json);
}

QString formField(const Request& request, const char* name) {
    return QUrlQuery(QString::fromLatin1(request.body)).queryItemValue(QString::fromLatin1(name));
}

DecodedJwt decoded(const QByteArray& jwt) {
    const auto token = decodeJwt({jwt.constData(), std::size_t(jwt.size())});
    return token ? *token : DecodedJwt();
}

QString proofClaim(const Request& request, const char* name) {
    return decoded(request.headers.first("DPoP").value_or("")).claims.text(QString::fromLatin1(name));
}

/// A client without a user that proves possession and signs assertions.
struct ProofBench : GrantBench {
    explicit ProofBench(ClientAuth auth = ClientAuth::PrivateKeyJwt)
        : GrantBench(-1000, OAuthGrant::ClientCredentials) {
        auto& scheme = std::get<OAuthScheme>(profile.scheme);
        scheme.dpop = true;
        scheme.clientAuth = auth;
        scheme.assertionAlgorithm = QStringLiteral("ES256");
        record().parts.erase(grantpart::refreshToken);
        record().parts.insert_or_assign(grantpart::assertionKey,
                                        SigningKey::generate(QStringLiteral("ES256"))->toPem());
    }
};

} // namespace

class TestGrantProofs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// RFC 7523 §3: a server may remember the jti of an assertion, so the second send has another.
    void s5_14_anAssertionIsUsedOnce() {
        ProofBench bench;
        bench.transport.script = {{demand("n1")}, {given(boundToken)}, {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const QList<Request> asked = bench.tokenRequests();
        QCOMPARE(asked.size(), 2);
        QStringList ids;
        for (const Request& each : asked)
            ids << decoded(formField(each, "client_assertion").toLatin1()).claims.text(QStringLiteral("jti"));
        QVERIFY(!ids.contains(QString()));
        QVERIFY(ids.first() != ids.last());
        QVERIFY(proofClaim(asked.first(), "nonce").isEmpty());
        QCOMPARE(proofClaim(asked.last(), "nonce"), QStringLiteral("n1"));
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("DPoP bound-access-token"));
    }

    /// The assertion that is the grant itself too (RFC 7523 §2.1).
    void s5_14_theGrantsAssertionIsUsedOnce() {
        ProofBench bench(ClientAuth::None);
        std::get<OAuthScheme>(bench.profile.scheme).grant = OAuthGrant::JwtBearer;
        confirmServer(bench.record(), *proposedServer(std::get<OAuthScheme>(bench.profile.scheme), nullptr));
        bench.transport.script = {{demand("n1")}, {given(boundToken)}, {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const QList<Request> asked = bench.tokenRequests();
        QCOMPARE(asked.size(), 2);
        QVERIFY(!formField(asked.first(), "assertion").isEmpty());
        QVERIFY(decoded(formField(asked.first(), "assertion").toLatin1()).claims.text(u"jti") !=
                decoded(formField(asked.last(), "assertion").toLatin1()).claims.text(u"jti"));
    }

    /// RFC 7523 §3: the issuer, unless the profile says that its server wants the token endpoint.
    void s5_14_assertionsAreForTheIssuerOrTheTokenEndpoint_data() {
        QTest::addColumn<bool>("grantItself"); // RFC 7523 §2.1, else of the client (§2.2)
        QTest::addColumn<bool>("toTokenUrl");
        for (const bool grantItself : {false, true})
            for (const bool toTokenUrl : {false, true})
                QTest::addRow("%s %s", grantItself ? "grant" : "client",
                              toTokenUrl ? "token endpoint" : "issuer")
                    << grantItself << toTokenUrl;
    }
    void s5_14_assertionsAreForTheIssuerOrTheTokenEndpoint() {
        QFETCH(bool, grantItself);
        QFETCH(bool, toTokenUrl);
        ProofBench bench(grantItself ? ClientAuth::None : ClientAuth::PrivateKeyJwt);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        if (grantItself) scheme.grant = OAuthGrant::JwtBearer;
        scheme.issuer = QStringLiteral("https://id.acme.test");
        scheme.assertionToTokenUrl = toTokenUrl;
        confirmServer(bench.record(), *proposedServer(scheme, nullptr));
        bench.transport.script = {{given(boundToken)}, {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const QString sent =
            formField(bench.tokenRequests().first(), grantItself ? "assertion" : "client_assertion");
        QCOMPARE(decoded(sent.toLatin1()).audience,
                 QStringList{toTokenUrl ? QStringLiteral("https://id.acme.test/token")
                                        : QStringLiteral("https://id.acme.test")});
    }

    /// What an issuer has to be asked for is asked for, though the operation goes elsewhere.
    void s5_14_theTokenEndpointIsFoundForARevocation() {
        ProofBench bench;
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        scheme.issuer = QStringLiteral("https://id.acme.test");
        scheme.tokenUrl.clear();
        scheme.assertionToTokenUrl = true;
        confirmServer(bench.record(), *proposedServer(scheme, nullptr));
        bench.transport.script = {
            {given("{\"issuer\":\"https://id.acme.test\",\"token_endpoint\":\"https://id.acme.test/found\","
                   "\"authorization_endpoint\":\"https://id.acme.test/"
                   "authorize\",\"response_types_supported\":[\"code\"]}")},
            {answer(200)}};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Revoke);
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        const Request asked = bench.transport.sent.last();
        QCOMPARE(asked.url.path(), QByteArray("/revoke"));
        QCOMPARE(decoded(formField(asked, "client_assertion").toLatin1()).audience,
                 QStringList{QStringLiteral("https://id.acme.test/found")});
    }

    /// RFC 9449 §8: the nonce of before is sent at once, so that a renewal costs one request.
    void s5_12_noncesOutliveAnOperation() {
        ProofBench bench(ClientAuth::Basic);
        bench.transport.script = {{demand("n1")}, {given(boundToken)}};
        QVERIFY(bench.operate(GrantOperation::Kind::Login));
        bench.transport.script = {{given(boundToken)}};
        QVERIFY(bench.operate(GrantOperation::Kind::Login));
        const QList<Request> asked = bench.tokenRequests();
        QCOMPARE(asked.size(), 3);
        QCOMPARE(proofClaim(asked.last(), "nonce"), QStringLiteral("n1"));
    }

    /// RFC 9449 §5: a server that says Bearer has bound nothing, and a proof would be refused.
    void s5_12_anUnboundTokenGoesAsABearer() {
        ProofBench bench;
        bench.transport.script = {
            {given("{\"access_token\":\"plain-access-token\",\"token_type\":\"Bearer\",\"expires_in\":600}")},
            {answer(401)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QVERIFY(bench.tokenRequests().first().headers.contains("DPoP"));
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("Bearer plain-access-token"));
        QVERIFY(!bench.transport.sent.last().headers.contains("DPoP"));
    }

    /// RFC 9449 §8.2: the newest nonce counts, whatever answer brought it.
    void s5_12_aRedirectBringsANonce() {
        ProofBench bench(ClientAuth::Basic);
        bench.input.spec.url = QStringLiteral("https://api.acme.test/users");
        bench.transport.script = {{given(boundToken)},
                                  {answer(307, {{"Location", "/people"}, {"DPoP-Nonce", "n2"}})},
                                  {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QCOMPARE(bench.transport.sent.size(), 3);
        QVERIFY(proofClaim(bench.transport.sent.at(1), "nonce").isEmpty());
        QCOMPARE(proofClaim(bench.transport.sent.at(2), "nonce"), QStringLiteral("n2"));
        QCOMPARE(proofClaim(bench.transport.sent.at(2), "htu"),
                 QStringLiteral("https://api.acme.test/people"));
    }

    /// RFC 7009 §2.2.1: a server that is busy has revoked nothing; what it had revoked before is gone.
    void s5_11_whatWasRevokedBeforeAFaultIsGone() {
        GrantBench bench(300000);
        bench.transport.script = {{answer(200)}, {answer(503, {{"Retry-After", "120"}})}};
        QVERIFY(!bench.operate(GrantOperation::Kind::Revoke));
        QVERIFY(!bench.record().part(grantpart::refreshToken));
        QVERIFY(
            bench.record().secret.equals(Secret("first-access-token"))); // as far as anybody knows it lives
    }

    /// A refresh token that the server cannot revoke lives on, whatever comes of the access token.
    void s5_11_whatWasNotRevokedStays() {
        GrantBench bench(300000);
        bench.transport.script = {
            {answer(400, {{"Content-Type", "application/json"}}, "{\"error\":\"unsupported_token_type\"}")},
            {answer(503)}};
        QVERIFY(!bench.operate(GrantOperation::Kind::Revoke));
        QCOMPARE(bench.transport.sent.size(), 2);
        QVERIFY(bench.record().part(grantpart::refreshToken));
    }

    /// The client is the same one after the new tokens were stored as before.
    void aRotationAsksAsTheClient() {
        GrantBench bench(300000, OAuthGrant::ClientCredentials);
        const char* const inactive = "{\"active\":false}";
        bench.transport.script = {
            {answer(200)}, {answer(200)}, tokens(second), {given(inactive)}, {given(inactive)}};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Rotate);
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        const QByteArray client = bench.transport.sent.first().headers.first("Authorization").value_or("");
        QVERIFY(client.startsWith("Basic "));
        int introspected = 0;
        for (const Request& each : std::as_const(bench.transport.sent)) {
            QCOMPARE(each.headers.first("Authorization").value_or(""), client);
            introspected += each.url.path() == "/introspect";
        }
        QVERIFY(introspected > 0);
    }

    /// RFC 9470 §4: what the API wants of the sign-in is asked for in the login.
    void s5_2_aStrongerLoginIsAskedFor() {
        GrantBench bench(1);
        GrantInput input = bench.grantInput();
        input.stepUp = {{QStringLiteral("urn:gold"), QStringLiteral("silver")}, 300};
        const HandlePtr handle =
            bench.keeper.run(input, GrantOperation::Kind::Login, {}, [](const Result<GrantOutcome>&) {});
        QTRY_VERIFY(bench.browser.opened.isValid());
        const QUrlQuery asked(bench.browser.opened);
        QCOMPARE(asked.queryItemValue(QStringLiteral("acr_values"), QUrl::FullyDecoded).replace(u'+', u' '),
                 QStringLiteral("urn:gold silver"));
        QCOMPARE(asked.queryItemValue(QStringLiteral("max_age")), QStringLiteral("300"));
    }
};

QTEST_GUILESS_MAIN(TestGrantProofs)
#include "test_grant_proofs.moc"
