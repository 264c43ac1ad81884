// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/profile_maker.h"

#include "core/auth/further_keys.h"
#include "core/auth/grant_record.h"
#include "core/auth/misplaced_token.h"
#include "core/http/url.h"
#include "core/interchange/loose_secrets.h"
#include "core/run/resolve_scheme.h"
#include "core/run/secret_source.h"

#include <QRegularExpression>
#include <QSet>
#include <QUuid>
#include <algorithm>

namespace kb::importing {

namespace {

QString newId() {
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

/// In the order they came.
QStringList addressesOf(const QMultiHash<QString, QString>& uses, const QString& name) {
    QStringList addresses = uses.values(name);
    std::reverse(addresses.begin(), addresses.end());
    return addresses;
}

Secret secretOf(QString text) {
    return Secret::take(text);
}

/// Whether a text is made of variables, with nothing beside them but separators and the words of schemes:
/// what it is made of is secret then, and not the text.
bool isRecipe(const QString& text) {
    const QList<VariableUse> uses = variableUses(text);
    QString rest;
    qsizetype from = 0;
    for (const VariableUse& use : uses) {
        rest += QStringView(text).mid(from, use.start - from);
        rest += u' ';
        from = use.start + use.length;
    }
    rest += QStringView(text).mid(from);
    static const QRegularExpression scheme(QStringLiteral("\\b(?:Bearer|Basic|Token|ApiKey|Digest|DPoP)\\b"),
                                           QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression word(QStringLiteral("[A-Za-z0-9]{4,}"));
    return !uses.isEmpty() && !rest.remove(scheme).contains(word);
}

} // namespace

QString onlyVariable(const QString& text) {
    const QList<VariableUse> uses = variableUses(text);
    return uses.size() == 1 && uses.first().length == text.trimmed().size() ? uses.first().name : QString();
}

ProfileMaker::ProfileMaker(QList<Environment> environments, const QStringList& secretVariables)
    : m_environments(std::move(environments)),
      m_declared(secretVariables.cbegin(), secretVariables.cend()),
      m_secretVariables(m_declared) {
    for (const Environment& environment : std::as_const(m_environments))
        for (const Variable& variable : environment.variables) {
            const bool literal = !variable.value.isEmpty() && variableUses(variable.value).isEmpty();
            if (literal && (namesASecretVariable(variable.name) || hasTokenShape(variable.value)))
                m_secretVariables.insert(variable.name);
        }
}

bool ProfileMaker::usesSecret(const QString& text) const {
    const QList<VariableUse> uses = variableUses(text);
    return std::any_of(uses.cbegin(), uses.cend(),
                       [&](const VariableUse& use) { return m_secretVariables.contains(use.name); });
}

VariableMap ProfileMaker::variables(const QString& environment) const {
    VariableMap map;
    QStringList names; // an environment counts before the one that it extends
    QString next = environment;
    while (!next.isEmpty() && !names.contains(next)) {
        names.append(next);
        const auto found = std::find_if(m_environments.cbegin(), m_environments.cend(),
                                        [&](const Environment& each) { return each.name == next; });
        if (found == m_environments.cend()) break;
        for (const Variable& variable : found->variables)
            if (variable.enabled && !map.contains(variable.name)) map.insert(variable.name, variable.value);
        next = found->extends;
    }
    return map;
}

QString ProfileMaker::freeName(const QString& wanted) const {
    const auto taken = [&](const QString& name) {
        return std::any_of(m_profiles.begin(), m_profiles.end(), [&](const ImportedProfile& each) {
            return each.profile.name.compare(name, Qt::CaseInsensitive) == 0;
        });
    };
    QString name = wanted;
    for (int number = 2; taken(name); ++number)
        name = wanted + u' ' + QString::number(number);
    return name;
}

QString ProfileMaker::nameFor(const DraftAuth& auth, const QString& url) const {
    if (!auth.name.isEmpty()) return auth.name;
    for (const QString& secret : auth.secrets)
        if (const QString variable = onlyVariable(secret); !variable.isEmpty()) return variable;
    if (const auto* basic = std::get_if<BasicScheme>(&auth.scheme))
        if (!basic->user.isEmpty() && variableUses(basic->user).isEmpty()) return basic->user;
    if (const auto* key = std::get_if<ApiKeyScheme>(&auth.scheme)) return key->name;
    const QList<Environment> environments = m_environments;
    QString host;
    for (qsizetype i = 0; i <= environments.size() && host.isEmpty(); ++i) {
        const VariableMap map = i < environments.size() ? variables(environments.at(i).name) : VariableMap();
        const Result<QString> resolved = resolveVariables(url, map);
        const Result<HttpUrl> parsed = HttpUrl::parse(resolved ? *resolved : url);
        if (parsed) host = QString::fromUtf8(parsed->origin().host);
    }
    return host.isEmpty() ? schemeName(auth.scheme) : schemeName(auth.scheme) + u' ' + host;
}

void ProfileMaker::addSecrets(ImportedProfile& made, const DraftAuth& auth) {
    QMap<QString, QString> secrets = auth.secrets; // by the record's part
    for (const auto& [key, secret] : auth.keys) {
        secrets.insert(keyPart(key), secret);
        made.profile.keys.append(key);
    }
    bool hasVariables = false;
    for (const QString& secret : std::as_const(secrets)) {
        hasVariables = hasVariables || !variableUses(secret).isEmpty();
        markSecret(secret);
    }
    const auto add = [&](const QString& environment, const VariableMap& map) {
        SecretRecord record;
        for (auto each = secrets.cbegin(); each != secrets.cend(); ++each) {
            const Result<QString> text = resolveVariables(*each, map);
            if (!text || text->isEmpty()) continue;
            if (each.key().isEmpty())
                record.secret = secretOf(*text);
            else
                record.parts.insert_or_assign(each.key(), secretOf(*text));
        }
        ProfileBinding binding;
        binding.environment = environment;
        if (!record.secret.isEmpty() || !record.parts.empty()) {
            if (isGrant(auth.scheme)) {
                // A server that cannot be told yet is left for the user to confirm.
                const Result<AuthScheme> scheme = resolveScheme(auth.scheme, map);
                const Result<GrantServer> server =
                    scheme ? proposedGrantServer(*scheme) : tl::unexpected(scheme.error());
                if (server) confirmServer(record, *server);
            }
            binding.secret = SecretRef{newId()};
            made.secrets.emplace_back(binding.secret, std::move(record));
        } else if (!environment.isEmpty()) {
            return; // nothing there for this environment
        }
        made.profile.bindings.append(binding);
    };
    if (!hasVariables) {
        add(QString(), {});
    } else {
        for (const Environment& environment : std::as_const(m_environments))
            add(environment.name, variables(environment.name));
        if (made.profile.bindings.isEmpty()) made.profile.bindings.append(ProfileBinding{});
    }
}

/// What is sent as a secret is one, whatever its variables are called, and so is what they are made of.
void ProfileMaker::markSecret(const QString& text) {
    for (const VariableUse& use : variableUses(text)) {
        if (m_taken.contains(use.name)) continue;
        m_taken.insert(use.name);
        m_secretVariables.insert(use.name);
        for (const Environment& environment : std::as_const(m_environments))
            for (const Variable& variable : environment.variables)
                if (variable.name == use.name) markSecret(variable.value);
    }
}

QStringList ProfileMaker::originsOf(const QStringList& urls, const QString& environment) const {
    QStringList origins;
    const auto add = [&](const VariableMap& map) {
        for (const QString& url : urls) {
            const Result<QString> resolved = resolveVariables(url, map);
            const Result<HttpUrl> parsed =
                resolved ? HttpUrl::parse(*resolved) : tl::unexpected(resolved.error());
            if (parsed && !origins.contains(parsed->origin().text())) origins.append(parsed->origin().text());
        }
    };
    if (!environment.isEmpty()) {
        add(variables(environment));
        return origins;
    }
    add({});
    for (const Environment& each : m_environments)
        add(variables(each.name));
    return origins;
}

/// The credential came with the addresses it was sent to: those, and no other, are allowed.
void ProfileMaker::allow(ImportedProfile& made, const QString& url) {
    for (ProfileBinding& binding : made.profile.bindings) {
        QStringList origins = binding.allowedOrigins;
        for (const QString& origin : originsOf({url}, binding.environment))
            if (!origins.contains(origin)) origins.append(origin);
        binding.allowedOrigins = origins;
        for (auto& [ref, record] : made.secrets)
            if (ref == binding.secret) record.allowedOrigins = origins;
    }
}

QString ProfileMaker::profileFor(const DraftAuth& auth, const QString& url, const QStringList& places) {
    const auto known = std::find_if(m_known.cbegin(), m_known.cend(), [&](const Known& each) {
        return each.auth.scheme == auth.scheme && each.auth.secrets == auth.secrets &&
               each.auth.keys == auth.keys;
    });
    std::size_t at = m_profiles.size();
    if (known != m_known.cend()) {
        at = known->profile;
    } else {
        ImportedProfile made;
        made.profile.id = newId();
        made.profile.scheme = auth.scheme;
        made.profile.name = freeName(nameFor(auth, url));
        addSecrets(made, auth);
        m_profiles.push_back(std::move(made));
        m_known.append({auth, at});
    }
    ImportedProfile& profile = m_profiles[at];
    for (const QString& place : places)
        if (profile.places.size() < 200 && !profile.places.contains(place)) profile.places.append(place);
    allow(profile, url);
    return profile.profile.id;
}

QString ProfileMaker::keep(const QString& name, const QString& secret, const QString& place) {
    DraftAuth auth = bearerAuth(secret);
    auth.name = name;
    for (const Known& known : std::as_const(m_known)) // the same secret need not be kept twice
        if (known.auth.secrets.value(QString()) == secret) auth = known.auth;
    return profileFor(auth, QString(), {place});
}

bool ProfileMaker::isTaken(const QString& name) const {
    const auto named = [&](const auto& each) { return each.name == name; };
    for (const Environment& environment : m_environments)
        if (std::any_of(environment.variables.cbegin(), environment.variables.cend(), named) ||
            std::any_of(environment.secrets.cbegin(), environment.secrets.cend(), named))
            return true;
    return m_reserved.contains(name) || m_placeholders.contains(name) ||
           std::any_of(m_variables.cbegin(), m_variables.cend(), named);
}

bool ProfileMaker::isFound(const QString& environment, const QString& name) const {
    return std::any_of(m_variables.cbegin(), m_variables.cend(), [&](const ImportedSecret& each) {
        return each.environment == environment && each.name == name;
    });
}

QString ProfileMaker::placeholderFor(const QString& name, const QString& secret, const QString& place) {
    QString free = name;
    for (int number = 2; isTaken(free); ++number)
        free = name + u'_' + QString::number(number);
    const QString profile = keep(free, secret, place);
    const QString known = m_placeholders.key(profile);
    if (!known.isEmpty()) return known; // the same secret has the same
    m_placeholders.insert(free, profile);
    return free;
}

QString ProfileMaker::variableFor(const QString& name, const QString& secret, const QString& place) {
    Secret value = secretOf(secret);
    if (!checkVariableSecret(name, value)) return {};
    QString free = name;
    for (int number = 2;; ++number) {
        const auto known = std::find_if(m_variables.begin(), m_variables.end(),
                                        [&](const ImportedSecret& each) { return each.name == free; });
        if (!isTaken(free)) break;
        if (known != m_variables.end() && known->record.secret.reveal() == value.reveal()) {
            if (known->places.size() < 200 && !known->places.contains(place)) known->places.append(place);
            return free;
        }
        free = name + u'_' + QString::number(number);
    }
    ImportedSecret made;
    made.name = free;
    made.record.secret = std::move(value);
    made.places.append(place);
    m_variables.push_back(std::move(made));
    return free;
}

QList<Environment>
ProfileMaker::environmentsWithoutSecrets(const QMultiHash<QString, QString>& uses,
                                         const std::function<void(const QString& name)>& taken) {
    QList<Environment> clean;
    for (const Environment& environment : std::as_const(m_environments)) {
        Environment kept = environment;
        kept.variables.clear();
        kept.secrets.clear();
        for (const SecretVariable& secret :
             environment.secrets) { // what the file names is another's keychain
            ImportedSecret made{environment.name, secret.name, {}, {environment.name}, secret.enabled};
            made.record.allowedOrigins = originsOf(addressesOf(uses, secret.name), environment.name);
            m_variables.push_back(std::move(made));
        }
        for (const Variable& variable : environment.variables) {
            const bool profiles = m_taken.contains(variable.name);
            // One that is empty may be meant for anything, unless the file calls it secret.
            const bool declared = m_declared.contains(variable.name);
            if (!m_secretVariables.contains(variable.name) || (variable.value.isEmpty() && !declared)) {
                kept.variables.append(variable);
                continue;
            }
            if (profiles) taken(variable.name);
            if (profiles && !uses.contains(variable.name)) continue;
            if (isRecipe(variable.value)) {
                kept.variables.append(variable);
                continue;
            }
            // Of two rows of one name the one that is on counts, else the first.
            const auto another = [&](const Variable& each) {
                return each.enabled && each.name == variable.name;
            };
            if ((!variable.enabled &&
                 std::any_of(environment.variables.cbegin(), environment.variables.cend(), another)) ||
                isFound(environment.name, variable.name))
                continue;
            ImportedSecret made;
            made.environment = environment.name;
            made.name = variable.name;
            made.enabled = variable.enabled;
            made.record.secret = secretOf(variable.value);
            made.record.allowedOrigins = originsOf(addressesOf(uses, variable.name), environment.name);
            made.places.append(environment.name);
            if (variable.value.isEmpty() || checkVariableSecret(made.name, made.record.secret))
                m_variables.push_back(std::move(made));
            else
                keep(variable.name, variable.value, environment.name + QStringLiteral(", ") + variable.name);
        }
        clean.append(kept);
    }
    for (ImportedSecret& each : m_variables)
        if (each.environment.isEmpty())
            each.record.allowedOrigins = originsOf(addressesOf(uses, each.name), {});
    return clean;
}

} // namespace kb::importing
