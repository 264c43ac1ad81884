// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/snippet.h"

namespace kb {

/// What is exported: requests of a workspace. No secret is in a workspace, so none can be in an export.
struct ExportInput {
    const Workspace& workspace;
    QString environment; ///< whose variables are filled in where the format has none
    QStringList paths;   ///< of requests and folders; empty: all
};

/// The formats: "curl", "postman", "openapi", "har", "opencollection", "k6", "jmeter", and each target of
/// snippetTargets().
QStringList exportFormats();
/// The extension of a file of that format.
QString exportExtension(const QString& format);
struct Exported {
    QByteArray text;
    QStringList notes; ///< what the format cannot say
};
Result<Exported> exportRequests(const QString& format, const ExportInput& input);

} // namespace kb
