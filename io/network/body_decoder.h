// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QList>
#include <memory>
#include <vector>

namespace kb {

/// Undoes the content codings of a body (RFC 9110 §8.4) a piece at a time: gzip (RFC 1952, several members
/// too), deflate (RFC 1950, and the bare RFC 1951 that some servers send), br (RFC 7932), zstd (RFC 8878). It
/// gives no more than it is asked for, so that a small body which unpacks to gigabytes does no harm, and it
/// knows whether the data came to its own end, which a whole HTTP message does not prove.
class BodyDecoder {
public:
    BodyDecoder();
    ~BodyDecoder();

    /// True for a coding that can be undone; "identity" is none.
    static bool knows(const QByteArray& coding);
    /// Begins with `codings` in the order of the field: the last was applied last, and is undone first.
    void begin(const QList<QByteArray>& codings);
    bool active() const { return !m_stages.empty(); }

    /// Takes bytes of the body as they came.
    void feed(QByteArrayView wire);
    /// Writes up to `room` unpacked bytes to `out`; 0 when there are none before the next feed().
    qsizetype read(char* out, qsizetype room);

    bool failed() const;    ///< the data is not of the coding it is said to be
    bool complete() const;  ///< everything fed was unpacked, and each coding's own end was there
    bool hasExcess() const; ///< more came after a coding's end, and was left alone

private:
    struct Stage;
    qsizetype readStage(std::size_t index, char* out, qsizetype room);

    std::vector<Stage> m_stages; ///< in the order of undoing
};

} // namespace kb
