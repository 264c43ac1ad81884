// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/matrix_text.h"
#include "core/probe/report.h"
#include "kb_version.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>

namespace kb {

namespace {

const char* const style = R"css(
:root{color-scheme:light dark;--bg:#f6f7f9;--fg:#1b1f26;--muted:#666d7a;--line:#d9dde3;--card:#fff;
--pass:#17713d;--passf:#e2f4e9;--bad:#b3222a;--badf:#fde6e6;--warn:#8a5a00;--warnf:#fff0c9;--none:#4b5260;--nonef:#e9ecf0}
@media(prefers-color-scheme:dark){:root{--bg:#181a1f;--fg:#e6e8ec;--muted:#9ba1ad;--line:#353a45;--card:#1f2229;
--pass:#5fd08d;--passf:#16382a;--bad:#ff7b7b;--badf:#451d22;--warn:#f5b84d;--warnf:#3d2f12;--none:#c2c7d0;--nonef:#2c303a}}
body{font:14px/1.45 system-ui,sans-serif;background:var(--bg);color:var(--fg);margin:24px;max-width:1400px}
h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px}p{margin:4px 0;color:var(--muted)}
.counts span{display:inline-block;margin:8px 8px 0 0;padding:3px 10px;border-radius:5px;font-weight:600}
table{border-collapse:collapse;background:var(--card);border:1px solid var(--line)}
th,td{padding:5px 9px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{position:sticky;top:0;background:var(--card)}td.c{text-align:center;white-space:nowrap;font-weight:600}
code{font:13px ui-monospace,monospace}.scroll{overflow-x:auto}
.pass{color:var(--pass);background:var(--passf)}.bypass,.over-restricted,.error{color:var(--bad);background:var(--badf)}
.suspect,.undecided{color:var(--warn);background:var(--warnf)}.not-proven{color:var(--none);background:var(--nonef)}
)css";

/// A sign beside the colour, for eyes that do not tell colours apart.
const char* signOf(Verdict verdict) {
    switch (verdict) {
    case Verdict::Pass:
        return "✓";
    case Verdict::Bypass:
        return "⚠";
    case Verdict::OverRestricted:
        return "⊘";
    case Verdict::Suspect:
        return "?!";
    case Verdict::Error:
        return "✕";
    case Verdict::NotProven:
        return "–";
    case Verdict::Undecided:
        return "?";
    }
    return "";
}

QString esc(const QString& text) {
    return text.toHtmlEscaped();
}

QString tag(const char* name, const QString& content) {
    return u'<' + QLatin1String(name) + u'>' + content + QStringLiteral("</") + QLatin1String(name) + u'>';
}

QString cellHtml(const RunRecord& record, const CellResult& result) {
    const CellPlan& cell = record.plan.cells.at(result.cell);
    const QString verdict = verdictName(result.judged.verdict);
    QStringList tip{verdict + QStringLiteral(" · ") +
                        MatrixText::tr("expected %1").arg(expectName(cell.expectation.expect)),
                    cell.expectation.why};
    if (!result.rule.isEmpty() && result.rule != verdict) tip.prepend(result.rule);
    if (!result.judged.reason.isEmpty()) tip.append(result.judged.reason);
    tip.append(result.judged.advisories);
    if (result.seen.meant) tip.append(meantBy(result.seen));
    if (!result.drift.isEmpty()) tip.append(result.drift + QStringLiteral(": ") + result.driftReason);
    if (result.waived) tip.append(MatrixText::tr("waived: %1").arg(result.waiver));
    const QString shown = result.seen.status ? QString::number(result.seen.status) : QStringLiteral("·");
    return QStringLiteral("<td class=\"c %1\" title=\"%2\">%3 %4%5</td>")
        .arg(verdict, esc(tip.join(u'\n')), shown, QString::fromUtf8(signOf(result.judged.verdict)),
             result.drift.isEmpty() ? QString() : QStringLiteral(" Δ"));
}

/// The rows of one operation: one a binding.
QString rowsHtml(const RunRecord& record, int operation, const QList<int>& results) {
    QString out;
    for (const Binding binding : allBindings) {
        QMap<int, int> byProfile;
        for (const int index : results) {
            const CellPlan& cell = record.plan.cells.at(record.results.at(index).cell);
            if (cell.binding == binding) byProfile.insert(cell.profile, index);
        }
        if (byProfile.isEmpty()) continue;
        const QString suffix = binding == Binding::None
                                   ? QString()
                                   : QStringLiteral(" <small>[%1]</small>").arg(bindingName(binding));
        out += QStringLiteral("<tr><th scope=\"row\"><code>") +
               esc(operationName(record.plan.api.operations.at(operation))) + QStringLiteral("</code>") +
               suffix + QStringLiteral("</th>");
        for (int profile = 0; profile < record.plan.profiles.size(); ++profile)
            out += byProfile.contains(profile) ? cellHtml(record, record.results.at(byProfile.value(profile)))
                                               : QStringLiteral("<td></td>");
        out += QStringLiteral("</tr>\n");
    }
    return out;
}

QString gridHtml(const RunRecord& record) {
    QString out = QStringLiteral("<div class=\"scroll\"><table><thead><tr><th></th>");
    for (const MatrixProfile& profile : record.plan.profiles)
        out += QStringLiteral("<th scope=\"col\">") + esc(profile.name) +
               (profile.isDefective()
                    ? QStringLiteral("<br><small>") + esc(profile.stale) + QStringLiteral("</small>")
                    : QString()) +
               QStringLiteral("</th>");
    out += QStringLiteral("</tr></thead><tbody>\n");
    QMap<int, QList<int>> byOperation;
    for (int i = 0; i < record.results.size(); ++i)
        byOperation[record.plan.cells.at(record.results.at(i).cell).operation].append(i);
    for (auto each = byOperation.cbegin(); each != byOperation.cend(); ++each)
        out += rowsHtml(record, each.key(), *each);
    return out + QStringLiteral("</tbody></table></div>\n");
}

QString defectsHtml(const RunRecord& record) {
    if (record.defects.isEmpty()) return {};
    QString out = tag("h2", MatrixText::tr("Findings")) + QStringLiteral("<table><tbody>\n");
    for (const Defect& defect : record.defects) {
        QStringList cells;
        for (const int index : defect.results) {
            const CellResult& result = record.results.at(index);
            QString line = esc(cellTitle(record.plan, record.plan.cells.at(result.cell))) +
                           QStringLiteral(": ") + observedText(result);
            if (!result.evidence.isEmpty()) line += QStringLiteral(" (") + result.evidence + u')';
            if (result.waived) line += QString(u' ' + esc(MatrixText::tr("waived: %1").arg(result.waiver)));
            cells.append(line);
        }
        out +=
            QStringLiteral("<tr><td>%1<br><small>%2</small></td><td><code>%3</code></td><td>%4</td></tr>\n")
                .arg(esc(defect.title), defect.rule, esc(defect.operation),
                     cells.join(QStringLiteral("<br>")));
    }
    return out + QStringLiteral("</tbody></table>\n");
}

/// Where, when and how the run was made: what its results hold for.
QString environmentHtml(const RunRecord& record) {
    const auto when = [](qint64 ms) {
        return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODate);
    };
    const RunConditions& made = record.conditions;
    const QString kind = record.plan.kind == EnvironmentKind::Unset ? MatrixText::tr("not known")
                                                                    : environmentKindName(record.plan.kind);
    QString pace;
    if (made.parallel > 0)
        pace = made.perSecond > 0
                   ? MatrixText::tr("%1 a second, %2 at once")
                         .arg(QLocale().toString(made.perSecond), QString::number(made.parallel))
                   : MatrixText::tr("as fast as the answers come, %1 at once").arg(made.parallel);
    QString document = shownPlace(record.plan.api.file);
    if (!record.plan.api.specification.isEmpty())
        document += QStringLiteral(" (OpenAPI ") + record.plan.api.specification + u')';
    const std::pair<QString, QString> rows[] = {
        {MatrixText::tr("Target"), record.plan.baseUrl},
        {MatrixText::tr("Environment"), made.environment},
        {MatrixText::tr("Class"), kind},
        {MatrixText::tr("Begun"), when(record.startedMs)},
        {MatrixText::tr("Ended"),
         record.stopped ? MatrixText::tr("%1 (stopped)").arg(when(record.endedMs)) : when(record.endedMs)},
        {MatrixText::tr("Pace"), pace},
        {MatrixText::tr("Strict"), made.strict ? MatrixText::tr("yes") : MatrixText::tr("no")},
        {MatrixText::tr("Fails on"), record.failOn.join(QStringLiteral(", "))},
        {MatrixText::tr("Document"), document},
        {MatrixText::tr("Run by"), made.by},
        {MatrixText::tr("Made with"), QStringLiteral("Keybearer " KB_VERSION)}};
    QString out;
    for (const auto& [name, value] : rows)
        if (!value.isEmpty())
            out += QStringLiteral("<tr><th scope=\"row\">") + esc(name) + QStringLiteral("</th><td>") +
                   esc(value) + QStringLiteral("</td></tr>\n");
    return tag("h2", MatrixText::tr("Environment")) +
           QStringLiteral("<table class=\"environment\"><tbody>\n") + out +
           QStringLiteral("</tbody></table>\n");
}

/// Each reason with the cells it kept from being proven.
QString unprovenHtml(const RunRecord& record) {
    QMap<QString, QStringList> reasons;
    for (const CellResult& result : record.results)
        if (result.judged.verdict == Verdict::NotProven)
            reasons[result.judged.reason].append(
                tag("code", esc(cellTitle(record.plan, record.plan.cells.at(result.cell)))));
    QString out;
    for (auto each = reasons.cbegin(); each != reasons.cend(); ++each)
        out += tag("li", QStringLiteral("<details><summary>") + QString::number(each->size()) +
                             QStringLiteral(" × ") + esc(each.key()) + QStringLiteral("</summary>") +
                             each->join(QStringLiteral("<br>")) + QStringLiteral("</details>"));
    for (const ProfileHealth& health : record.health) {
        if (health.problem.isEmpty()) continue;
        const auto who = std::find_if(record.plan.profiles.begin(), record.plan.profiles.end(),
                                      [&](const MatrixProfile& each) { return each.id == health.profile; });
        const QString name = who == record.plan.profiles.end() ? health.profile : who->name;
        out += tag("li", esc(name + QStringLiteral(": ") + health.problem));
    }
    const RunRecord::Shares shares = record.shares();
    if (shares.unreachable > 0)
        out +=
            tag("li",
                MatrixText::tr("%1 of %2 requests got no answer.").arg(shares.unreachable).arg(shares.sent));
    if (shares.throttled > 0)
        out += tag("li", MatrixText::tr("%1 of %2 requests were throttled to the end.")
                             .arg(shares.throttled)
                             .arg(shares.sent));
    if (const QStringList rows = record.namesOfRowsWithoutControl(); !rows.isEmpty())
        out +=
            tag("li",
                esc(MatrixText::tr("Nobody who may got through: %1.").arg(rows.join(QStringLiteral(", ")))));
    return tag("h2", MatrixText::tr("What was not proven")) +
           (out.isEmpty() ? tag("p", MatrixText::tr("Nothing: all was proven.")) : tag("ul", out));
}

QString remarksHtml(const RunRecord& record) {
    QString out;
    for (const GoneCell& gone : record.gone)
        out += tag("li", esc(MatrixText::tr("%1: gone since the baseline, which has %2.")
                                 .arg(goneTitle(gone), gone.outcome)));
    for (const QString& remark : record.remarks)
        out += tag("li", esc(remark));
    return out.isEmpty() ? QString() : tag("h2", MatrixText::tr("Remarks")) + tag("ul", out);
}

} // namespace

QByteArray htmlReport(const RunRecord& record) {
    QString counts;
    for (auto each = record.summary.cbegin(); each != record.summary.cend(); ++each)
        counts +=
            QStringLiteral("<span class=\"%1\">%2 %1</span>").arg(each.key(), QString::number(each.value()));
    const QString title =
        MatrixText::tr("Access matrix") +
        (record.plan.api.title.isEmpty() ? QString() : QStringLiteral(": ") + record.plan.api.title);
    const QString when = QDateTime::fromMSecsSinceEpoch(record.startedMs, Qt::UTC).toString(Qt::ISODate);
    QString out = QStringLiteral("<!DOCTYPE html>\n<html lang=\"%1\"><head><meta charset=\"utf-8\"><title>")
                      .arg(QLocale().bcp47Name()) +
                  esc(title) +
                  QStringLiteral("</title><meta name=\"viewport\" content=\"width=device-width\"><style>") +
                  QString::fromUtf8(style) + QStringLiteral("</style></head><body>\n");
    out += tag("h1", esc(title)) + tag("p", esc(record.plan.baseUrl) + QStringLiteral(" · ") + when) +
           QStringLiteral("<div class=\"counts\">") + counts + QStringLiteral("</div>\n");
    if (record.isInconclusive())
        out += tag("p", MatrixText::tr("This run proves too little: %1 of %2 decided cells are proven.")
                            .arg(record.proven)
                            .arg(record.decided));
    out += defectsHtml(record) + tag("h2", MatrixText::tr("Who got in")) + gridHtml(record) +
           unprovenHtml(record) + remarksHtml(record) + environmentHtml(record) +
           QStringLiteral("</body></html>\n");
    return out.toUtf8();
}

} // namespace kb
