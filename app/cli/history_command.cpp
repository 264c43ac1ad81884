// SPDX-License-Identifier: GPL-3.0-or-later
// What was sent before: the window's history, on the command line.
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "app/cli/own_history.h"
#include "app/cli/send.h"
#include "core/workspace/inherit.h"

#include <CLI/CLI.hpp>
#include <QDateTime>
#include <QRegularExpression>
#include <QStringDecoder>
#include <limits>

namespace kb::cli {

namespace {

struct HistoryOptions {
    std::string text, status, profile, host, since, until;
    int limit = 50;
    bool pinned = false;
    std::vector<qint64> ids;
    bool now = false;
    bool asThen = false; ///< what is done anyway: there to be said
    bool confirmed = false;
    SendOptions send;
};

/// "2026-11-27", "2026-11-27T10:00:00Z", Unix seconds, or so long ago: "30m", "12h", "7d".
Result<qint64> momentOf(const std::string& typed, qint64 nowMs, const QString& option) {
    const QString text = QString::fromStdString(typed);
    static const QRegularExpression ago(QStringLiteral("^(\\d{1,6})([mhd])$"));
    if (const auto match = ago.match(text); match.hasMatch()) {
        const qint64 unit = match.captured(2) == u"m" ? 60 : match.captured(2) == u"h" ? 3600 : 86400;
        return nowMs - match.captured(1).toLongLong() * unit * 1000;
    }
    bool number = false;
    const qint64 seconds = text.toLongLong(&number);
    if (number && seconds >= 0 && seconds < 100000000000) return seconds * 1000;
    const QDateTime moment = QDateTime::fromString(text, Qt::ISODate);
    if (moment.isValid()) return moment.toMSecsSinceEpoch();
    return fail(ErrorCode::InvalidInput, CliText::tr("%1 is no time.").arg(text), option,
                CliText::tr("Write 2026-11-27, 2026-11-27T10:00:00Z, or how long ago: 30m, 12h, 7d."));
}

/// "404", "4xx", "400-499", "failed" (no answer, or 400 and above).
Result<void> readStatus(const std::string& typed, HistoryQuery& query) {
    const QString text = QString::fromStdString(typed).toLower();
    static const QRegularExpression one(QStringLiteral("^([1-9]\\d\\d)(?:-([1-9]\\d\\d))?$"));
    static const QRegularExpression kind(QStringLiteral("^([1-9])xx$"));
    if (text == u"failed") {
        query.failedOnly = true;
    } else if (const auto match = kind.match(text); match.hasMatch()) {
        query.statusFrom = match.captured(1).toInt() * 100;
        query.statusTo = query.statusFrom + 99;
    } else if (const auto range = one.match(text); range.hasMatch()) {
        query.statusFrom = range.captured(1).toInt();
        query.statusTo = range.captured(2).isEmpty() ? query.statusFrom : range.captured(2).toInt();
    } else {
        return fail(ErrorCode::InvalidInput, CliText::tr("%1 is no status.").arg(text),
                    QStringLiteral("--status"), CliText::tr("Write 404, 4xx, 400-499 or failed."));
    }
    return {};
}

QString timeText(qint64 ms) {
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODate);
}

JsonObject entryJson(const HistoryEntry& entry) {
    JsonObject object;
    object.add(QStringLiteral("id"), entry.id)
        .add(QStringLiteral("time"), timeText(entry.timeMs))
        .add(QStringLiteral("method"), entry.method)
        .add(QStringLiteral("url"), entry.url)
        .add(QStringLiteral("host"), entry.host)
        .add(QStringLiteral("profile"), entry.profileName)
        .add(QStringLiteral("environment"), entry.environment)
        .add(QStringLiteral("request"), entry.requestPath)
        .add(QStringLiteral("status"), entry.status ? jsonNumber(qint64(entry.status)) : jsonNull())
        .add(QStringLiteral("problem"), entry.problem)
        .add(QStringLiteral("total_ms"), jsonNumber(entry.totalMs))
        .add(QStringLiteral("size"), entry.size)
        .add(QStringLiteral("pinned"), entry.pinned);
    return object;
}

QString entryLine(const HistoryEntry& entry) {
    return QStringLiteral("%1  %2  %3  %4 %5  %6")
        .arg(entry.id, 6)
        .arg(timeText(entry.timeMs), entry.status ? QString::number(entry.status) : QStringLiteral("---"),
             entry.method, entry.url,
             entry.profileName.isEmpty() ? CliText::tr("anonymous") : entry.profileName)
        .trimmed();
}

JsonValue fieldsJson(const QList<HeaderField>& fields) {
    QList<JsonValue> lines;
    for (const HeaderField& field : fields)
        lines.append(jsonTexts({QString::fromLatin1(field.name), QString::fromLatin1(field.value)}));
    return jsonArray(std::move(lines));
}

void addBody(JsonObject& object, const QString& name, const QByteArray& body) {
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(body);
    if (decoder.hasError())
        object.add(name + QStringLiteral("_base64"), QString::fromLatin1(body.toBase64()));
    else
        object.add(name, text);
}

int listExchanges(Context& context, const HistoryOptions& options) {
    const Output& out = context.out;
    HistoryQuery query;
    query.text = QString::fromStdString(options.text);
    query.host = QString::fromStdString(options.host);
    query.pinnedOnly = options.pinned;
    // Profiles are told apart by name here, whichever workspace they are of.
    const QString profile = QString::fromStdString(options.profile);
    query.limit = profile.isEmpty() ? options.limit : std::numeric_limits<int>::max();
    if (!options.status.empty())
        if (const Result<void> read = readStatus(options.status, query); !read)
            return out.error(read.error(), Usage);
    const qint64 nowMs = context.clock().wallMs();
    const std::tuple<const std::string&, qint64&, const char*> moments[] = {
        {options.since, query.fromMs, "--since"}, {options.until, query.toMs, "--until"}};
    for (const auto& [typed, target, option] : moments) {
        if (typed.empty()) continue;
        const Result<qint64> moment = momentOf(typed, nowMs, QString::fromLatin1(option));
        if (!moment) return out.error(moment.error(), Usage);
        target = *moment;
    }
    const std::unique_ptr<HistoryStore> history = ownHistory();
    Result<QList<HistoryEntry>> found = history->find(query);
    if (!found) return out.error(found.error(), Usage);
    if (!history->notice().isEmpty()) out.message(history->notice());
    if (!profile.isEmpty()) {
        const bool nobody = profile == QLatin1String("anonymous");
        found->removeIf([&](const HistoryEntry& entry) {
            return nobody ? !entry.profileId.isEmpty() : entry.profileName != profile;
        });
        if (found->size() > options.limit) found->resize(options.limit);
    }
    if (out.json) {
        QList<JsonValue> entries;
        for (const HistoryEntry& entry : std::as_const(*found))
            entries.append(entryJson(entry).value());
        out.document(JsonObject().add(QStringLiteral("entries"), jsonArray(std::move(entries))));
        return Clean;
    }
    for (const HistoryEntry& entry : std::as_const(*found))
        out.line(entryLine(entry));
    if (found->isEmpty() && !keepsHistory())
        out.message(CliText::tr("No history is kept. Switch it on with history on."));
    return Clean;
}

int show(Context& context, const HistoryOptions& options) {
    const Output& out = context.out;
    const Result<HistoryRecord> record = ownHistory()->read(options.ids.front());
    if (!record) return out.error(record.error(), Usage);
    if (out.json) {
        JsonObject object = entryJson(record->entry);
        object.add(QStringLiteral("request_headers"), fieldsJson(record->requestHeaders));
        if (record->hasRequestBody) addBody(object, QStringLiteral("request_body"), record->requestBody);
        object.add(QStringLiteral("headers"), fieldsJson(record->responseHeaders));
        addBody(object, QStringLiteral("body"), record->responseBody);
        object.add(QStringLiteral("body_cut"), record->bodyCut)
            .add(QStringLiteral("doctor"), record->diagnosis);
        out.document(std::move(object));
        return Clean;
    }
    out.line(entryLine(record->entry));
    for (const HeaderField& field : record->requestHeaders)
        out.write(QByteArray("> " + field.name + ": " + field.value + '\n'));
    if (record->hasRequestBody) out.write(QByteArray(">\n" + record->requestBody + '\n'));
    if (record->entry.status)
        out.line(QStringLiteral("< %1 %2").arg(record->entry.status).arg(record->reason));
    for (const HeaderField& field : record->responseHeaders)
        out.write(QByteArray("< " + field.name + ": " + field.value + '\n'));
    out.write(QByteArray("\n" + record->responseBody + (record->responseBody.endsWith('\n') ? "" : "\n")));
    if (record->bodyCut) out.message(CliText::tr("Only the beginning of the body was kept."));
    for (const QString& sentence : {record->entry.problem, record->diagnosis})
        if (!sentence.isEmpty()) out.message(sentence);
    return Clean;
}

int remove(Context& context, const HistoryOptions& options) {
    const std::unique_ptr<HistoryStore> history = ownHistory();
    QList<qint64> ids(options.ids.begin(), options.ids.end());
    for (const qint64 id : std::as_const(ids)) // all or none
        if (const Result<HistoryRecord> known = history->read(id); !known)
            return context.out.error(known.error(), Usage);
    const Result<void> removed = history->remove(ids);
    if (!removed) return context.out.error(removed.error(), Usage);
    if (context.out.json)
        context.out.document(JsonObject().add(QStringLiteral("removed"), qint64(ids.size())));
    return Clean;
}

int clear(Context& context, const HistoryOptions& options) {
    if (!options.confirmed)
        return context.out.error({ErrorCode::ConsentNeeded,
                                  CliText::tr("This removes every entry for good, pinned ones too."),
                                  QStringLiteral("history clear"), CliText::tr("Say so with --yes."), -1},
                                 Usage);
    const Result<void> cleared = ownHistory()->clear();
    if (!cleared) return context.out.error(cleared.error(), Usage);
    if (context.out.json) context.out.document(JsonObject().add(QStringLiteral("cleared"), true));
    return Clean;
}

/// Why the request of then cannot be sent as it was; a body with masks in it would be another one.
std::optional<Error> notWhole(const HistoryRecord& record) {
    const QByteArray& body = record.requestBody;
    const bool masked = body.contains("********") || body.contains("\u2022\u2022\u2022\u2022");
    if (!masked && body.size() < HistoryLimits::bodyBytes) return std::nullopt;
    return Error{ErrorCode::Unsupported,
                 masked ? CliText::tr("The body held a secret, which the history does not keep.")
                        : CliText::tr("The history keeps only the beginning of this body."),
                 QString::number(record.entry.id),
                 CliText::tr("Send the saved request with --now, or write it anew with send."), -1};
}

int resend(Context& context, const HistoryOptions& options) {
    const Output& out = context.out;
    const Result<HistoryRecord> record = ownHistory()->read(options.ids.front());
    if (!record) return out.error(record.error(), Usage);
    const Result<Workspace*> workspace = context.workspaceIfAny();
    if (!workspace) return out.error(workspace.error(), Usage);
    const HistoryEntry& entry = record->entry;
    const TreeItem* saved = options.now && *workspace && !entry.requestPath.isEmpty()
                                ? (*workspace)->find(entry.requestPath)
                                : nullptr;
    if (options.now && !entry.requestPath.isEmpty() && (!saved || saved->kind != TreeItem::Kind::Request))
        return out.error({ErrorCode::NotFound,
                          CliText::tr("The request %1 is not in this workspace.").arg(entry.requestPath),
                          {},
                          CliText::tr("Name its workspace with --workspace, or send it as then."),
                          -1},
                         Usage);
    if (!saved)
        if (const std::optional<Error> missing = notWhole(*record)) return out.error(*missing, Usage);
    RunInput input;
    input.spec = saved ? saved->request : requestOf(*record);
    if (options.now && *workspace) input.spec = withInherited(**workspace, input.spec);
    if (*workspace) {
        // As then: in its environment, unless another one is named.
        if (!options.now && context.environment.isEmpty() && (*workspace)->environment(entry.environment))
            context.environment = entry.environment;
        const Result<QString> environment = context.environmentName();
        if (!environment) return out.error(environment.error(), Usage);
        input.environment = *environment;
        input.variables = saved ? variablesOf(**workspace, *environment, {}, saved->request)
                                : variablesOf(**workspace, *environment);
        const Result<QList<SecretSource>> secrets = context.secretVariables();
        if (!secrets) return out.error(secrets.error(), Usage);
        input.secretVariables = *secrets;
        const Result<WorkspaceStore*> files = context.files();
        if (!files) return out.error(files.error(), Usage);
        input.readFile = [files = *files, folder = (*workspace)->folder](const QString& path) {
            return files->readBodyFile(folder, path);
        };
    }
    input.caFile = QString::fromStdString(options.send.caFile);
    SendOptions send = options.send;
    const QString who = input.spec.profileId == explicitlyAnonymous() ? QString() : input.spec.profileId;
    if (!who.isEmpty()) {
        const TokenProfile* profile = *workspace ? (*workspace)->profile(who) : nullptr;
        if (!profile)
            return out.error({ErrorCode::NotFound,
                              CliText::tr("The profile it was sent as is not in this workspace."),
                              entry.profileName, CliText::tr("Name its workspace with --workspace."), -1},
                             Usage);
        send.profile = profile->name.toStdString();
    }
    return sendAndPrint(context, std::move(input), send);
}

int keep(Context& context, bool on) {
    setKeepsHistory(on);
    if (context.out.json) context.out.document(JsonObject().add(QStringLiteral("kept"), on));
    return Clean;
}

} // namespace

