// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jwt.h"
#include "core/auth/jwt_mint.h"
#include "tests/core/auth/jose_tokens.h"

#include <QtTest>

using namespace kb;
using namespace jose;

namespace {

constexpr qint64 now = 1'700'000'000'999;

QByteArray fixedBytes(qsizetype count) {
    return QByteArray(count, '\x01');
}

const Secret& sharedSecret() {
    static const Secret secret(std::string_view("a shared secret of more than 32 bytes"));
    return secret;
}

Result<DecodedJwt> minted(const JwtScheme& scheme, const QString& claims) {
    const Result<Secret> token = mintJwt(scheme, claims, sharedSecret(), now, fixedBytes);
    if (!token) return tl::unexpected(token.error());
    return decodeJwt(token->reveal());
}

} // namespace

class TestJwtMint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addsWhatIsMissing() {
        const Result<DecodedJwt> jwt = minted(JwtScheme(), QStringLiteral("{}"));
        QVERIFY2(jwt, jwt ? "" : qPrintable(jwt.error().text()));
        QCOMPARE(jwt->headerText, QByteArray(R"({"alg":"HS256","typ":"JWT"})"));
        QCOMPARE(jwt->claimsText,
                 QByteArray(R"({"iat":1700000000,"exp":1700000300,"jti":"AQEBAQEBAQEBAQEBAQEBAQ"})"));
    }

    void keepsWhatIsGiven() {
        JwtScheme scheme;
        scheme.lifetimeS = 10;
        scheme.keyId = QStringLiteral("key \"1\"");
        scheme.type = QStringLiteral("at+jwt");
        const Result<DecodedJwt> jwt =
            minted(scheme, QStringLiteral(R"( {"z": 1e400, "jti": null, "a": 36893488147419103233, "iat": 5,
                                              "name": "Zoë ☃"} )"));
        QVERIFY2(jwt, jwt ? "" : qPrintable(jwt.error().text()));
        QCOMPARE(jwt->headerText,
                 QByteArray("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"key \\\"1\\\"\"}"));
        QCOMPARE(
            jwt->claimsText,
            QByteArray("{\"z\":1e400,\"jti\":null,\"a\":36893488147419103233,\"iat\":5,\"name\":\"Zo\xc3\xab "
                       "\xe2\x98\x83\",\"exp\":1700000010}"));
        scheme.type.clear();
        scheme.keyId.clear();
        QCOMPARE(minted(scheme, QStringLiteral("{}"))->headerText, QByteArray(R"({"alg":"HS256"})"));
    }

    void aLifeInThePast() {
        JwtScheme scheme;
        scheme.lifetimeS = -60;
        QCOMPARE(minted(scheme, QStringLiteral("{}"))->expiresAt.value_or(0), 1699999940.0);
    }

    void everyJtiIsAnother() {
        const auto jti = [] {
            const Result<Secret> token =
                mintJwt(JwtScheme(), QStringLiteral("{}"), sharedSecret(), now, randomBytes);
            return decodeJwt(token->reveal())->claims.text(u"jti");
        };
        QCOMPARE(jti().size(), 22);
        QVERIFY(jti() != jti());
    }

    void everyAlgorithmVerifies_data() {
        QTest::addColumn<QString>("algorithm");
        for (const QString& algorithm : verifiableAlgorithms())
            QTest::newRow(qPrintable(algorithm)) << algorithm;
    }
    void everyAlgorithmVerifies() {
        QFETCH(QString, algorithm);
        JwtScheme scheme;
        scheme.algorithm = algorithm;
        const SigningKey& key = *testKeys().signing.at(keyNameFor(algorithm));
        const Secret text = algorithm.startsWith(QLatin1String("HS"))
                                ? Secret("a shared secret that is long enough for the longest of the hashes")
                                : key.toPem();
        const Result<Secret> token =
            mintJwt(scheme, QStringLiteral(R"({"sub":"joe"})"), text, now, randomBytes);
        QVERIFY2(token, token ? "" : qPrintable(token.error().text()));
        VerifyOptions options;
        options.nowSeconds = double(now / 1000);
        const JwsVerification result =
            verifyJws(token->reveal(), testKeys().verifying.at(keyNameFor(algorithm)), options);
        QVERIFY2(result.verified(), qPrintable(result.reason().sentence));
        options.nowSeconds += 300 + 60;
        QCOMPARE(
            verifyJws(token->reveal(), testKeys().verifying.at(keyNameFor(algorithm)), options).reason().id,
            QByteArray("expired"));
    }

    void brokenClaims_data() {
        QTest::addColumn<QString>("claims");
        QTest::addColumn<int>("position");
        QTest::addColumn<QString>("what");
        QTest::newRow("cut short") << QStringLiteral("{\"a\":1") << 6 << "not JSON";
        QTest::newRow("comma too many") << QStringLiteral("{\"a\":1,}") << 7 << "not JSON";
        QTest::newRow("no quotes round a variable's text")
            << QStringLiteral("{\"a\":joe}") << 5 << "not JSON";
        // Positions count characters, not the bytes that stand for them.
        QTest::newRow("after letters outside ASCII")
            << QStringLiteral("{\"a\":\"ëë☃\",}") << 11 << "not JSON";
        QTest::newRow("empty") << QString() << 0 << "not JSON";
        QTest::newRow("a list") << QStringLiteral("[]") << 0 << "not a JSON object";
        QTest::newRow("a claim twice") << QStringLiteral("{\"a\":1,\"a\":2}") << -1 << "comes twice";
    }
    void brokenClaims() {
        QFETCH(QString, claims);
        QFETCH(int, position);
        QFETCH(QString, what);
        const Result<Secret> token = mintJwt(JwtScheme(), claims, sharedSecret(), now, fixedBytes);
        QVERIFY(!token);
        QVERIFY2(token.error().what.contains(what), qPrintable(token.error().what));
        QCOMPARE(token.error().position, position);
        QVERIFY(!token.error().next.isEmpty());
    }

    void keyAndAlgorithmMustAgree() {
        JwtScheme scheme;
        scheme.algorithm = QStringLiteral("RS256");
        QVERIFY(!mintJwt(scheme, QStringLiteral("{}"), sharedSecret(), now, fixedBytes));
        const Secret rsa(viewOf(dataFile(QStringLiteral("rsa-pkcs8.pem"))));
        QVERIFY(mintJwt(scheme, QStringLiteral("{}"), rsa, now, fixedBytes));
        scheme.algorithm = QStringLiteral("ES256");
        const Result<Secret> token = mintJwt(scheme, QStringLiteral("{}"), rsa, now, fixedBytes);
        QVERIFY(!token && token.error().what.contains(QLatin1String("P-256")));
        scheme.algorithm = QStringLiteral("none");
        QVERIFY(!mintJwt(scheme, QStringLiteral("{}"), rsa, now, fixedBytes));
    }
};

QTEST_APPLESS_MAIN(TestJwtMint)
#include "test_jwt_mint.moc"
