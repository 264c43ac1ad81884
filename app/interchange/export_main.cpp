// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace's requests in the words of others.
#include "app/cli/context.h"
#include "app/cli/interchange_options.h"
#include "app/matrix/document.h"
#include "core/interchange/export.h"

namespace kb::cli {

namespace {

int exportTo(Context& context, const ExportOptions& options) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    const Result<QString> environment = context.environmentName();
    if (!environment) return out.error(environment.error(), Usage);
    ExportInput input{**workspace, *environment, {}};
    for (const std::string& path : options.paths)
        input.paths.append(QString::fromStdString(path));
    const QString format = QString::fromStdString(options.format);
    const Result<Exported> exported = exportRequests(format, input);
    if (!exported) return out.error(exported.error(), Usage);
    for (const QString& note : exported->notes)
        out.message(note);
    if (options.output.empty()) {
        if (out.json)
            out.document(JsonObject()
                             .add(QStringLiteral("format"), format)
                             .add(QStringLiteral("text"), QString::fromUtf8(exported->text))
                             .add(QStringLiteral("notes"), jsonTexts(exported->notes)));
        else
            out.write(exported->text);
        return Clean;
    }
    const QString file = QString::fromStdString(options.output);
    const Result<void> written = writeWholeFile(file, exported->text);
    if (!written) return out.error(written.error(), Usage);
    if (out.json)
        out.document(JsonObject()
                         .add(QStringLiteral("format"), format)
                         .add(QStringLiteral("file"), file)
                         .add(QStringLiteral("notes"), jsonTexts(exported->notes)));
    return Clean;
}

} // namespace

} // namespace kb::cli

// The door of the module.
extern "C" Q_DECL_EXPORT int kbExportCommand(kb::cli::Context& context,
                                             const kb::cli::ExportOptions& options) {
    return kb::cli::exportTo(context, options);
}
