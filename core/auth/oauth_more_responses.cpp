// SPDX-License-Identifier: GPL-3.0-or-later
// The answers beside the token endpoint's.
#include "core/auth/oauth_response.h"
#include "core/auth/oauth_response_text.h"
#include "core/auth/wipe_json.h"

#include <algorithm>

namespace kb {

namespace {

constexpr qint64 assumedDeviceLifetimeS = 600;
constexpr qint64 introspectionKeptMs = 60'000;

std::optional<HttpUrl> webAddress(const JsonValue& json, QStringView name) {
    const Result<HttpUrl> url = HttpUrl::parse(json.text(name));
    return url ? std::optional<HttpUrl>(*url) : std::nullopt;
}

} // namespace

OAuthResult<DeviceAuthorization> readDeviceAuthorization(const Response& response,
                                                         const FlowContext& context) {
    const QString where = OAuthResponseText::tr("device authorization endpoint");
    OAuthResult<JsonValue> json = readOAuthAnswer(response, where, context);
    if (!json) return passOn(json.error());
    DeviceAuthorization device;
    device.deviceCode = takeSecretMember(*json, u"device_code");
    context.redactor.addSecret(device.deviceCode);
    device.userCode = serverText(json->text(u"user_code"), context.redactor).left(64);
    if (device.deviceCode.isEmpty() || device.userCode.isEmpty())
        return unusable(response, OAuthResponseText::tr("The server's answer holds no code to log in with."),
                        where);
    std::optional<HttpUrl> address = webAddress(*json, u"verification_uri");
    if (!address && !json->find(u"verification_uri")) {
        address = webAddress(*json, u"verification_url"); // a name from before the standard, still in use
        if (address)
            device.findings.append(OAuthResponseText::tr("The server names the address verification_url."));
    }
    if (!address)
        return unusable(response, OAuthResponseText::tr("The server names no web address to log in at."),
                        where);
    device.verificationUri = *address;
    if (!address->origin().isSecure() && !address->origin().isLoopback())
        device.findings.append(OAuthResponseText::tr("The address to log in at is not encrypted."));
    device.verificationUriComplete = webAddress(*json, u"verification_uri_complete");
    if (device.verificationUriComplete && device.verificationUriComplete->origin() != address->origin()) {
        device.verificationUriComplete.reset();
        device.findings.append(OAuthResponseText::tr(
            "The address with the code in it is of another server and is not offered."));
    }
    const auto lifetime = secondsMember(*json, u"expires_in");
    device.lifetimeS = lifetime.value_or(assumedDeviceLifetimeS);
    if (!lifetime)
        device.findings.append(OAuthResponseText::tr(
            "The server does not say how long the code lives. Ten minutes are assumed."));
    const auto interval = secondsMember(*json, u"interval");
    // 0 would mean to ask without a pause; the standard's default is the least that is polite.
    if (interval && *interval > 0) device.intervalS = std::min<qint64>(*interval, 3600);
    wipeJson(*json);
    return device;
}

OAuthResult<PushedAuthorization> readPushedAuthorization(const Response& response,
                                                         const FlowContext& context) {
    const QString where = OAuthResponseText::tr("pushed authorization endpoint");
    const OAuthResult<JsonValue> json = readOAuthAnswer(response, where, context);
    if (!json) return passOn(json.error());
    PushedAuthorization pushed;
    pushed.requestUri = json->text(u"request_uri");
    const auto lifetime = secondsMember(*json, u"expires_in");
    if (pushed.requestUri.isEmpty() || !lifetime || *lifetime == 0)
        return unusable(
            response, OAuthResponseText::tr("The server took the request and named no place for it."), where);
    pushed.lifetimeS = *lifetime;
    if (response.status != 201)
        pushed.findings.append(
            OAuthResponseText::tr(
                "The server answered the pushed request with %1; RFC 9126 §2.2 says 201 Created. "
                "It was taken all the same.")
                .arg(response.status));
    return pushed;
}

bool Introspection::isCurrent(qint64 readAtMs, qint64 nowMs) const {
    if (expiresAt && nowMs / 1000 >= *expiresAt) return false;
    return nowMs >= readAtMs && nowMs - readAtMs < introspectionKeptMs;
}

OAuthResult<Introspection> readIntrospection(const Response& response, const FlowContext& context) {
    const QString where = OAuthResponseText::tr("introspection endpoint");
    OAuthResult<JsonValue> json = readOAuthAnswer(response, where, context);
    if (!json) return passOn(json.error());
    const JsonValue* active = json->find(u"active");
    if (!active || active->type != JsonValue::Type::Bool)
        return unusable(response,
                        OAuthResponseText::tr("The server does not say whether the token is active."), where);
    Introspection state;
    state.active = active->boolean;
    if (!state.active) return state;
    state.scopes = wordsMember(*json, u"scope");
    state.clientId = json->text(u"client_id");
    state.userName = json->text(u"username");
    state.tokenType = json->text(u"token_type");
    state.subject = json->text(u"sub");
    state.issuer = json->text(u"iss");
    const JsonValue* audience = json->find(u"aud");
    state.audience =
        audience && audience->isString() ? QStringList{audience->string} : wordsMember(*json, u"aud");
    state.expiresAt = secondsMember(*json, u"exp");
    state.issuedAt = secondsMember(*json, u"iat");
    state.notBefore = secondsMember(*json, u"nbf");
    state.binding = tokenBinding(*json);
    state.all = std::move(*json);
    return state;
}

OAuthResult<void> readRevocation(const Response& response, const FlowContext& context) {
    if (response.status == 200) return {};
    OAuthResult<JsonValue> json =
        readOAuthAnswer(response, OAuthResponseText::tr("revocation endpoint"), context);
    if (json)
        return unusable(response,
                        OAuthResponseText::tr("The server did not confirm that the token is revoked."),
                        OAuthResponseText::tr("revocation endpoint"));
    OAuthFailure failure = json.error();
    if (failure.kind == OAuthFailure::Kind::ServerDown)
        failure.error.next = failure.retryAfterS
                                 ? OAuthResponseText::tr("The token is still valid. Try again in %1 s.")
                                       .arg(*failure.retryAfterS)
                                 : OAuthResponseText::tr("The token is still valid. Try again later.");
    return passOn(failure);
}

} // namespace kb
