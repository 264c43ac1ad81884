// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/sigv4.h"

#include "core/auth/credential_text.h"
#include "core/auth/crypto.h"
#include "core/auth/sigv4_canonical.h"
#include "core/http/rate_limit.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>

namespace kb {

namespace {

struct SigV4Text {
    Q_DECLARE_TR_FUNCTIONS(SigV4)
};

constexpr qint64 allowedSkewMs = 15 * 60 * 1000;
constexpr int longestExpiry = 604800; // seven days
const QByteArray algorithm = QByteArrayLiteral("AWS4-HMAC-SHA256");
const QByteArray unsignedPayload = QByteArrayLiteral("UNSIGNED-PAYLOAD");

tl::unexpected<Error> lacks(const QString& what) {
    return fail(ErrorCode::InvalidInput, what, {},
                SigV4Text::tr("Complete the AWS settings of the profile."));
}

/// What stands between slashes of the credential scope.
bool isScopeText(const QString& text) {
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
        return c.unicode() > 0x20 && c.unicode() < 0x7f && c != QLatin1Char('/') && c != QLatin1Char(',');
    });
}

Result<void> checkScheme(const SigV4Scheme& scheme) {
    if (!isScopeText(scheme.accessKeyId))
        return lacks(SigV4Text::tr("The AWS access key id is missing or not one."));
    if (!isScopeText(scheme.region)) return lacks(SigV4Text::tr("The AWS region is missing or not one."));
    if (!isScopeText(scheme.service)) return lacks(SigV4Text::tr("The AWS service is missing or not one."));
    if (scheme.presign && (scheme.expiresS < 1 || scheme.expiresS > longestExpiry))
        return lacks(SigV4Text::tr("A presigned URL lasts 1 to %1 seconds.").arg(longestExpiry));
    return {};
}

bool queryNames(const HttpUrl& url, const QByteArray& name) {
    const QList<QByteArray> fields = url.query().value_or(QByteArray()).split('&');
    return std::any_of(fields.begin(), fields.end(), [&name](const QByteArray& field) {
        return QByteArray::fromPercentEncoding(field.left(field.indexOf('='))).toLower() == name.toLower();
    });
}

/// What the signature writes must not be there already: two of them, and the server picks one.
Result<void> checkFree(const Request& request, bool presign) {
    if (presign) {
        for (const char* name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
                                 "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Security-Token"}) {
            if (!queryNames(request.url, name)) continue;
            return credentialConflict(
                SigV4Text::tr("The URL already has the query field %1.").arg(QLatin1String(name)),
                QLatin1String(name));
        }
    }
    for (const char* name : {"Authorization", "X-Amz-Date", "X-Amz-Security-Token"})
        if (request.headers.contains(name)) return fieldConflict(name);
    return {};
}

/// A body that nothing signs is for S3, and then TLS has to protect it. Of a presigned address without a body
/// nothing is left out.
Result<void> checkUnsignedPayload(const Request& request, const SigV4Scheme& scheme) {
    if (!takesUnsignedPayload(scheme.service))
        return fail(
            ErrorCode::InvalidInput,
            SigV4Text::tr("Only S3 and few other services take a body that is left out of the signature; %1 "
                          "is not known to.")
                .arg(scheme.service),
            QStringLiteral("UNSIGNED-PAYLOAD"),
            SigV4Text::tr("Sign the body: switch leaving it out off in the profile, or take the field "
                          "X-Amz-Content-Sha256 out of the request."));
    const Origin& target = request.url.origin();
    const bool bare = scheme.presign && !scheme.unsignedPayload && !request.hasBody;
    if (bare || target.isSecure() || target.isLoopback()) return {};
    return fail(
        ErrorCode::InvalidInput,
        SigV4Text::tr("Without encryption anybody on the way could change a body that is left out of the "
                      "signature."),
        target.text(), SigV4Text::tr("Use https, or sign the body and not the URL."));
}

QList<HeaderField> fieldsToSign(const Request& request) {
    QList<HeaderField> out;
    for (const HeaderField& field : request.headers.fields) {
        const QByteArray name = field.name.toLower();
        if (name == "host" || name == "content-type" || name.startsWith("x-amz-")) out.append(field);
    }
    if (!request.headers.contains("Host")) out.append({"Host", request.url.authority()});
    return out;
}

