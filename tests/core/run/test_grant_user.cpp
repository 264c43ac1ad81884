// SPDX-License-Identifier: GPL-3.0-or-later
// Whom a grant is of: userinfo, and the id_tokens of logins and refreshes (OpenID Connect Core).
#include "core/auth/dpop.h"
#include "tests/core/run/grant_bench.h"

using namespace kbtest;

class TestGrantUser : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // OpenID Connect Core §5.3: asked with the access token, and of the user of the id_token.
    void oidc5_3_userinfo() {
        GrantBench bench(300000);
        std::get<OAuthScheme>(bench.profile.scheme).userinfoUrl = QStringLiteral("https://id.acme.test/me");
        QCOMPARE(bench.operate(GrantOperation::Kind::Userinfo).error().code, ErrorCode::ConsentNeeded);
        confirmServer(bench.record(), *proposedServer(std::get<OAuthScheme>(bench.profile.scheme), nullptr));
        bench.record().parts[grantpart::idToken] =
            Secret("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln"); // {"sub":"ada"}
        bench.transport.script = {tokens(R"({"sub":"ada","echo":"first-access-token"})"),
                                  tokens(R"({"sub":"bob"})")};
        const Result<GrantOutcome> told = bench.operate(GrantOperation::Kind::Userinfo);
        QVERIFY2(told.has_value(), told ? "" : qPrintable(told.error().text()));
        QCOMPARE(bench.transport.sent.first().method, QByteArray("GET"));
        QCOMPARE(bench.transport.sent.first().url.path(), QByteArray("/me"));
        QCOMPARE(sentToken(bench.transport.sent.first()), QByteArray("Bearer first-access-token"));
        QCOMPARE(told->userinfo->claims.text(u"sub"), QStringLiteral("ada"));
        QVERIFY(!told->userinfo->claims.text(u"echo").contains(QStringLiteral("first-access-token")));
        const Result<GrantOutcome> other = bench.operate(GrantOperation::Kind::Userinfo);
        QVERIFY(!other);
        QVERIFY(other.error().what.contains(QStringLiteral("another user")));
    }

    // RFC 9449 §7: a token that is bound to a key goes with a proof of it and of itself.
    void s7_userinfoWithAProof() {
        GrantBench bench(300000);
        auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
        scheme.userinfoUrl = QStringLiteral("https://id.acme.test/me");
        scheme.dpop = true;
        confirmServer(bench.record(), *proposedServer(scheme, nullptr));
        bench.record().facts[QStringLiteral("token_type")] = QStringLiteral("DPoP");
        bench.record().parts[grantpart::dpopKey] = SigningKey::generate(QStringLiteral("ES256"))->toPem();
        bench.transport.script = {
            {answer(401, {{"WWW-Authenticate", "DPoP error=\"use_dpop_nonce\""}, {"DPoP-Nonce", "n-1"}})},
            tokens(R"({"sub":"ada"})")};
        const Result<GrantOutcome> told = bench.operate(GrantOperation::Kind::Userinfo);
        QVERIFY2(told.has_value(), told ? "" : qPrintable(told.error().text()));
        QCOMPARE(bench.transport.sent.size(), 2);
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("DPoP first-access-token"));
        const QByteArray proof = bench.transport.sent.last().headers.first("DPoP").value();
        const Result<DecodedJwt> decoded =
            decodeJwt(std::string_view(proof.constData(), std::size_t(proof.size())));
        QVERIFY(decoded);
        QCOMPARE(decoded->claims.text(u"ath").toLatin1(), dpopTokenHash(Secret("first-access-token")));
        QCOMPARE(decoded->claims.text(u"nonce"), QStringLiteral("n-1"));
    }

    void withoutAnAddressUserinfoSaysSo() {
        GrantBench bench(300000);
        const Result<GrantOutcome> told = bench.operate(GrantOperation::Kind::Userinfo);
        QVERIFY(!told);
        QVERIFY(told.error().what.contains(QStringLiteral("userinfo endpoint")));
        QVERIFY(bench.transport.sent.isEmpty());
    }

    // OpenID Connect Core §12.2: an id_token about another user is not taken. The new refresh token is: the
    // old one may be dead already.
    void s12_2_anotherUsersIdTokenIsLeftOut() {
        const auto jwt = [](const QByteArray& claims) -> QByteArray {
            return QByteArray("eyJhbGciOiJSUzI1NiJ9.") +
                   claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) + ".c2ln";
        };
        GrantBench bench(300000);
        const QByteArray exp = QByteArray::number(bench.clock.wall / 1000 + 600);
        const QByteArray ada = jwt("{\"sub\":\"ada\",\"aud\":\"app\",\"iat\":1,\"exp\":" + exp + '}');
        const QByteArray bob = jwt("{\"sub\":\"bob\",\"aud\":\"app\",\"iat\":1,\"exp\":" + exp + '}');
        bench.record().parts[grantpart::idToken] = Secret(ada.constData());
        bench.keeper.observe(bench.grantInput(), bench.record());
        const auto withToken = [](const QByteArray& idToken) {
            return tokens(QByteArray(second).replace(
                "\"expires_in\"", QByteArray("\"id_token\":\"" + idToken + "\",\"expires_in\"")));
        };
        bench.transport.script = {withToken(bob)};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Renew);
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        QCOMPARE(outcome->findings.size(), 1);
        QVERIFY(outcome->findings.first().contains(QStringLiteral("another user")));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("second-refresh-token")));
        QVERIFY(bench.record().part(grantpart::idToken)->equals(Secret(ada.constData())));
    }

    // A login that brings an id_token for somebody else's client ends, and nothing of it is kept.
    void s3_1_3_7_aLoginsIdTokenIsChecked() {
        GrantBench bench(1, OAuthGrant::Password);
        bench.record().parts[grantpart::password] = Secret("the-password-1");
        const QByteArray other =
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEiLCJhdWQiOiJvdGhlciIsImV4cCI6OTk5OTk5OTk5OX0.c2ln";
        bench.transport.script = {tokens(QByteArray(second).replace(
            "\"expires_in\"", QByteArray("\"id_token\":\"" + other + "\",\"expires_in\"")))};
        const Result<GrantOutcome> outcome = bench.operate(GrantOperation::Kind::Login);
        QVERIFY(!outcome);
        QVERIFY(outcome.error().what.contains(QStringLiteral("another client")));
        QVERIFY(bench.record().secret.equals(Secret("first-access-token")));
    }
};

QTEST_GUILESS_MAIN(TestGrantUser)
#include "test_grant_user.moc"
