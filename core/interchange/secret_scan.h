// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/pattern_search.h"
#include "core/auth/secret_store.h"

#include <vector>

namespace kb {

struct ScanFinding {
    bool exact = false; ///< a secret of a profile; else something that looks like one
    QString what;       ///< "the secret of Reader", "GitHub personal access token"
    QString shown;      ///< its first and last characters; empty for an exact one
    qsizetype line = 0; ///< from 1; 0 in a file that is no text
    bool operator==(const ScanFinding&) const = default;
};

/// Looks through files for secrets: those of profiles in every form they are masked in (as they are, in
/// base64, percent-encoded, …), and words that have the shape of a token.
class SecretScan {
public:
    /// A record's secret and its parts. False if one of them is too short to be searched for (under 8 bytes).
    bool add(const QString& profileName, const SecretRecord& record);
    /// Each secret once a line, a thousand at the most. `all` becomes false where shapes were not looked for
    /// in a line of more than a megabyte, or there are more findings.
    QList<ScanFinding> find(const QByteArray& file, bool* all = nullptr) const;

private:
    struct Known {
        QString what;
        PatternSearch search;
    };
    std::vector<Known> m_known;
};

} // namespace kb
