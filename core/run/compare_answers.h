// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/history_store.h"

namespace kb {

/// One thing in which two answers differ.
struct AnswerDifference {
    QString what; ///< "status", "header Content-Type", "/users/0/name" (a JSON pointer), "body"
    QString left; ///< empty where the left answer has none
    QString right;
    bool operator==(const AnswerDifference&) const = default;
};
/// Status, header fields (Date aside), and the bodies: by JSON pointers where both are JSON, else as a whole.
/// At most 500.
QList<AnswerDifference> compareAnswers(const HistoryRecord& left, const HistoryRecord& right);

} // namespace kb
