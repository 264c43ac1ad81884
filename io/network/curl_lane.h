// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/transport.h"

#include <QBasicTimer>
#include <QObject>
#include <QSocketNotifier>
#include <curl/curl.h>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

namespace kb {

class CurlSlot;
class CurlTransfer;

/// One identity's connections: a libcurl multi handle and what drives it from the event loop.
///
/// No user code runs inside a libcurl callback. What libcurl reports is queued on the transfer and delivered
/// by pump() after libcurl has returned, so a completion may send, stop and destroy whatever it likes.
class CurlLane final : public QObject, public std::enable_shared_from_this<CurlLane> {
public:
    static std::shared_ptr<CurlLane> make();
    ~CurlLane() override;

    /// An easy handle, a used one where there is one.
    std::unique_ptr<CurlSlot> takeSlot();
    CURLMcode begin(CurlSlot& slot);
    /// Ends whatever the slot was doing and keeps it for the next request.
    void giveBack(std::unique_ptr<CurlSlot> slot);

    /// The TLS part of a transfer's connection; parsed once for each. Call it inside a libcurl callback.
    void readTls(CurlSlot& slot, bool verified, ConnectionInfo& info);

    void enqueue(CurlTransfer* transfer); ///< deliver() will be called from the event loop
    void forget(CurlTransfer* transfer);  ///< takes it out of the queue
    void wake();                          ///< libcurl has something to do

    /// For CURLOPT_SOCKOPTFUNCTION and CURLOPT_CLOSESOCKETFUNCTION: a connection's socket is born and dies.
    static int socketOpened(void* lane, curl_socket_t socket, curlsocktype purpose);
    static int closeSocket(void* lane, curl_socket_t socket);

protected:
    bool event(QEvent* event) override;
    void timerEvent(QTimerEvent* event) override;

private:
    class Watch;
    struct Watches {
        std::unique_ptr<Watch> read, write;
        bool connection =
            false; ///< closeSocket() will tell of its end; not so for libcurl's own socket pairs
    };

    CurlLane();
    static void dispose(CurlLane* lane);
    void ensureMulti();
    void onReady(curl_socket_t socket, int mask);
    void pump();
    void post();
    void readMessages();
    void watch(curl_socket_t socket, int what);
    void forgetSocket(curl_socket_t socket);
    void drop(std::unique_ptr<Watch> watch);
    static int onSocket(CURL*, curl_socket_t socket, int what, void* lane, void*);
    static int onTimer(CURLM*, long ms, void* lane);

    CURLM* m_multi = nullptr;
    std::unordered_map<curl_socket_t, Watches> m_watches;
    std::unordered_map<void*, ConnectionInfo> m_tls; ///< by libcurl's SSL object
    QBasicTimer m_timer;
    qint64 m_deadline = -1; ///< when libcurl wants to run next, or -1
    qint64 m_armedFor = -1; ///< when m_timer fires
    std::vector<std::unique_ptr<CurlSlot>> m_idle;
    std::deque<CurlTransfer*> m_queue;
    int m_depth = 0; ///< event handlers of ours on the stack
    bool m_runNow = false;
    bool m_posted = false;
    bool m_pumping = false;
};

} // namespace kb
