// SPDX-License-Identifier: GPL-3.0-or-later
// Forged identities and strategies for what changes something, from the command line against the practice
// API.
#include "matrix_workspace.h"

#ifdef Q_OS_UNIX
#include <csignal>
#endif

class TestCliForged : public QObject, MatrixWorkspace {
    Q_OBJECT

    QString idOf(const QString& name) {
        return cli({s("profile"), s("show"), name, s("--json")}).json().value(s("id")).toString();
    }
    /// The strategy for DELETE /webhooks/{id}, with a webhook made and removed by the administrator.
    void saveStrategy(const QByteArray& strategy) {
        QByteArray root = bytes(s("opencollection.yml"));
        const QByteArray saved =
            "  keybearer:\n    matrix:\n      strategies:\n"
            "        - operation: DELETE /webhooks/{id}\n          strategy: " +
            strategy + "\n          fixture:\n            setup: POST /webhooks\n            owner: " +
            idOf(s("Admin")).toUtf8() +
            "\n            verify: GET /webhooks\n"
            "            teardown: DELETE /webhooks/{id}\n";
        root.replace("  keybearer:\n", saved);
        write(s("opencollection.yml"), root);
    }
    static QByteArray webhooks(const PracticeProcess& practice) {
        return runCli({s("send"), practice.url(s("/webhooks")), s("-H"),
                       s("Authorization: Bearer ") + QString::fromUtf8(practice.secret(s("Admin")))})
            .out;
    }
    static QJsonObject cellOf(const QJsonObject& run, const char* who) {
        for (const QJsonValue& value : run.value(s("cells")).toArray())
            if (value.toObject().value(s("profile")) == s(who)) return value.toObject();
        return {};
    }

    QStringList forgedNames() {
        QStringList arguments;
        const QJsonArray all =
            cli({s("profile"), s("list"), s("--json")}).json().value(s("profiles")).toArray();
        for (const QJsonValue& each : all)
            if (each.toObject().value(s("kind")) == s("derived"))
                arguments << s("--as") << each.toObject().value(s("name")).toString();
        return arguments;
    }

private Q_SLOTS:
    void init() { freshFolder(); }

    /// Each probe has an object of its own, and none is left.
    void aDisposableObjectIsMadeAndTakenDown() {
        const PracticeProcess practice;
        workspaceFor(practice);
        saveStrategy("fixture");
        const QByteArray before = webhooks(practice);
        const QStringList only{s("--only"), s("DELETE /webhooks*")};
        QCOMPARE(count(matrix(only).json(), "pass"), 0); // without --allow-unsafe nothing is sent
        const CliResult run = matrix(only + QStringList{s("--allow-unsafe")});
        QVERIFY2(run.exitCode == 0, run.out.constData());
        QCOMPARE(count(run.json(), "pass"), 7);
        QCOMPARE(cellOf(run.json(), "Admin").value(s("status")).toInt(), 204);
        QCOMPARE(cellOf(run.json(), "Reader").value(s("status")).toInt(), 403);
        QCOMPARE(webhooks(practice), before);
    }

    /// Confirmed with the right number, a request is really done, once for each identity.
    void whatIsConfirmedIsDoneOnce() {
        const PracticeProcess practice;
        workspaceFor(practice);
        QByteArray root = bytes(s("opencollection.yml"));
        root.replace("  keybearer:\n", "  keybearer:\n    matrix:\n      strategies:\n"
                                       "        - operation: POST /webhooks\n          strategy: live\n");
        write(s("opencollection.yml"), root);
        const auto hooks = [&] { return QJsonDocument::fromJson(webhooks(practice)).array().size(); };
        const qsizetype before = hooks();
        const QStringList live{s("--only"),         s("POST /webhooks"), s("--as"), s("Admin"),
                               s("--as"),           s("Reader"),         s("--as"), s("anonymous"),
                               s("--allow-unsafe"), s("--confirm-count")};
        QCOMPARE(matrix(live + QStringList{s("2")}).exitCode, 2);
        QCOMPARE(hooks(), before);
        const CliResult run = matrix(live + QStringList{s("3")});
        QVERIFY2(run.exitCode == 0, run.out.constData());
        QCOMPARE(cellOf(run.json(), "Admin").value(s("status")).toInt(), 201);
        QCOMPARE(cellOf(run.json(), "Reader").value(s("status")).toInt(), 403);
        QCOMPARE(hooks(), before + 1);
    }

