// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/http_listener.h"

#include <QCoreApplication>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>
#include <memory>
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
#include <QHttpHeaders>
#endif

namespace kb::practice {
namespace {

using Method = QHttpServerRequest::Method;

QByteArray methodName(Method method) {
    switch (method) {
    case Method::Get:
        return "GET";
    case Method::Put:
        return "PUT";
    case Method::Delete:
        return "DELETE";
    case Method::Post:
        return "POST";
    case Method::Head:
        return "HEAD";
    case Method::Options:
        return "OPTIONS";
    case Method::Patch:
        return "PATCH";
    case Method::Connect:
        return "CONNECT";
    case Method::Trace:
        return "TRACE";
    default:
        return "UNKNOWN";
    }
}

HttpRequest valueOf(const QHttpServerRequest& request) {
    HttpRequest value;
    value.method = methodName(request.method());
    value.path = request.url().path(QUrl::FullyEncoded).toLatin1();
    value.query = request.url().query(QUrl::FullyEncoded).toLatin1();
    value.body = request.body();
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    for (const auto& [name, field] : request.headers().toListOfPairs())
        value.fields.append({name, field});
#else
    value.fields = request.headers();
#endif
    return value;
}

// The fields of an answer with what the body needs. A 204 has neither length nor type (RFC 9110 §8.6).
Fields framed(const HttpReply& reply) {
    Fields fields = reply.fields;
    if (reply.status != 204) fields.append({"Content-Length", QByteArray::number(reply.body.size())});
    return fields;
}

} // namespace

HttpListener::HttpListener(Handler handler) : m_handler(std::move(handler)) {}

Result<quint16> HttpListener::listenOn(quint16 port) {
    auto server = std::make_unique<QTcpServer>();
    if (!server->listen(QHostAddress::LocalHost, port)) {
        const bool taken = server->serverError() == QAbstractSocket::AddressInUseError;
        return fail(
            ErrorCode::ConnectFailed,
            taken ? QCoreApplication::translate("PracticeServer", "Port %1 is in use already.").arg(port)
                  : QCoreApplication::translate("PracticeServer", "The practice API cannot listen: %1.")
                        .arg(server->errorString()),
            QStringLiteral("127.0.0.1:%1").arg(port),
            QCoreApplication::translate("PracticeServer", "Choose another port, or 0 for any free one."));
    }
    const quint16 taken = server->serverPort();
    bind(server.release()); // QAbstractHttpServer becomes its parent
    return taken;
}

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)

bool HttpListener::handleRequest(const QHttpServerRequest& request, QHttpServerResponder& responder) {
    const HttpReply reply = m_handler(valueOf(request));
    QHttpHeaders headers;
    for (const auto& [name, value] : reply.fields)
        headers.append(name, value);
    responder.write(request.method() == Method::Head ? QByteArray() : reply.body, headers,
                    static_cast<QHttpServerResponder::StatusCode>(reply.status));
    return true;
}

void HttpListener::missingHandler(const QHttpServerRequest&, QHttpServerResponder&) {}

#else

bool HttpListener::handleRequest(const QHttpServerRequest& request, QTcpSocket* socket) {
    HttpReply reply = m_handler(valueOf(request));
    // This release keeps every connection open, so the wish to close is ours to grant.
    const bool close = request.value("Connection").toLower().contains("close");
    if (close) reply.add("Connection", "close");
    {
        QHttpServerResponder responder = makeResponder(request, socket);
        responder.writeStatusLine(static_cast<QHttpServerResponder::StatusCode>(reply.status));
        for (const auto& [name, value] : framed(reply))
            responder.writeHeader(name, value);
        responder.writeBody(request.method() == Method::Head ? QByteArray() : reply.body);
    }
    if (close) socket->disconnectFromHost();
    return true;
}

void HttpListener::missingHandler(const QHttpServerRequest&, QTcpSocket*) {}

#endif

} // namespace kb::practice
