// SPDX-License-Identifier: GPL-3.0-or-later
// Requests of the workspace with their checks, on the command line.
#include "app/cli/cli_text.h"
#include "app/cli/context.h"
#include "app/cli/grants.h"
#include "app/cli/own_history.h"
#include "app/cli/runner_options.h"
#include "app/matrix/command_parts.h"
#include "app/matrix/document.h"
#include "app/module.h"
#include "core/auth/profile_facts.h"
#include "core/run/token_end.h"
#include "core/runner/collection_run.h"
#include "core/runner/data_file.h"
#include "io/judge/process_judge.h"
#include "io/network/curl_transport.h"

#include <QCoreApplication>
#include <QFile>
#include <deque>

namespace kb::cli {

namespace {

class RunJob {
public:
    RunJob(Context& context, const RunnerOptions& options)
        : m_context(context), m_options(options), m_judge(helperProgram(QStringLiteral("keybearer-judge"))) {}

    int run() {
        if (const Result<void> ready = prepare(); !ready) return m_context.out.error(ready.error(), Usage);
        m_run.keep = historyKeeper(m_context.out);
        CollectionRun run(m_transport, m_context.clock(), m_requests, m_identities, m_run);
        QObject::connect(&run, &CollectionRun::finished, QCoreApplication::instance(),
                         &QCoreApplication::quit);
        QObject::connect(&run, &CollectionRun::entryDone, &run,
                         [this, &run](int entry) { print(run.record(), run.record().entries.at(entry)); });
        for (const QString& sentence :
             outlivedTokens(m_ends, double(m_context.clock().wallMs()) / 1000,
                            estimatedRunSeconds(int(run.record().entries.size()), m_run.parallel, 0)))
            m_context.out.message(sentence);
        const Interruption interruption([&run] { run.stop(); });
        run.start();
        QCoreApplication::exec();
        remember(run.record());
        return report(run.record());
    }

private:
    Result<void> prepare() {
        Result<QList<Report>> reports = reportsOf(m_options.reports, runnerReportKinds());
        if (!reports) return tl::unexpected(reports.error());
        m_reports = *reports;
        const Result<Workspace*> workspace = m_context.workspace();
        if (!workspace) return tl::unexpected(workspace.error());
        const Result<QString> environment = m_context.environmentName();
        if (!environment) return tl::unexpected(environment.error());
        QStringList paths;
        for (const std::string& path : m_options.paths)
            paths.append(QString::fromStdString(path));
        Result<QList<RunnerRequest>> requests = requestsAt(**workspace, paths);
        if (!requests) return tl::unexpected(requests.error());
        m_requests = std::move(*requests);
        if (const FileProblem* broken = problemAmong(**workspace, paths))
            return fail(
                broken->error.code,
                CliText::tr(
                    "A file of the workspace cannot be read, so that what is run is not all there is. %1")
                    .arg(broken->error.what),
                broken->error.where.isEmpty() ? broken->path : broken->error.where, broken->error.next);
        m_run.workspaceName = (*workspace)->name;
        m_run.environment = *environment;
        m_run.variables = variablesOf(**workspace, *environment);
        const Result<QList<SecretSource>> secrets = m_context.secretVariables();
        if (!secrets) return tl::unexpected(secrets.error());
        m_run.secretVariables = *secrets;
        const bool production = (*workspace)->kindOf(*environment) == EnvironmentKind::Production;
        if (production && !m_options.allowUnsafe)
            m_run.caution = CliText::tr("%1 is production: unsafe methods are sent with --allow-unsafe only.")
                                .arg(*environment);
        m_run.parallel = m_options.parallel;
        m_run.bail = m_options.bail;
        m_run.caFile = QString::fromStdString(m_options.caFile);
        if (const Result<void> data = readData(); !data) return data;
        const Result<WorkspaceStore*> files = m_context.files();
        if (!files) return tl::unexpected(files.error());
        m_run.tools.judge = &m_judge;
        m_run.tools.readFile = [files = *files, folder = (*workspace)->folder](const QString& path) {
            return files->readBodyFile(folder, path);
        };
        return gatherIdentities(**workspace);
    }

    /// A file that cannot be read, among what is run or above it: its requests would be missing, its folder's
    /// profile would not count.
    static const FileProblem* problemAmong(const Workspace& workspace, const QStringList& paths) {
        for (const FileProblem& problem : workspace.problems) {
            const QString folder = problem.path.section(u'/', 0, -2);
            const bool wholeFolder = problem.path.endsWith(QLatin1String("folder.yml"));
            for (const QString& path : paths.isEmpty() ? QStringList{QString()} : paths) {
                QString plain = path;
                while (plain.endsWith(u'/'))
                    plain.chop(1);
                if (plain.isEmpty() || problem.path == plain || problem.path.startsWith(plain + u'/') ||
                    (wholeFolder && (folder.isEmpty() || plain.startsWith(folder + u'/'))))
                    return &problem;
            }
        }
        return nullptr;
    }

    Result<void> readData() {
        m_run.iterations = qMax(1, m_options.iterations);
        if (m_options.data.empty()) return {};
        const QString path = QString::fromStdString(m_options.data);
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::FileError,
                        CliText::tr("The file cannot be read: %1").arg(file.errorString()), path);
        const Result<QList<VariableMap>> rows = readDataFile(file.readAll(), path);
        if (!rows) return tl::unexpected(rows.error());
        m_run.data = *rows;
        if (m_options.iterations == 0) m_run.iterations = int(rows->size());
        return {};
    }

