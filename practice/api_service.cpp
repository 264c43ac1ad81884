// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that is not a user: statistics, plans, webhooks, tokens and the server's own documents.
#include "practice/api.h"
#include "practice/openapi.h"

#include <QUrl>

namespace kb::practice {
namespace {

QJsonObject webhook(int id, const QString& url) {
    return {{QStringLiteral("id"), id}, {QStringLiteral("url"), url}};
}

QJsonObject plan(const char* name, int cents) {
    return {{QStringLiteral("name"), QString::fromLatin1(name)}, {QStringLiteral("monthly_cents"), cents}};
}

} // namespace

HttpReply Api::stats(const Call&) {
    return jsonReply(200, QJsonObject{{QStringLiteral("users"), m_data.users().size()},
                                      {QStringLiteral("invoices"), m_data.invoiceCount()},
                                      {QStringLiteral("webhooks"), m_data.webhooks().size()}});
}

HttpReply Api::listPlans(const Call&) {
    return jsonReply(200, QJsonArray{plan("free", 0), plan("premium", 1200)});
}

HttpReply Api::exportBilling(const Call& call) {
    return jsonReply(
        200, QJsonObject{{QStringLiteral("owner"), call.caller.subject},
                         {QStringLiteral("invoices"), m_data.invoicesOf(call.caller.subject.toInt())}});
}

HttpReply Api::listWebhooks(const Call&) {
    QJsonArray list;
    const auto& all = m_data.webhooks();
    for (auto it = all.begin(); it != all.end(); ++it)
        list.append(webhook(it.key(), it.value()));
    return jsonReply(200, list);
}

HttpReply Api::createWebhook(const Call& call) {
    const QString url = call.body.value(QLatin1String("url")).toString();
    const QUrl parsed(url, QUrl::StrictMode);
    if (!parsed.isValid() || parsed.scheme() != QLatin1String("https") || parsed.host().isEmpty())
        return problem("invalid-body", QStringLiteral("url must be an https URL."));
    const int id = m_data.addWebhook(url);
    if (id == 0) return problem("conflict", QStringLiteral("There are 1000 webhooks already."));
    HttpReply reply = jsonReply(201, webhook(id, url));
    reply.add("Location", "/webhooks/" + QByteArray::number(id));
    return reply;
}

HttpReply Api::deleteWebhook(const Call& call) {
    if (!m_data.removeWebhook(call.id.toInt()))
        return problem("not-found", QStringLiteral("No webhook has this id."));
    return {204, {}, {}, false};
}

HttpReply Api::revokeToken(const Call& call) {
    const auto form = parseForm(call.request.body);
    const QString token = form ? formValue(*form, "token") : QString();
    if (token.isEmpty())
        return problem("invalid-request", QStringLiteral("The form parameter token is missing."));
    // RFC 7009 §2.2: the same answer for a token that is unknown or not the caller's.
    m_tokens.revoke(token.toLatin1(), call.caller);
    return {200, {}, {}, false};
}

HttpReply Api::token(const Call& call) {
    return m_tokens.tokenRequest(call.request);
}

HttpReply Api::health(const Call&) {
    return jsonReply(200, QJsonObject{{QStringLiteral("status"), QStringLiteral("ok")}});
}

HttpReply Api::problemPage(const Call& call) {
    for (const ProblemKind& kind : problemKinds())
        if (call.id == QLatin1String(kind.name))
            return jsonReply(200,
                             QJsonObject{{QStringLiteral("title"), QString::fromLatin1(kind.title)},
                                         {QStringLiteral("status"), kind.status},
                                         {QStringLiteral("detail"), QString::fromLatin1(kind.explanation)}});
    return problem("not-found", QStringLiteral("There is no problem of this name."));
}

HttpReply Api::document(const Call&) {
    return jsonReply(200, openApiDocument(m_baseUrl));
}

HttpReply Api::keys(const Call&) {
    return jsonReply(200, QJsonObject{{QStringLiteral("keys"), QJsonArray{m_tokens.key().publicJwk()}}});
}

// RFC 8414 §2; the same text serves OpenID Connect Discovery, whose required members are a part of it here.
HttpReply Api::metadata(const Call&) {
    const auto url = [this](const char* path) { return QString(m_baseUrl % QLatin1String(path)); };
    return jsonReply(
        200,
        QJsonObject{
            {QStringLiteral("issuer"), m_baseUrl},
            {QStringLiteral("token_endpoint"), url("/oauth/token")},
            {QStringLiteral("jwks_uri"), url("/.well-known/jwks.json")},
            {QStringLiteral("response_types_supported"), QJsonArray{}},
            {QStringLiteral("subject_types_supported"), QJsonArray{QStringLiteral("public")}},
            {QStringLiteral("id_token_signing_alg_values_supported"), QJsonArray{QStringLiteral("RS256")}},
            {QStringLiteral("grant_types_supported"),
             QJsonArray{QStringLiteral("client_credentials"), QStringLiteral("refresh_token")}},
            {QStringLiteral("token_endpoint_auth_methods_supported"),
             QJsonArray{QStringLiteral("client_secret_basic"), QStringLiteral("client_secret_post")}},
            {QStringLiteral("scopes_supported"), QJsonArray::fromStringList(allScopes())}});
}

} // namespace kb::practice
