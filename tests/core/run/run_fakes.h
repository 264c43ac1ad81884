// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A clock, a secret store and a transport that a test scripts by hand.
#include "core/run/run.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

namespace kbtest {

using namespace kb;

struct FakeClock final : Clock {
    qint64 wall = 1795456111000; // 2026-11-23T17:48:31Z
    qint64 boot = 5000;
    qint64 wallMs() const override { return wall; }
    qint64 bootMs() const override { return boot; }
    void pass(qint64 ms) {
        wall += ms;
        boot += ms;
    }
};

/// What one send is answered with.
struct Step {
    Result<TransportReply> answer = TransportReply{};
    bool hold = false;    ///< nothing comes until stop()
    bool partial = false; ///< held, but an answer has begun: stop() brings it
    bool limit = false;   ///< pauses at the limit first
    int progressCalls = 0;
    qint64 takesMs = 0; ///< on the fake clock
};

class FakeTransport;

class FakeTransfer final : public Transfer {
public:
    FakeTransfer(FakeTransport& owner, Step what, TransferCallbacks calls);
    ~FakeTransfer() override;
    void keepGoing(qint64 newLimit) override;
    void stop() override;

private:
    void run();
    void end(Result<TransportReply> reply);

    FakeTransport& m_owner;
    Step m_step;
    TransferCallbacks m_calls;
    QTimer m_timer; // its death is the silence a handle promises
    bool m_inCallback = false;
    bool m_ended = false;
};

class FakeTransport final : public Transport {
public:
    explicit FakeTransport(FakeClock& time) : clock(time) {}

    std::unique_ptr<Transfer> send(Request request, TransportOptions with, TransferCallbacks calls) override {
        log.append(QStringLiteral("send %1 %2")
                       .arg(QString::fromUtf8(request.method), QString::fromUtf8(request.url.text())));
        sent.append(request);
        options.append(with);
        pauses.append(bool(calls.limitReached));
        const Step step = script.isEmpty() ? Step{} : script.takeFirst();
        return std::make_unique<FakeTransfer>(*this, step, std::move(calls));
    }

    FakeClock& clock;
    QList<Step> script;
    QList<Request> sent;
    QList<TransportOptions> options;
    QList<bool> pauses;
    QStringList log;
    QList<qint64> keptGoing;
    int alive = 0;
    int stopped = 0;
    bool destroyedInsideCallback = false;
};

inline FakeTransfer::FakeTransfer(FakeTransport& owner, Step what, TransferCallbacks calls)
    : m_owner(owner), m_step(std::move(what)), m_calls(std::move(calls)) {
    ++m_owner.alive;
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { run(); });
    m_timer.start(0);
}

inline FakeTransfer::~FakeTransfer() {
    --m_owner.alive;
    if (m_inCallback) m_owner.destroyedInsideCallback = true;
}

inline void FakeTransfer::run() {
    m_inCallback = true;
    for (int i = 1; i <= m_step.progressCalls; ++i)
        m_calls.progress(i, m_step.progressCalls);
    if (m_step.limit && m_calls.limitReached)
        m_calls.limitReached(*m_step.answer);
    else if (!m_step.hold)
        end(m_step.answer);
    m_inCallback = false;
}

inline void FakeTransfer::end(Result<TransportReply> reply) {
    if (m_ended) return;
    m_ended = true;
    m_owner.clock.pass(m_step.takesMs);
    m_calls.finished(std::move(reply));
}

inline void FakeTransfer::keepGoing(qint64 newLimit) {
    m_owner.keptGoing.append(newLimit);
    m_step.limit = false;
    m_timer.start(0);
}

inline void FakeTransfer::stop() {
    ++m_owner.stopped;
    if (m_step.partial || m_step.limit) {
        m_step.answer->response.bodyEnd = m_step.limit ? BodyEnd::LimitReached : BodyEnd::Cancelled;
    } else {
        m_step.answer = fail(ErrorCode::Cancelled, QStringLiteral("stopped"));
    }
    m_step.hold = m_step.limit = false;
    m_step.progressCalls = 0;
    m_timer.start(0);
}

class FakeStore final : public SecretStore {
public:
    HandlePtr read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) override {
        reads.append(ref.id);
        struct Pending final : Handle {
            QTimer timer;
        };
        auto pending = std::make_unique<Pending>();
        if (hold) return pending;
        pending->timer.setSingleShot(true);
        QObject::connect(&pending->timer, &QTimer::timeout, &pending->timer, [this, ref, done] {
            if (error) return done(tl::unexpected<Error>(*error));
            const auto found = records.find(ref.id);
            if (found == records.end()) return done(fail(ErrorCode::SecretMissing, QStringLiteral("gone")));
            done(found->second.revealCopy());
        });
        pending->timer.start(0);
        return pending;
    }
    HandlePtr write(const SecretRef& ref, SecretRecord record,
                    std::function<void(Result<void>)> done) override {
        struct Pending final : Handle {
            QTimer timer;
        };
        auto pending = std::make_unique<Pending>();
        auto held = std::make_shared<SecretRecord>(std::move(record));
        pending->timer.setSingleShot(true);
        QObject::connect(&pending->timer, &QTimer::timeout, &pending->timer, [this, ref, held, done] {
            writes.append(ref.id);
            if (writeError) return done(tl::unexpected<Error>(*writeError));
            records.insert_or_assign(ref.id, std::move(*held));
            done({});
        });
        pending->timer.start(0);
        return pending;
    }
    HandlePtr remove(const SecretRef&, std::function<void(Result<void>)>) override { return nullptr; }
    HandlePtr probe(std::function<void(StoreState)>) override { return nullptr; }

    std::map<QString, SecretRecord> records;
    std::optional<Error> error;
    std::optional<Error> writeError;
    QStringList reads;
    QStringList writes;
    bool hold = false;
};

