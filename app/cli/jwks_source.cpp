// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/jwks_source.h"
#include "app/cli/cli_text.h"

#include "app/cli/context.h"
#include "core/run/key_source.h"
#include "io/network/curl_transport.h"

#include <QFile>

namespace kb::cli {

namespace {

/// The bytes of a file that may hold a shared secret: a Secret, so that they are wiped.
Result<Secret> readSmallFile(const QString& path) {
    QFile file(path);
    // Unbuffered, so that no copy of a secret stays behind in the buffer.
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(ErrorCode::FileError,
                    CliText::tr("The key file cannot be read: %1").arg(file.errorString()), path,
                    CliText::tr("Check the path and its permissions."));
    QByteArray bytes = file.read(largestKeySet + 1);
    Secret secret = Secret::take(bytes);
    if (file.error() != QFile::NoError)
        return fail(ErrorCode::FileError,
                    CliText::tr("The key file cannot be read: %1").arg(file.errorString()), path);
    if (qint64(secret.size()) > largestKeySet)
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

} // namespace

bool looksLikeUrl(const QString& place) {
    return place.contains(QLatin1String("://"));
}

Result<VerifyKeys> fetchJwks(const QString& place) {
    const Result<HttpUrl> url = keySetUrl(place);
    if (!url) return tl::unexpected(url.error());
    CurlTransport transport;
    const Result<TransportReply> reply =
        await<Result<TransportReply>>([&](std::function<void(Result<TransportReply>)> done) {
            TransferCallbacks callbacks;
            callbacks.finished = std::move(done);
            return transport.send(keySetRequest(*url), keySetOptions(), std::move(callbacks));
        });
    if (!reply) return tl::unexpected(reply.error());
    return readKeySet(reply->response, place);
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
