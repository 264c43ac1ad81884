// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/headers.h"
#include "core/http/url.h"

namespace kb {

/// What goes out: bytes, no variables left.
struct Request {
    QByteArray method;
    HttpUrl url;
    HeaderList
        headers; ///< exactly these field lines go out, in this order, and Host where it is not among them
    QByteArray body;
    bool hasBody = false;
};

/// How the body ended.
enum class BodyEnd {
    Complete,
    Truncated,    ///< the connection closed before the announced length or the last chunk
    LimitReached, ///< stopped at our own size limit; the user may keep going
    Cancelled,
    DecodeFailed ///< the content coding is broken; the bytes up to there are kept
};

/// An informational answer (1xx) that came before the final one, such as 103 Early Hints (RFC 8297).
struct InterimResponse {
    int status = 0;
    QByteArray reason;
    HeaderList headers;
};

struct Response {
    QByteArray httpVersion; ///< "1.0", "1.1", "2"
    int status = 0;
    QByteArray reason;
    HeaderList headers;
    HeaderList trailers;
    QList<InterimResponse> interim;
    QByteArray body;             ///< content codings (gzip, br, zstd) removed
    qint64 encodedBodyBytes = 0; ///< as on the wire, before content decoding
    qint64 headerBytes = 0;
    qint64 declaredLength = -1; ///< Content-Length, or -1
    BodyEnd bodyEnd = BodyEnd::Complete;
    QString bodyNote; ///< what was odd about the body, in a sentence; empty if nothing
};

/// A status code's name and one sentence of what it means (RFC 9110 §15, RFC 6585, RFC 8297, RFC 7725 …).
struct StatusMeaning {
    QString name;
    QString meaning;
};
StatusMeaning statusMeaning(int status);

} // namespace kb
