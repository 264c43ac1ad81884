// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "practice/http_values.h"

#include <QAbstractHttpServer>
#include <functional>

namespace kb::practice {

/// Qt's HTTP server, reduced to one function from a request value to an answer value. On 127.0.0.1 only.
/// What differs between Qt's releases is kept in its source file.
class HttpListener final : public QAbstractHttpServer {
public:
    using Handler = std::function<HttpReply(const HttpRequest&)>;
    explicit HttpListener(Handler handler);

    /// Returns the port taken. Errors: ConnectFailed.
    Result<quint16> listenOn(quint16 port);

protected:
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    bool handleRequest(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
    void missingHandler(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
#else
    bool handleRequest(const QHttpServerRequest& request, QTcpSocket* socket) override;
    void missingHandler(const QHttpServerRequest& request, QTcpSocket* socket) override;
#endif

private:
    Handler m_handler;
};

} // namespace kb::practice
