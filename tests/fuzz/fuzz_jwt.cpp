// SPDX-License-Identifier: GPL-3.0-or-later
// The JWT decoder, and what judges and cleans a pasted token, on anything. Beside not crashing they must keep
// their promises, whatever is pasted.
#include "core/auth/base64url.h"
#include "core/auth/jwt.h"
#include "core/auth/token_kind.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

void checkDecoded(const kb::DecodedJwt& jwt, std::string_view compact) {
    require(jwt.header.isObject());
    require(!jwt.headerText.isEmpty());
    for (const auto& time : {jwt.issuedAt, jwt.notBefore, jwt.expiresAt})
        require(!time || std::isfinite(*time));
    for (const QString& finding : jwt.hygiene)
        require(finding.endsWith(QLatin1Char('.')));
    require(jwt.claims.isObject() || jwt.claims.type == kb::JsonValue::Type::Null);
    const auto dots = std::count(compact.begin(), compact.end(), '.');
    require(dots == (jwt.encrypted ? 4 : 2));
    if (jwt.encrypted) require(jwt.claimsText.isEmpty());
    if (!jwt.encrypted && compact.back() == '.') require(jwt.unsecured);
    // A longer text that holds a token is not that token.
    require(!kb::decodeJwt(std::string(compact) + " "));
    require(!kb::decodeJwt(std::string(compact) + "="));
}

void checkBase64Url(std::string_view text) {
    const kb::Base64UrlText read = kb::decodeBase64Url(text);
    require(read.isValid() == kb::looksLikeBase64Url(text));
    if (!read.isValid()) {
        require(read.bytes.isEmpty());
        require(read.position < qsizetype(text.size()));
        return;
    }
    const QByteArray again =
        read.bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const bool same = again == QByteArrayView(text.data(), qsizetype(text.size()));
    require(same != read.trailingBits);
}

void checkCleaned(std::string_view text) {
    const kb::CleanedToken cleaned = kb::cleanPastedToken(text);
    const bool within = cleaned.value.data() >= text.data() &&
                        cleaned.value.data() + cleaned.value.size() <= text.data() + text.size();
    require(cleaned.value.empty() || within);
    const kb::TokenKind kind = kb::detectTokenKind(text);
    require(!kind.id.isEmpty() && !kind.label.isEmpty());
    const QString masked = kb::maskedToken(text);
    // Never more than eight characters of it.
    QString shown = masked;
    shown.remove(QChar(0x2022));
    require(shown.size() <= 8 && (text.size() >= 16 || shown.isEmpty()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const kb::Result<kb::DecodedJwt> jwt = kb::decodeJwt(text);
    if (jwt) {
        checkDecoded(*jwt, text);
        kb::timeFindings(*jwt, 1.7e9);
        require(kb::detectTokenKind(text).isJwt || !text.starts_with("eyJ"));
    } else {
        require(!jwt.error().what.isEmpty());
        require(jwt.error().position < qsizetype(size) || size == 0);
    }
    checkBase64Url(text);
    checkCleaned(text);
    return 0;
}
