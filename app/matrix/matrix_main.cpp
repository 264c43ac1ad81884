// SPDX-License-Identifier: GPL-3.0-or-later
// The access matrix on the command line: a module, since a plain request needs nothing of it.
#include "app/cli/cli_text.h"
#include "app/cli/context.h"
#include "app/cli/grants.h"
#include "app/cli/matrix_options.h"
#include "app/cli/own_history.h"
#include "app/matrix/command_parts.h"
#include "app/matrix/document.h"
#include "app/matrix/exchange.h"
#include "app/matrix/fetch.h"
#include "app/matrix/plan_text.h"
#include "core/auth/profile_facts.h"
#include "core/interchange/openapi.h"
#include "core/probe/baseline.h"
#include "core/probe/matrix_run.h"
#include "core/probe/part_run.h"
#include "core/probe/past_runs.h"
#include "core/probe/report.h"
#include "core/probe/resume.h"
#include "io/files/folder_scan.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <deque>

namespace kb::cli {

namespace {

Result<QStringList> failOnOf(const MatrixOptions& options) {
    const QStringList names = QString::fromStdString(options.failOn).split(u',', Qt::SkipEmptyParts);
    static const QStringList known{QStringLiteral("bypass"),    QStringLiteral("over-restricted"),
                                   QStringLiteral("suspect"),   QStringLiteral("error"),
                                   QStringLiteral("undecided"), QStringLiteral("not-proven"),
                                   QStringLiteral("drift"),     QStringLiteral("advisory")};
    for (const QString& name : names)
        if (!known.contains(name))
            return fail(ErrorCode::InvalidInput, CliText::tr("\"%1\" is nothing to fail on.").arg(name),
                        QStringLiteral("--fail-on"),
                        CliText::tr("There are: %1.").arg(known.join(QStringLiteral(", "))));
    return names;
}

/// The columns: who is in the workspace, with where each secret is.
struct Identities {
    QList<MatrixProfile> profiles{anonymousProfile()};
    QMap<QString, Sender> secrets;
    QStringList origins; ///< where any of them may go
};

class MatrixJob {
public:
    MatrixJob(Context& context, const MatrixOptions& options) : m_context(context), m_options(options) {}

    int run() {
        if (m_options.command == MatrixOptions::Command::Baseline) return pin();
        const Result<void> ready = prepare();
        if (!ready) return m_context.out.error(ready.error(), Usage);
        if (m_options.command == MatrixOptions::Command::Export)
            return writeOverstep(m_context, m_options.output, m_plan);
        if (m_options.command == MatrixOptions::Command::Plan) {
            printPlan(m_plan, m_context.out);
            return Clean;
        }
        return runPlan();
    }

private:
    Result<void> prepare() {
        Result<QList<Report>> reports = reportsOf(m_options.reports, reportKinds());
        if (!reports) return tl::unexpected(reports.error());
        m_reports = *reports;
        const Result<QStringList> failOn = failOnOf(m_options);
        if (!failOn) return tl::unexpected(failOn.error());
        m_failOn = *failOn;
        const Result<Workspace*> workspace = m_context.workspace();
        if (!workspace) return tl::unexpected(workspace.error());
        if (const Result<void> read = readTheBaseline(**workspace); !read) return read;
        const Result<QString> environment = m_context.environmentName();
        if (!environment) return tl::unexpected(environment.error());
        m_environment = *environment;
        m_variables = variablesOf(**workspace, m_environment);
        const Result<QList<SecretSource>> secrets = m_context.secretVariables();
        if (!secrets) return tl::unexpected(secrets.error());
        m_secretVariables = *secrets;
        m_kind = (*workspace)->kindOf(m_environment);
        m_folder = (*workspace)->folder;
        m_settings = (*workspace)->matrix;
        const Result<ApiDescription> api = readDocument((*workspace)->folder);
        if (!api) return tl::unexpected(api.error());
        if (const Result<void> identities = gatherIdentities(**workspace); !identities) return identities;
        return makeThePlan(*api);
    }

