// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/request_spec.h"

namespace kb {

/// A request with edits that are not saved: as it was when it was opened, and as it stands now.
struct Draft {
    QString path; ///< of its file; empty if it was never saved
    RequestSpec base, now;
    bool withoutSecrets = false; ///< something that looked like a secret was left out
};

/// As text for a DraftStore. The caller has taken the secrets out.
Result<QByteArray> writeDraft(const Draft& draft);
Result<Draft> readDraft(const QByteArray& text);

} // namespace kb
