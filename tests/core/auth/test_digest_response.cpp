// SPDX-License-Identifier: GPL-3.0-or-later
// The computation of Digest responses and what is read of and written into its fields.
#include "core/auth/digest_challenge.h"

#include <QtTest>

using namespace kb;

namespace {

/// The request of RFC 7616 §3.9.1.
DigestInput mufasa(const char* algorithm) {
    DigestInput input;
    input.algorithm = *digestAlgorithm(algorithm);
    input.user = "Mufasa";
    input.realm = "http-auth@example.org";
    input.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    input.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    input.sessionNonce = input.nonce;
    input.sessionCnonce = input.cnonce;
    input.method = "GET";
    input.uri = "/dir/index.html";
    return input;
}

HeaderList answer(const QList<QByteArray>& lines) {
    HeaderList headers;
    for (const QByteArray& line : lines)
        headers.append("WWW-Authenticate", line);
    return headers;
}

/// The Authorization value read back, as a server would.
Challenge readBack(const QByteArray& value) {
    const ChallengeList list = parseChallenges({value});
    return list.challenges.size() == 1 && list.problems.isEmpty() ? list.challenges.first() : Challenge{};
}

} // namespace

class TestDigestResponse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_4_rfc7616Section3_9_1() {
        const Secret password("Circle of Life");
        QCOMPARE(digestResponse(mufasa("MD5"), password), QByteArray("8ca523f5e9506fed4657c9700eebdbec"));
        QCOMPARE(digestResponse(mufasa("SHA-256"), password),
                 QByteArray("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"));
        QVERIFY(digestResponse(mufasa("MD5"), Secret("Circle Of Life")) !=
                QByteArray("8ca523f5e9506fed4657c9700eebdbec"));
    }

    // With erratum 4897: SHA-512/256 of FIPS 180-4, not SHA-512 cut short.
    void s5_4_rfc7616Section3_9_2WithErratum4897() {
        DigestInput input;
        input.algorithm = *digestAlgorithm("SHA-512-256");
        input.user = QStringLiteral("J\u00e4s\u00f8n Doe").toUtf8();
        input.realm = "api@example.org";
        input.nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK";
        input.cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v";
        input.method = "GET";
        input.uri = "/doe.json";
        QCOMPARE(digestUserHash(Hash::Sha512_256, input.user, input.realm),
                 QByteArray("793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"));
        const QByteArray response = digestResponse(input, Secret("Secret, or not?"));
        QCOMPARE(response, QByteArray("3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"));
        QVERIFY2(!response.startsWith("48886947"), "SHA-512 cut short, as the RFC was first printed");
    }

    void s5_4_rfc2617Section3_5() {
        DigestInput input = mufasa("MD5");
        input.realm = "testrealm@host.com";
        input.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        input.cnonce = "0a4f113b";
        QCOMPARE(digestResponse(input, Secret("Circle Of Life")),
                 QByteArray("6629fae49393a05397450978507c4ef1"));
    }

    // With erratum 749.
    void s5_4_rfc2069Section2_4() {
        DigestInput input = mufasa("MD5");
        input.qop = DigestQop::None;
        input.realm = "testrealm@host.com";
        input.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        QCOMPARE(digestResponse(input, Secret("CircleOfLife")),
                 QByteArray("1949323746fe6a43ef61f9606e7febea"));
    }

    // Values from an independent implementation of RFC 7616 §3.4.
    void s5_4_everyAlgorithmAndQop_data() {
        QTest::addColumn<QByteArray>("algorithm");
        QTest::addColumn<int>("qop");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* algorithm, DigestQop qop, const char* expected) {
            QTest::addRow("%s %s", algorithm, digestQopName(qop).constData())
                << QByteArray(algorithm) << int(qop) << QByteArray(expected);
        };
        using Q = DigestQop;
        row("MD5", Q::None, "a5bd0b50f7f25258a692c4f36270e05d");
        row("MD5", Q::Auth, "6f31d8ff6361bb27783b6ac62b999535");
        row("MD5", Q::AuthInt, "15b188edd42ec64280df76d316ec198e");
        row("MD5-sess", Q::None, "e20b190988a4cc77b06d9b93070246c7");
        row("MD5-sess", Q::Auth, "9e3465d402d672d7b3c6a659201e5672");
        row("MD5-sess", Q::AuthInt, "88238057a230c4cda6848fa9f786c0b9");
        row("SHA-256", Q::None, "1d27c5c95ffad388403b5002da0025bf7e6e98925ed7fe241c1ae5b684756db3");
        row("SHA-256", Q::Auth, "b85bfcaae378db6f6d75b1706062ac3d66fec2dd3d0082d77885522866488dac");
        row("SHA-256", Q::AuthInt, "193d6834c8f5b21e6b707fdd7de62ad0b3514493466cf33958098aa6d3836274");
        row("SHA-256-sess", Q::None, "b96234ae9827a4fc5e96f0aa30c1acdd125bd58db0144d6ebaf02b6a0aa752f3");
        row("SHA-256-sess", Q::Auth, "0e658dc13b25b342e9281bdff874ea276afc02b18423b0b6e6d4db12ef338586");
        row("SHA-256-sess", Q::AuthInt, "b6ef89f80f15dd9624f086daa5d9840cb169851629b766a72c8948850462aa88");
        row("SHA-512-256", Q::None, "1b01534af1def5493a32ffad690021295315a73c0db2d368c601b07452eded79");
        row("SHA-512-256", Q::Auth, "bd4311c37b3890a2df44699789473e744efafb31f8d789781eac66741224f782");
        row("SHA-512-256", Q::AuthInt, "06b121e41adf2fd623c8ddee8e89fd12cec6e446a7b62239c23cf01195eadcc7");
        row("SHA-512-256-sess", Q::None, "ab0319da1f38c737e9f585a6b5219ecd4f9ea4cb13768b4ed95a7e4f9613c24e");
        row("SHA-512-256-sess", Q::Auth, "6a367200f8f86e5ed33f8efa29ba094aa97a9c411b3a57823e11563a89748060");
        row("SHA-512-256-sess", Q::AuthInt,
            "306ebba0825ea7dfda90ddd6dfb6f59d7b1c3f835266af57e6cc032dc6a89b91");
    }
    void s5_4_everyAlgorithmAndQop() {
        QFETCH(QByteArray, algorithm);
        QFETCH(int, qop);
        DigestInput input = mufasa(algorithm.constData());
        input.qop = DigestQop(qop);
        input.method = "POST";
        input.bodyHash = digestHex(input.algorithm.hash, "{\"a\":1}");
        QTEST(digestResponse(input, Secret("Circle of Life")), "expected");
    }

    void s5_4_rspauth() {
        DigestInput input = mufasa("SHA-256");
        QCOMPARE(digestRspauth(input, Secret("Circle of Life")),
                 QByteArray("86d3b25618d41854ca5039a5d7e53ff6355d5134a9b1fb088a78ac3c462195a0"));
        input.qop = DigestQop::AuthInt;
        input.bodyHash = digestHex(Hash::Sha256, "hello");
        QCOMPARE(digestRspauth(input, Secret("Circle of Life")),
                 QByteArray("321792e3b6d15d49cb353cdc72f9cb50758a6673121eaeac0d7c912dae40bc19"));
    }

    void s5_4_algorithmNames() {
        QCOMPARE(digestAlgorithm("sha-256-SESS"), (DigestAlgorithm{Hash::Sha256, true}));
        QCOMPARE(digestAlgorithm(""), DigestAlgorithm{});
        QVERIFY(!digestAlgorithm("SHA-512"));
        QVERIFY(!digestAlgorithm("SHA-512-256x"));
    }

    void s5_4_counts() {
        QCOMPARE(digestCount(1), QByteArray("00000001"));
        QCOMPARE(digestCount(0xabcdef12), QByteArray("abcdef12"));
    }

    void s5_4_choosesByStrengthAndNotByPlace() {
        QStringList problems;
        const HeaderList md5First =
            answer({"Digest realm=\"r\", nonce=\"1\", algorithm=MD5, qop=\"auth\", "
                    "Digest realm=\"r\", nonce=\"2\", algorithm=SHA-512-256, qop=\"auth\"",
                    "Digest realm=\"r\", nonce=\"3\", algorithm=SHA-256, qop=\"auth\""});
        QCOMPARE(chooseDigestChallenge(md5First, problems)->nonce, QByteArray("2"));
        const HeaderList withSession =
            answer({"Digest realm=\"r\", nonce=\"1\", algorithm=SHA-256-sess",
                    "Basic realm=\"r\", DIGEST realm=r, nonce=2, algorithm=sha-256"});
        QCOMPARE(chooseDigestChallenge(withSession, problems)->nonce, QByteArray("2"));
        QVERIFY(problems.isEmpty());
    }

    void s5_4_passesOverWhatItCannotAnswer() {
        QStringList problems;
        const HeaderList headers =
            answer({"Digest realm=\"r\", nonce=\"1\", algorithm=SHA-3, qop=\"auth\"",
                    "Digest realm=\"r\", nonce=\"2\", qop=\"auth-conf\"", "Digest realm=\"r\", qop=\"auth\"",
                    "Digest realm=\"r\", nonce=\"4\", nonce=\"5\"", "Digest realm=\"r\", nonce=\"6\""});
        const auto chosen = chooseDigestChallenge(headers, problems);
        QVERIFY(chosen.has_value());
        QCOMPARE(chosen->nonce, QByteArray("6"));
        QCOMPARE(problems.size(), 4);
        QVERIFY(problems.at(0).contains(QLatin1String("SHA-3")));
        QVERIFY(problems.at(1).contains(QLatin1String("auth-conf")));
        QVERIFY(problems.at(2).contains(QLatin1String("no nonce")));
        QVERIFY(problems.at(3).contains(QLatin1String("twice")));
    }

    void s5_4_readsAChallenge() {
        QStringList problems;
        const auto full = chooseDigestChallenge(
            answer({"Digest realm=\"a \\\"b\\\"\", nonce=\"n\", opaque=\"\", stale=TRUE, userhash=True, "
                    "algorithm=SHA-256, qop=\"auth-int, AUTH\", charset=UTF-8, domain=\"/\", new=1"}),
            problems);
        QVERIFY(full.has_value());
        QCOMPARE(full->realm, QByteArray("a \"b\""));
        QVERIFY(full->stale && full->userhash);
        QCOMPARE(full->opaque.value_or("none"), QByteArray());
        QCOMPARE(full->qop, DigestQop::Auth);
        const auto bare =
            chooseDigestChallenge(answer({"Digest realm=\"\", nonce=n, stale=FALSE"}), problems);
        QVERIFY(bare.has_value());
        QVERIFY(!bare->stale && !bare->userhash && !bare->opaque);
        QCOMPARE(bare->qop, DigestQop::None);
        QCOMPARE(bare->algorithm, DigestAlgorithm{});
        QCOMPARE(chooseDigestChallenge(answer({"Digest nonce=n, qop=auth-int"}), problems)->qop,
                 DigestQop::AuthInt);
    }

    // RFC 7616 §3.4: which values are quoted, and which are not.
    void s5_4_writesTheField() {
        DigestChallenge challenge;
        challenge.algorithmText = "SHA-256";
        challenge.opaque = "o\"p";
        DigestInput input = mufasa("SHA-256");
        input.realm = "a\\b";
        input.count = 10;
        const QByteArray value = digestAuthorization(challenge, input, "abc");
        const QByteArray ended = value + ',';
        QVERIFY(value.startsWith("Digest "));
        for (const char* part :
             {"username=\"Mufasa\"", "realm=\"a\\\\b\"", "uri=\"/dir/index.html\"", "response=\"abc\"",
              "algorithm=SHA-256", "opaque=\"o\\\"p\"", "qop=auth", "nc=0000000a"})
            QVERIFY2(ended.contains(QByteArray(QByteArray(part) + ',')), part);
        const Challenge read = readBack(value);
        QCOMPARE(read.param("nonce"), input.nonce);
        QCOMPARE(read.param("cnonce"), input.cnonce);
        QCOMPARE(read.param("opaque"), QByteArray("o\"p"));
        QVERIFY(!read.hasParam("userhash") && !read.hasParam("username*"));
    }

    void s5_4_writesWhatWasSentForTheLegacyForm() {
        DigestInput input = mufasa("MD5");
        input.qop = DigestQop::None;
        const Challenge read = readBack(digestAuthorization({}, input, "abc"));
        for (const char* absent : {"qop", "nc", "cnonce", "algorithm", "opaque"})
            QVERIFY2(!read.hasParam(absent), absent);
        // A -sess key cannot be made without the cnonce.
        input.algorithm.session = true;
        QVERIFY(readBack(digestAuthorization({}, input, "abc")).hasParam("cnonce"));
    }

    // RFC 7616 §3.4, RFC 8187 §3.2
    void s5_4_namesOutsideAscii() {
        DigestInput input = mufasa("SHA-256");
        input.user = QStringLiteral("J\u00e4s\u00f8n Doe").toUtf8();
        const Challenge star = readBack(digestAuthorization({}, input, "abc"));
        QCOMPARE(star.param("username*"), QByteArray("UTF-8''J%C3%A4s%C3%B8n%20Doe"));
        QVERIFY(!star.hasParam("username"));
        input.user = QStringLiteral("\u00e9~a*b'c").toUtf8();
        QCOMPARE(readBack(digestAuthorization({}, input, "abc")).param("username*"),
                 QByteArray("UTF-8''%C3%A9~a%2Ab%27c"));
        DigestChallenge hashed;
        hashed.userhash = true;
        const Challenge read = readBack(digestAuthorization(hashed, input, "abc"));
        QCOMPARE(read.param("username"), digestUserHash(Hash::Sha256, input.user, input.realm));
        QCOMPARE(read.param("userhash"), QByteArray("true"));
        QVERIFY(!read.hasParam("username*"));
    }

    void s5_4_authenticationInfo() {
        HeaderList headers, trailers;
        QVERIFY(!readDigestInfo(headers, trailers).present);
        trailers.append("Authentication-Info", "nextnonce=\"t\"");
        QCOMPARE(readDigestInfo(headers, trailers).nextNonce, QByteArray("t"));
        headers.append("authentication-info", "nextnonce=\"n,1\", qop=auth");
        headers.append("authentication-info", "rspauth=\"abc\", cnonce=\"c\", nc=0000000A");
        const DigestInfo info = readDigestInfo(headers, trailers);
        QVERIFY(info.present);
        QCOMPARE(info.nextNonce, QByteArray("n,1"));
        QCOMPARE(info.rspauth, QByteArray("abc"));
        QCOMPARE(info.cnonce, QByteArray("c"));
        QCOMPARE(info.count, QByteArray("0000000A"));
        QCOMPARE(info.qop, QByteArray("auth"));
    }
};

QTEST_APPLESS_MAIN(TestDigestResponse)
#include "test_digest_response.moc"
