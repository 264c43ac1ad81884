// SPDX-License-Identifier: GPL-3.0-or-later
// A run of saved requests: order, values from one answer to the next, data, who sends, bail, stop, and
// reports.
#include "core/runner/collection_run.h"
#include "tests/core/run/run_fakes.h"

#include <QXmlStreamReader>

using namespace kbtest;

class TestCollectionRun : public QObject {
    Q_OBJECT

    struct Setup {
        Bench bench;
        QList<RunnerRequest> requests;
        CollectionRun::Options options;
        QMap<QString, Sender> identities;

        RunnerRequest& add(const QString& path, const QString& url, const QString& status = "200") {
            RunnerRequest request{path, QString(path).remove(".yml"), {}};
            request.spec.url = url;
            if (!status.isEmpty())
                request.spec.checks = {{AnswerPart::Expression, "res.status", "eq", status, {}, true}};
            requests.append(request);
            return requests.last();
        }
        std::unique_ptr<CollectionRun> make() {
            return std::make_unique<CollectionRun>(bench.transport, bench.clock, requests, identities,
                                                   options);
        }
        RunnerRecord run() {
            const auto run = make();
            QSignalSpy spy(run.get(), &CollectionRun::finished);
            QSignalSpy entries(run.get(), &CollectionRun::entryDone);
            run->start();
            if (spy.count()) qWarning("finished inside start()");
            if (!QTest::qWaitFor([&] { return spy.count() > 0; })) qWarning("not finished");
            QTest::qWait(2);
            if (spy.count() != 1) qWarning("finished %d times", int(spy.count()));
            told = int(entries.count());
            return run->record();
        }
        QStringList sent() const {
            QStringList urls;
            for (const Request& each : bench.transport.sent)
                urls.append(QString::fromUtf8(each.url.text()));
            return urls;
        }
        int told = 0;
    };
    static QString states(const RunnerRecord& record) {
        QStringList all;
        for (const RunnerEntry& entry : record.entries)
            all.append(stateName(entry.state));
        return all.join(u' ');
    }

private Q_SLOTS:
    void inOrderWithValuesOfAnswers() {
        Setup setup;
        setup.options.parallel = 8; // there are captures: order holds
        setup.add("login.yml", "https://a.test/login").spec.captures = {
            {"id", AnswerPart::Expression, "res.body.id", true}};
        setup.add("use.yml", "https://a.test/users/{{id}}");
        setup.bench.transport.script = {{answer(200, {}, "{\"id\":17}")}, {answer(200)}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "passed passed");
        QCOMPARE(setup.sent(), (QStringList{"https://a.test/login", "https://a.test/users/17"}));
        QVERIFY(record.isClean());
        QCOMPARE(setup.told, 2);
        QCOMPARE(record.checkCount(true), 2);
        QVERIFY(record.entries.first().captures.first().value.isEmpty()); // values are not kept
    }

    void aMissingValueFailsItsRequest() {
        Setup setup;
        setup.add("login.yml", "https://a.test/login").spec.captures = {
            {"id", AnswerPart::Expression, "res.body.id", true}};
        setup.add("use.yml", "https://a.test/users/{{id}}");
        setup.bench.transport.script = {{answer(200, {}, "{}")}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "failed error");
        QVERIFY(record.entries.at(1).nothingSent);
        QVERIFY2(record.entries.at(1).problem.contains("id"), qPrintable(record.entries.at(1).problem));
        QCOMPARE(setup.sent().size(), 1);
    }

    void dataAndIterations() {
        Setup setup;
        setup.options.iterations = 3;
        setup.options.variables = {{"base", "https://a.test"}, {"who", "nobody"}};
        setup.options.data = {{{"who", "ada"}}, {{"who", "bo"}}};
        setup.add("a.yml", "{{base}}/{{who}}");
        setup.bench.transport.script = {{answer(200)}, {answer(500)}, {answer(200)}};
        const RunnerRecord record = setup.run();
        QCOMPARE(setup.sent(),
                 (QStringList{"https://a.test/ada", "https://a.test/bo", "https://a.test/ada"}));
        QCOMPARE(states(record), "passed failed passed");
        QCOMPARE(record.entries.at(1).iteration, 1);
        QVERIFY(!record.isClean());
    }

    void valuesStayInTheirIteration() {
        Setup setup;
        setup.options.iterations = 2;
        setup.options.parallel = 2;
        setup.add("a.yml", "https://a.test/new").spec.captures = {
            {"id", AnswerPart::Expression, "res.body", true}};
        setup.add("b.yml", "https://a.test/{{id}}");
        setup.bench.transport.script = {
            {answer(200, {}, "1")}, {answer(200, {}, "2")}, {answer(200)}, {answer(200)}};
        QCOMPARE(states(setup.run()), "passed passed passed passed");
        QStringList sent = setup.sent();
        QCOMPARE(sent.mid(0, 2), (QStringList{"https://a.test/new", "https://a.test/new"})); // both in flight
        sent.sort();
        QCOMPARE(sent, (QStringList{"https://a.test/1", "https://a.test/2", "https://a.test/new",
                                    "https://a.test/new"}));
    }

