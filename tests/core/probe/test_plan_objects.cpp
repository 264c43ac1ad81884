// SPDX-License-Identifier: GPL-3.0-or-later
// Whose objects are asked for, and where a request names them.
#include "core/probe/plan_objects.h"
#include "tests/core/probe/safety_bench.h"

using namespace kbtest;

namespace {

/// ada and root are of one tenant, root may more; cid is of another. Each has a note of their own.
struct OwnersBench : SafetyBench {
    OwnersBench() {
        addOwner("root");
        addOwner("bob");
        addOwner("cid");
        who("ada").scopes = who("bob").scopes = who("cid").scopes = {QStringLiteral("read")};
        who("root").scopes = {QStringLiteral("read"), QStringLiteral("write")};
        for (const char* name : {"ada", "root", "bob"})
            who(name).claims = {QStringLiteral("tenant=acme")};
        who("cid").claims = {QStringLiteral("tenant=bolt")};
        operation("GET", "/me");
    }
    void addOwner(const char* name) {
        SecretRecord record;
        record.secret = Secret(QByteArray(QByteArray("token-of-") + name + "-0123456789").constData());
        add(QString::fromLatin1(name), BearerScheme(), std::move(record));
    }
    MatrixProfile& who(const char* name) {
        for (MatrixProfile& each : profiles)
            if (each.id == QLatin1String(name)) return each;
        qFatal("there is no %s", name);
    }
    ApiOperation& notes() { return operation("GET", "/notes/{id}", {QStringLiteral("id")}); }
    /// Each owns "n-ada" and so on, under that name of a place.
    void own(const QString& place, const QString& prefix = QStringLiteral("n-")) {
        for (const MatrixProfile& each : std::as_const(profiles))
            if (each.kind == MatrixProfile::Kind::Live) settings.own[place].insert(each.id, prefix + each.id);
    }
    /// "self n-ada", "peer n-bob" … of one profile's cells of the last operation.
    QStringList asked(const char* name) const {
        const MatrixPlan made = plan();
        QStringList all;
        for (const CellPlan& cell : made.cells)
            if (made.profileOf(cell).id == QLatin1String(name) &&
                cell.operation == made.api.operations.size() - 1)
                all.append(bindingName(cell.binding) + u' ' +
                           (cell.notSent.isEmpty()           ? cell.object
                            : cell.notSent == notProbeable() ? QStringLiteral("(same)")
                                                             : cell.notSent));
        return all;
    }
    const CellPlan& planned(const MatrixPlan& made, const char* name, Binding binding) const {
        for (const CellPlan& cell : made.cells)
            if (made.profileOf(cell).id == QLatin1String(name) && cell.binding == binding &&
                cell.operation == made.api.operations.size() - 1)
                return cell;
        static const CellPlan none;
        return none;
    }
    static QString but(const QStringList& all, const char* binding) {
        for (const QString& each : all)
            if (each.startsWith(QLatin1String(binding) + u' ')) return each;
        return {};
    }
};

QByteArray bodyAt(const char* json, const char* pointer, const char* value) {
    return withBodyValue(QString::fromUtf8(json), QString::fromLatin1(pointer), QString::fromLatin1(value))
        .toUtf8();
}

} // namespace

