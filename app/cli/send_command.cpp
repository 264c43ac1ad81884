// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "app/cli/grants.h"
#include "app/cli/own_history.h"
#include "app/cli/send.h"
#include "core/auth/credentials.h"
#include "core/run/run.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QStringDecoder>
#include <cmath>

namespace kb::cli {

namespace {

/// Adds a header line as curl reads it: "Name: value" sends it, "Name:" takes a default one out, "Name;"
/// sends it empty.
Result<void> addHeader(RequestSpec& spec, const QString& line) {
    const qsizetype colon = line.indexOf(QLatin1Char(':'));
    if (colon < 0 && line.endsWith(QLatin1Char(';'))) {
        spec.headers.append({line.chopped(1), {}, {}, true});
        return {};
    }
    if (colon <= 0)
        return fail(ErrorCode::InvalidInput, CliText::tr("A header needs a name and a colon: %1").arg(line),
                    QStringLiteral("-H"), CliText::tr("Write it as -H 'Accept: application/json'."));
    const QString name = line.left(colon);
    QString value = line.mid(colon + 1);
    if (value.startsWith(QLatin1Char(' '))) value.remove(0, 1);
    if (value.isEmpty())
        spec.settings.removedDefaultHeaders.append(name);
    else
        spec.headers.append({name, value, {}, true});
    return {};
}

/// An http origin typed out on the command line is the consent that the window would ask for. One that comes
/// out of a variable is none: somebody else may have edited the file that it stands in.
bool typesPlainHttp(const QString& url) {
    if (!url.startsWith(QLatin1String("http://"), Qt::CaseInsensitive)) return false;
    const QString behind = url.mid(7);
    const qsizetype end = behind.indexOf(QRegularExpression(QStringLiteral("[/?#]")));
    return !behind.left(end).contains(QLatin1String("{{"));
}

/// The error in the words of the command line: how the consent that is missing is given here.
Error inCliWords(Error error, const SendOptions& options) {
    if (error.code != ErrorCode::ConsentNeeded) return error;
    if (options.bearerFromInput)
        error.next = CliText::tr("Use https, or type the address out in the URL (%1), which is the consent.")
                         .arg(error.where);
    else if (error.where.startsWith(QLatin1String("http://")))
        error.next = CliText::tr("Use https, or give the consent with profile set %1 --allow %2.")
                         .arg(QString::fromStdString(options.profile), error.where);
    else if (error.where.startsWith(QLatin1String("https://")))
        error.next =
            CliText::tr("Leave --insecure out and name the server's authority with --cacert, or allow the "
                        "exception for this origin in the window.");
    else
        error.next = CliText::tr("Confirm the new origins with profile set %1 --allow, or set the file back.")
                         .arg(QString::fromStdString(options.profile));
    return error;
}

/// The Content-Type of a body given without one: JSON if it is JSON, else what curl sends.
QString guessedType(const QByteArray& body) {
    const QByteArray trimmed = body.trimmed();
    const bool bracket = trimmed.startsWith('{') || trimmed.startsWith('[');
    return bracket && parseJson(trimmed) ? QStringLiteral("application/json")
                                         : QStringLiteral("application/x-www-form-urlencoded");
}

Result<RunInput> makeInput(Context& context, const SendOptions& options) {
    RunInput input;
    RequestSpec& spec = input.spec;
    const bool hasBody = options.hasBody || !options.bodyFile.empty();
    spec.url = QString::fromStdString(options.target.back());
    spec.method = options.target.size() > 1 ? QString::fromStdString(options.target.front())
                  : hasBody                 ? QStringLiteral("POST")
                                            : QStringLiteral("GET");
    for (const std::string& line : options.headers)
        if (const Result<void> added = addHeader(spec, QString::fromStdString(line)); !added)
            return tl::unexpected(added.error());
    if (hasBody) {
        QByteArray body = QByteArray::fromStdString(options.body);
        if (!options.bodyFile.empty()) {
            QFile file(QString::fromStdString(options.bodyFile));
            if (!file.open(QIODevice::ReadOnly))
                return fail(ErrorCode::FileError,
                            CliText::tr("The body cannot be read: %1").arg(file.errorString()),
                            file.fileName());
            body = file.readAll();
        }
        spec.body.kind = BodySpec::Kind::Text;
        spec.body.contentType = guessedType(body);
        // Variables count in what is typed; a file goes out byte for byte.
        if (options.bodyFile.empty() && body.contains("{{"))
            spec.body.text = QString::fromUtf8(body);
        else
            input.rawBody = body;
    }
    spec.settings.timeoutMs = static_cast<int>(std::ceil(options.timeoutSeconds * 1000));
    spec.settings.verifyTls = !options.insecure;
    input.sendAsIs = options.asIs;
    input.caFile = QString::fromStdString(options.caFile);
    const auto hasVariable = [](const std::string& text) { return text.find("{{") != std::string::npos; };
    const bool needsWorkspace = !options.profile.empty() || !context.environment.isEmpty() ||
                                !context.folder.isEmpty() || hasVariable(options.body) ||
                                std::any_of(options.target.begin(), options.target.end(), hasVariable) ||
                                std::any_of(options.headers.begin(), options.headers.end(), hasVariable);
    const bool namesIts = !options.profile.empty() || !context.environment.isEmpty(); // and cannot do without
    if (needsWorkspace && (namesIts || context.hasWorkspace())) {
        const Result<Workspace*> workspace = context.workspace();
        if (!workspace) return tl::unexpected(workspace.error());
        const Result<QString> environment = context.environmentName();
        if (!environment) return tl::unexpected(environment.error());
        input.environment = *environment;
        input.variables = variablesOf(**workspace, *environment);
        const Result<QList<SecretSource>> secrets = context.secretVariables();
        if (!secrets) return tl::unexpected(secrets.error());
        input.secretVariables = *secrets;
    }
    return input;
}

QString statusLine(const Response& response) {
    return QStringLiteral("HTTP/%1 %2 %3")
        .arg(QString::fromLatin1(response.httpVersion))
        .arg(response.status)
        .arg(QString::fromUtf8(response.reason))
        .trimmed();
}

std::optional<double> phase(double milliseconds) {
    return milliseconds < 0 ? std::nullopt : std::optional(milliseconds);
}

JsonValue hopJson(const Exchange& hop) {
    return JsonObject()
        .add(QStringLiteral("method"), QString::fromLatin1(hop.sent().method))
        .add(QStringLiteral("url"), QString::fromUtf8(hop.sent().url.text()))
        .add(QStringLiteral("status"), qint64(hop.response().status))
        .add(QStringLiteral("peer_address"), hop.connection().peerAddress)
        .add(QStringLiteral("note"), hop.hopNote)
        .value();
}

JsonValue headersJson(const HeaderList& headers) {
    QList<JsonValue> lines;
    for (const HeaderField& field : headers.fields)
        lines.append(jsonArray(
            {jsonText(QString::fromLatin1(field.name)), jsonText(QString::fromLatin1(field.value))}));
    return jsonArray(std::move(lines));
}

JsonValue interimJson(const QList<InterimResponse>& answers) {
    QList<JsonValue> items;
    for (const InterimResponse& answer : answers)
        items.append(JsonObject()
                         .add(QStringLiteral("status"), qint64(answer.status))
                         .add(QStringLiteral("headers"), headersJson(answer.headers))
                         .value());
    return jsonArray(std::move(items));
}

const char* bodyEndName(BodyEnd end) {
    switch (end) {
    case BodyEnd::Complete:
        return "complete";
    case BodyEnd::Truncated:
        return "truncated";
    case BodyEnd::LimitReached:
        return "limit-reached";
    case BodyEnd::Cancelled:
        return "cancelled";
    case BodyEnd::DecodeFailed:
        return "decode-failed";
    }
    return "";
}

JsonValue doctorJson(const std::optional<Diagnosis>& diagnosis) {
    if (!diagnosis) return jsonNull();
    return JsonObject()
        .add(QStringLiteral("cause"), QString::fromLatin1(diagnosis->cause))
        .add(QStringLiteral("sentence"), diagnosis->sentence)
        .add(QStringLiteral("evidence"), jsonTexts(diagnosis->evidence))
        .value();
}

/// The body as the server sent it with --reveal, else with its secrets masked.
const QByteArray& shownBody(const Exchange& answer, const SendOptions& options) {
    return options.reveal ? answer.rawBody() : answer.response().body;
}

void printJson(const Output& out, const RunResult& result, const SendOptions& options) {
    const Exchange& answer = result.hops.last();
    const QByteArray& body = shownBody(answer, options);
    const Response& response = answer.response();
    const Timings& timings = answer.timings();
    JsonObject document;
    document.add(QStringLiteral("status"), qint64(response.status))
        .add(QStringLiteral("http_version"), QString::fromLatin1(response.httpVersion))
        .add(QStringLiteral("headers"), headersJson(response.headers));
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(body);
    if (decoder.hasError())
        document.add(QStringLiteral("body_base64"), QString::fromLatin1(body.toBase64()));
    else
        document.add(QStringLiteral("body"), text);
    document.add(QStringLiteral("body_end"), QString::fromLatin1(bodyEndName(response.bodyEnd)))
        .add(QStringLiteral("body_note"), response.bodyNote)
        .add(QStringLiteral("body_masked"), body != answer.rawBody());
    if (!response.trailers.isEmpty())
        document.add(QStringLiteral("trailers"), headersJson(response.trailers));
    if (!response.interim.isEmpty()) document.add(QStringLiteral("interim"), interimJson(response.interim));
    JsonObject times;
    times.addOptional(QStringLiteral("name_lookup"), phase(timings.nameLookup))
        .addOptional(QStringLiteral("connect"), phase(timings.connect))
        .addOptional(QStringLiteral("tls"), phase(timings.tls))
        .addOptional(QStringLiteral("first_byte"), phase(timings.firstByte))
        .addOptional(QStringLiteral("total"), phase(timings.total));
    QList<JsonValue> hops;
    for (const Exchange& hop : result.hops)
        hops.append(hopJson(hop));
    document.add(QStringLiteral("timings_ms"), times.value())
        .add(QStringLiteral("peer_address"), answer.connection().peerAddress)
        .add(QStringLiteral("hops"), jsonArray(std::move(hops)))
        .add(QStringLiteral("doctor"), doctorJson(result.diagnosis));
    out.document(std::move(document));
}

void printPlain(const Output& out, const RunResult& result, const SendOptions& options) {
    const Response& response = result.hops.last().response();
    if (options.include) {
        out.write(QByteArray(statusLine(response).toUtf8() + '\n'));
        for (const HeaderField& field : response.headers.fields)
            out.write(QByteArray(field.name + ": " + field.value + '\n'));
        out.write("\n");
    }
    out.write(shownBody(result.hops.last(), options));
}

void printMessages(const Output& out, const RunResult& result, const SendOptions& options) {
    const Exchange& answer = result.hops.last();
    if (!result.credentialWarning.isEmpty()) out.message(result.credentialWarning);
    if (result.plainHttp) out.message(CliText::tr("Sent without encryption (http)."));
    if (!result.authNote.isEmpty()) out.message(result.authNote);
    if (!result.redirectNote.isEmpty()) out.message(result.redirectNote);
    if (answer.echoedSecret()) out.message(CliText::tr("The answer repeats the secret. It is masked here."));
    if (shownBody(answer, options) != answer.rawBody())
        out.message(CliText::tr(
            "The body holds tokens or other secrets, masked here. --reveal prints it as it came."));
    if (!answer.response().bodyNote.isEmpty()) out.message(answer.response().bodyNote);
    if (!result.diagnosis) return;
    out.headline(result.diagnosis->sentence);
    for (const QString& evidence : result.diagnosis->evidence)
        out.message(QStringLiteral("  ") + evidence);
    for (const QString& wanted : result.diagnosis->wouldDecide)
        out.message(CliText::tr("  To decide: %1").arg(wanted));
}

/// Nothing was sent, or a file that the command line names is no good, which libcurl finds out on its way.
bool isSetUp(const RunResult& result) {
    return result.nothingSent || result.error->code == ErrorCode::FileError;
}

int send(Context& context, const SendOptions& options) {
    Result<RunInput> input = makeInput(context, options);
    if (!input) return context.out.error(input.error(), Usage);
    if (options.bearerFromInput) {
        Result<Secret> secret = readSecretFromInput(CliText::tr("Bearer token"));
        if (!secret) return context.out.error(secret.error(), Usage);
        input->looseBearer = std::move(*secret);
        input->allowPlainHttpOnce = typesPlainHttp(input->spec.url);
    }
    return sendAndPrint(context, std::move(*input), options);
}

} // namespace

int sendAndPrint(Context& context, RunInput input, const SendOptions& options) {
    const Output& out = context.out;
    SecretStore* store = &context.keychain();
    Result<Context::Source> source = Context::Source{};
    if (!options.profile.empty()) {
        source = context.secretOf(QString::fromStdString(options.profile));
        if (!source) return out.error(source.error(), Usage);
        store = source->store;
        input.profile = *source->profile;
        input.trustFileOrigins = source->fromEnvironment;
    }
    const HistorySource kept{input.spec, input.profile ? input.profile->id : QString(),
                             input.profile ? input.profile->name : QString(), input.environment,
                             input.variables};
    CurlTransport transport;
    std::optional<Grants> grants;
    AuthMemory memory;
    if (input.profile && isGrant(input.profile->scheme)) grants.emplace(transport, context, *source);
    std::optional<RunResult> result;
    Run run({transport, *store, context.clock(), &memory, grants ? &grants->keeper : nullptr},
            std::move(input));
    QObject::connect(&run, &Run::finished, [&](const RunResult& finished) {
        result = finished;
        QCoreApplication::quit();
    });
    run.start();
    QCoreApplication::exec();
    if (!result) return Inconclusive;
    if (source->profile) context.remember(*source, profileEventOf(*result));
    keepInHistory(out, kept, *result, context.clock().wallMs());
    if (result->error)
        return out.error(inCliWords(*result->error, options), isSetUp(*result) ? Usage : Inconclusive);
    if (out.json)
        printJson(out, *result, options);
    else
        printPlain(out, *result, options);
    std::fflush(stdout);
    printMessages(out, *result, options);
    const int status = result->hops.last().response().status;
    return options.failOnStatus && status >= 400 ? Findings : Clean;
}

void addSend(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<SendOptions>();
    CLI::App* command = parser.add_subcommand("send", "Sends one request and prints the body");
    command->fallthrough();
    command->add_option("target", options->target, "[METHOD] URL")->required()->expected(1, 2);
    command
        ->add_option("-H,--header", options->headers,
                     "A header line, 'Name: value'; 'Name:' takes a default one out")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    CLI::Option* body = command->add_option("-d,--data", options->body, "The body");
    command->add_option("--data-file", options->bodyFile, "A file whose bytes are the body")->excludes(body);
    CLI::Option* profile = command->add_option("--as", options->profile, "The token profile to send as");
    command->add_flag("--bearer-stdin", options->bearerFromInput, "Read a bearer token from standard input")
        ->excludes(profile);
    command->add_flag("-i,--include", options->include,
                      "Print the status line and the headers before the body");
    command
        ->add_option("--timeout", options->timeoutSeconds,
                     "Seconds until the request is given up; 0 for never")
        ->check(CLI::Range(0.0, 2000000.0));
    command->add_flag("--insecure", options->insecure, "Do not check the server's certificate");
    command->add_option("--cacert", options->caFile, "A PEM file of authorities to trust")
        ->check(CLI::ExistingFile);
    command->add_flag("--send-expired", options->asIs,
                      "Send an expired OAuth token on purpose, without a refresh");
    command->add_flag("--fail", options->failOnStatus, "Exit with 1 when the status is 400 or above");
    command->add_flag("--reveal", options->reveal,
                      "Print the body as it came, with the tokens and secrets that are masked otherwise");
    commands.append({command, [options, body](Context& context) {
                         options->hasBody = body->count() > 0;
                         return send(context, *options);
                     }});
}

} // namespace kb::cli
