// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"

#include <QByteArray>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace kb {

/// Finds many fixed byte strings in one pass over a text, skipping most of it (the idea of Wu and Manber,
/// 1994: look at two bytes, skip as far as no pattern can begin before). Linear on all but contrived texts.
class PatternSearch {
public:
    struct Pattern {
        Secret bytes; ///< at least two
        int tag = 0;  ///< the caller's own
    };
    struct Match {
        qsizetype start = 0;
        const Pattern* pattern = nullptr;
    };

    void add(Secret bytes, int tag); ///< a pattern that is already there is not added again
    void prepare();                  ///< to be called after adding and before searching
    bool isEmpty() const { return m_patterns.empty(); }
    /// Calls `found` for every place where a pattern stands, in the order of the places.
    void each(QByteArrayView text, const std::function<void(const Match&)>& found) const;

private:
    std::vector<Pattern> m_patterns;
    std::size_t m_window = 0; ///< the length of the shortest pattern
    /// How far to go on, by a hash of the two bytes at the window's end. Small, because each run makes its
    /// own.
    std::vector<std::uint8_t> m_shift;
    /// Patterns that may stand where the shift is 0, by the same hash.
    std::vector<std::pair<std::uint16_t, std::uint16_t>> m_chains;
};

} // namespace kb
