// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/scheme_options.h"
#include "app/cli/cli_text.h"

#include "core/auth/check_scheme.h"
#include "core/workspace/scheme_fields.h"

#include <QSet>

namespace kb::cli {

namespace {

enum class FlagKind { Text, List, On, Off, Number };

/// An option and the members of schemes it sets.
struct Flag {
    const char* option;
    std::vector<const char*> fields;
    FlagKind kind;
    const char* help;
};

const std::vector<Flag>& flags() {
    static const std::vector<Flag> all = {
        {"--in", {"in"}, FlagKind::Text, "API key: header, query or cookie"},
        {"--name",
         {"field", "header"},
         FlagKind::Text,
         "The header, query field or cookie of a key or template"},
        {"--user",
         {"user"},
         FlagKind::Text,
         "The user name of basic, digest, ntlm, login or a password grant"},
        {"--latin1", {"latin1"}, FlagKind::On, "basic: ISO-8859-1 instead of UTF-8"},
        {"--no-latin1", {"latin1"}, FlagKind::Off, "basic: UTF-8, as without --latin1"},
        {"--prefix", {"prefix"}, FlagKind::Text, "bearer, jwt, login: the word before the token"},
        {"--template", {"format"}, FlagKind::Text, "template: the header's value, with {{secret}} in it"},
        {"--access-key-id", {"accessKeyId"}, FlagKind::Text, "sigv4: the id that goes with the secret key"},
        {"--region", {"region"}, FlagKind::Text, "sigv4: the region"},
        {"--service", {"service"}, FlagKind::Text, "sigv4: the service"},
        {"--presign", {"presign"}, FlagKind::On, "sigv4: sign in the URL instead of the header"},
        {"--unsigned-payload",
         {"unsignedPayload"},
         FlagKind::On,
         "sigv4: leave the body out of the signature (S3 alone, over https)"},
        {"--no-unsigned-payload", {"unsignedPayload"}, FlagKind::Off, "sigv4: sign the body"},
        {"--expires-in",
         {"expiresIn"},
         FlagKind::Number,
         "sigv4, http-signature: seconds a signature is good for"},
        {"--alg", {"algorithm"}, FlagKind::Text, "jwt, http-signature: the algorithm"},
        {"--key-id", {"keyId"}, FlagKind::Text, "jwt, http-signature: kid or keyid"},
        {"--label", {"label"}, FlagKind::Text, "http-signature: the signature's label"},
        {"--component",
         {"components"},
         FlagKind::List,
         "http-signature: a covered component; in their order"},
        {"--nonce", {"nonce"}, FlagKind::On, "http-signature: add a nonce"},
        {"--tag", {"tag"}, FlagKind::Text, "http-signature: the tag"},
        {"--typ", {"type"}, FlagKind::Text, "jwt: the header's typ"},
        {"--claims", {"claims"}, FlagKind::Text, "jwt: the claims as JSON, with {{variables}}"},
        {"--lifetime",
         {"lifetime"},
         FlagKind::Number,
         "jwt: seconds a made token lives; login: where the answer does not say"},
        {"--grant", {"grant"}, FlagKind::Text, "oauth2: how a token is obtained"},
        {"--client-auth", {"clientAuth"}, FlagKind::Text, "oauth2: how the client proves who it is"},
        {"--client-id", {"clientId"}, FlagKind::Text, "oauth2: the client id"},
        {"--issuer", {"issuer"}, FlagKind::Text, "oauth2: the issuer, whose metadata name the rest"},
        {"--token-url", {"tokenUrl"}, FlagKind::Text, "oauth2: the token endpoint"},
        {"--auth-url", {"authorizationUrl"}, FlagKind::Text, "oauth2: the authorization endpoint"},
        {"--device-url", {"deviceUrl"}, FlagKind::Text, "oauth2: the device authorization endpoint"},
        {"--revocation-url", {"revocationUrl"}, FlagKind::Text, "oauth2: the revocation endpoint"},
        {"--introspection-url", {"introspectionUrl"}, FlagKind::Text, "oauth2: the introspection endpoint"},
        {"--userinfo-url", {"userinfoUrl"}, FlagKind::Text, "oauth2: the userinfo endpoint"},
        {"--par-url", {"parUrl"}, FlagKind::Text, "oauth2: the pushed authorization request endpoint"},
        {"--scope",
         {"scopes"},
         FlagKind::List,
         "A scope the token has (oauth2: is asked for); may be given several times"},
        {"--resource",
         {"resources"},
         FlagKind::List,
         "oauth2: a resource the token is for; may be given several times"},
        {"--audience", {"audience"}, FlagKind::Text, "oauth2: the audience parameter of some servers"},
        {"--redirect-path",
         {"redirectPath"},
         FlagKind::Text,
         "oauth2: the path on 127.0.0.1 the browser returns to"},
        {"--assertion-alg", {"assertionAlgorithm"}, FlagKind::Text, "oauth2: the algorithm of assertions"},
        {"--assertion-kid", {"assertionKeyId"}, FlagKind::Text, "oauth2: the key id of assertions"},
        {"--assertion-aud-token-url",
         {"assertionToTokenUrl"},
         FlagKind::On,
         "oauth2: assertions are addressed to the token endpoint, as older servers want it"},
        {"--assertion-aud-issuer",
         {"assertionToTokenUrl"},
         FlagKind::Off,
         "oauth2: assertions are addressed to the issuer, as without the other"},
        {"--dpop", {"dpop"}, FlagKind::On, "oauth2: bind the token to a key (DPoP)"},
        {"--par", {"par"}, FlagKind::On, "oauth2: push the authorization request"},
        {"--no-refresh-ahead",
         {"refreshAhead"},
         FlagKind::Off,
         "oauth2, login: do not refresh before expiry"},
        {"--no-refresh-on-401",
         {"refreshOn401"},
         FlagKind::Off,
         "oauth2, login: do not refresh after a refusal"},
        {"--refresh-leeway",
         {"refreshLeeway"},
         FlagKind::Number,
         "oauth2, login: seconds before expiry to refresh at"},
        {"--login-url", {"loginUrl"}, FlagKind::Text, "login: the address to log in at"},
        {"--method", {"method"}, FlagKind::Text, "login: the method (POST)"},
        {"--content-type",
         {"contentType"},
         FlagKind::Text,
         "login: the body's media type (application/json)"},
        {"--body", {"body"}, FlagKind::Text, "login: the body, with {{user}} and {{secret}} in it"},
        {"--header", {"headers"}, FlagKind::List, "login: one more header line; may be given several times"},
        {"--token-from", {"tokenFrom"}, FlagKind::Text, "login: pointer, header or cookie"},
        {"--token-name",
         {"tokenName"},
         FlagKind::Text,
         "login: the JSON pointer, header or cookie that has the token (/token)"},
        {"--send-as", {"sendAs"}, FlagKind::Text, "login: the token goes as bearer, header or cookie"},
        {"--send-name", {"sendName"}, FlagKind::Text, "login: the header or cookie it goes in"},
        {"--expiry-from", {"expiryFrom"}, FlagKind::Text, "login: pointer, header or cookie"},
        {"--expiry-name", {"expiryName"}, FlagKind::Text, "login: where the answer says when the token ends"},
        {"--expiry-form", {"expiryForm"}, FlagKind::Text, "login: seconds, unix or iso"},
        {"--refresh-from", {"refreshFrom"}, FlagKind::Text, "login: pointer, header or cookie"},
        {"--refresh-name", {"refreshName"}, FlagKind::Text, "login: where the answer has the refresh token"},
        {"--refresh-url", {"refreshUrl"}, FlagKind::Text, "login: the address to refresh at"},
        {"--refresh-method", {"refreshMethod"}, FlagKind::Text, "login: the refresh's method (POST)"},
        {"--refresh-body",
         {"refreshBody"},
         FlagKind::Text,
         "login: the refresh's body, with {{refresh_token}} in it"},
        {"--csrf-from", {"csrfFrom"}, FlagKind::Text, "login: pointer, header or cookie"},
        {"--csrf-name", {"csrfName"}, FlagKind::Text, "login: where the answer has the CSRF token"},
        {"--csrf-header", {"csrfHeader"}, FlagKind::Text, "login: the header it goes in (X-CSRF-Token)"},
    };
    return all;
}

const Flag* flagOf(const QByteArray& field, const std::map<std::string, std::vector<std::string>>& values) {
    for (const Flag& flag : flags()) {
        if (!values.count(flag.option)) continue;
        for (const char* name : flag.fields)
            if (field == name) return &flag;
    }
    return nullptr;
}

/// Sets the members that options were given for.
struct SetFields {
    const std::map<std::string, std::vector<std::string>>& values;
    QSet<QByteArray> used = {};
    std::optional<Error> error = {};

