// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_code.h"

#include "core/auth/crypto.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct OAuthCodeText {
    Q_DECLARE_TR_FUNCTIONS(OAuthCode)
};

constexpr qsizetype randomSize = 32; // 256 bits; as a verifier 43 characters (RFC 7636 §4.1)

Secret randomText(const FlowContext& context) {
    QByteArray bytes = context.randomBytes(randomSize);
    QByteArray text = toBase64Url(viewOf(bytes));
    wipeBytes(bytes);
    return Secret::take(text);
}

QString textOf(const Secret& secret) {
    return QString::fromLatin1(secret.reveal().data(), qsizetype(secret.size()));
}

QStringList valuesOf(const QList<FormField>& fields, QLatin1String name) {
    QStringList values;
    for (const FormField& field : fields)
        if (field.first == name) values.append(field.second);
    return values;
}

/// The first name that stands there twice, or empty.
QString repeatedName(const QList<FormField>& fields) {
    for (qsizetype i = 0; i < fields.size(); ++i)
        for (qsizetype j = 0; j < i; ++j)
            if (fields[i].first == fields[j].first) return fields[i].first;
    return {};
}

RedirectOutcome ignored(const QString& why) {
    RedirectOutcome outcome;
    outcome.error = Error{ErrorCode::ProtocolError, why, {}, {}};
    return outcome;
}

RedirectOutcome refused(const QString& what, const QString& where, const QString& next) {
    RedirectOutcome outcome;
    outcome.kind = RedirectOutcome::Kind::Refused;
    outcome.error = Error{ErrorCode::ProtocolError, what, where, next};
    return outcome;
}

RedirectOutcome serverError(const QList<FormField>& fields, const FlowContext& context) {
    const auto text = [&](const char* name) {
        return serverText(valuesOf(fields, QLatin1String(name)).value(0), context.redactor);
    };
    const QString description = text("error_description");
    RedirectOutcome outcome;
    outcome.kind = RedirectOutcome::Kind::Refused;
    outcome.errorCode = text("error");
    const bool denied = outcome.errorCode == QStringLiteral("access_denied");
    outcome.error.code = denied ? ErrorCode::Cancelled : ErrorCode::ProtocolError;
    outcome.error.what = denied
                             ? OAuthCodeText::tr("The login was refused, by the user or by the server.")
                             : OAuthCodeText::tr("The server refused the login: %1.").arg(outcome.errorCode);
    outcome.error.where = description;
    outcome.error.next = text("error_uri");
    if (outcome.error.next.isEmpty()) outcome.error.next = OAuthCodeText::tr("Log in again.");
    return outcome;
}

Result<void> checkRequest(const CodeRequest& request) {
    const Result<void> fine = checkOAuthEndpoint(
        request.endpoint, OAuthCodeText::tr("authorization endpoint"), request.plainHttpOrigins);
    if (!fine) return fine;
    if (request.clientId.isEmpty())
        return fail(ErrorCode::InvalidInput, OAuthCodeText::tr("The client id is missing."), {},
                    OAuthCodeText::tr("Enter it in the profile."));
    return checkWish(request.wish);
}

} // namespace

Result<QString> loopbackRedirectUri(bool ipv6, quint16 port, const QString& path) {
    const QString text = QStringLiteral("http://%1:%2%3")
                             .arg(ipv6 ? QStringLiteral("[::1]") : QStringLiteral("127.0.0.1"))
                             .arg(port)
                             .arg(path);
    const Result<HttpUrl> url = HttpUrl::parse(text);
    const bool fine = url && path.startsWith(u'/') && port != 0 && !url->query() && !url->fragment() &&
                      QString::fromLatin1(url->path()) == path;
    if (fine) return text;
    return fail(ErrorCode::InvalidInput,
                OAuthCodeText::tr("\"%1\" cannot be the path of the redirect.").arg(path), {},
                OAuthCodeText::tr("Write a path such as /callback, without ? and #."));
}

QString redirectPathOf(const QString& issuer) {
    constexpr qsizetype length = 16; // 96 bits: nobody finds an issuer of the same beginning
    const QByteArray bytes = issuer.toUtf8();
    const QByteArray hash = toBase64Url(viewOf(hashOf(Hash::Sha256, viewOf(bytes))));
    return QStringLiteral("/callback/") + QString::fromLatin1(hash.left(length));
}

QByteArray pkceChallenge(const Secret& verifier) {
    return toBase64Url(viewOf(hashOf(Hash::Sha256, verifier.reveal())));
}

Result<CodeFlow> CodeFlow::start(CodeRequest request, const FlowContext& context) {
    if (const Result<void> fine = checkRequest(request); !fine) return tl::unexpected<Error>(fine.error());
    CodeFlow flow;
    flow.m_request = std::move(request);
    flow.m_state = randomText(context);
    flow.m_verifier = randomText(context);
    if (flow.m_request.wish.scopes.contains(QStringLiteral("openid"))) flow.m_nonce = randomText(context);
    context.redactor.addSecret(flow.m_state);
    context.redactor.addSecret(flow.m_verifier);
    QList<FormField> all = flow.parameters();
    if (flow.m_request.endpoint.query()) {
        const auto own = parseForm(*flow.m_request.endpoint.query());
        if (!own) return tl::unexpected<Error>(own.error());
        all.append(*own);
    }
    all.removeIf([](const FormField& field) { return field.first == QStringLiteral("resource"); });
    if (const QString name = repeatedName(all); !name.isEmpty())
        return fail(ErrorCode::Conflict,
                    OAuthCodeText::tr("The login would send the parameter %1 twice.").arg(name), {},
                    OAuthCodeText::tr("Remove it from the extra parameters or from the address."));
    return flow;
}

