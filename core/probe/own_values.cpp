// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/own_values.h"
#include "core/probe/matrix_text.h"
#include "core/probe/plan.h"

#include "core/base/json_pointer.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace kb {

namespace {

constexpr qsizetype longestValue = 200;

tl::unexpected<Error> none(const QString& why) {
    return fail(ErrorCode::NotFound, why);
}

/// The variable that a text consists of, if it is one that was asked for.
QString askedFor(const QString& object) {
    return object.startsWith(QLatin1String("{{own.")) ? object.mid(2, object.size() - 4) : QString();
}

QString inBraces(const QString& variable) {
    return QStringLiteral("{{") + variable + QStringLiteral("}}");
}

/// Another's object that is known and is not one's own; empty where there is none.
QString otherPeer(const MatrixPlan& plan, const CellPlan& cell, const QString& own,
                  const VariableMap& values) {
    const QString variable = askedFor(cell.object);
    QString parameter, paths;
    for (const OwnQuestion& each : plan.questions)
        if (each.variable == variable) {
            parameter = each.parameter;
            paths = each.paths;
        }
    for (const OwnQuestion& each : plan.questions)
        if (!parameter.isEmpty() && each.parameter == parameter && each.paths == paths &&
            each.profile != cell.profile &&
            !isForeign(plan.profileOf(cell), plan.profiles.at(each.profile)) &&
            values.contains(each.variable) && values.value(each.variable) != own)
            return inBraces(each.variable);
    return {};
}

/// The texts of a request in which a variable may stand.
template<class Spec, class Do> void eachText(Spec& spec, Do apply) {
    apply(spec.url);
    apply(spec.body.text);
    for (auto& row : spec.params)
        apply(row.value);
    for (auto& row : spec.headers)
        apply(row.value);
}

/// The object of another owner in place of this one's, and what it belongs to.
void askForInstead(const MatrixPlan& plan, CellPlan& cell, const QString& object) {
    const auto ownerOf = [&](const QString& text) {
        for (const OwnQuestion& each : plan.questions)
            if (inBraces(each.variable) == text) return each.profile;
        return -1;
    };
    const int before = ownerOf(cell.object), after = ownerOf(object);
    RequestSpec spec = *cell.spec;
    for (const OwnQuestion& theirs : plan.questions)
        for (const OwnQuestion& others : plan.questions)
            if (theirs.profile == before && others.profile == after && theirs.parameter == others.parameter &&
                theirs.paths == others.paths)
                eachText(spec, [&](QString& text) {
                    text.replace(inBraces(theirs.variable), inBraces(others.variable));
                });
    cell.spec = std::make_shared<const RequestSpec>(spec);
    cell.object = object;
}

bool namesVariable(const RequestSpec& spec, const QString& variable) {
    bool names = false;
    eachText(spec, [&](const QString& text) { names = names || text.contains(inBraces(variable)); });
    return names;
}

} // namespace

void dropNeedlessQuestions(MatrixPlan& plan) {
    if (plan.questions.isEmpty()) return;
    QSet<const RequestSpec*> specs; // few, of many cells
    QSet<QString> owned;
    for (const QList<CellPlan>* cells : {&plan.cells, &plan.canaries})
        for (const CellPlan& cell : *cells) {
            if (cells == &plan.cells && !cell.notSent.isEmpty()) continue;
            specs.insert(cell.spec.get());
            owned.insert(plan.owns.value(cell.id));
        }
    plan.questions.removeIf([&](const OwnQuestion& question) {
        return !owned.contains(inBraces(question.variable)) &&
               std::none_of(specs.cbegin(), specs.cend(),
                            [&](const RequestSpec* spec) { return namesVariable(*spec, question.variable); });
    });
}

QString notProbeable() {
    return MatrixText::tr("Not probeable: both own the same object.");
}

QString ownObject(const QString& object, const VariableMap& values) {
    const QString variable = askedFor(object);
    return variable.isEmpty() ? object : values.value(variable);
}

