// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"

namespace kb {

/// Builds a Response from the header lines libcurl hands over, one raw line a call. Knows interim answers,
/// folded lines (RFC 9112 §5.2) and trailers.
class ResponseReader {
public:
    enum class Step { More, InterimEnded, HeadersEnded };

    Step line(QByteArrayView raw);
    /// Moves what came so far of an unfinished header block into the response, for a connection that broke
    /// inside it.
    void takeUnfinished();

    bool answerBegan() const { return m_finalStatus; } ///< the final answer's status line is here
    bool headersEnded() const { return m_headersEnded; }
    Response& response() { return m_response; }
    const Response& response() const { return m_response; }

private:
    void statusLine(QByteArrayView line);
    static void field(HeaderList& list, QByteArrayView line);
    void takeBlock();

    Response m_response;
    InterimResponse m_block;
    QByteArray m_version;
    qint64 m_blockBytes = 0;
    bool m_finalStatus = false;
    bool m_headersEnded = false;
};

} // namespace kb
