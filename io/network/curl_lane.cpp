// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/curl_lane.h"

#include "io/network/curl_slot.h"
#include "io/network/curl_transfer.h"
#include "io/network/tls_facts.h"

#include <QCoreApplication>
#include <QEvent>
#include <QScopedValueRollback>
#include <algorithm>
#include <chrono>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif
#ifdef Q_OS_WIN
#include <winsock2.h>
#endif

namespace kb {
namespace {

constexpr std::size_t keptSlots = 8;
constexpr long keptConnections = 32;

qint64 nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

/// Tells the lane that a socket is ready, without the detour of a signal.
class CurlLane::Watch final : public QSocketNotifier {
public:
    Watch(CurlLane* lane, curl_socket_t socket, Type type)
        : QSocketNotifier(qintptr(socket), type), m_lane(lane), m_socket(socket) {}
    void detach() { m_lane = nullptr; }

    bool wanted = true; ///< libcurl asked for it; a read watch stays on between two requests of a connection

protected:
    bool event(QEvent* e) override {
        if (e->type() != QEvent::SockAct && e->type() != QEvent::SockClose) return QSocketNotifier::event(e);
        if (!m_lane) return true;
        if (wanted)
            m_lane->onReady(m_socket, type() == Read ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
        else
            setEnabled(false); // an idle connection was closed; libcurl finds out before it uses it again
        return true;
    }

private:
    CurlLane* m_lane;
    curl_socket_t m_socket;
};

std::shared_ptr<CurlLane> CurlLane::make() {
    return std::shared_ptr<CurlLane>(new CurlLane, &CurlLane::dispose);
}

void CurlLane::dispose(CurlLane* lane) {
    if (lane->m_depth > 0)
        lane->deleteLater(); // its event handler is still on the stack
    else
        delete lane;
}

CurlLane::CurlLane() = default;

CurlLane::~CurlLane() {
    m_idle.clear();
    if (m_multi) curl_multi_cleanup(m_multi);
    for (auto& [socket, watches] : m_watches) {
        drop(std::move(watches.read));
        drop(std::move(watches.write));
    }
}

void CurlLane::ensureMulti() {
    if (m_multi) return;
    ensureCurl();
    m_multi = curl_multi_init();
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &CurlLane::onSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &CurlLane::onTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, keptConnections);
}

std::unique_ptr<CurlSlot> CurlLane::takeSlot() {
    ensureMulti();
    if (m_idle.empty()) return std::make_unique<CurlSlot>(this);
    std::unique_ptr<CurlSlot> slot = std::move(m_idle.back());
    m_idle.pop_back();
    return slot;
}

CURLMcode CurlLane::begin(CurlSlot& slot) {
    const CURLMcode code = curl_multi_add_handle(m_multi, slot.easy());
    wake();
    return code;
}

void CurlLane::giveBack(std::unique_ptr<CurlSlot> slot) {
    curl_multi_remove_handle(m_multi, slot->easy());
    slot->release();
    if (m_idle.size() < keptSlots) m_idle.push_back(std::move(slot));
}

void CurlLane::readTls(CurlSlot& slot, bool verified, ConnectionInfo& info) {
    void* session = tlsSession(slot.easy());
    if (!session) return;
    long made = 0;
    curl_easy_getinfo(slot.easy(), CURLINFO_NUM_CONNECTS, &made);
    const auto known = m_tls.find(session);
    if (made == 0 && known != m_tls.end()) {
        info = known->second;
        return;
    }
    readTlsConnection(slot.easy(), verified, info);
    if (m_tls.size() > 2 * std::size_t(keptConnections)) m_tls.clear(); // most are of connections long gone
    m_tls[session] = info;
}

void CurlLane::enqueue(CurlTransfer* transfer) {
    m_queue.push_back(transfer);
    if (!m_pumping) post();
}

void CurlLane::forget(CurlTransfer* transfer) {
    m_queue.erase(std::remove(m_queue.begin(), m_queue.end(), transfer), m_queue.end());
}

void CurlLane::wake() {
    m_runNow = true;
    if (!m_pumping) post();
}

void CurlLane::post() {
    if (m_posted) return;
    m_posted = true;
    QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

bool CurlLane::event(QEvent* event) {
    if (event->type() != QEvent::User) return QObject::event(event);
    m_posted = false;
    ++m_depth;
    pump();
    --m_depth;
    return true;
}

void CurlLane::timerEvent(QTimerEvent*) {
    m_timer.stop();
    if (m_deadline < 0) return;
    const qint64 left = m_deadline - nowMs();
    if (left > 0) {
        m_armedFor = m_deadline;
        m_timer.start(int(std::min<qint64>(left, 3600000)), this);
        return;
    }
    m_deadline = -1;
    m_runNow = true;
    ++m_depth;
    pump();
    --m_depth;
}

void CurlLane::onReady(curl_socket_t socket, int mask) {
    ++m_depth;
    int running = 0;
    {
        const QScopedValueRollback guard(m_pumping, true);
        curl_multi_socket_action(m_multi, socket, mask, &running);
    }
    pump();
    --m_depth;
}

void CurlLane::pump() {
    // A completion may drop the last handle and the transport; the lane must last until the end of this
    // function.
    const std::shared_ptr<CurlLane> self = weak_from_this().lock();
    if (!self) return;
    for (int round = 0; round < 64; ++round) {
        {
            const QScopedValueRollback guard(m_pumping, true);
            if (m_runNow) {
                m_runNow = false;
                int running = 0;
                curl_multi_socket_action(m_multi, CURL_SOCKET_TIMEOUT, 0, &running);
            }
            readMessages();
        }
        // After each step of libcurl, so that a body is held at its limit before the next piece is read.
        while (!m_queue.empty()) {
            CurlTransfer* transfer = m_queue.front();
            m_queue.pop_front();
            transfer->deliver(); // may destroy it
        }
        if (!m_runNow) return;
    }
    post(); // let other events have their turn
}

void CurlLane::readMessages() {
    int left = 0;
    while (m_multi) {
        const CURLMsg* message = curl_multi_info_read(m_multi, &left);
        if (!message) return;
        if (message->msg != CURLMSG_DONE) continue;
        char* slot = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        CurlTransfer* owner = reinterpret_cast<CurlSlot*>(slot)->owner();
        owner->onDone(message->data.result);
    }
}

void CurlLane::watch(curl_socket_t socket, int what) {
    Watches& watches = m_watches[socket];
    if (what == CURL_POLL_REMOVE && !watches.connection) {
        forgetSocket(socket);
        return;
    }
    const auto settle = [&](std::unique_ptr<Watch>& watch, QSocketNotifier::Type type, bool on) {
        if (watch) {
            watch->wanted = on;
            // Switching a read watch off and on costs more than leaving it: an idle connection says nothing.
            if (on || type == QSocketNotifier::Write) watch->setEnabled(on);
        } else if (on) {
            watch = std::make_unique<Watch>(this, socket, type);
        }
    };
    settle(watches.read, QSocketNotifier::Read, what == CURL_POLL_IN || what == CURL_POLL_INOUT);
    settle(watches.write, QSocketNotifier::Write, what == CURL_POLL_OUT || what == CURL_POLL_INOUT);
}

void CurlLane::forgetSocket(curl_socket_t socket) {
    const auto found = m_watches.find(socket);
    if (found == m_watches.end()) return;
    drop(std::move(found->second.read));
    drop(std::move(found->second.write));
    m_watches.erase(found);
}

void CurlLane::drop(std::unique_ptr<Watch> watch) {
    if (!watch) return;
    watch->detach();
    watch->setEnabled(false);
    if (m_depth > 0) watch.release()->deleteLater(); // it may be the one whose event is being handled
}

int CurlLane::onSocket(CURL*, curl_socket_t socket, int what, void* lane, void*) {
    static_cast<CurlLane*>(lane)->watch(socket, what);
    return 0;
}

int CurlLane::socketOpened(void* lane, curl_socket_t socket, curlsocktype) {
    auto* self = static_cast<CurlLane*>(lane);
    self->forgetSocket(socket); // a number used before
    self->m_watches[socket].connection = true;
    return CURL_SOCKOPT_OK;
}

int CurlLane::closeSocket(void* lane, curl_socket_t socket) {
    auto* self = static_cast<CurlLane*>(lane);
    self->forgetSocket(socket);
#ifdef Q_OS_WIN
    return closesocket(socket);
#else
    return ::close(socket);
#endif
}

int CurlLane::onTimer(CURLM*, long ms, void* lane) {
    auto* self = static_cast<CurlLane*>(lane);
    if (ms < 0) {
        self->m_deadline = -1;
        return 0;
    }
    if (ms == 0) {
        self->m_deadline = -1;
        self->wake();
        return 0;
    }
    // The timer is left alone where it fires early enough; libcurl moves its deadline several times a
    // request.
    const qint64 now = nowMs();
    self->m_deadline = now + ms;
    if (self->m_timer.isActive() && self->m_armedFor <= self->m_deadline) return 0;
    self->m_armedFor = self->m_deadline;
    self->m_timer.start(int(std::min<qint64>(ms, 3600000)), Qt::PreciseTimer, self);
    return 0;
}

} // namespace kb