    void noMoreInFlightThanAllowed() {
        Setup setup;
        setup.options.parallel = 3;
        for (int i = 0; i < 6; ++i)
            setup.add(QString("%1.yml").arg(i), QString("https://a.test/%1").arg(i));
        for (int i = 0; i < 6; ++i)
            setup.bench.transport.script.append({answer(200), true});
        const auto run = setup.make();
        run->start();
        QTRY_COMPARE(setup.bench.transport.alive, 3);
        QTest::qWait(20);
        QCOMPARE(setup.bench.transport.sent.size(), 3);
    }

    void eachAsItSays() {
        Setup setup;
        setup.identities.insert("p-reader", {setup.bench.profile, &setup.bench.store, nullptr, false});
        setup.add("a.yml", "https://api.acme.test/a").spec.profileId = "p-reader";
        setup.add("b.yml", "https://api.acme.test/b");
        setup.add("c.yml", "https://api.acme.test/c").spec.profileId = "p-gone";
        setup.bench.transport.script = {{answer(200)}, {answer(200)}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "passed passed error");
        QCOMPARE(setup.bench.transport.sent.at(0).headers.first("Authorization").value_or(""),
                 QByteArray("Bearer ") + Bench::canary);
        QVERIFY(!setup.bench.transport.sent.at(1).headers.contains("Authorization"));
        QCOMPARE(record.entries.at(0).profile, "Reader");
        QCOMPARE(setup.bench.transport.sent.size(), 2);
    }

