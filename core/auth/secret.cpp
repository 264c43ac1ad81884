// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/secret.h"

#include <openssl/crypto.h>

namespace kb {

Secret::Secret(std::string_view bytes) : m_bytes(bytes.begin(), bytes.end()) {}

Secret Secret::take(QByteArray& bytes) {
    Secret secret(std::string_view(bytes.constData(), std::size_t(bytes.size())));
    wipeBytes(bytes);
    return secret;
}

Secret Secret::take(QString& text) {
    QByteArray utf8 = text.toUtf8();
    wipeText(text);
    return take(utf8);
}

// The vector is filled once at its final size and only ever swapped, so no growth leaves an unwiped copy
// behind.
Secret::Secret(Secret&& other) noexcept {
    m_bytes.swap(other.m_bytes);
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        m_bytes.swap(other.m_bytes);
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

bool Secret::equals(const Secret& other) const {
    return size() == other.size() &&
           (isEmpty() || CRYPTO_memcmp(m_bytes.data(), other.m_bytes.data(), size()) == 0);
}

void Secret::wipe() {
    if (!m_bytes.empty()) OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
    std::vector<char>().swap(m_bytes);
}

// A buffer that is shared or static is not ours alone: wiping it would pull the text away under its other
// owners. The free space behind the text is wiped too, because a longer text may have stood there before.
void wipeBytes(QByteArray& bytes) {
    if (bytes.isDetached()) {
        OPENSSL_cleanse(bytes.data(), std::size_t(bytes.size() + bytes.data_ptr().freeSpaceAtEnd()));
    }
    bytes = QByteArray();
}

void wipeText(QString& text) {
    if (text.isDetached()) {
        const qsizetype units = text.size() + text.data_ptr().freeSpaceAtEnd();
        OPENSSL_cleanse(text.data(), std::size_t(units) * sizeof(QChar));
    }
    text = QString();
}

void wipeShared(const QByteArray& bytes) {
    QByteArray handle = bytes;
    // Without a data block of its own it is a literal, in memory that cannot be written.
    if (!handle.data_ptr().d_ptr() || bytes.isEmpty()) return;
    OPENSSL_cleanse(const_cast<char*>(bytes.constData()), std::size_t(bytes.size()));
}

} // namespace kb