    /// The document of --openapi, else the workspace's: a file, or an address that is read as nobody.
    Result<ApiDescription> readDocument(const QString& folder) {
        const bool own = m_options.openapi.empty();
        const QString place = own ? m_settings.document : QString::fromStdString(m_options.openapi);
        if (place.isEmpty())
            return fail(ErrorCode::NotFound, CliText::tr("It is not known which API this is about."), folder,
                        CliText::tr("Name its OpenAPI document with --openapi, or in the workspace."));
        m_document = documentName(place);
        if (!isDocumentAddress(place)) return readApiFile(own ? QDir(folder).filePath(place) : place);
        RunInput input;
        input.spec.url = place;
        input.spec.settings.timeoutMs = int(m_options.timeoutSeconds * 1000);
        input.variables = m_variables;
        input.caFile = QString::fromStdString(m_options.caFile);
        const Result<QByteArray> text = fetchDocument(m_context, m_transport, std::move(input));
        if (!text) return tl::unexpected(text.error());
        return readOpenApi(m_document, *text);
    }

    /// That of --baseline, else the workspace's own, which only its folder may hold.
    Result<void> readTheBaseline(const Workspace& workspace) {
        const QString& own = workspace.matrix.baseline;
        const QString named = QString::fromStdString(m_options.baseline);
        if (named.isEmpty() && own.isEmpty()) return {};
        Result<Baseline> baseline =
            named.isEmpty() ? readFileWithin(workspace.folder, own).and_then([&](const QByteArray& text) {
                return readBaseline(text, own);
            })
                            : readPinned(named);
        if (!baseline) return tl::unexpected(baseline.error());
        m_baseline = std::move(*baseline);
        return {};
    }

    static Result<Baseline> readPinned(const QString& path) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::FileError,
                        CliText::tr("The file cannot be read: %1").arg(file.errorString()), path);
        return readBaseline(file.readAll(), path);
    }

    Result<void> gatherIdentities(const Workspace& workspace) {
        QStringList names;
        QList<DerivedProfile> forged = m_settings.derived;
        if (!m_options.profiles.empty())
            forged.removeIf([&](const DerivedProfile& each) {
                return std::find(m_options.profiles.begin(), m_options.profiles.end(),
                                 each.name.toStdString()) == m_options.profiles.end();
            });
        const auto isForged = [&](const std::string& name) {
            return std::any_of(forged.begin(), forged.end(), [&](const DerivedProfile& each) {
                return each.name == QString::fromStdString(name);
            });
        };
        for (const std::string& name : m_options.profiles)
            if (name != "anonymous" && !isForged(name)) names.append(QString::fromStdString(name));
        // Whose credential is forged has to be seen to be let in.
        for (const DerivedProfile& each : std::as_const(forged))
            if (const TokenProfile* parent = workspace.profile(each.parent);
                parent && !m_options.profiles.empty() && !names.contains(parent->name))
                names.append(parent->name);
        const bool all = m_options.profiles.empty();
        if (all)
            for (const TokenProfile& profile : workspace.profiles)
                names.append(profile.name);
        for (const QString& name : names) {
            const Result<Context::Source> source = m_context.secretOf(name);
            Result<SecretRecord> record = source ? readRecord(*source) : tl::unexpected(source.error());
            if (!record) {
                const Error& error = record.error();
                if (!all || error.code == ErrorCode::Conflict) return tl::unexpected(error);
                // Left out, it would look as if all had been asked.
                MatrixProfile column = matrixProfile(*workspace.profile(name), nullptr);
                column.problem = error.next.isEmpty() ? error.what : QString(error.what + u' ' + error.next);
                m_context.out.message(CliText::tr("%1 is not asked: %2").arg(name, column.problem));
                m_identities.profiles.append(column);
                continue;
            }
            const TokenProfile& profile = *source->profile;
            const TokenFacts facts = profileFacts(profile.scheme, *record, source->binding->expiresAt);
            m_identities.profiles.append(matrixProfile(profile, &facts));
            Sender identity{profile, source->store, nullptr, source->fromEnvironment};
            if (isGrant(profile.scheme)) {
                m_grants.emplace_back(m_transport, m_context, *source);
                identity.grants = &m_grants.back().keeper;
            }
            m_identities.secrets.insert(profile.id, identity);
            const Result<QStringList> origins = proposedOrigins(*source->binding, m_variables);
            if (!origins) return tl::unexpected(origins.error());
            m_identities.origins.append(*origins);
        }
        m_identities.profiles = withDerived(m_identities.profiles, forged);
        for (const DerivedProfile& each : std::as_const(forged)) {
            const bool column = std::any_of(m_identities.profiles.begin(), m_identities.profiles.end(),
                                            [&](const MatrixProfile& known) { return known.id == each.id; });
            if (!column)
                m_context.out.message(
                    CliText::tr("%1 is left out: what it is made from is not there.").arg(each.name));
            if (!column || !m_identities.secrets.contains(each.parent)) continue;
            m_identities.secrets.insert(each.id, forgedSender(each, m_identities.secrets.value(each.parent)));
        }
        return {};
    }

