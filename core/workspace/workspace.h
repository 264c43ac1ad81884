// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/environment.h"
#include "core/workspace/matrix_settings.h"
#include "core/workspace/request_spec.h"
#include "core/workspace/token_profile.h"

#include <QHash>

namespace kb {

/// Which operation of an OpenAPI document a request was made of, so that importing the document again finds
/// it.
struct ImportMark {
    QString document;  ///< the document's title
    QString operation; ///< "GET /users/{id}"
    QString digest;    ///< of the request as the import made it: equal means that nobody edited it since
    /// What it had then: "path id", "query page", "header accept", "body". What is missing now was taken out.
    QStringList rows;
    bool operator==(const ImportMark&) const = default;
};

/// A folder or a request in the tree. `path` is relative to the workspace folder, with "/".
struct TreeItem {
    enum class Kind { Folder, Request };
    Kind kind = Kind::Request;
    QString path;
    QString name;
    int order = 0;
    RequestSpec request;      ///< of Kind::Request
    QList<TreeItem> children; ///< of Kind::Folder
    RequestDefaults defaults; ///< likewise
    ImportMark imported = {}; ///< of Kind::Request; empty where it came otherwise
    bool hasScripts = false;  ///< its file has scripts, which are kept and not run
    bool operator==(const TreeItem&) const = default;
};

/// A file that could not be read: shown, never overwritten.
struct FileProblem {
    QString path;
    Error error;
};

/// A workspace as plain data: an OpenCollection 1.0 folder in memory.
struct Workspace {
    QString name;
    QString folder; ///< absolute; empty while it has none
    QList<TreeItem> items;
    QList<Environment> environments;
    QList<TokenProfile> profiles;
    MatrixSettings matrix;
    RequestDefaults defaults; ///< of every request
    bool hasScripts = false;  ///< for every request; kept and not run
    QList<FileProblem> problems;

    const TokenProfile* profile(const QString& idOrName) const;
    const Environment* environment(const QString& environmentName) const;
    /// The class of an environment: its own, else that of the nearest one it is based on that has one.
    EnvironmentKind kindOf(const QString& environmentName) const;
    const TreeItem* find(const QString& path) const;
};

} // namespace kb
