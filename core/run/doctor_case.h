// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/body_view.h"
#include "core/run/doctor.h"

#include <QCoreApplication>
#include <functional>

namespace kb {

/// The translation context of everything the doctor says.
struct DoctorText {
    Q_DECLARE_TR_FUNCTIONS(DoctorText)
};

/// An answer as the rules see it: everything read once, nothing concluded yet.
struct DoctorCase {
    DoctorCase(const Exchange& last, const DoctorContext& known);

    const Exchange& answer;
    const DoctorContext& context;
    int status = 0;
    QByteArray challengeField; ///< "WWW-Authenticate", with 407 "Proxy-Authenticate"
    QList<Challenge> challenges;
    bool challengeFieldMissing = false;
    const Challenge* errorChallenge =
        nullptr;   ///< the one with an error code; that of the scheme sent where several have
    QString error; ///< RFC 6750 §3.1 code, of the challenge, else of an OAuth-style body
    bool errorFromBody = false;
    QStringList requiredScopes; ///< in the order of the challenge
    std::optional<ProblemDetails> problem;
    BodyKind bodyKind = BodyKind::Empty;
    std::optional<qint64> clockDifferenceMs; ///< server's Date minus ours
    double nowS = 0;                         ///< ours
    double serverNowS = 0;                   ///< the server's, or ours where it tells none
    const DecodedJwt* jwt = nullptr;         ///< of the token that was sent

    QString header(QByteArrayView name) const;     ///< of the answer; empty if missing
    QByteArray scheme() const;                     ///< that went out: "Bearer", "Basic"; empty for a key
    bool isApiKey() const;                         ///< a credential went out, and it is no scheme's
    bool asksFor(QByteArrayView schemeName) const; ///< one of the challenges is of that scheme
    QStringList askedSchemes() const;              ///< as the server wrote them, each once
    bool expired() const;     ///< by the server's clock, with 60 s leeway where it is only guessed
    bool notYetValid() const; ///< nbf, else iat, lies in the server's future beyond 60 s
    /// Whether the token's times hold by both clocks; false also where none is known.
    bool timesHold() const;
    QStringList scopes() const;
    QStringList roles() const;
    QString claim(QStringView name) const; ///< a string claim
    bool hasClaim(QStringView name) const;
    bool isWebPage() const { return bodyKind == BodyKind::Html; }
};

/// A clock that differs by more than this is worth mending.
constexpr qint64 clockToleranceMs = 60 * 1000;

// Texts. What the server wrote is quoted without controls and cut to a readable length.
QString quoted(const QString& text, qsizetype longest = 160);
QString quotedList(const QStringList& words);
QString spanText(double seconds); ///< "0.4 s", "45 s", "12 min", "3 h", "3 d"
QString momentText(double unixSeconds);

// Evidence, a sentence each; the empty text where there is nothing to say.
QString challengeQuote(const DoctorCase& of); ///< "WWW-Authenticate: Bearer error=\"invalid_token\""
QString clockEvidence(const DoctorCase& of);
QString serverWordsEvidence(const DoctorCase& of); ///< title and detail, quoted and not interpreted
QString missingChallengeEvidence(const DoctorCase& of);
QString scopesEvidence(const DoctorCase& of);
QString rolesEvidence(const DoctorCase& of);
/// What signature the server asks for (RFC 9421 §5.1).
QString wantedSignatureEvidence(const DoctorCase& of);

/// A finding with what every finding tells: the clock difference, the challenge, the token's scopes.
Diagnosis finding(const DoctorCase& of, const QByteArray& cause, const QString& sentence,
                  const QStringList& evidence);
Diagnosis undecided(const DoctorCase& of, const QString& sentence, const QStringList& evidence,
                    const QStringList& wouldDecide);

// Remedies.
/// Whether another profile's token is of use at this moment as far as its times tell.
bool looksUsable(const DoctorCase& of, const TokenFacts& facts);
/// "Send as …" for at most three profiles that look usable and fulfil the wish.
QList<Remedy> sendAs(const DoctorCase& of, const std::function<bool(const TokenFacts&)>& wish = {});
/// Those with a role or scope this token lacks first.
QList<Remedy> sendAsOthers(const DoctorCase& of);
/// By hand, or for an OAuth profile by a refresh or a login.
Remedy replaceToken(const DoctorCase& of);
/// Asks for more scopes: in a login where the profile has one.
Remedy requestScopes(const DoctorCase& of, const QStringList& scopes);
/// A login that the API accepts, where the user has one; a refresh would not change the sign-in.
std::optional<Remedy> stepUp(const DoctorCase& of, const StepUp& wish);
Remedy openChallenge();
Remedy openTimeline();
Remedy fixClock();
Remedy addToken();

/// A rule looks at the case and answers with a finding, or with nothing where it does not apply.
using DoctorRule = std::optional<Diagnosis> (*)(const DoctorCase&);

// Before the token matters.
std::optional<Diagnosis> proxyRule(const DoctorCase& of);
std::optional<Diagnosis> redirectRule(const DoctorCase& of);
std::optional<Diagnosis> rateLimitRule(const DoctorCase& of);
std::optional<Diagnosis> gatewayRule(const DoctorCase& of);
std::optional<Diagnosis> signatureRule(const DoctorCase& of);
std::optional<Diagnosis> noCredentialRule(const DoctorCase& of);
std::optional<Diagnosis> csrfRule(const DoctorCase& of);
// What the server says.
std::optional<Diagnosis> stepUpRule(const DoctorCase& of);
std::optional<Diagnosis> scopeRule(const DoctorCase& of);
std::optional<Diagnosis> dpopRule(const DoctorCase& of);
std::optional<Diagnosis> schemeRule(const DoctorCase& of);
std::optional<Diagnosis> audienceRule(const DoctorCase& of);
std::optional<Diagnosis> invalidRequestRule(const DoctorCase& of);
// What the token says.
std::optional<Diagnosis> malformedRule(const DoctorCase& of);
std::optional<Diagnosis> tokenKindRule(const DoctorCase& of);
std::optional<Diagnosis> unsecuredRule(const DoctorCase& of);
std::optional<Diagnosis> expiredRule(const DoctorCase& of);
std::optional<Diagnosis> notYetValidRule(const DoctorCase& of);
std::optional<Diagnosis> boundTokenRule(const DoctorCase& of);
// What is left.
std::optional<Diagnosis> keyRule(const DoctorCase& of);
std::optional<Diagnosis> basicRule(const DoctorCase& of);
std::optional<Diagnosis> ticketRule(const DoctorCase& of);
std::optional<Diagnosis> reasonGivenRule(const DoctorCase& of);
Diagnosis restOf401(const DoctorCase& of);
Diagnosis restOf403(const DoctorCase& of);

} // namespace kb
