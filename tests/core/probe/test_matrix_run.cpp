// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs over an API that a test makes up: whose objects came back, and how sure that is.
#include "core/probe/matrix_run.h"
#include "tests/core/probe/api_transport.h"

using namespace kbtest;

namespace {

/// GET /notes/{id} hands out whose note is asked for, as the test says; two profiles with one note each.
struct NotesBench {
    FakeClock clock;
    ApiTransport transport;
    FakeStore store;
    ApiDescription api;
    MatrixSettings settings;
    QMap<QString, Sender> senders;
    QList<MatrixProfile> profiles{anonymousProfile()};
    bool open = true; ///< anybody gets anybody's note
    QByteArray answerOf(const QByteArray& id) const {
        return "{\"text\":\"words of note " + id + "\",\"n\":1}";
    }

    NotesBench() {
        api.security = ApiSecurity{{{QStringLiteral("token"), {}}}};
        api.schemes = {{}};
        api.schemes.first().name = QStringLiteral("token");
        api.schemes.first().type = QStringLiteral("http");
        api.schemes.first().httpScheme = QStringLiteral("bearer");
        ApiOperation notes;
        notes.method = QStringLiteral("GET");
        notes.path = QStringLiteral("/notes/{id}");
        notes.ownObjectsOnly = true;
        ApiParameter id;
        id.in = QStringLiteral("path");
        id.name = QStringLiteral("id");
        notes.parameters = {id};
        ApiOperation me;
        me.method = QStringLiteral("GET");
        me.path = QStringLiteral("/me");
        api.operations = {me, notes};
        for (const char* name : {"ada", "bob"}) {
            MatrixProfile who;
            who.id = who.name = QString::fromLatin1(name);
            who.claims = {QStringLiteral("note=") + QLatin1String(name) + QStringLiteral("-7")};
            profiles.append(who);
            Sender sender;
            sender.profile.id = sender.profile.name = who.id;
            ProfileBinding binding;
            binding.secret.id = who.id;
            binding.allowedOrigins = {QStringLiteral("http://127.0.0.1:8080")};
            sender.profile.bindings = {binding};
            sender.store = &store;
            senders.insert(who.id, sender);
            SecretRecord record;
            record.secret = Secret(QByteArray(QByteArray("token-of-") + name + "-0123456789").constData());
            record.allowedOrigins = binding.allowedOrigins;
            store.records.insert_or_assign(who.id, std::move(record));
        }
        settings.own = {{QStringLiteral("id"),
                         {{QStringLiteral("ada"), QStringLiteral("ada-1")},
                          {QStringLiteral("bob"), QStringLiteral("bob-1")}}}};
        transport.api = [this](const Request& request) {
            const QByteArray who = request.headers.first("Authorization").value_or("").mid(16, 3);
            if (who.isEmpty())
                return answer(401, {{"WWW-Authenticate", "Bearer"}, {"Content-Type", "application/json"}},
                              "{}");
            const QByteArray path = request.url.path();
            if (path == "/me")
                return answer(200, {{"Content-Type", "application/json"}}, "{\"name\":\"" + who + "\"}");
            const QByteArray note = path.mid(7);
            if (!open && !note.startsWith(who))
                return answer(404, {{"Content-Type", "application/json"}}, "{}");
            // The note's number is not in the answer: only its words tell whose it is.
            return answer(200, {{"Content-Type", "application/json"}}, answerOf(note.left(3)));
        };
    }
    RunRecord go() {
        PlanOptions options;
        options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
        MatrixRun run(transport, clock, makePlan(api, profiles, settings, options), senders, settings, {});
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        if (finished.isEmpty() && !finished.wait(10000)) qFatal("the run did not end");
        return run.takeRecord();
    }
    static const CellResult* cell(const RunRecord& record, const char* profile, Binding binding) {
        for (const CellResult& result : record.results) {
            const CellPlan& plan = record.plan.cells.at(result.cell);
            if (plan.binding == binding && record.plan.profileOf(plan).id == QLatin1String(profile) &&
                record.plan.operationOf(plan).path == QLatin1String("/notes/{id}"))
                return &result;
        }
        return nullptr;
    }
};

} // namespace

