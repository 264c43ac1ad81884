// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/snippet.h"

#include "core/auth/further_keys.h"
#include "core/interchange/export_clean.h"
#include "core/interchange/snippet_code.h"
#include "core/run/run.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct SnippetTr {
    Q_DECLARE_TR_FUNCTIONS(Snippet)
};

using Piece = SnippetText::Piece;

SnippetText withSecret(const QString& before, const QString& variable, const QString& after = {}) {
    SnippetText text;
    if (!before.isEmpty()) text.pieces.append({Piece::Kind::Literal, before, {}});
    text.pieces.append({Piece::Kind::Secret, variable, {}});
    if (!after.isEmpty()) text.pieces.append({Piece::Kind::Literal, after, {}});
    return text;
}

/// Where each scheme puts its secret.
struct Credential {
    SnippetRequest& request;
    QString variable;
    void operator()(const BearerScheme& scheme) {
        header(QStringLiteral("Authorization"), scheme.prefix + u' ');
    }
    void operator()(const OAuthScheme& scheme) {
        if (scheme.dpop) return cannot(QStringLiteral("DPoP"));
        header(QStringLiteral("Authorization"), QStringLiteral("Bearer "));
    }
    void operator()(const LoginScheme& scheme) {
        if (scheme.sendAs == SendPlace::Cookie)
            cookie(scheme.sentName());
        else if (scheme.sendAs == SendPlace::Header)
            header(scheme.sentName(), {});
        else
            header(QStringLiteral("Authorization"), scheme.prefix + u' ');
    }
    void operator()(const ApiKeyScheme& scheme) {
        if (scheme.in == ApiKeyScheme::In::Header) return header(scheme.name, {});
        if (scheme.in == ApiKeyScheme::In::Cookie) return cookie(scheme.name);
        const QString field = QString::fromLatin1(scheme.name.toUtf8().toPercentEncoding()) + u'=';
        const QString url = request.url.pieces.first().text;
        if (request.url.pieces.size() > 1)
            request.url.pieces.append({Piece::Kind::Literal, u'&' + field, {}});
        else
            request.url.pieces.first().text = url + (url.contains(u'?') ? u'&' : u'?') + field;
        request.url.pieces.append({Piece::Kind::SecretInQuery, variable, {}});
    }
    void operator()(const BasicScheme& scheme) {
        SnippetText value = SnippetText::literal(QStringLiteral("Basic "));
        value.pieces.append({Piece::Kind::BasicSecret, variable, scheme.user});
        request.headers.append({QStringLiteral("Authorization"), value});
    }
    void operator()(const TemplateScheme& scheme) {
        const QString mark = QStringLiteral("{{secret}}");
        const qsizetype at = scheme.format.indexOf(mark);
        request.headers.append({scheme.header, at < 0 ? SnippetText::literal(scheme.format)
                                                      : withSecret(scheme.format.left(at), variable,
                                                                   scheme.format.mid(at + mark.size()))});
    }
    void operator()(const DigestScheme& scheme) { login(QStringLiteral("digest"), scheme.user); }
    void operator()(const NtlmScheme& scheme) {
        login(scheme.negotiate ? QStringLiteral("negotiate") : QStringLiteral("ntlm"), scheme.user);
    }
    void operator()(const SigV4Scheme& scheme) {
        if (scheme.presign) return cannot(QStringLiteral("presigned URL"));
        login(QStringLiteral("aws-sigv4"), scheme.accessKeyId);
        request.loginDetail = scheme.region + u':' + scheme.service;
    }
    void operator()(const ClientCertificateScheme&) { cannot(QStringLiteral("client-certificate")); }
    void operator()(const HttpSignatureScheme&) { cannot(QStringLiteral("http-signature")); }
    void operator()(const JwtScheme& scheme) {
        // A token that was made beforehand can take the place of the key.
        header(QStringLiteral("Authorization"), scheme.prefix + u' ');
        request.notes.append(
            SnippetTr::tr("Put a signed token into %1: the code does not sign one itself.").arg(variable));
    }

private:
    void header(const QString& name, const QString& before) {
        request.headers.append({name, withSecret(before, variable)});
    }
    /// A client sends one Cookie field (RFC 6265 §5.4).
    void cookie(const QString& name) {
        for (auto& [field, value] : request.headers)
            if (field.compare(QLatin1String("Cookie"), Qt::CaseInsensitive) == 0) {
                value.pieces.append({Piece::Kind::Literal, QStringLiteral("; ") + name + u'=', {}});
                value.pieces.append({Piece::Kind::Secret, variable, {}});
                return;
            }
        header(QStringLiteral("Cookie"), name + u'=');
    }
    void login(const QString& kind, const QString& user) {
        request.login = kind;
        request.loginUser = user;
        request.loginVariable = variable;
    }
    void cannot(const QString& what) {
        request.notes.append(
            SnippetTr::tr("The credential (%1) is left out: code cannot make it.").arg(what));
    }
};

} // namespace

