// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/wire_tail.h"

#include <algorithm>

namespace kb {
namespace {

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

void WireTail::begin(bool chunked, qint64 length) {
    m_state = chunked ? State::Size : State::Data;
    m_left = chunked ? 0 : length;
    m_bytes = 0;
    m_last = 0;
}

void WireTail::take(QByteArrayView data) {
    m_bytes += data.size();
    for (const char c : data.last(std::min<qsizetype>(4, data.size())))
        m_last = (m_last >> 8) | (quint32(uchar(c)) << 24);
}

void WireTail::feed(QByteArrayView wire) {
    while (!wire.isEmpty()) {
        const char c = wire.front();
        switch (m_state) {
        case State::Off:
        case State::Ended:
            return;
        case State::Data:
            if (m_left >= 0) {
                wire.truncate(std::min<qsizetype>(wire.size(), m_left));
                m_left -= wire.size();
            }
            take(wire);
            return;
        case State::ChunkData: {
            const qsizetype count = std::min<qsizetype>(wire.size(), m_left);
            take(wire.first(count));
            wire = wire.sliced(count);
            m_left -= count;
            if (m_left == 0) m_state = State::AfterChunk;
            continue;
        }
        case State::Size:
            if (const int digit = hexDigit(c); digit >= 0 && m_left < (qint64(1) << 58)) {
                m_left = m_left * 16 + digit;
                break;
            }
            m_state = State::Extension;
            continue;
        case State::Extension:
            if (c == '\n') m_state = m_left > 0 ? State::ChunkData : State::Ended;
            break;
        case State::AfterChunk:
            if (c == '\n') m_state = State::Size;
            break;
        }
        wire = wire.sliced(1);
    }
}

} // namespace kb
