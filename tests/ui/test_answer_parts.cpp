// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_samples.h"
#include "ui/answer_format.h"
#include "ui/answer_headers_model.h"
#include "ui/answer_prose.h"
#include "ui/timeline_view.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace kb;

class TestAnswerParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void durations();
    void sizes();
    void statuses();
    void rateLimits();
    void totalCountsFromTheFirstHop();
    void grownBodyIsNoted();
    void phases();
    void marksWholeWordsOnly();
    void proseWrapsToItsWidth();
    void headersModel();
};

void TestAnswerParts::durations() {
    QCOMPARE(durationText(3.44), QStringLiteral("3.4 ms"));
    QCOMPARE(durationText(38), QStringLiteral("38 ms"));
    QCOMPARE(durationText(1239), QStringLiteral("1.24 s"));
    QCOMPARE(durationText(125000), QStringLiteral("2 min 5 s"));
    QCOMPARE(durationText(-1), QStringLiteral("not needed"));
}

void TestAnswerParts::sizes() {
    QCOMPARE(sizeText(312), QStringLiteral("312 B"));
    QCOMPARE(sizeText(1024), QStringLiteral("1 kB"));
    QCOMPARE(sizeText(4300), QStringLiteral("4.2 kB"));
    QCOMPARE(sizeText(100 * 1024 * 1024), QStringLiteral("100 MB"));
    QCOMPARE(sizeText(3LL * 1024 * 1024 * 1024 / 2), QStringLiteral("1.5 GB"));
}

void TestAnswerParts::statuses() {
    QCOMPARE(statusText(403, {}), QStringLiteral("403 Forbidden"));
    QCOMPARE(statusText(200, "Fine"), QStringLiteral("200 Fine"));
    QCOMPARE(statusTone(204), Tone::Good);
    QCOMPARE(statusTone(302), Tone::Info);
    QCOMPARE(statusTone(500), Tone::Bad);
    ConnectionInfo plain;
    QCOMPARE(versionText(plain, "1.1"), QStringLiteral("HTTP/1.1"));
}

void TestAnswerParts::rateLimits() {
    RateLimitState state;
    state.limit = 100;
    state.remaining = 71;
    state.resetSeconds = 24;
    QCOMPARE(rateLimitText(state, 0), QStringLiteral("71 of 100, resets in 24 s"));
    QCOMPARE(rateLimitText(state, 20), QStringLiteral("71 of 100, resets in 4 s"));
    QCOMPARE(rateLimitText(state, 30), QStringLiteral("71 of 100, has reset"));
    RateLimitState retry;
    retry.retryAfterSeconds = 120;
    QCOMPARE(rateLimitText(retry, 0), QStringLiteral("try again in 2 min"));
}

void TestAnswerParts::totalCountsFromTheFirstHop() {
    QCOMPARE(totalTime(samples::redirected().hops), 17.0 + 38.0);
    QCOMPARE(totalTime({}), 0.0);
}

void TestAnswerParts::grownBodyIsNoted() {
    Response response;
    response.body = QByteArray(50 * 1024 * 1024, 'a');
    response.encodedBodyBytes = 50 * 1024;
    QCOMPARE(bodyNotes(response),
             QStringList{QStringLiteral("50 kB on the wire became 50 MB when decompressed.")});
    response.encodedBodyBytes = 20 * 1024 * 1024;
    QVERIFY(bodyNotes(response).isEmpty());
}

void TestAnswerParts::phases() {
    const QList<TimelinePhase> full = phasesOf({1, 5, 12, 13, 30, 34}, 100);
    QCOMPARE(full.size(), 6);
    const double lengths[] = {1, 4, 7, 1, 17, 4};
    double at = 100;
    for (int i = 0; i < 6; ++i) {
        QCOMPARE(full[i].start, at);
        QCOMPARE(full[i].length, lengths[i]);
        at += lengths[i];
    }
    // A reused connection has no lookup, no connect and no handshake.
    const QList<TimelinePhase> reused = phasesOf({-1, -1, -1, 0.2, 10, 11}, 0);
    QVERIFY(reused[0].length < 0 && reused[1].length < 0 && reused[2].length < 0);
    QCOMPARE(reused[4].length, 9.8);
}

void TestAnswerParts::marksWholeWordsOnly() {
    EvidenceWords words;
    words.missingScopes = {QStringLiteral("users"), QStringLiteral("users:delete")};
    words.tokenScopes = {QStringLiteral("users:read")};
    words.quoted = QStringLiteral("WWW-Authenticate: Bearer error=\"insufficient_scope\"");
    const QString text = QStringLiteral("It asks for users:delete in ") + words.quoted +
                         QStringLiteral(". Superusers have users:read: users:readers do not.");
    QStringList marked;
    for (const ProseMark& mark : markEvidence(text, words))
        marked << text.mid(mark.start, mark.length);
    QCOMPARE(marked,
             (QStringList{QStringLiteral("users:delete"), words.quoted, QStringLiteral("users:read")}));
}

void TestAnswerParts::proseWrapsToItsWidth() {
    Prose prose;
    const QString text =
        QStringLiteral("This token carries users:read and more words that take several lines when narrow.");
    prose.setProse(text, markEvidence(text, {{}, {QStringLiteral("users:read")}, {}}));
    QCOMPARE(prose.text(), text);
    QVERIFY(prose.heightForWidth(150) > prose.heightForWidth(1200));
    // A word without a break is broken rather than cut.
    prose.setProse(QString(400, u'x'), {});
    QVERIFY(prose.heightForWidth(200) > 3 * prose.heightForWidth(100000));
    // A line break in the text is one on the screen.
    prose.setProse(QStringLiteral("a\nb"), {});
    const int two = prose.heightForWidth(1000);
    prose.setProse(QStringLiteral("a b"), {});
    QVERIFY(two > prose.heightForWidth(1000));
}

void TestAnswerParts::headersModel() {
    AnswerHeadersModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    HeaderList first;
    first.append("Link", "</a.css>");
    HeaderList second;
    second.append("A", "1");
    second.append("a", "<b>2</b>");
    model.setGroups({{QStringLiteral("Early"), first}, {QStringLiteral("Answer"), second}});
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex answer = model.index(1, 0);
    QVERIFY(model.isGroup(answer));
    QCOMPARE(model.rowCount(answer), 2);
    const QModelIndex value = model.index(1, AnswerHeadersModel::Value, answer);
    QCOMPARE(value.data().toString(), QStringLiteral("<b>2</b>"));
    QVERIFY(value.data(Qt::ToolTipRole).toString().contains(QLatin1String("&lt;b&gt;")));
    QCOMPARE(value.parent(), answer);
    QCOMPARE(model.lineText(value), QStringLiteral("a: <b>2</b>"));
    QCOMPARE(model.find("A"), model.index(0, 0, answer));
    QVERIFY(!model.find("Missing").isValid());
    QCOMPARE(model.allText(), QStringLiteral("Early\nLink: </a.css>\n\nAnswer\nA: 1\na: <b>2</b>"));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setGroups({});
    QCOMPARE(reset.count(), 1);
    QCOMPARE(model.rowCount(), 0);
}

QTEST_MAIN(TestAnswerParts)
#include "test_answer_parts.moc"