    /// The document is untrusted: where requests go is decided by what the profiles may.
    Result<void> makeThePlan(const ApiDescription& api) {
        for (const ApiNote& note : api.notes)
            m_context.out.message(
                QStringLiteral("%1%2: %3")
                    .arg(note.place.file,
                         note.place.line > 0 ? QStringLiteral(":%1").arg(note.place.line) : QString(),
                         note.text));
        PlanOptions plan;
        const bool own = m_variables.contains(QStringLiteral("baseUrl"));
        if (own) {
            const Result<QString> base = resolveVariables(QStringLiteral("{{baseUrl}}"), m_variables);
            if (!base) return tl::unexpected(base.error());
            plan.baseUrl = *base;
        } else if (!api.servers.isEmpty()) {
            plan.baseUrl = api.servers.first().url;
        }
        const Result<HttpUrl> target = HttpUrl::parse(plan.baseUrl);
        if (!target)
            return fail(ErrorCode::InvalidInput, CliText::tr("It is not known where the API is."), m_document,
                        CliText::tr("Define the variable baseUrl in an environment of the workspace."));
        const QString origin = target->origin().text();
        if (!own && !m_identities.origins.contains(origin))
            return fail(
                ErrorCode::OriginRefused,
                CliText::tr("The document names the server %1, where no profile may go. Nothing was sent.")
                    .arg(origin),
                m_document,
                CliText::tr("If that is right, allow it with profile set --allow %1, or define the variable "
                            "baseUrl.")
                    .arg(origin));
        for (const std::string& glob : m_options.only)
            plan.only.append(QString::fromStdString(glob));
        plan.allowUnsafe = m_options.allowUnsafe;
        plan.kind = m_kind;
        plan.live = m_options.confirmCount >= 0;
        m_plan = makePlan(api, m_identities.profiles, m_settings, plan);
        m_plan.narrowed = m_plan.narrowed || !m_options.profiles.empty();
        if (m_plan.runProblem) return tl::unexpected(*m_plan.runProblem);
        const int live = m_plan.liveCount(m_settings);
        if (plan.live && live != m_options.confirmCount)
            return fail(ErrorCode::InvalidInput,
                        CliText::tr("%1 requests would really be done, not %2. Nothing was sent.")
                            .arg(live)
                            .arg(m_options.confirmCount),
                        QStringLiteral("--confirm-count"));
        if (m_plan.cells.isEmpty())
            return fail(ErrorCode::NotFound, CliText::tr("There is nothing to send: no operation fits."),
                        m_document);
        return {};
    }

    /// The run that is gone on with, and what is left of it.
    Result<void> takeUp() {
        const QString file = QString::fromStdString(m_options.resume);
        QFile report(file);
        if (!report.open(QIODevice::ReadOnly))
            return fail(ErrorCode::FileError,
                        CliText::tr("The file cannot be read: %1").arg(report.errorString()), file);
        Result<RunRecord> stopped = readStoppedRun(report.readAll(), file, m_plan, m_settings);
        if (!stopped) return tl::unexpected(stopped.error());
        m_left = cellsLeft(*stopped);
        m_plan = partOf(m_plan, m_left);
        m_before = std::move(*stopped);
        m_context.out.message(CliText::tr("%n cell(s) are left of that run.", nullptr, int(m_left.size())));
        return {};
    }

