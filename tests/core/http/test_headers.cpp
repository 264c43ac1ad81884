// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/headers.h"
#include "core/http/message.h"

#include <QtTest>

using namespace kb;

class TestHeaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listKeepsOrderAndRepeats() {
        HeaderList list;
        QVERIFY(list.isEmpty());
        list.append("X-A", "1");
        list.append("Set-Cookie", "a=1");
        list.append("x-a", "2");
        list.append("Set-Cookie", "b=2");
        QCOMPARE(list.size(), 4);
        QVERIFY(list.contains("X-a"));
        QVERIFY(!list.contains("X-B"));
        QVERIFY(!list.contains("X-"));
        QCOMPARE(list.first("X-A").value(), "1");
        QVERIFY(!list.first("missing"));
        QCOMPARE(list.all("set-cookie"), (QList<QByteArray>{"a=1", "b=2"}));
        QCOMPARE(list.all("missing"), QList<QByteArray>());
        list.removeAll("x-A");
        QCOMPARE(list.size(), 2);
        QCOMPARE(list.fields[0], (HeaderField{"Set-Cookie", "a=1"}));
        QCOMPARE(list.fields[1], (HeaderField{"Set-Cookie", "b=2"}));
    }

    void namesCompareWithoutCase() {
        QVERIFY(sameFieldName("WWW-Authenticate", "Www-authenticate"));
        QVERIFY(!sameFieldName("WWW-Authenticate", "WWW_Authenticate"));
        QVERIFY(!sameFieldName("Cookie", "Cookie2"));
        QVERIFY(sameFieldName("", ""));
    }

    void tokens() {
        QVERIFY(isToken("GET"));
        QVERIFY(isToken("M-SEARCH"));
        QVERIFY(isToken("!#$%&'*+-.^_`|~09azAZ"));
        for (const char* bad : {"", "a b", "a:", "a/b", "a\t", "(a)", "a,b", "a;b", "a=b", "a@b", "\"a\"",
                                "{a}", "a\\b", "[a]", "<a>", "a?b", "gr\xc3\xbcn", "a\x7f"})
            QVERIFY2(!isToken(bad), bad);
        QVERIFY(!isToken(QByteArrayView("a\0b", 3)));
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qsizetype>("position");
        const auto row = [](const char* title, const QByteArray& name, const QByteArray& value,
                            qsizetype position) { QTest::newRow(title) << name << value << position; };
        row("no name", "", "x", 0);
        row("space in name", "X Y", "x", 1);
        row("colon in name", "X:", "x", 1);
        row("line break in name", "X\r\nY", "x", 1);
        row("NUL in name", QByteArray("X\0", 2), "x", 1);
        row("umlaut in name", "X\xc3\xbc", "x", 1);
        row("CR in value", "X", "ab\rc", 2);
        row("LF in value", "X", "ab\nInjected: 1", 2);
        row("CRLF in value", "X", "\r\nInjected: 1", 0);
        row("LF at the end", "X", "abc\n", 3);
        row("NUL in value", "X", QByteArray("a\0b", 3), 1);
    }
    void refused() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        const auto result = checkHeaderField({name, value});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::InvalidInput);
        QTEST(result.error().position, "position");
        QVERIFY(!result.error().what.isEmpty());
        QVERIFY(!result.error().next.isEmpty());
    }

    void allowed() {
        QVERIFY(checkHeaderField({"X-A", ""}));
        QVERIFY(checkHeaderField({"X-A", "any text, \"quotes\"; and\ttabs"}));
        QVERIFY(checkHeaderField({"X-A", "gr\xc3\xbcn \xff"}));
    }

    void errorSaysWhichButNotWhat() {
        const auto bad = checkHeaderField({"X-Api-Key", "sw0rdfish\r\n"});
        QVERIFY(bad.error().text().contains("X-Api-Key"));
        QVERIFY(bad.error().text().contains("10"));
        QVERIFY(!bad.error().text().contains("sw0rdfish"));
        // A whole header pasted into the name.
        QVERIFY(
            !checkHeaderField({"Authorization: Bearer sw0rdfish", ""}).error().text().contains("sw0rdfish"));
    }

    void statusMeanings() {
        QCOMPARE(statusMeaning(200).name, "OK");
        QCOMPARE(statusMeaning(103).name, "Early Hints");
        QCOMPARE(statusMeaning(422).name, "Unprocessable Content");
        QCOMPARE(statusMeaning(429).name, "Too Many Requests");
        QCOMPARE(statusMeaning(451).name, "Unavailable For Legal Reasons");
        QCOMPARE(statusMeaning(511).name, "Network Authentication Required");
        QVERIFY(statusMeaning(401).meaning != statusMeaning(403).meaning);
        QVERIFY(statusMeaning(401).meaning.contains("credentials"));
        // A code nobody registered is told by its class (RFC 9110 §15).
        QCOMPARE(statusMeaning(499).name, QString());
        QVERIFY(!statusMeaning(499).meaning.isEmpty());
        QCOMPARE(statusMeaning(499).meaning, statusMeaning(498).meaning);
        QVERIFY(statusMeaning(499).meaning != statusMeaning(599).meaning);
        QVERIFY(!statusMeaning(999).meaning.isEmpty());
        QVERIFY(!statusMeaning(0).meaning.isEmpty());
    }

    void everyRegisteredStatusIsKnown() {
        const QList<int> registered{100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208,
                                    226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403,
                                    404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416,
                                    417, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501,
                                    502, 503, 504, 505, 506, 507, 508, 510, 511};
        QSet<QString> meanings;
        for (const int status : registered) {
            QVERIFY2(!statusMeaning(status).name.isEmpty(), QByteArray::number(status).constData());
            QVERIFY2(statusMeaning(status).meaning.endsWith('.'), QByteArray::number(status).constData());
            meanings.insert(statusMeaning(status).meaning);
        }
        QCOMPARE(meanings.size(), registered.size());
    }
};

QTEST_GUILESS_MAIN(TestHeaders)
#include "test_headers.moc"
