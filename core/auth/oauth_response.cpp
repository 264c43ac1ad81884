// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_response.h"
#include "core/auth/oauth_response_text.h"

#include "core/auth/wipe_json.h"
#include "core/http/body_view.h"

#include <algorithm>

namespace kb {

namespace {

QString tokenEndpointName() {
    return OAuthResponseText::tr("token endpoint");
}

/// RFC 6749 appendix A.12 and A.17: visible ASCII. A space is allowed there too, but an access token with one
/// could not be told from two words in a header.
bool isTokenText(std::string_view text, char from) {
    return std::all_of(text.begin(), text.end(), [from](char c) { return c >= from && c < 0x7f; });
}

bool announcesJson(const Response& response) {
    const QByteArray type =
        response.headers.first("Content-Type").value_or(QByteArray()).split(';').first().trimmed().toLower();
    return type == "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

/// The type in the standard's own spelling, or empty (RFC 6749 §5.1: compared without case).
QString knownType(const QString& type, const TokenExpectation& expected) {
    const auto is = [&type](const char* name) {
        return type.compare(QLatin1String(name), Qt::CaseInsensitive) == 0;
    };
    if (is("Bearer")) return QStringLiteral("Bearer");
    if (is("DPoP") && expected.dpop) return QStringLiteral("DPoP");
    if (is("N_A") && expected.exchange) return QStringLiteral("N_A");
    return {};
}

void readLifetimes(const JsonValue& json, TokenSet& set) {
    bool asText = false;
    set.lifetimeS = secondsMember(json, u"expires_in", &asText);
    set.refreshLifetimeS = secondsMember(json, u"refresh_expires_in");
    // Keycloak's way to say "offline token without an end".
    if (set.refreshLifetimeS == 0) set.refreshLifetimeS.reset();
    if (asText)
        set.findings.append(
            OAuthResponseText::tr("expires_in is text, not a number. It was read all the same."));
    if (set.lifetimeS) return;
    const JsonValue* member = json.find(u"expires_in");
    set.findings.append(member && member->type != JsonValue::Type::Null
                            ? OAuthResponseText::tr(
                                  "expires_in is no number of seconds, so that the token's end is not known.")
                            : OAuthResponseText::tr("The server does not say how long the token lives."));
}

void readScopes(const JsonValue& json, const TokenExpectation& expected, TokenSet& set) {
    const JsonValue* member = json.find(u"scope");
    if (!member || member->type == JsonValue::Type::Null) {
        set.scopes = expected.scopes; // absent means as requested (RFC 6749 §5.1)
        return;
    }
    set.scopes = wordsMember(json, u"scope");
    if (member->isArray())
        set.findings.append(OAuthResponseText::tr("scope is a list, not a text with spaces."));
    for (const QString& scope : expected.scopes) {
        // These two are answered by what else comes, and some servers then leave them out of the list.
        const bool answered = (scope == QStringLiteral("openid") && !set.idToken.isEmpty()) ||
                              (scope == QStringLiteral("offline_access") && !set.refreshToken.isEmpty());
        if (!answered && !set.scopes.contains(scope)) set.missingScopes.append(scope);
    }
    if (!set.missingScopes.isEmpty())
        set.findings.append(OAuthResponseText::tr("Not granted of the scopes asked for: %1.")
                                .arg(set.missingScopes.join(u' ')));
}

OAuthResult<TokenSet> readTokens(const Response& response, JsonValue& json, const TokenExpectation& expected,
                                 const FlowContext& context) {
    TokenSet set;
    set.issuedAtMs = context.nowMs;
    set.accessToken = takeSecretMember(json, u"access_token");
    set.refreshToken = takeSecretMember(json, u"refresh_token");
    set.idToken = takeSecretMember(json, u"id_token");
    for (const Secret* secret : {&set.accessToken, &set.refreshToken, &set.idToken})
        context.redactor.addSecret(*secret);
    if (set.accessToken.isEmpty())
        return unusable(response, OAuthResponseText::tr("The server's answer holds no access token."),
                        tokenEndpointName(),
                        OAuthResponseText::tr("Check that the address is the token endpoint's."));
    if (!isTokenText(set.accessToken.reveal(), '!') || !isTokenText(set.refreshToken.reveal(), ' '))
        return unusable(
            response, OAuthResponseText::tr("A token of the server holds characters that no token may have."),
            tokenEndpointName(), OAuthResponseText::tr("Report it to those who run the server."));
    const QString type = json.text(u"token_type");
    set.tokenType = knownType(type, expected);
    if (type.isEmpty())
        return unusable(
            response, OAuthResponseText::tr("The server does not say of what type the token is."),
            tokenEndpointName(),
            OAuthResponseText::tr("Report it to those who run the server: token_type is required."));
    if (set.tokenType.isEmpty())
        return unusable(response,
                        OAuthResponseText::tr("The token is of a type that cannot be used here: %1.")
                            .arg(serverText(type, context.redactor).left(60)),
                        tokenEndpointName(),
                        type.compare(QStringLiteral("DPoP"), Qt::CaseInsensitive) == 0
                            ? OAuthResponseText::tr("Switch DPoP on in the profile.")
                            : QString());
    set.issuedTokenType = json.text(u"issued_token_type");
    readLifetimes(json, set);
    readScopes(json, expected, set);
    if (expected.dpop && set.tokenType == QStringLiteral("Bearer"))
        set.findings.append(OAuthResponseText::tr(
            "The server did not bind the token to the key: whoever has it can use it."));
    if (set.tokenType == QStringLiteral("N_A"))
        set.findings.append(OAuthResponseText::tr("The server says that this is no access token."));
    if (!announcesJson(response))
        set.findings.append(
            OAuthResponseText::tr("The answer is JSON, but its content type says something else."));
    return set;
}

} // namespace

OAuthResult<TokenSet> readTokenResponse(const Response& response, const TokenExpectation& expected,
                                        const FlowContext& context) {
    OAuthResult<JsonValue> json = readOAuthAnswer(response, tokenEndpointName(), context);
    if (!json) return passOn(json.error());
    OAuthResult<TokenSet> set = readTokens(response, *json, expected, context);
    wipeJson(*json);
    return set;
}

} // namespace kb