class TestPlanObjects : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A peer is of the same tenant; who may more, or is of another tenant, is a row of its own.
    void whoseObjects() {
        OwnersBench bench;
        bench.notes();
        bench.own(QStringLiteral("id"));
        QStringList ada = bench.asked("ada");
        QCOMPARE(ada.size(), 5);
        QCOMPARE(ada.takeAt(2).left(7), QStringLiteral("absent "));
        QCOMPARE(ada.join(u','), QStringLiteral("self n-ada,peer n-bob,other-tenant n-cid,higher n-root"));
        QStringList cid = bench.asked("cid"); // nobody of that tenant, nobody who may more
        QCOMPARE(cid.takeAt(1).left(7), QStringLiteral("absent "));
        QCOMPARE(cid.join(u','), QStringLiteral("self n-cid,other-tenant n-ada"));
        QVERIFY(OwnersBench::but(bench.asked("root"), "higher").isEmpty());
        QCOMPARE(bench.asked("anonymous"), QStringList{QStringLiteral("peer n-ada")});

        // Where tenants and scopes are not known, all are peers.
        for (MatrixProfile& each : bench.profiles) {
            each.claims.clear();
            each.scopesKnown = false;
        }
        QCOMPARE(OwnersBench::but(bench.asked("ada"), "peer"), QStringLiteral("peer n-root"));
        QCOMPARE(bench.asked("ada").size(), 3);
        QCOMPARE(bench.asked("cid").size(), 3);
    }

    /// A cell's id is what it was before there were more bindings.
    void idsStay() {
        OwnersBench bench;
        bench.notes();
        bench.own(QStringLiteral("id"));
        const MatrixPlan plan = bench.plan();
        QCOMPARE(bench.planned(plan, "ada", Binding::Self).id, QStringLiteral("7cbab48353a23ab1"));
        QCOMPARE(bench.planned(plan, "ada", Binding::Peer).id, QStringLiteral("be8f4873f74b5b20"));
        QCOMPARE(bench.planned(plan, "ada", Binding::Absent).id, QStringLiteral("b77562a8fd67eba1"));
        bench.settings.own.clear();
        const MatrixPlan without = bench.plan();
        QCOMPARE(bench.planned(without, "ada", Binding::None).id, QStringLiteral("f604e54cdbf6fe0e"));
        QSet<QString> names;
        for (const Binding each : allBindings)
            names.insert(bindingName(each));
        QCOMPARE(names.size(), qsizetype(std::size(allBindings)));
    }

    void theClaimThatNamesTheTenantCanBeChosen() {
        OwnersBench bench;
        bench.notes();
        bench.own(QStringLiteral("id"));
        bench.who("bob").claims = {QStringLiteral("tenant=acme"), QStringLiteral("org=other")};
        bench.who("ada").claims = {QStringLiteral("tenant=acme"), QStringLiteral("org=mine")};
        bench.settings.tenantClaim = QStringLiteral("org");
        QCOMPARE(OwnersBench::but(bench.asked("ada"), "other-tenant"), QStringLiteral("other-tenant n-bob"));
    }

    /// More is a strict superset, as far as it is known of both, with what a scope implies.
    void whoMayMore_data() {
        QTest::addColumn<QStringList>("scopes");
        QTest::addColumn<QStringList>("roles");
        QTest::addColumn<bool>("known");
        QTest::addColumn<bool>("more");
        const QString read = QStringLiteral("read"), staff = QStringLiteral("staff");
        QTest::newRow("the same") << QStringList{read} << QStringList{staff} << true << false;
        QTest::newRow("another scope")
            << QStringList{QStringLiteral("write")} << QStringList{staff} << true << false;
        QTest::newRow("a scope more")
            << QStringList{read, QStringLiteral("write")} << QStringList{staff} << true << true;
        QTest::newRow("a role more") << QStringList{read} << QStringList{staff, QStringLiteral("admin")}
                                     << true << true;
        QTest::newRow("a scope more and a role less")
            << QStringList{read, QStringLiteral("write")} << QStringList{} << true << false;
        QTest::newRow("not known") << QStringList{read, QStringLiteral("write")} << QStringList{staff}
                                   << false << false;
        QTest::newRow("implied") << QStringList{QStringLiteral("all")} << QStringList{staff} << true << true;
    }
    void whoMayMore() {
        QFETCH(QStringList, scopes);
        QFETCH(QStringList, roles);
        QFETCH(bool, known);
        QFETCH(bool, more);
        OwnersBench bench;
        bench.notes();
        bench.own(QStringLiteral("id"));
        bench.settings.implied = {{QStringLiteral("all"), {QStringLiteral("*")}}};
        for (const char* name : {"ada", "bob", "root"}) {
            bench.who(name).roles = {QStringLiteral("staff")};
            bench.who(name).rolesKnown = true;
        }
        MatrixProfile& root = bench.who("root");
        root.scopes = scopes;
        root.roles = roles;
        root.scopesKnown = root.rolesKnown = known;
        QCOMPARE(!OwnersBench::but(bench.asked("ada"), "higher").isEmpty(), more);
    }

    /// "id" of a note is not "id" of an order: the row that says most of the path counts.
    void oneNameForTwoKinds() {
        OwnersBench bench;
        bench.own(QStringLiteral("id"));
        for (const char* name : {"ada", "bob"})
            for (const auto& [path, prefix] : {std::pair("/orders/*", "o-"), {"/orders/{id}/lines*", "l-"}})
                bench.settings.ownByPath.append({QStringLiteral("id"), QString::fromLatin1(path),
                                                 QString::fromLatin1(name),
                                                 QString::fromLatin1(prefix) + QLatin1String(name)});
        const auto asked = [&](const char* path) {
            bench.operation("GET", path, {QStringLiteral("id")});
            QStringList ada = bench.asked("ada");
            return QString(ada.first() + u',' + OwnersBench::but(ada, "peer"));
        };
        QCOMPARE(asked("/notes/{id}"), QStringLiteral("self n-ada,peer n-bob"));
        QCOMPARE(asked("/orders/{id}"), QStringLiteral("self o-ada,peer o-bob"));
        QCOMPARE(asked("/orders/{id}/lines"), QStringLiteral("self l-ada,peer l-bob"));
        // Without a row for every path: elsewhere it names nothing.
        bench.settings.own.clear();
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")});
        QCOMPARE(bench.asked("ada"), QStringList{QStringLiteral("none ")});
    }

    /// The same of values that are asked for: each kind has its own question.
    void oneNameForTwoKindsThatAreAskedFor() {
        OwnersBench bench;
        for (const char* path : {"/orders", "/users", "/orders/{id}", "/users/{id}"})
            bench.operation("GET", path,
                            QByteArray(path).contains('{') ? QStringList{QStringLiteral("id")}
                                                           : QStringList());
        for (const char* name : {"ada", "bob"})
            for (const char* kind : {"orders", "users"})
                bench.settings.ownByPath.append(
                    {QStringLiteral("id"), QStringLiteral("/%1/*").arg(QLatin1String(kind)),
                     QString::fromLatin1(name), QStringLiteral("from:GET /%1#/id").arg(QLatin1String(kind))});
        QCOMPARE(bench.plan().questions.size(), 4);
        bench.transport.api = [](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            const QByteArray who = whoOf(request).mid(QByteArray("Bearer token-of-").size(), 3);
            return json(200, "{\"id\":\"" + request.url.path().mid(1, 1) + "-" + who + "\"}");
        };
        bench.go();
        QSet<QByteArray> paths;
        for (const Request& each : std::as_const(bench.transport.sent))
            if (whoOf(each).contains("ada")) paths.insert(each.url.path());
        for (const char* path : {"/orders/o-ada", "/orders/o-bob", "/users/u-ada", "/users/u-bob"})
            QVERIFY2(paths.contains(path), path);
        QVERIFY(!paths.contains("/orders/u-ada") && !paths.contains("/orders/u-bob"));
    }

    /// Who owns the very same proves nothing, and the row says so.
    void theSameObjectIsNotProbed() {
        OwnersBench bench;
        bench.notes();
        bench.own(QStringLiteral("id"));
        bench.settings.own[QStringLiteral("id")][QStringLiteral("cid")] = QStringLiteral("n-ada");
        bench.settings.own[QStringLiteral("id")][QStringLiteral("root")] = QStringLiteral("n-ada");
        const QStringList ada = bench.asked("ada");
        QCOMPARE(OwnersBench::but(ada, "other-tenant"), QStringLiteral("other-tenant (same)"));
        QCOMPARE(OwnersBench::but(ada, "higher"), QStringLiteral("higher (same)"));
        QCOMPARE(OwnersBench::but(ada, "peer"), QStringLiteral("peer n-bob"));
    }

    /// In a path of several ids one's own parent with another's child: a guard may look at the first alone.
    void parentsAreSwapped() {
        OwnersBench bench;
        bench.operation("GET", "/teams/{team}/files/{file}",
                        {QStringLiteral("file"), QStringLiteral("team")}); // as documents list them
        bench.own(QStringLiteral("team"), QStringLiteral("t-"));
        bench.own(QStringLiteral("file"), QStringLiteral("f-"));
        const MatrixPlan plan = bench.plan();
        const auto path = [&](Binding binding) {
            return bench.planned(plan, "ada", binding).address().section(u'/', 3);
        };
        QCOMPARE(path(Binding::Self), QStringLiteral("teams/t-ada/files/f-ada"));
        QCOMPARE(path(Binding::Peer), QStringLiteral("teams/t-bob/files/f-bob"));
        QCOMPARE(path(Binding::ParentSwap), QStringLiteral("teams/t-ada/files/f-bob"));
        QCOMPARE(path(Binding::OtherTenant), QStringLiteral("teams/t-cid/files/f-cid"));
        QVERIFY(path(Binding::Absent).startsWith(QStringLiteral("teams/t-ada/files/")));
        QVERIFY(OwnersBench::but(bench.asked("anonymous"), "parent-swap").isEmpty());

        for (QString& team : bench.settings.own[QStringLiteral("team")])
            team = QStringLiteral("t-one"); // all in one team: there is nothing to swap
        QVERIFY(OwnersBench::but(bench.asked("ada"), "parent-swap").isEmpty());
        QCOMPARE(OwnersBench::but(bench.asked("ada"), "peer"), QStringLiteral("peer f-bob"));
    }

    /// Ownership is not in a document: what it does not say is unknown, and conceal is suggested.
    void whatIsExpected() {
        OwnersBench bench;
        bench.operation("GET", "/teams/{team}/files/{file}",
                        {QStringLiteral("team"), QStringLiteral("file")});
        bench.own(QStringLiteral("team"), QStringLiteral("t-"));
        bench.own(QStringLiteral("file"), QStringLiteral("1"));
        bench.settings.malformed = true;
        bench.api.operations.last().parameters.last().type = QStringLiteral("integer");
        const auto expected = [&](Binding binding) {
            const MatrixPlan plan = bench.plan();
            return bench.planned(plan, "ada", binding).expectation;
        };
        constexpr Binding others[] = {Binding::Peer, Binding::OtherTenant, Binding::Higher,
                                      Binding::ParentSwap};
        QCOMPARE(expected(Binding::Self).expect, Expect::Allow);
        QCOMPARE(expected(Binding::Malformed).expect, Expect::Conceal);
        for (const Binding binding : others) {
            QCOMPARE(expected(binding).expect, Expect::Unknown);
            QVERIFY2(expected(binding).why.endsWith(QStringLiteral("Suggested: conceal.")),
                     qPrintable(expected(binding).why));
        }
        bench.api.operations.last().ownObjectsOnly = true;
        for (const Binding binding : others)
            QCOMPARE(expected(binding).expect, Expect::Conceal);
        // Who may have others' objects may have a peer's; of another tenant's, or one that is elsewhere, that
        // says nothing.
        bench.api.operations.last().othersUnless = {QStringLiteral("tenant=acme")};
        QCOMPARE(expected(Binding::Peer).expect, Expect::Allow);
        QCOMPARE(expected(Binding::Higher).expect, Expect::Allow);
        QCOMPARE(expected(Binding::OtherTenant).expect, Expect::Unknown);
        QCOMPARE(expected(Binding::ParentSwap).expect, Expect::Unknown);
        // A mark counts for its binding.
        MatrixMark mark;
        mark.binding = QStringLiteral("other-tenant");
        mark.expect = Expect::Deny;
        bench.settings.marks = {mark};
        QCOMPARE(expected(Binding::OtherTenant).expect, Expect::Deny);
        QCOMPARE(expected(Binding::ParentSwap).expect, Expect::Unknown);
    }

    /// Ids that no object can have are sent where they are asked for, and where their form is known.
    void illFormedIds() {
        OwnersBench bench;
        bench.notes();
        bench.own(QStringLiteral("id"));
        const auto sent = [&] { return OwnersBench::but(bench.asked("ada"), "malformed"); };
        QVERIFY(sent().isEmpty());
        bench.settings.malformed = true;
        QVERIFY(sent().isEmpty()); // of a text any other text has the form
        bench.settings.own[QStringLiteral("id")][QStringLiteral("ada")] = QStringLiteral("4711");
        QCOMPARE(sent(), QStringLiteral("malformed not-a-number"));
        bench.settings.own[QStringLiteral("id")][QStringLiteral("ada")] =
            QStringLiteral("0f76f6a2-770d-4e49-9c1b-2f7c1f0e7a11");
        QCOMPARE(sent(), QStringLiteral("malformed not-a-uuid"));
        bench.api.operations.last().parameters.last().type = QStringLiteral("integer");
        QCOMPARE(sent(), QStringLiteral("malformed not-a-number"));
        QVERIFY(OwnersBench::but(bench.asked("anonymous"), "malformed").isEmpty());
        MatrixRule rule;
        rule.claims = {QStringLiteral("role=admin")};
        bench.settings.rules = {rule}; // who may not have their own learns nothing more
        QVERIFY(sent().isEmpty());
    }

    void whatAnIllFormedIdGets_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<Verdict>("verdict");
        for (const int status : {400, 401, 403, 404, 415, 422})
            QTest::addRow("%d", status) << status << Verdict::Pass;
        QTest::newRow("200") << 200 << Verdict::Suspect;
        QTest::newRow("500") << 500 << Verdict::Suspect;
        QTest::newRow("429") << 429 << Verdict::NotProven;
    }
    void whatAnIllFormedIdGets() {
        QFETCH(int, status);
        QFETCH(Verdict, verdict);
        OwnersBench bench;
        bench.notes();
        bench.own(QStringLiteral("id"), QStringLiteral("1"));
        bench.api.operations.last().parameters.last().type = QStringLiteral("integer");
        bench.settings.malformed = true;
        bench.options.retries = 0;
        bench.transport.api = [status](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            return json(request.url.path().contains("not-a-number") ? status : 200);
        };
        const RunRecord record = bench.go();
        const QString id = bench.planned(record.plan, "ada", Binding::Malformed).id;
        const auto found =
            std::find_if(record.results.begin(), record.results.end(),
                         [&](const CellResult& each) { return record.plan.cells.at(each.cell).id == id; });
        QVERIFY(found != record.results.end());
        const CellResult& result = *found;
        QCOMPARE(result.seen.status, status);
        QCOMPARE(result.judged.verdict, verdict);
    }

    /// An id is not in the path alone.
    void placesOfAnId_data() {
        QTest::addColumn<QString>("in");
        QTest::newRow("query") << QStringLiteral("query");
        QTest::newRow("header") << QStringLiteral("header");
        QTest::newRow("cookie") << QStringLiteral("cookie");
    }
    void placesOfAnId() {
        QFETCH(QString, in);
        OwnersBench bench;
        ApiParameter parameter;
        parameter.in = in;
        parameter.name = QStringLiteral("X-Id");
        bench.operation("GET", "/notes").parameters = {parameter};
        bench.own(QStringLiteral("X-Id"), QStringLiteral("a&b=")); // a path's name: not this one
        QCOMPARE(bench.asked("ada"), QStringList{QStringLiteral("none ")});
        bench.settings.own.clear();
        bench.own(in + QStringLiteral(":X-Id"), QStringLiteral("a&b="));
        bench.transport.api = [](const Request& request) {
            return json(whoOf(request).isEmpty() ? 401 : 200);
        };
        const RunRecord record = bench.go();
        QByteArrayList ids;
        for (const Request& each : std::as_const(bench.transport.sent)) {
            if (each.url.path() != "/notes" || !whoOf(each).contains("ada")) continue;
            ids.append(in == QLatin1String("query")    ? each.url.query().value_or("")
                       : in == QLatin1String("header") ? each.headers.first("X-Id").value_or("")
                                                       : each.headers.first("Cookie").value_or(""));
        }
        const QByteArray encoded = in == QLatin1String("header") ? "a&b=" : "X-Id=a%26b%3D";
        for (const char* name : {"ada", "bob", "cid", "root"})
            QVERIFY2(ids.contains(QByteArray(encoded + name)), ids.join(' ').constData());
        // Not all that is open is a finding where nothing is expected; what is, has its own cause.
        bench.api.operations.last().ownObjectsOnly = true;
        const RunRecord strict = bench.go();
        QStringList titles;
        for (const Defect& each : strict.defects)
            if (each.rule == QLatin1String("bola")) titles.append(each.title);
        titles.sort();
        QCOMPARE(titles.join(u'|'),
                 QStringLiteral("Another tenant's object is handed out|Another's object is handed out"));
    }

    /// In a JSON body the id is at a pointer; the rest of the body stays as it was.
    void anIdInABody() {
        QCOMPARE(bodyAt(R"({"a":1.50,"owner":{"id":"x"},"b":[1]})", "/owner/id", "n-1"),
                 QByteArray(R"({"a":1.50,"owner":{"id":"n-1"},"b":[1]})"));
        QCOMPARE(bodyAt(R"({"id":7})", "/id", "12"), QByteArray(R"({"id":12})"));
        QCOMPARE(bodyAt(R"({"id":7})", "/id", "n-1"), QByteArray(R"({"id":"n-1"})"));
        QCOMPARE(bodyAt(R"({"id":7})", "/id", "{{own.id.ada}}"), QByteArray(R"({"id":{{own.id.ada}}})"));
        QCOMPARE(bodyAt(R"({"id":"7"})", "/id", "12"), QByteArray(R"({"id":"12"})"));
        QCOMPARE(bodyAt(R"({"a":7})", "/id", "12"), QByteArray(R"({"a":7})"));

        OwnersBench bench;
        ApiOperation& search = bench.operation("POST", "/search");
        search.bodyType = QStringLiteral("application/json");
        search.bodyExample = QStringLiteral(R"({"owner":"x","q":1})");
        bench.own(QStringLiteral("/owner"));
        bench.settings.strategies = {{QStringLiteral("POST /search"), ProbeStrategy::Live}};
        PlanOptions options;
        options.baseUrl = bench.origin;
        options.allowUnsafe = options.live = true;
        const MatrixPlan plan = makePlan(bench.api, bench.profiles, bench.settings, options);
        QCOMPARE(bench.planned(plan, "ada", Binding::Self).spec->body.text,
                 QStringLiteral(R"({"owner":"n-ada","q":1})"));
        QCOMPARE(bench.planned(plan, "ada", Binding::Peer).spec->body.text,
                 QStringLiteral(R"({"owner":"n-bob","q":1})"));
    }

    void anIdInAForm() {
        QCOMPARE(withFormValue(QStringLiteral("a=1&owner=x&b"), QStringLiteral("form:owner"),
                               QStringLiteral("n 1&")),
                 QStringLiteral("a=1&owner=n+1%26&b"));
        QCOMPARE(withFormValue(QStringLiteral("a+b=1"), QStringLiteral("form:a b"), QStringLiteral("2")),
                 QStringLiteral("a+b=2"));
        QCOMPARE(
            withFormValue(QStringLiteral("owners=x&b"), QStringLiteral("form:owner"), QStringLiteral("2")),
            QStringLiteral("owners=x&b"));

        OwnersBench bench;
        ApiOperation& search = bench.operation("POST", "/search");
        search.bodyType = QStringLiteral("application/x-www-form-urlencoded");
        search.bodyExample = QStringLiteral("q=1&owner=x");
        bench.own(QStringLiteral("form:owner"));
        bench.own(QStringLiteral("form:other"));
        bench.settings.strategies = {{QStringLiteral("POST /search"), ProbeStrategy::Live}};
        PlanOptions options;
        options.baseUrl = bench.origin;
        options.allowUnsafe = options.live = true;
        const MatrixPlan plan = makePlan(bench.api, bench.profiles, bench.settings, options);
        QCOMPARE(bench.planned(plan, "ada", Binding::Self).spec->body.text,
                 QStringLiteral("q=1&owner=n-ada"));
        QCOMPARE(bench.planned(plan, "ada", Binding::Peer).spec->body.text,
                 QStringLiteral("q=1&owner=n-bob"));
    }

    /// What an API says is not trusted: in a query only what needs no encoding is taken from an answer.
    void valuesFromAnswersElsewhereThanInAPath() {
        for (const bool fine : {true, false}) {
            OwnersBench bench;
            ApiParameter account;
            account.in = QStringLiteral("query");
            account.name = QStringLiteral("account");
            bench.operation("GET", "/notes").parameters = {account};
            for (const char* name : {"ada", "bob"})
                bench.settings.own[QStringLiteral("query:account")].insert(
                    QString::fromLatin1(name), QStringLiteral("from:GET /me#/id"));
            bench.transport.api = [fine](const Request& request) {
                if (whoOf(request).isEmpty()) return json(401);
                const QByteArray who = whoOf(request).mid(QByteArray("Bearer token-of-").size(), 3);
                return json(200, "{\"id\":\"" + who + (fine ? "-1" : "&all=1") + "\"}");
            };
            QCOMPARE(bench.plan().questions.size(), 2);
            bench.go();
            QSet<QByteArray> queries;
            for (const Request& each : std::as_const(bench.transport.sent))
                if (each.url.path() == "/notes" && whoOf(each).contains("ada"))
                    queries.insert(each.url.query().value_or(""));
            QCOMPARE(queries.contains("account=ada-1"), fine);
            QCOMPARE(queries.contains("account=bob-1"), fine);
            for (const QByteArray& query : queries)
                QVERIFY2(!query.contains("all=1"), query.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestPlanObjects)
#include "test_plan_objects.moc"
