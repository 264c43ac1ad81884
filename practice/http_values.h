// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QPair>
#include <QString>
#include <optional>

namespace kb::practice {

using Fields = QList<QPair<QByteArray, QByteArray>>;

/// One request as the server took it. Field names keep their spelling; look them up with values().
struct HttpRequest {
    QByteArray method;
    QByteArray path;  ///< as sent, percent-encoding and all
    QByteArray query; ///< without the question mark
    Fields fields;
    QByteArray body;

    QList<QByteArray> values(const char* name) const; ///< of every field line of that name, any case
    QByteArray mediaType() const;                     ///< lower case, without parameters
};

/// One answer. `denies` marks what 500-on-deny and 200-with-error-body twist.
struct HttpReply {
    int status = 200;
    Fields fields;
    QByteArray body;
    bool denies = false;

    void add(const char* name, const QByteArray& value) { fields.append({QByteArray(name), value}); }
};

/// A form or a query (application/x-www-form-urlencoded). Nothing when a name comes twice or an escape is
/// broken.
std::optional<QList<QPair<QString, QString>>> parseForm(const QByteArray& text);
QString formValue(const QList<QPair<QString, QString>>& form, const char* name);

HttpReply jsonReply(int status, const QJsonObject& value);
HttpReply jsonReply(int status, const QJsonArray& value);

/// One kind of error the API speaks of; its page is served at /problems/{name}.
struct ProblemKind {
    const char* name;
    int status;
    const char* title;
    const char* explanation;
};
const QList<ProblemKind>& problemKinds();

/// An RFC 9457 answer of that kind. `detail` is one sentence; `extra` holds further members.
HttpReply problemReply(const QString& baseUrl, const char* name, const QString& detail,
                       const QJsonObject& extra = {});

QByteArray httpDate(qint64 unixSeconds); ///< RFC 9110 §5.6.7

} // namespace kb::practice
