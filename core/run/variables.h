// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/workspace.h"

#include <QMap>

namespace kb {

/// The variables in force: the environment's, those of its .env file and of the environments it extends where
/// it has none of the name, and those the program sets for this session (they win).
using VariableMap = QMap<QString, QString>;
/// The workspace's own variables count where the environment has none of the name; with a request's path,
/// those of its folders win over the environment.
VariableMap variablesOf(const Workspace& workspace, const QString& environmentName,
                        const VariableMap& session = {}, const QString& path = {});

/// For that request, whose place is its id: its own variables win over those of its folders.
VariableMap variablesOf(const Workspace& workspace, const QString& environmentName,
                        const VariableMap& session, const RequestSpec& spec);

/// The secret variables in force, the nearer environment's first to count. A name that a folder, a data file
/// or an answer gives too (that is: one that is in the map) is theirs.
QList<SecretVariable> secretVariablesOf(const Workspace& workspace, const QString& environmentName);

/// Replaces each {{name}}, dynamic ones such as {{$uuid}} too (dynamicValue()); values may name variables
/// themselves (depth 10, loops are an error). An unknown one is ErrorCode::UnknownVariable with its name in
/// `where`.
Result<QString> resolveVariables(const QString& text, const VariableMap& variables);
/// The names a request uses that nothing defines, in order of appearance, each once.
QStringList unknownVariables(const RequestSpec& spec, const VariableMap& variables);

} // namespace kb