QByteArray bytesOf(const Secret& secret) {
    return QByteArray(secret.reveal().data(), qsizetype(secret.size()));
}

} // namespace

QByteArray sigV4Signature(const Secret& key, const QByteArray& day, const QByteArray& region,
                          const QByteArray& service, const QByteArray& stringToSign) {
    QByteArray link("AWS4");
    link.reserve(4 + qsizetype(key.size()));
    link.append(key.reveal().data(), qsizetype(key.size()));
    for (const QByteArray& part : {day, region, service, QByteArray("aws4_request")}) {
        QByteArray next = hmacOf(Hash::Sha256, viewOf(link), viewOf(part));
        wipeBytes(link);
        link = std::move(next);
    }
    const QByteArray signature = hmacOf(Hash::Sha256, viewOf(link), viewOf(stringToSign)).toHex();
    wipeBytes(link);
    return signature;
}

Result<SigV4Signed> signSigV4(const Request& plain, const SigV4Scheme& scheme, const Secret& key,
                              const Secret* sessionToken, const FlowContext& context) {
    for (const Result<void>& fine :
         {checkSecret(key), sessionToken ? checkSecret(*sessionToken) : Result<void>{}, checkScheme(scheme),
          checkFree(plain, scheme.presign)})
        if (!fine) return tl::unexpected<Error>(fine.error());
    context.redactor.addSecret(key);
    if (sessionToken) context.redactor.addSecret(*sessionToken);

    const QByteArray time = QDateTime::fromMSecsSinceEpoch(context.nowMs, Qt::UTC)
                                .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"))
                                .toLatin1();
    const QByteArray day = time.left(8);
    const QByteArray region = scheme.region.toLatin1();
    const QByteArray service = scheme.service.toLatin1();
    const QByteArray scope = day + '/' + region + '/' + service + "/aws4_request";
    const QByteArray credential = scheme.accessKeyId.toLatin1() + '/' + scope;
    const bool s3 = service == "s3";

    SigV4Signed out;
    out.request = plain;
    Request& request = out.request;
    // S3 does not look at the body of a presigned request, whose content is not known when the URL is made.
    QByteArray payload =
        scheme.unsignedPayload || (scheme.presign && s3)
            ? unsignedPayload
            : hashOf(Hash::Sha256, viewOf(plain.hasBody ? plain.body : QByteArray())).toHex();
    const auto typed = plain.headers.first("X-Amz-Content-Sha256");
    if (typed) payload = typed->trimmed();
    if (payload.contains(unsignedPayload)) // STREAMING-UNSIGNED-PAYLOAD-TRAILER too
        if (const Result<void> fine = checkUnsignedPayload(plain, scheme); !fine)
            return tl::unexpected<Error>(fine.error());
    if (!typed && !scheme.presign && (s3 || scheme.unsignedPayload))
        request.headers.append("X-Amz-Content-Sha256", payload);

    if (!scheme.presign) {
        request.headers.append("X-Amz-Date", time);
        if (sessionToken) request.headers.append("X-Amz-Security-Token", bytesOf(*sessionToken));
    }
    const SigV4Headers headers = sigV4Headers(fieldsToSign(request));
    if (scheme.presign) {
        request.url = request.url.withQueryField("X-Amz-Algorithm", algorithm)
                          .withQueryField("X-Amz-Credential", credential)
                          .withQueryField("X-Amz-Date", time)
                          .withQueryField("X-Amz-Expires", QByteArray::number(scheme.expiresS));
        if (sessionToken)
            request.url = request.url.withQueryField("X-Amz-Security-Token", bytesOf(*sessionToken));
        request.url = request.url.withQueryField("X-Amz-SignedHeaders", headers.signedNames);
    }
    QByteArray canonical = sigV4CanonicalRequest(request.method, sigV4Path(request.url.path(), s3),
                                                 sigV4Query(request.url.query()), headers, payload);
    out.stringToSign =
        algorithm + '\n' + time + '\n' + scope + '\n' + hashOf(Hash::Sha256, viewOf(canonical)).toHex();
    const QByteArray signature = sigV4Signature(key, day, region, service, out.stringToSign);
    out.canonicalRequest = context.redactor.text(canonical);
    wipeBytes(canonical); // the session token stands in it
    out.signedHeaders = headers.signedNames;

    if (scheme.presign) {
        request.url = request.url.withQueryField("X-Amz-Signature", signature);
        out.placed.queryFields.append("X-Amz-Signature");
        if (sessionToken) out.placed.queryFields.append("X-Amz-Security-Token");
        out.placed.warning = SigV4Text::tr("Whoever has this URL can use it until it expires.");
    } else {
        request.headers.append("Authorization", algorithm + " Credential=" + credential + ", SignedHeaders=" +
                                                    headers.signedNames + ", Signature=" + signature);
        out.placed.headerFields.append("Authorization");
        if (sessionToken) out.placed.headerFields.append("X-Amz-Security-Token");
    }
    if (scheme.accessKeyId.startsWith(QLatin1String("ASIA")) && !sessionToken)
        out.placed.warning = SigV4Text::tr("A temporary key (ASIA…) needs its session token beside it.");
    for (const QByteArray& name : std::as_const(out.placed.headerFields))
        context.redactor.addCredentialField(name);
    for (const QByteArray& name : std::as_const(out.placed.queryFields))
        context.redactor.addCredentialQuery(name);
    return out;
}

