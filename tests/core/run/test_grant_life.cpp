// SPDX-License-Identifier: GPL-3.0-or-later
// What a keeper learns on the way: the server's clock, and what the timeline is told of.
#include "tests/core/run/grant_bench.h"

#include <QLocale>

using namespace kbtest;

namespace {

QByteArray httpDate(qint64 ms) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
    return QLocale::c().toString(time, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss")).toLatin1() + " GMT";
}

QByteArray part(const QByteArray& text) {
    return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

/// A token whose server told no lifetime: its own exp is all there is.
QByteArray jwtUntil(qint64 ms) {
    return part("{\"alg\":\"HS256\"}") + '.' + part("{\"exp\":" + QByteArray::number(ms / 1000) + '}') +
           ".c2ln";
}

/// Another program holds the ports.
struct BusyListener final : RedirectListener {
    Result<std::unique_ptr<RedirectWait>> listen(const QString&,
                                                 std::function<bool(const QByteArray&)>) override {
        return fail(ErrorCode::ConnectFailed, QStringLiteral("No port could be opened."));
    }
};

struct Told {
    QList<ProfileEvent> events;
    explicit Told(GrantBench& bench) {
        QObject::connect(&bench.keeper, &GrantKeeper::happened, &bench.keeper,
                         [this](const QString&, const ProfileEvent& event) { events.append(event); });
    }
    QStringList kinds() const {
        QStringList names;
        for (const ProfileEvent& event : events)
            names << profileEventName(event.kind);
        return names;
    }
};

} // namespace

class TestGrantLife : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// RFC 9110 §6.6.1: this computer's clock is an hour slow, the API's Date says so.
    void theDateOfAnAnswerTellsThatATokenIsOver() {
        GrantBench bench(600000);
        bench.record().secret = Secret(jwtUntil(bench.clock.wall + 1'800'000).constData());
        bench.record().facts.remove(QStringLiteral("expires_ms"));
        const qint64 theirs = bench.clock.wall + 3'600'000;
        bench.transport.script = {{answer(200, {{"Date", httpDate(theirs)}})}, tokens(second), {answer(200)}};
        QVERIFY(!bench.go().error);
        QVERIFY(bench.tokenRequests().isEmpty()); // nobody had told yet
        QCOMPARE(bench.keeper.stateOf(QStringLiteral("s1"))->phase(bench.keeper.now()), GrantPhase::Expired);
        QVERIFY(!bench.go().error);
        QCOMPARE(bench.tokenRequests().size(), 1);
        QCOMPARE(sentToken(bench.transport.sent.last()), QByteArray("Bearer second-access-token"));
    }

    /// What a cache kept has the Date of then.
    void theDateOfAKeptAnswerTellsNothing() {
        GrantBench bench(600000);
        bench.record().secret = Secret(jwtUntil(bench.clock.wall + 1'800'000).constData());
        bench.record().facts.remove(QStringLiteral("expires_ms"));
        const qint64 theirs = bench.clock.wall + 3'600'000;
        bench.transport.script = {{answer(200, {{"Date", httpDate(theirs)}, {"Age", "7200"}})}};
        QVERIFY(!bench.go().error);
        QCOMPARE(bench.keeper.stateOf(QStringLiteral("s1"))->skewMs(), 0);
    }

