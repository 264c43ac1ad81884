// SPDX-License-Identifier: GPL-3.0-or-later
// How a CurlTransfer turns what libcurl measured into a reply or an error.
#include "io/network/body_notes.h"
#include "io/network/curl_errors.h"
#include "io/network/curl_slot.h"
#include "io/network/curl_transfer.h"
#include "io/network/transport_text.h"

namespace kb {
namespace {

template<class T> T info(const CurlSlot& slot, CURLINFO what) {
    T value{};
    curl_easy_getinfo(slot.easy(), what, &value);
    return value;
}

double milliseconds(curl_off_t microseconds) {
    return double(microseconds) / 1000.0;
}

QString address(const char* ip, long port) {
    if (!ip || !*ip) return {};
    const QLatin1String host(ip);
    const QString number = QString::number(port);
    return host.contains(QLatin1Char(':')) ? QString(QLatin1Char('[') % host % QLatin1String("]:") % number)
                                           : QString(host % QLatin1Char(':') % number);
}

/// "30 bytes of 100 bytes came"
QString amountNote(const Response& response) {
    if (response.declaredLength < 0 || response.headers.contains("Transfer-Encoding"))
        return TransportText::tr("%1 came").arg(byteCount(response.encodedBodyBytes));
    return TransportText::tr("%1 of %2 came")
        .arg(byteCount(response.encodedBodyBytes), byteCount(response.declaredLength));
}

/// RFC 9110 §9.2.2.
bool isIdempotent(const QByteArray& method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" ||
           method == "DELETE" || method == "TRACE";
}

} // namespace

TransportReply CurlTransfer::reply(CURLcode code, std::optional<BodyEnd> forced) {
    TransportReply reply;
    reply.startedMs = m_startedMs;
    reply.connection = m_tls;
    reply.connection.proxy = m_proxy.shown;
    reply.sentHeaders = m_sentHeaders;
    reply.legs = m_legs;
    reply.response = m_state == State::AtLimit ? m_reader.response() : std::move(m_reader.response());
    readMeasures(reply);
    describeBody(reply, code, forced);
    if (reply.response.httpVersion == "2") {
        // libcurl shows the request in the text form of HTTP/1; on the wire the names were in lower case (RFC
        // 9113 §8.2).
        for (HeaderField& field : reply.sentHeaders.fields)
            field.name = field.name.toLower();
    }
    if (reply.response.body.capacity() - reply.response.body.size() > 1024 * 1024 &&
        m_state != State::AtLimit)
        reply.response.body.squeeze();
    return reply;
}

void CurlTransfer::readMeasures(TransportReply& reply) const {
    reply.response.encodedBodyBytes = m_bodyCame;
    if (!m_slot) return;
    const CurlSlot& slot = *m_slot;
    ConnectionInfo& connection = reply.connection;
    connection.reused = info<long>(slot, CURLINFO_NUM_CONNECTS) == 0;
    connection.peerAddress =
        address(info<char*>(slot, CURLINFO_PRIMARY_IP), info<long>(slot, CURLINFO_PRIMARY_PORT));
    connection.localAddress =
        address(info<char*>(slot, CURLINFO_LOCAL_IP), info<long>(slot, CURLINFO_LOCAL_PORT));

    Timings& timings = reply.timings;
    if (!connection.reused) {
        timings.nameLookup = milliseconds(info<curl_off_t>(slot, CURLINFO_NAMELOOKUP_TIME_T));
        timings.connect = milliseconds(info<curl_off_t>(slot, CURLINFO_CONNECT_TIME_T));
        const curl_off_t tls = info<curl_off_t>(slot, CURLINFO_APPCONNECT_TIME_T);
        if (tls > 0 && m_request.url.origin().isSecure()) timings.tls = milliseconds(tls);
    }
    const curl_off_t first = info<curl_off_t>(slot, CURLINFO_STARTTRANSFER_TIME_T);
    if (first > 0) timings.firstByte = milliseconds(first);
    timings.total = milliseconds(info<curl_off_t>(slot, CURLINFO_TOTAL_TIME_T));
    if (m_sentNs >= 0) {
        // libcurl 7.88 has no figure for it. Ours is of another clock, which began a little earlier: it is
        // set by the total and kept between its two neighbours.
        const double ready = milliseconds(info<curl_off_t>(slot, CURLINFO_PRETRANSFER_TIME_T));
        const double lead = std::max(0.0, double(m_clock.nsecsElapsed()) / 1e6 - timings.total);
        timings.requestSent = std::max(ready, double(m_sentNs) / 1e6 - lead);
        if (timings.firstByte >= 0) timings.requestSent = std::min(timings.requestSent, timings.firstByte);
    }
}

bool CurlTransfer::headersTooLong(CURLcode code) const {
    return code == CURLE_WRITE_ERROR && m_headerBytes > maxHeaderBytes;
}

BodyEnd CurlTransfer::bodyEnd(CURLcode code) const {
    if (!m_reader.headersEnded()) return BodyEnd::Truncated;
    switch (code) {
    case CURLE_OK:
    case CURLE_TOO_MANY_REDIRECTS: // libcurl wanted to ask again after a 417, and was kept from it
        return m_decoder.active() && m_bodyCame > 0 && !m_decoder.complete() ? BodyEnd::DecodeFailed
                                                                             : BodyEnd::Complete;
    case CURLE_BAD_CONTENT_ENCODING:
        return BodyEnd::DecodeFailed;
    case CURLE_WRITE_ERROR: // we take every byte of the body, so it was a decoder that did not
        return headersTooLong(code) ? BodyEnd::Truncated : BodyEnd::DecodeFailed;
    default:
        return BodyEnd::Truncated;
    }
}

QString CurlTransfer::breakNote(const Response& response, CURLcode code) const {
    const QString detail = m_slot ? QString::fromUtf8(m_slot->errorText()) : QString();
    const QString amount = amountNote(response);
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return TransportText::tr("The time limit of %1 s ended it while the answer was coming: %2.")
            .arg(double(m_options.timeoutMs) / 1000.0)
            .arg(amount);
    }
    if (headersTooLong(code) || (!m_reader.headersEnded() && isHeaderLimit(code, detail)))
        return TransportText::tr("The header fields are too long to be read to their end.");
    if (!m_reader.headersEnded()) {
        if (code == CURLE_OK || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING)
            return TransportText::tr("The connection closed inside the header fields.");
        return TransportText::tr("The header fields could not be read: %1.").arg(detail);
    }
    if (detail.contains(QLatin1String("chunked-encoding"))) {
        return TransportText::tr("The chunked framing is broken (%1): %2.").arg(detail, amount);
    }
    const QString what =
        response.headers.contains("Transfer-Encoding")
            ? TransportText::tr("The connection closed before the last chunk: %1.").arg(amount)
            : TransportText::tr("The connection closed early: %1.").arg(amount);
    if (code == CURLE_PARTIAL_FILE || detail.isEmpty()) return what;
    return what % QLatin1Char(' ') % detail % QLatin1Char('.');
}

