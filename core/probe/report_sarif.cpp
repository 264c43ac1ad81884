// SPDX-License-Identifier: GPL-3.0-or-later
// SARIF 2.1.0 (OASIS), for code scanning: the place of a finding is the operation's `security` in the
// document.
#include "core/base/json_make.h"
#include "core/probe/matrix_text.h"
#include "core/probe/report.h"
#include "core/probe/report_rules.h"
#include "kb_version.h"

#include <QHash>
#include <QRegularExpression>
#include <QUrl>

namespace kb {

namespace {

QString cweName() {
    return QStringLiteral("CWE");
}

QString owaspName() {
    return QStringLiteral("OWASP API Security Top 10");
}

QString owaspId(int number) {
    return QStringLiteral("API%1:2023").arg(number);
}

JsonValue sarifText(const QString& words) {
    return JsonObject().add("text", words).value();
}

/// A taxonomy that rules point into, with those of its members that they name.
JsonValue taxonomy(const QString& name, const QString& version, const QString& organization,
                   const QString& address, const QList<JsonValue>& taxa) {
    JsonObject object;
    object.add("name", name);
    if (!version.isEmpty()) object.add("version", version);
    return object.add("organization", organization)
        .add("informationUri", address)
        .add("isComprehensive", false)
        .add("shortDescription", sarifText(name))
        .add("taxa", jsonArray(taxa))
        .value();
}

JsonValue taxon(const QString& id, const QString& name) {
    return JsonObject().add("id", id).add("name", name).add("shortDescription", sarifText(name)).value();
}

QList<JsonValue> taxonomies() {
    QList<JsonValue> cwes, tens;
    for (const Taxon& each : cweTaxa())
        cwes.append(taxon(QString::number(each.number), QString::fromLatin1(each.name)));
    for (const Taxon& each : owaspTaxa())
        tens.append(taxon(owaspId(each.number), QString::fromLatin1(each.name)));
    return {taxonomy(cweName(), {}, QStringLiteral("MITRE"), QStringLiteral("https://cwe.mitre.org/"), cwes),
            taxonomy(owaspName(), QStringLiteral("2023"), QStringLiteral("OWASP"),
                     QStringLiteral("https://owasp.org/API-Security/editions/2023/en/0x11-t10/"), tens)};
}

JsonObject component(const QString& name, qint64 index) {
    return JsonObject().add("name", name).add("index", index);
}

/// That what a rule finds is a case of the taxon.
JsonValue relationship(const QString& id, const QList<Taxon>& taxa, int number, const JsonObject& of) {
    qint64 index = 0;
    while (taxa.at(index).number != number)
        ++index;
    return JsonObject()
        .add("target",
             JsonObject().add("id", id).add("index", index).add("toolComponent", of.value()).value())
        .add("kinds", jsonTexts({QStringLiteral("superset")}))
        .value();
}

JsonValue ruleJson(const ReportRule& rule) {
    QStringList tags;
    QList<JsonValue> relationships;
    if (!rule.severity.isEmpty()) tags.append(QStringLiteral("security"));
    for (const int cwe : rule.cwes) {
        tags.append(QStringLiteral("external/cwe/cwe-%1").arg(cwe));
        relationships.append(relationship(QString::number(cwe), cweTaxa(), cwe, component(cweName(), 0)));
    }
    if (rule.owasp > 0)
        relationships.append(
            relationship(owaspId(rule.owasp), owaspTaxa(), rule.owasp, component(owaspName(), 1)));
    for (const QString& each : rule.asvs)
        tags.append(QStringLiteral("external/owasp-asvs/v5.0.0-") + each);
    JsonObject properties;
    if (!rule.severity.isEmpty()) properties.add("security-severity", rule.severity);
    properties.add("tags", jsonTexts(tags));
    JsonObject object;
    object.add("id", rule.id).add("shortDescription", sarifText(rule.title));
    object.add("defaultConfiguration", JsonObject().add("level", rule.level).value());
    if (!relationships.isEmpty()) object.add("relationships", jsonArray(relationships));
    return object.add("properties", properties.value()).value();
}

/// Results with their rules, at their places.
class SarifResults {
public:
    explicit SarifResults(const RunRecord& record) : m_record(record), m_rules(reportRules()) {}

    QList<JsonValue> all() {
        QHash<int, QString> titles; // of findings, with whose credential it was
        for (const Defect& defect : m_record.defects)
            for (const int index : defect.results)
                titles.insert(index, defect.title);
        QList<JsonValue> results;
        for (int i = 0; i < m_record.results.size(); ++i)
            if (const CellResult& result = m_record.results.at(i); !m_record.countsAs(result).isEmpty())
                results.append(one(result, titles.value(i)));
        if (m_record.goneCounts())
            for (const GoneCell& gone : m_record.gone)
                results.append(absent(gone));
        return results;
    }

private:
    JsonObject begin(const QString& rule, const QString& message, const ApiPlace& place) const {
        qint64 index = 0;
        while (m_rules.at(index).id != rule)
            ++index;
        const JsonObject artifact =
            JsonObject().add("uri", sarifUri(place.file, m_record.folder)).add("uriBaseId", "SRCROOT");
        const JsonObject region = JsonObject().add("startLine", qint64(qMax(1, place.line)));
        return JsonObject()
            .add("ruleId", rule)
            .add("ruleIndex", index)
            .add("level", m_rules.at(index).level)
            .add("message", sarifText(message))
            .add("locations",
                 jsonArray({JsonObject()
                                .add("physicalLocation", JsonObject()
                                                             .add("artifactLocation", artifact.value())
                                                             .add("region", region.value())
                                                             .value())
                                .value()}));
    }

