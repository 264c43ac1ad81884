// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/matrix.h"

#include "core/auth/forge.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace kb {

namespace {

void addAll(QStringList& to, const QStringList& from) {
    for (const QString& each : from)
        if (!to.contains(each)) to.append(each);
}

/// The claims that are one value each, as "name=value".
QStringList claimsOf(const JsonValue& claims) {
    QStringList all;
    for (const JsonValue::Member& member : claims.members) {
        const JsonValue& value = member.second;
        if (value.isString())
            all.append(member.first + u'=' + value.string);
        else if (value.isNumber() || value.type == JsonValue::Type::Bool)
            all.append(member.first + u'=' + QString::fromUtf8(writeJson(value)));
        else if (value.isArray())
            for (const JsonValue& item : value.items)
                if (item.isString()) all.append(member.first + u'=' + item.string);
    }
    return all;
}

} // namespace

bool MatrixProfile::holds(const QString& claim) const {
    if (claims.contains(claim)) return true;
    const QString which = claim.section(u'=', 0, 0);
    const QString value = claim.section(u'=', 1);
    if (which == QLatin1String("scope") || which == QLatin1String("scp")) return scopes.contains(value);
    if (which == QLatin1String("role") || which == QLatin1String("roles")) return roles.contains(value);
    return false;
}

bool MatrixProfile::knows(const QString& claim) const {
    if (kind != Kind::Live || holds(claim)) return true; // who shows nothing that is good holds nothing
    const QString which = claim.section(u'=', 0, 0);
    if (which == QLatin1String("scope") || which == QLatin1String("scp")) return scopesKnown;
    if (which == QLatin1String("role") || which == QLatin1String("roles")) return rolesKnown;
    return true;
}

MatrixProfile anonymousProfile() {
    MatrixProfile profile;
    profile.id = QStringLiteral("anonymous");
    profile.name = QStringLiteral("anonymous");
    profile.kind = MatrixProfile::Kind::Anonymous;
    return profile;
}

IssuerWord issuerWordOf(const AuthScheme& scheme) {
    const auto* oauth = std::get_if<OAuthScheme>(&scheme);
    if (!oauth) return IssuerWord::None;
    // Without the scope "openid" there is no user to tell of, and a public client may not introspect.
    const bool openid = oauth->scopes.contains(QLatin1String("openid"));
    if (openid && !(oauth->userinfoUrl.isEmpty() && oauth->issuer.isEmpty())) return IssuerWord::Userinfo;
    const bool introspects = !(oauth->introspectionUrl.isEmpty() && oauth->issuer.isEmpty());
    return introspects && oauth->clientAuth != ClientAuth::None ? IssuerWord::Introspection
                                                                : IssuerWord::None;
}

QString issuerWordName(IssuerWord word) {
    if (word == IssuerWord::None) return {};
    return word == IssuerWord::Userinfo ? QStringLiteral("userinfo") : QStringLiteral("introspection");
}

MatrixProfile matrixProfile(const TokenProfile& profile, const TokenFacts* facts) {
    MatrixProfile made;
    made.id = profile.id;
    made.name = profile.name;
    made.scheme = profile.scheme;
    made.issuerWord = issuerWordOf(profile.scheme);
    made.keys = profile.keys;
    made.hasCertificate = facts && !facts->certificateSubject.isEmpty();
    made.stale = profile.declared.stale;
    made.kind = made.stale.isEmpty() ? MatrixProfile::Kind::Live : MatrixProfile::Kind::Stale;
    made.scopes = profile.declared.scopes;
    made.roles = profile.declared.roles;
    made.claims = profile.declared.claims;
    if (facts) {
        made.ends = tokenEnds(profile, *facts);
        made.fingerprint = facts->fingerprint;
        addAll(made.scopes, facts->grantedScopes);
        if (facts->jwt) {
            addAll(made.scopes, facts->jwt->scopes);
            addAll(made.roles, facts->jwt->roles);
            addAll(made.claims, claimsOf(facts->jwt->claims));
            made.subject = facts->jwt->subject;
        }
    }
    made.scopesKnown = !made.scopes.isEmpty();
    // A token that tells claims at all would tell its roles; one that tells none leaves them open.
    made.rolesKnown = !made.roles.isEmpty() || (facts && facts->jwt && facts->jwt->claims.isObject());
    return made;
}