    int runPlan() {
        if (!m_options.resume.empty())
            if (const Result<void> taken = takeUp(); !taken) return m_context.out.error(taken.error(), Usage);
        MatrixRun::Options options;
        // Production, or what may be, is asked softly unless told otherwise.
        const bool cautious = m_plan.isCautious();
        if (cautious && m_options.rate < 0)
            m_context.out.message(
                m_plan.kind == EnvironmentKind::Production
                    ? CliText::tr("This is production: one request a second. --rate changes it.")
                    : CliText::tr("It is not known that this is no production: one request a second. "
                                  "Give the environment a class, or use --rate."));
        options.parallel = m_options.parallel > 0 ? m_options.parallel : cautious ? 1 : 2;
        options.perSecond = m_options.rate >= 0 ? m_options.rate : cautious ? 1 : 0;
        options.timeoutMs = int(m_options.timeoutSeconds * 1000);
        for (const QString& sentence : m_plan.outlivedTokens(double(m_context.clock().wallMs()) / 1000,
                                                             options.parallel, options.perSecond))
            m_context.out.message(sentence);
        for (const QString& sentence : m_plan.limitSentences(options.parallel, options.perSecond))
            m_context.out.message(sentence);
        options.environment = m_environment;
        options.variables = m_variables;
        options.secretVariables = m_secretVariables;
        options.caFile = QString::fromStdString(m_options.caFile);
        options.strict = m_options.strict;
        // What the window shows of the last runs is also what tells which cells flap.
        const std::unique_ptr<HistoryStore> history = keepsHistory() ? ownHistory() : nullptr;
        if (history)
            if (const auto flapping = history->flappingCells(matrixPlace(m_folder, m_plan.baseUrl)))
                options.flapping = *flapping;
        MatrixRun run(m_transport, m_context.clock(), m_plan, m_identities.secrets, m_settings, options);
        QObject::connect(&run, &MatrixRun::finished, QCoreApplication::instance(), &QCoreApplication::quit);
        QObject::connect(&run, &MatrixRun::progress, &run, [this](int done, int total) {
            if (done % 100 == 0 || done == total)
                m_context.out.message(CliText::tr("%1 of %2 requests").arg(done).arg(total));
        });
        if (!m_plan.runHeader.isEmpty())
            m_context.out.message(
                CliText::tr("This run's id, in the header %1: %2").arg(m_plan.runHeader, run.record().id));
        const Interruption interruption([&run] { run.stop(); });
        run.start();
        QCoreApplication::exec();
        RunRecord record = run.takeRecord();
        remember(record);
        if (history)
            if (const Result<void> kept = keepRun(*history, m_folder, record); !kept)
                m_context.out.message(kept.error().text());
        if (m_before) {
            takeOver(*m_before, record, m_left);
            record = std::move(*m_before);
            record.remarks = record.runRemarks;
            evaluate(record, m_settings, m_context.clock().wallMs(), m_options.strict);
        }
        record.failOn = m_failOn;
        record.folder = QDir::currentPath();
        if (m_baseline) compareWithBaseline(record, *m_baseline, !m_plan.narrowed);
        return report(record);
    }

    void remember(const RunRecord& record) {
        const auto answers = record.answersByProfile();
        for (auto each = answers.cbegin(); each != answers.cend(); ++each)
            if (const auto sender = m_identities.secrets.constFind(each.key());
                sender != m_identities.secrets.constEnd())
                m_context.remember(
                    {nullptr, &sender->profile, nullptr, sender->trustFileOrigins},
                    profileEventOfMany(CliText::tr("An access matrix"), each->first, each->second));
    }

