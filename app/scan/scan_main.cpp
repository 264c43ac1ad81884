// SPDX-License-Identifier: GPL-3.0-or-later
// Searches files for the exact secrets of the workspace's profiles and for what looks like one.
#include "app/cli/cli_text.h"
#include "app/cli/context.h"
#include "app/cli/scan_options.h"
#include "core/interchange/secret_scan.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QStandardPaths>

namespace kb::cli {

namespace {

constexpr qint64 largest = 256 * 1024 * 1024;

class ScanJob {
public:
    ScanJob(Context& context, const ScanOptions& options) : m_context(context), m_options(options) {}

    int run() {
        const Result<Workspace*> workspace = m_context.workspaceIfAny();
        if (!workspace) return m_context.out.error(workspace.error(), Usage);
        if (*workspace) gatherSecrets(**workspace);
        m_folder = m_options.folder.empty() ? (*workspace ? (*workspace)->folder : QDir::currentPath())
                                            : QDir(QString::fromStdString(m_options.folder)).absolutePath();
        scanFolder();
        scanHistory();
        return report();
    }

private:
    /// Of every profile in every environment, and those of this process's environment.
    void gatherSecrets(const Workspace& workspace) {
        for (const TokenProfile& profile : workspace.profiles) {
            const Result<Context::Source> source = m_context.secretOf(profile.name);
            if (source && source->fromEnvironment) {
                take(profile.name, *source->store, source->binding->secret);
            }
            if (profile.storage == SecretStorage::Memory) continue; // there is none
            for (const ProfileBinding& binding : profile.bindings)
                take(profile.name, m_context.keychain(), binding.secret);
        }
        for (const Environment& environment : workspace.environments)
            for (const SecretVariable& secret : environment.secrets)
                if (!secret.secret.isEmpty() && secret.storage == SecretStorage::Keychain)
                    take(secret.name, m_context.keychain(), secret.secret);
        const Result<QList<SecretSource>> sources = m_context.secretVariables();
        for (const SecretSource& source : sources.value_or(QList<SecretSource>()))
            if (source.trustFileOrigins) take(source.variable.name, *source.store, source.variable.secret);
    }

    void take(const QString& name, SecretStore& store, const SecretRef& ref) {
        const Result<SecretRecord> record = await<Result<SecretRecord>>(
            [&](std::function<void(Result<SecretRecord>)> done) { return store.read(ref, std::move(done)); });
        if (!record && record.error().code == ErrorCode::SecretMissing) return;
        if (!record)
            miss(CliText::tr("The secret of %1 is not searched for: %2").arg(name, record.error().text()));
        else if (!m_scan.add(name, *record))
            miss(CliText::tr("A secret of %1 is too short to be searched for.").arg(name));
    }

    void miss(const QString& what) {
        m_missed.append(what);
        m_context.out.message(what);
    }

    void scanFolder() {
        QDirIterator each(m_folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                          QDirIterator::Subdirectories);
        const QDir root(m_folder);
        while (each.hasNext()) {
            const QString path = each.next();
            const QString relative = root.relativeFilePath(path);
            const QStringList way = relative.split(u'/');
            // What git keeps is compressed, and dependencies are other people's.
            if (way.contains(QStringLiteral(".git")) || way.contains(QStringLiteral("node_modules")))
                continue;
            scanFile(path, relative);
        }
    }

    void scanHistory() {
        const QString usual = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                              QStringLiteral("/keybearer/history.sqlite");
        const QString path = m_options.history.empty() ? usual : QString::fromStdString(m_options.history);
        for (const char* part : {"", "-wal"})
            if (const QString file = path + QLatin1String(part); QFile::exists(file)) scanFile(file, file);
    }

    void scanFile(const QString& path, const QString& shown) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return miss(CliText::tr("%1 could not be read: %2").arg(shown, file.errorString()));
        if (file.size() > largest) return miss(CliText::tr("%1 is too large to be searched.").arg(shown));
        ++m_files;
        bool all = true;
        for (const ScanFinding& finding : m_scan.find(file.readAll(), &all))
            tell(shown, finding);
        if (!all)
            miss(CliText::tr("%1 has too much in a line, or too many findings, for all of it to be searched.")
                     .arg(shown));
    }

    void tell(const QString& file, const ScanFinding& finding) {
        m_findings.append(JsonObject()
                              .add(QStringLiteral("file"), file)
                              .add(QStringLiteral("line"), qint64(finding.line))
                              .add(QStringLiteral("exact"), finding.exact)
                              .add(QStringLiteral("what"), finding.what)
                              .add(QStringLiteral("shown"), finding.shown)
                              .value());
        if (m_context.out.json) return;
        const QString place = finding.line > 0 ? QStringLiteral("%1:%2").arg(file).arg(finding.line) : file;
        m_context.out.line(finding.shown.isEmpty()
                               ? QStringLiteral("%1  %2").arg(place, finding.what)
                               : QStringLiteral("%1  %2  %3").arg(place, finding.what, finding.shown));
    }

    int report() {
        const Output& out = m_context.out;
        if (out.json)
            out.document(JsonObject()
                             .add(QStringLiteral("folder"), m_folder)
                             .add(QStringLiteral("files"), qint64(m_files))
                             .add(QStringLiteral("findings"), jsonArray(m_findings))
                             .add(QStringLiteral("not_searched"), jsonTexts(m_missed)));
        out.headline(CliText::tr("%1 findings in %2 files").arg(m_findings.size()).arg(m_files));
        if (!m_findings.isEmpty()) return Findings;
        return m_missed.isEmpty() ? Clean : Inconclusive;
    }

    Context& m_context;
    const ScanOptions& m_options;
    SecretScan m_scan;
    QString m_folder;
    QStringList m_missed;
    QList<JsonValue> m_findings;
    int m_files = 0;
};

} // namespace

} // namespace kb::cli

// The door of the module.
extern "C" Q_DECL_EXPORT int kbScanCommand(kb::cli::Context& context, const kb::cli::ScanOptions& options) {
    return kb::cli::ScanJob(context, options).run();
}
