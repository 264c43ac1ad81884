// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/exchange.h"

namespace kb {

namespace {

/// A proxy's address without the user name and password it may hold.
QString withoutUserInfo(const QString& address) {
    const qsizetype scheme = address.indexOf(QLatin1String("://"));
    const qsizetype start = scheme < 0 ? 0 : scheme + 3;
    const qsizetype at = address.lastIndexOf(QLatin1Char('@'));
    return at < start ? address : address.left(start) + address.mid(at + 1);
}

} // namespace

Exchange::Exchange(const Redactor& redactor, const Request& sent, const TransportReply& reply)
    : m_timings(reply.timings),
      m_connection(reply.connection),
      m_startedMs(reply.startedMs),
      m_rawBody(std::make_shared<const QByteArray>(reply.response.body)) {
    m_sent.method = sent.method;
    m_sent.url = redactor.url(sent.url);
    m_sent.headers = redactor.requestHeaders(reply.sentHeaders.isEmpty() ? sent.headers : reply.sentHeaders);
    m_sent.body = redactor.body(sent.headers, sent.body);
    m_sent.hasBody = sent.hasBody;

    const Response& got = reply.response;
    bool inHeaders = false, inTrailers = false, inBody = false, inReason = false;
    m_response.httpVersion = got.httpVersion;
    m_response.status = got.status;
    m_response.reason = redactor.text(got.reason, &inReason);
    m_response.headers = redactor.responseHeaders(got.headers, &inHeaders);
    m_response.trailers = redactor.responseHeaders(got.trailers, &inTrailers);
    bool inInterim = false;
    for (const InterimResponse& interim : got.interim) {
        bool echoed = false;
        m_response.interim.append({interim.status, redactor.text(interim.reason),
                                   redactor.responseHeaders(interim.headers, &echoed)});
        inInterim = inInterim || echoed;
    }
    for (const LoginLeg& leg : reply.legs) {
        bool echoed = false;
        m_legs.append({redactor.requestHeaders(leg.sentHeaders), leg.status, redactor.text(leg.reason),
                       redactor.responseHeaders(leg.headers, &echoed)});
        inInterim = inInterim || echoed;
    }
    m_response.body = redactor.body(got.headers, got.body, &inBody);
    // Where nothing was masked both views hold the same bytes once: answers may be 100 MB.
    if (m_response.body == got.body) m_response.body = *m_rawBody;
    m_response.encodedBodyBytes = got.encodedBodyBytes;
    m_response.headerBytes = got.headerBytes;
    m_response.declaredLength = got.declaredLength;
    m_response.bodyEnd = got.bodyEnd;
    m_response.bodyNote = redactor.text(got.bodyNote);
    m_connection.proxy = withoutUserInfo(m_connection.proxy);
    m_echoed = inHeaders || inTrailers || inBody || inReason || inInterim;
}

} // namespace kb
