// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/url_template.h"
#include "core/run/history_store.h"
#include "core/workspace/inherit.h"

namespace kb {

namespace {

/// What the redactor puts in a secret's place.
bool isMasked(const QByteArray& value) {
    return value.contains("********") || value.contains("\u2022\u2022\u2022\u2022");
}

/// Without an exchange nothing was redacted: of the address only what is not a secret's place is kept.
void describeUnanswered(HistoryEntry& entry, const HistorySource& source) {
    entry.method = source.spec.method;
    RequestSpec bare = source.spec;
    bare.body = {};
    bare.headers.clear();
    const Result<Request> built = buildRequest(bare, source.variables);
    if (!built) return;
    entry.host = QString::fromUtf8(built->url.authority());
    const QByteArray origin = built->url.origin().text().toUtf8();
    entry.url = QString::fromUtf8(Redactor().text(origin + built->url.path()));
}

} // namespace

HistoryRecord historyRecord(const HistorySource& source, const RunResult& result, qint64 nowMs) {
    HistoryRecord record;
    HistoryEntry& entry = record.entry;
    entry.timeMs = nowMs;
    entry.environment = source.environment;
    entry.requestPath = source.spec.id;
    entry.profileId = source.profileId;
    entry.profileName = source.profileName;
    if (result.diagnosis) record.diagnosis = result.diagnosis->sentence;
    if (result.error) entry.problem = result.error->what;
    if (result.hops.isEmpty()) {
        describeUnanswered(entry, source);
        return record;
    }
    const Exchange& last = result.hops.last();
    const Request& sent = last.sent();
    const Response& response = last.response();
    entry.method = QString::fromLatin1(sent.method);
    entry.url = QString::fromUtf8(sent.url.text());
    entry.host = QString::fromUtf8(sent.url.authority());
    entry.status = response.status;
    entry.totalMs = last.timings().total;
    entry.size = response.body.size();
    record.requestHeaders = sent.headers.fields;
    record.requestBody = sent.body.left(HistoryLimits::bodyBytes);
    record.hasRequestBody = sent.hasBody;
    record.reason = QString::fromUtf8(response.reason);
    record.responseHeaders = response.headers.fields;
    record.responseBody = response.body.left(HistoryLimits::bodyBytes);
    record.bodyCut = response.body.size() > HistoryLimits::bodyBytes;
    return record;
}

RequestSpec requestOf(const HistoryRecord& record) {
    RequestSpec spec;
    spec.method = record.entry.method;
    UrlParts url = splitUrl(record.entry.url);
    url.query.removeIf([](const QueryField& field) { return isMasked(field.value.toUtf8()); });
    url.hasQuery = !url.query.isEmpty();
    spec.url = joinUrl(url);
    spec.name = spec.method + u' ' + spec.url.section(u'?', 0, 0);
    // As then, whatever a folder gives today.
    spec.profileId = record.entry.profileId.isEmpty() ? explicitlyAnonymous() : record.entry.profileId;
    QString type;
    for (const HeaderField& field : record.requestHeaders) {
        const QByteArray name = field.name.toLower();
        if (name == "host" || name == "content-length" || name == "user-agent" || name == "accept-encoding" ||
            isMasked(field.value))
            continue;
        if (name == "content-type")
            type = QString::fromUtf8(field.value);
        else if (name != "accept" || field.value != "*/*")
            spec.headers.append({QString::fromUtf8(field.name), QString::fromUtf8(field.value), {}, true});
    }
    if (record.hasRequestBody) {
        const bool json = type.startsWith(QLatin1String("application/json"));
        spec.body = {json ? BodySpec::Kind::Json : BodySpec::Kind::Text,
                     QString::fromUtf8(record.requestBody), json ? QString() : type};
    }
    return spec;
}

} // namespace kb
