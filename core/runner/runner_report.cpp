// SPDX-License-Identifier: GPL-3.0-or-later
// A run of requests as JUnit and JSON. Addresses stand in them as they were written, with their
// {{variables}}: what those were may be secret.
#include "core/base/json_make.h"
#include "core/base/utf8.h"
#include "core/runner/runner_record.h"
#include "core/runner/runner_text.h"

#include <QDateTime>
#include <QXmlStreamWriter>

namespace kb {

namespace {

QString folderOf(const RunnerRecord& record, const QString& path) {
    const qsizetype slash = path.lastIndexOf(u'/');
    if (slash > 0) return path.left(slash);
    return record.name.isEmpty() ? QStringLiteral("Keybearer") : record.name;
}

QString seconds(double milliseconds) {
    return QString::number(milliseconds / 1000, 'f', 3);
}

QStringList faultsOf(const RunnerEntry& entry) {
    QStringList lines;
    for (const CheckResult& check : entry.checks)
        if (check.state != CheckResult::State::Passed)
            lines.append(check.title() + QStringLiteral(": ") + check.message);
    for (const Captured& capture : entry.captures)
        if (!capture.problem.isEmpty())
            lines.append(capture.variable + QStringLiteral(": ") + capture.problem);
    return lines;
}

QString caseName(const RunnerRecord& record, const RunnerEntry& entry) {
    const QString name = record.requests.at(entry.request).name;
    if (record.iterations == 1) return name;
    return RunnerText::tr("%1 (iteration %2)").arg(name).arg(entry.iteration + 1);
}

void writeCase(QXmlStreamWriter& xml, const RunnerRecord& record, const RunnerEntry& entry,
               const QString& suite) {
    xml.writeStartElement(QStringLiteral("testcase"));
    xml.writeAttribute(QStringLiteral("name"), xmlText(caseName(record, entry)));
    xml.writeAttribute(QStringLiteral("classname"), xmlText(suite));
    xml.writeAttribute(QStringLiteral("time"), seconds(entry.milliseconds));
    if (record.requests.at(entry.request).hasScripts) {
        xml.writeStartElement(QStringLiteral("properties"));
        xml.writeStartElement(QStringLiteral("property"));
        xml.writeAttribute(QStringLiteral("name"), QStringLiteral("scripts"));
        xml.writeAttribute(QStringLiteral("value"), QStringLiteral("not run"));
        xml.writeEndElement();
        xml.writeEndElement();
    }
    const auto child = [&](const char* element, const QString& message, const QString& text) {
        xml.writeStartElement(QLatin1String(element));
        xml.writeAttribute(QStringLiteral("message"), xmlText(message));
        if (!text.isEmpty()) xml.writeCharacters(xmlText(text));
        xml.writeEndElement();
    };
    const QStringList faults = faultsOf(entry);
    const RunnerRequest& request = record.requests.at(entry.request);
    const QString sent =
        QStringList{request.spec.method, shownAddress(request.spec.url), QString::number(entry.status)}.join(
            u' ');
    switch (entry.state) {
    case RunnerEntry::State::Failed:
        child("failure", faults.value(0),
              (QStringList{sent} + faults + QStringList{entry.doctor}).join(u'\n').trimmed());
        break;
    case RunnerEntry::State::Error:
        child("error", entry.problem, {});
        break;
    case RunnerEntry::State::Waiting:
    case RunnerEntry::State::Skipped:
        child("skipped", entry.problem, {});
        break;
    case RunnerEntry::State::Passed:
        break;
    }
    xml.writeEndElement();
}

QString stateOf(CheckResult::State state) {
    return state == CheckResult::State::Passed   ? QStringLiteral("passed")
           : state == CheckResult::State::Failed ? QStringLiteral("failed")
                                                 : QStringLiteral("unclear");
}

} // namespace

QByteArray runnerJunit(const RunnerRecord& record) {
    QStringList order;
    QHash<QString, QList<const RunnerEntry*>> suites;
    for (const RunnerEntry& entry : record.entries) {
        const QString folder = folderOf(record, record.requests.at(entry.request).path);
        if (!suites.contains(folder)) order.append(folder);
        suites[folder].append(&entry);
    }
    QByteArray out;
    QXmlStreamWriter xml(&out);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("testsuites"));
    for (const QString& folder : std::as_const(order)) {
        const QList<const RunnerEntry*>& entries = suites[folder];
        const auto count = [&](std::initializer_list<RunnerEntry::State> states) {
            return QString::number(
                std::count_if(entries.begin(), entries.end(), [&](const RunnerEntry* entry) {
                    return std::find(states.begin(), states.end(), entry->state) != states.end();
                }));
        };
        double time = 0;
        for (const RunnerEntry* entry : entries)
            time += entry->milliseconds;
        using State = RunnerEntry::State;
        xml.writeStartElement(QStringLiteral("testsuite"));
        xml.writeAttribute(QStringLiteral("name"), xmlText(folder));
        xml.writeAttribute(QStringLiteral("tests"), QString::number(entries.size()));
        xml.writeAttribute(QStringLiteral("failures"), count({State::Failed}));
        xml.writeAttribute(QStringLiteral("errors"), count({State::Error}));
        xml.writeAttribute(QStringLiteral("skipped"), count({State::Skipped, State::Waiting}));
        xml.writeAttribute(QStringLiteral("time"), seconds(time));
        xml.writeAttribute(QStringLiteral("timestamp"),
                           QDateTime::fromMSecsSinceEpoch(record.startedMs, Qt::UTC).toString(Qt::ISODate));
        for (const RunnerEntry* entry : entries)
            writeCase(xml, record, *entry, folder);
        xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndDocument();
    return out;
}

JsonValue runnerJson(const RunnerRecord& record) {
    QList<JsonValue> entries;
    for (const RunnerEntry& entry : record.entries) {
        const RunnerRequest& request = record.requests.at(entry.request);
        QList<JsonValue> checks, captures;
        for (const CheckResult& check : entry.checks)
            checks.append(JsonObject()
                              .add("name", check.title())
                              .add("state", stateOf(check.state))
                              .add("message", check.message)
                              .value());
        for (const Captured& capture : entry.captures)
            captures.append(
                JsonObject().add("variable", capture.variable).add("problem", capture.problem).value());
        entries.append(JsonObject()
                           .add("path", request.path)
                           .add("name", request.name)
                           .add("method", request.spec.method)
                           .add("url", shownAddress(request.spec.url))
                           .add("iteration", qint64(entry.iteration + 1))
                           .add("profile", entry.profile.isEmpty() ? jsonNull() : jsonText(entry.profile))
                           .add("state", stateName(entry.state))
                           .add("status", entry.status ? jsonNumber(qint64(entry.status)) : jsonNull())
                           .add("time_ms", jsonNumber(entry.milliseconds))
                           .add("nothing_sent", entry.nothingSent)
                           .add("scripts_not_run", request.hasScripts)
                           .add("problem", entry.problem)
                           .add("doctor", entry.doctor)
                           .add("checks", jsonArray(std::move(checks)))
                           .add("captures", jsonArray(std::move(captures)))
                           .value());
    }
    using State = RunnerEntry::State;
    const auto count = [&](State state) { return qint64(record.count(state)); };
    return JsonObject()
        .add("schema_version", qint64(1))
        .add("workspace", record.name)
        .add("environment", record.environment)
        .add("started", QDateTime::fromMSecsSinceEpoch(record.startedMs, Qt::UTC).toString(Qt::ISODateWithMs))
        .add("ended", QDateTime::fromMSecsSinceEpoch(record.endedMs, Qt::UTC).toString(Qt::ISODateWithMs))
        .add("iterations", qint64(record.iterations))
        .add("stopped", record.stopped)
        .add("summary", JsonObject()
                            .add("requests", qint64(record.entries.size()))
                            .add("passed", count(State::Passed))
                            .add("failed", count(State::Failed))
                            .add("error", count(State::Error))
                            .add("skipped", count(State::Skipped) + count(State::Waiting))
                            .add("unchecked", qint64(record.uncheckedCount()))
                            .add("checks_passed", qint64(record.checkCount(true)))
                            .add("checks_failed", qint64(record.checkCount(false)))
                            .value())
        .add("requests", jsonArray(std::move(entries)))
        .value();
}

QStringList runnerReportKinds() {
    return {QStringLiteral("junit"), QStringLiteral("json"), QStringLiteral("html")};
}

QByteArray runnerReport(const QString& kind, const RunnerRecord& record) {
    if (kind == QLatin1String("junit")) return runnerJunit(record);
    if (kind == QLatin1String("json")) return writeJson(runnerJson(record)) + '\n';
    if (kind == QLatin1String("html")) return runnerHtml(record);
    return {};
}

} // namespace kb
