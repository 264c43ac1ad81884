// SPDX-License-Identifier: GPL-3.0-or-later
// Endless and swelling bodies, stopping, and destroying a transfer at any moment.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace kb;
using namespace kb::test;

class TestLimits : public QObject {
    Q_OBJECT
    RawServer m_server;

    /// What the callbacks of one transfer told.
    struct Watch {
        int finished = 0;
        int limits = 0;
        qint64 received = 0;
        qint64 expected = 0;
        std::optional<Result<TransportReply>> result;
        TransferCallbacks callbacks(bool withLimit) {
            TransferCallbacks c;
            c.finished = [this](Result<TransportReply> r) {
                ++finished;
                result = std::move(r);
            };
            c.progress = [this](qint64 r, qint64 e) {
                received = r;
                expected = e;
            };
            if (withLimit) c.limitReached = [this](const TransportReply&) { ++limits; };
            return c;
        }
    };
    static TransportOptions limited(qint64 bytes) {
        TransportOptions options = plain();
        options.bodyLimit = bytes;
        return options;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start()); }

    void endlessBodyEndsAtTheLimit() {
        CurlTransport transport;
        KB_REPLY(reply, transport, m_server.url("/endless"), limited(1000000));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::LimitReached);
        QCOMPARE(reply.response.body.size(), 1000000);
        QVERIFY2(reply.response.bodyNote.contains(QStringLiteral("limit of 1.0 MB")),
                 qPrintable(reply.response.bodyNote));
        KB_REPLY(next, transport, m_server.url("/hello"), limited(5));
        QCOMPARE(next.response.bodyEnd, BodyEnd::Complete); // exactly the limit is not beyond it
    }

    void keepGoingToTheNextLimitAndThenStop() {
        CurlTransport transport;
        Watch watch;
        const auto transfer =
            transport.send(get(m_server.url("/endless")), limited(100000), watch.callbacks(true));
        QVERIFY(spinUntil([&] { return watch.limits == 1; }));
        QTest::qWait(50);
        QCOMPARE(watch.limits, 1);
        QCOMPARE(watch.finished, 0);
        transfer->keepGoing(5000000);
        QVERIFY(spinUntil([&] { return watch.limits == 2; }));
        QCOMPARE(watch.finished, 0);
        transfer->stop();
        QCOMPARE(watch.finished, 0); // later, never inside the call
        QVERIFY(spinUntil([&] { return watch.finished > 0; }));
        QCOMPARE(watch.finished, 1);
        QVERIFY(watch.result->has_value());
        const Response& response = (*watch.result)->response;
        QCOMPARE(response.bodyEnd, BodyEnd::LimitReached);
        QCOMPARE(response.body.size(), 5000000);
        QVERIFY(response.body.startsWith("endless\nendless\n"));
        for (qsizetype i = 0; i < response.body.size(); i += 8) // nothing lost or doubled where it paused
            QVERIFY(response.body.mid(i, 8) == "endless\n");
    }

    void keepGoingToTheEnd() {
        CurlTransport transport;
        for (const qint64 first : {qint64(1), qint64(1000), qint64(65536), qint64(19999999)}) {
            Watch watch;
            const auto transfer =
                transport.send(get(m_server.url("/big")), limited(first), watch.callbacks(true));
            QVERIFY(spinUntil([&] { return watch.limits == 1; }));
            transfer->keepGoing(0);
            QVERIFY(spinUntil([&] { return watch.finished == 1; }));
            QVERIFY(watch.result->has_value());
            const Response& response = (*watch.result)->response;
            QCOMPARE(response.bodyEnd, BodyEnd::Complete);
            QCOMPARE(response.body.size(), 20000000);
            for (qsizetype i = 0; i < response.body.size(); i += 997)
                QCOMPARE(uchar(response.body.at(i)), uchar(i % 256));
        }
    }

    void limitOfAnAnswerThatIsAlreadyWhole() {
        CurlTransport transport;
        Watch watch;
        const auto transfer =
            transport.send(get(m_server.url("/chunked")), limited(5), watch.callbacks(true));
        QVERIFY(spinUntil([&] { return watch.limits == 1; }));
        QTest::qWait(20);
        QCOMPARE(watch.finished, 0);
        transfer->keepGoing(8);
        QVERIFY(spinUntil([&] { return watch.limits == 2; }));
        transfer->keepGoing(0);
        QVERIFY(spinUntil([&] { return watch.finished == 1; }));
        QCOMPARE((*watch.result)->response.body, QByteArray("one, two, three"));
        QCOMPARE((*watch.result)->response.bodyEnd, BodyEnd::Complete);
    }

    void theLimitTellsWhatCameSoFar() {
        CurlTransport transport;
        TransferCallbacks callbacks;
        QByteArray body;
        int status = 0;
        BodyEnd end = BodyEnd::Complete;
        QString peer;
        callbacks.limitReached = [&](const TransportReply& soFar) {
            body = soFar.response.body;
            status = soFar.response.status;
            end = soFar.response.bodyEnd;
            peer = soFar.connection.peerAddress;
        };
        const auto transfer =
            transport.send(get(m_server.url("/endless")), limited(16), std::move(callbacks));
        QVERIFY(spinUntil([&] { return status != 0; }));
        QCOMPARE(body, QByteArray("endless\nendless\n"));
        QCOMPARE(end, BodyEnd::LimitReached);
        QVERIFY(peer.endsWith(QString::number(m_server.port())));
    }

    void theTimeLimitDoesNotRunWhilePaused() {
        CurlTransport transport;
        Watch watch;
        TransportOptions options = limited(1000);
        options.timeoutMs = 1500;
        const auto transfer = transport.send(get(m_server.url("/big")), options, watch.callbacks(true));
        QVERIFY(spinUntil([&] { return watch.limits == 1; }));
        QTest::qWait(2000);
        QCOMPARE(watch.finished, 0);
        transfer->keepGoing(0);
        QVERIFY(spinUntil([&] { return watch.finished == 1; }));
        QCOMPARE((*watch.result)->response.body.size(), 20000000);
    }

    void fiftyMegabytesFromFiftyKilobytes() {
        CurlTransport transport;
        KB_REPLY(reply, transport, m_server.url("/bomb"));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(reply.response.body.size(), 50000000);
        QVERIFY(reply.response.encodedBodyBytes < 60000);
        QVERIFY2(reply.response.bodyNote.contains(QStringLiteral("50.0 MB")),
                 qPrintable(reply.response.bodyNote));
        KB_REPLY(cut, transport, m_server.url("/bomb"), limited(2000000));
        QCOMPARE(cut.response.bodyEnd, BodyEnd::LimitReached);
        QCOMPARE(cut.response.body.size(), 2000000);
    }

    void packedBodiesKeepGoingToo() {
        CurlTransport transport;
        for (const qint64 first : {qint64(1), qint64(100000), qint64(49999999)}) {
            Watch watch;
            const auto transfer =
                transport.send(get(m_server.url("/bomb")), limited(first), watch.callbacks(true));
            QVERIFY(spinUntil([&] { return watch.limits == 1; }));
            transfer->keepGoing(first + 7);
            QVERIFY(spinUntil([&] { return watch.limits == 2 || watch.finished == 1; }));
            if (watch.finished == 0) transfer->keepGoing(0);
            QVERIFY(spinUntil([&] { return watch.finished == 1; }));
            QVERIFY(watch.result->has_value());
            QCOMPARE((*watch.result)->response.bodyEnd, BodyEnd::Complete);
            QCOMPARE((*watch.result)->response.body.size(), 50000000);
        }
    }

    /// Some kilobytes that unpack to a gigabyte in one read: nothing beyond the limit is unpacked.
    void packedTwiceStopsAtTheLimit() {
        CurlTransport transport;
        KB_REPLY(reply, transport, m_server.url("/double-bomb"), limited(1000000));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::LimitReached);
        QCOMPARE(reply.response.body.size(), 1000000);
        QVERIFY(reply.response.encodedBodyBytes < 20000);
    }

    void progressTellsReceivedAndExpected() {
        CurlTransport transport;
        Watch watch;
        const auto transfer = transport.send(get(m_server.url("/big")), limited(0), watch.callbacks(false));
        QVERIFY(spinUntil([&] { return watch.finished == 1; }));
        QVERIFY(watch.received > 0);
        QVERIFY(watch.received <= 20000000);
        QCOMPARE(watch.expected, 20000000);
    }

    void stopBeforeAndAfterTheAnswerBegan() {
        CurlTransport transport;
        Watch early;
        const auto first = transport.send(get(m_server.url("/hang")), plain(), early.callbacks(false));
        QTest::qWait(30);
        first->stop();
        first->stop();
        QCOMPARE(early.finished, 0);
        QVERIFY(spinUntil([&] { return early.finished > 0; }));
        QVERIFY(!early.result->has_value());
        QCOMPARE(early.result->error().code, ErrorCode::Cancelled);

        Watch late;
        const auto second = transport.send(get(m_server.url("/hang-body")), plain(), late.callbacks(false));
        QVERIFY(spinUntil([&] { return late.received > 0; }));
        second->stop();
        QVERIFY(spinUntil([&] { return late.finished > 0; }));
        QVERIFY(late.result->has_value());
        QCOMPARE((*late.result)->response.bodyEnd, BodyEnd::Cancelled);
        QCOMPARE((*late.result)->response.body, QByteArray("first bytes"));
        second->stop();
        second->keepGoing(0);
        QTest::qWait(20);
        QCOMPARE(late.finished, 1);
        QCOMPARE(early.finished, 1);
    }

    void finishedComesLaterEvenForWhatIsRefused() {
        CurlTransport transport;
        Watch watch;
        Request request = get(m_server.url("/hello"));
        request.method = "NO TOKEN";
        const auto transfer = transport.send(request, plain(), watch.callbacks(false));
        QCOMPARE(watch.finished, 0);
        transfer->stop();
        QVERIFY(spinUntil([&] { return watch.finished > 0; }));
        QTest::qWait(20);
        QCOMPARE(watch.finished, 1);
    }

    void destroyingMeansSilence() {
        CurlTransport transport;
        for (const char* path : {"/hello", "/hang", "/hang-body", "/endless", "/slow-chunks", "/redirect"}) {
            for (const int wait : {0, 1, 5, 20}) {
                Watch watch;
                auto transfer = transport.send(get(m_server.url(path)), plain(), watch.callbacks(true));
                if (wait > 0) QTest::qWait(wait);
                const int before = watch.finished;
                transfer.reset();
                QTest::qWait(5);
                QCOMPARE(watch.finished, before);
            }
        }
        Watch stopped;
        auto transfer = transport.send(get(m_server.url("/hang")), plain(), stopped.callbacks(false));
        transfer->stop();
        transfer.reset();
        QTest::qWait(10);
        QCOMPARE(stopped.finished, 0);
        KB_REPLY(reply, transport, m_server.url("/hello"));
        QCOMPARE(reply.response.body, QByteArray("hello"));
    }

    void destroyingInsideEachCallback() {
        for (const char* where : {"progress", "limit", "finished"}) {
            for (const bool transportToo : {false, true}) {
                auto transport = std::make_unique<CurlTransport>();
                std::unique_ptr<Transfer> transfer;
                int called = 0;
                const auto destroy = [&] {
                    ++called;
                    transfer.reset();
                    if (transportToo) transport.reset();
                };
                TransferCallbacks callbacks;
                const QByteArray name = where;
                if (name == "progress") callbacks.progress = [&](qint64, qint64) { destroy(); };
                if (name == "limit") callbacks.limitReached = [&](const TransportReply&) { destroy(); };
                if (name == "finished")
                    callbacks.finished = [&](const Result<TransportReply>&) { destroy(); };
                const char* path = name == "limit" ? "/endless" : name == "finished" ? "/hello" : "/big";
                transfer = transport->send(get(m_server.url(path)), limited(name == "limit" ? 1000000 : 0),
                                           std::move(callbacks));
                QVERIFY(spinUntil([&] { return called > 0; }));
                QTest::qWait(10);
                QCOMPARE(called, 1);
                QVERIFY(!transfer);
            }
        }
    }

    void stopInsideEachCallback() {
        CurlTransport transport;
        std::unique_ptr<Transfer> transfer;
        int finished = 0;
        TransferCallbacks callbacks;
        callbacks.limitReached = [&](const TransportReply&) { transfer->stop(); };
        callbacks.finished = [&](const Result<TransportReply>&) {
            ++finished;
            transfer->stop();
        };
        transfer = transport.send(get(m_server.url("/endless")), limited(5000), std::move(callbacks));
        QVERIFY(spinUntil([&] { return finished > 0; }));
        int second = 0;
        TransferCallbacks more;
        more.progress = [&](qint64, qint64) { transfer->stop(); };
        more.finished = [&](const Result<TransportReply>&) { ++second; };
        transfer = transport.send(get(m_server.url("/big")), plain(), std::move(more));
        QVERIFY(spinUntil([&] { return second > 0; }));
        QTest::qWait(10);
        QCOMPARE(finished, 1);
        QCOMPARE(second, 1);
    }

    void sendingInsideFinishedAndInsideANestedLoop() {
        CurlTransport transport;
        int done = 0;
        std::vector<std::unique_ptr<Transfer>> transfers;
        std::function<void()> next = [&] {
            TransferCallbacks callbacks;
            callbacks.finished = [&](const Result<TransportReply>& result) {
                QVERIFY(result.has_value());
                if (++done < 20) next();
                if (done == 10) { // a dialog's own loop, with a request in it
                    const Result<TransportReply> inner = exchange(transport, m_server.url("/hello"));
                    QVERIFY(inner.has_value());
                }
            };
            transfers.push_back(transport.send(get(m_server.url("/hello")), plain(), std::move(callbacks)));
        };
        next();
        QVERIFY(spinUntil([&] { return done >= 20; }));
    }
};

QTEST_GUILESS_MAIN(TestLimits)
#include "test_limits.moc"
