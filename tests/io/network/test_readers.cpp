// SPDX-License-Identifier: GPL-3.0-or-later
// The parts without a network: header lines, unpacking, notes.
#include "io/network/body_decoder.h"
#include "io/network/body_notes.h"
#include "io/network/response_reader.h"

#include <QTest>

using namespace kb;

class TestReaders : public QObject {
    Q_OBJECT

    static ResponseReader read(const QByteArray& text) {
        ResponseReader reader;
        qsizetype at = 0;
        while (at < text.size()) {
            const qsizetype end = text.indexOf('\n', at) + 1;
            reader.line(QByteArrayView(text).sliced(at, end - at));
            at = end;
        }
        return reader;
    }

private Q_SLOTS:
    void statusLines_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("usual") << QByteArray("HTTP/1.1 200 OK\r\n") << QByteArray("1.1") << 200
                               << QByteArray("OK");
        QTest::newRow("bare LF") << QByteArray("HTTP/1.0 404 Not here\n") << QByteArray("1.0") << 404
                                 << QByteArray("Not here");
        QTest::newRow("h2") << QByteArray("HTTP/2 204 \r\n") << QByteArray("2") << 204 << QByteArray();
        QTest::newRow("no reason") << QByteArray("HTTP/1.1 500\r\n") << QByteArray("1.1") << 500
                                   << QByteArray();
        QTest::newRow("version alone")
            << QByteArray("HTTP/1.1\r\n") << QByteArray("1.1") << 0 << QByteArray();
        QTest::newRow("cut") << QByteArray("HTTP/\r\n") << QByteArray() << 0 << QByteArray();
    }
    void statusLines() {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, version);
        QFETCH(int, status);
        QFETCH(QByteArray, reason);
        ResponseReader reader = read(line + "\r\n");
        QVERIFY(reader.headersEnded());
        QCOMPARE(reader.response().httpVersion, version);
        QCOMPARE(reader.response().status, status);
        QCOMPARE(reader.response().reason, reason);
    }

    void oddFieldLines() {
        const ResponseReader reader = read("HTTP/1.1 200 OK\r\n folded too early\r\nA:1\r\nB :2\r\nno "
                                           "colon\r\nC:\r\n \r\n\tx\r\n:d\r\n\r\n");
        const QList<HeaderField>& f = reader.response().headers.fields;
        QCOMPARE(f.size(), 6);
        QCOMPARE(f.at(1), (HeaderField{"A", "1"}));
        QCOMPARE(f.at(2), (HeaderField{"B ", "2"}));
        QCOMPARE(f.at(3), (HeaderField{"no colon", ""}));
        QCOMPARE(f.at(4), (HeaderField{"C", "x"}));
        QCOMPARE(f.at(5), (HeaderField{"", "d"}));
    }

    void lengths() {
        QCOMPARE(read("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n").response().declaredLength, 12);
        QCOMPARE(read("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n").response().declaredLength, -1);
        QCOMPARE(read("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n").response().declaredLength, -1);
        QCOMPARE(read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")
                     .response()
                     .declaredLength,
                 2);
    }

    void unfinishedBlocksAreKeptOnlyOfAFinalAnswer() {
        ResponseReader cut = read("HTTP/1.1 200 OK\r\nA: 1\r\n");
        QVERIFY(cut.answerBegan());
        QVERIFY(!cut.headersEnded());
        cut.takeUnfinished();
        QCOMPARE(cut.response().headers.size(), 1);
        ResponseReader interim = read("HTTP/1.1 103 Early Hints\r\nLink: x\r\n");
        interim.takeUnfinished();
        QVERIFY(!interim.answerBegan());
        QCOMPARE(interim.response().headers.size(), 0);
    }

    void codings() {
        const auto codings = [](const char* value) {
            HeaderList headers;
            if (value) headers.append("content-encoding", value);
            return contentCodings(headers).value_or(QList<QByteArray>{"unknown"});
        };
        QCOMPARE(codings(nullptr), QList<QByteArray>());
        QCOMPARE(codings("identity"), QList<QByteArray>());
        QCOMPARE(codings("GZIP"), QList<QByteArray>{"gzip"});
        QCOMPARE(codings("gzip, identity"), QList<QByteArray>{"gzip"});
        QCOMPARE(codings("deflate,  br"), (QList<QByteArray>{"deflate", "br"}));
        QCOMPARE(codings("gzip, aws-chunked"), QList<QByteArray>{"unknown"});
    }

    /// However the bytes are cut on their way, and however little room there is, the same comes out.
    void unpackingInPieces() {
        const QByteArray packed =
            QByteArray::fromBase64("G/cC+J0J8fYnYyKWiVNfg0CFjSm3umZxIZOTZWtwKYs+leUINZyDnfbbDdqMJA==");
        const QByteArray text = QByteArray("Packed with care, unpacked with care. ").repeated(20);
        for (const qsizetype piece : {qsizetype(1), qsizetype(7), packed.size()}) {
            for (const qsizetype room : {qsizetype(1), qsizetype(13), qsizetype(4096)}) {
                BodyDecoder decoder;
                QVERIFY(!decoder.active());
                decoder.begin({"br"});
                QByteArray out;
                QByteArray block(room, 0);
                for (qsizetype at = 0; at < packed.size(); at += piece) {
                    QVERIFY(!decoder.complete());
                    decoder.feed(QByteArrayView(packed).sliced(at, std::min(piece, packed.size() - at)));
                    while (const qsizetype count = decoder.read(block.data(), room))
                        out.append(block.constData(), count);
                }
                QVERIFY(decoder.complete());
                QVERIFY(!decoder.failed());
                QCOMPARE(out, text);
            }
        }
    }

    void sentFields() {
        HeaderList asked;
        const HeaderList made = parseSentFields(
            "GET http://x/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic abc\r\nE:\r\n\r\n", asked);
        QCOMPARE(made.size(), 3);
        QCOMPARE(made.fields.at(1).value, QByteArray("Basic ***"));
        QCOMPARE(made.fields.at(2), (HeaderField{"E", ""}));
        asked.append("proxy-authorization", "Basic abc");
        const HeaderList own =
            parseSentFields("GET / HTTP/1.1\r\nproxy-authorization: Basic abc\r\n\r\n", asked);
        QCOMPARE(own.fields.first().value, QByteArray("Basic abc"));
    }

    void byteCounts() {
        QCOMPARE(byteCount(0), QStringLiteral("0 bytes"));
        QCOMPARE(byteCount(1), QStringLiteral("1 byte"));
        QCOMPARE(byteCount(9999), QStringLiteral("9999 bytes"));
        QCOMPARE(byteCount(48700), QStringLiteral("48.7 kB"));
        QCOMPARE(byteCount(50000000), QStringLiteral("50.0 MB"));
    }
};

QTEST_GUILESS_MAIN(TestReaders)
#include "test_readers.moc"
