// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"

namespace samples {

using namespace kb;

inline HttpUrl url(const char* text) {
    return HttpUrl::parse(QString::fromUtf8(text)).value();
}

/// A request and its answer as a transport would hand them over; tests change what they are about.
struct Sample {
    Request sent;
    TransportReply reply;
    QByteArray secret;

    Exchange exchange() const {
        Redactor redactor;
        if (!secret.isEmpty())
            redactor.addSecret(Secret(std::string_view(secret.constData(), size_t(secret.size()))));
        redactor.addCredentialField("Authorization");
        return Exchange(redactor, sent, reply);
    }
};

inline Sample forbidden() {
    Sample s;
    s.secret = "tok-1234567890abcdef";
    s.sent.method = "DELETE";
    s.sent.url = url("https://api.acme.test/users/12345");
    s.sent.headers.append("Accept", "*/*");
    s.sent.headers.append("Authorization", "Bearer " + s.secret);
    s.reply.sentHeaders = s.sent.headers;
    s.reply.sentHeaders.append("Host", "api.acme.test");
    Response& r = s.reply.response;
    r.httpVersion = "2";
    r.status = 403;
    r.headers.append("content-type", "application/problem+json");
    r.headers.append("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    r.headers.append("www-authenticate", "Bearer error=\"insufficient_scope\", scope=\"users:delete\"");
    r.headers.append("ratelimit-limit", "100");
    r.headers.append("ratelimit-remaining", "71");
    r.headers.append("ratelimit-reset", "24");
    r.headers.append("set-cookie", "a=1");
    r.headers.append("set-cookie", "b=2");
    r.headers.append("x-request-id", "b7c1e0a2");
    r.body =
        R"({"type":"https://api.acme.test/problems/forbidden","title":"You may not delete users","status":403,)"
        R"("detail":"scope users:delete required","trace":"b7c1e0a2","ok":false,"next":null})";
    r.encodedBodyBytes = r.body.size();
    r.declaredLength = r.body.size();
    r.headerBytes = 412;
    s.reply.timings = {1.2, 6.8, 19.5, 19.9, 36.1, 38};
    s.reply.connection.peerAddress = QStringLiteral("203.0.113.7:443");
    s.reply.connection.localAddress = QStringLiteral("192.0.2.4:51544");
    s.reply.connection.tlsVersion = QStringLiteral("TLSv1.3");
    s.reply.connection.tlsCipher = QStringLiteral("TLS_AES_256_GCM_SHA384");
    s.reply.connection.certificateSubject = QStringLiteral("CN=api.acme.test");
    s.reply.connection.certificateIssuer = QStringLiteral("CN=Acme Test CA, O=Acme");
    s.reply.connection.certificateExpires = 1796000000;
    s.reply.connection.certificateVerified = true;
    s.reply.startedMs = 784111777000;
    return s;
}

inline Diagnosis insufficientScope() {
    Diagnosis d;
    d.cause = "insufficient-scope";
    d.sentence = QStringLiteral("The token is valid, but it may not do this.");
    d.challengeText = QStringLiteral("WWW-Authenticate: Bearer error=\"insufficient_scope\"");
    d.evidence = {QStringLiteral("The server asks for users:delete in ") + d.challengeText + u'.',
                  QStringLiteral("This token carries users:read, profile."),
                  QStringLiteral("The clock agrees with the server to 0.4 s, so expiry is not the cause.")};
    d.missingScopes = {QStringLiteral("users:delete")};
    d.tokenScopes = {QStringLiteral("users:read"), QStringLiteral("profile")};
    d.decided = true;
    d.remedies = {{Remedy::Kind::SendAs, QStringLiteral("Send as Admin"), QStringLiteral("admin")},
                  {Remedy::Kind::RequestScopes, QStringLiteral("Request scope users:delete"),
                   QStringLiteral("users:delete")},
                  {Remedy::Kind::OpenChallenge, QStringLiteral("Open the challenge"), {}}};
    return d;
}

inline Diagnosis undecided() {
    Diagnosis d;
    d.cause = "undecided";
    d.sentence = QStringLiteral("The server gives no reason, and by its times the token should pass.");
    d.evidence = {
        QStringLiteral("The answer has no WWW-Authenticate, which RFC 9110 §15.5.2 demands of a 401.")};
    d.wouldDecide = {QStringLiteral("A check of the signature with the issuer's keys."),
                     QStringLiteral("The issuer's word whether the token was revoked.")};
    d.remedies = {{Remedy::Kind::ReplaceToken, QStringLiteral("Replace the token"), {}}};
    return d;
}

inline RunResult resultOf(const Sample& sample) {
    RunResult result;
    result.hops = {sample.exchange()};
    return result;
}

/// http to https, and on to another host that gets no credential.
inline RunResult redirected() {
    Sample first = forbidden();
    first.sent.method = "GET";
    first.sent.url = url(
        "http://api.acme.test/users/12345?expand=everything&page=1&of=many-more-things-that-make-this-long");
    first.reply.response = {};
    first.reply.response.httpVersion = "1.1";
    first.reply.response.status = 307;
    first.reply.response.reason = "Temporary Redirect";
    first.reply.response.headers.append("Location", "https://cdn.acme.test/u/12345");
    first.reply.connection = {};
    first.reply.connection.peerAddress = QStringLiteral("203.0.113.7:80");
    first.reply.timings = {1.2, 6.8, -1, 7.1, 16.1, 16.4};
    Sample second = forbidden();
    second.sent.method = "GET";
    second.sent.url = url("https://cdn.acme.test/u/12345");
    second.reply.startedMs = first.reply.startedMs + 17;
    second.reply.connection.certificateVerified = false;
    second.reply.response.interim = {{103, "Early Hints", {}}};
    second.reply.response.interim[0].headers.append("link", "</style.css>; rel=preload; as=style");
    second.reply.response.trailers.append("server-timing", "db;dur=53");
    RunResult result;
    Exchange a = first.exchange();
    Exchange b = second.exchange();
    b.hopNote = QStringLiteral("Redirected by 307 to another origin: Authorization was not sent on.");
    result.hops = {a, b};
    result.plainHttp = true;
    return result;
}

} // namespace samples