    const std::vector<std::string>* valueOf(const char* field) {
        const Flag* flag = flagOf(field, values);
        if (!flag) return nullptr;
        used.insert(flag->option);
        return &values.at(flag->option);
    }
    void text(const char* name, QString& value, const QString&) {
        if (const auto* typed = valueOf(name)) value = QString::fromStdString(typed->back());
    }
    void alwaysText(const char* name, QString& value, const QString& fallback) {
        text(name, value, fallback);
    }
    void list(const char* name, QStringList& value, const QStringList&) {
        const auto* typed = valueOf(name);
        if (!typed) return;
        value.clear();
        for (const std::string& each : *typed)
            value << QString::fromStdString(each);
    }
    void flag(const char* name, bool& value, bool) {
        const Flag* found = flagOf(name, values);
        if (valueOf(name)) value = found->kind == FlagKind::On;
    }
    void number(const char* name, int& value, int) {
        const auto* typed = valueOf(name);
        if (!typed || error) return;
        bool fine = false;
        const int wanted = QString::fromStdString(typed->back()).toInt(&fine);
        if (fine && wanted >= 0)
            value = wanted;
        else
            error = Error{
                ErrorCode::InvalidInput,
                CliText::tr("That is no number of seconds: %1").arg(QString::fromStdString(typed->back())),
                QString::fromLatin1(flagOf(name, values)->option),
                {},
                -1};
    }
    template<class Choice, class Names>
    void alwaysChoice(const char* name, Choice& value, const Names& names) {
        const auto* typed = valueOf(name);
        if (!typed || error) return;
        QString wanted = QString::fromStdString(typed->back());
        wanted.replace(QLatin1Char('-'), QLatin1Char('_'));
        QStringList known;
        for (std::size_t at = 0; at < names.size(); ++at) {
            known << QLatin1String(names[at]);
            if (wanted == QLatin1String(names[at])) {
                value = static_cast<Choice>(at);
                return;
            }
        }
        error = Error{ErrorCode::InvalidInput,
                      CliText::tr("%1 is none of: %2.").arg(wanted, known.join(QStringLiteral(", "))),
                      QString::fromLatin1(flagOf(name, values)->option),
                      {},
                      -1};
    }
};

struct JsonFields {
    JsonObject& object;
    void text(const char* name, const QString& value, const QString& fallback) {
        if (value != fallback) object.add(QLatin1String(name), value);
    }
    void alwaysText(const char* name, const QString& value, const QString&) {
        object.add(QLatin1String(name), value);
    }
    void list(const char* name, const QStringList& value, const QStringList& fallback) {
        if (value != fallback) object.add(QLatin1String(name), jsonTexts(value));
    }
    void flag(const char* name, bool value, bool fallback) {
        if (value != fallback) object.add(QLatin1String(name), value);
    }
    void number(const char* name, int value, int fallback) {
        if (value != fallback) object.add(QLatin1String(name), qint64(value));
    }
    template<class Choice, class Names>
    void alwaysChoice(const char* name, Choice value, const Names& names) {
        object.add(QLatin1String(name), QString::fromLatin1(names[static_cast<std::size_t>(value)]));
    }
};

} // namespace

void SchemeOptions::declare(CLI::App* command, bool adding) {
    m_command = command;
    QStringList kinds;
    for (const char* name : {"bearer", "api-key", "basic", "digest", "template", "sigv4", "http-signature",
                             "jwt", "ntlm", "negotiate", "oauth2", "login", "client-certificate"})
        kinds << QLatin1String(name);
    std::vector<std::string> allowed;
    if (adding) kinds << QStringLiteral("derived");
    for (const QString& name : kinds)
        allowed.push_back(name.toStdString());
    CLI::Option* kind = command->add_option("--kind", m_kind, kinds.join(QStringLiteral(", ")).toStdString())
                            ->check(CLI::IsMember(allowed));
    if (adding) kind->required();
    for (const Flag& flag : flags()) {
        if (flag.kind == FlagKind::On || flag.kind == FlagKind::Off) {
            command->add_flag(flag.option, flag.help);
            continue;
        }
        command->add_option(flag.option, flag.help)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    const auto several = [command](const char* name, std::vector<std::string>& into, const char* help) {
        command->add_option(name, into, help)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    several("--role", m_roles, "A role the identity has; may be given several times");
    several("--claim", m_claims, "A claim the identity has, NAME=VALUE; may be given several times");
    command->add_option("--stale", m_stale,
                        "Why this credential is no longer good, on purpose: it is never refreshed");
}

Result<AuthScheme> SchemeOptions::scheme(const AuthScheme* before) const {
    std::map<std::string, std::vector<std::string>> values;
    for (const Flag& flag : flags())
        if (given(flag.option)) values[flag.option] = m_command->get_option(flag.option)->results();
    const QString name = m_kind.empty() && before ? schemeName(*before) : QString::fromStdString(m_kind);
    AuthScheme scheme = before && schemeName(*before) == name
                            ? *before
                            : schemeNamed(name).value_or(AuthScheme(BearerScheme{}));
    SetFields fields{values};
    std::visit([&fields](auto& each) { visitFields(fields, each); }, scheme);
    if (fields.error) return tl::unexpected(*fields.error);
    for (const auto& [option, typed] : values) {
        if (fields.used.contains(QByteArray::fromStdString(option)) || option == "--scope") continue;
        return fail(ErrorCode::InvalidInput,
                    CliText::tr("%1 does not go with --kind %2.").arg(QString::fromStdString(option), name));
    }
    if (const Result<void> fine = checkScheme(scheme); !fine) {
        Error error = fine.error();
        for (const Flag& flag : flags())
            for (const char* field : flag.fields)
                if (error.where == QLatin1String(field)) error.where = QLatin1String(flag.option);
        return tl::unexpected(error);
    }
    return scheme;
}

void SchemeOptions::applyDeclared(DeclaredAccess& declared, bool oauth) const {
    const auto take = [](const std::vector<std::string>& from) {
        QStringList out;
        for (const std::string& each : from)
            out << QString::fromStdString(each);
        return out;
    };
    if (!oauth && given("--scope")) declared.scopes = take(m_command->get_option("--scope")->results());
    if (given("--role")) declared.roles = take(m_roles);
    if (given("--claim")) declared.claims = take(m_claims);
    if (given("--stale")) declared.stale = QString::fromStdString(m_stale);
}

QStringList SchemeOptions::typedFields() const {
    QStringList out;
    for (const Flag& flag : flags())
        if (given(flag.option))
            for (const char* field : flag.fields)
                out << QLatin1String(field);
    return out;
}

void addSchemeFields(JsonObject& object, const AuthScheme& scheme) {
    AuthScheme copy = scheme;
    JsonFields fields{object};
    std::visit([&fields](auto& each) { visitFields(fields, each); }, copy);
}

QStringList schemeLines(const AuthScheme& scheme) {
    JsonObject object;
    addSchemeFields(object, scheme);
    QStringList lines;
    for (const auto& [name, value] : object.value().members) {
        QStringList words;
        for (const JsonValue& item : value.items)
            words << item.string;
        const QString text = value.isString()  ? value.string
                             : value.isArray() ? words.join(QLatin1Char(' '))
                                               : QString::fromUtf8(writeJson(value));
        lines << QStringLiteral("  %1 %2").arg(name, -8).arg(text);
    }
    return lines;
}

} // namespace kb::cli
