// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/loopback_listener.h"

#include <QCoreApplication>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

namespace kb {

namespace {

constexpr qsizetype headLimit = 32 * 1024; // an authorization answer with a long state fits many times
constexpr int headTimeMs = 10000;

struct ListenerText {
    Q_DECLARE_TR_FUNCTIONS(LoopbackListener)
};

/// A page without script, links or anything fetched, which tells nobody where it came from.
QByteArray page(const QByteArray& status, const QString& text) {
    const QByteArray body =
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>Keybearer</title></head>"
        "<body style=\"font-family:sans-serif;margin:4em\"><p>" +
        text.toHtmlEscaped().toUtf8() + "</p></body></html>\n";
    return "HTTP/1.1 " + status + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " +
           QByteArray::number(body.size()) +
           "\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
           "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
           "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n" +
           body;
}

class Wait final : public RedirectWait {
public:
    Wait(QString path, std::function<bool(const QByteArray&)> arrived)
        : m_path(std::move(path)), m_arrived(std::move(arrived)) {
        for (QTcpServer* server : {&m_four, &m_six})
            QObject::connect(server, &QTcpServer::newConnection, server, [this, server] {
                while (QTcpSocket* socket = server->nextPendingConnection())
                    serve(socket);
            });
    }

    bool open() {
        const bool four = m_four.listen(QHostAddress::LocalHost);
        // The same port on both, so that it does not matter which of the two the browser takes.
        const bool six = m_six.listen(QHostAddress::LocalHostIPv6, four ? m_four.serverPort() : 0);
        return four || six;
    }
    QString problem() const { return m_four.errorString(); }

    QString redirectUri() const override {
        return m_four.isListening()
                   ? QStringLiteral("http://127.0.0.1:%1%2").arg(m_four.serverPort()).arg(m_path)
                   : QStringLiteral("http://[::1]:%1%2").arg(m_six.serverPort()).arg(m_path);
    }

private:
    void serve(QTcpSocket* socket) {
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        // A browser that opens a connection in advance and says nothing does not keep it.
        QTimer::singleShot(headTimeMs, socket, [socket] { socket->abort(); });
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
            const QByteArray head = socket->peek(headLimit);
            if (!head.contains("\r\n\r\n")) {
                if (head.size() >= headLimit) socket->abort();
                return;
            }
            QObject::disconnect(socket, &QTcpSocket::readyRead, nullptr, nullptr);
            socket->readAll();
            answer(socket, head.left(head.indexOf("\r\n")));
        });
    }

    void answer(QTcpSocket* socket, const QByteArray& requestLine) {
        const QList<QByteArray> words = requestLine.split(' ');
        const QByteArray target = words.value(1);
        const bool ours = words.size() == 3 && words[0] == "GET" &&
                          target.left(target.indexOf('?')) == m_path.toUtf8() && target.contains('?');
        if (!ours || !m_arrived(target)) {
            socket->write(page("404 Not Found", ListenerText::tr("There is nothing here.")));
            socket->disconnectFromHost();
            return;
        }
        socket->write(page("200 OK", ListenerText::tr("Keybearer has the answer. You can close this page.")));
        // The page is written out before the port closes with this object, which may be soon.
        socket->waitForBytesWritten(2000);
        socket->disconnectFromHost();
        m_four.close();
        m_six.close();
        m_arrived = [](const QByteArray&) { return false; };
    }

    QString m_path;
    std::function<bool(const QByteArray&)> m_arrived;
    QTcpServer m_four;
    QTcpServer m_six;
};

} // namespace

Result<std::unique_ptr<RedirectWait>>
LoopbackListener::listen(const QString& path, std::function<bool(const QByteArray&)> arrived) {
    auto wait = std::make_unique<Wait>(path, std::move(arrived));
    if (!wait->open())
        return fail(ErrorCode::ConnectFailed, ListenerText::tr("No port could be opened on this machine."),
                    wait->problem(),
                    ListenerText::tr("Check what keeps programs from listening on 127.0.0.1."));
    return wait;
}

} // namespace kb
