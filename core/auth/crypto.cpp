// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <QtGlobal>

namespace kb {

namespace {

const EVP_MD* digestOf(Hash hash) {
    switch (hash) {
    case Hash::Md5:
        return EVP_md5();
    case Hash::Sha1:
        return EVP_sha1();
    case Hash::Sha256:
        return EVP_sha256();
    case Hash::Sha384:
        return EVP_sha384();
    case Hash::Sha512:
        return EVP_sha512();
    case Hash::Sha512_256:
        return EVP_sha512_256();
    }
    return nullptr;
}

unsigned char* bytesOf(QByteArray& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

} // namespace

QByteArray hashOf(Hash hash, std::string_view bytes) {
    QByteArray out(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), bytesOf(out), &size, digestOf(hash), nullptr) != 1) return {};
    out.resize(size);
    return out;
}

QByteArray hmacOf(Hash hash, std::string_view key, std::string_view bytes) {
    QByteArray out(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    // A null key means "the key of before" to the library, so an empty one needs an address.
    const char* keyBytes = key.empty() ? "" : key.data();
    if (!HMAC(digestOf(hash), keyBytes, static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), bytesOf(out), &size))
        return {};
    out.resize(size);
    return out;
}

QByteArray randomBytes(qsizetype count) {
    QByteArray out(count, '\0');
    if (RAND_bytes(bytesOf(out), static_cast<int>(count)) != 1)
        qFatal("the operating system gives no random bytes");
    return out;
}

bool equalInConstantTime(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

QByteArray toBase64Url(std::string_view bytes) {
    return QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()))
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace kb
