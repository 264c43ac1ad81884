// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/utf8.h"

#include <QtGlobal>
#include <cstring>

namespace kb {

namespace {

/// Length of the sequence that begins at `at`, or 0 if none does.
qsizetype sequenceLength(const uchar* at, const uchar* end) {
    const uchar lead = *at;
    qsizetype length = 0;
    uchar low = 0x80, high = 0xbf; // what the second byte may be
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        if (lead == 0xe0) low = 0xa0;  // overlong below
        if (lead == 0xed) high = 0x9f; // surrogates above
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        if (lead == 0xf0) low = 0x90;
        if (lead == 0xf4) high = 0x8f;
    } else {
        return 0;
    }
    if (end - at < length || at[1] < low || at[1] > high) return 0;
    for (qsizetype i = 2; i < length; ++i)
        if ((at[i] & 0xc0) != 0x80) return 0;
    return length;
}

} // namespace

qsizetype firstInvalidUtf8(QByteArrayView text) {
    const auto* begin = reinterpret_cast<const uchar*>(text.data());
    const uchar* at = begin;
    const uchar* end = begin + text.size();
    while (at < end) {
        // Most bodies are ASCII: eight bytes in one look.
        quint64 eight = 0;
        while (end - at >= 8) {
            std::memcpy(&eight, at, 8);
            if (eight & Q_UINT64_C(0x8080808080808080)) break;
            at += 8;
        }
        if (at == end) break;
        const qsizetype length = sequenceLength(at, end);
        if (length == 0) return at - begin;
        at += length;
    }
    return -1;
}

QString xmlText(QString text) {
    for (QChar& c : text)
        if ((c < u' ' && c != u'\n' && c != u'\t') || c.unicode() >= 0xfffe) c = QChar::ReplacementCharacter;
    return text;
}

} // namespace kb
