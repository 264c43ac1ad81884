// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/mask_spans.h"

#include "core/auth/secret_variants.h"
#include "core/auth/token_shapes.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <map>

namespace kb {

namespace {

constexpr std::array<bool, 256> makeWordTable() {
    std::array<bool, 256> table{};
    for (int c = 'a'; c <= 'z'; ++c)
        table[std::size_t(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c)
        table[std::size_t(c)] = true;
    for (int c = '0'; c <= '9'; ++c)
        table[std::size_t(c)] = true;
    table[std::size_t('_')] = table[std::size_t('-')] = true;
    return table;
}
constexpr auto wordTable = makeWordTable();
bool isWord(char c) {
    return wordTable[static_cast<unsigned char>(c)];
}

/// The shapes by the first two bytes of their prefixes, so that most words are passed over after one look.
struct Starts {
    std::bitset<65536> pairs;
    std::map<std::size_t, std::vector<const TokenShape*>> shapes;

    static std::size_t index(char a, char b) {
        return std::size_t(static_cast<unsigned char>(a)) << 8 | static_cast<unsigned char>(b);
    }
    Starts() {
        pairs.set(index('e', 'y'));
        for (const TokenShape& shape : tokenShapes()) {
            if (shape.trait == TokenTrait::Public) continue;
            const std::size_t pair = index(shape.prefix[0], shape.prefix[1]);
            pairs.set(pair);
            shapes[pair].push_back(&shape);
        }
    }
};

qsizetype endOfWord(std::string_view text, qsizetype from) {
    while (from < qsizetype(text.size()) && isWord(text[std::size_t(from)]))
        ++from;
    return from;
}

/// If a compact JWS or JWE begins here, adds what is to be masked and returns its end; else -1.
qsizetype takeJose(std::string_view text, qsizetype start, MaskSpans& spans) {
    constexpr qsizetype shortestHeader = 10;
    if (text.substr(std::size_t(start), 3) != "eyJ") return -1;
    std::array<qsizetype, 5> ends{};
    std::size_t parts = 0;
    for (qsizetype at = start; parts < ends.size(); at = ends[parts - 1] + 1) {
        ends[parts] = endOfWord(text, at);
        ++parts;
        if (ends[parts - 1] == qsizetype(text.size()) || text[std::size_t(ends[parts - 1])] != '.') break;
    }
    if (parts < 3 || ends[0] - start < shortestHeader) return -1;
    // Of four parts the fourth is the text after a full stop; only five make a JWE.
    const std::size_t hidden = parts == 5 ? 0 : 1;
    const qsizetype end = parts == 5 ? ends[4] : ends[2];
    if (end > ends[hidden] + 1) spans.add(ends[hidden] + 1, end);
    return end;
}

qsizetype takeShape(std::string_view text, qsizetype start, const Starts& starts, MaskSpans& spans) {
    const std::string_view rest = text.substr(std::size_t(start));
    const auto found = starts.shapes.find(Starts::index(rest[0], rest[1]));
    if (found == starts.shapes.end()) return -1;
    for (const TokenShape* candidate : found->second) {
        const TokenShape& shape = *candidate;
        if (!rest.starts_with(shape.prefix)) continue;
        const std::size_t from = shape.prefix.size();
        std::size_t end = from;
        const std::size_t limit = std::min(rest.size(), from + shape.maxRest + 1);
        while (end < limit && rest[end] != ':' && isOfAlphabet(rest.substr(end, 1), shape.alphabet))
            ++end;
        if (end - from < shape.minRest || end - from > shape.maxRest) continue;
        spans.add(start + qsizetype(from), start + qsizetype(end));
        return start + qsizetype(end);
    }
    return -1;
}

} // namespace

void MaskSpans::add(qsizetype start, qsizetype end, int tag) {
    if (end <= start) return;
    if (!m_spans.empty() && start <= m_spans.back().end && start >= m_spans.back().start) {
        // ASCII in UTF-16 is found in both byte orders, a byte apart; the one on an even place is the text's
        // own.
        const bool wide = tag >= int(VariantTag::Utf16Little) && start == m_spans.back().start + 1;
        if (wide && tag != m_spans.back().tag && m_spans.back().tag >= int(VariantTag::Utf16Little)) {
            if (start % 2 == 0) m_spans.back() = {start, end, tag};
            return;
        }
        m_spans.back().end = std::max(m_spans.back().end, end);
        return;
    }
    m_spans.push_back({start, end, tag});
}

void MaskSpans::add(const MaskSpans& others) {
    if (others.isEmpty()) return;
    std::vector<MaskSpan> all;
    all.swap(m_spans);
    all.insert(all.end(), others.m_spans.begin(), others.m_spans.end());
    std::sort(all.begin(), all.end(), [](const MaskSpan& a, const MaskSpan& b) { return a.start < b.start; });
    for (const MaskSpan& span : all)
        add(span.start, span.end, span.tag);
}

QByteArray MaskSpans::applied(const QByteArray& text, const QByteArray& mask) const {
    static const QByteArray little("*\0*\0*\0*\0*\0*\0*\0*\0", 16);
    static const QByteArray big("\0*\0*\0*\0*\0*\0*\0*\0*", 16);
    QByteArray out;
    out.reserve(text.size());
    qsizetype from = 0;
    for (const MaskSpan& span : m_spans) {
        out.append(text.constData() + from, span.start - from);
        if (span.tag == int(VariantTag::Utf16Little)) {
            out.append(little);
        } else if (span.tag == int(VariantTag::Utf16Big)) {
            out.append(big);
        } else {
            out.append(mask);
        }
        from = span.end;
    }
    out.append(text.constData() + from, text.size() - from);
    return out;
}

MaskSpans findTokenShapes(const QByteArray& bytes) {
    static const Starts starts;
    // Long enough for every shape; a shorter word cannot be a token.
    constexpr qsizetype shortest = 16;
    const std::string_view text(bytes.constData(), std::size_t(bytes.size()));
    const qsizetype size = bytes.size();
    MaskSpans spans;
    const bool* const table = wordTable.data();
    const char* const data = bytes.constData();
    for (qsizetype at = 0; at + shortest <= size;) {
        if (!table[static_cast<unsigned char>(data[at])]) {
            ++at;
            continue;
        }
        qsizetype end = -1;
        if (starts.pairs.test(Starts::index(data[at], data[at + 1]))) {
            end = takeJose(text, at, spans);
            if (end < 0) end = takeShape(text, at, starts, spans);
        }
        at = end > at ? end : endOfWord(text, at);
    }
    return spans;
}

} // namespace kb
