// SPDX-License-Identifier: GPL-3.0-or-later
// What is expected of a cell: by hand, by rule, by the document.
#include "core/probe/matrix.h"
#include "core/probe/matrix_text.h"

namespace kb {

namespace {

bool isScoped(const ApiSecurityScheme& scheme) {
    return scheme.type == QLatin1String("oauth2") || scheme.type == QLatin1String("openIdConnect");
}

bool sameText(const QString& a, const QString& b) {
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isKey(const ApiKeyScheme& key, const ApiSecurityScheme& scheme) {
    static const QString places[] = {QStringLiteral("header"), QStringLiteral("query"),
                                     QStringLiteral("cookie")};
    const bool exact = key.in != ApiKeyScheme::In::Header;
    return places[int(key.in)] == scheme.in &&
           (exact ? key.name == scheme.parameter : sameText(key.name, scheme.parameter));
}

/// Whether the profile has a credential of the kind that the scheme asks for; whether it is good is another
/// question.
bool fills(const MatrixProfile& profile, const ApiSecurityScheme& scheme, const MatrixSettings& settings) {
    if (profile.kind == MatrixProfile::Kind::Anonymous) return false;
    // What is said counts: two schemes of one kind are told apart by nothing else.
    if (const auto said = settings.schemes.constFind(scheme.name); said != settings.schemes.cend())
        return said->contains(profile.id) ||
               (!profile.parent.isEmpty() && said->contains(profile.parent)); // a forgery is of its parent's
    const QString kind = schemeName(profile.scheme);
    const bool bearer = kind == QLatin1String("bearer") || kind == QLatin1String("oauth2") ||
                        kind == QLatin1String("jwt") || kind == QLatin1String("login");
    if (scheme.type == QLatin1String("http")) {
        if (scheme.httpScheme == QLatin1String("bearer")) return bearer;
        return kind == scheme.httpScheme;
    }
    if (isScoped(scheme)) return bearer;
    if (scheme.type == QLatin1String("mutualTLS"))
        return profile.hasCertificate || kind == QLatin1String("client-certificate");
    if (scheme.type != QLatin1String("apiKey")) return false;
    const auto* own = std::get_if<ApiKeyScheme>(&profile.scheme);
    return (own && isKey(*own, scheme)) ||
           std::any_of(profile.keys.begin(), profile.keys.end(),
                       [&](const ApiKeyScheme& key) { return isKey(key, scheme); });
}

/// How a profile stands to one alternative of a security requirement.
struct Standing {
    enum class Kind { Satisfied, Short, Unclear, NotAuthenticated } kind;
    QString detail; ///< what is short or missing
};

Standing standing(const ApiDescription& api, const ApiAlternative& alternative, const MatrixProfile& profile,
                  const MatrixSettings& settings) {
    QStringList missing;
    QString unclear;
    for (const ApiSchemeNeed& need : alternative) {
        const ApiSecurityScheme* scheme = api.scheme(need.scheme);
        if (!scheme || !fills(profile, *scheme, settings))
            return {Standing::Kind::NotAuthenticated, need.scheme};
        if (profile.isDefective()) return {Standing::Kind::NotAuthenticated, profile.stale};
        for (const QString& word : need.scopes) {
            const bool known = isScoped(*scheme) ? profile.scopesKnown : profile.rolesKnown;
            const bool held =
                isScoped(*scheme) ? coversScope(profile, word, settings) : profile.roles.contains(word);
            if (held) continue;
            if (known)
                missing.append(word);
            else
                unclear = word;
        }
    }
    if (!missing.isEmpty()) return {Standing::Kind::Short, missing.join(QStringLiteral(", "))};
    if (!unclear.isEmpty()) return {Standing::Kind::Unclear, unclear};
    return {Standing::Kind::Satisfied, {}};
}

Expectation say(Expect expect, const QString& why, Provenance provenance = Provenance::Spec) {
    return {expect, provenance, why, false, false};
}

QString lineOf(const ApiOperation& operation) {
    return operation.securityPlace.line > 0 ? MatrixText::tr("%1, line %2")
                                                  .arg(shownPlace(operation.securityPlace.file),
                                                       QString::number(operation.securityPlace.line))
                                            : shownPlace(operation.securityPlace.file);
}

Expectation bySecurity(const ApiDescription& api, const ApiOperation& operation, const MatrixProfile& profile,
                       const ApiSecurity& security, const MatrixSettings& settings) {
    const QString where = lineOf(operation);
    const bool open =
        security.isEmpty() || std::any_of(security.begin(), security.end(),
                                          [](const ApiAlternative& each) { return each.isEmpty(); });
    if (open && profile.isDefective())
        return say(
            Expect::Unknown,
            MatrixText::tr("No credential is needed (%1); what a bad one gets is not said.").arg(where));
    if (open) return say(Expect::Allow, MatrixText::tr("No credential is needed (%1).").arg(where));
    QString shortOf, unclear;
    for (const ApiAlternative& alternative : security) {
        const Standing found = standing(api, alternative, profile, settings);
        if (found.kind == Standing::Kind::Satisfied)
            return say(Expect::Allow, MatrixText::tr("It has what \"security\" asks for (%1).").arg(where));
        if (found.kind == Standing::Kind::Unclear) unclear = found.detail;
        if (found.kind == Standing::Kind::Short && shortOf.isEmpty()) shortOf = found.detail;
    }
    if (!unclear.isEmpty())
        return say(Expect::Unknown,
                   MatrixText::tr("Its token does not say whether it has %1 (%2).").arg(unclear, where));
    if (!shortOf.isEmpty())
        return say(Expect::DenyAuthz, MatrixText::tr("It lacks %1 (%2).").arg(shortOf, where));
    if (profile.kind == MatrixProfile::Kind::Anonymous)
        return say(Expect::DenyAuthn, MatrixText::tr("A credential is needed (%1).").arg(where));
    if (profile.kind == MatrixProfile::Kind::Derived)
        return say(Expect::DenyAuthn, MatrixText::tr("Its credential is %1 (%2).").arg(profile.stale, where));
    if (profile.isDefective())
        return say(Expect::DenyAuthn,
                   MatrixText::tr("Its credential is no longer good: %1 (%2).").arg(profile.stale, where));
    return say(Expect::DenyAuthn,
               MatrixText::tr("It has no credential of a kind that is accepted (%1).").arg(where));
}

Expectation byDocument(const ApiDescription& api, const ApiOperation& operation, const MatrixProfile& profile,
                       const MatrixSettings& settings) {
    const std::optional<ApiSecurity>& security = operation.security ? operation.security : api.security;
    if (security) return bySecurity(api, operation, profile, *security, settings);
    if (settings.confirmedPublic.contains(operationName(operation))) {
        if (profile.isDefective())
            return say(Expect::Unknown,
                       MatrixText::tr("Confirmed as public; what a bad credential gets is not said."));
        return say(Expect::Allow, MatrixText::tr("Confirmed as public."), Provenance::Manual);
    }
    if (api.schemes.isEmpty())
        return say(Expect::Unknown, MatrixText::tr("The document says nothing of security."),
                   Provenance::None);
    return say(Expect::Unknown,
               MatrixText::tr("The document says nothing of security here. Confirm it as public."),
               Provenance::None);
}

/// Of nobody, and of who shows what is no longer good: a rule asks for claims, so that the door is not open,
/// whatever the document says of it.
std::optional<Expectation> ofUnknown(const QString& claims, Expect otherwise, const QString& name,
                                     const Expectation& spec) {
    const bool open = spec.expect == Expect::Allow || spec.expect == Expect::Unknown;
    if (!open || otherwise == Expect::Allow || otherwise == Expect::Unknown) return std::nullopt;
    return say(otherwise == Expect::Conceal ? Expect::Conceal : Expect::DenyAuthn,
               MatrixText::tr("It takes somebody with %1 (%2).").arg(claims, name), Provenance::Rule);
}

/// A rule speaks of those who are known: whom the document turns away as nobody is turned away all the same.
std::optional<Expectation> byRule(const QStringList& claims, Expect otherwise, const QString& name,
                                  const MatrixProfile& profile, const Expectation& spec) {
    if (profile.kind == MatrixProfile::Kind::Anonymous || profile.isDefective())
        return ofUnknown(claims.join(QStringLiteral(", ")), otherwise, name, spec);
    if (spec.expect == Expect::DenyAuthn) return std::nullopt;
    const auto isLacking = [&](const QString& claim) {
        return profile.knows(claim) && !profile.holds(claim);
    };
    const auto isOpen = [&](const QString& claim) { return !profile.knows(claim); };
    const auto lacking = std::find_if(claims.begin(), claims.end(), isLacking);
    if (lacking != claims.end()) {
        if (spec.expect == Expect::DenyAuthz && spec.provenance == Provenance::Spec) return std::nullopt;
        return say(otherwise, MatrixText::tr("It lacks %1 (%2).").arg(*lacking, name), Provenance::Rule);
    }
    if (spec.expect == Expect::DenyAuthz) return std::nullopt; // short of a scope as well
    if (const auto open = std::find_if(claims.begin(), claims.end(), isOpen); open != claims.end())
        return say(Expect::Unknown,
                   MatrixText::tr("Its token does not say whether it has %1 (%2).").arg(*open, name),
                   Provenance::Rule);
    return say(Expect::Allow, MatrixText::tr("It has %1 (%2).").arg(claims.join(QStringLiteral(", ")), name),
               Provenance::Rule);
}

bool fits(const MatrixMark& mark, const QString& operation, const QString& profile, Binding binding) {
    return (mark.operation.isEmpty() || mark.operation == operation) &&
           (mark.profile.isEmpty() || mark.profile == profile) &&
           (mark.binding.isEmpty() || mark.binding == bindingName(binding));
}

/// The mark that says most of this cell: a cell before a row or column.
const MatrixMark* markFor(const MatrixSettings& settings, const QString& operation, const QString& profile,
                          Binding binding) {
    const MatrixMark* best = nullptr;
    int weight = -1;
    for (const MatrixMark& mark : settings.marks) {
        if (!fits(mark, operation, profile, binding)) continue;
        const int own = (mark.operation.isEmpty() ? 0 : 2) + (mark.profile.isEmpty() ? 0 : 2) +
                        (mark.binding.isEmpty() ? 0 : 1);
        if (own <= weight) continue;
        weight = own;
        best = &mark;
    }
    return best;
}

/// Ownership: of one's own object the rest decides; of another's, what the document's extension says, or
/// nothing.
Expectation ofOthers(const ApiOperation& operation, const MatrixProfile& profile, Binding binding,
                     const Expectation& own) {
    if (own.expect != Expect::Allow) return own; // who may not have their own may not have another's
    const auto unknown = [](const QString& why) {
        return say(Expect::Unknown, why + u' ' + MatrixText::tr("Suggested: conceal."), Provenance::None);
    };
    if (!operation.ownObjectsOnly)
        return unknown(MatrixText::tr("The document does not say who may have another's object."));
    for (const QString& claim : operation.othersUnless)
        if (!profile.knows(claim))
            return unknown(MatrixText::tr("Its token does not say whether it has %1.").arg(claim));
        else if (profile.holds(claim) && binding == Binding::OtherTenant)
            return unknown(
                MatrixText::tr("It has %1; whether it may have another tenant's objects is not said.")
                    .arg(claim));
        else if (profile.holds(claim) && binding == Binding::ParentSwap)
            return unknown(
                MatrixText::tr("It has %1; what it gets where the object is not is not said.").arg(claim));
        else if (profile.holds(claim))
            return say(Expect::Allow, MatrixText::tr("It has %1, and may have others' objects.").arg(claim),
                       Provenance::Rule);
    return say(Expect::Conceal, MatrixText::tr("The object is another's (x-own-objects-only)."),
               Provenance::Rule);
}

} // namespace

QStringList operationsOfUnknownSecurity(const ApiDescription& api) {
    QStringList all;
    if (api.security || api.schemes.isEmpty()) return all;
    for (const ApiOperation& operation : api.operations)
        if (!operation.security) all.append(operationName(operation));
    return all;
}

bool coversScope(const MatrixProfile& profile, const QString& scope, const MatrixSettings& settings) {
    if (profile.scopes.contains(scope)) return true;
    for (const QString& held : profile.scopes)
        for (const QString& implied : settings.implied.value(held))
            if (implied == scope || (implied.endsWith(u'*') && scope.startsWith(implied.chopped(1))))
                return true;
    return false;
}

const ExactAnswer* exactlyFor(const MatrixSettings& settings, const ApiOperation& operation,
                              const MatrixProfile& profile, Binding binding) {
    const MatrixMark* mark = markFor(settings, operationName(operation), profile.id, binding);
    return mark && mark->exactly ? &*mark->exactly : nullptr;
}

Expectation expectationFor(const ApiDescription& api, const ApiOperation& operation,
                           const MatrixProfile& profile, Binding binding, const MatrixSettings& settings) {
    if (const MatrixMark* mark = markFor(settings, operationName(operation), profile.id, binding)) {
        QString why = MatrixText::tr("Marked by hand");
        why += mark->reason.isEmpty() ? QStringLiteral(".") : QStringLiteral(": ") + mark->reason;
        return {mark->expect, Provenance::Manual, why, settings.conceal, !mark->operation.isEmpty()};
    }
    Expectation found = byDocument(api, operation, profile, settings);
    const bool confirmed = found.provenance == Provenance::Manual;
    const auto refine = [&](const QStringList& claims, Expect otherwise, const QString& name) {
        if (const std::optional<Expectation> better = byRule(claims, otherwise, name, profile, found))
            found = *better;
    };
    const auto rule = std::find_if(settings.rules.begin(), settings.rules.end(), [&](const MatrixRule& each) {
        return fitsOperation(each.methods, each.tags, each.path, operation);
    });
    if (rule != settings.rules.end())
        refine(rule->claims, rule->otherwise,
               MatrixText::tr("rule %1").arg(std::distance(settings.rules.begin(), rule) + 1));
    else if (!operation.requiredClaims.isEmpty())
        refine(operation.requiredClaims,
               expectFromName(operation.claimsOtherwise).value_or(Expect::DenyAuthz),
               QStringLiteral("x-required-claims"));
    if (isOthers(binding)) found = ofOthers(operation, profile, binding, found);
    if (binding == Binding::Absent && found.expect == Expect::Allow)
        found = say(Expect::Conceal, MatrixText::tr("There is no such object."), found.provenance);
    if (binding == Binding::Malformed && found.expect == Expect::Allow)
        found = say(Expect::Conceal, MatrixText::tr("No object can have such an id."), found.provenance);
    found.decided = confirmed || rule != settings.rules.end();
    found.concealed = settings.conceal || operation.responses.contains(QStringLiteral("404"));
    return found;
}

} // namespace kb