    void allAsOne() {
        Setup setup;
        setup.identities.insert("p-reader", {setup.bench.profile, &setup.bench.store, nullptr, false});
        setup.options.asProfile = QStringLiteral("p-reader");
        setup.add("a.yml", "https://api.acme.test/a");
        setup.bench.transport.script = {
            {answer(403, {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\""}})}};
        const RunnerRecord record = setup.run();
        QVERIFY(setup.bench.transport.sent.first().headers.contains("Authorization"));
        QVERIFY(!record.entries.first().doctor.isEmpty()); // why, not only that
        // And as nobody, whatever the requests say.
        Setup nobody;
        nobody.options.asProfile = QString();
        nobody.add("a.yml", "https://api.acme.test/a").spec.profileId = "p-reader";
        nobody.bench.transport.script = {{answer(200)}};
        QCOMPARE(states(nobody.run()), "passed");
        QVERIFY(!nobody.bench.transport.sent.first().headers.contains("Authorization"));
    }

    void aForeignHostGetsNothing() {
        Setup setup;
        setup.identities.insert("p-reader", {setup.bench.profile, &setup.bench.store, nullptr, false});
        setup.add("a.yml", "https://evil.test/a").spec.profileId = "p-reader";
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "error");
        QVERIFY(record.entries.first().nothingSent);
        QVERIFY(setup.bench.transport.sent.isEmpty());
    }

    void bailEndsAtTheFirstFailure() {
        Setup setup;
        setup.options.bail = true;
        for (const char* path : {"a.yml", "b.yml", "c.yml"})
            setup.add(path, "https://a.test/");
        setup.bench.transport.script = {{answer(200)}, {answer(500)}, {answer(200)}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "passed failed skipped");
        QCOMPARE(setup.sent().size(), 2);
        QVERIFY(record.entries.last().problem.contains("did not pass"));
    }

    void stopEndsWhatIsUnderWay() {
        Setup setup;
        for (const char* path : {"a.yml", "b.yml"})
            setup.add(path, "https://a.test/");
        setup.bench.transport.script = {{answer(200), true}};
        const auto run = setup.make();
        QSignalSpy spy(run.get(), &CollectionRun::finished);
        run->start();
        QTRY_COMPARE(setup.bench.transport.alive, 1);
        run->stop();
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(states(run->record()), "skipped skipped");
        QVERIFY(run->record().stopped);
        QVERIFY(!run->record().isClean());
        QCOMPARE(setup.bench.transport.alive, 0);
    }

    void aProductionEnvironmentGetsSafeMethodsOnly() {
        Setup setup;
        setup.options.caution = QStringLiteral("not here");
        setup.add("a.yml", "https://a.test/");
        setup.add("b.yml", "https://a.test/").spec.method = "DELETE";
        setup.bench.transport.script = {{answer(200)}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "passed error");
        QCOMPARE(record.entries.last().problem, "not here");
        QCOMPARE(setup.sent().size(), 1);
    }

    void noSecretIsSaidAnywhere() {
        Setup setup;
        const QString token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2VjcmV0LXNpZ25hdHVyZQ";
        setup.add("login.yml", "https://a.test/login").spec.captures = {
            {"token", AnswerPart::Expression, "res.body.access_token", true}};
        RunnerRequest& use = setup.add("use.yml", "https://a.test/me?x={{token}}");
        use.spec.headers = {{"Authorization", "Bearer {{token}}", {}, true}};
        use.spec.checks = {{AnswerPart::Expression, "res.body.note", "eq", "{{token}}", {}, true},
                           {AnswerPart::Expression, "res.body.other", "eq", "1", {}, true}};
        setup.bench.transport.script = {
            {answer(200, {}, ("{\"access_token\":\"" + token + "\"}").toUtf8())},
            {answer(200, {}, ("{\"note\":\"no\",\"other\":\"say " + token + "\"}").toUtf8())}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "passed failed");
        QVERIFY(setup.sent().last().contains(token)); // it was used
        for (const QString& kind : runnerReportKinds()) {
            const QByteArray report = runnerReport(kind, record);
            QVERIFY(!report.isEmpty());
            QVERIFY2(!holds(report, token.toUtf8()), report.constData());
        }
    }

    /// What the history gets of a run: every exchange, without what it captured as secret.
    void exchangesAreKeptMasked() {
        Setup setup;
        QList<HistoryRecord> kept;
        setup.options.keep = [&](const HistoryRecord& record) { kept.append(record); };
        setup.add("login.yml", "https://a.test/login").spec.captures = {
            {"ticket", AnswerPart::Expression, "res.body.access_token", true},
            {"pin", AnswerPart::Expression, "res.body.password", true}};
        RunnerRequest& use = setup.add("use.yml", "https://a.test/users?by={{ticket}}");
        use.spec.id = "use.yml";
        use.spec.headers = {{"X-Ticket", "{{ticket}}", {}, true}, {"X-Pin", "{{pin}}", {}, true}};
        setup.add("missing.yml", "https://a.test/{{nothing}}"); // never sent
        setup.bench.transport.script = {
            {answer(200, {}, R"({"access_token":"plain words 0001","password":"482913"})")},
            {answer(403, {{"X-Echo", "plain words 0001"}}, "plain words 0001 and 482913")}};
        setup.run();
        QCOMPARE(kept.size(), 2);
        QCOMPARE(kept.at(0).entry.status, 200);
        QCOMPARE(kept.at(1).entry.status, 403);
        QCOMPARE(kept.at(1).entry.requestPath, "use.yml");
        QCOMPARE(kept.at(1).entry.host, "a.test");
        QVERIFY(kept.at(1).entry.timeMs > 0);
        for (const HistoryRecord& record : std::as_const(kept)) {
            QByteArray all = record.entry.url.toUtf8() + record.requestBody + record.responseBody +
                             record.diagnosis.toUtf8() + record.entry.problem.toUtf8();
            for (const HeaderField& field : record.requestHeaders + record.responseHeaders)
                all += field.name + ':' + field.value + '\n';
            QVERIFY2(!all.contains("plain words") && !all.contains("plain%20words") &&
                         !all.contains("482913"),
                     all.constData());
            QVERIFY(all.contains("access_token") || all.contains("X-Echo"));
        }
    }

    void whatWasTypedIntoTheAddressIsNotSaid() {
        Setup setup;
        const char* const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
        setup.add("user.yml", "https://ada:pass-0001@a.test/"); // refused, and not repeated
        RunnerRequest& request =
            setup.add("a.yml", QString("https://a.test/?access_token=query-token-0001&x=1&y=") + token);
        request.spec.checks.append({AnswerPart::Expression, "res.body", "eq", token, {}, true});
        setup.bench.transport.script = {{answer(200, {}, "other")}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "error failed");
        for (const QString& kind : runnerReportKinds()) {
            const QByteArray report = runnerReport(kind, record);
            for (const char* secret : {"pass-0001", "query-token-0001", "ghp_0123456789"})
                QVERIFY2(!report.contains(secret), report.constData());
            QVERIFY(report.contains("a.test"));
        }
        QCOMPARE(shownAddress("{{base}}/a?token={{t}}&q=1"), "{{base}}/a?token={{t}}&q=1");
    }

    void aRedirectThatLedNowhereIsNoAnswer() {
        Setup setup;
        setup.add("a.yml", "https://a.test/", QString());
        setup.bench.transport.script = {redirectTo("https://a.test/next"),
                                        {fail(ErrorCode::ConnectFailed, "refused")}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "error");
        QVERIFY(!record.isClean());
        QVERIFY2(record.entries.first().problem.contains("refused"),
                 qPrintable(record.entries.first().problem));
    }

    void aLongSecretIsMaskedWhole() {
        Setup setup;
        const QString secret = QString("opaque-").repeated(40);
        setup.add("a.yml", "https://a.test/1").spec.captures = {
            {"t", AnswerPart::Expression, "res.body.access_token", true}};
        setup.add("b.yml", "https://a.test/2").spec.checks = {
            {AnswerPart::Expression, "res.body.note", "eq", "x", {}, true}};
        setup.bench.transport.script = {{answer(200, {}, ("{\"access_token\":\"" + secret + "\"}").toUtf8())},
                                        {answer(200, {}, ("{\"note\":\"" + secret + "\"}").toUtf8())}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "passed failed");
        for (const QString& kind : runnerReportKinds())
            QVERIFY2(!runnerReport(kind, record).contains("opaque-"), runnerReport(kind, record).constData());
    }

    void aBrokenAnswerIsNotJudged() {
        Setup setup;
        setup.add("a.yml", "https://a.test/");
        TransportReply broken = answer(200, {}, "{\"a\":");
        broken.response.bodyEnd = BodyEnd::Truncated;
        setup.bench.transport.script = {{broken}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "error");
        QVERIFY(!record.entries.first().nothingSent);
        QCOMPARE(record.checkCount(true), 0);
    }

    void reportsCountEveryRequest() {
        Setup setup;
        setup.options.workspaceName = "Shop & <co>";
        setup.options.bail = true;
        setup.options.iterations = 2;
        setup.add("users/a.yml", "https://a.test/{{x}}").name = "First\x01 \"one\"";
        setup.add("b.yml", "https://a.test/b", "404");
        setup.options.variables = {{"x", "resolved-value"}};
        setup.bench.transport.script = {{answer(200)}, {answer(200)}};
        const RunnerRecord record = setup.run();
        QCOMPARE(states(record), "passed failed skipped skipped");
        QXmlStreamReader xml(runnerJunit(record));
        int cases = 0, failures = 0, skipped = 0, suites = 0;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement) continue;
            cases += xml.name() == QLatin1String("testcase");
            failures += xml.name() == QLatin1String("failure");
            skipped += xml.name() == QLatin1String("skipped");
            suites += xml.name() == QLatin1String("testsuite");
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(QList<int>({suites, cases, failures, skipped}), QList<int>({2, 4, 1, 2}));
        const Result<JsonValue> json = parseJson(runnerReport("json", record));
        QVERIFY(json);
        QCOMPARE(json->find(u"requests")->items.size(), 4);
        QCOMPARE(json->find(u"summary")->find(u"skipped")->numberText, QByteArray("2"));
        QCOMPARE(json->find(u"requests")->items.at(1).find(u"checks")->items.first().text(u"message"),
                 "It should be 404. It is 200.");
        const QByteArray html = runnerHtml(record);
        QVERIFY(html.contains("Shop &amp; &lt;co&gt;"));
        QCOMPARE(html.count("<tr>"), 5);
        for (const QString& kind : runnerReportKinds())
            QVERIFY(!runnerReport(kind, record).contains("resolved-value"));
        QVERIFY(runnerReport("pdf", record).isEmpty());
    }

    void requestsByTheirPaths() {
        Workspace workspace;
        TreeItem folder;
        folder.kind = TreeItem::Kind::Folder;
        folder.path = "users";
        for (const char* path : {"users/a.yml", "users/b.yml"}) {
            TreeItem item;
            item.path = QString::fromUtf8(path);
            folder.children.append(item);
        }
        TreeItem last;
        last.path = "z.yml";
        workspace.items = {folder, last};
        const auto at = [&](const QStringList& paths) {
            const auto found = requestsAt(workspace, paths);
            if (!found) return QString(found.error().what);
            QStringList out;
            for (const RunnerRequest& request : *found)
                out.append(request.path);
            return out.join(u' ');
        };
        QCOMPARE(at({}), "users/a.yml users/b.yml z.yml");
        QCOMPARE(at({"z.yml", "users/"}), "users/a.yml users/b.yml z.yml");
        QCOMPARE(at({"./users/b"}), "users/b.yml");
        QCOMPARE(at({"users", "users/a.yml"}), "users/a.yml users/b.yml");
        QVERIFY(at({"nowhere"}).contains("nowhere"));
        QVERIFY(at({"."}).contains("z.yml"));
        workspace.items.last().request.variables = {{"v", "own", true}, {"off", "x", false}};
        QCOMPARE(requestsAt(workspace, {"z.yml"})->first().ownVariables,
                 (QList<Variable>{{"v", "own", true}}));
    }
};

QTEST_GUILESS_MAIN(TestCollectionRun)
#include "test_collection_run.moc"
