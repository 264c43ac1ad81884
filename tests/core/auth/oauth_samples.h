// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of OAuth share: answers, a context whose randomness is counted, forms read back.
#pragma once
#include "core/auth/crypto.h"
#include "core/auth/oauth_answer.h"
#include "core/auth/oauth_form.h"

#include <QtTest>

namespace kb {

inline Response jsonAnswer(int status, const QByteArray& body,
                           const QByteArray& type = "application/json;charset=UTF-8") {
    Response response;
    response.status = status;
    response.headers.append("Content-Type", type);
    response.body = body;
    return response;
}

inline HttpUrl urlOf(const QString& text) {
    const Result<HttpUrl> url = HttpUrl::parse(text);
    return url ? *url : HttpUrl();
}

/// A context with a redactor of its own; each call for random bytes gives others, the same in each run.
struct OAuthFixture {
    Redactor redactor;
    unsigned char counter = 0;
    qint64 nowMs = 1'700'000'000'000;

    FlowContext context() {
        return {redactor, nowMs, [this](qsizetype count) {
                    ++counter;
                    return QByteArray(count, char(counter));
                }};
    }
    bool masks(const QByteArray& secret) const { return !redactor.text(secret).contains(secret); }
};

/// The values of a form's fields of that name, decoded.
inline QStringList formValues(const QByteArray& form, const QString& name) {
    QStringList values;
    const auto fields = parseForm(form);
    if (!fields) return {QStringLiteral("does not parse")};
    for (const FormField& field : *fields)
        if (field.first == name) values.append(field.second);
    return values;
}

/// A part of a compact JWS as JSON: 0 the header, 1 the claims.
inline JsonValue jwtPart(const QByteArray& compact, int part) {
    const auto json =
        parseJson(QByteArray::fromBase64(compact.split('.').value(part), QByteArray::Base64UrlEncoding));
    return json ? *json : JsonValue();
}

} // namespace kb
