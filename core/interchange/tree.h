// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/yaml_node.h"

#include <initializer_list>

namespace kb {

/// A JSON or YAML text as one kind of tree, each value with its line. Bounded in size and depth.
Result<yaml::Node> readTree(const QByteArray& text, const QString& name);

/// The member that a path of names leads to, or nullptr.
const yaml::Node* childOf(const yaml::Node* node, std::initializer_list<QByteArrayView> path);
/// The text of such a member; numbers and booleans as written; empty where it is none.
QString textOf(const yaml::Node* node, std::initializer_list<QByteArrayView> path);
/// Whether such a member is true, or the word "true".
bool isTrue(const yaml::Node* node, std::initializer_list<QByteArrayView> path);
/// The elements of such a member; none where it is no sequence.
const std::vector<yaml::Node::Entry>& elementsOf(const yaml::Node* node,
                                                 std::initializer_list<QByteArrayView> path);

} // namespace kb
