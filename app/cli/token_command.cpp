// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "core/auth/profile_facts.h"
#include "core/auth/relative_time.h"
#include "core/auth/side_expiry.h"

#include <CLI/CLI.hpp>
#include <QDateTime>
#include <limits>

namespace kb::cli {

namespace {

constexpr qsizetype eventsInJson = 20; ///< of a status that did not ask for the timeline

QString timeText(double seconds) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(seconds * 1000)).toString(Qt::ISODate);
}

double nowSeconds(const Context& context) {
    return static_cast<double>(context.clock().wallMs()) / 1000.0;
}

struct Row {
    QString name;
    std::optional<Error> problem;
    TokenFacts facts;
    TokenStatus status;
    std::optional<QList<ProfileEvent>> events; ///< where they were asked for, the newest first
    QStringList beside;                        ///< what ends beside the token: sentences
};

struct StatusOptions {
    std::string profile;
    bool timeline = false;
    bool clearTimeline = false;
};

Row rowOf(Context& context, const QString& profileName) {
    Row row{profileName, std::nullopt, {}, {}, {}, {}};
    const Result<Context::Source> source = context.secretOf(profileName);
    if (!source) {
        row.problem = source.error();
        return row;
    }
    const Result<SecretRecord> record = readRecord(*source);
    if (!record) {
        row.problem = record.error();
        return row;
    }
    row.facts = profileFacts(source->profile->scheme, *record, source->binding->expiresAt);
    row.beside = endingBeside(row.facts, nowSeconds(context), std::numeric_limits<double>::infinity());
    row.status = statusAt(row.facts, nowSeconds(context), nowSeconds(context));
    return row;
}

JsonValue eventJson(const ProfileEvent& event) {
    return JsonObject()
        .addOptional(QStringLiteral("at"), event.seconds)
        .add(QStringLiteral("event"), profileEventName(event.kind))
        .add(QStringLiteral("environment"), event.environment)
        .add(QStringLiteral("text"), event.text)
        .value();
}

JsonValue rowJson(const Row& row) {
    JsonObject object;
    object.add(QStringLiteral("profile"), row.name);
    if (row.events) {
        QList<JsonValue> events;
        for (const ProfileEvent& event : *row.events)
            events.append(eventJson(event));
        object.add(QStringLiteral("timeline"), jsonArray(std::move(events)));
    }
    if (row.problem) {
        return object.add(QStringLiteral("state"), QStringLiteral("unknown"))
            .add(QStringLiteral("error"),
                 JsonObject()
                     .add(QStringLiteral("code"), QString::fromLatin1(errorCodeName(row.problem->code)))
                     .add(QStringLiteral("what"), row.problem->what)
                     .add(QStringLiteral("next"), row.problem->next)
                     .value())
            .value();
    }
    return object.add(QStringLiteral("state"), QString::fromLatin1(tokenStateName(row.status.state)))
        .addOptional(QStringLiteral("issued"), row.facts.issuedAt)
        .addOptional(QStringLiteral("expires"), row.facts.expiresAt)
        .addOptional(QStringLiteral("seconds_left"), row.status.secondsLeft)
        .add(QStringLiteral("scopes"), jsonTexts(row.facts.grantedScopes))
        .add(QStringLiteral("refreshable"), row.facts.refreshable)
        .addOptional(QStringLiteral("refresh_token_expires"), row.facts.refreshExpiresAt)
        .addOptional(QStringLiteral("client_secret_expires"), row.facts.clientSecretExpiresAt)
        .addOptional(QStringLiteral("certificate_expires"), row.facts.certificateExpiresAt)
        .add(QStringLiteral("binding"), jsonTexts(row.facts.binding))
        .value();
}

void printEvents(const Output& out, const Row& row) {
    if (!row.events) return;
    for (const ProfileEvent& event : *row.events)
        out.line(
            QStringLiteral("  %1  %2  %3")
                .arg(timeText(event.seconds), profileEventTitle(event.kind).leftJustified(11), event.text));
    if (row.events->isEmpty()) out.line(CliText::tr("  Nothing is known to have happened."));
}

void printRow(const Output& out, const Row& row) {
    out.line(row.name);
    if (row.problem) {
        out.line(CliText::tr("  state      unknown: %1").arg(row.problem->text()));
        return;
    }
    out.line(CliText::tr("  state      %1").arg(tokenStateText(row.status.state)));
    if (row.facts.issuedAt) out.line(CliText::tr("  issued     %1").arg(timeText(*row.facts.issuedAt)));
    if (row.facts.expiresAt) out.line(CliText::tr("  expires    %1").arg(timeText(*row.facts.expiresAt)));
    if (row.status.secondsLeft)
        out.line(CliText::tr("  time left  %1 s").arg(qRound64(*row.status.secondsLeft)));
    if (!row.facts.grantedScopes.isEmpty())
        out.line(CliText::tr("  scopes     %1").arg(row.facts.grantedScopes.join(QLatin1Char(' '))));
    out.line(
        CliText::tr("  refresh    %1").arg(row.facts.refreshable ? CliText::tr("yes") : CliText::tr("no")));
    for (const QString& sentence : row.beside)
        out.line(CliText::tr("  beside     %1").arg(sentence));
    for (const QString& sentence : row.facts.binding)
        out.line(CliText::tr("  binding    %1").arg(sentence));
}

