// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/rate_limit.h"

#include <QtTest>

using namespace kb;

namespace {

constexpr qint64 now = 1'700'000'000'000; // Tue, 14 Nov 2023 22:13:20 GMT

HeaderList headers(const QByteArray& lines) {
    HeaderList list;
    for (const QByteArray& line : lines.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        list.append(line.left(colon), line.mid(colon + 1).trimmed());
    }
    return list;
}

QByteArray number(const std::optional<qint64>& value) {
    return value ? QByteArray::number(*value) : QByteArray("-");
}

/// limit remaining reset retry, "?" when the reset was guessed, then policy and source.
QByteArray shown(const std::optional<RateLimitState>& state) {
    if (!state) return "nothing";
    return number(state->limit) + ' ' + number(state->remaining) + ' ' + number(state->resetSeconds) +
           (state->resetGuessed ? "? " : " ") + number(state->retryAfterSeconds) + " '" +
           state->policy.toUtf8() + "' " + state->source.toUtf8();
}

} // namespace

class TestRateLimit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_16_fields_data() {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const QByteArray& lines, const QByteArray& expected) {
            QTest::newRow(name) << lines << expected;
        };
        row("nothing told", "Content-Type: text/plain", "nothing");

        // Retry-After
        row("seconds", "Retry-After: 120", "- - - 120 '' Retry-After");
        row("zero", "Retry-After: 0", "- - - 0 '' Retry-After");
        row("date", "Retry-After: Tue, 14 Nov 2023 22:14:00 GMT", "- - - 40 '' Retry-After");
        row("date in the past", "Retry-After: Tue, 14 Nov 2023 22:00:00 GMT", "- - - 0 '' Retry-After");
        row("negative seconds", "Retry-After: -5", "nothing");
        row("signed seconds", "Retry-After: +5", "nothing");
        row("words", "Retry-After: soon", "nothing");
        row("a fraction", "Retry-After: 1.5", "nothing");

        // The structured fields of the present draft
        row("draft", "RateLimit: \"default\";r=50;t=30", "- 50 30 - 'default' RateLimit");
        row("draft with policy", "RateLimit-Policy: \"default\";q=100;w=60\nRateLimit: \"default\";r=50;t=30",
            "100 50 30 - 'default' RateLimit");
        row("draft without t", "RateLimit: \"default\";r=50", "- 50 - - 'default' RateLimit");
        row("tightest of several",
            "RateLimit-Policy: \"burst\";q=100;w=60,\"daily\";q=1000;w=86400\n"
            "RateLimit: \"burst\";r=40;t=30, \"daily\";r=7;t=3600",
            "1000 7 3600 - 'daily' RateLimit");
        row("several lines", "RateLimit: \"a\";r=5;t=1\nRateLimit: \"b\";r=4;t=2", "- 4 2 - 'b' RateLimit");
        row("partition key and quota unit",
            "RateLimit-Policy: \"peruser\";q=100;w=60;qu=\"requests\";pk=:cHsdsRa894==:\n"
            "RateLimit: \"peruser\";r=99;t=59;pk=:cHsdsRa894==:",
            "100 99 59 - 'peruser' RateLimit");
        row("token name", "RateLimit: default;r=50;t=30", "- 50 30 - 'default' RateLimit");
        row("only a policy", "RateLimit-Policy: \"default\";q=100;w=60",
            "100 - - - 'default' RateLimit-Policy");
        row("policy of another name", "RateLimit-Policy: \"a\";q=100\nRateLimit: \"b\";r=1",
            "- 1 - - 'b' RateLimit");
        row("with Retry-After", "Retry-After: 9\nRateLimit: \"d\";r=0;t=30", "- 0 30 9 'd' RateLimit");

        // Malformed: the whole field is ignored
        row("open string", "RateLimit: \"default;r=50;t=30", "nothing");
        row("negative r", "RateLimit: \"default\";r=-1", "nothing");
        row("r is a string", "RateLimit: \"default\";r=\"5\"", "nothing");
        row("no r", "RateLimit: \"default\";t=5", "nothing");
        row("second member malformed", "RateLimit: \"a\";r=1, \"b\"r=2", "nothing");
        row("comma at the end", "RateLimit: \"a\";r=1,", "nothing");
        row("s5_16 t is a string", "RateLimit: \"a\";r=1;t=\"5\"", "nothing");
        row("s5_16 t is negative", "RateLimit: \"a\";r=1;t=-5", "nothing");
        row("s5_16 pk is a string", "RateLimit: \"a\";r=1;pk=\"x\"", "nothing");
        row("s5_16 second policy without q", "RateLimit-Policy: \"a\";q=10;w=60, \"b\";w=60", "nothing");
        row("s5_16 first policy's q is a string", "RateLimit-Policy: \"a\";q=\"10\", \"b\";q=5", "nothing");
        row("s5_16 a policy's w is a decimal", "RateLimit-Policy: \"a\";q=10;w=0.5", "nothing");
        row("s5_16 a policy is an inner list", "RateLimit-Policy: (\"a\");q=10, \"b\";q=5", "nothing");
        row("s5_16 a policy's unit is a number", "RateLimit-Policy: \"a\";q=10;qu=1", "nothing");
        row("s5_16 one policy is wrong, good limit",
            "RateLimit-Policy: \"a\";q=100, \"b\";q=-1\nRateLimit: \"a\";r=1;t=5", "- 1 5 - 'a' RateLimit");
        row("s5_16 dictionary with a wrong member", "RateLimit: limit=100, remaining=x, reset=5", "nothing");
        row("s5_16 dictionary with an inner list", "RateLimit: limit=(100), remaining=5", "nothing");
        row("malformed policy, good limit", "RateLimit-Policy: \"a\";;\nRateLimit: \"a\";r=1",
            "- 1 - - 'a' RateLimit");
        row("malformed field, good old triple", "RateLimit: \"a\";r=x\nX-RateLimit-Remaining: 3",
            "- 3 - - '' X-RateLimit-Remaining");

        // Older drafts
        row("dictionary", "RateLimit: limit=100, remaining=50, reset=5", "100 50 5 - '' RateLimit");
        row("dictionary with policy",
            "RateLimit-Policy: 100;w=10\nRateLimit: limit=100, remaining=0, reset=5",
            "100 0 5 - '' RateLimit");
        row("three fields", "RateLimit-Limit: 100\nRateLimit-Remaining: 99\nRateLimit-Reset: 30",
            "100 99 30 - '' RateLimit-Limit");
        row("limit with quota policy",
            "RateLimit-Limit: 100, 100;w=60\nRateLimit-Remaining: 99\nRateLimit-Reset: 30",
            "100 99 30 - '' RateLimit-Limit");
        row("specified reset that is a time", "RateLimit-Remaining: 1\nRateLimit-Reset: 1700000060",
            "- 1 60? - '' RateLimit-Remaining");

        // Vendors
        row("seconds left", "X-RateLimit-Limit: 60\nX-RateLimit-Remaining: 59\nX-RateLimit-Reset: 42",
            "60 59 42? - '' X-RateLimit-Limit");
        row("epoch", "X-RateLimit-Limit: 60\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1700000042",
            "60 0 42? - '' X-RateLimit-Limit");
        row("epoch with fraction", "X-RateLimit-Reset: 1700000042.25", "- - 43? - '' X-RateLimit-Reset");
        row("epoch-ms", "X-RateLimit-Reset: 1700000042001", "- - 43? - '' X-RateLimit-Reset");
        row("epoch in the past", "X-RateLimit-Reset: 1600000000", "- - 0? - '' X-RateLimit-Reset");
        row("seconds with fraction", "X-RateLimit-Remaining: 3.0\nX-RateLimit-Reset: 41.2",
            "- 3 42? - '' X-RateLimit-Remaining");
        row("just under an epoch", "X-RateLimit-Reset: 999999999", "- - 999999999? - '' X-RateLimit-Reset");
        row("a date", "X-RateLimit-Reset: Tue, 14 Nov 2023 22:14:20 GMT", "- - 60 - '' X-RateLimit-Reset");
        row("other spelling",
            "X-Rate-Limit-Limit: 15\nx-rate-limit-remaining: 14\nX-Rate-Limit-Reset: 1700000900",
            "15 14 900? - '' X-Rate-Limit-Limit");
        row("the standard field wins", "X-RateLimit-Remaining: 1\nRateLimit-Remaining: 2",
            "- 2 - - '' RateLimit-Remaining");
        row("words for numbers", "X-RateLimit-Limit: many\nX-RateLimit-Reset: soon", "nothing");
        row("negative remaining", "X-RateLimit-Remaining: -1", "nothing");
        row("number with tail", "X-RateLimit-Limit: 60abc", "nothing");
        row("far too large", "X-RateLimit-Limit: 99999999999999999999", "nothing");
    }
    void s5_16_fields() {
        QFETCH(QByteArray, lines);
        QTEST(shown(readRateLimit(headers(lines), now)), "expected");
    }

    void s5_16_dates_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("seconds"); // -1: no date
        const auto row = [](const QByteArray& text, qint64 seconds) {
            QTest::newRow(text.isEmpty() ? "empty" : text.constData()) << text << seconds;
        };
        // The three forms of RFC 9110 §5.6.7, one moment.
        row("Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
        row("Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
        row("Sun Nov  6 08:49:37 1994", 784111777);
        row("Wed Nov 16 08:49:37 1994", 784975777);
        row("  Sun, 06 Nov 1994 08:49:37 GMT\t", 784111777);
        row("Thu, 01 Jan 1970 00:00:00 GMT", 0);
        row("Thu, 29 Feb 2024 23:59:59 GMT", 1709251199);
        row("Fri, 31 Dec 9999 23:59:59 GMT", 253402300799);
        row("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800); // a leap second
        row("Friday, 31-Dec-99 23:59:59 GMT", 946684799);
        row("Monday, 01-Jan-73 00:00:00 GMT", 3250454400); // 2073 is fifty years ahead, no more
        row("Tuesday, 01-Jan-74 00:00:00 GMT", 126230400);
        row("", -1);
        row("0", -1);
        row("Sun, 06 Nov 1994 08:49:37", -1);
        row("Sun, 06 Nov 1994 08:49:37 UTC", -1);
        row("Sun, 06 Nov 1994 08:49:37 +0000", -1);
        row("Sun, 6 Nov 1994 08:49:37 GMT", -1);
        row("Sun, 06 Nov 94 08:49:37 GMT", -1);
        row("06 Nov 1994 08:49:37 GMT", -1);
        row("Sun, 31 Feb 1994 08:49:37 GMT", -1);
        row("Sun, 06 Nov 1994 24:00:00 GMT", -1);
        row("Sun, 06 Nov 1994 08:60:37 GMT", -1);
        row("Sun, 06 Nov 1994 08:49:61 GMT", -1);
        row("Son, 06 Nov 1994 08:49:37 GMT", -1);
        row("Sun, 06 Nov 1994 08:49:37 GMT GMT", -1);
        row("1994-11-06T08:49:37Z", -1);
    }
    void s5_16_dates() {
        QFETCH(QByteArray, text);
        QFETCH(qint64, seconds);
        const auto read = parseHttpDate(text, now);
        QCOMPARE(read.has_value(), seconds >= 0);
        if (read) QCOMPARE(*read, seconds * 1000);
    }

    void s5_16_dateWithTheSystemsTime() {
        QCOMPARE(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT").value(), 784111777000);
        QVERIFY(!parseHttpDate("never"));
    }
};

QTEST_GUILESS_MAIN(TestRateLimit)
#include "test_rate_limit.moc"
