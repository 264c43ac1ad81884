// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/export_matrix.h"
#include "core/workspace/yaml_node.h"

namespace kb::exporting {

/// A new mapping at the end of a sequence.
yaml::Node& appended(yaml::Node& sequence);
QByteArray yamlText(yaml::Node root);
/// The headers that a profile's credential and keys make. What is no header is told and left out.
QList<std::pair<QString, SnippetText>> credentialHeaders(const TokenProfile& profile, QStringList& notes);

} // namespace kb::exporting
