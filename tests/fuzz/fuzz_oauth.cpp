// SPDX-License-Identifier: GPL-3.0-or-later
// What an authorization server may answer, on anything. The first byte chooses the status, the rest is the
// body.
#include "core/auth/oauth_form.h"
#include "core/auth/oauth_metadata.h"
#include "core/auth/oauth_response.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

void checkFailure(const kb::OAuthFailure& failure) {
    require(!failure.error.what.isEmpty());
    require(failure.description.size() <= 501);
    for (const QString& text : {failure.code, failure.description, failure.uri})
        require(std::none_of(text.begin(), text.end(),
                             [](QChar c) { return c.category() == QChar::Other_Control; }));
    require(!failure.retryAfterS || *failure.retryAfterS >= 0);
}

void checkTokens(const kb::Response& response, const kb::FlowContext& context) {
    const auto set = kb::readTokenResponse(response, {{QStringLiteral("a")}, true, true}, context);
    if (!set) return checkFailure(set.error());
    require(response.status >= 200 && response.status < 300);
    require(!set->accessToken.isEmpty());
    for (const char c : set->accessToken.reveal())
        require(c > 0x20 && c < 0x7f);
    require(set->tokenType == QStringLiteral("Bearer") || set->tokenType == QStringLiteral("DPoP") ||
            set->tokenType == QStringLiteral("N_A"));
    require(!set->lifetimeS || *set->lifetimeS >= 0);
    // From here on it is masked wherever it may turn up.
    if (set->accessToken.size() < 8) return;
    const QByteArray token(set->accessToken.reveal().data(), qsizetype(set->accessToken.size()));
    require(!context.redactor.text("x " + token + " y").contains(token));
}

void checkOthers(const kb::Response& response, const kb::FlowContext& context) {
    if (const auto device = kb::readDeviceAuthorization(response, context)) {
        require(device->intervalS > 0 && !device->userCode.isEmpty() && !device->deviceCode.isEmpty());
        require(!device->verificationUriComplete ||
                device->verificationUriComplete->origin() == device->verificationUri.origin());
    } else {
        checkFailure(device.error());
    }
    const auto state = kb::readIntrospection(response, context);
    if (state) require(state->active || state->all.members.isEmpty());
    const QString issuer = QStringLiteral("https://as.example.com");
    const auto metadata = kb::readServerMetadata(response, issuer);
    if (metadata) require(metadata->issuer == issuer);
    kb::readPushedAuthorization(response, context);
    kb::readRevocation(response, context);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static constexpr int statuses[] = {200, 201, 302, 400, 401, 500, 503};
    kb::Response response;
    response.status = statuses[data[0] % std::size(statuses)];
    response.headers.append("Content-Type", "application/json");
    response.body = QByteArray(reinterpret_cast<const char*>(data) + 1, qsizetype(size) - 1);
    kb::Redactor redactor;
    const kb::FlowContext context{redactor, 1'700'000'000'000, {}};
    checkTokens(response, context);
    checkOthers(response, context);
    const auto fields = kb::parseForm(response.body);
    if (!fields) require(fields.error().position < qsizetype(size));
    return 0;
}
