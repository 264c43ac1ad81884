// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/grants.h"

#include <QProcess>
#include <QStandardPaths>

namespace kb::cli {

bool CliBrowser::open(const QString& url) {
    if (!enabled) return false;
#if defined(Q_OS_WIN)
    return QProcess::startDetached(QStringLiteral("rundll32"),
                                   {QStringLiteral("url.dll,FileProtocolHandler"), url});
#elif defined(Q_OS_MACOS)
    return QProcess::startDetached(QStringLiteral("open"), {url});
#else
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY"))
        return false;
    const QString opener = QStandardPaths::findExecutable(QStringLiteral("xdg-open"));
    return !opener.isEmpty() && QProcess::startDetached(opener, {url});
#endif
}

Result<GrantInput> grantInputOf(Context& context, const Context::Source& source) {
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return tl::unexpected(workspace.error());
    const Result<QString> environment = context.environmentName();
    if (!environment) return tl::unexpected(environment.error());
    GrantInput input;
    input.profile = *source.profile;
    input.environment = *environment;
    input.variables = variablesOf(**workspace, *environment);
    input.trustFile = source.fromEnvironment;
    return input;
}

} // namespace kb::cli
