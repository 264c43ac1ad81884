// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/dpop.h"

#include "core/auth/crypto.h"
#include "core/base/json_make.h"
#include "core/http/challenge.h"
#include "core/http/rate_limit.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct DpopText {
    Q_DECLARE_TR_FUNCTIONS(Dpop)
};

constexpr qsizetype longestNonce = 1024;
constexpr qint64 tellClockMs = 30'000;

/// RFC 9449 §8.1: 1*NQCHAR.
bool isNonce(const QByteArray& text) {
    return !text.isEmpty() && text.size() <= longestNonce &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= 0x21 && c <= 0x7e && c != '"' && c != '\\'; });
}

/// The error a DPoP challenge names, or empty.
QByteArray challengeError(const Response& response) {
    const ChallengeList list = parseChallenges(response.headers.all("WWW-Authenticate"));
    for (const Challenge& challenge : list.challenges)
        if (challenge.is("DPoP")) return challenge.param("error");
    return {};
}

QByteArray bodyError(const Response& response) {
    const Result<JsonValue> json = parseJson(response.body);
    return json ? json->text(u"error").toLatin1() : QByteArray();
}

/// What is to say of an answer that did not take the proof; else empty.
QString findingOf(DpopNonces::Role role, const Response& response, qint64 nowMs) {
    const QByteArray error = role == DpopNonces::Role::ResourceServer
                                 ? challengeError(response)
                                 : (response.status >= 400 ? bodyError(response) : QByteArray());
    if (error != "invalid_dpop_proof") return {};
    const auto date = parseHttpDate(response.headers.first("Date").value_or(QByteArray()), nowMs);
    if (date && std::abs(*date - nowMs) > tellClockMs)
        return DpopText::tr(
                   "The server did not take the proof of possession. Its clock and this computer's differ by "
                   "%1 s.")
            .arg(std::abs(*date - nowMs) / 1000);
    return DpopText::tr("The server did not take the proof of possession.");
}

} // namespace

bool DpopNonces::observe(Role role, const Origin& origin, const HeaderList& headers) {
    const QList<QByteArray> values = headers.all("DPoP-Nonce");
    // Two of them would leave it open which counts.
    if (values.size() != 1 || !isNonce(values.first())) return false;
    (role == Role::AuthorizationServer ? m_authorization : m_resource)[origin.text()] = values.first();
    return true;
}

QByteArray DpopNonces::nonceFor(Role role, const Origin& origin) const {
    return (role == Role::AuthorizationServer ? m_authorization : m_resource).value(origin.text());
}

QString dpopTarget(const HttpUrl& url) {
    // A server may compare with the target it received, so the path must not be normalised behind its back.
    return QString::fromLatin1(url.origin().scheme + "://" + url.authority() + url.path());
}

QByteArray dpopTokenHash(const Secret& accessToken) {
    return toBase64Url(viewOf(hashOf(Hash::Sha256, accessToken.reveal())));
}

Result<QString> dpopAlgorithm(const SigningKey& key, const QStringList& supported) {
    QStringList fitting;
    switch (key.type()) {
    case SigningKey::Type::Rsa:
        fitting = {QStringLiteral("PS256"), QStringLiteral("RS256")};
        break;
    case SigningKey::Type::Ec:
        fitting = {key.curve() == QStringLiteral("P-384")   ? QStringLiteral("ES384")
                   : key.curve() == QStringLiteral("P-521") ? QStringLiteral("ES512")
                                                            : QStringLiteral("ES256")};
        break;
    case SigningKey::Type::Okp:
        fitting = {QStringLiteral("EdDSA")};
        break;
    case SigningKey::Type::Symmetric:
        return fail(ErrorCode::InvalidInput, DpopText::tr("A proof of possession needs a private key."), {},
                    DpopText::tr("Let a new key be made."));
    }
    for (const QString& algorithm : std::as_const(fitting))
        if (supported.isEmpty() || supported.contains(algorithm)) return algorithm;
    return fail(ErrorCode::Unsupported,
                DpopText::tr("The server takes proofs by other algorithms than this key's: %1.")
                    .arg(supported.join(QStringLiteral(", "))),
                {}, DpopText::tr("Let a new key be made for one of them."));
}

