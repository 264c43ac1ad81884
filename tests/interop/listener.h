// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QHash>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTcpServer>
#include <QTcpSocket>
#include <optional>

/// What arrived, with what libraries add by themselves left out.
struct Arrived {
    QByteArray line;
    QMap<QByteArray, QByteArray> headers; ///< those of the request, names in lower case
    QByteArray body;
    bool operator==(const Arrived&) const = default;

    QByteArray text() const {
        QByteArray all = line + '\n';
        for (auto each = headers.cbegin(); each != headers.cend(); ++each)
            all += each.key() + ": " + each.value() + '\n';
        return all + '\n' + body;
    }
};

class Listener final : public QTcpServer {
public:
    explicit Listener(QStringList wanted) : m_wanted(std::move(wanted)) {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* socket = nextPendingConnection()) {
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
                // Another socket may get its place in memory.
                connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
                    m_buffers.remove(socket);
                    m_continued.remove(socket);
                    socket->deleteLater();
                });
            }
        });
    }
    QString url(const QString& path) const {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(path);
    }
    std::optional<Arrived> last;
    QList<Arrived> everything;
    QByteArray body = "ok"; ///< of every answer
    QByteArray type = "text/plain";

private:
    void read(QTcpSocket* socket) {
        QByteArray& buffer = m_buffers[socket];
        buffer += socket->readAll();
        const qsizetype end = buffer.indexOf("\r\n\r\n");
        if (end < 0) return;
        Arrived arrived;
        const QList<QByteArray> lines = buffer.left(end).split('\n');
        arrived.line = lines.first().trimmed();
        QMap<QByteArray, QByteArray> all;
        for (const QByteArray& line : lines.mid(1)) {
            const QByteArray name = line.left(line.indexOf(':')).trimmed().toLower();
            const QByteArray value = line.mid(line.indexOf(':') + 1).trimmed();
            // Lines of one name mean a list (RFC 9110 §5.3).
            all.insert(name, all.contains(name) ? all.value(name) + ", " + value : value);
        }
        QByteArray sent = buffer.mid(end + 4);
        if (all.contains("expect") && !m_continued.contains(socket)) {
            m_continued.insert(socket);
            socket->write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        if (all.value("transfer-encoding") == "chunked") {
            if (!sent.endsWith("0\r\n\r\n")) return;
            sent = unchunked(sent);
        } else if (sent.size() < all.value("content-length").toInt()) {
            return;
        }
        for (const QString& name : m_wanted)
            if (all.contains(name.toUtf8().toLower()))
                arrived.headers.insert(name.toUtf8().toLower(), all.value(name.toUtf8().toLower()));
        arrived.body = sent;
        if (QByteArray& contentType = arrived.headers["content-type"];
            contentType.startsWith("multipart/form-data")) {
            arrived.body = parts(sent, contentType);
            contentType = "multipart/form-data";
        } else if (contentType.isEmpty()) {
            arrived.headers.remove("content-type");
        }
        last = arrived;
        everything.append(arrived);
        m_buffers.remove(socket);
        socket->write("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " +
                      QByteArray::number(this->body.size()) + "\r\nConnection: close\r\n\r\n" +
                      (arrived.line.startsWith("HEAD ") ? QByteArray() : this->body));
        socket->disconnectFromHost();
    }
    static QByteArray unchunked(QByteArray text) {
        QByteArray out;
        while (true) {
            const qsizetype end = text.indexOf("\r\n");
            const int size = text.left(end).toInt(nullptr, 16);
            if (end < 0 || size == 0) return out;
            out += text.mid(end + 2, size);
            text = text.mid(end + 4 + size);
        }
    }
    /// Names, file names and contents of the parts: boundaries are free, and so is the type of a plain text.
    static QByteArray parts(const QByteArray& body, const QByteArray& type) {
        QByteArray boundary = "--" + type.mid(type.indexOf("boundary=") + 9).split(';').first();
        boundary.replace('"', "");
        QByteArray out;
        qsizetype at = body.indexOf(boundary);
        while (at >= 0) {
            const qsizetype next = body.indexOf(QByteArray("\r\n" + boundary), at + 1);
            if (next < 0) break;
            const QByteArray part = body.mid(at, next - at);
            const QByteArray head = part.left(part.indexOf("\r\n\r\n"));
            static const QRegularExpression name(QStringLiteral("[; ]name=\"([^\"]*)\"")),
                file(QStringLiteral("filename=\"([^\"]*)\""));
            out += name.match(QString::fromUtf8(head)).captured(1).toUtf8() + '|' +
                   file.match(QString::fromUtf8(head)).captured(1).toUtf8() + '|' +
                   part.mid(part.indexOf("\r\n\r\n") + 4).toPercentEncoding(" ") + '\n';
            at = next + 2;
        }
        return out;
    }

    QStringList m_wanted;
    QHash<QTcpSocket*, QByteArray> m_buffers;
    QSet<QTcpSocket*> m_continued;
};
