// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/matrix_text.h"
#include "core/probe/report.h"

#include <QDateTime>
#include <QLocale>

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
    QStringList tip{verdictName(result.judged.verdict) + QStringLiteral(" · ") +
                        MatrixText::tr("expected %1").arg(expectName(cell.expectation.expect)),
                    cell.expectation.why};
    if (!result.judged.reason.isEmpty()) tip.append(result.judged.reason);
    tip.append(result.judged.advisories);
    const QString shown = result.seen.status ? QString::number(result.seen.status) : QStringLiteral("·");
    return QStringLiteral("<td class=\"c %1\" title=\"%2\">%3 %4%5</td>")
        .arg(verdictName(result.judged.verdict), esc(tip.join(u'\n')), shown,
             QString::fromUtf8(signOf(result.judged.verdict)),
             result.drift.isEmpty() ? QString() : QStringLiteral(" Δ"));
}

/// The rows of one operation: one a binding.
QString rowsHtml(const RunRecord& record, int operation, const QList<int>& results) {
    QString out;
    for (const Binding binding : {Binding::None, Binding::Self, Binding::Peer, Binding::Absent}) {
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
                           QStringLiteral(": ") + QString::number(result.seen.status);
            if (!result.evidence.isEmpty()) line += QStringLiteral(" (") + result.evidence + u')';
            if (result.waived) line += QStringLiteral(" ") + MatrixText::tr("waived");
            cells.append(line);
        }
        out +=
            QStringLiteral("<tr><td>%1<br><small>%2</small></td><td><code>%3</code></td><td>%4</td></tr>\n")
                .arg(esc(defect.title), defect.rule, esc(defect.operation),
                     cells.join(QStringLiteral("<br>")));
    }
    return out + QStringLiteral("</tbody></table>\n");
}

QString unprovenHtml(const RunRecord& record) {
    QMap<QString, int> reasons;
    for (const CellResult& result : record.results)
        if (result.judged.verdict == Verdict::NotProven) ++reasons[result.judged.reason];
    QString out;
    for (auto each = reasons.cbegin(); each != reasons.cend(); ++each)
        out += tag("li", QString::number(each.value()) + QStringLiteral(" × ") + esc(each.key()));
    for (const ProfileHealth& health : record.health)
        if (!health.problem.isEmpty()) out += tag("li", esc(health.problem));
    for (const QString& remark : record.remarks)
        out += tag("li", esc(remark));
    return out.isEmpty() ? QString() : tag("h2", MatrixText::tr("Not proven, and remarks")) + tag("ul", out);
}

} // namespace

QByteArray htmlReport(const RunRecord& record) {
    QString counts;
    for (auto each = record.summary.cbegin(); each != record.summary.cend(); ++each)
        counts += QStringLiteral("<span class=\"%1\">%2 %1</span>").arg(each.key()).arg(each.value());
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
           unprovenHtml(record) + QStringLiteral("</body></html>\n");
    return out.toUtf8();
}

} // namespace kb