    /// What was refused and done all the same is seen by its owner.
    void aRefusalThatChangedTheObjectIsABypass() {
        const PracticeProcess practice({s("deny-after-delete")});
        workspaceFor(practice);
        saveStrategy("fixture");
        const QByteArray before = webhooks(practice);
        const CliResult run = matrix({s("--only"), s("DELETE /webhooks*"), s("--allow-unsafe")});
        QCOMPARE(run.exitCode, 1);
        const QJsonObject reader = cellOf(run.json(), "Reader");
        QCOMPARE(reader.value(s("verdict")).toString(), s("bypass"));
        QCOMPARE(reader.value(s("evidence_grade")).toString(), s("confirmed"));
        QCOMPARE(reader.value(s("status")).toInt(), 403);
        QCOMPARE(webhooks(practice), before);
    }

    /// The practice API ignores If-Match: that is seen with an object to spare, and nobody else is sent.
    void anImpossiblePreconditionIsTriedFirst() {
        const PracticeProcess practice;
        workspaceFor(practice);
        saveStrategy("impossible-precondition");
        const QByteArray before = webhooks(practice);
        const CliResult run = matrix({s("--only"), s("DELETE /webhooks*"), s("--allow-unsafe")});
        QCOMPARE(cellOf(run.json(), "Admin").value(s("status")).toInt(), 204);
        const QJsonObject reader = cellOf(run.json(), "Reader");
        QCOMPARE(reader.value(s("status")).toInt(), 0);
        QCOMPARE(reader.value(s("verdict")).toString(), s("not-proven"));
        QVERIFY(reader.value(s("reason")).toString().contains(s("412")));
        QCOMPARE(webhooks(practice), before);
    }

#ifdef Q_OS_UNIX
    /// Stopped while its objects exist: they are removed before it ends, and that is soon. A pipeline that is
    /// called off sends SIGTERM.
    void aStopTakesDownWhatWasMade_data() {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    void aStopTakesDownWhatWasMade() {
        QFETCH(int, signal);
        const PracticeProcess practice;
        workspaceFor(practice);
        saveStrategy("fixture");
        const QByteArray before = webhooks(practice);
        for (const int wait : {150, 700, 1500}) {
            QProcess process;
            startMatrix(process,
                        {s("--only"), s("DELETE /webhooks*"), s("--allow-unsafe"), s("--rate"), s("5")});
            QTest::qWait(wait);
            QElapsedTimer time;
            time.start();
            QVERIFY(::kill(pid_t(process.processId()), signal) == 0);
            QVERIFY(process.waitForFinished(20000));
            QVERIFY2(time.elapsed() < 2000, qPrintable(QString::number(time.elapsed())));
            const QJsonObject run = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
            const bool inOrder = run.value(s("health")).toObject().value(s("stopped")).toBool();
            QVERIFY(inOrder || wait < 1500); // right after its start nothing is under way yet
            QCOMPARE(webhooks(practice), before);
        }
    }
#endif

    /// A forgery of each kind: refused by a good API, and let in exactly where a defect of the API says so.
    void forgeriesFlipTheirCells_data() {
        QTest::addColumn<QStringList>("accepted");
        QTest::newRow("none") << QStringList();
        QTest::newRow("accept-none") << QStringList{s("alg-none"), s("alg-None"), s("alg-NONE"),
                                                    s("alg-nOnE")};
        QTest::newRow("skip-signature")
            << QStringList{s("alg-none"),       s("alg-None"),     s("alg-NONE"),         s("alg-nOnE"),
                           s("edited-payload"), s("no-signature"), s("flipped-signature")};
        QTest::newRow("key-prefix") << QStringList{s("key truncated")};
        QTest::newRow("key-ignore-case") << QStringList{s("key other-case")};
    }
    void forgeriesFlipTheirCells() {
        QFETCH(QStringList, accepted);
        // Few rows: the practice API takes 120 requests a minute of those it does not know.
        const QString defect = s(QTest::currentDataTag());
        const PracticeProcess practice(defect == s("none") ? QStringList() : QStringList{defect});
        workspaceFor(practice);
        for (const char* each : {"no-signature", "no-signature-part", "flipped-signature", "edited-payload",
                                 "alg-none", "alg-None", "alg-NONE", "alg-nOnE", "random", "empty"})
            addForged({s(each), s("Reader"), s(each)});
        for (const char* each : {"truncated", "other-case", "random", "empty"})
            addForged({s("key ") + s(each), s("Partner"), s(each)});
        const QByteArray saved = bytes(s("opencollection.yml"));
        QVERIFY(saved.contains("defect: flipped-signature"));
        const CliResult run =
            matrix(QStringList{s("--as"), s("Reader"), s("--as"), s("Partner"), s("--as"), s("Admin")} +
                   forgedNames() +
                   QStringList{s("--only"), s("GET /users*"), s("--only"), s("GET /me"), s("--only"),
                               s("GET /search"), s("--fail-on"), s("bypass,over-restricted,suspect,error")});
        QCOMPARE(run.exitCode, accepted.isEmpty() ? 0 : 1);
        QMap<QString, int> bypassed, passed;
        for (const QJsonValue& value : run.json().value(s("cells")).toArray()) {
            const QJsonObject cell = value.toObject();
            const QString who = cell.value(s("profile")).toString();
            const QString verdict = cell.value(s("verdict")).toString();
            if (cell.value(s("outcome")) == s("not-sent") || who == s("Admin") || who == s("anonymous"))
                continue;
            if (verdict == s("bypass")) ++bypassed[who];
            if (verdict == s("pass")) ++passed[who];
        }
        QStringList flipped = bypassed.keys();
        accepted.sort();
        flipped.sort();
        QCOMPARE(flipped, accepted);
        for (const QString& who : std::as_const(accepted))
            QVERIFY2(bypassed.value(who) >= 3, qPrintable(who)); // wherever the good one is let in
        for (const char* refused : {"random", "empty", "key random", "key empty", "no-signature-part"})
            QVERIFY2(passed.value(s(refused)) >= 4, refused);
        QVERIFY(!run.out.contains(practice.secret(s("Reader"))));
        QVERIFY(!run.out.contains(practice.secret(s("Reader")).split('.').at(1)));
    }

    /// Nothing forged leaves for production, and what it needs is said.
    void forgeriesStayAwayFromProduction() {
        addProfile(s("Reader"), s("bearer"), s("https://api.acme.com"), "a-good-token-of-the-reader");
        addForged({s("Forgery"), s("Reader"), s("random")});
        write(s("openapi.json"),
              "{\"openapi\":\"3.1.0\",\"servers\":[{\"url\":\"https://api.acme.com\"}],\"paths\":{\"/a\":{"
              "\"get\":{\"security\":[{\"b\":[]}],\"responses\":{}}}},\"components\":{\"securitySchemes\":{"
              "\"b\":{\"type\":\"http\",\"scheme\":\"bearer\"}}}}");
        const CliResult plan = cli({s("matrix"), s("plan"), s("--openapi"), s("openapi.json"), s("--json")});
        int forged = 0;
        for (const QJsonValue& value : plan.json().value(s("cells")).toArray()) {
            const QJsonObject cell = value.toObject();
            if (cell.value(s("profile")) != s("Forgery")) continue;
            ++forged;
            QVERIFY(cell.value(s("not_sent")).toString().contains(s("local, test and staging")));
            QCOMPARE(cell.value(s("expected")).toString(), s("deny-authn"));
        }
        QCOMPARE(forged, 1);
        const CliResult sent = cli({s("send"), s("https://api.acme.com/a"), s("--as"), s("Forgery")});
        QCOMPARE(sent.exitCode, 2); // never offered for ordinary requests
        const CliResult bad = cli({s("profile"), s("add"), s("Other"), s("--kind"), s("derived"), s("--from"),
                                   s("Reader"), s("--defect"), s("bent")});
        QCOMPARE(bad.exitCode, 2);
        QVERIFY2(bad.err.contains("flipped-signature"), bad.err.constData());
        QCOMPARE(cli({s("profile"), s("remove"), s("Forgery")}).exitCode, 0);
        QVERIFY(!bytes(s("opencollection.yml")).contains("derived"));
    }
};

QTEST_GUILESS_MAIN(TestCliForged)
#include "test_cli_forged.moc"
