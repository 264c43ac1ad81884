// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "practice/practice_server.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPair>
#include <QTcpSocket>

// A client of the tests' own that sends bytes as given and reads one answer, so that nothing stands between
// the test and the server.
namespace kb::test {

using FieldList = QList<QPair<QByteArray, QByteArray>>;

struct Answer {
    int status = 0; ///< 0: none came
    FieldList fields;
    QByteArray body;

    QList<QByteArray> all(const char* name) const {
        QList<QByteArray> found;
        for (const auto& [key, value] : fields)
            if (key.compare(name, Qt::CaseInsensitive) == 0) found.append(value);
        return found;
    }
    QByteArray field(const char* name) const { return all(name).value(0); }
    QJsonObject object() const { return QJsonDocument::fromJson(body).object(); }
    QJsonArray array() const { return QJsonDocument::fromJson(body).array(); }
    QString text(const char* member) const { return object().value(QLatin1String(member)).toString(); }
    /// The last part of a problem's type.
    QString problem() const { return text("type").section(QLatin1Char('/'), -1); }
    QByteArray challenge() const { return field("WWW-Authenticate"); }
};

/// Reads one answer from the socket. `hasBody` is false after HEAD.
inline Answer readAnswer(QTcpSocket& socket, bool hasBody = true) {
    Answer answer;
    QByteArray buffer;
    const auto more = [&] {
        if (!socket.bytesAvailable() && !socket.waitForReadyRead(10000)) return false;
        buffer += socket.readAll();
        return true;
    };
    qsizetype end = -1;
    while ((end = buffer.indexOf("\r\n\r\n")) < 0)
        if (!more()) return answer;
    const QList<QByteArray> lines = buffer.left(end).split('\n');
    answer.status = lines.first().split(' ').value(1).toInt();
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        answer.fields.emplaceBack(lines[i].left(colon), lines[i].mid(colon + 1).trimmed());
    }
    answer.body = buffer.mid(end + 4);
    buffer = answer.body;
    const qsizetype length = hasBody ? answer.field("Content-Length").toLongLong() : 0;
    while (buffer.size() < length)
        if (!more()) break;
    answer.body = buffer;
    return answer;
}

inline QByteArray requestText(const QByteArray& method, const QByteArray& target, const FieldList& fields,
                              const QByteArray& body) {
    QByteArray text = method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto& [name, value] : fields)
        text += name + ": " + value + "\r\n";
    if (!body.isEmpty()) text += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    text += "\r\n";
    text += body;
    return text;
}

inline Answer send(quint16 port, const QByteArray& method, const QByteArray& target,
                   const FieldList& fields = {}, const QByteArray& body = {}) {
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    if (!socket.waitForConnected(10000)) return {};
    socket.write(requestText(method, target, fields, body));
    return readAnswer(socket, method != "HEAD");
}

inline PracticeIdentity identity(const PracticeServer& server, const char* name) {
    for (const PracticeIdentity& one : server.identities())
        if (one.name == QLatin1String(name)) return one;
    return {};
}

inline QByteArray secret(const PracticeServer& server, const char* name) {
    return identity(server, name).secret;
}

/// The credential field of a named identity; none for "Anonymous".
inline FieldList as(const PracticeServer& server, const char* name) {
    const PracticeIdentity one = identity(server, name);
    if (one.kind == QLatin1String("bearer")) return {{"Authorization", "Bearer " + one.secret}};
    if (one.kind == QLatin1String("api-key")) return {{"X-API-Key", one.secret}};
    return {};
}

inline FieldList bearer(const QByteArray& token) {
    return {{"Authorization", "Bearer " + token}};
}

inline Answer postForm(const PracticeServer& server, const QByteArray& target, const QByteArray& form,
                       FieldList fields = {}) {
    fields.emplaceBack("Content-Type", "application/x-www-form-urlencoded");
    return send(server.port(), "POST", target, fields, form);
}

inline FieldList clientBasic(const PracticeServer& server) {
    const QByteArray pair = server.clientId().toUtf8() + ':' + server.clientSecret();
    return {{"Authorization", "Basic " + pair.toBase64()}};
}

inline QJsonObject part(const QByteArray& token, int index) {
    return QJsonDocument::fromJson(
               QByteArray::fromBase64(token.split('.').value(index), QByteArray::Base64UrlEncoding))
        .object();
}

} // namespace kb::test
