// SPDX-License-Identifier: GPL-3.0-or-later
// What history keeps of a run, what can be sent again, and how two answers differ.
#include "core/run/compare_answers.h"
#include "run_fakes.h"

using namespace kb;

class TestHistoryRecord : public QObject {
    Q_OBJECT
    static HistoryRecord answer(int status, const QByteArray& body, const QList<HeaderField>& headers = {}) {
        HistoryRecord record;
        record.entry.status = status;
        record.responseBody = body;
        record.responseHeaders = headers;
        return record;
    }

private Q_SLOTS:
    void aRequestComesBackWithoutWhatWasMasked() {
        HistoryRecord record;
        record.entry.method = QStringLiteral("POST");
        record.entry.url = QStringLiteral("https://h/a?x=1&key=********&y=2");
        record.entry.profileId = QStringLiteral("reader");
        record.requestHeaders = {{"Host", "h"},
                                 {"Accept", "*/*"},
                                 {"X-One", "1"},
                                 {"Content-Length", "2"},
                                 {"X-Key", "eyJh\u2022\u2022\u2022\u2022cQ1g"},
                                 {"User-Agent", "kb"},
                                 {"Authorization", "Bearer ********"},
                                 {"Content-Type", "application/json"},
                                 {"Accept-Encoding", "gzip"}};
        record.requestBody = "{}";
        record.hasRequestBody = true;
        const RequestSpec spec = requestOf(record);
        QCOMPARE(spec.url, QStringLiteral("https://h/a?x=1&y=2"));
        QCOMPARE(spec.headers, (QList<HeaderRow>{{QStringLiteral("X-One"), QStringLiteral("1"), {}, true}}));
        QCOMPARE(spec.body, (BodySpec{BodySpec::Kind::Json, QStringLiteral("{}"), {}}));
        QCOMPARE(spec.profileId, QStringLiteral("reader"));
        QVERIFY(spec.id.isEmpty());
    }

    /// Without an answer there is no redacted request: of what was typed only address and path are kept.
    void anUnansweredRequestKeepsNoSecret() {
        HistorySource source;
        source.spec.method = QStringLiteral("GET");
        source.spec.url = QStringLiteral("{{base}}/a?access_token=s3cret-in-the-query");
        source.spec.headers = {{QStringLiteral("X-Api-Key"), QStringLiteral("s3cret-in-a-header"), {}, true}};
        source.variables = {{QStringLiteral("base"), QStringLiteral("https://h.example:8443")}};
        RunResult result;
        result.error = Error{ErrorCode::TimedOut, QStringLiteral("Nothing came."), {}, {}, -1};
        const HistoryRecord record = historyRecord(source, result, 5);
        QCOMPARE(record.entry.url, QStringLiteral("https://h.example:8443/a"));
        QCOMPARE(record.entry.host, QStringLiteral("h.example:8443"));
        QCOMPARE(record.entry.problem, QStringLiteral("Nothing came."));
        QCOMPARE(record.entry.status, 0);
        QVERIFY(record.requestHeaders.isEmpty() && record.requestBody.isEmpty());
    }

    void answersAreCompared() {
        const QList<HeaderField> json{{"Content-Type", "application/json"}, {"Date", "now"}, {"X-A", "1"}};
        const QList<HeaderField> other{{"content-type", "application/json"}, {"Date", "later"}, {"X-B", "2"}};
        QVERIFY(compareAnswers(answer(200, "{\"a\": 1}", json), answer(200, "{\"a\": 1}", json)).isEmpty());
        // Space is no difference, order of members neither.
        QVERIFY(compareAnswers(answer(200, "{\"a\":1,\"b\":2}"), answer(200, "{ \"b\": 2, \"a\": 1 }"))
                    .isEmpty());
        const QList<AnswerDifference> all =
            compareAnswers(answer(200, "{\"u\":[{\"n\":\"Ada\",\"a/b\":1}],\"gone\":{}}", json),
                           answer(403, "{\"u\":[{\"n\":\"Bob\",\"a/b\":1},7]}", other));
        const auto row = [](const char* what, const char* left, const char* right) {
            return AnswerDifference{QLatin1String(what), QLatin1String(left), QLatin1String(right)};
        };
        QCOMPARE(all,
                 (QList<AnswerDifference>{row("status", "200", "403"), row("header x-a", "1", ""),
                                          row("header x-b", "", "2"), row("/u/0/n", "\"Ada\"", "\"Bob\""),
                                          row("/gone", "{}", ""), row("/u/1", "", "7")}));
        QCOMPARE(compareAnswers(answer(200, "a"), answer(200, "b")).first().what, QStringLiteral("body"));
    }
};

QTEST_GUILESS_MAIN(TestHistoryRecord)
#include "test_history_record.moc"
