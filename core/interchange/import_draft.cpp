// SPDX-License-Identifier: GPL-3.0-or-later
// What several formats share.
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"

#include "core/base/json_make.h"
#include "core/http/url_template.h"

namespace kb::importing {

void addQuery(RequestSpec& spec, const QString& name, const QString& value, bool enabled,
              const QString& description, bool equals) {
    if (name.isEmpty() && value.isEmpty()) return;
    if (!enabled) {
        spec.params.append({ParamRow::In::Query, name, value, description, false});
        return;
    }
    UrlParts parts = splitUrl(spec.url);
    const auto encoded = [](const QString& text) -> QString {
        return formEncoded(text).replace(QLatin1String("+"), QLatin1String("%20"));
    };
    parts.query.append({encoded(name), encoded(value), equals});
    parts.hasQuery = true;
    spec.url = joinUrl(parts);
}

QString formField(const QString& name, const QString& value) {
    return formEncoded(name) + u'=' + formEncoded(value);
}

void noteOnce(Draft& draft, const QString& note) {
    if (draft.notes.size() < 200 && !draft.notes.contains(note)) draft.notes.append(note);
}

void fileNote(Draft& draft, const QString& where, const QString& file) {
    noteOnce(draft,
             ImportText::tr("%1 sends the file %2: copy it into the workspace's folder.").arg(where, file));
}

bool tooDeep(Draft& draft, int depth) {
    constexpr int most = 60;
    if (depth > most)
        noteOnce(draft, ImportText::tr("Folders that stand more than %1 deep are left out.").arg(most));
    return depth > most;
}

BodySpec textBody(const QString& text, const QString& contentType) {
    const QString type = contentType.section(u';', 0, 0).trimmed().toLower();
    if (type == QLatin1String("application/json")) return {BodySpec::Kind::Json, text, {}};
    return {BodySpec::Kind::Text, text, contentType.trimmed()};
}

BodySpec graphQl(const QString& query, const QString& variables) {
    QByteArray text = writeJson(JsonObject().add(QStringLiteral("query"), query).value());
    if (!variables.trimmed().isEmpty()) {
        text.chop(1);
        text += ",\"variables\":" + variables.trimmed().toUtf8() + '}';
    }
    return {BodySpec::Kind::Json, QString::fromUtf8(text), {}};
}

void dropImpliedContentType(RequestSpec& spec) {
    const auto implied = [&](const HeaderRow& row) {
        if (!row.enabled || row.name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) != 0)
            return false;
        switch (spec.body.kind) {
        case BodySpec::Kind::Json:
            return row.value.compare(QLatin1String("application/json"), Qt::CaseInsensitive) == 0;
        case BodySpec::Kind::Text:
        case BodySpec::Kind::File:
            if (spec.body.contentType.isEmpty()) spec.body.contentType = row.value;
            return spec.body.contentType.compare(row.value, Qt::CaseInsensitive) == 0;
        case BodySpec::Kind::Multipart: // its boundary is ours to choose
            return row.value.startsWith(QLatin1String("multipart/form-data"), Qt::CaseInsensitive);
        case BodySpec::Kind::None:
            return false;
        }
        return false;
    };
    spec.headers.removeIf(implied);
}

DraftAuth basicAuth(const QString& user, const QString& password) {
    BasicScheme basic;
    basic.user = user;
    return {DraftAuth::Kind::Scheme, basic, {{QString(), password}}, {}};
}

DraftAuth bearerAuth(const QString& token, const QString& prefix) {
    BearerScheme bearer;
    if (!prefix.isEmpty()) bearer.prefix = prefix;
    return {DraftAuth::Kind::Scheme, bearer, {{QString(), token}}, {}};
}

DraftAuth keyAuth(const QString& name, const QString& value, const QString& in) {
    ApiKeyScheme key;
    key.name = name;
    key.in = in.contains(QLatin1String("query"), Qt::CaseInsensitive)    ? ApiKeyScheme::In::Query
             : in.contains(QLatin1String("cookie"), Qt::CaseInsensitive) ? ApiKeyScheme::In::Cookie
                                                                         : ApiKeyScheme::In::Header;
    return {DraftAuth::Kind::Scheme, key, {{QString(), value}}, {}};
}

