// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/response_reader.h"

namespace kb {
namespace {

bool isSpace(char c) {
    return c == ' ' || c == '\t';
}

QByteArrayView trimmedOws(QByteArrayView text) {
    while (!text.isEmpty() && isSpace(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isSpace(text.back()))
        text.chop(1);
    return text;
}

/// The announced length, or -1. Of several different ones the last counts, as libcurl reads the body by it.
qint64 declaredLength(const HeaderList& headers) {
    qint64 length = -1;
    for (const HeaderField& field : headers.fields) {
        if (!sameFieldName(field.name, "Content-Length")) continue;
        bool ok = false;
        const qint64 value = field.value.toLongLong(&ok);
        if (ok && value >= 0) length = value;
    }
    return length;
}

} // namespace

ResponseReader::Step ResponseReader::line(QByteArrayView raw) {
    const qsizetype rawSize = raw.size();
    if (raw.endsWith('\n')) raw.chop(1);
    if (raw.endsWith('\r')) raw.chop(1);

    if (raw.startsWith("HTTP/")) {
        m_blockBytes = rawSize;
        statusLine(raw);
        return Step::More;
    }
    if (m_headersEnded) {
        if (!raw.isEmpty()) field(m_response.trailers, raw);
        return Step::More;
    }
    m_blockBytes += rawSize;
    if (!raw.isEmpty()) {
        field(m_block.headers, raw);
        return Step::More;
    }
    if (!m_finalStatus) {
        m_response.interim.append(std::move(m_block));
        m_block = {};
        return Step::InterimEnded;
    }
    takeBlock();
    m_headersEnded = true;
    return Step::HeadersEnded;
}

void ResponseReader::takeUnfinished() {
    if (m_finalStatus && !m_headersEnded) takeBlock();
}

void ResponseReader::takeBlock() {
    m_response.httpVersion = m_version;
    m_response.status = m_block.status;
    m_response.reason = std::move(m_block.reason);
    m_response.headers = std::move(m_block.headers);
    m_response.headerBytes = m_blockBytes;
    m_response.declaredLength = declaredLength(m_response.headers);
    m_block = {};
}

void ResponseReader::statusLine(QByteArrayView line) {
    // HTTP/1.1 404 Not Found, HTTP/2 200
    const qsizetype space = line.indexOf(' ');
    m_version = line.first(space < 0 ? line.size() : space).sliced(5).toByteArray();
    QByteArrayView rest = space < 0 ? QByteArrayView() : trimmedOws(line.sliced(space));
    const qsizetype digits = std::min<qsizetype>(3, rest.size());
    m_block = {};
    m_block.status = rest.first(digits).toByteArray().toInt();
    m_block.reason = trimmedOws(rest.sliced(digits)).toByteArray();
    // 101 ends HTTP on this connection, so nothing else follows it (RFC 9110 §15.2.2).
    m_finalStatus = m_block.status >= 200 || m_block.status == 101 || m_block.status < 100;
    m_headersEnded = false;
}

void ResponseReader::field(HeaderList& list, QByteArrayView line) {
    if (isSpace(line.front()) && !list.fields.isEmpty()) {
        QByteArray& value = list.fields.last().value;
        const QByteArrayView more = trimmedOws(line);
        if (!value.isEmpty() && !more.isEmpty()) value += ' ';
        value += more;
        return;
    }
    const qsizetype colon = line.indexOf(':');
    if (colon < 0) {
        list.append(line.toByteArray(), {});
        return;
    }
    list.append(line.first(colon).toByteArray(), trimmedOws(line.sliced(colon + 1)).toByteArray());
}

} // namespace kb
