// SPDX-License-Identifier: GPL-3.0-or-later
// What the user says that answers mean.
#include "core/probe/outcome_rules.h"
#include "core/probe/matrix_text.h"

#include "core/base/json_pointer.h"

#include <algorithm>

namespace kb {

namespace {

constexpr qsizetype largestBody = 4 * 1024 * 1024; // as in observe()

/// The values at a pointer, where "*" stands for each item of a list. RFC 6901 has no such index, so that
/// nothing else can be meant; of an object it is a member's name.
void valuesAt(const JsonValue& document, const QString& pointer, QList<const JsonValue*>& found) {
    qsizetype star = 0;
    while ((star = pointer.indexOf(QLatin1String("/*"), star)) >= 0) {
        const qsizetype after = star + 2;
        const bool whole = after == pointer.size() || pointer.at(after) == u'/';
        const JsonValue* list = whole ? jsonAt(document, pointer.left(star)).value : nullptr;
        if (list && list->isArray()) {
            for (const JsonValue& item : list->items)
                valuesAt(item, pointer.mid(after), found);
            return;
        }
        star = after;
    }
    if (const JsonValue* value = jsonAt(document, pointer).value) found.append(value);
}

QString textOfValue(const JsonValue& value) {
    return value.isString() ? value.string : QString::fromUtf8(writeJson(value));
}

bool fitsText(const AnswerTest& test, const QString& text) {
    return std::any_of(test.values.begin(), test.values.end(), [&](const QString& each) {
        return test.kind == AnswerTest::Kind::Equals ? text == each : text.contains(each);
    });
}

/// `texts` is what stands at the place.
bool fitsTexts(const AnswerTest& test, const QStringList& texts) {
    if (test.kind == AnswerTest::Kind::Absent) return texts.isEmpty();
    if (test.kind == AnswerTest::Kind::Exists) return !texts.isEmpty();
    return std::any_of(texts.begin(), texts.end(), [&](const QString& text) { return fitsText(test, text); });
}

bool fitsBody(const AnswerTest& test, const QByteArray& body) {
    if (body.size() > largestBody) return false;
    if (test.at.isEmpty())
        return fitsTexts(test, body.isEmpty() ? QStringList() : QStringList{QString::fromUtf8(body)});
    const Result<JsonValue> json = parseJson(body);
    if (!json) return false; // it has no such place, and does not lack one either
    QList<const JsonValue*> values;
    valuesAt(*json, test.at, values);
    QStringList texts;
    for (const JsonValue* value : std::as_const(values))
        texts.append(textOfValue(*value));
    return fitsTexts(test, texts);
}

bool fitsHeader(const AnswerTest& test, const Response& answer) {
    QStringList texts;
    for (const QByteArray& value : answer.headers.all(test.at.toUtf8()))
        texts.append(QString::fromUtf8(value));
    return fitsTexts(test, texts);
}

bool fitsStatus(const QStringList& statuses, int status) {
    const QString text = QString::number(status);
    return statuses.isEmpty() || std::any_of(statuses.begin(), statuses.end(), [&](const QString& each) {
               return each.endsWith(u'X') ? each.front() == text.front() : each == text;
           });
}

} // namespace

QString unlikeness(const ExactAnswer& exactly, const Response& answer) {
    const auto differs = [](const QString& what, const QString& expected, const QString& got) {
        return MatrixText::tr("%1 is %2, and exactly %3 is expected.")
            .arg(what, got.isEmpty() ? MatrixText::tr("none") : got, expected);
    };
    if (!fitsStatus(exactly.statuses, answer.status))
        return differs(MatrixText::tr("The status"), exactly.statuses.join(MatrixText::tr(" or ")),
                       QString::number(answer.status));
    if (!exactly.challenge.isEmpty()) {
        QStringList errors;
        for (const Challenge& challenge : parseChallenges(answer.headers.all("WWW-Authenticate")).challenges)
            if (challenge.hasParam("error")) errors.append(QString::fromUtf8(challenge.param("error")));
        if (!errors.contains(exactly.challenge))
            return differs(MatrixText::tr("The challenge's error"), exactly.challenge,
                           errors.join(QStringLiteral(", ")));
    }
    if (!exactly.problem.isEmpty()) {
        const std::optional<ProblemDetails> problem = readProblem(answer.headers, answer.body);
        const QString type = problem ? problem->type : QString();
        if (type != exactly.problem)
            return differs(MatrixText::tr("The problem type"), exactly.problem, type);
    }
    if (exactly.header && !fitsHeader(*exactly.header, answer))
        return MatrixText::tr("The header %1 is not as it is expected.").arg(exactly.header->at);
    if (exactly.body && !fitsBody(*exactly.body, answer.body))
        return exactly.body->at.isEmpty()
                   ? MatrixText::tr("The body is not as it is expected.")
                   : MatrixText::tr("What the body has at %1 is not as it is expected.")
                         .arg(exactly.body->at);
    return {};
}

OutcomeRules outcomeRules(const MatrixSettings& settings) {
    OutcomeRules rules;
    for (const OutcomeRule& each : settings.outcomes) {
        OutcomeRule named = each;
        if (named.name.isEmpty()) named.name = MatrixText::tr("outcome %1").arg(rules.size() + 1);
        rules.append(std::make_shared<const OutcomeRule>(named));
    }
    return rules;
}

std::shared_ptr<const OutcomeRule> ruleFor(const OutcomeRules& rules, const ApiOperation& operation,
                                           const Response& answer) {
    for (const auto& rule : rules)
        if (fitsOperation(rule->methods, rule->tags, rule->path, operation) &&
            fitsStatus(rule->statuses, answer.status) &&
            (!rule->header || fitsHeader(*rule->header, answer)) &&
            (!rule->body || fitsBody(*rule->body, answer.body)))
            return rule;
    return nullptr;
}

} // namespace kb
