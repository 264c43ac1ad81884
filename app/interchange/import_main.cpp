// SPDX-License-Identifier: GPL-3.0-or-later
// What others made, into a workspace.
#include "app/cli/cli_text.h"
#include "app/cli/context.h"
#include "app/cli/interchange_options.h"
#include "app/matrix/document.h"
#include "app/matrix/fetch.h"
#include "core/auth/further_keys.h"
#include "core/interchange/import_merge.h"
#include "core/interchange/import_save.h"
#include "io/network/curl_transport.h"

#include <QDir>
#include <QFileInfo>

namespace kb::cli {

namespace {

class ImportTask {
public:
    ImportTask(Context& context, const ImportOptions& options)
        : m_context(context), m_options(options), m_source(QString::fromStdString(options.source)) {}

    int run() {
        Result<Imported> imported = read();
        if (!imported) return m_context.out.error(imported.error(), Usage);
        const QString folder = QDir::cleanPath(QDir(QString::fromStdString(m_options.output)).absolutePath());
        const Result<WorkspaceStore*> store = m_context.files();
        if (!store) return m_context.out.error(store.error(), Usage);
        if (m_options.dryRun) {
            // With a folder it is told against what is there, which may be nothing yet.
            const Result<Workspace> present =
                m_options.output.empty() ? fail(ErrorCode::NotFound, {}) : (*store)->load(folder);
            noteDocument(*imported, document(folder, *imported),
                         present ? present->matrix.document : QString());
            return report(*imported, {}, present ? mergeWith(*present, *imported) : ImportMerge());
        }
        const Result<Workspace> workspace =
            (*store)->create(folder, imported->name.isEmpty() ? QDir(folder).dirName() : imported->name);
        if (!workspace) return m_context.out.error(workspace.error(), Usage);
        return save(**store, *workspace, std::move(*imported));
    }

private:
    Result<Imported> read() {
        const QString format = QString::fromStdString(m_options.format);
        if (m_source == QLatin1String("-")) {
            QFile input;
            if (!input.open(stdin, QIODevice::ReadOnly))
                return fail(ErrorCode::FileError, CliText::tr("Standard input cannot be read."));
            return importFiles({{QStringLiteral("input"), readDocument(input)}}, format);
        }
        if (isDocumentAddress(m_source)) {
            const Result<QString> environment = m_context.environmentName();
            if (!environment) return tl::unexpected(environment.error());
            RunInput input;
            input.environment = *environment;
            if (const Result<Workspace*> workspace = m_context.workspaceIfAny(); workspace && *workspace)
                input.variables = variablesOf(**workspace, *environment);
            input.spec.url = m_source;
            input.spec.settings.timeoutMs = int(m_options.timeoutSeconds * 1000);
            input.caFile = QString::fromStdString(m_options.caFile);
            CurlTransport transport;
            const Result<QByteArray> text = fetchDocument(m_context, transport, std::move(input),
                                                          QString::fromStdString(m_options.profile));
            if (!text) return tl::unexpected(text.error());
            return importFiles({{documentName(m_source), *text}}, format);
        }
        const Result<QList<ImportFile>> files = readImportFiles(m_source);
        if (!files) return tl::unexpected(files.error());
        return importFiles(*files, format);
    }

    static ImportMerge mergeWith(const Workspace& workspace, const Imported& imported) {
        return imported.api ? mergeImport(workspace, imported, {}) : ImportMerge();
    }

    /// As the workspace would name it: within its folder by a path, elsewhere in full.
    QString document(const QString& folder, const Imported& imported) const {
        if (m_source == QLatin1String("-")) return {};
        if (isDocumentAddress(m_source)) return documentName(m_source) == m_source ? m_source : QString();
        const QString& file = imported.document;
        return file.startsWith(folder + u'/') ? file.mid(folder.size() + 1) : file;
    }

