// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

#include <cstring>

namespace kb {

QByteArray hexDump(QByteArrayView bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    constexpr qsizetype perLine = 16;
    QByteArray out;
    out.reserve((bytes.size() / perLine + 1) * 79);
    for (qsizetype start = 0; start < bytes.size(); start += perLine) {
        // "00000010  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|"
        char line[78];
        std::memset(line, ' ', sizeof line);
        char* at = line;
        for (int shift = 28; shift >= 0; shift -= 4)
            *at++ = digits[(start >> shift) & 0xf];
        char* ascii = line + 60;
        *ascii++ = '|';
        for (qsizetype i = 0; i < perLine; ++i) {
            if (start + i >= bytes.size()) break;
            const uchar byte = uchar(bytes[start + i]);
            char* hex = line + 10 + 3 * i + (i < 8 ? 0 : 1);
            hex[0] = digits[byte >> 4];
            hex[1] = digits[byte & 0xf];
            *ascii++ = byte >= 0x20 && byte < 0x7f ? char(byte) : '.';
        }
        *ascii++ = '|';
        if (start) out += '\n';
        out.append(line, ascii - line);
    }
    return out;
}

} // namespace kb
