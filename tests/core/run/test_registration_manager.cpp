// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 7592 §2.1, §2.2: reading and changing a registration, with what each answer brings for the next
// request.
#include "core/auth/grant_record.h"
#include "core/base/later.h"
#include "core/run/registration_manager.h"
#include "tests/core/run/run_fakes.h"
#include "tests/support/grant_fakes.h"

using namespace kbtest;

namespace {

const QByteArray keptOfClient = "\"client_id\":\"c-1\",\"client_name\":\"Old\",\"scope\":\"a "
                                "b\",\"grant_types\":[\"authorization_code\"],"
                                "\"contacts\":[\"ada@acme.test\"],\"client_id_issued_at\":1700000000,"
                                "\"client_secret_expires_at\":1900000000";

Step kept(const QByteArray& more = {}, int status = 200) {
    return {answer(status, {{"Content-Type", "application/json"}}, '{' + keptOfClient + more + '}')};
}

struct RegisteredBench {
    FakeClock clock;
    FakeTransport transport{clock};
    FakeStore store;
    FakeLock lock;
    const SecretRef ref{QStringLiteral("s1")};

    RegisteredBench() {
        SecretRecord record;
        ClientRegistration made;
        made.clientId = QStringLiteral("c-1");
        made.clientSecret = Secret("client-secret-9a8b7c");
        made.accessToken = Secret("manage-token-1");
        made.clientUri = HttpUrl::parse(QStringLiteral("https://id.test/register/c-1")).value();
        putRegistration(record, std::move(made));
        store.records.insert_or_assign(ref.id, std::move(record));
    }
    using Seen = Result<std::shared_ptr<RegistrationView>>;
    Seen manage(const RegistrationChange& change = {}) {
        std::optional<Seen> out;
        const HandlePtr handle = manageClient(transport, store, &lock, clock, ref, change, {}, {},
                                              [&](Seen seen) { out.emplace(std::move(seen)); });
        if (out) qFatal("it answered before it was asked");
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("no answer");
        return *out;
    }
    std::optional<ClientRegistration> stored() { return keptRegistration(store.records.at(ref.id)); }
    QByteArray bearer(int i) const {
        return transport.sent.at(i).headers.first("Authorization").value_or("none");
    }
};

RegistrationChange renamed() {
    RegistrationChange change;
    change.clientName = QStringLiteral("New");
    return change;
}

} // namespace

