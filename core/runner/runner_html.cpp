// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runner/runner_record.h"
#include "core/runner/runner_text.h"

#include <QDateTime>
#include <QLocale>

namespace kb {

namespace {

const char* const style = R"css(
:root{color-scheme:light dark;--bg:#f6f7f9;--fg:#1b1f26;--muted:#666d7a;--line:#d9dde3;--card:#fff;--good:#17713d;--bad:#b3222a;--warn:#8a5a00}
@media(prefers-color-scheme:dark){:root{--bg:#181a1f;--fg:#e6e8ec;--muted:#9ba1ad;--line:#353a45;--card:#1f2229;--good:#5fd08d;--bad:#ff7b7b;--warn:#f5b84d}}
body{font:14px/1.45 system-ui,sans-serif;background:var(--bg);color:var(--fg);margin:24px;max-width:1200px}
h1{font-size:22px;margin:0 0 4px}p{margin:4px 0;color:var(--muted)}b.n{font-size:24px;display:block}
.counts{display:flex;gap:12px;flex-wrap:wrap;margin:16px 0}.counts div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 18px}
table{border-collapse:collapse;background:var(--card);border:1px solid var(--line);width:100%}
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td.r{text-align:right;white-space:nowrap}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
ul{margin:4px 0 0;padding-left:18px}.passed{color:var(--good)}.failed,.error{color:var(--bad)}.skipped,.unclear{color:var(--warn)}
)css";

QString esc(const QString& text) {
    return text.toHtmlEscaped();
}

/// A sign beside the colour, for eyes that do not tell colours apart.
QString signOf(RunnerEntry::State state) {
    switch (state) {
    case RunnerEntry::State::Passed:
        return QStringLiteral("✓");
    case RunnerEntry::State::Failed:
        return QStringLiteral("✕");
    case RunnerEntry::State::Error:
        return QStringLiteral("⚠");
    default:
        return QStringLiteral("–");
    }
}

QString faults(const RunnerEntry& entry) {
    QString list;
    const auto add = [&](const QString& subject, const QString& text) {
        list += QStringLiteral("<li><code>%1</code> %2</li>").arg(esc(subject), esc(text));
    };
    for (const CheckResult& check : entry.checks)
        if (check.state != CheckResult::State::Passed) add(check.title(), check.message);
    for (const Captured& capture : entry.captures)
        if (!capture.problem.isEmpty()) add(capture.variable, capture.problem);
    if (entry.state == RunnerEntry::State::Failed && !entry.doctor.isEmpty())
        list += QStringLiteral("<li>%1</li>").arg(esc(entry.doctor));
    if (!entry.problem.isEmpty()) list += QStringLiteral("<li>%1</li>").arg(esc(entry.problem));
    return list.isEmpty() ? QString() : QStringLiteral("<ul>") + list + QStringLiteral("</ul>");
}

QString row(const RunnerRecord& record, const RunnerEntry& entry) {
    const RunnerRequest& request = record.requests.at(entry.request);
    const qsizetype passed =
        std::count_if(entry.checks.begin(), entry.checks.end(),
                      [](const CheckResult& check) { return check.state == CheckResult::State::Passed; });
    const QString checks = entry.checks.isEmpty()
                               ? RunnerText::tr("none")
                               : QStringLiteral("%1 / %2").arg(passed).arg(entry.checks.size());
    return QStringLiteral("<tr><td class=\"%1\">%2 %3</td><td><b>%4</b><br><code>%5 %6</code>%7</td>"
                          "<td>%8</td><td class=\"r\">%9</td>")
               .arg(entry.isUnchecked() ? QString() : stateName(entry.state),
                    entry.isUnchecked() ? QStringLiteral("·") : signOf(entry.state),
                    entry.isUnchecked() ? RunnerText::tr("answered") : stateName(entry.state),
                    esc(request.name), esc(request.spec.method), esc(shownAddress(request.spec.url)),
                    faults(entry), entry.profile.isEmpty() ? RunnerText::tr("anonymous") : esc(entry.profile),
                    record.iterations > 1 ? QString::number(entry.iteration + 1) : QString()) +
           QStringLiteral("<td class=\"r\">%1</td><td class=\"r\">%2</td><td class=\"r\">%3</td></tr>\n")
               .arg(entry.status ? QString::number(entry.status) : QStringLiteral("–"), checks,
                    entry.status ? QLocale().toString(entry.milliseconds, 'f', 0) : QString());
}

} // namespace

QByteArray runnerHtml(const RunnerRecord& record) {
    using State = RunnerEntry::State;
    QString out =
        QStringLiteral("<!doctype html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                       "content=\"width=device-width\"><title>%1</title><style>%2</style></head><body>\n")
            .arg(esc(record.name), QString::fromUtf8(style));
    out +=
        QStringLiteral("<h1>%1</h1>\n<p>%2%3 · %4</p>\n")
            .arg(esc(record.name.isEmpty() ? RunnerText::tr("Requests") : record.name),
                 record.environment.isEmpty() ? QString() : esc(record.environment) + QStringLiteral(" · "),
                 QLocale().toString(QDateTime::fromMSecsSinceEpoch(record.startedMs), QLocale::LongFormat),
                 RunnerText::tr("%1 s").arg(
                     QLocale().toString(double(record.endedMs - record.startedMs) / 1000, 'f', 1)));
    if (const QString note = record.scriptsNote(); !note.isEmpty())
        out += QStringLiteral("<p>%1</p>\n").arg(esc(note));
    out += QStringLiteral("<div class=\"counts\">\n");
    const std::pair<QString, State> counts[] = {{RunnerText::tr("passed"), State::Passed},
                                                {RunnerText::tr("failed"), State::Failed},
                                                {RunnerText::tr("error"), State::Error},
                                                {RunnerText::tr("skipped"), State::Skipped}};
    for (const auto& [word, state] : counts)
        out += QStringLiteral("<div class=\"%1\"><b class=\"n\">%2</b>%3</div>\n")
                   .arg(stateName(state), QString::number(record.count(state)), word);
    out += QStringLiteral("</div>\n<table><thead><tr>");
    for (const QString& title : {QString(), RunnerText::tr("Request"), RunnerText::tr("As"),
                                 record.iterations > 1 ? RunnerText::tr("Iteration") : QString(),
                                 RunnerText::tr("Status"), RunnerText::tr("Checks"), RunnerText::tr("ms")})
        out += QStringLiteral("<th>%1</th>").arg(title);
    out += QStringLiteral("</tr></thead><tbody>\n");
    for (const RunnerEntry& entry : record.entries)
        out += row(record, entry);
    return (out + QStringLiteral("</tbody></table></body></html>\n")).toUtf8();
}

} // namespace kb
