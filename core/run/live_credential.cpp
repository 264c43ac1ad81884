// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/live_credential.h"

#include "core/auth/crypto.h"
#include "core/http/url_template.h"

#include <QCoreApplication>
#include <QUrl>
#include <algorithm>

namespace kb {

namespace {

struct LiveCredentialText {
    Q_DECLARE_TR_FUNCTIONS(LiveCredentialText)
};

/// The decoded values of the query fields of that name.
QStringList queryValues(const HttpUrl& url, const QByteArray& name) {
    QStringList out;
    const UrlParts parts = splitUrl(QString::fromUtf8(url.text()));
    for (const QueryField& field : parts.query)
        if (QUrl::fromPercentEncoding(field.name.toUtf8()) == QString::fromUtf8(name))
            out.append(QUrl::fromPercentEncoding(field.value.toUtf8()));
    return out;
}

bool hasCookie(const HeaderList& headers, const QByteArray& name) {
    const QList<QByteArray> lines = headers.all("Cookie");
    for (const QByteArray& line : lines) {
        const QList<QByteArray> pairs = line.split(';');
        for (const QByteArray& pair : pairs)
            if (pair.left(pair.indexOf('=')).trimmed() == name) return true;
    }
    return false;
}

} // namespace

LiveCredential describeCredential(const AuthScheme& scheme, const Secret& secret,
                                  std::optional<qint64> userExpiry) {
    LiveCredential live;
    if (const auto* bearer = std::get_if<BearerScheme>(&scheme)) {
        live.bearer = true;
        live.scheme = bearer->prefix.toUtf8();
        live.tokenProblem = bearerTokenProblem(secret.reveal());
        live.facts = factsOf(secret.reveal(), true, userExpiry);
        return live;
    }
    if (const auto* oauth = std::get_if<OAuthScheme>(&scheme)) {
        live.bearer = true;
        live.scheme = oauth->dpop ? "DPoP" : "Bearer";
        live.facts = factsOf(secret.reveal(), true, userExpiry);
        return live;
    }
    if (const auto* login = std::get_if<LoginScheme>(&scheme)) {
        live.bearer = login->sendAs == SendPlace::Bearer;
        if (live.bearer)
            live.scheme = login->prefix.toUtf8();
        else
            live.name = login->sentName();
        live.facts = factsOf(secret.reveal(), live.bearer, userExpiry);
        return live;
    }
    if (const auto* key = std::get_if<ApiKeyScheme>(&scheme)) {
        live.name = key->name;
        live.facts = factsOf(secret.reveal(), false, userExpiry);
        return live;
    }
    if (const auto* basic = std::get_if<BasicScheme>(&scheme)) {
        live.scheme = "Basic";
        const auto beyond = [](auto c) { return static_cast<unsigned char>(c) > 0x7f; };
        const QByteArray user = basic->user.toUtf8();
        if (std::any_of(user.begin(), user.end(), beyond) ||
            std::any_of(secret.reveal().begin(), secret.reveal().end(), beyond))
            live.charset = basic->latin1 ? QStringLiteral("ISO-8859-1") : QStringLiteral("UTF-8");
    }
    if (std::holds_alternative<DigestScheme>(scheme)) live.scheme = "Digest";
    if (std::holds_alternative<SigV4Scheme>(scheme)) live.scheme = "AWS4-HMAC-SHA256";
    if (std::holds_alternative<HttpSignatureScheme>(scheme)) live.name = QStringLiteral("Signature");
    if (const auto* header = std::get_if<TemplateScheme>(&scheme)) live.name = header->header;
    if (std::holds_alternative<ClientCertificateScheme>(scheme))
        live.name = LiveCredentialText::tr("client certificate");
    if (const auto* ntlm = std::get_if<NtlmScheme>(&scheme))
        live.scheme = ntlm->negotiate ? "Negotiate" : "NTLM";
    // A password's first and last characters are no way to tell it from others, so nothing of it is kept.
    TokenFacts facts;
    facts.size = secret.size();
    facts.masked = maskedToken({});
    if (userExpiry) {
        facts.expiresAt = double(*userExpiry);
        facts.expirySetByUser = true;
    }
    live.facts = facts;
    return live;
}

void describePlaced(LiveCredential& live, const AuthScheme& scheme, const FlowSend& sent) {
    live.placed = sent.placed;
    // Whether a proof went along was for the flow to say.
    if (std::holds_alternative<OAuthScheme>(scheme)) {
        const QByteArray field = sent.request.headers.first("Authorization").value_or(QByteArray());
        live.scheme = field.left(field.indexOf(' '));
    }
    const auto* jwt = std::get_if<JwtScheme>(&scheme);
    if (!jwt) return;
    const QByteArray field = sent.request.headers.first("Authorization").value_or(QByteArray());
    const qsizetype space = field.indexOf(' ');
    live.bearer = true;
    live.scheme = jwt->prefix.toUtf8();
    live.facts = factsOf(viewOf(field).substr(std::size_t(space + 1)), true, std::nullopt);
}

bool signsEachRequest(const AuthScheme& scheme) {
    const auto* oauth = std::get_if<OAuthScheme>(&scheme);
    const auto* basic = std::get_if<BasicScheme>(&scheme);
    return (basic && basic->latin1) || std::holds_alternative<DigestScheme>(scheme) ||
           std::holds_alternative<SigV4Scheme>(scheme) ||
           std::holds_alternative<HttpSignatureScheme>(scheme) || (oauth && oauth->dpop);
}

QList<QByteArray> typedCredentialFields(const HeaderList& headers) {
    QList<QByteArray> out;
    for (const HeaderField& field : headers.fields) {
        const QByteArray name = field.name.toLower();
        const bool credential = name == "authorization" || name == "proxy-authorization" ||
                                name == "cookie" || name.contains("token") || name.contains("api-key") ||
                                name.contains("apikey") || name.contains("api_key") ||
                                name.contains("secret") || name.contains("password");
        if (credential && !out.contains(field.name)) out.append(field.name);
    }
    return out;
}

LiveCredential adoptTypedCredential(const Request& request, Redactor& redactor) {
    LiveCredential live;
    live.placed.headerFields = typedCredentialFields(request.headers);
    for (const QByteArray& name : live.placed.headerFields)
        redactor.addCredentialField(name);
    const std::optional<QByteArray> typed = request.headers.first("Authorization");
    if (!typed) {
        for (const QByteArray& name : live.placed.headerFields) {
            if (sameFieldName(name, "Cookie")) continue;
            live.name = QString::fromUtf8(name);
            if (const auto value = request.headers.first(name)) redactor.addSecret(Secret(viewOf(*value)));
        }
        return live;
    }
    const qsizetype space = typed->indexOf(' ');
    live.scheme = space < 0 ? QByteArray() : typed->left(space);
    const Secret value(viewOf(*typed).substr(space < 0 ? 0 : std::size_t(space) + 1));
    redactor.addSecret(value);
    if (sameFieldName(live.scheme, "Bearer")) {
        live.bearer = true;
        live.tokenProblem = bearerTokenProblem(value.reveal());
        live.facts = factsOf(value.reveal(), true, std::nullopt);
    }
    return live;
}

bool carriesCredential(const Request& request, const PlacedCredential& placed) {
    for (const QByteArray& name : placed.headerFields)
        if (request.headers.contains(name)) return true;
    for (const QByteArray& name : placed.queryFields)
        if (!queryValues(request.url, name).isEmpty()) return true;
    for (const QByteArray& name : placed.cookies)
        if (hasCookie(request.headers, name)) return true;
    return false;
}

bool leaksCredential(const Request& next, const Request& before, const PlacedCredential& placed,
                     const Redactor& redactor) {
    for (const QByteArray& name : placed.queryFields) {
        const QStringList sent = queryValues(before.url, name);
        const QStringList echoed = queryValues(next.url, name);
        for (const QString& value : echoed)
            if (sent.contains(value)) return true;
    }
    bool found = false;
    redactor.text(next.url.text(), &found);
    if (found) return true;
    for (const HeaderField& field : next.headers.fields) {
        redactor.text(field.value, &found);
        if (found) return true;
    }
    redactor.text(next.body, &found);
    return found;
}

QString redirectHopNote(const Request& before, int status, const RedirectDecision& decision) {

    QStringList out;
    out << LiveCredentialText::tr("%1 answered %2 and named this address.")
               .arg(before.url.origin().text())
               .arg(status);
    if (decision.methodChanged)
        out << LiveCredentialText::tr("The method became %1.").arg(QString::fromUtf8(decision.next.method));
    if (decision.downgraded)
        out << LiveCredentialText::tr("The redirect left https for http.");
    else if (decision.originChanged)
        out << LiveCredentialText::tr("This is another origin.");
    if (!decision.droppedFields.isEmpty()) {
        QStringList names;
        for (const QByteArray& name : decision.droppedFields)
            names << QString::fromUtf8(name);
        out << LiveCredentialText::tr("Left behind: %1.").arg(names.join(QStringLiteral(", ")));
    }
    return out.join(QLatin1Char(' '));
}

} // namespace kb