QList<FormField> CodeFlow::parameters() const {
    QList<FormField> fields;
    const auto add = [&fields](const char* name, const QString& value) {
        if (!value.isEmpty()) fields.append({QString::fromLatin1(name), value});
    };
    add("response_type", QStringLiteral("code"));
    add("client_id", m_request.clientId);
    add("redirect_uri", m_request.redirectUri);
    add("scope", m_request.wish.scopes.join(u' '));
    add("state", textOf(m_state));
    add("code_challenge", QString::fromLatin1(pkceChallenge(m_verifier)));
    add("code_challenge_method", QStringLiteral("S256"));
    add("nonce", textOf(m_nonce));
    for (const QString& resource : m_request.wish.resources)
        add("resource", resource);
    add("audience", m_request.wish.audience);
    add("dpop_jkt", m_request.dpopThumbprint);
    fields.append(m_request.extra);
    return fields;
}

HttpUrl CodeFlow::browserUrl() const {
    HttpUrl url = m_request.endpoint;
    for (const FormField& field : parameters())
        url = url.withQueryField(field.first.toUtf8(), field.second.toUtf8());
    return url;
}

Result<HttpUrl> CodeFlow::pushedBrowserUrl(const PushedAuthorization& pushed) {
    if (m_pushed)
        return fail(ErrorCode::Conflict, OAuthCodeText::tr("A pushed login can be opened only once."), {},
                    OAuthCodeText::tr("Begin the login again."));
    m_pushed = true;
    return m_request.endpoint.withQueryField("client_id", m_request.clientId.toUtf8())
        .withQueryField("request_uri", pushed.requestUri.toUtf8());
}

bool CodeFlow::isOurState(const QString& state) const {
    const QByteArray bytes = state.toUtf8();
    return equalInConstantTime(viewOf(bytes), m_state.reveal());
}

RedirectOutcome CodeFlow::redirected(const QByteArray& target, const FlowContext& context) {
    const Result<HttpUrl> own = HttpUrl::parse(m_request.redirectUri);
    const qsizetype mark = target.indexOf('?');
    if (!own || mark < 0 || target.left(mark) != own->path())
        return ignored(OAuthCodeText::tr("Something else than the answer of a login came in."));
    auto fields = parseForm(target.mid(mark + 1));
    if (!fields) return ignored(OAuthCodeText::tr("An answer came in that does not read."));
    const QStringList states = valuesOf(*fields, QLatin1String("state"));
    const bool ours =
        std::any_of(states.begin(), states.end(), [this](const QString& state) { return isOurState(state); });
    // Whoever can reach the port may send anything: what does not know the state neither ends this login nor
    // gets to know that there is one.
    if (!ours)
        return ignored(OAuthCodeText::tr("An answer came in that belongs to no login of this program."));
    if (m_over) return ignored(OAuthCodeText::tr("A second answer to the same login came in."));
    m_over = true;
    RedirectOutcome outcome = judged(*fields, context);
    for (FormField& field : *fields)
        wipeText(field.second);
    return outcome;
}

RedirectOutcome CodeFlow::judged(const QList<FormField>& fields, const FlowContext& context) {
    const QString again =
        OAuthCodeText::tr("Log in again. If it happens again, tell those who run the server.");
    if (const QString name = repeatedName(fields); !name.isEmpty())
        return refused(OAuthCodeText::tr("The answer of the login holds a parameter twice."),
                       serverText(name, context.redactor).left(60), again);
    const QStringList issuers = valuesOf(fields, QLatin1String("iss"));
    if (issuers.isEmpty() && m_request.answersWithIssuer)
        return refused(
            OAuthCodeText::tr("The answer of the login does not say which server it is from, although the "
                              "server announces that it does."),
            m_request.issuer, again);
    if (!issuers.isEmpty() && !m_request.issuer.isEmpty() && issuers.first() != m_request.issuer)
        return refused(
            OAuthCodeText::tr("The answer of the login is from another server than the one asked."),
            serverText(issuers.first(), context.redactor).left(200),
            OAuthCodeText::tr("Do not go on: the code may be meant to be stolen."));
    if (!valuesOf(fields, QLatin1String("error")).isEmpty()) return serverError(fields, context);
    const QString code = valuesOf(fields, QLatin1String("code")).value(0);
    if (code.isEmpty())
        return refused(OAuthCodeText::tr("The answer of the login holds no code."), {}, again);
    RedirectOutcome outcome;
    outcome.kind = RedirectOutcome::Kind::Code;
    QByteArray bytes = code.toUtf8();
    outcome.code = Secret::take(bytes);
    context.redactor.addSecret(outcome.code);
    context.redactor.addCredentialQuery("code");
    return outcome;
}

} // namespace kb
