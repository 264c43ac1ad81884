// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/secret.h"
#include "core/auth/secret_store.h"

#include <QtTest>

#include <cstring>

using namespace kb;

#ifdef Q_OS_LINUX
namespace {

/// What was wiped, as it was just before.
QByteArrayList& wiped() {
    static QByteArrayList list;
    return list;
}

} // namespace

// The program's own definition comes before the library's, so that every wipe is seen here. It wipes, too.
extern "C" void OPENSSL_cleanse(void* place, std::size_t length) {
    wiped().append(QByteArray(static_cast<const char*>(place), qsizetype(length)));
    std::memset(place, 0, length);
}
#endif

class TestSecret : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isNotCopyableOrPrintable() {
        static_assert(!std::is_copy_constructible_v<Secret>);
        static_assert(!std::is_copy_assignable_v<Secret>);
        static_assert(!std::is_convertible_v<Secret, std::string_view>);
        static_assert(!std::is_convertible_v<Secret, QByteArray>);
        static_assert(std::is_nothrow_move_constructible_v<Secret>);
    }

#ifdef Q_OS_LINUX
    void everyReleaseWipes() {
        const QByteArray text("a-secret-of-some-length");
        wiped().clear();
        {
            QByteArray bytes(text.constData(), text.size());
            Secret secret = Secret::take(bytes);
            QVERIFY(bytes.isEmpty());
            QCOMPARE(wiped().size(), 1); // the source
            QVERIFY(wiped().takeFirst().startsWith(text));
            Secret copy = secret.revealCopy();
            Secret moved = std::move(copy);
            copy = Secret("another-one");
            copy = std::move(moved); // wipes "another-one"
            QCOMPARE(wiped().size(), 1);
            QCOMPARE(wiped().constLast(), QByteArray("another-one"));
        }
        QCOMPARE(wiped().count(text), 2); // secret and copy, at the end of their lives
    }

    void textIsWipedWithTheRoomBehindIt() {
        wiped().clear();
        QString text = QStringLiteral("short");
        text.reserve(40);
        text.append(QStringLiteral("-and-a-long-secret"));
        text.truncate(5);
        wipeText(text);
        QCOMPARE(wiped().size(), 1);
        QVERIFY(wiped().constFirst().contains(QByteArray("s\0e\0c\0r\0e\0t", 11)));
    }

    void encodingLeavesOnlyTheResult() {
        SecretRecord record;
        record.secret = Secret("a-secret-of-some-length");
        wiped().clear();
        QByteArray bytes = encodeSecretRecord(record);
        const QByteArray base64 = QByteArray("a-secret-of-some-length").toBase64();
        QVERIFY(bytes.contains(base64));
        QCOMPARE(wiped().size(), 1); // the base64 on its way
        QVERIFY(wiped().constFirst().startsWith(base64));
    }