QString secretVariable(const QString& profileName) {
    QString name = QStringLiteral("KEYBEARER_SECRET_");
    for (const QChar c : profileName) {
        const bool plain = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
        name += plain ? c.toUpper() : QChar(u'_');
    }
    return name;
}

Result<SnippetRequest> snippetRequest(const RequestSpec& typed, const TokenProfile* profile,
                                      const VariableMap& known) {
    SnippetRequest made;
    const RequestSpec spec = withoutSecrets(typed, made.notes);
    const VariableMap variables = withoutSecrets(known);
    RequestSpec sent = spec;
    // Accept stays: libraries have their own ideas of it, and servers answer by it.
    sent.settings.removedDefaultHeaders += {QStringLiteral("User-Agent"), QStringLiteral("Accept-Encoding")};
    // Forms and files are written in the target's own words; here they stand for nothing.
    const bool plain = spec.body.kind == BodySpec::Kind::Json || spec.body.kind == BodySpec::Kind::Text;
    if (!plain) sent.body = {};
    const Result<Request> built = buildRequest(sent, variables);
    if (!built) return tl::unexpected(built.error());
    made.name = spec.name;
    made.method = QString::fromLatin1(built->method);
    made.url = SnippetText::literal(QString::fromUtf8(built->url.text()));
    for (const HeaderField& field : built->headers.fields)
        made.headers.append(
            {QString::fromUtf8(field.name), SnippetText::literal(QString::fromUtf8(field.value))});
    made.hasBody = spec.body.kind != BodySpec::Kind::None;
    if (plain) made.body = QString::fromUtf8(built->body);
    const auto resolved = [&](const QString& text) -> Result<QString> {
        return resolveVariables(text, variables);
    };
    if (spec.body.kind == BodySpec::Kind::File) {
        const Result<QString> file = resolved(spec.body.text);
        if (!file) return tl::unexpected(file.error());
        made.file = *file;
        const Result<QString> type =
            resolved(spec.body.contentType.isEmpty() ? QStringLiteral("application/octet-stream")
                                                     : spec.body.contentType);
        if (!type) return tl::unexpected(type.error());
        if (!built->headers.contains("Content-Type"))
            made.headers.append({QStringLiteral("Content-Type"), SnippetText::literal(*type)});
    }
    for (BodyPart part : spec.body.parts) {
        if (!part.enabled) continue;
        for (QString* text : {&part.name, &part.value, &part.contentType}) {
            const Result<QString> value = resolved(*text);
            if (!value) return tl::unexpected(value.error());
            *text = *value;
        }
        made.parts.append(part);
    }
    made.followRedirects = spec.settings.followRedirects;
    made.verifyTls = spec.settings.verifyTls;
    made.timeoutMs = spec.settings.timeoutMs;
    if (!profile) return made;
    std::visit(Credential{made, secretVariable(profile->name)}, profile->scheme);
    for (const ApiKeyScheme& key : profile->keys)
        Credential{made, secretVariable(keyOwner(*profile, key))}(key);
    return made;
}

QList<SnippetTarget> snippetTargets() {
    QList<SnippetTarget> all;
    for (const SnippetWriter& writer : snippetWriters())
        all.append(writer.target);
    return all;
}

Result<QString> snippet(const QString& target, const SnippetRequest& request) {
    for (const SnippetWriter& writer : snippetWriters()) {
        if (writer.target.id != target) continue;
        const auto refuse = [&](const QString& what) {
            return fail(ErrorCode::Unsupported,
                        SnippetTr::tr("%1 cannot say this: %2.").arg(writer.target.label, what), request.name,
                        SnippetTr::tr("Choose another target; curl can say most."));
        };
        if (!request.login.isEmpty() && !writer.logins.contains(request.login)) return refuse(request.login);
        const bool bodyless =
            request.method == QLatin1String("GET") || request.method == QLatin1String("HEAD");
        if (request.hasBody && bodyless && !writer.bodyWithGet)
            return refuse(SnippetTr::tr("a body with %1").arg(request.method));
        return writer.write(writer.repeatsHeaders ? request : withJoinedHeaders(request));
    }
    QStringList ids;
    for (const SnippetTarget& each : snippetTargets())
        ids.append(each.id);
    return fail(ErrorCode::InvalidInput, SnippetTr::tr("There is no target called %1.").arg(target), {},
                SnippetTr::tr("There are: %1.").arg(ids.join(QStringLiteral(", "))));
}

} // namespace kb
