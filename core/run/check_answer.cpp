// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/check_answer.h"
#include "core/run/checks_text.h"

#include "core/auth/misplaced_token.h"
#include "core/base/json_make.h"
#include "core/base/later.h"
#include "core/http/url_template.h"
#include "core/run/answer_value.h"

namespace kb {

namespace {

/// The values of one expression: as received, and as shown.
struct Taken {
    AnswerValue real;
    AnswerValue shown;
    QString problem;
    bool isMasked() const {
        const auto text = [](const AnswerValue& value) { return value ? writeJson(*value) : QByteArray(); };
        return text(real) != text(shown);
    }
};

/// The first value a filter gave.
AnswerValue firstValue(const BodyVerdict& verdict) {
    if (verdict.values.isEmpty()) return {};
    const Result<JsonValue> parsed = parseJson(verdict.values.first());
    return parsed ? AnswerValue(*parsed) : AnswerValue();
}

QString plainText(const JsonValue& value) {
    return value.isString() ? value.string : QString::fromUtf8(writeJson(value));
}

bool holdsDots(const AnswerValue& value) {
    return value && value->isString() && value->string.contains(QStringLiteral("••••"));
}

class Checking final : public Handle {
public:
    Checking(const RequestSpec& spec, const Exchange& answer, const VariableMap& variables,
             const CheckTools& tools, std::function<void(CheckedAnswer)> done)
        : m_spec(spec), m_answer(answer), m_variables(variables), m_tools(tools), m_done(std::move(done)) {
        m_shownBody = m_answer.response().body;
        for (const QString& secret : tools.secrets) {
            const QByteArray dots = QString(8, QChar(0x2022)).toUtf8();
            const QByteArray quoted = writeJson(jsonText(secret));
            m_shownBody.replace(secret.toUtf8(), dots);
            m_shownBody.replace(quoted.mid(1, quoted.size() - 2), dots);
        }
        gatherQuestions();
        if (m_questions.isEmpty()) {
            m_work = std::make_unique<Later>([this] { finish(); });
        } else if (!m_tools.judge) {
            for (int i = 0; i < m_questions.size(); ++i)
                m_real.append(
                    BodyVerdict{{}, {}, CheckText::tr("jq filters and schemas are not available here.")});
            m_shown = m_real;
            m_work = std::make_unique<Later>([this] { finish(); });
        } else {
            m_work = m_tools.judge->ask(m_answer.rawBody(), m_questions, [this](QList<BodyVerdict> verdicts) {
                m_real = std::move(verdicts);
                askAboutShown();
            });
        }
    }

private:
    /// Of every jq filter and schema that is on, in the order of checks, then captures. -1: has none.
    void gatherQuestions() {
        for (const CheckSpec& check : m_spec.checks)
            m_questionOf.append(check.enabled ? question(check.part, check.expression) : -1);
        for (const CaptureSpec& capture : m_spec.captures)
            m_questionOf.append(capture.enabled ? question(capture.part, capture.expression) : -1);
    }

    int question(AnswerPart part, const QString& expression) {
        if (part == AnswerPart::Expression) return -1;
        BodyQuestion question{BodyQuestion::Kind::Jq, expression.toUtf8()};
        if (part == AnswerPart::Schema) {
            const Result<QByteArray> schema =
                m_tools.readFile ? m_tools.readFile(expression)
                                 : fail(ErrorCode::Unsupported, CheckText::tr("Files cannot be read here."));
            if (!schema) {
                m_unread.insert(expression, schema.error().text());
                return -1;
            }
            question = {BodyQuestion::Kind::Schema, *schema};
        }
        m_questions.append(question);
        return int(m_questions.size()) - 1;
    }

    /// What people read comes from the masked body. Where nothing is masked it is the same.
    void askAboutShown() {
        m_shown = m_real;
        if (m_shownBody == m_answer.rawBody()) return finish();
        // The first question's work ends with this call.
        m_shownWork = m_tools.judge->ask(m_shownBody, m_questions, [this](QList<BodyVerdict> verdicts) {
            m_shown = std::move(verdicts);
            finish();
        });
    }

    Taken take(AnswerPart part, const QString& expression, int question) const {
        if (part == AnswerPart::Jq) {
            if (question < 0 || question >= m_real.size())
                return {{}, {}, CheckText::tr("It was not asked.")};
            // What went wrong may quote the body: of a masked one.
            QString problem = m_real.at(question).problem;
            if (!problem.isEmpty()) problem = m_shown.value(question).problem;
            if (problem.isEmpty() && !m_real.at(question).problem.isEmpty())
                problem = CheckText::tr("The filter failed.");
            return {firstValue(m_real.at(question)), firstValue(m_shown.value(question)), problem};
        }
        const Result<AnswerValue> real = valueOf(expression, m_realView);
        if (!real) return {{}, {}, real.error().text()};
        return {*real, *valueOf(expression, m_shownView), {}};
    }

    CheckResult judgeSchema(const CheckSpec& check, int question) const {
        CheckResult result{check, CheckResult::State::Unclear, m_unread.value(check.expression)};
        if (question < 0) return result;
        result.message = m_real.value(question).problem;
        if (!result.message.isEmpty()) return result;
        const bool fits = m_real.at(question).faults.isEmpty();
        result.state = fits ? CheckResult::State::Passed : CheckResult::State::Failed;
        // Faults name places and rules of the schema, not what stands there.
        if (!fits) result.message = m_real.at(question).faults.mid(0, 5).join(u' ');
        return result;
    }

