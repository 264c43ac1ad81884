// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"
#include "core/run/transport.h"
#include "io/network/proxy_choice.h"

#include <QByteArray>
#include <curl/curl.h>
#include <vector>

namespace kb {

class CurlTransfer;

/// One of libcurl's easy handles with what it was last told, so that a reused one is told differences only.
class CurlSlot {
public:
    explicit CurlSlot(void* lane);
    ~CurlSlot();
    CurlSlot(const CurlSlot&) = delete;
    CurlSlot& operator=(const CurlSlot&) = delete;

    CURL* easy() const { return m_easy; }
    QByteArrayView errorText() const { return QByteArrayView(m_errorBuffer); }
    CurlTransfer* owner() const { return m_owner; }

    /// Sets up one request. `request` must outlive the transfer: its body is not copied.
    CURLcode prepare(CurlTransfer* owner, const Request& request, const TransportOptions& options,
                     const ProxyChoice& proxy);
    void release();
    void setTimeout(int ms);

private:
    void setFixedOptions(void* lane);
    void setMethod(const Request& request);
    void setTls(const TransportOptions& options);
    CURLcode setLogin(const ConnectionLogin* login);
    CURLcode setCertificate(const Secret* pem);
    void setHeaders(const Request& request, const ProxyChoice& proxy);
    void setText(CURLoption option, QByteArray& last, const QByteArray& now);

    CURL* m_easy;
    CurlTransfer* m_owner = nullptr;
    char m_errorBuffer[CURL_ERROR_SIZE] = {};
    QByteArray m_url, m_target, m_method, m_caFile, m_proxy;
    QByteArray m_lines;              ///< the text of all request field lines
    std::vector<curl_slist> m_nodes; ///< the list over it, so that nothing is copied once more
    int m_timeoutMs = -1;
    bool m_body = false;
    bool m_head = false;
    bool m_verify = true;
    bool m_login = false;
    bool m_certificate = false;
};

/// Makes libcurl ready once, at the first use of the network.
void ensureCurl();

} // namespace kb