QStringList settleOwnValues(MatrixPlan& plan, const VariableMap& values,
                            const QHash<QString, QString>& problems) {
    QStringList remarks;
    if (plan.questions.isEmpty()) return remarks;
    for (const OwnQuestion& each : std::as_const(plan.questions))
        if (problems.contains(each.variable))
            remarks.append(
                MatrixText::tr("The own %1 of %2 is not known: %3")
                    .arg(each.parameter, plan.profiles.at(each.profile).name, problems.value(each.variable)));
    const auto unknown = [&](const CellPlan& cell) { return problems.contains(askedFor(cell.object)); };
    const CellPlan* before = nullptr; // of the same row and column: another's object
    for (CellPlan& cell : plan.cells) {
        const CellPlan* last = std::exchange(before, &cell);
        if (!cell.notSent.isEmpty()) continue;
        const bool beside = last && last->profile == cell.profile && last->operation == cell.operation;
        // Not of the cell beside it: a part of a plan need not have that one.
        const QString own = ownObject(plan.owns.value(cell.id), values);
        const bool same = isOthers(cell.binding) && !own.isEmpty() && own == ownObject(cell.object, values);
        if (isOthers(cell.binding) && (same || unknown(cell))) {
            const QString other =
                cell.binding == Binding::Peer ? otherPeer(plan, cell, own, values) : QString();
            if (!other.isEmpty())
                askForInstead(plan, cell, other);
            else
                cell.notSent =
                    same ? notProbeable() : MatrixText::tr("Whose object this is could not be found out.");
        } else if (unknown(cell)) {
            cell.notSent = MatrixText::tr("Whose object this is could not be found out.");
        } else if (cell.binding == Binding::Absent && beside && !last->notSent.isEmpty()) {
            cell.notSent = last->notSent; // it is asked for beside another's
        }
    }
    plan.canaries.removeIf(unknown);
    return remarks;
}

std::optional<OwnSource> ownSource(const QString& text) {
    const QString prefix = QStringLiteral("from:");
    if (!text.startsWith(prefix)) return std::nullopt;
    const qsizetype hash = text.indexOf(u'#');
    OwnSource source;
    source.operation = text.mid(prefix.size(), hash < 0 ? -1 : hash - prefix.size()).simplified();
    const QString place = hash < 0 ? QString() : text.mid(hash + 1).trimmed();
    const QString header = QStringLiteral("header:");
    if (place.startsWith(header))
        source.header = place.mid(header.size()).trimmed();
    else
        source.pointer = place.isEmpty() ? QStringLiteral("/0/id") : place;
    return source;
}

Result<QString> ownValueIn(const RunResult& result, const OwnSource& source, bool inPath) {
    if (result.hops.isEmpty())
        return none(result.error ? result.error->what : MatrixText::tr("There was no answer."));
    const Exchange& answer = result.hops.last();
    const int status = answer.response().status;
    if (status / 100 != 2)
        return none(MatrixText::tr("%1 got %2.").arg(source.operation, QString::number(status)));
    QString value;
    if (!source.header.isEmpty()) {
        value = QString::fromUtf8(answer.response().headers.first(source.header.toUtf8()).value_or(""));
    } else {
        const Result<JsonValue> body = parseJson(answer.rawBody());
        const JsonValue* at = body ? jsonAt(*body, source.pointer).value : nullptr;
        if (at) value = at->isString() ? at->string : QString::fromUtf8(at->numberText);
    }
    if (value.isEmpty())
        return none(MatrixText::tr("The answer of %1 has no value at %2.")
                        .arg(source.operation, source.header.isEmpty() ? source.pointer : source.header));
    static const QRegularExpression unreserved(QStringLiteral("^[A-Za-z0-9._~-]+$"));
    const bool plain = (inPath || unreserved.match(value).hasMatch()) && value.size() <= longestValue &&
                       !value.contains(QLatin1String("{{")) && value != QLatin1String(".") &&
                       value != QLatin1String("..") && !value.contains(u'\\') &&
                       std::none_of(value.cbegin(), value.cend(), [](QChar c) { return c.unicode() < 0x20; });
    if (!plain)
        return none(MatrixText::tr("The value at %2 in the answer of %1 cannot be an object's id.")
                        .arg(source.operation, source.header.isEmpty() ? source.pointer : source.header));
    return value;
}

RequestSpec withOwnValues(RequestSpec spec, const VariableMap& values) {
    eachText(spec, [&values](QString& text) {
        for (auto value = values.cbegin(); value != values.cend(); ++value)
            text.replace(inBraces(value.key()), value.value());
    });
    return spec;
}

} // namespace kb
