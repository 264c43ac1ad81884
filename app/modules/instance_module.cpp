// SPDX-License-Identifier: GPL-3.0-or-later
// A start that finds the program running tells it what to open. One line each way.
#include <QDeadlineTimer>
#include <QLocalServer>
#include <QLocalSocket>
#include <QThread>
#include <functional>

extern "C" Q_DECL_EXPORT bool kbHandOver(const QString& socketName, const QByteArray& message, int limitMs) {
    const QDeadlineTimer limit(limitMs);
    QLocalSocket socket;
    // One that was started at the same moment does not listen yet.
    for (;;) {
        socket.connectToServer(socketName);
        if (socket.waitForConnected(int(limit.remainingTime()))) break;
        if (limit.hasExpired()) return false;
        QThread::msleep(30);
    }
    socket.write(message.toPercentEncoding("/") + '\n');
    QByteArray answer;
    while (!answer.endsWith('\n') && !limit.hasExpired() &&
           (socket.bytesAvailable() > 0 || socket.waitForReadyRead(int(limit.remainingTime()))))
        answer += socket.readAll();
    return answer == "ok\n";
}

extern "C" Q_DECL_EXPORT QObject* kbServeInstance(const QString& socketName,
                                                  const std::function<void(const QByteArray&)>& take,
                                                  qsizetype longest) {
    auto* server = new QLocalServer;
    server->setSocketOptions(QLocalServer::UserAccessOption);
    QLocalServer::removeServer(socketName); // left by one that was killed: the lock says that nobody runs
    server->listen(socketName);
    QObject::connect(server, &QLocalServer::newConnection, server, [server, take, longest] {
        QLocalSocket* socket = server->nextPendingConnection();
        QObject::connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        QObject::connect(socket, &QLocalSocket::readyRead, socket, [socket, take, longest] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() > 3 * longest) socket->abort(); // no line of ours is so long
                return;
            }
            const QByteArray message =
                QByteArray::fromPercentEncoding(socket->readLine(3 * longest + 2).trimmed());
            socket->write("ok\n");
            socket->flush();
            socket->disconnectFromServer();
            take(message);
        });
    });
    return server;
}
