// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"
#include "core/http/headers.h"
#include "core/http/url.h"

namespace kb {

/// Problem details of an HTTP API (RFC 9457). Members of the wrong type are ignored; extensions are kept.
struct ProblemDetails {
    QString type = QStringLiteral("about:blank");
    QString title;
    int status = 0; ///< advisory; the HTTP status wins
    QString detail;
    QString instance;
    QList<JsonValue::Member> extensions;
};

/// Reads application/problem+json; also a plain JSON object of the same shape or with OAuth's error and
/// error_description, since many servers send those as application/json. Nothing found: nullopt.
std::optional<ProblemDetails> readProblem(const HeaderList& headers, const QByteArray& body);

/// `type` as an absolute URI: a relative one is meant from the URL of the answer (RFC 9457 §3.1.1).
QString problemType(const ProblemDetails& problem, const HttpUrl& answered);

} // namespace kb