#endif

    void takeOfTextIsUtf8() {
        QString text = QStringLiteral("päss").append(QLatin1Char('!'));
        const Secret secret = Secret::take(text);
        QVERIFY(text.isEmpty());
        QCOMPARE(secret.size(), std::size_t(6));
        QVERIFY(secret.equals(Secret("p\xc3\xa4ss!")));
    }

    void aSharedBufferIsNotPulledAway() {
        QByteArray buffer(64, 'x');
        const QByteArray other = buffer;
        wipeBytes(buffer);
        QCOMPARE(other, QByteArray(64, 'x'));
        QVERIFY(buffer.isEmpty());
    }

    void sharedBuffersCanBeWipedOnPurpose() {
        const QByteArray buffer(64, 'x');
        const QByteArray other = buffer;
        wipeShared(buffer);
        QCOMPARE(other, QByteArray(64, '\0'));
        wipeShared(QByteArrayLiteral("read-only memory"));
        wipeShared(QByteArray());
    }

    void literalsAreLeftAlone() {
        QByteArray literal = QByteArrayLiteral("read-only memory");
        wipeBytes(literal);
        QVERIFY(literal.isEmpty());
        QString text = QStringLiteral("read-only memory");
        wipeText(text);
        QVERIFY(text.isEmpty());
    }

    void movingEmptiesTheSource() {
        Secret first("one-two-three");
        Secret second(std::move(first));
        QVERIFY(first.isEmpty()); // NOLINT: that a moved-from secret holds nothing is what is tested
        Secret third("old");
        third = std::move(second);
        QVERIFY(second.isEmpty()); // NOLINT
        QVERIFY(third.equals(Secret("one-two-three")));
        Secret& self = third;
        third = std::move(self);
        QVERIFY(third.equals(Secret("one-two-three")));
    }

    void comparesByContent() {
        QVERIFY(Secret("abc").equals(Secret("abc")));
        QVERIFY(!Secret("abc").equals(Secret("abd")));
        QVERIFY(!Secret("abc").equals(Secret("ab")));
        QVERIFY(Secret().equals(Secret("")));
    }

    void recordGoesRound_data() {
        QTest::addColumn<QByteArray>("secret");
        QTest::newRow("text") << QByteArray("eyJhbGciOiJub25lIn0.e30.");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("all bytes") << [] {
            QByteArray bytes;
            for (int i = 0; i < 256; ++i)
                bytes.append(char(i));
            return bytes;
        }();
        QTest::newRow("20 kB") << QByteArray(20000, 'k');
    }
    void recordGoesRound() {
        QFETCH(QByteArray, secret);
        SecretRecord record;
        record.secret = Secret(std::string_view(secret.constData(), std::size_t(secret.size())));
        record.allowedOrigins = {QStringLiteral("https://api.example.com"),
                                 QStringLiteral("say \"secret\":\"x\"")};
        record.plainHttpOrigins = {QStringLiteral("http://intranet:8080")};
        record.insecureTlsOrigins = {QStringLiteral("https://ü.example")};
        const QByteArray bytes = encodeSecretRecord(record);
        const Result<SecretRecord> back = decodeSecretRecord(bytes);
        QVERIFY2(back.has_value(), back ? "" : qPrintable(back.error().text()));
        QVERIFY(back->secret.equals(record.secret));
        QCOMPARE(back->allowedOrigins, record.allowedOrigins);
        QCOMPARE(back->plainHttpOrigins, record.plainHttpOrigins);
        QCOMPARE(back->insecureTlsOrigins, record.insecureTlsOrigins);
        QVERIFY(record.revealCopy().secret.equals(record.secret));
    }

    void partsAndFactsGoRound() {
        SecretRecord record;
        record.secret = Secret("the-access-token");
        record.parts[QStringLiteral("refresh_token")] = Secret(std::string(20000, 'r'));
        record.parts[QStringLiteral("clé")] = Secret(std::string_view("\0\"secret\":\xff", 12));
        record.facts = {{QStringLiteral("token_url"), QStringLiteral("https://id.example/\"token\"")},
                        {QStringLiteral("scope"), QStringLiteral("users:read ü")}};
        QByteArray bytes = encodeSecretRecord(record);
        QVERIFY(!bytes.contains("refresh_token")); // the names of parts are bundled with them
        const Result<SecretRecord> back = decodeSecretRecord(bytes);
        QVERIFY2(back.has_value(), back ? "" : qPrintable(back.error().text()));
        QVERIFY(back->secret.equals(record.secret));
        QCOMPARE(back->parts.size(), std::size_t(2));
        for (const auto& [name, secret] : record.parts) {
            QVERIFY(back->part(name));
            QVERIFY(back->part(name)->equals(secret));
        }
        QVERIFY(!back->part(QStringLiteral("client_secret")));
        QCOMPARE(back->facts, record.facts);
        const SecretRecord copy = record.revealCopy();
        QCOMPARE(copy.facts, record.facts);
        QVERIFY(copy.part(QStringLiteral("refresh_token"))
                    ->equals(*record.part(QStringLiteral("refresh_token"))));
    }

    void withoutPartsOlderVersionsCanRead() {
        SecretRecord record;
        record.secret = Secret("abc");
        QVERIFY(encodeSecretRecord(record).startsWith(R"({"keybearer":1,"secret":"YWJj")"));
    }

    void recordOfOtherOrderReads() {
        const Result<SecretRecord> back =
            decodeSecretRecord("{ \"allowedOrigins\" : [\"https://a\"], \"secret\" : \"YWJj\", \"keybearer\" "
                               ": 1, \"more\": {} }");
        QVERIFY(back.has_value());
        QVERIFY(back->secret.equals(Secret("abc")));
        QCOMPARE(back->allowedOrigins, QStringList{QStringLiteral("https://a")});
    }

    void foreignItemsAreUnreadable_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("a bare token") << QByteArray("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");
        QTest::newRow("other JSON") << QByteArray(R"({"secret":"YWJj"})");
        QTest::newRow("newer") << QByteArray(R"({"keybearer":3,"secret":"YWJj"})");
        QTest::newRow("a bundle that is cut") << QByteArray(R"({"keybearer":2,"secret":"AAAABWFi"})");
        QTest::newRow("a name without its value") << QByteArray(R"({"keybearer":2,"secret":"AAAAAAAAAAFh"})");
        QTest::newRow("facts are no object")
            << QByteArray(R"({"keybearer":2,"secret":"AAAAAA==","facts":[]})");
        QTest::newRow("a fact is no text")
            << QByteArray(R"({"keybearer":2,"secret":"AAAAAA==","facts":{"a":1}})");
        QTest::newRow("not base64") << QByteArray(R"({"keybearer":1,"secret":"*"})");
        QTest::newRow("secret is no text") << QByteArray(R"({"keybearer":1,"secret":7})");
        QTest::newRow("cut") << QByteArray(R"({"keybearer":1,"secret":"YWJj"})").chopped(1);
        QTest::newRow("origins are no list")
            << QByteArray(R"({"keybearer":1,"secret":"YWJj","allowedOrigins":"x"})");
        QTest::newRow("origin is no text")
            << QByteArray(R"({"keybearer":1,"secret":"YWJj","allowedOrigins":[1]})");
    }
    void foreignItemsAreUnreadable() {
        QFETCH(QByteArray, bytes);
        const Result<SecretRecord> back = decodeSecretRecord(bytes);
        QVERIFY(!back.has_value());
        QCOMPARE(back.error().code, ErrorCode::SecretUnreadable);
        QVERIFY(!back.error().what.isEmpty());
        QVERIFY(!back.error().next.isEmpty());
        QVERIFY(!back.error().text().contains(QLatin1String("YWJj")));
        QVERIFY(!back.error().text().contains(QLatin1String("ghp_")));
    }
};

QTEST_GUILESS_MAIN(TestSecret)
#include "test_secret.moc"
