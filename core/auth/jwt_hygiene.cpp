// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jwt_hygiene.h"
#include "core/auth/jwt_text.h"

#include <QSet>
#include <cmath>

namespace kb {

namespace {

constexpr double hour = 3600;
constexpr double day = 24 * hour;
// Seconds of the year 5138; a time beyond it was almost surely written in milliseconds.
constexpr double latestPlausible = 1e11;
// RFC 7518 §4.8.1.2 asks for a thousand rounds at least; no honest issuer asks for millions.
constexpr int fewestRounds = 1000;
constexpr int mostRounds = 2000000;

bool hasNumber(const JsonValue& value, QStringView name) {
    const JsonValue* member = value.find(name);
    return member && member->isNumber();
}

void findDuplicates(const JsonValue& value, const QString& where, QStringList& findings) {
    if (value.isObject() && value.hasDuplicateNames()) {
        QSet<QString> seen;
        for (const JsonValue::Member& member : value.members) {
            if (seen.contains(member.first)) {
                findings.append(
                    JwtText::tr("%1 comes twice in the %2; programs disagree on which one counts.")
                        .arg(member.first, where));
            }
            seen.insert(member.first);
        }
        findings.removeDuplicates();
    }
    for (const JsonValue::Member& member : value.members)
        findDuplicates(member.second, where, findings);
    for (const JsonValue& item : value.items)
        findDuplicates(item, where, findings);
}

void findCritical(const JsonValue& header, QStringList& findings) {
    const JsonValue* crit = header.find(u"crit");
    if (!crit) return;
    if (!crit->isArray() || crit->items.isEmpty()) {
        findings.append(JwtText::tr("crit is not a list of names, so every reader must refuse the token."));
        return;
    }
    for (const JsonValue& item : crit->items) {
        if (!item.isString() || !header.find(item.string)) {
            findings.append(JwtText::tr("crit names a member the header does not have."));
        } else if (item.string != QLatin1String("b64")) {
            findings.append(JwtText::tr("crit asks every reader to understand %1.").arg(item.string));
        }
    }
}

/// What is odd about a JWE that only its header tells (RFC 7516, RFC 7518 §4, RFC 8725 §3.2 and §3.6).
void findEncryption(const DecodedJwt& jwt, QStringList& findings) {
    if (jwt.header.text(u"enc").isEmpty()) findings.append(JwtText::tr("enc is missing."));
    if (jwt.algorithm == QLatin1String("RSA1_5"))
        findings.append(JwtText::tr("alg is RSA1_5, which lets an attacker who may ask often decrypt it."));
    if (jwt.header.find(u"zip"))
        findings.append(
            JwtText::tr("It is compressed before encryption (zip): its length can tell what it says."));
    const JsonValue* rounds = jwt.header.find(u"p2c");
    if (!rounds) return;
    if (rounds->toDouble() > mostRounds)
        findings.append(JwtText::tr("p2c asks every reader to do %1 rounds, which keeps a server busy.")
                            .arg(QString::fromLatin1(rounds->numberText)));
    else if (rounds->toDouble() < fewestRounds)
        findings.append(
            JwtText::tr("p2c is less than %1 rounds: the password can be guessed.").arg(fewestRounds));
}

/// Algorithms whose key is one of a set the issuer publishes, so that kid is needed to find it.
bool usesPublishedKey(const QString& algorithm) {
    for (const char* prefix : {"RS", "PS", "ES", "Ed"}) {
        if (algorithm.startsWith(QLatin1String(prefix))) return true;
    }
    return false;
}

bool looksSecret(const QString& name) {
    const QString plain = name.toLower().remove(QLatin1Char('_')).remove(QLatin1Char('-'));
    for (const char* word : {"password", "passwd", "passphrase", "secret", "apikey", "privatekey",
                             "creditcard", "cardnumber", "cvv", "iban", "ssn"}) {
        // Short words only as the whole name: "ssn" stands in "session" spelled badly, and "iban" in
        // "urbanity".
        const QLatin1String text(word);
        if (text.size() > 5 ? plain.contains(text) : plain == text) return true;
    }
    return plain == QLatin1String("pin") || plain == QLatin1String("pwd");
}

void findSecretNames(const JsonValue& value, QStringList& findings) {
    for (const JsonValue::Member& member : value.members) {
        if (looksSecret(member.first)) {
            findings.append(
                JwtText::tr("Carries %1, which everyone who holds the token can read.").arg(member.first));
        }
        findSecretNames(member.second, findings);
    }
    for (const JsonValue& item : value.items)
        findSecretNames(item, findings);
}

void findTimes(const DecodedJwt& jwt, QStringList& findings) {
    if (!jwt.claims.find(u"exp")) findings.append(JwtText::tr("Has no exp: it never expires by itself."));
    if (jwt.expiresAt && *jwt.expiresAt > latestPlausible) {
        findings.append(JwtText::tr("exp looks like milliseconds; it must be seconds."));
    }
    const std::optional<double> start = jwt.issuedAt ? jwt.issuedAt : jwt.notBefore;
    if (!jwt.expiresAt || !start) return;
    const double life = *jwt.expiresAt - *start;
    if (life <= 0) {
        findings.append(jwt.issuedAt ? JwtText::tr("exp is not after iat.")
                                     : JwtText::tr("exp is not after nbf."));
    } else if (life >= 2 * day && life < latestPlausible) {
        findings.append(JwtText::tr("Lives %1 days.").arg(qint64(std::floor(life / day))));
    } else if (life >= day && life < 2 * day) {
        findings.append(JwtText::tr("Lives %1 hours.").arg(qint64(std::floor(life / hour))));
    }
}

void findAudience(const DecodedJwt& jwt, QStringList& findings) {
    const JsonValue* audience = jwt.claims.find(u"aud");
    if (!audience) {
        findings.append(JwtText::tr("Has no aud: any API that trusts the issuer may accept it."));
        return;
    }
    bool texts = audience->isString() || (audience->isArray() && !audience->items.isEmpty());
    for (const JsonValue& item : audience->items)
        texts = texts && item.isString();
    if (!texts) findings.append(JwtText::tr("aud is neither text nor a list of texts."));
}

void findAccessTokenClaims(const DecodedJwt& jwt, QStringList& findings) {
    QString type = jwt.type.toLower();
    if (type.startsWith(QLatin1String("application/"))) type = type.mid(12);
    if (type != QLatin1String("at+jwt")) return;
    for (const char* name : {"iss", "sub", "client_id", "jti"}) {
        if (jwt.claims.text(QString(QLatin1String(name))).isEmpty()) {
            findings.append(JwtText::tr("An at+jwt needs %1 (RFC 9068).").arg(QLatin1String(name)));
        }
    }
    if (!hasNumber(jwt.claims, u"iat")) {
        findings.append(JwtText::tr("An at+jwt needs %1 (RFC 9068).").arg(QLatin1String("iat")));
    }
}

} // namespace

QStringList headerFindings(const DecodedJwt& jwt) {
    QStringList findings;
    const bool none = jwt.algorithm.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0;
    if (jwt.algorithm.isEmpty()) {
        findings.append(JwtText::tr("alg is missing."));
    } else if (none) {
        findings.append(JwtText::tr("alg is none: nothing protects the claims."));
    } else if (jwt.unsecured) {
        findings.append(JwtText::tr("The signature is empty: nothing protects the claims."));
    }
    if (jwt.encrypted) findEncryption(jwt, findings);
    if (jwt.type.isEmpty()) findings.append(JwtText::tr("typ is missing."));
    if (jwt.keyId.isEmpty() && usesPublishedKey(jwt.algorithm)) {
        findings.append(JwtText::tr("kid is missing: the server has to try its keys."));
    }
    for (const char* name : {"jku", "x5u", "jwk", "x5c"}) {
        if (!jwt.header.find(QString(QLatin1String(name)))) continue;
        findings.append(JwtText::tr("The header brings its own key (%1); no server may trust it.")
                            .arg(QLatin1String(name)));
    }
    findCritical(jwt.header, findings);
    findDuplicates(jwt.header, JwtText::tr("header"), findings);
    return findings;
}

QStringList claimFindings(const DecodedJwt& jwt) {
    QStringList findings;
    if (!jwt.claims.isObject()) return findings;
    findTimes(jwt, findings);
    findAudience(jwt, findings);
    findAccessTokenClaims(jwt, findings);
    findSecretNames(jwt.claims, findings);
    findDuplicates(jwt.claims, JwtText::tr("payload"), findings);
    return findings;
}

} // namespace kb
