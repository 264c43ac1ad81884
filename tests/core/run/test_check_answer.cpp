// SPDX-License-Identifier: GPL-3.0-or-later
// The checks of a request against an answer: verdicts are about what was received, words show secrets masked.
#include "core/run/check_answer.h"
#include "tests/core/run/run_fakes.h"

using namespace kbtest;

namespace {

/// Knows the filters of this test; tells for a schema whether the body holds its text.
class FakeJudge final : public BodyJudge {
public:
    HandlePtr ask(const QByteArray& body, const QList<BodyQuestion>& questions,
                  std::function<void(QList<BodyVerdict>)> done) override {
        bodies.append(body);
        QList<BodyVerdict> verdicts;
        for (const BodyQuestion& question : questions) {
            BodyVerdict verdict;
            if (question.kind == BodyQuestion::Kind::Schema) {
                if (!body.contains(question.text)) verdict.faults = {QStringLiteral("/a: missing")};
            } else if (question.text == "broken") {
                verdict.problem = QStringLiteral("cannot be read");
            } else if (question.text == "quoting") {
                verdict.problem = QStringLiteral("cannot do this with ") + QString::fromUtf8(body);
            } else if (question.text != "empty") {
                const auto parsed = parseJson(body);
                verdict.values = {writeJson(*parsed->find(QString::fromUtf8(question.text)))};
            }
            verdicts.append(verdict);
        }
        struct Pending final : Handle {
            QTimer timer;
        };
        auto pending = std::make_unique<Pending>();
        pending->timer.setSingleShot(true);
        QObject::connect(&pending->timer, &QTimer::timeout, &pending->timer,
                         [done, verdicts] { done(verdicts); });
        pending->timer.start(0);
        return pending;
    }
    QList<QByteArray> bodies;
};

} // namespace

class TestCheckAnswer : public QObject {
    Q_OBJECT
    FakeJudge m_judge;
    VariableMap m_variables;
    bool m_withJudge = true;

    static CheckSpec check(AnswerPart part, const char* expression, const char* op = "eq",
                           const char* value = "") {
        return {part, QString::fromUtf8(expression), QString::fromUtf8(op), QString::fromUtf8(value), {},
                true};
    }
    /// An exchange of a run as a profile, whose secret is Bench::canary.
    static Exchange exchange(const QByteArray& body, const QList<HeaderField>& headers = {}) {
        Bench bench;
        bench.transport.script = {{answer(200, headers, body)}};
        return bench.run().hops.last();
    }
    CheckedAnswer judge(const RequestSpec& spec, const Exchange& of) {
        std::optional<CheckedAnswer> got;
        CheckTools tools;
        if (m_withJudge) tools.judge = &m_judge;
        tools.readFile = [](const QString& path) -> Result<QByteArray> {
            if (path == QLatin1String("good.json")) return QByteArray("fine");
            if (path == QLatin1String("bad.json")) return QByteArray("absent");
            return fail(ErrorCode::FileError, QStringLiteral("no such file"), path);
        };
        const HandlePtr handle = checkAnswer(spec, of, m_variables, tools,
                                             [&](CheckedAnswer checked) { got = std::move(checked); });
        if (got) qWarning("answered inside the call");
        if (!QTest::qWaitFor([&] { return got.has_value(); })) qWarning("no answer");
        return got.value_or(CheckedAnswer());
    }

private Q_SLOTS:
    void init() {
        m_judge.bodies.clear();
        m_variables.clear();
        m_withJudge = true;
    }

