// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/jwks_source.h"

#include "app/cli/context.h"
#include "io/network/curl_transport.h"
#include "kb_version.h"

#include <QCoreApplication>
#include <QFile>

namespace kb::cli {

namespace {

struct CliText {
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

constexpr qint64 mostBytes = 1024 * 1024;

/// The bytes of a file that may hold a shared secret: a Secret, so that they are wiped.
Result<Secret> readSmallFile(const QString& path) {
    QFile file(path);
    // Unbuffered, so that no copy of a secret stays behind in the buffer.
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(ErrorCode::FileError,
                    CliText::tr("The key file cannot be read: %1").arg(file.errorString()), path,
                    CliText::tr("Check the path and its permissions."));
    QByteArray bytes = file.read(mostBytes + 1);
    Secret secret = Secret::take(bytes);
    if (file.error() != QFile::NoError)
        return fail(ErrorCode::FileError,
                    CliText::tr("The key file cannot be read: %1").arg(file.errorString()), path);
    if (qint64(secret.size()) > mostBytes)
        return fail(ErrorCode::FileError, CliText::tr("The key file is larger than 1 MB."), path);
    return secret;
}

/// Names the place in an error that has none.
Result<VerifyKeys> from(Result<VerifyKeys> keys, const QString& place) {
    if (keys) return keys;
    Error error = keys.error();
    error.where = error.where.isEmpty() ? place : place + QLatin1String(", ") + error.where;
    return tl::unexpected(error);
}

Result<TransportReply> get(const HttpUrl& url) {
    Request request;
    request.method = "GET";
    request.url = url;
    request.headers.append("Accept", "application/jwk-set+json, application/json");
    request.headers.append("User-Agent", "Keybearer/" KB_VERSION);
    // The keys as they are now: a cache on the way is what keeps a new key from being found.
    request.headers.append("Cache-Control", "no-cache");
    TransportOptions options;
    options.bodyLimit = mostBytes;
    options.lane = QStringLiteral("anonymous");
    CurlTransport transport;
    return await<Result<TransportReply>>([&](std::function<void(Result<TransportReply>)> done) {
        TransferCallbacks callbacks;
        callbacks.finished = std::move(done);
        return transport.send(request, options, std::move(callbacks));
    });
}

} // namespace

bool looksLikeUrl(const QString& place) {
    return place.contains(QLatin1String("://"));
}

Result<VerifyKeys> fetchJwks(const QString& place) {
    const Result<HttpUrl> url = HttpUrl::parse(place);
    if (!url) return tl::unexpected(url.error());
    if (!url->origin().isSecure() && !url->origin().isLoopback())
        return fail(ErrorCode::OriginRefused, CliText::tr("Keys are not fetched without encryption."), place,
                    CliText::tr("Use the https address: whoever changes the keys on the way makes any token "
                                "good."));
    if (url->userInfo())
        return fail(ErrorCode::InvalidInput, CliText::tr("The URL holds a user name or password."),
                    QString::fromUtf8(url->authority()), CliText::tr("Take it out: keys are public."));
    const Result<TransportReply> reply = get(*url);
    if (!reply) return tl::unexpected(reply.error());
    const Response& response = reply->response;
    if (response.status != 200)
        return fail(ErrorCode::ProtocolError,
                    CliText::tr("The keys did not come: the server answered %1 %2.")
                        .arg(response.status)
                        .arg(statusMeaning(response.status).name),
                    place,
                    CliText::tr("Give the address of the JWK Set itself; redirects are not followed."));
    if (response.bodyEnd != BodyEnd::Complete)
        return fail(ErrorCode::ProtocolError, CliText::tr("The keys did not come whole."), place,
                    response.bodyEnd == BodyEnd::LimitReached ? CliText::tr("More than 1 MB is not read.")
                                                              : CliText::tr("Try again."));
    Result<VerifyKeys> keys = from(readJwks(response.body), place);
    if (!keys) return keys;
    for (VerifyKey& key : keys->keys) {
        if (key.type() != VerifyKey::Type::Symmetric) continue;
        key.d.reset();
        key.problem = CliText::tr("it is a shared secret that anyone can fetch, so it proves nothing");
    }
    return keys;
}

Result<VerifyKeys> readJwksFile(const QString& path) {
    const Result<Secret> bytes = readSmallFile(path);
    if (!bytes) return tl::unexpected(bytes.error());
    return from(readJwks(QByteArrayView(bytes->reveal().data(), qsizetype(bytes->size()))), path);
}

Result<VerifyKeys> readKeyFileAt(const QString& path) {
    const Result<Secret> bytes = readSmallFile(path);
    if (!bytes) return tl::unexpected(bytes.error());
    return from(readKeyFile(bytes->reveal()), path);
}

} // namespace kb::cli
