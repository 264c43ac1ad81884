// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/curl_transfer.h"
#include "io/network/transport_text.h"

#include "io/network/body_notes.h"
#include "io/network/curl_errors.h"
#include "io/network/curl_lane.h"
#include "io/network/curl_slot.h"

#include <QDateTime>

namespace kb {
namespace {

constexpr qint64 maxReserve = 32 * 1024 * 1024;
constexpr qsizetype unpackedBlock = 32 * 1024;

} // namespace

CurlTransfer::CurlTransfer(std::shared_ptr<CurlLane> lane, Request request, TransportOptions options,
                           TransferCallbacks callbacks)
    : m_lane(std::move(lane)),
      m_request(std::move(request)),
      m_options(std::move(options)),
      m_callbacks(std::make_shared<const TransferCallbacks>(std::move(callbacks))),
      m_limit(m_options.bodyLimit) {}

CurlTransfer::~CurlTransfer() {
    if (m_queued) m_lane->forget(this);
    detach();
}

void CurlTransfer::detach() {
    if (m_slot) m_lane->giveBack(std::move(m_slot));
}

Result<void> CurlTransfer::check() const {
    if (!isToken(m_request.method)) {
        return fail(ErrorCode::InvalidInput, TransportText::tr("The method is not a token."),
                    QString::fromUtf8(m_request.method),
                    TransportText::tr("Use letters, digits and - . _ ~ only, as in GET."));
    }
    for (const HeaderField& field : m_request.headers.fields) {
        if (Result<void> ok = checkHeaderField(field); !ok) return ok;
    }
    return m_options.login ? checkLogin() : Result<void>{};
}

Result<void> CurlTransfer::checkLogin() const {
    const ConnectionLogin& login = *m_options.login;
    if (m_request.headers.contains("Authorization"))
        return fail(ErrorCode::Conflict,
                    TransportText::tr("The request already has the field Authorization."),
                    QStringLiteral("Authorization"),
                    TransportText::tr("Remove it from the request, or send without a profile."));
    const auto outside = [](QChar c) { return c.unicode() > 0xff || c.unicode() == 0; };
    QString password = QString::fromUtf8(login.password.reveal().data(), qsizetype(login.password.size()));
    const bool refused = std::any_of(login.user.begin(), login.user.end(), outside) ||
                         std::any_of(password.begin(), password.end(), outside);
    wipeText(password);
    if (refused)
        return fail(
            ErrorCode::Unsupported,
            TransportText::tr("The user name or password has a character that NTLM here cannot send."), {},
            TransportText::tr("Use characters of ISO-8859-1 only."));
    return {};
}

void CurlTransfer::start(Result<ProxyChoice> proxy) {
    m_startedMs = QDateTime::currentMSecsSinceEpoch();
    m_clock.start();
    if (Result<void> ok = check(); !ok) return settle(tl::unexpected(ok.error()));
    if (!proxy) return settle(tl::unexpected(proxy.error()));
    m_proxy = std::move(*proxy);
    m_slot = m_lane->takeSlot();
    CURLcode code = m_slot->easy() ? m_slot->prepare(this, m_request, m_options, m_proxy) : CURLE_FAILED_INIT;
    if (code == CURLE_OK && m_lane->begin(*m_slot) != CURLM_OK) code = CURLE_FAILED_INIT;
    if (code != CURLE_OK) settle(code);
}

const std::shared_ptr<TlsFacts>& CurlTransfer::tlsFacts() {
    m_tlsFacts = std::make_shared<TlsFacts>();
    return m_tlsFacts;
}

size_t CurlTransfer::onHeaderLine(const char* data, size_t size) {
    m_headerBytes += qint64(size);
    if (m_headerBytes > maxHeaderBytes) return 0;
    const bool first = !m_reader.answerBegan();
    const ResponseReader::Step step = m_reader.line(QByteArrayView(data, qsizetype(size)));
    if (first && m_reader.answerBegan() && m_request.url.origin().isSecure())
        m_lane->readTls(*m_slot, m_options.verifyTls, m_tls);
    if (step == ResponseReader::Step::HeadersEnded) headersEnded();
    return size;
}

void CurlTransfer::headersEnded() {
    const Response& response = m_reader.response();
    const std::optional<QList<QByteArray>> codings = contentCodings(response.headers);
    m_unknownCoding = !codings;
    if (codings) m_decoder.begin(*codings);
    if (endsWithHeaders() || answersEarly()) {
        enqueue(); // deliver() ends it
    } else if (!m_decoder.active() && m_request.method != "HEAD" && response.declaredLength > 0) {
        qint64 room = std::min(response.declaredLength, maxReserve);
        if (m_limit > 0) room = std::min(room, m_limit);
        m_reader.response().body.reserve(room);
    }
}

bool CurlTransfer::endsWithHeaders() const {
    // After 101 comes another protocol. libcurl would wait for the body of a HEAD that it takes for a POST.
    return m_reader.response().status == 101 || (m_request.method == "HEAD" && m_request.hasBody);
}

bool CurlTransfer::answersEarly() const {
    return m_request.hasBody && m_bodySent < m_request.body.size() && m_reader.response().httpVersion == "2";
}

size_t CurlTransfer::onBody(const char* data, size_t size) {
    const QByteArrayView bytes(data, qsizetype(size));
    m_bodyCame += bytes.size();
    if (!m_decoder.active()) {
        take(bytes);
    } else {
        m_decoder.feed(bytes);
        if (!unpack()) return 0;
    }
    if (m_callbacks->progress || !m_overflow.isEmpty() || answersEarly()) enqueue();
    return size;
}

void CurlTransfer::take(QByteArrayView bytes) {
    QByteArray& body = m_reader.response().body;
    const qsizetype room = m_limit > 0 ? std::max<qsizetype>(0, m_limit - body.size()) : bytes.size();
    const qsizetype count = std::min(room, bytes.size());
    body.append(bytes.first(count));
    m_overflow.append(bytes.sliced(count));
}

bool CurlTransfer::unpack() {
    char block[unpackedBlock];
    while (m_overflow.isEmpty()) {
        const qsizetype count = m_decoder.read(block, unpackedBlock);
        if (count == 0) return !m_decoder.failed();
        take(QByteArrayView(block, count));
    }
    return true;
}

void CurlTransfer::enqueue() {
    if (m_queued) return;
    m_queued = true;
    m_lane->enqueue(this);
}

void CurlTransfer::onDebug(curl_infotype type, const char* data, size_t size) {
    const QByteArrayView bytes(data, qsizetype(size));
    if (type == CURLINFO_HEADER_OUT) {
        sentBytes(bytes);
    } else if (type == CURLINFO_DATA_OUT) {
        m_sentNs = m_clock.nsecsElapsed();
        m_bodySent += bytes.size();
    } else if (type == CURLINFO_TEXT && bytes.startsWith("Excess found")) {
        m_excess = true;
    }
}

void CurlTransfer::sentBytes(QByteArrayView bytes) {
    m_sentNs = m_clock.nsecsElapsed();
    m_sentBlock.append(bytes);
    if (!m_sentBlock.endsWith("\r\n\r\n")) return;
    if (m_options.login && m_reader.headersEnded()) legEnded();
    ++m_requestsSent;
    m_bodySent = 0;
    m_sentHeaders = parseSentFields(m_sentBlock, m_request.headers);
    m_sentBlock.resize(0);
}

/// The next exchange of a login is on its way: what was answered so far is a leg of it.
void CurlTransfer::legEnded() {
    Response& answer = m_reader.response();
    m_legs.append({m_sentHeaders, answer.status, answer.reason, answer.headers});
    m_reader = {};
    m_decoder.begin({});
}

void CurlTransfer::onDone(CURLcode code) {
    if (m_state == State::AtLimit || (m_state == State::Running && !m_overflow.isEmpty())) {
        m_doneAtLimit = code;
        return;
    }
    if (m_state == State::Running) settle(code);
}

void CurlTransfer::settle(CURLcode code, std::optional<BodyEnd> forced) {
    m_reader.takeUnfinished();
    if (m_reader.answerBegan())
        settle(Result<TransportReply>(reply(code, forced)));
    else
        settle(tl::unexpected(error(code)));
}

void CurlTransfer::settle(Result<TransportReply> result) {
    m_state = State::Settled;
    m_result = std::move(result);
    detach();
    enqueue();
}

void CurlTransfer::stop() {
    if (m_state == State::Settled || m_state == State::Finished) return;
    if (m_state == State::AtLimit) return settle(CURLE_OK, BodyEnd::LimitReached);
    if (m_reader.answerBegan()) return settle(CURLE_OK, BodyEnd::Cancelled);
    settle(fail(ErrorCode::Cancelled, TransportText::tr("The request was stopped before an answer came."),
                QString::fromLatin1(m_request.url.authority())));
}

void CurlTransfer::keepGoing(qint64 newLimit) {
    if (m_state != State::AtLimit) return;
    m_state = State::Running;
    m_limit = newLimit;
    const QByteArray held = std::exchange(m_overflow, {});
    take(held);
    if (m_decoder.active() && !unpack()) return settle(CURLE_WRITE_ERROR);
    if (!m_overflow.isEmpty()) return enqueue(); // the new limit is reached at once
    if (m_doneAtLimit) return settle(*m_doneAtLimit);
    curl_easy_pause(m_slot->easy(), CURLPAUSE_CONT);
    m_lane->wake();
}

void CurlTransfer::deliver() {
    m_queued = false;
    const std::shared_ptr<const TransferCallbacks> callbacks = m_callbacks; // any of them may destroy this
    if (m_state == State::Settled) {
        m_state = State::Finished;
        Result<TransportReply> result = std::move(*m_result);
        m_result.reset();
        if (callbacks->finished) callbacks->finished(std::move(result));
        return;
    }
    if (m_state != State::Running) return;
    if (m_reader.headersEnded() && endsWithHeaders()) return settle(CURLE_OK);
    if (!m_overflow.isEmpty()) {
        if (!m_callbacks->limitReached) return settle(CURLE_OK, BodyEnd::LimitReached);
        m_state = State::AtLimit;
        if (!m_doneAtLimit) {
            curl_easy_pause(m_slot->easy(), CURLPAUSE_RECV);
            m_slot->setTimeout(
                0); // the user's thinking time is not the server's; stop() ends it from here on
        }
        callbacks->limitReached(reply(CURLE_OK, BodyEnd::LimitReached));
        return;
    }
    curl_off_t received = 0;
    curl_easy_getinfo(m_slot->easy(), CURLINFO_SIZE_DOWNLOAD_T, &received);
    // Over HTTP/2 libcurl 7.88 waits for leave to send the rest of the request though the whole answer is
    // here.
    const qint64 declared = m_reader.response().declaredLength;
    if (m_reader.headersEnded() && answersEarly() && declared >= 0 && received >= declared)
        return settle(CURLE_OK);
    if (m_callbacks->progress) {
        if (received == m_told) return;
        m_told = received;
        callbacks->progress(received, m_reader.response().declaredLength);
    }
}

} // namespace kb