    int save(WorkspaceStore& store, const Workspace& workspace, Imported imported) {
        ImportSave::Options options;
        const bool memory = m_options.storage == "memory";
        options.storage = memory ? SecretStorage::Memory : SecretStorage::Keychain;
        options.document = document(workspace.folder, imported);
        noteDocument(imported, options.document, workspace.matrix.document);
        const Imported shown = describe(imported);
        const ImportMerge merge = mergeWith(workspace, imported);
        ImportSave task(store, memory ? nullptr : &m_context.keychain(), workspace, std::move(imported),
                        options);
        std::optional<Error> error;
        std::optional<Workspace> saved;
        QEventLoop loop;
        QObject::connect(&task, &ImportSave::finished, &loop,
                         [&](const Workspace& now, const std::optional<Error>& problem) {
                             saved = now;
                             error = problem;
                             loop.quit();
                         });
        task.start();
        loop.exec();
        if (error) return m_context.out.error(*error, Usage);
        return report(shown, saved->folder, merge);
    }

    /// What is told afterwards, without the secrets.
    static Imported describe(const Imported& imported) {
        Imported shown;
        shown.format = imported.format;
        shown.name = imported.name;
        shown.items = imported.items;
        shown.environments = imported.environments;
        shown.notes = imported.notes;
        for (const ImportedProfile& each : imported.profiles) {
            ImportedProfile plain;
            plain.profile = each.profile;
            plain.places = each.places;
            for (const auto& [ref, record] : each.secrets)
                plain.secrets.emplace_back(ref, SecretRecord());
            shown.profiles.push_back(std::move(plain));
        }
        for (const ImportedSecret& each : imported.secrets) {
            ImportedSecret plain{each.environment, each.name, {}, each.places};
            plain.record.allowedOrigins = each.record.allowedOrigins;
            // Only whether there is one counts here.
            if (!each.record.secret.isEmpty()) plain.record.secret = Secret("-");
            shown.secrets.push_back(std::move(plain));
        }
        return shown;
    }

    /// What a document that was imported before did to its requests.
    void tellMerge(const ImportMerge& merge, qsizetype added) const {
        const Output& out = m_context.out;
        for (const TreeItem& item : merge.changed)
            out.line(merge.edited.contains(item.path)
                         ? CliText::tr("Changed, with your edits kept: %1").arg(item.path)
                         : CliText::tr("Changed: %1").arg(item.path));
        for (const QString& path : merge.gone)
            out.line(CliText::tr("No longer in the document, and kept: %1").arg(path));
        out.headline(CliText::tr("%1 new, %2 changed, %3 as before, %4 gone")
                         .arg(added)
                         .arg(merge.changed.size())
                         .arg(merge.same.size())
                         .arg(merge.gone.size()));
    }

