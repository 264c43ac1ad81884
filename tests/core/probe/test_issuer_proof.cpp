// SPDX-License-Identifier: GPL-3.0-or-later
// A live identity that may do nothing by itself: whether its token is good is its issuer's word.
#include "core/probe/matrix_run.h"
#include "tests/core/probe/api_transport.h"

using namespace kbtest;

namespace {

const QByteArray issuerJson = "application/json";

TransportReply jsonAnswer(const QByteArray& body, int status = 200) {
    return answer(status, {{"Content-Type", issuerJson}}, body);
}

/// GET /admin needs the scope "admin", which one profile has and the client "svc" has not.
struct IssuerBench : SenderBench {
    ApiDescription api;
    MatrixSettings settings;
    QByteArray word = R"({"active":true,"scope":"users:read"})";
    int wordStatus = 200;
    int adminStatus = 403; ///< what svc gets

    explicit IssuerBench(qint64 leftMs = 600000, const QStringList& scopes = {QStringLiteral("users:read")})
        : SenderBench(QStringLiteral("https://api.acme.test")) {
        api.security = ApiSecurity{{{QStringLiteral("token"), {QStringLiteral("admin")}}}};
        api.schemes = {{}};
        api.schemes.first().name = QStringLiteral("token");
        api.schemes.first().type = QStringLiteral("oauth2");
        ApiOperation admin;
        admin.method = QStringLiteral("GET");
        admin.path = QStringLiteral("/admin");
        api.operations = {admin};

        OAuthScheme scheme;
        scheme.clientId = QStringLiteral("app");
        scheme.tokenUrl = QStringLiteral("https://id.acme.test/token");
        scheme.introspectionUrl = QStringLiteral("https://id.acme.test/introspect");
        scheme.userinfoUrl = QStringLiteral("https://id.acme.test/me");
        scheme.scopes = scopes;
        SecretRecord record;
        confirmServer(record, *proposedServer(scheme, nullptr));
        record.secret = Secret("svc-access-token");
        record.parts[grantpart::clientSecret] = Secret("client-secret-9a8b7c");
        record.facts[QStringLiteral("obtained_ms")] = QString::number(clock.wall + leftMs - 600000);
        record.facts[QStringLiteral("expires_ms")] = QString::number(clock.wall + leftMs);
        add(QStringLiteral("svc"), scheme, std::move(record));
        profiles.last().scopes = scopes;
        SecretRecord root;
        root.secret = Secret("root-bearer-token");
        add(QStringLiteral("root"), BearerScheme(), std::move(root));
        profiles.last().scopes = {QStringLiteral("admin")};
        transport.api = [this](const Request& request) {
            const QByteArray path = request.url.path();
            if (path == "/introspect" || path == "/me") return jsonAnswer(word, wordStatus);
            if (path == "/token")
                return jsonAnswer(
                    R"({"access_token":"svc-second-token","token_type":"Bearer","expires_in":600})");
            const QByteArray sent = request.headers.first("Authorization").value_or("");
            if (sent.isEmpty()) return answer(401, {{"WWW-Authenticate", "Bearer"}}, "{}");
            return jsonAnswer(R"({"name":"root"})", sent == "Bearer root-bearer-token" ? 200 : adminStatus);
        };
    }
    MatrixPlan plan() const {
        PlanOptions options;
        options.baseUrl = origin;
        options.kind = EnvironmentKind::Test;
        return makePlan(api, profiles, settings, options);
    }
    RunRecord go() {
        transport.sent.clear();
        MatrixRun run(transport, clock, plan(), senders, settings, {});
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        if (finished.isEmpty() && !finished.wait(10000)) qFatal("the run did not end");
        return run.takeRecord();
    }
    int count(const char* path) const {
        return int(std::count_if(transport.sent.cbegin(), transport.sent.cend(),
                                 [path](const Request& each) { return each.url.path() == path; }));
    }
    static const CellResult& svc(const RunRecord& record) {
        for (const CellResult& result : record.results)
            if (record.plan.profileOf(record.plan.cells.at(result.cell)).id == QLatin1String("svc"))
                return result;
        qFatal("svc has no cell");
    }
    static const ProfileHealth& health(const RunRecord& record) {
        for (const ProfileHealth& each : record.health)
            if (each.profile == QLatin1String("svc")) return each;
        qFatal("svc has no health");
    }
};

} // namespace