class TestRegistrationManager : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void s5_11_readingStoresWhatComesAnew() {
        RegisteredBench bench;
        bench.transport.script = {
            kept(",\"registration_access_token\":\"manage-token-2\",\"client_secret\":\"secret-2-of-c1\","
                 "\"registration_client_uri\":\"https://id.test/register/other\"")};
        const auto seen = bench.manage();
        QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text()));
        QCOMPARE(bench.transport.sent.size(), 1);
        QCOMPARE(bench.transport.sent.first().method, QByteArray("GET"));
        QCOMPARE(bench.bearer(0), QByteArray("Bearer manage-token-1"));
        QVERIFY(!(*seen)->changed);
        QCOMPARE((*seen)->clientId, QStringLiteral("c-1"));
        const QByteArray shown = writeJson((*seen)->metadata);
        QVERIFY(shown.contains("\"client_name\":\"Old\"") && !shown.contains("manage-token") &&
                !shown.contains("secret-2"));
        QVERIFY(bench.stored()->accessToken.equals(Secret("manage-token-2")));
        QVERIFY(bench.stored()->clientSecret.equals(Secret("secret-2-of-c1")));
        QCOMPARE(bench.stored()->clientUri->path(), QByteArray("/register/other"));
    }

    /// The rotated token is in the store before it is used, and the update names all that the server kept.
    void s5_11_anUpdateUsesTheTokenThatWasStored() {
        RegisteredBench bench;
        bench.transport.script = {kept(",\"registration_access_token\":\"manage-token-2\""),
                                  kept(",\"registration_access_token\":\"manage-token-3\"")};
        const auto seen = bench.manage(renamed());
        QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text()));
        QCOMPARE(bench.transport.sent.size(), 2);
        QCOMPARE(bench.bearer(1), QByteArray("Bearer manage-token-2"));
        const Request put = bench.transport.sent.last();
        QCOMPARE(put.method, QByteArray("PUT"));
        QCOMPARE(put.headers.all("Content-Type").size(), 1);
        QCOMPARE(put.body,
                 QByteArray("{\"client_id\":\"c-1\",\"client_name\":\"New\",\"scope\":\"a b\","
                            "\"grant_types\":[\"authorization_code\"],\"contacts\":[\"ada@acme.test\"],"
                            "\"client_secret\":\"client-secret-9a8b7c\"}"));
        QVERIFY((*seen)->changed);
        // The server kept the old name: said.
        QVERIFY((*seen)->findings.join(u' ').contains(QStringLiteral("client_name")));
        QVERIFY(bench.stored()->accessToken.equals(Secret("manage-token-3")));
        QVERIFY(bench.stored()->clientSecret.equals(
            Secret("client-secret-9a8b7c"))); // none came: the old one stays
        QCOMPARE(bench.store.writes.size(), 2);
    }

    void s5_11_aTokenThatWasNotStoredIsNotUsed() {
        RegisteredBench bench;
        bench.store.writeError = Error{ErrorCode::StoreLocked, QStringLiteral("locked"), {}, {}, -1};
        bench.transport.script = {kept(",\"registration_access_token\":\"manage-token-2\""), kept()};
        const auto seen = bench.manage(renamed());
        QVERIFY(!seen);
        QCOMPARE(seen.error().code, ErrorCode::StoreLocked);
        QCOMPARE(bench.transport.sent.size(), 1);
    }

    /// Grants are written under a lock, and stand in the same record: what another program refreshed before
    /// this one has the lock is read, and nothing is asked before.
    void s5_11_theLockOfTheGrantIsHeld() {
        RegisteredBench bench;
        bench.transport.script = {kept("")};
        bench.lock.beforeHeld = [&] {
            QVERIFY(bench.transport.sent.isEmpty());
            bench.store.records.at(bench.ref.id).secret = Secret("refreshed-by-another-program");
        };
        QVERIFY(bench.manage());
        QCOMPARE(bench.lock.taken, QStringList{bench.ref.id});
        QVERIFY(bench.store.records.at(bench.ref.id).secret.equals(Secret("refreshed-by-another-program")));
    }

    void s5_11_whereAnotherHoldsTheLockNothingIsAsked() {
        struct TakenLock final : GrantLock {
            HandlePtr acquire(const QString&, int, std::function<void(Result<HandlePtr>)> done) override {
                return std::make_unique<Later>(
                    [done] { done(fail(ErrorCode::TimedOut, QStringLiteral("Another program uses it."))); });
            }
        } taken;
        RegisteredBench bench;
        std::optional<RegisteredBench::Seen> out;
        const HandlePtr handle =
            manageClient(bench.transport, bench.store, &taken, bench.clock, bench.ref, {}, {}, {},
                         [&](RegisteredBench::Seen seen) { out.emplace(std::move(seen)); });
        QTRY_VERIFY(out);
        QCOMPARE(out->error().code, ErrorCode::TimedOut);
        QVERIFY(bench.transport.sent.isEmpty() && bench.store.writes.isEmpty());
    }

    /// What a grant wrote while the server was asked stays.
    void s5_11_theRecordIsReadAnewBeforeItIsWritten() {
        RegisteredBench bench;
        bench.transport.script = {kept(",\"registration_access_token\":\"manage-token-2\"")};
        std::optional<RegisteredBench::Seen> out;
        const HandlePtr handle =
            manageClient(bench.transport, bench.store, &bench.lock, bench.clock, bench.ref, {}, {}, {},
                         [&](RegisteredBench::Seen seen) { out.emplace(std::move(seen)); });
        QTimer meanwhile;
        connect(&meanwhile, &QTimer::timeout, this, [&] {
            if (bench.transport.sent.isEmpty()) return;
            bench.store.records.at(bench.ref.id).secret = Secret("an-access-token-of-meanwhile");
            meanwhile.stop();
        });
        meanwhile.start(0);
        QTRY_VERIFY(out);
        QVERIFY(!meanwhile.isActive());
        QVERIFY(bench.store.records.at(bench.ref.id).secret.equals(Secret("an-access-token-of-meanwhile")));
        QVERIFY(bench.stored()->accessToken.equals(Secret("manage-token-2")));
    }

    void s5_11_whatDoesNotBelongHereIsNotKept() {
        RegisteredBench other;
        other.transport.script = {
            {answer(200, {{"Content-Type", "application/json"}},
                    "{\"client_id\":\"c-2\",\"registration_access_token\":\"manage-token-2\"}")}};
        const auto seen = other.manage();
        QVERIFY(!seen);
        QVERIFY(seen.error().what.contains(QStringLiteral("another client")));
        QVERIFY(other.store.writes.isEmpty());

        RegisteredBench moved;
        moved.transport.script = {kept(",\"registration_client_uri\":\"https://evil.test/"
                                       "c-1\",\"registration_access_token\":\"manage-token-2\"")};
        const auto there = moved.manage();
        QVERIFY(there.has_value());
        QVERIFY((*there)->findings.join(u' ').contains(QStringLiteral("another server")));
        QCOMPARE(moved.stored()->clientUri->text(), QByteArray("https://id.test/register/c-1"));

        RegisteredBench refused;
        refused.transport.script = {
            {answer(401, {{"Content-Type", "application/json"}}, "{\"error\":\"invalid_token\"}")}};
        QVERIFY(!refused.manage(renamed()));
        QCOMPARE(refused.transport.sent.size(), 1);
        QVERIFY(refused.stored()->accessToken.equals(Secret("manage-token-1")));

        RegisteredBench typed;
        typed.store.records.insert_or_assign(typed.ref.id, SecretRecord());
        QCOMPARE(typed.manage().error().code, ErrorCode::NotFound);
        QVERIFY(typed.transport.sent.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRegistrationManager)
#include "test_registration_manager.moc"
