// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

namespace kb {

QByteArray hexDump(QByteArrayView bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    constexpr qsizetype perLine = 16;
    QByteArray out;
    out.reserve((bytes.size() / perLine + 1) * 79);
    for (qsizetype start = 0; start < bytes.size(); start += perLine) {
        if (start) out += '\n';
        for (int shift = 28; shift >= 0; shift -= 4)
            out += digits[(start >> shift) & 0xf];
        out += ' ';
        QByteArray ascii;
        for (qsizetype i = 0; i < perLine; ++i) {
            if (i % 8 == 0) out += ' ';
            if (start + i >= bytes.size()) {
                out += "   ";
                continue;
            }
            const uchar byte = uchar(bytes[start + i]);
            out += digits[byte >> 4];
            out += digits[byte & 0xf];
            out += ' ';
            ascii += byte >= 0x20 && byte < 0x7f ? char(byte) : '.';
        }
        out += " |" + ascii + '|';
    }
    return out;
}

} // namespace kb