namespace {

OAuthGrant grantOf(const QString& word) {
    const QString plain = QString(word).remove(u'_').remove(u'-').toLower();
    if (plain.startsWith(QLatin1String("clientcredentials"))) return OAuthGrant::ClientCredentials;
    if (plain.startsWith(QLatin1String("password")) || plain.startsWith(QLatin1String("resourceowner")))
        return OAuthGrant::Password;
    if (plain.startsWith(QLatin1String("devicecode"))) return OAuthGrant::DeviceCode;
    return OAuthGrant::AuthorizationCode; // the implicit grant is no more (RFC 9700 §2.1.2)
}

DraftAuth oauthAuth(const AuthFields& field) {
    OAuthScheme oauth;
    oauth.grant = grantOf(field({"grant_type", "grantType", "flow"}));
    oauth.authorizationUrl = field({"authUrl", "authorizationUrl", "authorization_url"});
    oauth.tokenUrl = field({"accessTokenUrl", "access_token_url", "tokenUrl"});
    oauth.clientId = field({"clientId", "client_id"});
    oauth.scopes = field({"scope"}).split(u' ', Qt::SkipEmptyParts);
    oauth.audience = field({"audience"});
    oauth.user = field({"username"});
    if (const QString resource = field({"resource"}); !resource.isEmpty()) oauth.resources = {resource};
    const QString secret = field({"clientSecret", "client_secret"});
    const QString place =
        field({"client_authentication", "credentialsInBody", "credentials_placement", "placement"});
    oauth.clientAuth = secret.isEmpty() ? ClientAuth::None
                       : place.contains(QLatin1String("body")) || place == QLatin1String("true")
                           ? ClientAuth::Post
                           : ClientAuth::Basic;
    DraftAuth auth{DraftAuth::Kind::Scheme, oauth, {}, {}};
    if (!secret.isEmpty()) auth.secrets.insert(QStringLiteral("client_secret"), secret);
    if (const QString password = field({"password"});
        !password.isEmpty() && oauth.grant == OAuthGrant::Password)
        auth.secrets.insert(QStringLiteral("password"), password);
    // A block that only holds a token is a bearer token.
    if (oauth.tokenUrl.isEmpty() && oauth.authorizationUrl.isEmpty()) {
        const QString token = field({"accessToken", "access_token", "token"});
        return token.isEmpty() ? DraftAuth()
                               : bearerAuth(token, field({"headerPrefix", "tokenPrefix"}).trimmed());
    }
    return auth;
}

} // namespace

std::optional<DraftAuth> authOf(const QString& type, const AuthFields& field) {
    const QString kind = type.toLower();
    if (kind.isEmpty() || kind == QLatin1String("inherit")) return DraftAuth();
    if (kind == QLatin1String("none") || kind == QLatin1String("noauth"))
        return DraftAuth{DraftAuth::Kind::None, {}, {}, {}};
    if (kind == QLatin1String("bearer")) return bearerAuth(field({"token"}), field({"prefix"}).trimmed());
    if (kind == QLatin1String("basic")) return basicAuth(field({"username", "user"}), field({"password"}));
    if (kind == QLatin1String("digest")) {
        DigestScheme digest;
        digest.user = field({"username"});
        return DraftAuth{DraftAuth::Kind::Scheme, digest, {{QString(), field({"password"})}}, {}};
    }
    if (kind == QLatin1String("apikey"))
        return keyAuth(field({"key"}), field({"value"}), field({"in", "addTo", "placement"}));
    if (kind == QLatin1String("oauth2")) return oauthAuth(field);
    if (kind == QLatin1String("awsv4") || kind == QLatin1String("iam")) {
        SigV4Scheme aws;
        aws.accessKeyId = field({"accessKey", "accessKeyId"});
        aws.region = field({"region"});
        aws.service = field({"service"});
        DraftAuth auth{
            DraftAuth::Kind::Scheme, aws, {{QString(), field({"secretKey", "secretAccessKey"})}}, {}};
        if (const QString token = field({"sessionToken"}); !token.isEmpty())
            auth.secrets.insert(QStringLiteral("session_token"), token);
        return auth;
    }
    if (kind == QLatin1String("ntlm")) {
        NtlmScheme ntlm;
        const QString domain = field({"domain"});
        ntlm.user = (domain.isEmpty() ? QString() : domain + u'\\') + field({"username"});
        return DraftAuth{DraftAuth::Kind::Scheme, ntlm, {{QString(), field({"password"})}}, {}};
    }
    if (kind == QLatin1String("jwt")) {
        JwtScheme jwt;
        if (const QString algorithm = field({"algorithm"}); !algorithm.isEmpty()) jwt.algorithm = algorithm;
        if (const QString claims = field({"payload"}); !claims.isEmpty()) jwt.claims = claims;
        if (const QString prefix = field({"headerPrefix"}).trimmed(); !prefix.isEmpty()) jwt.prefix = prefix;
        return DraftAuth{DraftAuth::Kind::Scheme, jwt, {{QString(), field({"secret", "privateKey"})}}, {}};
    }
    return std::nullopt;
}

DraftAuth authOrNote(Draft& draft, const QString& type, const AuthFields& field, const QString& where) {
    if (const std::optional<DraftAuth> auth = authOf(type, field)) return *auth;
    noteOnce(draft, ImportText::tr("%1: authorization of the kind %2 is not supported.").arg(where, type));
    return {DraftAuth::Kind::None, {}, {}, {}};
}

} // namespace kb::importing