inline TransportReply answer(int status, const QList<HeaderField>& headers = {},
                             const QByteArray& body = {}) {
    TransportReply reply;
    reply.response.status = status;
    reply.response.httpVersion = "1.1";
    reply.response.headers.fields = headers;
    reply.response.body = body;
    reply.startedMs = 1795456111000;
    return reply;
}

inline Step redirectTo(const QByteArray& location, int status = 302) {
    return {answer(status, {{"Location", location}})};
}

/// Rows of "location": where a redirect of the bench's API leaves its origin, or https.
inline void addOtherOrigins() {
    QTest::addColumn<QByteArray>("location");
    QTest::newRow("host") << QByteArray("https://eu.acme.test/");
    QTest::newRow("port") << QByteArray("https://api.acme.test:8443/");
    QTest::newRow("downgrade") << QByteArray("http://api.acme.test/");
}

/// A profile with its record in the store, and everything a run needs.
struct Bench {
    static constexpr const char* canary = "canary-7f3e91d0c5b24a68";
    FakeClock clock;
    FakeTransport transport{clock};
    FakeStore store;
    TokenProfile profile;
    RunInput input;

    explicit Bench(const QString& url = QStringLiteral("https://api.acme.test/users")) {
        profile.id = QStringLiteral("p-reader");
        profile.name = QStringLiteral("Reader");
        ProfileBinding binding;
        binding.secret.id = QStringLiteral("s1");
        binding.allowedOrigins = {QStringLiteral("https://api.acme.test")};
        profile.bindings = {binding};
        allow({QStringLiteral("https://api.acme.test")});
        input.spec.url = url;
    }
    void allow(const QStringList& origins) {
        SecretRecord record;
        record.secret = Secret(canary);
        record.allowedOrigins = origins;
        store.records.insert_or_assign(QStringLiteral("s1"), std::move(record));
    }
    SecretRecord& record() { return store.records.at(QStringLiteral("s1")); }
    std::unique_ptr<Run> make(bool asProfile = true) {
        if (asProfile) input.profile = profile;
        return std::make_unique<Run>(Run::Services{transport, store, clock}, std::move(input));
    }
    /// Runs to the end and checks the promise every run makes on the way.
    RunResult run(bool asProfile = true) {
        const auto each = make(asProfile);
        RunResult out;
        int times = 0;
        bool inStart = false;
        QObject::connect(each.get(), &Run::finished, each.get(), [&](const RunResult& result) {
            if (inStart) qFatal("finished inside start()");
            ++times;
            out = result;
        });
        inStart = true;
        each->start();
        inStart = false;
        if (!QTest::qWaitFor([&] { return times > 0; })) qFatal("the run did not finish");
        QTest::qWait(2); // a second one would come now
        if (times != 1 || !each->isFinished()) qFatal("finished came %d times", times);
        if (transport.alive != 0) qFatal("a transfer outlived its run");
        return out;
    }
};

/// Everything a result says or shows, the raw bodies left out: they are for the eyes only.
inline QByteArray everythingIn(const RunResult& result) {
    QStringList out{result.credentialWarning, result.redirectNote};
    if (result.error) out << result.error->text() << result.error->where;
    if (result.diagnosis) {
        out << result.diagnosis->sentence << result.diagnosis->challengeText;
        out << result.diagnosis->evidence << result.diagnosis->wouldDecide;
        for (const Remedy& remedy : result.diagnosis->remedies)
            out << remedy.label << remedy.argument;
    }
    if (result.facts) out << result.facts->masked << result.facts->unreadable;
    QByteArray text = out.join(QLatin1Char('\n')).toUtf8();
    for (const Exchange& hop : result.hops) {
        text += hop.hopNote.toUtf8() + '\n' + hop.sent().url.text() + '\n' + hop.sent().body;
        for (const HeaderList& list : {hop.sent().headers, hop.response().headers, hop.response().trailers})
            for (const HeaderField& field : list.fields)
                text += '\n' + field.name + ": " + field.value;
        text += '\n' + hop.response().body + hop.response().reason + hop.response().bodyNote.toUtf8();
    }
    return text;
}

/// The secret as it is, in base64 and percent-encoded.
inline bool holds(const QByteArray& text, const QByteArray& secret) {
    return text.contains(secret) || text.contains(secret.toBase64(QByteArray::OmitTrailingEquals)) ||
           text.contains(secret.toPercentEncoding());
}

} // namespace kbtest
