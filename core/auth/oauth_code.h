// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_request.h"
#include "core/auth/oauth_response.h"

namespace kb {

/// What an API wants of the login that a token comes from (RFC 9470 §3): one of these levels, and not older
/// than that.
struct StepUp {
    QStringList acrValues;
    std::optional<qint64> maxAgeS;
    bool isEmpty() const { return acrValues.isEmpty() && !maxAgeS; }
};

/// What a login in the browser is to ask for.
struct CodeRequest {
    HttpUrl endpoint; ///< its own query is kept (RFC 6749 §3.1)
    QString clientId;
    QString redirectUri; ///< as loopbackRedirectUri() makes it
    TokenWish wish;
    QString issuer;                 ///< the server's, or empty where it is not known
    bool answersWithIssuer = false; ///< as its metadata announces (RFC 9207 §3)
    QString dpopThumbprint;         ///< dpop_jkt (RFC 9449 §10), or empty
    QList<FormField> extra;         ///< prompt, login_hint, max_age, acr_values …
    QStringList plainHttpOrigins;
};

/// What an answer at the loopback address comes to.
struct RedirectOutcome {
    enum class Kind {
        Code,    ///< the code is here, exchange it
        Ignored, ///< not an answer to this login: keep listening, show nothing
        Refused  ///< the login is over; `error` says why
    };
    Kind kind = Kind::Ignored;
    Secret code;
    QString errorCode; ///< the server's `error`, plain text
    Error error;
};

/// The redirect address for a port that listens on loopback: the literal, not "localhost" (RFC 8252 §7.3,
/// §8.3).
Result<QString> loopbackRedirectUri(bool ipv6, quint16 port, const QString& path);
/// A redirect path that no other issuer's client has, so that an answer says by where it arrives which server
/// it is from (RFC 9700 §4.4.2.2): "/callback/" and the beginning of the issuer's hash.
QString redirectPathOf(const QString& issuer);
/// base64url(SHA-256(verifier)) (RFC 7636 §4.2).
QByteArray pkceChallenge(const Secret& verifier);

/// One login by authorization code with PKCE, always S256 (RFC 6749 §4.1, RFC 7636, RFC 9700 §2.1.1). Made
/// for one attempt: state, nonce and verifier are used once.
class CodeFlow {
public:
    static Result<CodeFlow> start(CodeRequest request, const FlowContext& context);

    /// The parameters of the authorization request, for the URL or for pushing (RFC 9126 §2.1).
    QList<FormField> parameters() const;
    /// For the browser.
    HttpUrl browserUrl() const;
    /// For the browser after pushing: the client id and the reference, once (RFC 9126 §4).
    Result<HttpUrl> pushedBrowserUrl(const PushedAuthorization& pushed);

    /// Judges a request target ("/callback?code=…") that came in on loopback: state exactly and once, `iss`
    /// by simple string comparison (RFC 9207 §2.4), no parameter twice.
    RedirectOutcome redirected(const QByteArray& target, const FlowContext& context);
    const Secret& verifier() const { return m_verifier; }
    const Secret& nonce() const { return m_nonce; } ///< empty unless openid was asked for
    const QString& redirectUri() const { return m_request.redirectUri; }
    bool isOver() const { return m_over; }

private:
    CodeFlow() = default;
    RedirectOutcome judged(const QList<FormField>& fields, const FlowContext& context);
    bool isOurState(const QString& state) const;

    CodeRequest m_request;
    Secret m_state;
    Secret m_nonce; ///< empty unless openid is asked for
    Secret m_verifier;
    bool m_over = false;
    bool m_pushed = false;
};

} // namespace kb
