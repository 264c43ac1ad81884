// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/digest_response.h"

#include <array>

namespace kb {

namespace {

struct Named {
    const char* name;
    DigestAlgorithm algorithm;
};
constexpr std::array<Named, 6> known{{{"MD5", {Hash::Md5, false}},
                                      {"MD5-sess", {Hash::Md5, true}},
                                      {"SHA-256", {Hash::Sha256, false}},
                                      {"SHA-256-sess", {Hash::Sha256, true}},
                                      {"SHA-512-256", {Hash::Sha512_256, false}},
                                      {"SHA-512-256-sess", {Hash::Sha512_256, true}}}};

/// H(A1). Whoever has it can answer for the user, so it is a secret as the password is.
Secret keyOf(const DigestInput& input, const Secret& password) {
    QByteArray text;
    text.reserve(input.user.size() + input.realm.size() + qsizetype(password.size()) + 2);
    text.append(input.user).append(':').append(input.realm).append(':');
    text.append(password.reveal().data(), qsizetype(password.size()));
    QByteArray hex = digestHex(input.algorithm.hash, viewOf(text));
    wipeBytes(text);
    if (!input.algorithm.session) return Secret::take(hex);
    QByteArray whole;
    whole.reserve(hex.size() + input.sessionNonce.size() + input.sessionCnonce.size() + 2);
    whole.append(hex).append(':').append(input.sessionNonce).append(':').append(input.sessionCnonce);
    wipeBytes(hex);
    hex = digestHex(input.algorithm.hash, viewOf(whole));
    wipeBytes(whole);
    return Secret::take(hex);
}

QByteArray keyed(const DigestInput& input, const Secret& password, const QByteArray& method) {
    QByteArray a2 = method + ':' + input.uri;
    if (input.qop == DigestQop::AuthInt) a2 += ':' + input.bodyHash;
    const QByteArray a2Hex = digestHex(input.algorithm.hash, viewOf(a2));
    const Secret key = keyOf(input, password);
    if (key.isEmpty() || a2Hex.isEmpty()) return {};
    QByteArray tail = ':' + input.nonce;
    if (input.qop != DigestQop::None)
        tail += ':' + digestCount(input.count) + ':' + input.cnonce + ':' + digestQopName(input.qop);
    tail += ':' + a2Hex;
    QByteArray text;
    text.reserve(qsizetype(key.size()) + tail.size());
    text.append(key.reveal().data(), qsizetype(key.size())).append(tail);
    const QByteArray response = digestHex(input.algorithm.hash, viewOf(text));
    wipeBytes(text);
    return response;
}

} // namespace

std::optional<DigestAlgorithm> digestAlgorithm(QByteArrayView name) {
    if (name.isEmpty()) return DigestAlgorithm{};
    for (const Named& each : known)
        if (name.compare(each.name, Qt::CaseInsensitive) == 0) return each.algorithm;
    return std::nullopt;
}

QByteArray digestQopName(DigestQop qop) {
    switch (qop) {
    case DigestQop::None:
        return {};
    case DigestQop::Auth:
        return QByteArrayLiteral("auth");
    case DigestQop::AuthInt:
        return QByteArrayLiteral("auth-int");
    }
    return {};
}

QByteArray digestCount(quint32 count) {
    return QByteArray::number(count, 16).rightJustified(8, '0');
}

QByteArray digestHex(Hash hash, std::string_view bytes) {
    return hashOf(hash, bytes).toHex();
}

QByteArray digestResponse(const DigestInput& input, const Secret& password) {
    return keyed(input, password, input.method);
}

QByteArray digestRspauth(const DigestInput& input, const Secret& password) {
    return keyed(input, password, {});
}

QByteArray digestUserHash(Hash hash, const QByteArray& user, const QByteArray& realm) {
    return digestHex(hash, viewOf(user + ':' + realm));
}

} // namespace kb
