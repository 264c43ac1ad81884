// SPDX-License-Identifier: GPL-3.0-or-later
// Identities and expectations of other programs' matrices, in and out.
#include "app/cli/cli_text.h"
#include "app/cli/context.h"
#include "app/cli/matrix_exchange_options.h"
#include "app/matrix/document.h"
#include "app/matrix/exchange.h"
#include "app/matrix/fetch.h"
#include "core/auth/further_keys.h"
#include "core/http/url.h"
#include "core/interchange/export_matrix.h"
#include "core/interchange/import_save.h"
#include "core/interchange/import_save_matrix.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace kb::cli {

namespace {

class MatrixImportTask {
public:
    MatrixImportTask(Context& context, const MatrixExchangeOptions& options)
        : m_context(context), m_options(options), m_file(QString::fromStdString(options.file)) {}

    int run() {
        const Result<void> done = read();
        return done ? finish() : m_context.out.error(done.error(), Usage);
    }

private:
    Result<void> read() {
        MatrixImportOptions options;
        options.format = QString::fromStdString(m_options.format);
        for (const std::string& text : m_options.allow) {
            const Result<Origin> origin = Origin::parse(QString::fromStdString(text));
            if (!origin) return tl::unexpected(origin.error());
            options.allowed.append(origin->text());
        }
        const Result<Workspace*> present = m_context.workspaceIfAny();
        if (!present) return tl::unexpected(present.error());
        if (*present) {
            const Result<QString> environment = m_context.environmentName();
            if (!environment) return tl::unexpected(environment.error());
            options.variables = variablesOf(**present, *environment);
            m_workspace = **present;
        }
        if (!options.allowed.isEmpty())
            options.baseUrl = options.allowed.first();
        else if (options.variables.contains(QStringLiteral("baseUrl")))
            options.baseUrl = QStringLiteral("{{baseUrl}}");
        const bool input = m_file == QLatin1String("-");
        QFile file(m_file);
        if (input ? !file.open(stdin, QIODevice::ReadOnly) : !file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::FileError,
                        CliText::tr("The file cannot be read: %1").arg(file.errorString()), m_file);
        Result<ImportedMatrix> matrix = readMatrix(
            readDocument(file), input ? QStringLiteral("input") : QFileInfo(m_file).fileName(), options);
        if (!matrix) return tl::unexpected(matrix.error());
        const Result<std::optional<ApiDescription>> api = document();
        if (!api) return tl::unexpected(api.error());
        m_placed = placeMatrix(m_workspace, std::move(*matrix), *api ? &**api : nullptr);
        return {};
    }

    /// The file of --openapi, else the workspace's, which is no mistake of this command if it cannot be read.
    Result<std::optional<ApiDescription>> document() {
        if (!m_options.openapi.empty()) {
            Result<ApiDescription> api = readApiFile(QString::fromStdString(m_options.openapi));
            if (!api) return tl::unexpected(api.error());
            return std::optional(std::move(*api));
        }
        const QString& own = m_workspace.matrix.document;
        if (own.isEmpty()) return std::optional<ApiDescription>();
        if (isDocumentAddress(own)) {
            m_context.out.message(
                CliText::tr("The document is at an address, and nothing is fetched here. Name "
                            "a file with --openapi to have operations named by it."));
            return std::optional<ApiDescription>();
        }
        Result<ApiDescription> api = readApiFile(QDir(m_workspace.folder).filePath(own));
        if (!api) m_context.out.message(api.error().text());
        return api ? std::optional(std::move(*api)) : std::optional<ApiDescription>();
    }

    int finish() {
        for (const ImportedProfile& each : m_placed.profiles.profiles)
            describe(each);
        if (!m_options.dryRun)
            if (const Result<void> saved = save(); !saved) return m_context.out.error(saved.error(), Usage);
        return report();
    }

    Result<void> save() {
        const Result<Workspace*> made = m_context.workspaceOrNew();
        if (!made) return tl::unexpected(made.error());
        const Result<WorkspaceStore*> store = m_context.files();
        if (!store) return tl::unexpected(store.error());
        Workspace workspace = **made;
        workspace.matrix = m_workspace.matrix;
        ImportSave::Options options;
        const bool memory = m_options.storage == "memory";
        options.storage = memory ? SecretStorage::Memory : SecretStorage::Keychain;
        ImportSave task(**store, memory ? nullptr : &m_context.keychain(), workspace,
                        std::move(m_placed.profiles), options);
        std::optional<Error> problem;
        QEventLoop loop;
        QObject::connect(&task, &ImportSave::finished, &loop,
                         [&](const Workspace&, const std::optional<Error>& error) {
                             problem = error;
                             loop.quit();
                         });
        task.start();
        loop.exec();
        if (problem) return tl::unexpected(*problem);
        m_folder = workspace.folder;
        return {};
    }

    /// What is told of a profile, without its secrets.
    void describe(const ImportedProfile& each) {
        const bool memory = m_options.storage == "memory";
        const QString& name = each.profile.name;
        const QString kind = schemeName(each.profile.scheme);
        QStringList keys;
        for (const ApiKeyScheme& key : each.profile.keys)
            keys.append(keyTitle(key));
        m_profiles.append(
            JsonObject()
                .add(QStringLiteral("name"), name)
                .add(QStringLiteral("kind"), kind)
                .add(QStringLiteral("keys"), jsonTexts(keys))
                .add(QStringLiteral("has_secret"), !each.secrets.empty())
                .add(QStringLiteral("allowed"), jsonTexts(each.profile.bindings.first().allowedOrigins))
                .add(QStringLiteral("found_in"), jsonTexts(each.places))
                .value());
        m_lines.append(
            each.secrets.empty() ? CliText::tr("Profile %1 (%2): it has no secret yet.").arg(name, kind)
            : memory             ? CliText::tr("Profile %1 (%2): its secret is read from %3.")
                           .arg(name, kind, EnvironmentSecrets::variableName(name))
                     : CliText::tr("Profile %1 (%2): its secret is in the keychain.").arg(name, kind));
        for (const QString& key : std::as_const(keys))
            m_lines.append(QStringLiteral("  ") + CliText::tr("Its key %1 goes along.").arg(key));
        for (const QString& place : each.places)
            m_lines.append(QStringLiteral("  ") + place);
        if (each.profile.bindings.first().allowedOrigins.isEmpty())
            m_lines.append(QStringLiteral("  ") +
                           CliText::tr("It may go nowhere yet: allow a host with profile set --allow."));
    }

