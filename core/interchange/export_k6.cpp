// SPDX-License-Identifier: GPL-3.0-or-later
// A script for k6, which makes load. Tokens come from the environment.
#include "core/base/json_make.h"
#include "core/interchange/export_private.h"
#include "core/interchange/export_text.h"
#include "core/interchange/snippet_code.h"
#include "core/run/answer_value.h"
#include "core/run/check_answer.h"

#include <QSet>

namespace kb::exporting {

namespace {

QString k6Text(const QString& text) {
    return doubleQuoted(text, [](char16_t c) -> QString {
        return QStringLiteral("\\u") + QString::number(uint(c), 16).rightJustified(4, u'0');
    });
}
QString k6Json(const JsonValue& value) {
    return value.isString() ? k6Text(value.string) : QString::fromUtf8(writeJson(value));
}

/// What checks look at. It is part of a script only where one has checks.
const QLatin1String readAnswer(R"(
/**
 * A value of an answer; undefined where it has none.
 * @param {import("k6/http").RefinedResponse<any>} answer
 * @param {string[]} path
 * @returns {any}
 */
function valueOf(answer, ...path) {
  const [part, ...names] = path;
  if (part === "status") return answer.status;
  if (part === "responseTime") return answer.timings.duration;
  if (part === "headers") {
    const name = Object.keys(answer.headers).find((each) => each.toLowerCase() === names[0].toLowerCase());
    return name === undefined ? undefined : answer.headers[name];
  }
  /** @type {any} */
  let value = answer.body;
  try {
    value = JSON.parse(value);
  } catch (error) {
    // It is a text.
  }
  for (const name of names) value = value === null || value === undefined ? undefined : value[name];
  return value;
}
)");

/// The condition on `v` that an operator stands for (compare_value.cpp), as JavaScript; empty: it has none.
QString condition(const QString& op, const QString& operand) {
    const JsonValue other = operandValue(operand);
    const QString text = k6Text(other.isString() ? other.string : operand);
    const auto list = [&]() -> QString {
        QStringList all;
        for (const JsonValue& each : operandList(operand))
            all.append(k6Json(each));
        return u'[' + all.join(QStringLiteral(", ")) + u']';
    };
    const auto number = [&](const char* compared) -> QString {
        return other.isNumber() ? QStringLiteral("typeof v === \"number\" && v ") + QLatin1String(compared) +
                                      u' ' + k6Json(other)
                                : QString();
    };
    const QString sized =
        QStringLiteral("(typeof v === \"string\" || typeof v === \"object\" && v !== null) && ");
    const QString listed = QStringLiteral("(typeof v === \"string\" || Array.isArray(v)) && ");
    const auto looked = [&](const char* held) -> QString {
        return QStringLiteral("(typeof v === \"string\" ? ") + QLatin1String(held) +
               QStringLiteral("v.includes(") + text + QStringLiteral(") : Array.isArray(v) && ") +
               QLatin1String(held) + QStringLiteral("v.includes(") + k6Json(other) + QStringLiteral("))");
    };
    const bool absent = operand.trimmed() == QLatin1String("undefined");
    const bool compound = other.isObject() || other.isArray();
    if (op == QLatin1String("eq") || op == QLatin1String("neq")) {
        if (compound) return {}; // JavaScript compares no contents
        return (op == QLatin1String("eq") ? QStringLiteral("v === ") : QStringLiteral("v !== ")) +
               (absent ? QStringLiteral("undefined") : k6Json(other));
    }
    if (op == QLatin1String("gt")) return number(">");
    if (op == QLatin1String("gte")) return number(">=");
    if (op == QLatin1String("lt")) return number("<");
    if (op == QLatin1String("lte")) return number("<=");
    if (op == QLatin1String("between")) {
        const QList<JsonValue> ends = operandList(operand);
        if (ends.size() != 2 || !ends.at(0).isNumber() || !ends.at(1).isNumber()) return {};
        return QStringLiteral("typeof v === \"number\" && v >= ") + k6Json(ends.at(0)) +
               QStringLiteral(" && v <= ") + k6Json(ends.at(1));
    }
    if (op == QLatin1String("in")) return list() + QStringLiteral(".includes(v)");
    if (op == QLatin1String("notIn")) return u'!' + list() + QStringLiteral(".includes(v)");
    if (op == QLatin1String("contains")) return compound ? QString() : looked("");
    if (op == QLatin1String("notContains")) return compound ? QString() : looked("!");
    if (op == QLatin1String("startsWith") || op == QLatin1String("endsWith"))
        return QStringLiteral("typeof v === \"string\" && v.") + op + u'(' + text + u')';
    if (op == QLatin1String("matches") || op == QLatin1String("notMatches")) {
        QString pattern = operand;
        if (pattern.size() >= 2 && pattern.startsWith(u'/') && pattern.endsWith(u'/'))
            pattern = pattern.mid(1, pattern.size() - 2);
        const QString test = QStringLiteral("new RegExp(") + k6Text(pattern) +
                             QStringLiteral(").test(typeof v === \"string\" ? v : JSON.stringify(v))");
        return op == QLatin1String("matches") ? QStringLiteral("v !== undefined && ") + test
                                              : QStringLiteral("v === undefined || !") + test;
    }
    if (op == QLatin1String("length"))
        return other.isNumber() ? listed + QStringLiteral("v.length === ") + k6Json(other) : QString();
    static const QHash<QString, QString> kinds{
        {QStringLiteral("isDefined"), QStringLiteral("v !== undefined")},
        {QStringLiteral("isUndefined"), QStringLiteral("v === undefined")},
        {QStringLiteral("isNull"), QStringLiteral("v === null")},
        {QStringLiteral("isTruthy"), QStringLiteral("v === true")},
        {QStringLiteral("isFalsy"), QStringLiteral("v === false")},
        {QStringLiteral("isJson"), QStringLiteral("typeof v === \"object\" && v !== null")},
        {QStringLiteral("isNumber"), QStringLiteral("typeof v === \"number\"")},
        {QStringLiteral("isString"), QStringLiteral("typeof v === \"string\"")},
        {QStringLiteral("isBoolean"), QStringLiteral("typeof v === \"boolean\"")},
        {QStringLiteral("isArray"), QStringLiteral("Array.isArray(v)")},
        {QStringLiteral("isEmpty"), sized + QStringLiteral("Object.keys(v).length === 0")},
        {QStringLiteral("isNotEmpty"), sized + QStringLiteral("Object.keys(v).length > 0")}};
    return kinds.value(op);
}

/// One check as a member of the object that k6's check() takes; empty where k6 cannot say it.
QString k6Check(const CheckSpec& check, const QString& title, const VariableMap& variables) {
    if (check.part != AnswerPart::Expression) return {};
    const Result<QStringList> path = pathOf(check.expression);
    const Result<QString> operand = resolveVariables(check.value, variables);
    // What is compared with a secret would need it here.
    if (!path || !operand || operand->contains(secretVariable({}))) return {};
    static const QStringList parts{QStringLiteral("status"), QStringLiteral("responseTime"),
                                   QStringLiteral("headers"), QStringLiteral("body")};
    if (!parts.contains(path->first()) || (path->first() == QLatin1String("headers") && path->size() != 2))
        return {};
    const QString holds = condition(check.op, *operand);
    if (holds.isEmpty()) return {};
    QStringList names;
    for (const QString& name : *path)
        names.append(k6Text(name));
    return k6Text(title) + QStringLiteral(": (r) => {\n        const v = valueOf(r, ") +
           names.join(QStringLiteral(", ")) + QStringLiteral(");\n        return ") + holds +
           QStringLiteral(";\n      }");
}

QString k6Checks(const RequestSpec& spec, Source& source) {
    QStringList all;
    QSet<QString> titles;
    for (const CheckSpec& check : spec.checks) {
        if (!check.enabled) continue;
        const QString name = CheckResult{check, {}, {}}.title();
        QString title = name;
        for (int i = 2; titles.contains(title); ++i)
            title = name + QStringLiteral(" (%1)").arg(i);
        const QString written = k6Check(check, title, source.variables);
        if (written.isEmpty()) {
            source.notes.append(ExportText::tr("%1: the check \"%2\" is left out.").arg(spec.name, name));
            continue;
        }
        titles.insert(title);
        all.append(written);
    }
    if (all.isEmpty()) return QStringLiteral("\"status is below 400\": (r) => r.status < 400");
    return QStringLiteral("\n      ") + all.join(QStringLiteral(",\n      ")) + QStringLiteral(",\n    ");
}

QString k6File(const QString& path) {
    return QStringLiteral("files[") + k6Text(path) + u']';
}
/// What is sent, as k6 takes it. A form without a file would go out URL-encoded: it is put together here.
QString k6Body(const SnippetRequest& request) {
    const bool hasFile = std::any_of(request.parts.cbegin(), request.parts.cend(),
                                     [](const BodyPart& part) { return part.isFile; });
    if (!request.file.isEmpty()) return k6File(request.file);
    if (request.parts.isEmpty()) return request.hasBody ? k6Text(request.body) : QStringLiteral("null");
    if (!hasFile) return k6Text(formOf(request).pieces.first().text);
    QString body = QStringLiteral("{\n");
    for (const BodyPart& part : request.parts) {
        const QString type =
            part.contentType.isEmpty() ? QStringLiteral("application/octet-stream") : part.contentType;
        body += QStringLiteral("      ") + k6Text(part.name) + QStringLiteral(": ") +
                (part.isFile
                     ? QStringLiteral("http.file(") + k6File(part.value) + QStringLiteral(", ") +
                           k6Text(part.value.section(u'/', -1)) + QStringLiteral(", ") + k6Text(type) + u')'
                     : k6Text(part.value)) +
                QStringLiteral(",\n");
    }
    return body + QStringLiteral("    }");
}

} // namespace

Result<QByteArray> k6(Source& source) {
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("__ENV.") + variable;
    };
    const SnippetWords words{k6Text, secret,
                             [=](const QString& variable) -> QString {
                                 return QStringLiteral("encodeURIComponent(") + secret(variable) + u')';
                             },
                             [=](const QString& user, const QString& variable) -> QString {
                                 return QStringLiteral("encoding.b64encode(") + k6Text(user + u':') +
                                        QStringLiteral(" + ") + secret(variable) + u')';
                             }};
    QString calls;
    QStringList files;
    for (const auto& [typed, spec] : loadRequests(source)) {
        QSet<QString> names;
        bool hasFile = false;
        for (const BodyPart& part : typed.parts) {
            if (part.isFile) files.append(part.value);
            hasFile = hasFile || part.isFile;
            names.insert(part.name);
        }
        if (!typed.file.isEmpty()) files.append(typed.file);
        if (hasFile && names.size() != typed.parts.size()) {
            source.notes.append(ExportText::tr("%1 is left out: %2")
                                    .arg(typed.name, ExportText::tr("fields of the same name")));
            continue;
        }
        const SnippetRequest request = withJoinedHeaders(hasFile ? typed : withFormType(typed));
        QString headers;
        for (const auto& [name, value] : request.headers)
            headers += QStringLiteral("      ") + k6Text(name) + QStringLiteral(": ") +
                       written(value, words) + QStringLiteral(",\n");
        calls += QStringLiteral("  group(") + k6Text(request.name) +
                 QStringLiteral(", () => {\n    const answer = http.request(") + k6Text(request.method) +
                 QStringLiteral(", ") + written(request.url, words) + QStringLiteral(", ") + k6Body(request) +
                 QStringLiteral(", {\n      headers: {\n") + headers + QStringLiteral("      },\n") +
                 (request.followRedirects ? QString() : QStringLiteral("      redirects: 0,\n")) +
                 QStringLiteral("    });\n    check(answer, { ") + k6Checks(*spec, source) +
                 QStringLiteral(" });\n  });\n");
    }
    if (calls.isEmpty())
        return fail(ErrorCode::Unsupported, ExportText::tr("None of the requests can be sent by k6."));
    QString opened;
    files.removeDuplicates();
    for (const QString& path : std::as_const(files))
        opened += QStringLiteral("  ") + k6Text(path) + QStringLiteral(": open(") + k6Text(path) +
                  QStringLiteral(", \"b\"),\n");
    if (!opened.isEmpty())
        opened = QStringLiteral("// k6 reads files before it begins, from beside this script.\n"
                                "const files = {\n") +
                 opened + QStringLiteral("};\n\n");
    const QString script =
        QStringLiteral("import http from \"k6/http\";\nimport encoding from \"k6/encoding\";\n"
                       "import { check, group } from \"k6\";\n\n"
                       "export const options = {\n  vus: 1,\n  iterations: 1,\n  thresholds: { checks: "
                       "[\"rate==1.0\"] },\n};\n\n") +
        opened + QStringLiteral("export default function () {\n") + calls + QStringLiteral("}\n") +
        (calls.contains(QLatin1String(" valueOf(r, ")) ? QString(readAnswer) : QString());
    return script.toUtf8();
}

} // namespace kb::exporting