class TestIssuerProof : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// First and last, and what it says makes the refusal between a proof.
    void anActiveTokenProvesARefusal() {
        IssuerBench bench;
        const MatrixPlan plan = bench.plan();
        QVERIFY(!plan.canaryOf(1));
        QCOMPARE(plan.issuerWordOf(1), IssuerWord::Introspection);
        QCOMPARE(plan.issuerWordOf(2), IssuerWord::None); // it has a request that proves it
        QCOMPARE(plan.issuerWordOf(0), IssuerWord::None); // nobody
        const QString said = plan.canarySentences(20).join(u'\n');
        QVERIFY2(said.contains(QStringLiteral("svc's token is good is asked of its issuer (introspection)")),
                 qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("root's credential is good is seen with GET /admin")),
                 qPrintable(said));

        const RunRecord record = bench.go();
        QCOMPARE(bench.count("/introspect"), 2);
        QCOMPARE(bench.transport.sent.first().headers.first("Authorization").has_value(), false);
        QCOMPARE(IssuerBench::health(record).canaries, (QList<bool>{true, true}));
        QCOMPARE(IssuerBench::svc(record).judged.verdict, Verdict::Pass);
        QVERIFY(!record.isInconclusive());
        // They take their time too.
        MatrixPlan without = plan;
        without.profiles[1].issuerWord = IssuerWord::None;
        QVERIFY(plan.estimatedSeconds(1, 1) > without.estimatedSeconds(1, 1) + 1.5);
    }

    /// A token that its issuer does not know, or an issuer that does not answer, proves nothing.
    void whatIsNotActiveProvesNothing() {
        IssuerBench bench;
        bench.word = R"({"active":false})";
        const RunRecord dead = bench.go();
        QCOMPARE(IssuerBench::svc(dead).judged.verdict, Verdict::NotProven);
        QVERIFY2(IssuerBench::health(dead).problem.contains(QStringLiteral("not active")),
                 qPrintable(IssuerBench::health(dead).problem));
        QVERIFY(dead.isInconclusive());

        bench.word = "oops";
        bench.wordStatus = 500;
        const RunRecord broken = bench.go();
        QCOMPARE(IssuerBench::svc(broken).judged.verdict, Verdict::NotProven);
        QVERIFY(!IssuerBench::health(broken).problem.isEmpty());

        // Revoked in the middle: what was sent before is not proven either.
        IssuerBench later;
        const auto api = later.transport.api;
        later.transport.api = [&](const Request& request) {
            const TransportReply reply = api(request);
            if (request.url.path() == "/introspect") later.word = R"({"active":false})";
            return reply;
        };
        const RunRecord revoked = later.go();
        QCOMPARE(IssuerBench::health(revoked).canaries, (QList<bool>{true, false}));
        QCOMPARE(IssuerBench::svc(revoked).judged.verdict, Verdict::NotProven);
    }

    /// It is no request of its own kind: a token that is due is refreshed before it is asked about.
    void aTokenThatIsDueIsRefreshedFirst() {
        IssuerBench bench(-1000);
        const RunRecord record = bench.go();
        QCOMPARE(bench.count("/token"), 1);
        QByteArrayList paths;
        for (const Request& each : std::as_const(bench.transport.sent))
            paths << each.url.path();
        QVERIFY(paths.indexOf("/token") < paths.indexOf("/introspect"));
        for (const Request& each : std::as_const(bench.transport.sent))
            if (each.url.path() == "/introspect") QVERIFY(each.body.contains("svc-second-token"));
        QCOMPARE(IssuerBench::svc(record).judged.verdict, Verdict::Pass);
    }

    /// Of a user's token the user's claims are asked for.
    void aUsersTokenGetsItsUser() {
        IssuerBench bench(600000, {QStringLiteral("openid"), QStringLiteral("users:read")});
        bench.word = R"({"sub":"ada"})";
        QCOMPARE(bench.plan().issuerWordOf(1), IssuerWord::Userinfo);
        const RunRecord record = bench.go();
        QCOMPARE(bench.count("/me"), 2);
        QCOMPARE(bench.count("/introspect"), 0);
        QCOMPARE(IssuerBench::svc(record).judged.verdict, Verdict::Pass);
    }

    void whatAnIssuerCanBeAsked() {
        OAuthScheme scheme;
        QCOMPARE(issuerWordOf(scheme), IssuerWord::None);
        scheme.issuer = QStringLiteral("https://id.acme.test");
        QCOMPARE(issuerWordOf(scheme), IssuerWord::Introspection);
        scheme.clientAuth = ClientAuth::None; // RFC 7662 §2.1: who asks has to be authorized
        QCOMPARE(issuerWordOf(scheme), IssuerWord::None);
        scheme.scopes = {QStringLiteral("openid")};
        QCOMPARE(issuerWordOf(scheme), IssuerWord::Userinfo);
        QCOMPARE(issuerWordOf(BearerScheme()), IssuerWord::None);
    }

    /// A stop does not wait for an issuer that is silent.
    void aStopDoesNotWaitForTheIssuer() {
        IssuerBench bench;
        bench.transport.silentAt = "/introspect";
        MatrixRun run(bench.transport, bench.clock, bench.plan(), bench.senders, bench.settings, {});
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(bench.count("/introspect"), 1);
        run.stop();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(run.record().isInconclusive());
    }
};

QTEST_GUILESS_MAIN(TestIssuerProof)
#include "test_issuer_proof.moc"