    void everyKind() {
        RequestSpec spec;
        m_variables.insert("wanted", "1");
        spec.checks = {check(AnswerPart::Expression, "res.status", "eq", "200"),
                       check(AnswerPart::Expression, "res.body.a", "eq", "{{wanted}}"),
                       check(AnswerPart::Jq, "a", "eq", "1"),
                       check(AnswerPart::Jq, "a", "eq", "2"),
                       check(AnswerPart::Schema, "good.json"),
                       check(AnswerPart::Schema, "bad.json"),
                       check(AnswerPart::Schema, "absent.json"),
                       check(AnswerPart::Jq, "broken", "eq", "1"),
                       check(AnswerPart::Jq, "empty", "isUndefined"),
                       check(AnswerPart::Expression, "res.nothing", "eq", "1"),
                       check(AnswerPart::Expression, "res.status", "eq", "{{unknown}}")};
        spec.checks[3].description = QStringLiteral("two of them");
        const CheckedAnswer got = judge(spec, exchange("{\"a\":1,\"b\":\"fine\"}"));
        QList<CheckResult::State> states;
        for (const CheckResult& each : got.checks)
            states.append(each.state);
        using State = CheckResult::State;
        QCOMPARE(states, (QList<State>{State::Passed, State::Passed, State::Passed, State::Failed,
                                       State::Passed, State::Failed, State::Unclear, State::Unclear,
                                       State::Passed, State::Unclear, State::Unclear}));
        QVERIFY(!got.passed());
        QCOMPARE(got.checks.at(3).title(), "two of them");
        QCOMPARE(got.checks.at(3).message, "It should be 2. It is 1.");
        QCOMPARE(got.checks.at(5).message, "/a: missing");
        QVERIFY(got.checks.at(6).message.contains("no such file"));
        QVERIFY(got.checks.at(7).message.contains("cannot be read"));
        QVERIFY(got.checks.at(10).message.contains("unknown"));
        QCOMPARE(got.checks.at(0).title(), "res.status eq 200");
        QCOMPARE(got.checks.at(8).title(), "jq empty isUndefined");
        QCOMPARE(m_judge.bodies.size(), 1); // nothing is masked: asked once
    }

    void whatIsOffIsNotJudged() {
        RequestSpec spec;
        spec.checks = {check(AnswerPart::Expression, "res.status", "eq", "404"),
                       check(AnswerPart::Jq, "a", "eq", "2")};
        spec.captures = {{"x", AnswerPart::Jq, "b", false}};
        for (CheckSpec& each : spec.checks)
            each.enabled = false;
        const CheckedAnswer got = judge(spec, exchange("{\"a\":1}"));
        QVERIFY(got.checks.isEmpty() && got.captures.isEmpty() && got.passed());
        QVERIFY(m_judge.bodies.isEmpty());
    }

    void withoutTheHelperItIsUnclear() {
        m_withJudge = false;
        RequestSpec spec;
        spec.checks = {check(AnswerPart::Jq, "a", "eq", "1")};
        const CheckedAnswer got = judge(spec, exchange("{\"a\":1}"));
        QCOMPARE(got.checks.first().state, CheckResult::State::Unclear);
        QVERIFY(got.checks.first().message.contains("not available"));
    }

    void secretsAreJudgedAndNotSaid() {
        const QByteArray secret = Bench::canary;
        RequestSpec spec;
        spec.checks = {check(AnswerPart::Expression, "res.body.echo", "eq", Bench::canary),
                       check(AnswerPart::Expression, "res.body.echo", "eq", "other"),
                       check(AnswerPart::Jq, "echo", "startsWith", "canary-"),
                       check(AnswerPart::Jq, "echo", "eq", "other"),
                       check(AnswerPart::Expression, "res.body", "contains", "nowhere")};
        spec.captures = {{"taken", AnswerPart::Expression, "res.body.echo", true},
                         {"plain", AnswerPart::Jq, "n", true}};
        const CheckedAnswer got = judge(spec, exchange("{\"echo\":\"" + secret + "\",\"n\":7}"));
        QCOMPARE(got.checks.at(0).state, CheckResult::State::Passed);
        QCOMPARE(got.checks.at(2).state, CheckResult::State::Passed);
        for (const CheckResult& each : got.checks)
            QVERIFY2(!each.message.contains(QString::fromUtf8(secret)), qPrintable(each.message));
        QCOMPARE(got.checks.at(1).state, CheckResult::State::Failed);
        QVERIFY(got.checks.at(1).message.contains(QChar(0x2022)));
        QCOMPARE(got.captures.at(0).value, QString::fromUtf8(secret));
        QVERIFY(got.captures.at(0).isSecret);
        QCOMPARE(got.captures.at(1).value, "7");
        QVERIFY(!got.captures.at(1).isSecret);
        QCOMPARE(m_judge.bodies.size(), 2); // as received, and as shown
    }