    void theTokenEndpointTellsItsTimeToo() {
        GrantBench bench(-1000);
        const qint64 theirs = bench.clock.wall - 3'600'000;
        const QByteArray json =
            "{\"access_token\":\"" + jwtUntil(theirs + 600'000) + "\",\"token_type\":\"Bearer\"}";
        TransportReply reply =
            answer(200, {{"Content-Type", "application/json"}, {"Date", httpDate(theirs)}}, json);
        bench.transport.script = {{reply}, {answer(200)}, {answer(200)}};
        QVERIFY(!bench.go().error);
        // By this computer's clock it was over before it came.
        const GrantState* state = bench.keeper.stateOf(QStringLiteral("s1"));
        QVERIFY(qAbs(state->skewMs() + 3'600'000) < 2000);
        QCOMPARE(state->phase(bench.keeper.now()), GrantPhase::Fresh);
        QVERIFY(!bench.go().error);
        QCOMPARE(bench.tokenRequests().size(), 1);
    }

    /// The answer that counts is the last; the refusal before it is told all the same.
    void aRefusalThatEndedInARefreshIsKept() {
        GrantBench bench(300000);
        Told told(bench);
        bench.transport.script = {refusal("invalid_token"), tokens(second), {answer(200)}};
        const RunResult result = bench.go();
        QCOMPARE(told.kinds(), (QStringList{QStringLiteral("refused"), QStringLiteral("refreshed")}));
        QVERIFY2(told.events.first().text.endsWith(QStringLiteral(": 401")),
                 qPrintable(told.events.first().text));
        QCOMPARE(profileEventOf(result)->kind, ProfileEvent::Kind::Used);
    }

    /// RFC 9700 §4.14.2: nobody reads the outcome of a refresh by the clock.
    void s5_8_whatIsOddAboutARefreshByItselfIsKept() {
        GrantBench bench(10000);
        Told told(bench);
        bench.keeper.observe(bench.grantInput(), bench.record());
        bench.transport.script = {
            tokens("{\"access_token\":\"second-access-token\",\"token_type\":\"Bearer\"}")};
        bool ended = false;
        const HandlePtr handle =
            bench.keeper.renew(bench.grantInput(), [&](const Result<GrantKeeper::Ready>&) { ended = true; });
        QTRY_VERIFY(ended);
        QCOMPARE(told.kinds(), QStringList{QStringLiteral("refreshed")});
        const QString text = told.events.first().text;
        QVERIFY2(text.startsWith(QStringLiteral("Refreshed ahead")) && text.contains(QStringLiteral("9700")),
                 qPrintable(text));
    }

    /// Where the browser could not come back to, it is not sent to; the old token stays.
    void s5_8_withoutAPortTheBrowserIsNotOpened() {
        GrantBench bench(300000);
        BusyListener busy;
        GrantKeeper keeper({bench.transport, bench.store, bench.clock, bench.lock, &busy, &bench.browser});
        std::optional<Result<GrantOutcome>> out;
        const HandlePtr handle =
            keeper.run(bench.grantInput(), GrantOperation::Kind::Login, {},
                       [&](Result<GrantOutcome> outcome) { out.emplace(std::move(outcome)); });
        QTRY_VERIFY(out.has_value());
        QVERIFY(!*out && out->error().what == QStringLiteral("No port could be opened."));
        QVERIFY(!bench.browser.opened.isValid());
        QVERIFY(bench.transport.sent.isEmpty());
        QVERIFY(bench.record().secret.equals(Secret("first-access-token")));
        // The lock is free again: the token can be refreshed.
        bench.transport.script = {tokens(second)};
        bool renewed = false;
        const HandlePtr again =
            keeper.renew(bench.grantInput(),
                         [&](const Result<GrantKeeper::Ready>& ready) { renewed = ready.has_value(); });
        QTRY_VERIFY(renewed);
    }

    /// Told once, also where no new token came and the refused answer stands.
    void aRefusalIsToldOnce() {
        GrantBench bench(300000);
        Told told(bench);
        bench.transport.script = {refusal("invalid_token"), {answer(500)}};
        const RunResult failed = bench.go();
        QCOMPARE(told.kinds(), (QStringList{QStringLiteral("refused"), QStringLiteral("trouble")}));
        QVERIFY(!profileEventOf(failed));
        GrantBench other(300000);
        Told toldThen(other);
        other.transport.script = {refusal("insufficient_scope", 403)};
        QCOMPARE(profileEventOf(other.go())->kind, ProfileEvent::Kind::Refused);
        QVERIFY(toldThen.events.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestGrantLife)
#include "test_grant_life.moc"
