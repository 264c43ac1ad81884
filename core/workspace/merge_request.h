// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/request_spec.h"

namespace kb {

/// One value that both sides changed, each in its own way.
struct MergeConflict {
    QString place;        ///< "URL", "Header Accept"
    QString mine, theirs; ///< as one reads them; empty: removed. Secrets in credential fields are masked.
    bool operator==(const MergeConflict&) const = default;
};

/// Two edits of one request put together. Where they are about different values, both count; where they are
/// about the same value, `mine` and `theirs` differ in it and in nothing else.
struct MergedRequest {
    RequestSpec mine, theirs;
    QList<MergeConflict> conflicts;
};

/// The three-way merge of a request by its values: each header, parameter, part, check and setting is one.
/// Rows are told apart by their name and, where names repeat, by their turn.
MergedRequest mergeRequest(const RequestSpec& base, const RequestSpec& mine, const RequestSpec& theirs);

} // namespace kb