MatrixProfile derivedColumn(const DerivedProfile& derived, const MatrixProfile& parent) {
    MatrixProfile made = parent;
    made.id = derived.id;
    made.name = derived.name;
    made.kind = MatrixProfile::Kind::Derived;
    made.stale = defectTitle(derived.defect);
    made.parent = parent.id;
    made.fingerprint.clear();
    made.ends.clear();
    return made;
}

QList<MatrixProfile> withDerived(QList<MatrixProfile> profiles, const QList<DerivedProfile>& derived) {
    const qsizetype count = profiles.size();
    for (const DerivedProfile& each : derived)
        for (qsizetype i = 0; i < count; ++i)
            if (const MatrixProfile& parent = profiles.at(i); parent.id == each.parent &&
                                                              parent.kind == MatrixProfile::Kind::Live &&
                                                              canBeForged(parent.scheme)) {
                profiles.append(derivedColumn(each, MatrixProfile(parent)));
                break;
            }
    return profiles;
}

QString bindingName(Binding binding) {
    static const char* const names[] = {"none",         "self",   "peer",        "absent",
                                        "other-tenant", "higher", "parent-swap", "malformed"};
    return QString::fromLatin1(names[int(binding)]);
}

bool isOthers(Binding binding) {
    return binding == Binding::Peer || binding == Binding::OtherTenant || binding == Binding::Higher ||
           binding == Binding::ParentSwap;
}

QString tenantOf(const MatrixProfile& profile, const MatrixSettings& settings) {
    const QString name = settings.tenantClaim.isEmpty() ? QStringLiteral("tenant") : settings.tenantClaim;
    for (const QString& claim : profile.claims)
        if (claim.startsWith(name + u'=')) return claim.mid(name.size() + 1);
    return {};
}

bool isForeign(const MatrixProfile& one, const MatrixProfile& other) {
    return !one.tenant.isEmpty() && !other.tenant.isEmpty() && one.tenant != other.tenant;
}

bool mayMore(const MatrixProfile& one, const MatrixProfile& other, const MatrixSettings& settings) {
    bool more = false;
    if (one.scopesKnown && other.scopesKnown) {
        for (const QString& scope : one.scopes)
            if (!coversScope(other, scope, settings)) return false;
        for (const QString& scope : other.scopes)
            more = more || !coversScope(one, scope, settings);
    }
    if (one.rolesKnown && other.rolesKnown) {
        for (const QString& role : one.roles)
            if (!other.roles.contains(role)) return false;
        more = more || other.roles.size() > one.roles.size();
    }
    return more;
}

QString provenanceName(Provenance provenance) {
    switch (provenance) {
    case Provenance::Manual:
        return QStringLiteral("manual");
    case Provenance::Rule:
        return QStringLiteral("rule");
    case Provenance::Spec:
        return QStringLiteral("spec");
    case Provenance::None:
        return QStringLiteral("none");
    }
    return {};
}

QString cellId(const QString& method, const QString& path, const QString& server, const QString& profileId,
               Binding binding) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString& part : {method, path, server, profileId, bindingName(binding)}) {
        hash.addData(part.toUtf8());
        hash.addData(QByteArray(1, '\0'));
    }
    return QString::fromLatin1(hash.result().toHex().left(16));
}

bool fitsGlob(const QString& glob, const QString& text) {
    QStringList parts = glob.split(u'*');
    for (QString& part : parts)
        part = QRegularExpression::escape(part);
    return QRegularExpression(QRegularExpression::anchoredPattern(parts.join(QStringLiteral(".*"))))
        .match(text)
        .hasMatch();
}

bool fitsOperation(const QStringList& methods, const QStringList& tags, const QString& path,
                   const ApiOperation& operation) {
    if (!methods.isEmpty() && !methods.contains(operation.method, Qt::CaseInsensitive)) return false;
    const auto tagged = [&](const QString& tag) { return operation.tags.contains(tag); };
    if (!tags.isEmpty() && std::none_of(tags.begin(), tags.end(), tagged)) return false;
    return path.isEmpty() || fitsGlob(path, operation.path);
}

QString shownPlace(const QString& file) {
    const bool address = file.contains(QLatin1String("://"));
    return !address && QDir::isAbsolutePath(file) ? QFileInfo(file).fileName() : file;
}

QString operationName(const ApiOperation& operation) {
    return operation.method + u' ' + operation.path;
}

} // namespace kb
