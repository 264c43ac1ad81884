// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <QStringList>

namespace kb {

/// Where in an answer a value is: at a JSON pointer (RFC 6901), in a header field, in a cookie it sets.
enum class AnswerPlace { Pointer, Header, Cookie };
/// What a time in an answer counts: seconds from now, seconds (or milliseconds) since 1970, or a date.
enum class ExpiryForm { Seconds, Unix, Iso };
/// How the token of a login goes into requests.
enum class TokenPlace { Bearer, Header, Cookie };

/// A login of the API's own: a request whose answer yields the token that others are sent with. The password
/// is in the keychain as the part "password". "{{secret}}" stands for it in the body and the header lines,
/// "{{user}}" for the user name, and "{{refresh_token}}" for the refresh token in what renews it.
struct LoginScheme {
    QString loginUrl;
    QString method = QStringLiteral("POST");
    QString contentType = QStringLiteral("application/json");
    QString body = QStringLiteral("{\"username\": \"{{user}}\", \"password\": \"{{secret}}\"}");
    /// More header lines, "Name: value". One with {{secret}} goes with the login alone, one with
    /// {{refresh_token}} with the refresh alone.
    QStringList headers;
    QString user;

    AnswerPlace tokenFrom = AnswerPlace::Pointer;
    QString tokenName = QStringLiteral("/token");
    AnswerPlace refreshFrom = AnswerPlace::Pointer;
    QString refreshName; ///< empty: there is no refresh token
    /// Of a cookie its own Max-Age or Expires counts (RFC 6265 §5.2), also where nothing is named here.
    AnswerPlace expiryFrom = AnswerPlace::Pointer;
    QString expiryName;
    ExpiryForm expiryForm = ExpiryForm::Seconds;
    int lifetimeS = 0; ///< where the answer says nothing of it; 0: not known

    TokenPlace sendAs = TokenPlace::Bearer;
    QString sendName; ///< of the header or the cookie; empty: the name the token came under
    QString prefix = QStringLiteral("Bearer");

    QString refreshUrl; ///< empty: renewing means to log in again
    QString refreshMethod = QStringLiteral("POST");
    QString refreshBody = QStringLiteral("{\"refresh_token\": \"{{refresh_token}}\"}");

    AnswerPlace csrfFrom = AnswerPlace::Cookie;
    QString csrfName; ///< empty: no such token. A cookie goes along as a cookie too
    QString csrfHeader = QStringLiteral("X-CSRF-Token"); ///< with POST, PUT, PATCH, DELETE …

    bool refreshAhead = true; ///< renew by itself before expiry
    bool refreshOn401 = true; ///< one renewal and one resend after a 401
    int refreshLeewayS = 60;
    bool operator==(const LoginScheme&) const = default;

    /// The name the token is sent under as a header or a cookie.
    QString sentName() const { return sendName.isEmpty() ? tokenName : sendName; }
};

} // namespace kb
