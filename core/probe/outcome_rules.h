// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"
#include "core/probe/outcome.h"

namespace kb {

using OutcomeRules = QList<std::shared_ptr<const OutcomeRule>>;
/// The user's rules, each with a name: its own, or its place in the list.
OutcomeRules outcomeRules(const MatrixSettings& settings);
/// The first that fits the answer of an operation; null where none does.
std::shared_ptr<const OutcomeRule> ruleFor(const OutcomeRules& rules, const ApiOperation& operation,
                                           const Response& answer);

/// In what an answer is not what a mark expects exactly, a sentence; empty where it is just so.
QString unlikeness(const ExactAnswer& exactly, const Response& answer);

} // namespace kb
