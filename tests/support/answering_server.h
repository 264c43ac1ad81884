// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QTcpServer>
#include <QTcpSocket>
#include <functional>

namespace kb::test {

/// A server in the test's own process that answers each whole request as a function says, and closes.
class AnsweringServer {
public:
    struct Answer {
        QByteArray status = "200 OK";
        QByteArray body = "{}";
        QByteArray fields = {}; ///< more header lines, each with its line end
    };
    std::function<Answer(const QByteArray& request)> answer;
    QByteArrayList asked; ///< whole requests, in their order

    AnsweringServer() {
        if (!m_server.listen(QHostAddress::LocalHost)) qFatal("no port to listen at");
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket* socket = m_server.nextPendingConnection())
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { serve(socket); });
        });
    }
    QString url(const QString& path = {}) const {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(m_server.serverPort()).arg(path);
    }
    /// How many requests begin so: "POST /token".
    int count(const QByteArray& start) const {
        int found = 0;
        for (const QByteArray& request : asked)
            found += request.startsWith(start);
        return found;
    }

private:
    void serve(QTcpSocket* socket) {
        const QByteArray request = socket->peek(1 << 20);
        const qsizetype head = request.indexOf("\r\n\r\n");
        if (head < 0) return;
        const qsizetype at = request.left(head).toLower().indexOf("content-length:");
        const qsizetype length =
            at < 0 ? 0 : request.mid(at + 15, 12).simplified().split(' ').first().toLongLong();
        if (request.size() < head + 4 + length) return;
        socket->readAll();
        asked.append(request);
        const Answer made = answer ? answer(request) : Answer();
        socket->write("HTTP/1.1 " + made.status + "\r\n" + made.fields +
                      "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                      QByteArray::number(made.body.size()) + "\r\n\r\n" + made.body);
        socket->disconnectFromHost();
    }
    QTcpServer m_server;
};

} // namespace kb::test