    int report() {
        const Output& out = m_context.out;
        QList<JsonValue> marks, rules;
        for (const MatrixMark& mark : std::as_const(m_placed.marks)) {
            const QString who = m_placed.names.value(mark.profile);
            marks.append(JsonObject()
                             .add(QStringLiteral("operation"), mark.operation)
                             .add(QStringLiteral("profile"), who)
                             .add(QStringLiteral("binding"), mark.binding)
                             .add(QStringLiteral("expected"), expectName(mark.expect))
                             .value());
            const QString binding =
                mark.binding.isEmpty() ? QString() : QStringLiteral(" [") + mark.binding + u']';
            m_lines.append(
                QStringLiteral("%1  %2").arg(expectName(mark.expect), -8).arg(mark.operation + binding) +
                QStringLiteral(" · ") + who);
        }
        for (const MatrixRule& rule : std::as_const(m_placed.rules)) {
            const QString operation = rule.methods.join(u',') + u' ' + rule.path;
            rules.append(JsonObject()
                             .add(QStringLiteral("operation"), operation)
                             .add(QStringLiteral("require"), jsonTexts(rule.claims))
                             .add(QStringLiteral("otherwise"), expectName(rule.otherwise))
                             .value());
            m_lines.append(
                CliText::tr("Rule: %1 needs %2.").arg(operation, rule.claims.join(QStringLiteral(", "))));
        }
        if (out.json) {
            out.document(JsonObject()
                             .add(QStringLiteral("format"), m_placed.profiles.format)
                             .add(QStringLiteral("workspace"), m_folder)
                             .add(QStringLiteral("profiles"), jsonArray(std::move(m_profiles)))
                             .add(QStringLiteral("kept"), jsonTexts(m_placed.kept))
                             .add(QStringLiteral("marks"), jsonArray(std::move(marks)))
                             .add(QStringLiteral("rules"), jsonArray(std::move(rules)))
                             .add(QStringLiteral("objects"), qint64(m_placed.objects))
                             .add(QStringLiteral("notes"), jsonTexts(m_placed.notes)));
            return Clean;
        }
        for (const QString& line : std::as_const(m_lines))
            out.line(line);
        for (const QString& note : std::as_const(m_placed.notes))
            out.message(note);
        out.headline(
            CliText::tr("%n profile(s)", nullptr, int(m_profiles.size())) + QStringLiteral(", ") +
            CliText::tr("%n mark(s)", nullptr, int(m_placed.marks.size())) + QStringLiteral(", ") +
            CliText::tr("%n rule(s)", nullptr, int(m_placed.rules.size())) +
            (m_folder.isEmpty() ? QString() : QStringLiteral(" → ") + QDir::toNativeSeparators(m_folder)));
        return Clean;
    }

    Context& m_context;
    const MatrixExchangeOptions& m_options;
    QString m_file;
    Workspace m_workspace; ///< as it will be, but for its profiles
    PlacedMatrix m_placed;
    QString m_folder; ///< empty with --dry-run
    QList<JsonValue> m_profiles;
    QStringList m_lines;
};

int writeExchange(Context& context, const QString& format, const std::string& name,
                  const Exported& exported) {
    const Output& out = context.out;
    const QString file = QString::fromStdString(name);
    for (const QString& note : exported.notes)
        out.message(note);
    if (file.isEmpty() && !out.json) {
        out.write(exported.text);
        return Clean;
    }
    if (!file.isEmpty())
        if (const Result<void> written = writeWholeFile(file, exported.text); !written)
            return out.error(written.error(), Usage);
    if (out.json)
        out.document(JsonObject()
                         .add(QStringLiteral("format"), format)
                         .add(file.isEmpty() ? QStringLiteral("text") : QStringLiteral("file"),
                              file.isEmpty() ? QString::fromUtf8(exported.text) : file)
                         .add(QStringLiteral("notes"), jsonTexts(exported.notes)));
    return Clean;
}

int writeWfc(Context& context, const std::string& file) {
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return context.out.error(workspace.error(), Usage);
    const Result<QString> environment = context.environmentName();
    if (!environment) return context.out.error(environment.error(), Usage);
    return writeExchange(context, QStringLiteral("wfc"), file,
                         exportWfc(**workspace, variablesOf(**workspace, *environment)));
}

} // namespace

int writeOverstep(Context& context, const std::string& file, const MatrixPlan& plan) {
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return context.out.error(workspace.error(), Usage);
    return writeExchange(context, QStringLiteral("overstep"), file, exportOverstep(**workspace, plan));
}

} // namespace kb::cli

// The door of the module.
extern "C" Q_DECL_EXPORT int kbMatrixExchangeCommand(kb::cli::Context& context,
                                                     const kb::cli::MatrixExchangeOptions& options) {
    return options.writes ? kb::cli::writeWfc(context, options.output)
                          : kb::cli::MatrixImportTask(context, options).run();
}
