// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/merge_settings.h"

#include <QCoreApplication>
#include <QMap>

namespace kb {

namespace {

struct MergeSettingsText {
    Q_DECLARE_TR_FUNCTIONS(MergeSettings)
};

/// One value: whoever changed it counts; both did, and not in the same way: a conflict.
template<class Value>
void mergeValue(const Value& base, const Value& mine, const Value& theirs, const QString& name,
                Value& intoMine, Value& intoTheirs, QStringList& conflicts) {
    intoMine = mine == base ? theirs : mine;
    intoTheirs = theirs == base ? mine : theirs;
    if (!(intoMine == intoTheirs)) conflicts.append(name);
}

using RowKey = std::pair<QString, int>;

template<class Row> QList<std::pair<RowKey, Row>> keyed(const QList<Row>& rows, Qt::CaseSensitivity names) {
    QList<std::pair<RowKey, Row>> all;
    QMap<QString, int> turns;
    for (const Row& row : rows) {
        const QString name = names == Qt::CaseInsensitive ? row.name.toLower() : row.name;
        all.append({{name, turns[name]++}, row});
    }
    return all;
}

template<class Row> std::optional<Row> rowAt(const QList<std::pair<RowKey, Row>>& rows, const RowKey& key) {
    for (const auto& [known, row] : rows)
        if (known == key) return row;
    return std::nullopt;
}

/// Rows in the order of mine, with what only theirs has behind.
template<class Row>
void mergeRows(const QList<Row>& base, const QList<Row>& mine, const QList<Row>& theirs,
               Qt::CaseSensitivity names, QList<Row>& intoMine, QList<Row>& intoTheirs,
               QStringList& conflicts) {
    const auto was = keyed(base, names), my = keyed(mine, names), their = keyed(theirs, names);
    QList<RowKey> keys;
    for (const auto* rows : {&my, &their})
        for (const auto& each : *rows)
            if (!keys.contains(each.first)) keys.append(each.first);
    for (const RowKey& key : std::as_const(keys)) {
        std::optional<Row> one, other;
        const std::optional<Row> mineHas = rowAt(my, key), theirsHas = rowAt(their, key);
        mergeValue(rowAt(was, key), mineHas, theirsHas, (mineHas ? mineHas : theirsHas)->name, one, other,
                   conflicts);
        if (one) intoMine.append(*one);
        if (other) intoTheirs.append(*other);
    }
}

} // namespace

MergedSettings<Environment> mergeEnvironment(const Environment& base, const Environment& mine,
                                             const Environment& theirs) {
    MergedSettings<Environment> merged;
    merged.mine = merged.theirs = theirs;
    merged.mine.variables.clear();
    merged.theirs.variables.clear();
    mergeRows(base.variables, mine.variables, theirs.variables, Qt::CaseSensitive, merged.mine.variables,
              merged.theirs.variables, merged.conflicts);
    const auto value = [&](auto member, const QString& name) {
        mergeValue(base.*member, mine.*member, theirs.*member, name, merged.mine.*member,
                   merged.theirs.*member, merged.conflicts);
    };
    value(&Environment::kind, MergeSettingsText::tr("Class"));
    value(&Environment::colour, MergeSettingsText::tr("Colour"));
    value(&Environment::extends, MergeSettingsText::tr("Based on"));
    value(&Environment::dotEnvFile, MergeSettingsText::tr(".env file"));
    return merged;
}

MergedSettings<RequestDefaults> mergeDefaults(const RequestDefaults& base, const RequestDefaults& mine,
                                              const RequestDefaults& theirs) {
    MergedSettings<RequestDefaults> merged;
    mergeRows(base.headers, mine.headers, theirs.headers, Qt::CaseInsensitive, merged.mine.headers,
              merged.theirs.headers, merged.conflicts);
    mergeRows(base.variables, mine.variables, theirs.variables, Qt::CaseSensitive, merged.mine.variables,
              merged.theirs.variables, merged.conflicts);
    mergeValue(base.profileId, mine.profileId, theirs.profileId, MergeSettingsText::tr("Send as"),
               merged.mine.profileId, merged.theirs.profileId, merged.conflicts);
    return merged;
}

} // namespace kb
