// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/transport.h"
#include "io/network/body_decoder.h"
#include "io/network/proxy_choice.h"
#include "io/network/response_reader.h"
#include "io/network/tls_facts.h"

#include <QElapsedTimer>
#include <QStringList>
#include <curl/curl.h>
#include <memory>
#include <optional>

namespace kb {

class CurlLane;
class CurlSlot;

/// One request under way on a lane. libcurl's callbacks only record; deliver() tells the user.
class CurlTransfer final : public Transfer {
public:
    CurlTransfer(std::shared_ptr<CurlLane> lane, Request request, TransportOptions options,
                 TransferCallbacks callbacks);
    ~CurlTransfer() override;

    /// Begins, or queues the error that keeps it from beginning.
    void start(Result<ProxyChoice> proxy);
    void keepGoing(qint64 newLimit) override;
    void stop() override;

    size_t onHeaderLine(const char* data, size_t size);
    size_t onBody(const char* data, size_t size);
    void onDebug(curl_infotype type, const char* data, size_t size);
    void onDone(CURLcode code);
    const std::shared_ptr<TlsFacts>& tlsFacts();
    void deliver();

private:
    /// Header fields of all answers and trailers of one request together; no server means more than that.
    static constexpr qint64 maxHeaderBytes = 1024 * 1024;

    enum class State { Running, AtLimit, Settled, Finished };

    Result<void> check() const;
    Result<void> checkLogin() const;
    void legEnded();
    void settle(CURLcode code, std::optional<BodyEnd> forced = {});
    void settle(Result<TransportReply> result);
    void detach();
    TransportReply reply(CURLcode code, std::optional<BodyEnd> forced);
    void readMeasures(TransportReply& reply) const;
    Error error(CURLcode code) const;
    bool headersTooLong(CURLcode code) const;
    BodyEnd bodyEnd(CURLcode code) const;
    QString breakNote(const Response& response, CURLcode code) const;
    void describeBody(TransportReply& reply, CURLcode code, std::optional<BodyEnd> forced) const;
    void enqueue();
    void headersEnded();
    void take(QByteArrayView bytes); ///< into the body up to the limit, beyond it aside
    bool unpack();                   ///< as far as the limit allows; false for broken data
    bool endsWithHeaders() const;
    bool answersEarly() const; ///< over HTTP/2, before the request's body was sent whole
    void sentBytes(QByteArrayView bytes);

    std::shared_ptr<CurlLane> m_lane;
    std::unique_ptr<CurlSlot> m_slot;
    Request m_request;
    TransportOptions m_options;
    std::shared_ptr<const TransferCallbacks>
        m_callbacks; ///< shared, so that one may destroy the transfer it runs for
    ProxyChoice m_proxy;
    ResponseReader m_reader;
    ConnectionInfo m_tls; ///< the TLS part, read while the connection is at hand
    std::shared_ptr<TlsFacts> m_tlsFacts;
    std::optional<Result<TransportReply>> m_result;
    std::optional<CURLcode> m_doneAtLimit; ///< libcurl had ended when the limit was told
    QByteArray m_sentBlock;
    HeaderList m_sentHeaders;
    QList<LoginLeg> m_legs;
    BodyDecoder m_decoder; ///< of a body with a content coding
    QByteArray m_overflow; ///< unpacked bytes beyond the limit that came with the last read
    QElapsedTimer m_clock;
    qint64 m_startedMs = 0;
    qint64 m_limit = 0;
    qint64 m_sentNs = -1;
    qint64 m_bodySent = 0;
    qint64 m_bodyCame = 0;    ///< bytes of the body as they came, before unpacking
    qint64 m_headerBytes = 0; ///< read so far, interim answers and trailers included
    qint64 m_told = -1;       ///< the byte count last given to progress
    State m_state = State::Running;
    int m_requestsSent = 0;
    bool m_queued = false;
    bool m_excess = false; ///< the server sent more than it announced
    bool m_unknownCoding = false;
};

} // namespace kb