int status(Context& context, const StatusOptions& options) {
    const Output& out = context.out;
    const std::string& profile = options.profile;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    QStringList names;
    for (const TokenProfile& known : (*workspace)->profiles)
        names << known.name;
    if (!profile.empty()) {
        if (!(*workspace)->profile(QString::fromStdString(profile)))
            return out.error(context.secretOf(QString::fromStdString(profile)).error(), Usage);
        names = QStringList{(*workspace)->profile(QString::fromStdString(profile))->name};
    }
    QList<JsonValue> rows;
    bool unreadable = false;
    for (const QString& name : names) {
        Row row = rowOf(context, name);
        unreadable = unreadable || row.problem;
        const QString id = (*workspace)->profile(name)->id;
        if (options.clearTimeline)
            if (const Result<void> cleared = context.timeline().clear(id); !cleared)
                return out.error(cleared.error(), Usage);
        if (options.timeline || out.json) row.events = context.timeline().read(id);
        if (!options.timeline && row.events && row.events->size() > eventsInJson)
            row.events->resize(eventsInJson);
        if (out.json)
            rows.append(rowJson(row));
        else {
            printRow(out, row);
            printEvents(out, row);
        }
    }
    if (out.json) out.document(JsonObject().add(QStringLiteral("tokens"), jsonArray(std::move(rows))));
    return unreadable ? Usage : Clean;
}

int decode(const Context& context) {
    const Output& out = context.out;
    const Result<Secret> secret = readSecretFromInput(CliText::tr("Token"));
    if (!secret) return out.error(secret.error(), Usage);
    const std::string_view token = cleanPastedToken(secret->reveal()).value;
    const TokenKind kind = detectTokenKind(token);
    const QString note = CliText::tr("Decoded, not verified: the signature was not checked.");
    const Result<DecodedJwt> jwt = kind.isJwt ? decodeJwt(token) : fail(ErrorCode::Unsupported, {});
    if (kind.isJwt && !jwt) return out.error(jwt.error(), Findings);
    if (out.json) {
        JsonObject document;
        document.add(QStringLiteral("kind"), kind.id)
            .add(QStringLiteral("label"), kind.label)
            .add(QStringLiteral("verified"), false)
            .add(QStringLiteral("note"), note);
        document.add(QStringLiteral("header"), jwt ? jwt->header : jsonNull())
            .add(QStringLiteral("claims"), jwt ? jwt->claims : jsonNull());
        JsonObject times;
        times.addOptional(QStringLiteral("issued"), jwt ? jwt->issuedAt : std::nullopt)
            .addOptional(QStringLiteral("not_before"), jwt ? jwt->notBefore : std::nullopt)
            .addOptional(QStringLiteral("expires"), jwt ? jwt->expiresAt : std::nullopt);
        document.add(QStringLiteral("times"), times.value())
            .add(QStringLiteral("hygiene"), jsonTexts(jwt ? jwt->hygiene : QStringList()));
        out.document(std::move(document));
        return Clean;
    }
    out.line(CliText::tr("kind      %1").arg(kind.label));
    if (!kind.note.isEmpty()) out.line(CliText::tr("note      %1").arg(kind.note));
    if (jwt) {
        out.line(CliText::tr("header    %1").arg(QString::fromUtf8(jwt->headerText)));
        out.line(jwt->encrypted ? CliText::tr("claims    encrypted: only the header can be read")
                                : CliText::tr("claims    %1").arg(QString::fromUtf8(jwt->claimsText)));
        const auto both = [now = nowSeconds(context)](double seconds) {
            return QString(QStringLiteral("%1 (%2)").arg(timeText(seconds), relativeTimeText(seconds, now)));
        };
        if (jwt->issuedAt) out.line(CliText::tr("issued    %1").arg(both(*jwt->issuedAt)));
        if (jwt->notBefore) out.line(CliText::tr("from      %1").arg(both(*jwt->notBefore)));
        if (jwt->expiresAt) out.line(CliText::tr("expires   %1").arg(both(*jwt->expiresAt)));
        for (const QString& finding : jwt->hygiene)
            out.line(CliText::tr("finding   %1").arg(finding));
    }
    out.line(jwt ? note
                 : CliText::tr("Looked at, not verified: only its server can tell whether it is good."));
    return Clean;
}

} // namespace

void addToken(CLI::App& parser, QList<Registered>& commands) {
    CLI::App* group = parser.add_subcommand("token", "Looks at tokens");
    group->fallthrough();
    group->require_subcommand(1);
    auto options = std::make_shared<StatusOptions>();
    CLI::App* statusCommand = group->add_subcommand("status", "State, issued, expires, seconds left, scopes");
    statusCommand->fallthrough();
    statusCommand->add_option("profile", options->profile, "The profile; all of them if it is not given");
    statusCommand->add_flag("--timeline", options->timeline,
                            "All that is known to have happened: obtained, refreshed, used, refused, "
                            "revoked, rotated");
    statusCommand->add_flag("--clear-timeline", options->clearTimeline, "Delete what is known of that");
    commands.append({statusCommand, [options](Context& context) { return status(context, *options); }});
    CLI::App* decodeCommand =
        group->add_subcommand("decode", "Reads a token from standard input; verifies nothing");
    decodeCommand->fallthrough();
    commands.append({decodeCommand, [](Context& context) { return decode(context); }});
    addTokenGrants(*group, commands);
    addTokenVerify(*group, commands);
}

} // namespace kb::cli
