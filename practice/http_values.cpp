// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/http_values.h"

#include "practice/jose.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QLocale>

namespace kb::practice {
namespace {

std::optional<QString> formDecoded(QByteArray text) {
    text.replace('+', ' ');
    for (qsizetype i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
        const QByteArray digits = text.mid(i + 1, 2);
        if (digits.size() < 2 || !isxdigit(static_cast<unsigned char>(digits[0])) ||
            !isxdigit(static_cast<unsigned char>(digits[1])))
            return std::nullopt;
    }
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text));
}

} // namespace

QList<QByteArray> HttpRequest::values(const char* name) const {
    QList<QByteArray> found;
    for (const auto& [key, value] : fields)
        if (key.compare(name, Qt::CaseInsensitive) == 0) found.append(value);
    return found;
}

QByteArray HttpRequest::mediaType() const {
    const QList<QByteArray> types = values("Content-Type");
    return types.isEmpty() ? QByteArray() : types.first().split(';').first().trimmed().toLower();
}

std::optional<QList<QPair<QString, QString>>> parseForm(const QByteArray& text) {
    QList<QPair<QString, QString>> form;
    for (const QByteArray& pair : text.split('&')) {
        if (pair.isEmpty()) continue;
        const qsizetype equals = pair.indexOf('=');
        const auto name = formDecoded(equals < 0 ? pair : pair.left(equals));
        const auto value = formDecoded(equals < 0 ? QByteArray() : pair.mid(equals + 1));
        if (!name || !value) return std::nullopt;
        for (const auto& known : form)
            if (known.first == *name) return std::nullopt;
        form.append({*name, *value});
    }
    return form;
}

QString formValue(const QList<QPair<QString, QString>>& form, const char* name) {
    for (const auto& [key, value] : form)
        if (key == QLatin1String(name)) return value;
    return {};
}

HttpReply jsonReply(int status, const QJsonObject& value) {
    HttpReply reply;
    reply.status = status;
    reply.add("Content-Type", "application/json");
    reply.body = QJsonDocument(value).toJson(QJsonDocument::Compact);
    return reply;
}

HttpReply jsonReply(int status, const QJsonArray& value) {
    HttpReply reply;
    reply.status = status;
    reply.add("Content-Type", "application/json");
    reply.body = QJsonDocument(value).toJson(QJsonDocument::Compact);
    return reply;
}

const QList<ProblemKind>& problemKinds() {
    static const QList<ProblemKind> kinds{
        {"missing-token", 401, "No credential was sent",
         "The operation needs a bearer token or, where the document says so, an API key."},
        {"invalid-token", 401, "The token is not valid",
         "The token is malformed, not signed by this server, or meant for someone else."},
        {"expired-token", 401, "The token has expired", "Its exp lies in the past. Get a new one."},
        {"not-yet-valid-token", 401, "The token is not valid yet",
         "Its nbf lies in the future. Check the clocks."},
        {"revoked-token", 401, "The token was revoked", "It was handed to /tokens/revoke. Get a new one."},
        {"invalid-api-key", 401, "The API key is not valid",
         "The key in X-API-Key is unknown or has expired."},
        {"invalid-request", 400, "The request is malformed",
         "A parameter is missing, repeated or broken, or the credential came in more than one way."},
        {"insufficient-scope", 403, "The token lacks a scope",
         "The token is valid, but the operation needs a scope it does not carry."},
        {"wrong-role", 403, "The role does not allow this",
         "The token is valid, but its role claim is not enough."},
        {"wrong-plan", 403, "The plan does not include this",
         "The token is valid, but its plan claim is not enough."},
        {"not-your-object", 403, "This is not yours",
         "Users see their own objects only; an administrator sees all. Absent objects answer the same."},
        {"not-found", 404, "Nothing is here", "No resource has this path."},
        {"method-not-allowed", 405, "The method is not allowed here",
         "The Allow field lists those that are."},
        {"conflict", 409, "The practice data is full", "The practice API holds a limited number of objects."},
        {"precondition-failed", 412, "The object is not in that state", "If-Match names another ETag."},
        {"content-too-large", 413, "The body is too large", "The practice API takes at most 64 kB."},
        {"unsupported-media-type", 415, "The body is not JSON", "Send application/json."},
        {"invalid-body", 422, "The body does not fit", "A member is missing or has the wrong type."},
        {"too-many-requests", 429, "Too many requests",
         "The identity used up its requests. Retry-After tells when."},
        {"internal-error", 500, "Something broke", "The server failed to answer."},
    };
    return kinds;
}

HttpReply problemReply(const QString& baseUrl, const char* name, const QString& detail,
                       const QJsonObject& extra) {
    const ProblemKind* kind = &problemKinds().last();
    for (const ProblemKind& candidate : problemKinds())
        if (qstrcmp(candidate.name, name) == 0) kind = &candidate;
    QJsonObject body = extra;
    body.insert(QStringLiteral("type"),
                QString(baseUrl % QLatin1String("/problems/") % QLatin1String(kind->name)));
    body.insert(QStringLiteral("title"), QString::fromLatin1(kind->title));
    body.insert(QStringLiteral("status"), kind->status);
    body.insert(QStringLiteral("detail"), detail);
    body.insert(QStringLiteral("trace"), QString::fromLatin1(randomText(6)));
    HttpReply reply;
    reply.status = kind->status;
    reply.add("Content-Type", "application/problem+json");
    reply.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    reply.denies = kind->status == 401 || kind->status == 403;
    return reply;
}

QByteArray httpDate(qint64 unixSeconds) {
    const QDateTime time = QDateTime::fromSecsSinceEpoch(unixSeconds, Qt::UTC);
    return QLocale::c().toString(time, QStringLiteral("ddd, dd MMM yyyy hh:mm:ss")).toLatin1() + " GMT";
}

} // namespace kb::practice
