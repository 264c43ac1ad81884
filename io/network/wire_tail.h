// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArrayView>
#include <QtGlobal>

namespace kb {

/// Follows a gzip body on the wire, chunked or not, for its last four bytes: gzip ends with its unpacked size
/// (RFC 1952 §2.3.1), the one sign of a stream that was cut inside a body that looks whole. libcurl does not
/// check for the end.
class WireTail {
public:
    /// `length` is the announced one or -1; chunked framing (RFC 9112 §7.1) is taken off.
    void begin(bool chunked, qint64 length);
    void feed(QByteArrayView wire);

    bool active() const { return m_state != State::Off; }
    qint64 bytes() const { return m_bytes; }    ///< of the body, framing aside
    quint32 lastWord() const { return m_last; } ///< the last four of them, little-endian

private:
    enum class State { Off, Data, Size, Extension, ChunkData, AfterChunk, Ended };
    void take(QByteArrayView data);

    State m_state = State::Off;
    qint64 m_left = 0; ///< of the current chunk, or of the announced length; -1 means until the end
    qint64 m_bytes = 0;
    quint32 m_last = 0;
};

} // namespace kb