void CurlTransfer::describeBody(TransportReply& reply, CURLcode code, std::optional<BodyEnd> forced) const {
    Response& response = reply.response;
    QStringList notes;
    if (forced) {
        response.bodyEnd = *forced;
        if (*forced == BodyEnd::LimitReached) {
            notes << TransportText::tr("Reading stopped at the limit of %1.")
                         .arg(byteCount(response.body.size()));
        } else if (*forced == BodyEnd::Cancelled) {
            notes << TransportText::tr("Stopped while the body was coming: %1.").arg(amountNote(response));
        }
    } else {
        const QString coding =
            QString::fromLatin1(response.headers.first("Content-Encoding").value_or(QByteArray()));
        response.bodyEnd = bodyEnd(code);
        if (response.bodyEnd == BodyEnd::Truncated) {
            notes << breakNote(response, code);
        } else if (response.bodyEnd == BodyEnd::DecodeFailed) {
            notes << (code == CURLE_OK
                          ? TransportText::tr(
                                "The body's %1 data ends too early or is damaged; what could be "
                                "unpacked is kept.")
                                .arg(coding)
                          : TransportText::tr(
                                "The body is not valid %1; what could be unpacked before the fault is kept.")
                                .arg(coding));
        }
    }
    if (m_decoder.hasExcess())
        notes << TransportText::tr("What came after the end of the packed data was left out.");
    if (response.status == 101) {
        notes << TransportText::tr(
            "The server switched this connection to another protocol, so the exchange ends here.");
    }
    if (m_unknownCoding) {
        notes << TransportText::tr(
                     "The content coding \"%1\" is not known here; the body is shown as it came.")
                     .arg(QString::fromLatin1(
                         response.headers.first("Content-Encoding").value_or(QByteArray())));
    }
    if (response.httpVersion == "2" && m_request.hasBody && m_bodySent < m_request.body.size() && !forced) {
        notes << TransportText::tr("The answer came before the whole request was sent (%1 of %2).")
                     .arg(byteCount(m_bodySent), byteCount(m_request.body.size()));
    }
    notes << framingNotes(response, m_excess);
    const int sent = m_requestsSent - int(m_legs.size());
    if (sent > 1 && !isIdempotent(m_request.method)) {
        notes << TransportText::tr(
                     "The request went out %1 times: the kept connection had been closed just then. "
                     "The server may have seen it more than once.")
                     .arg(sent);
    }
    response.bodyNote = notes.join(QLatin1Char(' '));
}

Error CurlTransfer::error(CURLcode code) const {
    const Origin& origin = m_request.url.origin();
    FailureFacts facts;
    facts.code = code;
    facts.host = QString::fromLatin1(origin.host);
    facts.hostPort = QString::fromLatin1(origin.host % ':' % QByteArray::number(origin.port));
    facts.proxy = m_proxy.shown;
    facts.timeoutMs = m_options.timeoutMs;
    facts.secure = origin.isSecure();
    facts.customCa = !m_options.caFile.isEmpty();
    facts.interimSeen = !m_reader.response().interim.isEmpty();
    facts.requestSent = m_sentNs >= 0;
    if (m_tlsFacts) facts.tls = *m_tlsFacts;
    if (m_slot) {
        facts.detail = QString::fromUtf8(m_slot->errorText());
        facts.osError = info<long>(*m_slot, CURLINFO_OS_ERRNO);
        facts.connectStatus = info<long>(*m_slot, CURLINFO_HTTP_CONNECTCODE);
        facts.nameFound = info<curl_off_t>(*m_slot, CURLINFO_NAMELOOKUP_TIME_T) > 0;
        // libcurl tells the time of the connection once TLS is through; that TLS began tells it before.
        facts.connected = m_tlsFacts || info<curl_off_t>(*m_slot, CURLINFO_CONNECT_TIME_T) > 0;
        facts.tlsDone = info<curl_off_t>(*m_slot, CURLINFO_APPCONNECT_TIME_T) > 0;
    }
    if (facts.detail.isEmpty()) facts.detail = QString::fromLatin1(curl_easy_strerror(code));
    return describeFailure(facts);
}

} // namespace kb