Result<QByteArray> dpopProof(const SigningKey& key, const QString& algorithm, const DpopSubject& subject,
                             const FlowContext& context) {
    if (key.type() == SigningKey::Type::Symmetric)
        return fail(ErrorCode::InvalidInput, DpopText::tr("A proof of possession needs a private key."));
    const JsonValue header = jsonObject({{QStringLiteral("typ"), jsonText(QStringLiteral("dpop+jwt"))},
                                         {QStringLiteral("jwk"), key.publicJwk()}});
    QList<JsonValue::Member> claims = {
        {QStringLiteral("jti"), jsonText(QString::fromLatin1(toBase64Url(viewOf(context.randomBytes(16)))))},
        {QStringLiteral("htm"), jsonText(QString::fromLatin1(subject.method))},
        {QStringLiteral("htu"), jsonText(dpopTarget(subject.url))},
        {QStringLiteral("iat"), jsonNumber(context.nowMs / 1000)}};
    if (subject.accessToken)
        claims.append(
            {QStringLiteral("ath"), jsonText(QString::fromLatin1(dpopTokenHash(*subject.accessToken)))});
    if (!subject.nonce.isEmpty())
        claims.append({QStringLiteral("nonce"), jsonText(QString::fromLatin1(subject.nonce))});
    return signCompact(algorithm, header, writeJson(jsonObject(claims)), key);
}

bool demandsDpopNonce(DpopNonces::Role role, const Response& response) {
    if (role == DpopNonces::Role::ResourceServer)
        return response.status == 401 && challengeError(response) == "use_dpop_nonce";
    return (response.status == 400 || response.status == 401) && bodyError(response) == "use_dpop_nonce";
}

DpopFlow::DpopFlow(Setup setup)
    : m_setup(std::move(setup)),
      m_role(m_setup.accessToken.isEmpty() ? DpopNonces::Role::AuthorizationServer
                                           : DpopNonces::Role::ResourceServer) {}

Result<FlowSend> DpopFlow::proven(const Request& plain, const FlowContext& context,
                                  const QString& note) const {
    const bool withToken = m_role == DpopNonces::Role::ResourceServer;
    DpopSubject subject{plain.method, plain.url, withToken ? &m_setup.accessToken : nullptr,
                        m_setup.nonces->nonceFor(m_role, plain.url.origin())};
    const Result<QByteArray> proof = dpopProof(*m_setup.key, m_setup.algorithm, subject, context);
    if (!proof) return tl::unexpected<Error>(proof.error());
    FlowSend send{plain, {}, note};
    if (withToken) {
        const std::string_view token = m_setup.accessToken.reveal();
        QByteArray value = "DPoP ";
        value.reserve(value.size() + qsizetype(token.size()));
        value.append(token.data(), qsizetype(token.size()));
        const Result<void> fine = checkHeaderField({"Authorization", value});
        if (!fine) return tl::unexpected<Error>(fine.error());
        context.redactor.addSecret(m_setup.accessToken);
        context.redactor.addCredentialField("Authorization");
        send.request.headers.append("Authorization", std::move(value));
        send.placed.headerFields.append("Authorization");
    }
    context.redactor.addCredentialField("DPoP");
    send.request.headers.append("DPoP", *proof);
    send.placed.headerFields.append("DPoP");
    return send;
}

Result<FlowSend> DpopFlow::begin(const Request& plain, const FlowContext& context) {
    for (const char* name : {"Authorization", "DPoP"}) {
        // At the token endpoint Authorization may hold the client's own Basic.
        const bool ours = m_role == DpopNonces::Role::ResourceServer || qstrcmp(name, "DPoP") == 0;
        if (ours && plain.headers.contains(name))
            return fail(ErrorCode::Conflict,
                        DpopText::tr("The request already has the field %1.").arg(QString::fromLatin1(name)),
                        QString::fromLatin1(name),
                        DpopText::tr("Remove it from the request, or send without a profile."));
    }
    m_plain = plain;
    m_again = false;
    return proven(m_plain, context, {});
}

Result<FlowStep> DpopFlow::resume(const Response& response, const FlowContext& context) {
    const bool given = m_setup.nonces->observe(m_role, m_plain.url.origin(), response.headers);
    if (!demandsDpopNonce(m_role, response)) return FlowDone{findingOf(m_role, response, context.nowMs)};
    if (!given) return FlowDone{DpopText::tr("The server demands a nonce in the proof and gave none.")};
    if (m_again)
        return FlowDone{DpopText::tr("The server demanded another nonce right after it had given one.")};
    m_again = true;
    if (m_setup.remake) {
        Result<Request> remade = m_setup.remake(context);
        if (!remade) return tl::unexpected<Error>(remade.error());
        m_plain = std::move(*remade);
    }
    Result<FlowSend> send =
        proven(m_plain, context, DpopText::tr("Sent again with the nonce that the server demanded."));
    if (!send) return tl::unexpected<Error>(send.error());
    return FlowStep(std::move(*send));
}

} // namespace kb
