// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jws_verify_private.h"
#include "core/auth/jws_verify_text.h"

#include <QSet>
#include <cmath>

namespace kb {

namespace {

/// A claim that must be a NumericDate if it is there (RFC 7519 §2): a JSON number, whole or not.
std::optional<double> numericDate(const JsonValue& claims, const char* name, Refusal& refusal) {
    const QString title = QString::fromLatin1(name);
    const JsonValue* claim = claims.find(title);
    if (!claim || !refusal.isEmpty()) return std::nullopt;
    const double seconds = claim->isNumber() ? claim->toDouble() : std::nan("");
    if (std::isfinite(seconds)) return seconds;
    const QByteArray id = QByteArray(name) + "-not-number";
    refusal = {id, claim->isString()
                       ? JwsVerifyText::tr("%1 is text, where a number of seconds must be.").arg(title)
                       : JwsVerifyText::tr("%1 is not a number of seconds.").arg(title)};
    return std::nullopt;
}

Refusal checkIssuer(const JsonValue& claims, const QString& wanted) {
    const JsonValue* issuer = claims.find(u"iss");
    if (!issuer) return {"issuer-missing", JwsVerifyText::tr("The token names no issuer (iss).")};
    if (!issuer->isString() || issuer->string != wanted)
        return {"issuer-mismatch",
                JwsVerifyText::tr("The issuer is \"%1\", not \"%2\".").arg(issuer->string, wanted)};
    return {};
}

Refusal checkAudience(const JsonValue& claims, const QString& wanted) {
    const JsonValue* audience = claims.find(u"aud");
    if (!audience) return {"audience-missing", JwsVerifyText::tr("The token names no audience (aud).")};
    const QList<JsonValue> named = audience->isArray() ? audience->items : QList<JsonValue>{*audience};
    QStringList texts;
    for (const JsonValue& item : named) {
        if (!item.isString())
            return {"audience-not-text",
                    JwsVerifyText::tr("The audience is neither text nor a list of texts.")};
        texts.append(item.string);
    }
    if (texts.contains(wanted)) return {};
    return {"audience-mismatch",
            JwsVerifyText::tr("The audience is %1, not \"%2\".")
                .arg(QLatin1Char('"') + texts.join(QLatin1String("\", \"")) + QLatin1Char('"'), wanted)};
}

/// A media type in its short form (RFC 7515 §4.1.9).
QString shortType(const QString& type) {
    const QString lower = type.toLower();
    const QLatin1String prefix("application/");
    return lower.startsWith(prefix) && lower.indexOf(u'/', prefix.size()) < 0 ? lower.mid(prefix.size())
                                                                              : lower;
}

} // namespace

Refusal checkType(const JsonValue& header, const QString& wanted) {
    const JsonValue* type = header.find(u"typ");
    if (!type)
        return {
            "typ-missing",
            JwsVerifyText::tr("The header does not say what kind of token it is (typ), and \"%1\" is wanted.")
                .arg(wanted)};
    if (type->isString() && shortType(type->string) == shortType(wanted)) return {};
    return {"typ-mismatch",
            JwsVerifyText::tr("The header's typ is \"%1\", not \"%2\".").arg(type->string, wanted)};
}

std::optional<QString> repeatedName(const JsonValue& value) {
    QSet<QString> seen;
    for (const JsonValue::Member& member : value.members) {
        if (seen.contains(member.first)) return member.first;
        seen.insert(member.first);
        if (std::optional<QString> inside = repeatedName(member.second)) return inside;
    }
    for (const JsonValue& item : value.items)
        if (std::optional<QString> inside = repeatedName(item)) return inside;
    return std::nullopt;
}

Refusal checkTimes(const JsonValue& claims, const VerifyOptions& options) {
    Refusal refusal;
    const std::optional<double> expires = numericDate(claims, "exp", refusal);
    const std::optional<double> starts = numericDate(claims, "nbf", refusal);
    const std::optional<double> issued = numericDate(claims, "iat", refusal);
    if (!refusal.isEmpty()) return refusal;
    const double now = options.nowSeconds;
    const double leeway = options.leewaySeconds;
    // RFC 7519 §4.1.4: not on or after the moment; leeway puts it off.
    if (expires && now >= *expires + leeway)
        return {"expired",
                JwsVerifyText::tr("It expired %1 seconds ago.").arg(std::floor(now - *expires), 0, 'f', 0)};
    if (starts && now < *starts - leeway)
        return {"not-yet-valid", JwsVerifyText::tr("It becomes valid in %1 seconds (nbf).")
                                     .arg(std::ceil(*starts - now), 0, 'f', 0)};
    if (issued && now < *issued - leeway)
        return {
            "issued-in-future",
            JwsVerifyText::tr("It was made %1 seconds in the future (iat): one of the two clocks is wrong.")
                .arg(std::ceil(*issued - now), 0, 'f', 0)};
    return {};
}

Refusal checkClaims(const JsonValue& claims, const VerifyOptions& options) {
    const bool wanted = !options.issuer.isEmpty() || !options.audience.isEmpty();
    if (!claims.isObject() && wanted)
        return {"claims-missing",
                JwsVerifyText::tr("The payload is not a JSON object, so it names neither issuer nor "
                                  "audience.")};
    if (const std::optional<QString> repeated = repeatedName(claims))
        return {"claims-repeated",
                JwsVerifyText::tr("%1 comes twice in the claims; programs disagree on which one counts.")
                    .arg(*repeated)};
    Refusal refusal;
    if (!options.issuer.isEmpty()) refusal = checkIssuer(claims, options.issuer);
    if (refusal.isEmpty() && !options.audience.isEmpty()) refusal = checkAudience(claims, options.audience);
    return refusal;
}

} // namespace kb