    int report(const Imported& imported, const QString& folder, const ImportMerge& merge) {
        const bool again = !merge.changed.isEmpty() || !merge.same.isEmpty() || !merge.gone.isEmpty();
        const qsizetype added = imported.requestCount() - merge.changed.size() - merge.same.size();
        QStringList changed;
        for (const TreeItem& item : merge.changed)
            changed.append(item.path);
        const Output& out = m_context.out;
        const bool memory = m_options.storage == "memory";
        QList<JsonValue> profiles;
        QStringList environments;
        for (const Environment& environment : imported.environments)
            environments.append(environment.name);
        for (const ImportedProfile& each : imported.profiles) {
            const QString variable = EnvironmentSecrets::variableName(each.profile.name);
            QStringList keys;
            for (const ApiKeyScheme& key : each.profile.keys)
                keys.append(keyTitle(key));
            profiles.append(JsonObject()
                                .add(QStringLiteral("name"), each.profile.name)
                                .add(QStringLiteral("kind"), schemeName(each.profile.scheme))
                                .add(QStringLiteral("keys"), jsonTexts(keys))
                                .add(QStringLiteral("has_secret"), !each.secrets.empty())
                                .add(QStringLiteral("found_in"), jsonTexts(each.places))
                                .value());
            if (out.json) continue;
            out.line(each.secrets.empty() ? CliText::tr("Profile %1 (%2): it has no secret yet.")
                                                .arg(each.profile.name, schemeName(each.profile.scheme))
                     : memory ? CliText::tr("Profile %1 (%2): its secret is read from %3.")
                                    .arg(each.profile.name, schemeName(each.profile.scheme), variable)
                              : CliText::tr("Profile %1 (%2): its secret is in the keychain.")
                                    .arg(each.profile.name, schemeName(each.profile.scheme)));
            for (const ApiKeyScheme& key : each.profile.keys)
                out.line(QStringLiteral("  ") +
                         (memory ? CliText::tr("Its key %1 goes along and is read from %2.")
                                       .arg(keyTitle(key),
                                            EnvironmentSecrets::variableName(keyOwner(each.profile, key)))
                                 : CliText::tr("Its key %1 goes along.").arg(keyTitle(key))));
            for (const QString& place : each.places)
                out.line(QStringLiteral("  ") + place);
        }
        QList<JsonValue> variables;
        for (const ImportedSecret& each : imported.secrets) {
            const bool has = !each.record.secret.isEmpty();
            variables.append(JsonObject()
                                 .add(QStringLiteral("name"), each.name)
                                 .add(QStringLiteral("environment"), each.environment)
                                 .add(QStringLiteral("has_secret"), has)
                                 .add(QStringLiteral("found_in"), jsonTexts(each.places))
                                 .value());
            if (out.json) continue;
            const QString where =
                each.environment.isEmpty() ? CliText::tr("every environment") : each.environment;
            out.line(!has ? CliText::tr("Secret variable %1 (%2): it has no value yet.").arg(each.name, where)
                     : memory ? CliText::tr("Secret variable %1 (%2): its value is read from %3.")
                                    .arg(each.name, where, EnvironmentSecrets::variableName(each.name))
                              : CliText::tr("Secret variable %1 (%2): its value is in the keychain.")
                                    .arg(each.name, where));
            for (const QString& place : each.places)
                out.line(QStringLiteral("  ") + place);
        }
        if (out.json) {
            out.document(JsonObject()
                             .add(QStringLiteral("format"), imported.format)
                             .add(QStringLiteral("name"), imported.name)
                             .add(QStringLiteral("workspace"), folder)
                             .add(QStringLiteral("requests"), qint64(imported.requestCount()))
                             .add(QStringLiteral("new"), qint64(added))
                             .add(QStringLiteral("changed"), jsonTexts(changed))
                             .add(QStringLiteral("edits_kept"), jsonTexts(merge.edited))
                             .add(QStringLiteral("gone"), jsonTexts(merge.gone))
                             .add(QStringLiteral("environments"), jsonTexts(environments))
                             .add(QStringLiteral("profiles"), jsonArray(std::move(profiles)))
                             .add(QStringLiteral("secret_variables"), jsonArray(std::move(variables)))
                             .add(QStringLiteral("notes"), jsonTexts(imported.notes)));
            return Clean;
        }
        for (const QString& note : imported.notes)
            out.message(note);
        if (again) tellMerge(merge, added);
        out.headline(
            CliText::tr("%n request(s)", nullptr, imported.requestCount()) + QStringLiteral(", ") +
            CliText::tr("%n environment(s)", nullptr, int(environments.size())) + QStringLiteral(", ") +
            CliText::tr("%n profile(s)", nullptr, int(imported.profiles.size())) +
            (folder.isEmpty() ? QString() : QStringLiteral(" → ") + QDir::toNativeSeparators(folder)));
        return Clean;
    }

    Context& m_context;
    const ImportOptions& m_options;
    QString m_source;
};

} // namespace

} // namespace kb::cli

// The door of the module.
extern "C" Q_DECL_EXPORT int kbImportCommand(kb::cli::Context& context,
                                             const kb::cli::ImportOptions& options) {
    return kb::cli::ImportTask(context, options).run();
}