    int report(const RunRecord& record) {
        const Output& out = m_context.out;
        for (const Report& each : std::as_const(m_reports)) {
            const Result<void> written = writeWholeFile(
                each.file, [&](const FileSink& sink) { writeReport(each.kind, record, sink); });
            if (!written) return out.error(written.error(), Usage);
        }
        if (out.json)
            writeRunJson(record, [&out](const QByteArray& piece) { out.write(piece); });
        else
            print(record);
        if (record.findings() > 0) return Findings;
        return record.isInconclusive() ? Inconclusive : Clean;
    }

    void print(const RunRecord& record) const {
        const Output& out = m_context.out;
        for (const CellResult& result : record.results) {
            const CellPlan& cell = record.plan.cells.at(result.cell);
            if (record.isHeldBack(result) && result.drift.isEmpty()) continue;
            QString line =
                QStringLiteral("%1  %2  %3")
                    .arg(verdictName(result.judged.verdict), -15)
                    .arg(result.seen.status ? QString::number(result.seen.status) : QStringLiteral("---"))
                    .arg(cellTitle(record.plan, cell));
            if (!result.drift.isEmpty())
                line += QStringLiteral("  Δ ") + result.drift + QStringLiteral(": ") + result.driftReason;
            if (result.judged.verdict != Verdict::Pass)
                line += QStringLiteral("  — ") +
                        (result.judged.reason.isEmpty() ? cell.expectation.why : result.judged.reason);
            if (result.seen.meant) line += QStringLiteral("  — ") + meantBy(result.seen);
            if (result.waived) line += CliText::tr("  (waived: %1)").arg(result.waiver);
            out.line(line);
        }
        for (const ProfileHealth& health : record.health)
            if (!health.problem.isEmpty()) out.message(health.problem);
        for (const QString& remark : record.remarks)
            out.message(remark);
        QStringList counts;
        for (auto each = record.summary.cbegin(); each != record.summary.cend(); ++each)
            counts.append(QStringLiteral("%1 %2").arg(each.value()).arg(each.key()));
        out.headline(counts.join(QStringLiteral(", ")));
        if (record.isInconclusive())
            out.message(CliText::tr("This run proves too little: %1 of %2 decided cells are proven.")
                            .arg(record.proven)
                            .arg(record.decided));
    }

    int pin() {
        const Output& out = m_context.out;
        const Result<Baseline> baseline = readPinned(QString::fromStdString(m_options.from));
        if (!baseline) return out.error(baseline.error(), Usage);
        if (baseline->inconclusive)
            return out.error(
                Error{ErrorCode::InvalidInput, CliText::tr("This run proves too little to be a baseline."),
                      QString::fromStdString(m_options.from),
                      CliText::tr("See its health, mend what kept it from proving more, and run again.")},
                Usage);
        const Result<void> written =
            writeWholeFile(QString::fromStdString(m_options.output), baselineJson(*baseline));
        if (!written) return out.error(written.error(), Usage);
        out.message(CliText::tr("%n cell(s) pinned.", nullptr, int(baseline->cells.size())));
        if (out.json) out.document(JsonObject().add(QStringLiteral("cells"), qint64(baseline->cells.size())));
        return Clean;
    }

    Context& m_context;
    const MatrixOptions& m_options;
    CurlTransport m_transport;
    std::deque<Grants> m_grants;
    QList<Report> m_reports;
    QStringList m_failOn;
    std::optional<Baseline> m_baseline;
    QString m_folder;   ///< of the workspace
    QString m_document; ///< its name, for people
    QString m_environment;
    VariableMap m_variables;
    QList<SecretSource> m_secretVariables;
    EnvironmentKind m_kind = EnvironmentKind::Unset;
    MatrixSettings m_settings;
    Identities m_identities;
    MatrixPlan m_plan;
    std::optional<RunRecord> m_before; ///< the run that is gone on with
    QList<int> m_left;                 ///< where the cells of the plan are in it
};

} // namespace

} // namespace kb::cli

// The door of the module.
extern "C" Q_DECL_EXPORT int kbMatrixCommand(kb::cli::Context& context,
                                             const kb::cli::MatrixOptions& options) {
    return kb::cli::MatrixJob(context, options).run();
}