    JsonValue one(const CellResult& result, const QString& title) const {
        const CellPlan& cell = m_record.plan.cells.at(result.cell);
        const QString counts = m_record.countsAs(result);
        const bool ofVerdict = counts == verdictName(result.judged.verdict) && !result.rule.isEmpty();
        const QString rule = ofVerdict ? result.rule : counts;
        JsonObject object = begin(rule, message(result, cell, rule, ofVerdict ? title : QString()),
                                  m_record.plan.operationOf(cell).securityPlace);
        object.add("partialFingerprints", JsonObject().add("cell/v1", cell.id).value());
        if (m_record.compared) object.add("baselineState", baselineState(result, ofVerdict));
        if (result.waived)
            object.add("suppressions", jsonArray({JsonObject()
                                                      .add("kind", "external")
                                                      .add("status", "accepted")
                                                      .add("justification", result.waiver)
                                                      .value()}));
        return object.value();
    }

    QString message(const CellResult& result, const CellPlan& cell, const QString& rule,
                    const QString& title) const {
        const QString name = cellTitle(m_record.plan, cell);
        if (rule == QLatin1String("drift"))
            return MatrixText::tr("%1: %2 drift. %3").arg(name, result.drift, result.driftReason);
        if (rule == QLatin1String("advisory"))
            return QString(name + QStringLiteral(": ") + result.judged.advisories.join(u' '));
        if (rule == QLatin1String("not-proven"))
            return QString(name + QStringLiteral(": ") + result.judged.reason);
        if (rule == QLatin1String("undecided") && result.judged.verdict != Verdict::Undecided)
            return QString(name + QStringLiteral(": ") + result.driftReason); // it is new
        // All at once: what a path holds is no place for the next value.
        return MatrixText::tr("%1: %2. Expected %3, got %4. %5")
            .arg(name, title.isEmpty() ? titleOf(rule) : title, expectName(cell.expectation.expect),
                 observedText(result), cell.expectation.why);
    }

    QString titleOf(const QString& rule) const {
        for (const ReportRule& each : m_rules)
            if (each.id == rule) return each.title;
        return {};
    }

    /// A finding that the baseline's run had not, of a cell it knows, is new as well.
    static QString baselineState(const CellResult& result, bool ofVerdict) {
        const bool other = ofVerdict && result.before != verdictName(result.judged.verdict);
        if (result.drift == QLatin1String("new") || other) return QStringLiteral("new");
        return result.drift.isEmpty() ? QStringLiteral("unchanged") : QStringLiteral("updated");
    }

    JsonValue absent(const GoneCell& gone) const {
        const QString what = goneTitle(gone);
        return begin(QStringLiteral("drift"),
                     MatrixText::tr("%1: it is in the baseline and gone. It was %2.").arg(what, gone.outcome),
                     ApiPlace{m_record.plan.api.file, {}, 1})
            .add("partialFingerprints",
                 JsonObject().add("cell/v1", gone.id.isEmpty() ? what : gone.id).value())
            .add("baselineState", "absent")
            .value();
    }

    const RunRecord& m_record;
    QList<ReportRule> m_rules;
};

} // namespace

QString sarifUri(const QString& file, const QString& folder) {
    QString path = file;
    static const QRegularExpression address(QStringLiteral("^https?://"),
                                            QRegularExpression::CaseInsensitiveOption);
    if (address.match(path).hasMatch()) path = QUrl(path).path(QUrl::FullyDecoded);
    path.replace(u'\\', u'/');
    QString root = folder;
    root.replace(u'\\', u'/');
    while (root.endsWith(u'/'))
        root.chop(1);
    if (!root.isEmpty() && path.startsWith(root + u'/')) path = path.mid(root.size());
    // A slash in front would name a host or a root, and a colon in the first part a scheme.
    while (path.startsWith(u'/') || path.startsWith(QLatin1String("./")))
        path.remove(0, path.startsWith(u'/') ? 1 : 2);
    return QString::fromLatin1(QUrl::toPercentEncoding(path, "/"));
}

QByteArray sarifReport(const RunRecord& record) {
    QList<JsonValue> rules;
    for (const ReportRule& rule : reportRules())
        rules.append(ruleJson(rule));
    const JsonObject driver =
        JsonObject()
            .add("name", "Keybearer")
            .add("version", KB_VERSION)
            .add("rules", jsonArray(rules))
            .add("supportedTaxonomies",
                 jsonArray({component(cweName(), 0).value(), component(owaspName(), 1).value()}));
    const JsonObject root = JsonObject().add(
        "SRCROOT", JsonObject()
                       .add("description", sarifText(QStringLiteral(
                                               "The folder that Keybearer was started in, such as the root "
                                               "of a checkout.")))
                       .value());
    const JsonValue run = JsonObject()
                              .add("tool", JsonObject().add("driver", driver.value()).value())
                              .add("originalUriBaseIds", root.value())
                              .add("columnKind", "utf16CodeUnits")
                              .add("taxonomies", jsonArray(taxonomies()))
                              .add("results", jsonArray(SarifResults(record).all()))
                              .value();
    return writeJson(JsonObject()
                         .add("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                         .add("version", "2.1.0")
                         .add("runs", jsonArray({run}))
                         .value()) +
           '\n';
}

} // namespace kb
