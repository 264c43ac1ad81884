// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/userinfo.h"

#include "core/auth/credentials.h"
#include "core/auth/jwt.h"
#include "core/auth/oauth_answer.h"
#include "core/auth/oauth_form.h"
#include "core/http/challenge.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct UserinfoText {
    Q_DECLARE_TR_FUNCTIONS(Userinfo)
};

QString endpointOfUserinfo() {
    return UserinfoText::tr("userinfo endpoint");
}

QString nextAfter(const QString& code) {
    if (code == QLatin1String("invalid_token"))
        return UserinfoText::tr("Refresh the token, or log in again.");
    if (code == QLatin1String("insufficient_scope"))
        return UserinfoText::tr("Log in with the scope openid, and with profile or email for more.");
    return UserinfoText::tr("Look at the exchange for what the server says.");
}

/// The refusal of a challenge, as a resource says it; nothing where there is none.
std::optional<OAuthFailure> challengeRefusal(const Response& response, const FlowContext& context) {
    if (response.status != 401 && response.status != 403) return std::nullopt;
    for (const Challenge& challenge : parseChallenges(response.headers.all("WWW-Authenticate")).challenges) {
        if (!challenge.is("Bearer") && !challenge.is("DPoP")) continue;
        OAuthFailure failure;
        failure.kind = OAuthFailure::Kind::Refused;
        failure.status = response.status;
        failure.code = serverText(QString::fromUtf8(challenge.param("error")), context.redactor);
        failure.description =
            serverText(QString::fromUtf8(challenge.param("error_description")), context.redactor);
        const QString why = failure.code.isEmpty() ? QString::number(response.status) : failure.code;
        failure.error = {
            ErrorCode::ProtocolError,
            failure.description.isEmpty()
                ? UserinfoText::tr("The server refused the token: %1.").arg(why)
                : UserinfoText::tr("The server refused the token: %1 (%2).").arg(why, failure.description),
            endpointOfUserinfo(), nextAfter(failure.code), -1};
        return failure;
    }
    return std::nullopt;
}

OAuthResult<Userinfo> fromJwt(const Response& response, const UserinfoExpectation& expected) {
    const QString where = endpointOfUserinfo();
    const QByteArray text = response.body.trimmed();
    Result<DecodedJwt> jwt = decodeJwt(std::string_view(text.constData(), std::size_t(text.size())));
    if (!jwt)
        return unusable(response, UserinfoText::tr("The server's answer says that it is a JWT and is none."),
                        where);
    if (jwt->encrypted || !jwt->claims.isObject())
        return unusable(response,
                        UserinfoText::tr("The server's answer is encrypted and cannot be read here."), where,
                        UserinfoText::tr("Let the server answer this client with JSON."));
    const bool foreign =
        (!jwt->issuer.isEmpty() && !expected.issuer.isEmpty() && jwt->issuer != expected.issuer) ||
        (!jwt->audience.isEmpty() && !expected.clientId.isEmpty() &&
         !jwt->audience.contains(expected.clientId));
    if (foreign)
        return unusable(response,
                        UserinfoText::tr("The answer is a JWT of another server, or for another client."),
                        where, UserinfoText::tr("Do not use what it says."));
    Userinfo info;
    info.asJwt = true;
    info.claims = std::move(jwt->claims);
    info.findings = {
        UserinfoText::tr("The answer is a JWT (%1). Its signature was not checked: it came from the "
                         "server itself.")
            .arg(jwt->algorithm)};
    return info;
}

} // namespace

Result<Request> userinfoRequest(const HttpUrl& endpoint, const Secret* accessToken,
                                const QStringList& plainHttpOrigins, const FlowContext& context) {
    const Result<void> fine = checkOAuthEndpoint(endpoint, endpointOfUserinfo(), plainHttpOrigins);
    if (!fine) return tl::unexpected<Error>(fine.error());
    Request request;
    request.method = "GET";
    request.url = endpoint;
    request.headers.append("Accept", "application/json, application/jwt");
    if (!accessToken) return request;
    const auto placed = placeCredential(request, BearerScheme{}, *accessToken, context.redactor);
    if (!placed) return tl::unexpected<Error>(placed.error());
    return request;
}

OAuthResult<Userinfo> readUserinfo(const Response& response, const UserinfoExpectation& expected,
                                   const FlowContext& context) {
    const QString where = endpointOfUserinfo();
    if (const auto refused = challengeRefusal(response, context)) return passOn(*refused);
    const QByteArray type = response.headers.first("Content-Type").value_or(QByteArray()).toLower();
    OAuthResult<Userinfo> info;
    if (response.status == 200 && type.startsWith("application/jwt")) {
        info = fromJwt(response, expected);
        if (!info) return info;
    } else {
        OAuthResult<JsonValue> json = readOAuthAnswer(response, where, context);
        if (!json) return passOn(json.error());
        info->claims = std::move(*json);
    }
    const QString subject = info->claims.text(u"sub");
    if (subject.isEmpty())
        return unusable(response, UserinfoText::tr("The answer does not say which user it is about (sub)."),
                        where,
                        UserinfoText::tr("Do not use what it says. Report it to those who run the server."));
    if (!expected.subject.isEmpty() && subject != expected.subject)
        return unusable(response,
                        UserinfoText::tr("The answer is about another user than the one who logged in."),
                        where, UserinfoText::tr("Do not use what it says."));
    return info;
}

} // namespace kb
