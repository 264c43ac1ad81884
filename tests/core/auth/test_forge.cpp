// SPDX-License-Identifier: GPL-3.0-or-later
// Each forgery is what its name says, and no other than the good token.
#include "core/auth/base64url.h"
#include "core/auth/crypto.h"
#include "core/auth/forge.h"
#include "core/auth/jwt.h"

#include <QtTest>

using namespace kb;

class TestForge : public QObject {
    Q_OBJECT
    static QByteArray good() {
        return toBase64Url("{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"at+jwt\"}") + '.' +
               toBase64Url("{\"sub\":\"ada\",\"role\":\"admin\"}") + '.' + toBase64Url("signature-bytes");
    }
    static Result<QByteArray> forged(TokenDefect defect, const QByteArray& from) {
        return forgeToken(defect, Secret(viewOf(from)), randomBytes).map([](const Secret& made) {
            return QByteArray(made.reveal().data(), qsizetype(made.size()));
        });
    }

private Q_SLOTS:
    void signaturesAreRemovedCutAndFlipped() {
        const QList<QByteArray> parts = good().split('.');
        const QByteArray unsignedPart = parts.at(0) + '.' + parts.at(1);
        QCOMPARE(*forged(TokenDefect::NoSignature, good()), QByteArray(unsignedPart + '.'));
        QCOMPARE(*forged(TokenDefect::NoSignaturePart, good()), unsignedPart);
        const QByteArray flipped = *forged(TokenDefect::FlippedSignature, good());
        QVERIFY(flipped.startsWith(QByteArray(unsignedPart + '.')));
        const QByteArray before = decodeBase64Url(viewOf(parts.at(2))).bytes;
        const QByteArray after = decodeBase64Url(viewOf(flipped.split('.').at(2))).bytes;
        QCOMPARE(after.mid(1), before.mid(1));
        QCOMPARE(qPopulationCount(quint8(after.at(0) ^ before.at(0))), 1U);
    }

    void claimsAreEditedUnderTheOldSignature() {
        const QByteArray made = *forged(TokenDefect::EditedPayload, good());
        QCOMPARE(made.split('.').at(0), good().split('.').at(0));
        QCOMPARE(made.split('.').at(2), good().split('.').at(2));
        const Result<DecodedJwt> jwt = decodeJwt(viewOf(made));
        QVERIFY(jwt);
        QCOMPARE(jwt->claims.text(u"sub"), QStringLiteral("ada"));
        QVERIFY(jwt->claims.find(u"keybearer_probe"));
    }

    void noneIsSaidInEverySpelling_data() {
        QTest::addColumn<int>("defect");
        QTest::addColumn<QString>("algorithm");
        QTest::newRow("none") << int(TokenDefect::AlgNone) << "none";
        QTest::newRow("None") << int(TokenDefect::AlgNoneCapital) << "None";
        QTest::newRow("NONE") << int(TokenDefect::AlgNoneUpper) << "NONE";
        QTest::newRow("nOnE") << int(TokenDefect::AlgNoneMixed) << "nOnE";
    }
    void noneIsSaidInEverySpelling() {
        QFETCH(int, defect);
        QFETCH(QString, algorithm);
        const QByteArray made = *forged(TokenDefect(defect), good());
        QVERIFY(made.endsWith('.'));
        QCOMPARE(made.split('.').at(1), good().split('.').at(1));
        const Result<JsonValue> header = parseJson(decodeBase64Url(viewOf(made.split('.').at(0))).bytes);
        QVERIFY(header);
        QCOMPARE(header->text(u"alg"), algorithm);
        QVERIFY(!header->find(u"kid"));
    }

    void keysAreCutSwappedAndRandom() {
        const QByteArray key = "kb_live_Abc123-XYZ";
        QVERIFY(key.startsWith(*forged(TokenDefect::Truncated, key)));
        QVERIFY(forged(TokenDefect::Truncated, key)->size() < key.size());
        QCOMPARE(*forged(TokenDefect::OtherCase, key), QByteArray("KB_LIVE_aBC123-xyz"));
        const QByteArray random = *forged(TokenDefect::Random, key);
        QCOMPARE(random.size(), key.size());
        QVERIFY(random != key && random.at(2) == '_' && random.at(14) == '-');
        QCOMPARE(*forged(TokenDefect::Empty, key), QByteArray());
    }

    /// What cannot be forged like this is an error, and never the good token.
    void whatDoesNotFitIsRefused() {
        for (const TokenDefect defect : {TokenDefect::NoSignature, TokenDefect::FlippedSignature,
                                         TokenDefect::EditedPayload, TokenDefect::AlgNone}) {
            QVERIFY(!forged(defect, "opaque"));
            QVERIFY(!forged(defect, "a.b."));
            QVERIFY(!forged(defect, "a.b.c.d"));
        }
        QVERIFY(!forged(TokenDefect::OtherCase, "12345"));
        QVERIFY(!forged(TokenDefect::Truncated, "1"));
    }
};

QTEST_GUILESS_MAIN(TestForge)
#include "test_forge.moc"