    CheckResult judge(const CheckSpec& check, int question) const {
        if (check.part == AnswerPart::Schema) return judgeSchema(check, question);
        CheckResult result{check, CheckResult::State::Unclear, {}};
        const Taken taken = take(check.part, check.expression, question);
        result.message = taken.problem;
        if (!taken.problem.isEmpty()) return result;
        const Result<QString> operand = resolveVariables(check.value, m_variables);
        if (!operand) {
            result.message = operand.error().text();
            return result;
        }
        const bool byPresence =
            check.op == QLatin1String("isDefined") || check.op == QLatin1String("isUndefined");
        if (holdsDots(taken.real) && !byPresence) {
            result.message = CheckText::tr(
                "This value is a secret, which is not kept: only that it is there can be checked.");
            return result;
        }
        const Result<void> verdict = compareValue(taken.real, check.op, *operand);
        result.state = verdict ? CheckResult::State::Passed : CheckResult::State::Failed;
        if (verdict) return result;
        result.message = verdict.error().text();
        // What a variable holds, and what is secret by its name, is not repeated.
        if (isSecretName(lastName(check.expression)))
            result.message = CheckText::tr("It is not. What it is is a secret.");
        else if (!variableUses(check.value).isEmpty())
            result.message = CheckText::tr("It is %1.").arg(shownValue(taken.shown));
        if (result.message != verdict.error().text()) return result;
        if (taken.isMasked()) {
            const Result<void> shown = compareValue(taken.shown, check.op, *operand);
            result.message =
                shown ? CheckText::tr("It is not. What it is is a secret.") : shown.error().text();
        }
        return result;
    }

    Captured capture(const CaptureSpec& spec, int question) const {
        Captured captured{spec.variable, {}, false, {}};
        const Taken taken = take(spec.part, spec.expression, question);
        captured.problem = taken.problem;
        if (!captured.problem.isEmpty()) return captured;
        if (!taken.real) {
            captured.problem = CheckText::tr("The answer has no %1.").arg(spec.expression);
        } else if (holdsDots(taken.real)) {
            captured.problem =
                CheckText::tr("%1 is a secret, which is not kept. A profile that logs in with a "
                              "request of its own can use it.")
                    .arg(spec.expression);
        } else {
            captured.value = plainText(*taken.real);
            captured.isSecret = taken.isMasked();
            // A server could ask for any variable by its name.
            if (!variableUses(captured.value).isEmpty()) {
                captured.value.clear();
                captured.problem = CheckText::tr("%1 holds {{ }}, which would be taken for a variable.")
                                       .arg(spec.expression);
            }
        }
        return captured;
    }

    void finish() {
        const double time = m_answer.timings().total;
        m_realView = answerView(m_answer.response(), m_answer.rawBody(), time);
        m_shownView = answerView(m_answer.response(), m_shownBody, time);
        CheckedAnswer checked;
        qsizetype at = 0;
        for (const CheckSpec& check : m_spec.checks) {
            const int question = m_questionOf.at(at++);
            if (check.enabled) checked.checks.append(judge(check, question));
        }
        for (const CaptureSpec& each : m_spec.captures) {
            const int question = m_questionOf.at(at++);
            if (each.enabled) checked.captures.append(capture(each, question));
        }
        // The answer may destroy this object.
        const auto done = std::move(m_done);
        done(std::move(checked));
    }

    RequestSpec m_spec;
    Exchange m_answer;
    QByteArray m_shownBody; ///< the masked one
    VariableMap m_variables;
    CheckTools m_tools;
    std::function<void(CheckedAnswer)> m_done;
    QList<BodyQuestion> m_questions;
    QList<int> m_questionOf;
    QHash<QString, QString> m_unread; ///< schema files by path, with why
    QList<BodyVerdict> m_real, m_shown;
    AnswerView m_realView, m_shownView;
    HandlePtr m_work, m_shownWork;
};

} // namespace

QString CheckResult::title() const {
    static const Redactor shapes; // a token may have been typed to compare with
    if (!check.description.isEmpty()) return shapes.text(check.description);
    switch (check.part) {
    case AnswerPart::Schema:
        return CheckText::tr("fits the schema %1").arg(check.expression);
    case AnswerPart::Jq:
    case AnswerPart::Expression:
        break;
    }
    const QString subject =
        check.part == AnswerPart::Jq ? QStringLiteral("jq ") + check.expression : check.expression;
    QString operand = operatorTakesValue(check.op) ? check.value : QString();
    if (!operand.isEmpty() && variableUses(operand).isEmpty() && isSecretName(lastName(check.expression)))
        operand = QString(4, QChar(0x2022));
    return shapes.text(QStringList{subject, check.op, operand}.join(u' ').trimmed());
}

bool CheckedAnswer::passed() const {
    return std::all_of(checks.begin(), checks.end(),
                       [](const CheckResult& each) { return each.state == CheckResult::State::Passed; }) &&
           std::all_of(captures.begin(), captures.end(),
                       [](const Captured& each) { return each.problem.isEmpty(); });
}

HandlePtr checkAnswer(const RequestSpec& spec, const Exchange& answer, const VariableMap& variables,
                      const CheckTools& tools, std::function<void(CheckedAnswer)> done) {
    return std::make_unique<Checking>(spec, answer, variables, tools, std::move(done));
}

} // namespace kb