class TestMatrixRun : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A marker makes the evidence of a bypass "confirmed": what only the owner's objects hold came back.
    void markersConfirm() {
        NotesBench bench;
        const RunRecord without = bench.go();
        const CellResult* peer = NotesBench::cell(without, "bob", Binding::Peer);
        QVERIFY(peer);
        QCOMPARE(peer->judged.verdict, Verdict::Bypass);
        QVERIFY2(peer->evidence != QLatin1String("confirmed"), qPrintable(peer->evidence));
        QCOMPARE(peer->seen.markersOf, quint64(0));

        bench.settings.markers = {{QStringLiteral("ada"), {QStringLiteral("words of note ada")}},
                                  {QStringLiteral("bob"), {QStringLiteral("words of note bob")}}};
        const RunRecord with = bench.go();
        peer = NotesBench::cell(with, "bob", Binding::Peer);
        QCOMPARE(peer->judged.verdict, Verdict::Bypass);
        QCOMPARE(peer->evidence, QStringLiteral("confirmed"));
        QCOMPARE(peer->seen.markersOf, quint64(1) << 1); // ada's, the first after anonymous
        // One's own marker on one's own object is as it should be.
        const CellResult* own = NotesBench::cell(with, "bob", Binding::Self);
        QCOMPARE(own->judged.verdict, Verdict::Pass);
        QCOMPARE(own->seen.markersOf, quint64(1) << 2);
        QVERIFY(own->judged.advisories.isEmpty());
    }

    /// An answer that should come and holds another's marker is told, though it is no bypass.
    void anothersMarkerInOnesOwnAnswer() {
        NotesBench bench;
        bench.open = false;
        bench.settings.markers = {{QStringLiteral("ada"), {QStringLiteral("words of note bob")}}};
        const RunRecord record = bench.go();
        const CellResult* own = NotesBench::cell(record, "bob", Binding::Self);
        QCOMPARE(own->judged.verdict, Verdict::Pass);
        QVERIFY2(own->judged.advisories.join(u' ').contains(QStringLiteral("only objects of ada")),
                 qPrintable(own->judged.advisories.join(u' ')));
        QCOMPARE(NotesBench::cell(record, "ada", Binding::Peer)->judged.verdict, Verdict::Pass);
    }

    /// Whose object it is may also stand in the token.
    void anOwnValueFromAClaim() {
        NotesBench bench;
        bench.settings.own = {{QStringLiteral("id"),
                               {{QStringLiteral("ada"), QStringLiteral("claim:note")},
                                {QStringLiteral("bob"), QStringLiteral("claim:note")}}}};
        bench.go();
        QSet<QByteArray> asked;
        for (const Request& request : bench.transport.sent)
            asked.insert(request.url.path());
        QVERIFY(asked.contains("/notes/ada-7") && asked.contains("/notes/bob-7"));
        // A claim the token does not have is no value: nothing is made up.
        bench.settings.own.first().insert(QStringLiteral("bob"), QStringLiteral("claim:gone"));
        bench.transport.sent.clear();
        const RunRecord record = bench.go();
        QVERIFY(!NotesBench::cell(record, "bob", Binding::Self));
        for (const Request& request : bench.transport.sent)
            QVERIFY2(!request.url.path().contains("claim"), request.url.path().constData());
    }

    /// Whose object is whose is found in a list that each asks for itself, before anything else.
    void ownValuesAreAskedFor() {
        NotesBench bench;
        bench.open = false;
        ApiOperation list;
        list.method = QStringLiteral("GET");
        list.path = QStringLiteral("/notes");
        bench.api.operations.append(list);
        bench.settings.own = {{QStringLiteral("id"),
                               {{QStringLiteral("ada"), QStringLiteral("from:GET /notes#/mine/0/id")},
                                {QStringLiteral("bob"), QStringLiteral("from:GET /notes#header:X-Note")}}}};
        const auto notes = bench.transport.api;
        QByteArray adas = "\"ada-31\"", bobs = "bob-32";
        int listStatus = 200;
        bench.transport.api = [&, notes](const Request& request) {
            const QByteArray who = request.headers.first("Authorization").value_or("").mid(16, 3);
            if (request.url.path() != "/notes" || who.isEmpty()) return notes(request);
            return answer(listStatus, {{"Content-Type", "application/json"}, {"X-Note", bobs}},
                          "{\"mine\":[{\"id\":" + adas + "}]}");
        };
        const RunRecord found = bench.go();
        QCOMPARE(bench.transport.sent.at(0).url.path(), QByteArray("/notes"));
        QCOMPARE(bench.transport.sent.at(1).url.path(), QByteArray("/notes"));
        QByteArrayList paths;
        for (const Request& each : std::as_const(bench.transport.sent))
            paths << each.url.path();
        QVERIFY(paths.contains("/notes/ada-31") && paths.contains("/notes/bob-32"));
        for (const char* who : {"ada", "bob"}) {
            QCOMPARE(NotesBench::cell(found, who, Binding::Self)->judged.verdict, Verdict::Pass);
            QCOMPARE(NotesBench::cell(found, who, Binding::Peer)->judged.verdict, Verdict::Pass);
        }
        const QString id = found.plan.cells.at(NotesBench::cell(found, "ada", Binding::Self)->cell).id;

        // A value that is another each time is the same cell.
        adas = "4711";
        bench.transport.sent.clear();
        const RunRecord again = bench.go();
        QCOMPARE(again.plan.cells.at(NotesBench::cell(again, "ada", Binding::Self)->cell).id, id);
        QVERIFY(std::any_of(bench.transport.sent.cbegin(), bench.transport.sent.cend(),
                            [](const Request& each) { return each.url.path() == "/notes/4711"; }));

        // What an API gives out is not trusted: nothing of it is read as a variable.
        for (const QByteArray& bad :
             {QByteArray("\"{{password}}\""), QByteArray("null"), QByteArray("\"..\""),
              QByteArray("\"a\\nb\""), QByteArray('"' + QByteArray(300, 'x') + '"')}) {
            adas = bad;
            bench.transport.sent.clear();
            const RunRecord none = bench.go();
            const CellResult* own = NotesBench::cell(none, "ada", Binding::Self);
            QVERIFY(own && !own->seen.sent);
            QCOMPARE(own->judged.verdict, Verdict::NotProven);
            QVERIFY2(none.remarks.join(u'\n').contains(QLatin1String("of ada is not known")),
                     qPrintable(none.remarks.join(u'\n')));
            for (const Request& each : std::as_const(bench.transport.sent))
                QVERIFY(!each.url.text().contains("password") && !each.url.text().contains("{{"));
        }

        // Two that own the same prove nothing of each other.
        adas = "\"bob-32\"";
        const RunRecord same = bench.go();
        const CellPlan& peer = same.plan.cells.at(NotesBench::cell(same, "ada", Binding::Peer)->cell);
        QVERIFY2(peer.notSent.contains(QLatin1String("Not probeable")), qPrintable(peer.notSent));

        // A list that is refused leaves the rest of the run.
        listStatus = 403;
        const RunRecord refused = bench.go();
        QVERIFY(!NotesBench::cell(refused, "bob", Binding::Self)->seen.sent);
        QVERIFY2(refused.remarks.join(u'\n').contains(QLatin1String("GET /notes got 403")),
                 qPrintable(refused.remarks.join(u'\n')));
        QVERIFY(std::any_of(refused.results.cbegin(), refused.results.cend(),
                            [](const CellResult& each) { return each.seen.status == 200; }));
    }

    /// Questions keep the run's pace: in production a request a second, whatever it is for.
    void questionsArePaced() {
        NotesBench bench;
        bench.settings.own = {{QStringLiteral("id"),
                               {{QStringLiteral("ada"), QStringLiteral("from:GET /me#/name")},
                                {QStringLiteral("bob"), QStringLiteral("from:GET /me#/name")}}}};
        PlanOptions plan;
        plan.baseUrl = QStringLiteral("http://127.0.0.1:8080");
        MatrixRun::Options options;
        options.perSecond = 10;
        MatrixRun run(bench.transport, bench.clock, makePlan(bench.api, bench.profiles, bench.settings, plan),
                      bench.senders, bench.settings, options);
        run.start();
        QTRY_COMPARE(bench.transport.sent.size(), 1);
        QTest::qWait(250);
        QCOMPARE(bench.transport.sent.size(), 1); // the clock stands still
        bench.clock.pass(100);
        QTRY_COMPARE(bench.transport.sent.size(), 2);
        run.stop();
    }

    /// A server that is silent is left alone, however many would ask it.
    void aSilentServerIsNotAskedOnAndOn() {
        NotesBench bench;
        bench.settings.own = {{QStringLiteral("id"),
                               {{QStringLiteral("ada"), QStringLiteral("from:GET /me#/name")},
                                {QStringLiteral("bob"), QStringLiteral("from:GET /me#/name")}}}};
        PlanOptions plan;
        plan.baseUrl = QStringLiteral("http://127.0.0.1:8080");
        MatrixRun::Options options;
        options.maxSilent = 1;
        FakeTransport dead(bench.clock);
        Step none;
        none.answer = fail(ErrorCode::TimedOut, QStringLiteral("no answer"));
        dead.script = {none, none, none};
        MatrixRun run(dead, bench.clock, makePlan(bench.api, bench.profiles, bench.settings, plan),
                      bench.senders, bench.settings, options);
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(dead.sent.size(), 1);
        QVERIFY(run.record().isInconclusive());
        QVERIFY2(run.record().remarks.join(u'\n').contains(QLatin1String("stopped answering")),
                 qPrintable(run.record().remarks.join(u'\n')));
    }

    /// Nothing is asked that changes something, or that no cell needs; a stop while asking is a stop.
    void onlyWhatIsNeededIsAsked() {
        NotesBench bench;
        bench.settings.own = {{QStringLiteral("id"),
                               {{QStringLiteral("ada"), QStringLiteral("from:POST /me")},
                                {QStringLiteral("bob"), QStringLiteral("from:GET /notes/{id}")}}}};
        const RunRecord none = bench.go();
        QVERIFY(std::all_of(bench.transport.sent.cbegin(), bench.transport.sent.cend(),
                            [](const Request& each) { return each.url.path() == "/me"; }));
        QVERIFY(none.remarks.join(u'\n').contains(QLatin1String("does not have POST /me")));
        QVERIFY(none.remarks.join(u'\n').contains(QLatin1String("without an id in its path")));
        PlanOptions options;
        options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
        options.only = {QStringLiteral("GET /me")};
        QVERIFY(makePlan(bench.api, bench.profiles, bench.settings, options).questions.isEmpty());
        options.only.clear();
        bench.settings.own[QStringLiteral("id")][QStringLiteral("ada")] =
            QStringLiteral("from:GET /me#/name");
        const MatrixPlan plan = makePlan(bench.api, bench.profiles, bench.settings, options);
        const auto answered = bench.transport.api;
        for (const bool later : {false, true}) {
            bench.transport.sent.clear();
            MatrixRun run(bench.transport, bench.clock, plan, bench.senders, bench.settings, {});
            bench.transport.api = [&](const Request& request) {
                run.stop(); // while the first question is answered
                return answered(request);
            };
            QSignalSpy finished(&run, &MatrixRun::finished);
            run.start();
            if (!later) run.stop();
            QTRY_COMPARE(finished.size(), 1);
            QVERIFY(bench.transport.sent.size() <= 1);
            for (const CellResult& each : run.record().results)
                QVERIFY(!each.seen.sent && (!each.seen.problem.isEmpty() ||
                                            !run.record().plan.cells.at(each.cell).notSent.isEmpty()));
        }
    }

    /// A 401 that should not have been is followed by a canary at once: what comes next may be worth nothing.
    void anUnexpected401IsLookedInto() {
        NotesBench bench;
        for (int i = 0; i < 6; ++i) {
            ApiOperation more;
            more.method = QStringLiteral("GET");
            more.path = QStringLiteral("/more%1").arg(i);
            bench.api.operations.append(more);
        }
        const auto notes = bench.transport.api;
        bool bobDies = true, dead = false;
        bench.transport.api = [&](const Request& request) {
            const QByteArray who = request.headers.first("Authorization").value_or("").mid(16, 3);
            const bool more = request.url.path().startsWith("/more");
            if (who == "bob" && more) dead = bobDies;
            if (who == "bob" && (more || dead)) return answer(401, {{"WWW-Authenticate", "Bearer"}}, "{}");
            if (more) return answer(who.isEmpty() ? 401 : 200, {}, who.isEmpty() ? "" : "{\"n\":1}");
            return notes(request);
        };
        const auto bobs = [&] {
            QByteArrayList paths;
            for (const Request& each : std::as_const(bench.transport.sent))
                if (each.headers.first("Authorization").value_or("").contains("bob"))
                    paths << each.url.path();
            return paths;
        };
        const auto healthOfBob = [](const RunRecord& record) {
            for (const ProfileHealth& each : record.health)
                if (each.profile == QLatin1String("bob")) return each.canaries;
            return QList<bool>();
        };
        MatrixRun::Options one;
        one.parallel = 1;
        const auto go = [&] {
            bench.transport.sent.clear();
            PlanOptions options;
            options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
            MatrixRun run(bench.transport, bench.clock,
                          makePlan(bench.api, bench.profiles, bench.settings, options), bench.senders,
                          bench.settings, one);
            QSignalSpy finished(&run, &MatrixRun::finished);
            run.start();
            if (finished.isEmpty() && !finished.wait(10000)) qFatal("the run did not end");
            return run.takeRecord();
        };
        const RunRecord record = go();
        const QByteArrayList paths = bobs();
        QCOMPARE(paths.at(paths.indexOf("/more0") + 1), QByteArray("/me"));
        // Once it is known to be dead, it is not asked on and on: first, then, and last.
        QCOMPARE(healthOfBob(record), (QList<bool>{true, false, false}));
        QCOMPARE(paths.count("/me"), 3 + 1); // and the cell of its own

        // A credential that is good and refused all the same is looked at three times more, not six.
        bobDies = false;
        dead = false;
        const RunRecord refused = go();
        QCOMPARE(healthOfBob(refused), (QList<bool>{true, true, true, true, true}));
    }
};

QTEST_GUILESS_MAIN(TestMatrixRun)
#include "test_matrix_run.moc"
