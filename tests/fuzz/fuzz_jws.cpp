// SPDX-License-Identifier: GPL-3.0-or-later
// The verifier and the readers of keys, on anything. Before the first line break stands a token, after it a
// key file.
#include "core/auth/base64url.h"
#include "core/auth/crypto.h"
#include "core/auth/jws_verify.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

void checkRefusal(const kb::Refusal& refusal) {
    require(refusal.id.isEmpty() == refusal.sentence.isEmpty());
}

void checkKeys(const kb::VerifyKeys& keys) {
    for (const kb::VerifyKey& key : keys.keys) {
        require(!key.label.isEmpty());
        require(key.isUsable() == (key.d != nullptr));
        require(key.isUsable() == (key.type() != kb::VerifyKey::Type::Unknown));
        const bool isPublic = key.isUsable() && key.type() != kb::VerifyKey::Type::Symmetric;
        require(key.thumbprint().size() == (isPublic ? 43 : 0));
        if (key.type() == kb::VerifyKey::Type::Rsa) require(key.bits() >= 2048);
    }
}

void checkOutcome(const kb::JwsVerification& result, std::string_view token) {
    for (const kb::Refusal* each : {&result.signatureRefusal, &result.timeRefusal, &result.claimRefusal})
        checkRefusal(*each);
    const bool genuine = result.signature == kb::JwsVerification::Signature::Verified;
    require(genuine == result.signatureRefusal.isEmpty());
    require(result.verified() == result.reason().isEmpty());
    require(genuine != result.keyLabel.isEmpty());
    if (!genuine) return;
    // What verifies has one text only.
    require(std::count(token.begin(), token.end(), '.') == 2);
    require(kb::verifiableAlgorithms().contains(result.algorithm));
    const std::size_t first = token.find('.');
    const std::size_t second = token.rfind('.');
    for (const std::string_view part :
         {token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)}) {
        const kb::Base64UrlText read = kb::decodeBase64Url(part);
        require(read.isValid() && kb::toBase64Url(kb::viewOf(read.bytes)) ==
                                      QByteArrayView(part.data(), qsizetype(part.size())));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(text.find('\n'), text.size());
    const std::string_view token = text.substr(0, line);
    const std::string_view file = text.substr(std::min(line + 1, text.size()));
    const kb::Result<kb::VerifyKeys> keys = kb::readKeyFile(file);
    if (!keys) require(!keys.error().what.isEmpty());
    if (keys) checkKeys(*keys);
    kb::VerifyOptions options;
    options.nowSeconds = 1.7e9;
    options.issuer = size % 2 ? QStringLiteral("joe") : QString();
    checkOutcome(kb::verifyJws(token, keys.value_or(kb::VerifyKeys()), options), token);
    return 0;
}