bool takesUnsignedPayload(const QString& service) {
    // S3 in its forms, and services with operations whose body is streamed unsigned.
    static const QStringList names = {QStringLiteral("s3"),           QStringLiteral("s3express"),
                                      QStringLiteral("s3-outposts"),  QStringLiteral("s3-object-lambda"),
                                      QStringLiteral("codeartifact"), QStringLiteral("ebs"),
                                      QStringLiteral("kinesisvideo"), QStringLiteral("lex"),
                                      QStringLiteral("mediastore")};
    return names.contains(service);
}

QString sigV4SkewSentence(const Response& response, qint64 nowMs) {
    const auto date = response.headers.first("Date");
    const auto theirs = date ? parseHttpDate(*date, nowMs) : std::nullopt;
    if (!theirs) return {};
    const qint64 ahead = nowMs - *theirs;
    if (std::abs(ahead) <= allowedSkewMs) return {};
    const int minutes = int(std::min<qint64>(std::abs(ahead) / 60000, 1'000'000'000));
    return ahead > 0
               ? SigV4Text::tr("This computer's clock is %n minute(s) ahead of the server's; AWS allows 15.",
                               nullptr, minutes)
               : SigV4Text::tr("This computer's clock is %n minute(s) behind the server's; AWS allows 15.",
                               nullptr, minutes);
}

SigV4Flow::SigV4Flow(SigV4Scheme scheme, Secret key, std::optional<Secret> sessionToken)
    : m_scheme(std::move(scheme)), m_key(std::move(key)), m_sessionToken(std::move(sessionToken)) {}

Result<FlowSend> SigV4Flow::begin(const Request& plain, const FlowContext& context) {
    Result<SigV4Signed> made =
        signSigV4(plain, m_scheme, m_key, m_sessionToken ? &*m_sessionToken : nullptr, context);
    if (!made) return tl::unexpected<Error>(made.error());
    m_canonicalRequest = made->canonicalRequest;
    m_stringToSign = made->stringToSign;
    return FlowSend{std::move(made->request), std::move(made->placed), {}};
}

Result<FlowStep> SigV4Flow::resume(const Response& response, const FlowContext& context) {
    const bool refused = response.status == 400 || response.status == 401 || response.status == 403;
    if (!refused) return FlowStep(FlowDone{});
    QString finding = sigV4SkewSentence(response, context.nowMs);
    if (finding.isEmpty() && response.body.contains("SignatureDoesNotMatch")) {
        finding =
            SigV4Text::tr("The server computed another signature: the secret key is another, or the request "
                          "changed on its way. Compare its canonical request with ours.");
    }
    return FlowStep(FlowDone{finding});
}

} // namespace kb
