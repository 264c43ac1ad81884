// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/compare_answers.h"

#include "core/base/json.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct CompareText {
    Q_DECLARE_TR_FUNCTIONS(CompareAnswers)
};

constexpr qsizetype mostDifferences = 500;

/// The leaves of a value by their pointers (RFC 6901), in the order they stand there.
void leaves(const JsonValue& value, const QString& pointer, QList<std::pair<QString, QString>>& out) {
    if (out.size() > 20000) return;
    if (value.isObject() && !value.members.isEmpty()) {
        for (const auto& [name, member] : value.members) {
            QString token = name;
            token.replace(u'~', QLatin1String("~0")).replace(u'/', QLatin1String("~1"));
            leaves(member, pointer + u'/' + token, out);
        }
    } else if (value.isArray() && !value.items.isEmpty()) {
        for (qsizetype i = 0; i < value.items.size(); ++i)
            leaves(value.items.at(i), pointer + u'/' + QString::number(i), out);
    } else {
        out.append({pointer, QString::fromUtf8(writeJson(value))});
    }
}

using Rows = QList<std::pair<QString, QString>>;

Rows headerRows(const HistoryRecord& record) {
    Rows rows;
    for (const HeaderField& field : record.responseHeaders) {
        const QString name = QString::fromUtf8(field.name).toLower();
        if (name == QLatin1String("date")) continue;
        const auto known =
            std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == name; });
        if (known == rows.end())
            rows.append({name, QString::fromUtf8(field.value)});
        else
            known->second += QStringLiteral(", ") + QString::fromUtf8(field.value);
    }
    return rows;
}

void addDifferences(const Rows& left, const Rows& right, const QString& prefix,
                    QList<AnswerDifference>& out) {
    QHash<QString, QString> there;
    for (const auto& [name, value] : right)
        there.insert(name, value);
    QSet<QString> seen;
    for (const auto& [name, value] : left) {
        seen.insert(name);
        const auto other = there.constFind(name);
        if (other == there.constEnd())
            out.append({prefix + name, value, {}});
        else if (*other != value)
            out.append({prefix + name, value, *other});
    }
    for (const auto& [name, value] : right)
        if (!seen.contains(name)) out.append({prefix + name, {}, value});
}

} // namespace

QList<AnswerDifference> compareAnswers(const HistoryRecord& left, const HistoryRecord& right) {
    QList<AnswerDifference> all;
    const auto status = [](const HistoryRecord& record) {
        return record.entry.status ? QString::number(record.entry.status) : record.entry.problem;
    };
    if (status(left) != status(right)) all.append({CompareText::tr("status"), status(left), status(right)});
    addDifferences(headerRows(left), headerRows(right), CompareText::tr("header") + u' ', all);
    if (left.responseBody != right.responseBody) {
        const Result<JsonValue> a = parseJson(left.responseBody), b = parseJson(right.responseBody);
        if (a && b) {
            Rows before, after;
            leaves(*a, {}, before);
            leaves(*b, {}, after);
            addDifferences(before, after, {}, all);
        } else {
            all.append({CompareText::tr("body"), QString::fromUtf8(left.responseBody.left(2000)),
                        QString::fromUtf8(right.responseBody.left(2000))});
        }
    }
    if (all.size() > mostDifferences) all.resize(mostDifferences);
    return all;
}

} // namespace kb
