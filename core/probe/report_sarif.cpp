// SPDX-License-Identifier: GPL-3.0-or-later
// SARIF 2.1.0 (OASIS), for code scanning: the place of a finding is the operation's `security` in the
// document.
#include "core/base/json_make.h"
#include "core/probe/matrix_text.h"
#include "core/probe/report.h"
#include "kb_version.h"

namespace kb {

namespace {

struct Rule {
    const char* id;
    const char* cwe;      ///< Common Weakness Enumeration
    const char* severity; ///< security-severity, 0 to 10
    const char* level;
};
constexpr Rule rules[] = {{"missing-authentication", "CWE-306", "9.1", "error"},
                          {"broken-token-validation", "CWE-613", "8.1", "error"},
                          {"forged-credential", "CWE-347", "9.1", "error"},
                          {"broken-authentication", "CWE-287", "8.1", "error"},
                          {"bola", "CWE-639", "8.6", "error"},
                          {"bfla", "CWE-285", "8.1", "error"},
                          {"over-restricted", "CWE-863", "3.0", "warning"},
                          {"suspect", "CWE-755", "4.0", "warning"},
                          {"server-error", "CWE-755", "3.0", "warning"}};

JsonValue location(const ApiPlace& place) {
    JsonObject region;
    region.add("startLine", qint64(qMax(1, place.line)));
    return JsonObject()
        .add("physicalLocation", JsonObject()
                                     .add("artifactLocation", JsonObject().add("uri", place.file).value())
                                     .add("region", region.value())
                                     .value())
        .value();
}

QString baselineState(const QString& drift) {
    if (drift == QLatin1String("new")) return QStringLiteral("new");
    return drift.isEmpty() ? QStringLiteral("unchanged") : QStringLiteral("updated");
}

} // namespace

QByteArray sarifReport(const RunRecord& record) {
    QList<JsonValue> ruleList, results;
    for (const Rule& rule : rules)
        ruleList.append(
            JsonObject()
                .add("id", rule.id)
                .add("shortDescription", JsonObject().add("text", rule.id).value())
                .add("properties",
                     JsonObject()
                         .add("security-severity", rule.severity)
                         .add("tags", jsonTexts({QStringLiteral("security"),
                                                 QStringLiteral("external/cwe/") +
                                                     QLatin1String(rule.cwe).toString().toLower()}))
                         .value())
                .value());
    for (const Defect& defect : record.defects) {
        qint64 ruleIndex = 0;
        const char* level = "warning";
        for (size_t i = 0; i < std::size(rules); ++i)
            if (defect.rule == QLatin1String(rules[i].id)) {
                ruleIndex = qint64(i);
                level = rules[i].level;
            }
        for (const int index : defect.results) {
            const CellResult& result = record.results.at(index);
            const CellPlan& cell = record.plan.cells.at(result.cell);
            const QString message =
                MatrixText::tr("%1: %2. Expected %3, got %4. %5")
                    .arg(cellTitle(record.plan, cell), defect.title, expectName(cell.expectation.expect))
                    .arg(result.seen.status)
                    .arg(cell.expectation.why);
            JsonObject object;
            object.add("ruleId", defect.rule)
                .add("ruleIndex", ruleIndex)
                .add("level", level)
                .add("message", JsonObject().add("text", message).value())
                .add("locations", jsonArray({location(record.plan.operationOf(cell).securityPlace)}))
                .add("partialFingerprints", JsonObject().add("cell/v1", cell.id).value());
            if (record.compared) object.add("baselineState", baselineState(result.drift));
            if (result.waived)
                object.add(
                    "suppressions",
                    jsonArray({JsonObject().add("kind", "external").add("status", "accepted").value()}));
            results.append(object.value());
        }
    }
    const JsonValue run = JsonObject()
                              .add("tool", JsonObject()
                                               .add("driver", JsonObject()
                                                                  .add("name", "Keybearer")
                                                                  .add("version", KB_VERSION)
                                                                  .add("rules", jsonArray(ruleList))
                                                                  .value())
                                               .value())
                              .add("columnKind", "utf16CodeUnits")
                              .add("results", jsonArray(results))
                              .value();
    return writeJson(JsonObject()
                         .add("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                         .add("version", "2.1.0")
                         .add("runs", jsonArray({run}))
                         .value()) +
           '\n';
}

} // namespace kb
