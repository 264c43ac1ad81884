// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/pattern_search.h"

#include <algorithm>
#include <cstring>

namespace kb {

namespace {

constexpr std::size_t hashCount = 4096;

std::size_t hashAt(const char* bytes) {
    return ((std::size_t(static_cast<unsigned char>(bytes[0])) << 5) ^ static_cast<unsigned char>(bytes[1])) %
           hashCount;
}

} // namespace

void PatternSearch::add(Secret bytes, int tag) {
    if (bytes.size() < 2) return;
    const bool known = std::any_of(m_patterns.begin(), m_patterns.end(),
                                   [&bytes](const Pattern& pattern) { return pattern.bytes.equals(bytes); });
    if (!known) m_patterns.push_back({std::move(bytes), tag});
}

void PatternSearch::prepare() {
    if (m_patterns.empty()) return;
    m_window = 256;
    for (const Pattern& pattern : m_patterns)
        m_window = std::min(m_window, pattern.bytes.size());
    m_shift.assign(hashCount, std::uint8_t(m_window - 1));
    m_chains.clear();
    for (std::size_t index = 0; index < m_patterns.size(); ++index) {
        const char* bytes = m_patterns[index].bytes.reveal().data();
        for (std::size_t i = 0; i + 2 <= m_window; ++i) {
            std::uint8_t& shift = m_shift[hashAt(bytes + i)];
            shift = std::min(shift, std::uint8_t(m_window - 2 - i));
        }
        m_chains.emplace_back(std::uint16_t(hashAt(bytes + m_window - 2)), std::uint16_t(index));
    }
    std::sort(m_chains.begin(), m_chains.end());
}

void PatternSearch::each(QByteArrayView text, const std::function<void(const Match&)>& found) const {
    if (m_chains.empty()) return;
    const char* data = text.data();
    const auto size = std::size_t(text.size());
    const std::uint8_t* const shifts = m_shift.data();
    const std::size_t window = m_window;
    for (std::size_t start = 0; start + window <= size;) {
        const std::size_t hash = hashAt(data + start + window - 2);
        const std::size_t shift = shifts[hash];
        if (shift > 0) {
            start += shift;
            continue;
        }
        auto chain = std::lower_bound(m_chains.begin(), m_chains.end(),
                                      std::pair(std::uint16_t(hash), std::uint16_t(0)));
        for (; chain != m_chains.end() && chain->first == hash; ++chain) {
            const Pattern& pattern = m_patterns[chain->second];
            const std::string_view bytes = pattern.bytes.reveal();
            if (bytes.size() > size - start || std::memcmp(data + start, bytes.data(), bytes.size()) != 0)
                continue;
            found({qsizetype(start), &pattern});
        }
        ++start;
    }
}

} // namespace kb