    /// Only those that something is sent as: no keychain is asked for others.
    Result<void> gatherIdentities(const Workspace& workspace) {
        QStringList ids;
        if (!m_options.profile.empty()) {
            const QString name = QString::fromStdString(m_options.profile);
            if (name == QLatin1String("anonymous")) {
                m_run.asProfile = QString();
                return {};
            }
            const Result<Context::Source> source = m_context.secretOf(name);
            if (!source) return tl::unexpected(source.error());
            m_run.asProfile = source->profile->id;
            ids.append(source->profile->id);
        } else {
            for (const RunnerRequest& request : std::as_const(m_requests))
                if (!request.spec.profileId.isEmpty()) ids.append(request.spec.profileId);
            ids.removeDuplicates();
        }
        for (const QString& id : std::as_const(ids)) {
            const TokenProfile* profile = workspace.profile(id);
            if (!profile) continue; // the run says so at the request
            const Result<Context::Source> source = m_context.secretOf(profile->name);
            if (!source) return tl::unexpected(source.error());
            Sender identity{*profile, source->store, nullptr, source->fromEnvironment};
            if (isGrant(profile->scheme)) {
                m_grants.emplace_back(m_transport, m_context, *source);
                identity.grants = &m_grants.back().keeper;
            }
            m_identities.insert(id, identity);
            if (const Result<SecretRecord> record = readRecord(*source); record)
                m_ends +=
                    tokenEnds(*profile, profileFacts(profile->scheme, *record, source->binding->expiresAt));
        }
        return {};
    }

    void remember(const RunnerRecord& record) {
        const auto answers = record.answersByProfile();
        for (auto each = answers.cbegin(); each != answers.cend(); ++each)
            if (const Result<Context::Source> source = m_context.secretOf(each.key()))
                m_context.remember(
                    *source, profileEventOfMany(CliText::tr("A run of requests"), each->first, each->second));
    }

    void print(const RunnerRecord& record, const RunnerEntry& entry) const {
        const Output& out = m_context.out;
        if (out.json) return;
        const RunnerRequest& request = record.requests.at(entry.request);
        const QString word = entry.isUnchecked() ? QStringLiteral("answered") : stateName(entry.state);
        QString line = QStringLiteral("%1  %2  %3  %4 %5")
                           .arg(word, -8)
                           .arg(entry.status ? QString::number(entry.status) : QStringLiteral("---"))
                           .arg(request.path, request.spec.method, shownAddress(request.spec.url));
        if (record.iterations > 1) line += CliText::tr("  [iteration %1]").arg(entry.iteration + 1);
        if (!entry.problem.isEmpty()) line += QStringLiteral("  — ") + entry.problem;
        out.line(line);
        for (const CheckResult& check : entry.checks)
            if (check.state != CheckResult::State::Passed)
                out.line(QStringLiteral("         ✕ %1 — %2").arg(check.title(), check.message));
        if (entry.state == RunnerEntry::State::Failed && !entry.doctor.isEmpty())
            out.line(QStringLiteral("         ") + entry.doctor);
        for (const Captured& capture : entry.captures)
            if (!capture.problem.isEmpty())
                out.line(QStringLiteral("         ✕ %1 — %2").arg(capture.variable, capture.problem));
    }

    int report(const RunnerRecord& record) const {
        const Output& out = m_context.out;
        for (const Report& each : m_reports) {
            const Result<void> written = writeWholeFile(each.file, runnerReport(each.kind, record));
            if (!written) return out.error(written.error(), Usage);
        }
        using State = RunnerEntry::State;
        if (out.json) out.write(QByteArray(writeJson(runnerJson(record)) + '\n'));
        if (const QString note = record.scriptsNote(); !note.isEmpty()) out.message(note);
        out.headline(CliText::tr("%1 passed, %2 failed, %3 with an error, %4 skipped; %5 of %6 checks passed")
                         .arg(record.count(State::Passed))
                         .arg(record.count(State::Failed))
                         .arg(record.count(State::Error))
                         .arg(record.count(State::Skipped))
                         .arg(record.checkCount(true))
                         .arg(record.checkCount(true) + record.checkCount(false)));
        const bool setUp = std::any_of(record.entries.begin(), record.entries.end(),
                                       [](const RunnerEntry& entry) { return entry.nothingSent; });
        if (setUp) return Usage;
        if (record.count(State::Failed) > 0) return Findings;
        return record.isClean() ? Clean : Inconclusive;
    }

    Context& m_context;
    const RunnerOptions& m_options;
    ProcessJudge m_judge;
    CurlTransport m_transport;
    std::deque<Grants> m_grants;
    QList<Report> m_reports;
    QList<RunnerRequest> m_requests;
    QMap<QString, Sender> m_identities;
    CollectionRun::Options m_run;
    QList<TokenEnd> m_ends; ///< of those that are used
};

} // namespace

} // namespace kb::cli

// The door of the module.
extern "C" Q_DECL_EXPORT int kbRunnerCommand(kb::cli::Context& context,
                                             const kb::cli::RunnerOptions& options) {
    return kb::cli::RunJob(context, options).run();
}
