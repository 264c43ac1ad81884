// SPDX-License-Identifier: GPL-3.0-or-later
// Grants that need nobody: what is exchanged for a token (RFC 8693), and a user's password (RFC 6749 §4.3).
#include "tests/core/run/grant_bench.h"

#include <QUrlQuery>

using namespace kbtest;

namespace {

QString formOf(const Request& request, const char* name) {
    return QUrlQuery(QString::fromLatin1(request.body))
        .queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
}

struct AloneBench : GrantBench {
    explicit AloneBench(OAuthGrant grant) : GrantBench(-1000, grant) {
        record().parts.erase(grantpart::refreshToken);
    }
};

} // namespace

class TestGrantAlone : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void s5_8_aTokenIsExchanged() {
        AloneBench bench(OAuthGrant::TokenExchange);
        bench.record().parts.insert_or_assign(grantpart::subjectToken, Secret("the-subject-token-1"));
        bench.transport.script = {
            tokens("{\"access_token\":\"exchanged-token\",\"token_type\":\"Bearer\",\"expires_in\":600,"
                   "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}"),
            {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const Request asked = bench.tokenRequests().value(0);
        QCOMPARE(formOf(asked, "grant_type"),
                 QStringLiteral("urn:ietf:params:oauth:grant-type:token-exchange"));
        QCOMPARE(formOf(asked, "subject_token"), QStringLiteral("the-subject-token-1"));
        QCOMPARE(formOf(asked, "subject_token_type"),
                 QStringLiteral("urn:ietf:params:oauth:token-type:access_token"));
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("Bearer exchanged-token"));
        QCOMPARE(bench.record().fact(QStringLiteral("issued_token_type")),
                 QStringLiteral("urn:ietf:params:oauth:token-type:access_token"));
        QByteArray shown = everythingIn(result);
        for (const Exchange& exchange : result.grantExchanges)
            shown += exchange.sent().body + exchange.response().body;
        for (const char* secret : {"the-subject-token-1", "exchanged-token"})
            QVERIFY2(!holds(shown, secret), secret);
    }

    void s5_8_withoutASubjectNothingIsSent() {
        AloneBench bench(OAuthGrant::TokenExchange);
        const RunResult result = bench.go();
        QVERIFY(result.error && result.error->code == ErrorCode::SecretMissing);
        QVERIFY(bench.transport.sent.isEmpty());
    }

    /// RFC 8693 §2.2.1: what was issued is no access token, so the API never gets it.
    void s5_8_whatIsNoAccessTokenIsNotSent() {
        AloneBench bench(OAuthGrant::TokenExchange);
        bench.record().parts.insert_or_assign(grantpart::subjectToken, Secret("the-subject-token-1"));
        bench.transport.script = {
            tokens("{\"access_token\":\"a-saml-assertion\",\"token_type\":\"N_A\",\"expires_in\":600,"
                   "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:saml2\"}"),
            {answer(200)}};
        const RunResult result = bench.go();
        QVERIFY(result.error);
        QCOMPARE(bench.transport.sent.size(), 1);
    }

    void s5_8_aPasswordBringsAToken() {
        AloneBench bench(OAuthGrant::Password);
        std::get<OAuthScheme>(bench.profile.scheme).user = QStringLiteral("ada");
        bench.record().parts.insert_or_assign(grantpart::password, Secret("the-password-1"));
        bench.transport.script = {tokens(second), {answer(200)}};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Login);
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        const Request asked = bench.tokenRequests().value(0);
        QCOMPARE(formOf(asked, "grant_type"), QStringLiteral("password"));
        QCOMPARE(formOf(asked, "username"), QStringLiteral("ada"));
        QCOMPARE(formOf(asked, "password"), QStringLiteral("the-password-1"));
        QVERIFY(bench.record().secret.equals(Secret("second-access-token")));
        for (const Exchange& exchange : outcome->exchanges)
            QVERIFY(!holds(exchange.sent().body, "the-password-1"));
    }
};

QTEST_GUILESS_MAIN(TestGrantAlone)
#include "test_grant_alone.moc"
