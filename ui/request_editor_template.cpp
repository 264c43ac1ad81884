// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_template.h"

#include "core/base/json.h"
#include "core/http/url_template.h"

namespace kb {

FilledText fillVariables(const QString& typed, const VariableMap& variables, const QString& standIn) {
    FilledText filled;
    const auto append = [&filled](qsizetype source, const QString& from, const QString& to,
                                  const QString& name) {
        if (from.isEmpty()) return;
        filled.pieces.append({source, from.size(), filled.text.size(), to.size(), name});
        filled.text += to;
    };
    qsizetype at = 0;
    for (const VariableUse& use : variableUses(typed)) {
        const QString literal = typed.mid(at, use.start - at);
        append(at, literal, literal, {});
        const QString written = typed.mid(use.start, use.length);
        const Result<QString> value = resolveVariables(written, variables);
        if (!value && value.error().code == ErrorCode::UnknownVariable &&
            !filled.unknown.contains(value.error().where))
            filled.unknown.append(value.error().where);
        append(use.start, written, value ? *value : standIn, use.name);
        at = use.start + use.length;
    }
    const QString rest = typed.mid(at);
    append(at, rest, rest, {});
    return filled;
}

FilledText::Place FilledText::placeOf(qsizetype position) const {
    for (const Piece& piece : pieces) {
        if (position >= piece.start + piece.length) continue;
        if (piece.variable.isEmpty()) return {piece.source + position - piece.start, 1, {}};
        return {piece.source, piece.sourceLength, piece.variable};
    }
    if (pieces.isEmpty()) return {};
    const Piece& last = pieces.last();
    return {last.source + last.sourceLength, 1, {}};
}

std::optional<JsonProblem> jsonProblem(const QString& typed, const VariableMap& variables) {
    if (typed.trimmed().isEmpty()) return std::nullopt;
    // An unknown variable may stand for a number as well as for a part of a string: "0" suits both.
    const FilledText filled = fillVariables(typed, variables, QStringLiteral("0"));
    const QByteArray bytes = filled.text.toUtf8();
    const Result<JsonValue> parsed = parseJson(bytes);
    if (parsed) return std::nullopt;
    JsonProblem problem;
    problem.what = parsed.error().what;
    const qsizetype byte = qBound<qsizetype>(0, parsed.error().position, bytes.size());
    problem.position = filled.placeOf(QString::fromUtf8(bytes.left(byte)).size()).start;
    const QString before = typed.left(problem.position);
    problem.line = static_cast<int>(before.count(QLatin1Char('\n'))) + 1;
    problem.column = static_cast<int>(before.size() - (before.lastIndexOf(QLatin1Char('\n')) + 1)) + 1;
    return problem;
}

} // namespace kb