void addHistory(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<HistoryOptions>();
    CLI::App* group = parser.add_subcommand("history", "What was sent before, with secrets masked");
    group->require_subcommand(1);
    group->fallthrough();
    const auto add = [&](const char* name, const char* what, auto run) {
        CLI::App* command = group->add_subcommand(name, what);
        command->fallthrough();
        commands.append({command, [options, run](Context& context) { return run(context, *options); }});
        return command;
    };
    CLI::App* listing = add("list", "Lists exchanges, the newest first", listExchanges);
    listing->add_option("--text", options->text, "In the address, the profile's name or the answer");
    listing->add_option("--status", options->status, "404, 4xx, 400-499 or failed");
    listing->add_option("--profile", options->profile, "Sent as this profile, or anonymous");
    listing->add_option("--host", options->host, "Sent to this host");
    listing->add_option("--since", options->since, "A date, a time, or so long ago: 30m, 12h, 7d");
    listing->add_option("--until", options->until, "The same");
    listing->add_flag("--pinned", options->pinned, "Pinned ones only");
    listing->add_option("--limit", options->limit, "How many at the most")->check(CLI::Range(1, 1000000));
    add("show", "Shows one exchange", show)->add_option("id", options->ids)->required()->expected(1);
    add("remove", "Removes exchanges for good", remove)->add_option("id", options->ids)->required();
    add("clear", "Removes all exchanges for good", clear)
        ->add_flag("--yes", options->confirmed, "Do it without asking");
    CLI::App* again = add("resend", "Sends the request of an exchange once more", resend);
    again->add_option("id", options->ids)->required()->expected(1);
    CLI::Option* now = again->add_flag("--now", options->now,
                                       "As the saved request, the folders and the environment say now");
    again->add_flag("--as-then", options->asThen, "As it was sent (default)")->excludes(now);
    again->add_flag("-i,--include", options->send.include, "Print status line and headers before the body");
    again->add_flag("--fail", options->send.failOnStatus, "Exit with 1 when the status is 400 or above");
    again->add_option("--cacert", options->send.caFile, "A PEM file of authorities to trust")
        ->check(CLI::ExistingFile);
    add("on", "Keeps what is sent from now on",
        [](Context& context, const HistoryOptions&) { return keep(context, true); });
    add("off", "Keeps nothing more; what there is stays",
        [](Context& context, const HistoryOptions&) { return keep(context, false); });
}

} // namespace kb::cli
