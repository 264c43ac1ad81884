// SPDX-License-Identifier: GPL-3.0-or-later
// What the operators of checks mean: as in the programs that share OpenCollection's files, so that a check
// has one verdict everywhere.
#include "core/base/json_make.h"
#include "core/run/answer_value.h"
#include "core/run/checks_text.h"

#include <QHash>
#include <QRegularExpression>

namespace kb {

namespace {

bool isWhole(const QByteArray& number) {
    return !number.contains('.') && !number.contains('e') && !number.contains('E');
}

/// -1, 0, 1. Whole numbers by their digits, others as doubles.
int compareNumbers(const JsonValue& a, const JsonValue& b) {
    if (isWhole(a.numberText) && isWhole(b.numberText)) {
        const auto negative = [](const QByteArray& text) { return text.startsWith('-') && text != "-0"; };
        const bool left = negative(a.numberText), right = negative(b.numberText);
        if (left != right) return left ? -1 : 1;
        const QByteArray x = a.numberText.startsWith('-') ? a.numberText.mid(1) : a.numberText;
        const QByteArray y = b.numberText.startsWith('-') ? b.numberText.mid(1) : b.numberText;
        int order = x.size() != y.size() ? (x.size() < y.size() ? -1 : 1) : x.compare(y);
        order = order < 0 ? -1 : order > 0 ? 1 : 0;
        return left ? -order : order;
    }
    const double x = a.toDouble(), y = b.toDouble();
    return x < y ? -1 : x > y ? 1 : 0;
}

bool equal(const JsonValue& a, const JsonValue& b) {
    if (a.type != b.type) return false;
    switch (a.type) {
    case JsonValue::Type::Null:
        return true;
    case JsonValue::Type::Bool:
        return a.boolean == b.boolean;
    case JsonValue::Type::Number:
        return compareNumbers(a, b) == 0;
    case JsonValue::Type::String:
        return a.string == b.string;
    case JsonValue::Type::Array:
        return a.items.size() == b.items.size() &&
               std::equal(a.items.begin(), a.items.end(), b.items.begin(), equal);
    case JsonValue::Type::Object:
        return a.members.size() == b.members.size() &&
               std::all_of(a.members.begin(), a.members.end(), [&](const JsonValue::Member& member) {
                   const JsonValue* other = b.find(member.first);
                   return other && equal(member.second, *other);
               });
    }
    return false;
}

tl::unexpected<Error> no(const QString& what) {
    return fail(ErrorCode::InvalidInput, what);
}

QString got(const AnswerValue& value) {
    return CheckText::tr("It is %1.").arg(shownValue(value));
}

Result<void> needs(bool holds, const QString& wanted, const AnswerValue& value) {
    if (holds) return {};
    return no(wanted + u' ' + got(value));
}

using Outcome = Result<void>;

Outcome equals(const AnswerValue& value, const QString& operand, bool wanted) {
    if (operand.trimmed() == QLatin1String("undefined"))
        return needs(!value == wanted,
                     wanted ? CheckText::tr("It should not be there.") : CheckText::tr("It should be there."),
                     value);
    const JsonValue other = operandValue(operand);
    const bool same = value && equal(*value, other);
    if (same == wanted) return {};
    if (!wanted) return no(CheckText::tr("It should not be %1.").arg(shownValue(other)));
    // The same characters of another type: the most frequent surprise.
    if (value && value->isString() && other.isNumber() &&
        value->string == QString::fromLatin1(other.numberText))
        return no(CheckText::tr("It is the text %1, not the number. Write '%2' to compare with a text.")
                      .arg(shownValue(value), value->string));
    if (value && value->isNumber() && other.isString() &&
        QString::fromLatin1(value->numberText) == other.string)
        return no(CheckText::tr("It is the number %1, not the text.").arg(shownValue(value)));
    return no(CheckText::tr("It should be %1.").arg(shownValue(other)) + u' ' + got(value));
}

Outcome ordered(const AnswerValue& value, const QString& op, const QString& operand) {
    const JsonValue other = operandValue(operand);
    if (!other.isNumber())
        return fail(ErrorCode::InvalidInput,
                    CheckText::tr("\"%1\" is no number to compare with.").arg(operand));
    static const QHash<QString, QString> words{
        {QStringLiteral("gt"), CheckText::tr("It should be more than %1.")},
        {QStringLiteral("gte"), CheckText::tr("It should be at least %1.")},
        {QStringLiteral("lt"), CheckText::tr("It should be less than %1.")},
        {QStringLiteral("lte"), CheckText::tr("It should be at most %1.")}};
    const QString wanted = words.value(op).arg(QString::fromLatin1(other.numberText));
    if (!value || !value->isNumber()) return needs(false, wanted, value);
    const int order = compareNumbers(*value, other);
    const bool holds = op == QLatin1String("gt")    ? order > 0
                       : op == QLatin1String("gte") ? order >= 0
                       : op == QLatin1String("lt")  ? order < 0
                                                    : order <= 0;
    return needs(holds, wanted, value);
}

Outcome between(const AnswerValue& value, const QString& operand) {
    const QList<JsonValue> ends = operandList(operand);
    if (ends.size() != 2 || !ends.at(0).isNumber() || !ends.at(1).isNumber())
        return fail(ErrorCode::InvalidInput, CheckText::tr("\"%1\" does not give two numbers.").arg(operand),
                    {}, CheckText::tr("Write them like 1, 10."));
    const bool holds = value && value->isNumber() && compareNumbers(*value, ends.at(0)) >= 0 &&
                       compareNumbers(*value, ends.at(1)) <= 0;
    return needs(
        holds,
        CheckText::tr("It should be between %1 and %2.")
            .arg(QString::fromLatin1(ends.at(0).numberText), QString::fromLatin1(ends.at(1).numberText)),
        value);
}

Outcome oneOf(const AnswerValue& value, const QString& operand, bool wanted) {
    const QList<JsonValue> list = operandList(operand);
    const bool found = value && std::any_of(list.begin(), list.end(),
                                            [&](const JsonValue& each) { return equal(*value, each); });
    return needs(
        found == wanted,
        (wanted ? CheckText::tr("It should be one of %1.") : CheckText::tr("It should be none of %1."))
            .arg(operand),
        value);
}

Outcome contains(const AnswerValue& value, const QString& operand, bool wanted) {
    const JsonValue other = operandValue(operand);
    if (!value || !(value->isString() || value->isArray()))
        return no(CheckText::tr("Only a text or a list can be looked into.") + u' ' + got(value));
    const QString text = other.isString() ? other.string : operand;
    const bool found = value->isString()
                           ? value->string.contains(text)
                           : std::any_of(value->items.begin(), value->items.end(),
                                         [&](const JsonValue& each) { return equal(each, other); });
    return needs(
        found == wanted,
        (wanted ? CheckText::tr("It should contain %1.") : CheckText::tr("It should not contain %1."))
            .arg(shownValue(other)),
        value);
}

Outcome endsOf(const AnswerValue& value, const QString& operand, bool start) {
    const JsonValue other = operandValue(operand);
    const QString text = other.isString() ? other.string : operand;
    const bool holds =
        value && value->isString() && (start ? value->string.startsWith(text) : value->string.endsWith(text));
    return needs(holds,
                 (start ? CheckText::tr("It should start with %1.") : CheckText::tr("It should end with %1."))
                     .arg(shownValue(jsonText(text))),
                 value);
}

Outcome matches(const AnswerValue& value, QString pattern, bool wanted) {
    if (pattern.size() >= 2 && pattern.startsWith(u'/') && pattern.endsWith(u'/'))
        pattern = pattern.mid(1, pattern.size() - 2);
    const QRegularExpression expression(pattern);
    if (!expression.isValid())
        return fail(
            ErrorCode::InvalidInput,
            CheckText::tr("\"%1\" is no regular expression: %2.").arg(pattern, expression.errorString()));
    const QString text = !value              ? QString()
                         : value->isString() ? value->string
                                             : QString::fromUtf8(writeJson(*value));
    const QRegularExpressionMatch match = expression.match(text);
    if (!match.isValid()) return no(CheckText::tr("The text is too much for the expression, or is no text."));
    const bool found = value && match.hasMatch();
    return needs(found == wanted,
                 (wanted ? CheckText::tr("It should match %1.") : CheckText::tr("It should not match %1."))
                     .arg(pattern),
                 value);
}

Outcome lengthIs(const AnswerValue& value, const QString& operand) {
    bool isNumber = false;
    const qint64 wanted = operand.trimmed().toLongLong(&isNumber);
    if (!isNumber) return fail(ErrorCode::InvalidInput, CheckText::tr("\"%1\" is no length.").arg(operand));
    const qint64 length = !value              ? -1
                          : value->isArray()  ? value->items.size()
                          : value->isString() ? value->string.size()
                                              : -1;
    if (length < 0) return no(CheckText::tr("Only a text or a list has a length.") + u' ' + got(value));
    if (length == wanted) return {};
    return no(CheckText::tr("Its length should be %1. It is %2.").arg(wanted).arg(length));
}

Outcome emptiness(const AnswerValue& value, bool wanted) {
    const bool measurable = value && (value->isArray() || value->isString() || value->isObject());
    if (!measurable)
        return no(CheckText::tr("Only a text, a list or an object can be empty.") + u' ' + got(value));
    const bool empty = value->isArray()    ? value->items.isEmpty()
                       : value->isString() ? value->string.isEmpty()
                                           : value->members.isEmpty();
    return needs(empty == wanted,
                 wanted ? CheckText::tr("It should be empty.") : CheckText::tr("It should not be empty."),
                 value);
}

Outcome typed(const AnswerValue& value, const QString& op) {
    using Type = JsonValue::Type;
    const auto is = [&](Type type) { return value && value->type == type; };
    if (op == QLatin1String("isDefined"))
        return needs(value.has_value(), CheckText::tr("It should be there."), value);
    if (op == QLatin1String("isUndefined"))
        return needs(!value, CheckText::tr("It should not be there."), value);
    if (op == QLatin1String("isNull"))
        return needs(is(Type::Null), CheckText::tr("It should be null."), value);
    if (op == QLatin1String("isTruthy"))
        return needs(is(Type::Bool) && value->boolean, CheckText::tr("It should be true."), value);
    if (op == QLatin1String("isFalsy"))
        return needs(is(Type::Bool) && !value->boolean, CheckText::tr("It should be false."), value);
    if (op == QLatin1String("isJson"))
        return needs(is(Type::Object) || is(Type::Array), CheckText::tr("It should be an object or a list."),
                     value);
    if (op == QLatin1String("isNumber"))
        return needs(is(Type::Number), CheckText::tr("It should be a number."), value);
    if (op == QLatin1String("isString"))
        return needs(is(Type::String), CheckText::tr("It should be a text."), value);
    if (op == QLatin1String("isBoolean"))
        return needs(is(Type::Bool), CheckText::tr("It should be true or false."), value);
    if (op == QLatin1String("isArray"))
        return needs(is(Type::Array), CheckText::tr("It should be a list."), value);
    return fail(ErrorCode::InvalidInput, CheckText::tr("There is no operator \"%1\".").arg(op));
}

} // namespace

JsonValue operandValue(const QString& operand) {
    const QString text = operand.trimmed();
    if (text.size() >= 2 && (text.front() == u'\'' || text.front() == u'"') && text.back() == text.front())
        return jsonText(text.mid(1, text.size() - 2));
    if (const Result<JsonValue> parsed = parseJson(text.toUtf8())) return *parsed;
    return jsonText(operand);
}

QList<JsonValue> operandList(QString operand) {
    operand = operand.trimmed();
    if (operand.startsWith(u'[') && operand.endsWith(u']')) operand = operand.mid(1, operand.size() - 2);
    QList<JsonValue> list;
    for (const QString& each : operand.split(u','))
        list.append(operandValue(each.trimmed()));
    return list;
}

Result<void> compareValue(const AnswerValue& value, const QString& op, const QString& operand) {
    if (op == QLatin1String("eq")) return equals(value, operand, true);
    if (op == QLatin1String("neq")) return equals(value, operand, false);
    if (op == QLatin1String("gt") || op == QLatin1String("gte") || op == QLatin1String("lt") ||
        op == QLatin1String("lte"))
        return ordered(value, op, operand);
    if (op == QLatin1String("between")) return between(value, operand);
    if (op == QLatin1String("in")) return oneOf(value, operand, true);
    if (op == QLatin1String("notIn")) return oneOf(value, operand, false);
    if (op == QLatin1String("contains")) return contains(value, operand, true);
    if (op == QLatin1String("notContains")) return contains(value, operand, false);
    if (op == QLatin1String("startsWith")) return endsOf(value, operand, true);
    if (op == QLatin1String("endsWith")) return endsOf(value, operand, false);
    if (op == QLatin1String("matches")) return matches(value, operand, true);
    if (op == QLatin1String("notMatches")) return matches(value, operand, false);
    if (op == QLatin1String("length")) return lengthIs(value, operand);
    if (op == QLatin1String("isEmpty")) return emptiness(value, true);
    if (op == QLatin1String("isNotEmpty")) return emptiness(value, false);
    return typed(value, op);
}

} // namespace kb
