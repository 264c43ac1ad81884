// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/challenge.h"

#include <QFile>
#include <QtTest>

using namespace kb;

namespace {

/// The challenges in one canonical line each: scheme, "68:" token, name=value.
QStringList canonical(const ChallengeList& list) {
    QStringList lines;
    for (const Challenge& challenge : list.challenges) {
        QString line = QString::fromUtf8(challenge.scheme);
        if (!challenge.token68.isEmpty()) line += " 68:" + QString::fromUtf8(challenge.token68);
        for (const AuthParam& param : challenge.params)
            line += " [" + QString::fromUtf8(param.name) + "=" + QString::fromUtf8(param.value) + "]";
        if (!challenge.repeatedParams().isEmpty()) line += " repeated";
        lines += line;
    }
    return lines;
}

} // namespace

class TestChallenge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// tests/data/http/challenges.txt: blocks of "field: …" lines, then one "is: …" line for each challenge,
    /// then "problems: N".
    void s5_1_corpus_data() {
        QTest::addColumn<QList<QByteArray>>("fields");
        QTest::addColumn<QStringList>("expected");
        QTest::addColumn<int>("problems");
        QFile file(KB_TEST_DATA "/http/challenges.txt");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray title;
        QList<QByteArray> fields;
        QStringList expected;
        int cases = 0;
        while (!file.atEnd()) {
            QByteArray line = file.readLine();
            if (line.endsWith('\n')) line.chop(1);
            if (line.startsWith("# "))
                title = line.mid(2);
            else if (line.startsWith("field:"))
                fields += line.mid(qMin<qsizetype>(7, line.size()));
            else if (line.startsWith("is: "))
                expected += QString::fromUtf8(line.mid(4));
            else if (line.startsWith("problems: ")) {
                QTest::newRow(title.constData()) << fields << expected << line.mid(10).toInt();
                fields.clear();
                expected.clear();
                ++cases;
            } else {
                QVERIFY2(line.isEmpty(), line.constData());
            }
        }
        QVERIFY(cases >= 50);
    }
    void s5_1_corpus() {
        QFETCH(QList<QByteArray>, fields);
        QFETCH(QStringList, expected);
        QFETCH(int, problems);
        const ChallengeList list = parseChallenges(fields);
        QCOMPARE(canonical(list), expected);
        QVERIFY2(list.problems.size() == problems, qPrintable(list.problems.join('\n')));
    }

    void s5_1_noFieldNoChallenge() {
        QVERIFY(parseChallenges({}).challenges.isEmpty());
        QVERIFY(parseChallenges({}).problems.isEmpty());
    }

    void s5_1_lookUpWithoutCase() {
        const auto list = parseChallenges({"bEaReR Realm=\"api\", ERROR=\"invalid_token\""});
        const Challenge& challenge = list.challenges.first();
        QVERIFY(challenge.is("Bearer"));
        QVERIFY(!challenge.is("Basic"));
        QCOMPARE(challenge.scheme, "bEaReR");
        QCOMPARE(challenge.param("REALM"), "api");
        QVERIFY(challenge.hasParam("error"));
        QVERIFY(!challenge.hasParam("scope"));
        QCOMPARE(challenge.param("scope"), QByteArray());
    }

    void s5_1_problemSaysWhere() {
        const auto list = parseChallenges({"Basic realm=\"a\"", "Bearer realm=\"b"});
        QCOMPARE(list.problems.size(), 1);
        QVERIFY2(list.problems.first().contains("field line 2, character 14"),
                 qPrintable(list.problems.first()));
    }

    void s5_1_textForPeople() {
        const auto list =
            parseChallenges({"Bearer realm=api, error_description=\"say \\\"please\\\"\", x=\"gr\xc3\xbcn\"",
                             "Negotiate YII=", "Basic realm=\"\xfc\""});
        QCOMPARE(list.challenges[0].text(),
                 QString::fromUtf8(
                     "Bearer realm=\"api\", error_description=\"say \\\"please\\\"\", x=\"gr\xc3\xbcn\""));
        QCOMPARE(list.challenges[1].text(), "Negotiate YII=");
        QCOMPARE(list.challenges[2].text(), QString::fromUtf8("Basic realm=\"\xc3\xbc\""));
    }

    /// What text() writes is read back as the same challenge.
    void s5_1_textReadsBack() {
        const QList<QByteArray> fields{
            "Digest realm=\"a, b\", nonce=\"x\\\\y\\\"z\", qop=\"auth,auth-int\", stale=FALSE"};
        const auto first = parseChallenges(fields).challenges;
        const auto second = parseChallenges({first[0].text().toUtf8()});
        QVERIFY(second.problems.isEmpty());
        QCOMPARE(second.challenges.size(), 1);
        QCOMPARE(second.challenges[0].params, first[0].params);
    }

    /// Every cut of every kind of challenge is read to its end and never invents a parameter.
    void s5_1_cutAnywhere() {
        const QByteArray whole =
            "Digest realm=\"r\\\"\", nonce=abc, Negotiate YII==, , Bearer, DPoP algs=\"ES256 EdDSA\"";
        for (qsizetype i = 0; i <= whole.size(); ++i) {
            const auto list = parseChallenges({whole.left(i)});
            QVERIFY(list.challenges.size() <= 4);
            for (const Challenge& challenge : list.challenges)
                for (const AuthParam& param : challenge.params)
                    QVERIFY(param.name == "realm" || param.name == "nonce" || param.name == "algs");
        }
    }

    /// RFC 6750 §3: each of its attributes at most once. Whoever reads one that comes twice reads nothing.
    void s5_1_aParameterThatComesTwiceDoesNotCount() {
        const auto list = parseChallenges({"Bearer error=\"invalid_token\", realm=\"a\"",
                                           "ERROR=\"insufficient_scope\", Bearer error=\"x\""});
        QCOMPARE(list.challenges.size(), 2);
        QCOMPARE(list.challenges[0].param("error"), QByteArray());
        QVERIFY(list.challenges[0].hasParam("error"));
        QCOMPARE(list.challenges[0].param("realm"), QByteArray("a"));
        QCOMPARE(list.challenges[0].repeatedParams(), QList<QByteArray>{"error"});
        QCOMPARE(list.challenges[1].param("error"), QByteArray("x"));
        // The same value twice leaves no doubt, and is told all the same.
        const auto same = parseChallenges({"Bearer error=\"invalid_token\", error=invalid_token"});
        QCOMPARE(same.challenges[0].param("error"), QByteArray("invalid_token"));
        QCOMPARE(same.problems.size(), 1);
    }

    void s5_1_manyParametersAreReadInOneGo() {
        QByteArray line = "Bearer a0=0";
        for (int i = 1; i < 100'000; ++i)
            line += ", a" + QByteArray::number(i) + "=x";
        const auto list = parseChallenges({line});
        QCOMPARE(list.challenges.size(), 1);
        QCOMPARE(list.challenges[0].params.size(), 100'000);
        QVERIFY(list.challenges[0].repeatedParams().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestChallenge)
#include "test_challenge.moc"