    void aCookieCanOnlyBeThere() {
        RequestSpec spec;
        spec.checks = {check(AnswerPart::Expression, "res.cookies.sid", "isDefined"),
                       check(AnswerPart::Expression, "res.cookies.other", "isUndefined"),
                       check(AnswerPart::Expression, "res.cookies.sid", "eq", "s3cr3t-value")};
        spec.captures = {{"sid", AnswerPart::Expression, "res.cookies.sid", true}};
        const CheckedAnswer got = judge(spec, exchange("{}", {{"Set-Cookie", "sid=s3cr3t-value; Path=/"}}));
        QCOMPARE(got.checks.at(0).state, CheckResult::State::Passed);
        QCOMPARE(got.checks.at(1).state, CheckResult::State::Passed);
        QCOMPARE(got.checks.at(2).state, CheckResult::State::Unclear);
        QVERIFY(got.captures.first().problem.contains("secret"));
        QVERIFY(got.captures.first().value.isEmpty());
    }

    /// A server that answers with a variable's name would get its value with the next request.
    void aValueThatNamesAVariableIsNotTaken() {
        RequestSpec spec;
        spec.captures = {{"x", AnswerPart::Expression, "res.body.a", true}};
        const CheckedAnswer got = judge(spec, exchange("{\"a\":\"{{secret}}\"}"));
        QVERIFY(!got.captures.first().problem.isEmpty());
        QVERIFY(got.captures.first().value.isEmpty());
    }

    void whatIsSaidHoldsNoVariableAndNoSecretName() {
        m_variables = {{"key", "value-of-the-variable"}};
        RequestSpec spec;
        spec.checks = {check(AnswerPart::Expression, "res.body.a", "eq", "{{key}}"),
                       check(AnswerPart::Expression, "res.body.password", "eq", "typed-password-1")};
        const CheckedAnswer got = judge(spec, exchange("{\"a\":1,\"password\":2}"));
        QCOMPARE(got.checks.at(0).state, CheckResult::State::Failed);
        for (const CheckResult& each : got.checks)
            for (const char* word : {"value-of-the-variable", "typed-password-1"})
                QVERIFY2(!QString(each.message + each.title()).contains(word), qPrintable(each.message));
    }

    /// What jq says of a failure may quote the body.
    void problemsAreAboutTheMaskedBody() {
        RequestSpec spec;
        spec.checks = {check(AnswerPart::Jq, "quoting", "eq", "1")};
        const QByteArray secret = Bench::canary;
        const CheckedAnswer got = judge(spec, exchange("{\"access_token\":\"" + secret + "\"}"));
        QCOMPARE(got.checks.first().state, CheckResult::State::Unclear);
        QVERIFY2(!got.checks.first().message.contains(Bench::canary), qPrintable(got.checks.first().message));
        QVERIFY(!got.checks.first().message.isEmpty());
    }

    void aValueThatIsNotThereIsSaid() {
        RequestSpec spec;
        spec.captures = {{"x", AnswerPart::Expression, "res.body.absent", true},
                         {"y", AnswerPart::Jq, "empty", true},
                         {"z", AnswerPart::Jq, "broken", true},
                         {"object", AnswerPart::Expression, "res.body", true}};
        const CheckedAnswer got = judge(spec, exchange("{\"a\":[1]}"));
        QVERIFY(got.captures.at(0).problem.contains("res.body.absent"));
        QVERIFY(!got.captures.at(1).problem.isEmpty());
        QVERIFY(!got.captures.at(2).problem.isEmpty());
        QCOMPARE(got.captures.at(3).value, "{\"a\":[1]}");
        QVERIFY(!got.passed());
    }

    void theHandleMeansSilence() {
        RequestSpec spec;
        spec.checks = {check(AnswerPart::Jq, "a", "eq", "1")};
        bool called = false;
        CheckTools tools;
        tools.judge = &m_judge;
        HandlePtr handle =
            checkAnswer(spec, exchange("{\"a\":1}"), {}, tools, [&](const CheckedAnswer&) { called = true; });
        handle.reset();
        QTest::qWait(20);
        QVERIFY(!called);
    }
};

QTEST_GUILESS_MAIN(TestCheckAnswer)
#include "test_check_answer.moc"
