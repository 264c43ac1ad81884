// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/digest_flow.h"
#include "core/auth/digest_text.h"

#include "core/auth/credential_text.h"

namespace kb {

namespace {

/// One from memory, one for the server's challenge, two for nonces that ran out meanwhile.
constexpr int maxAnswers = 4;
constexpr qsizetype cnonceBytes = 18;

QByteArray freshCnonce(const FlowContext& context) {
    return context.randomBytes(cnonceBytes).toBase64();
}

QString schemesAskedFor(const HeaderList& headers) {
    QStringList names;
    const ChallengeList list = parseChallenges(headers.all("WWW-Authenticate"));
    for (const Challenge& each : list.challenges) {
        const QString name = QString::fromLatin1(each.scheme);
        if (!names.contains(name, Qt::CaseInsensitive)) names.append(name);
    }
    return names.join(QStringLiteral(", "));
}

} // namespace

DigestFlow::DigestFlow(const DigestScheme& scheme, Secret password, std::shared_ptr<DigestSession> session)
    : m_user(scheme.user.normalized(QString::NormalizationForm_C).toUtf8()),
      m_password(std::move(password)),
      m_session(session ? std::move(session) : std::make_shared<DigestSession>()) {}

Result<FlowSend> DigestFlow::begin(const Request& plain, const FlowContext& context) {
    if (Result<void> fine = checkSecret(m_password); !fine) return tl::unexpected<Error>(fine.error());
    if (firstControl(viewOf(m_user)) >= 0) {
        return fail(ErrorCode::InvalidInput, DigestText::tr("The user name has a control character in it."),
                    {}, DigestText::tr("Change the user name in the profile."));
    }
    if (plain.headers.contains("Authorization")) return fieldConflict("Authorization");
    m_plain = plain;
    m_password = composedPassword(m_password);
    context.redactor.addSecret(m_password);
    context.redactor.addCredentialField("Authorization");
    m_sent.reset();
    m_answers = 0;
    m_fromMemory =
        m_session->challenge && m_session->origin == plain.url.origin() && m_session->user == m_user;
    if (m_fromMemory) return answer(context, {});
    return FlowSend{m_plain, {}, {}};
}

void DigestFlow::adopt(const DigestChallenge& challenge) {
    *m_session = DigestSession{};
    m_session->challenge = challenge;
    m_session->origin = m_plain.url.origin();
    m_session->user = m_user;
}

Result<FlowSend> DigestFlow::answer(const FlowContext& context, const QString& note) {
    DigestSession& session = *m_session;
    const DigestChallenge& challenge = *session.challenge;
    DigestInput input;
    input.algorithm = challenge.algorithm;
    input.qop = challenge.qop;
    input.user = m_user;
    input.realm = challenge.realm;
    input.nonce = challenge.nonce;
    input.count = ++session.count;
    // Some servers make the key of a -sess algorithm from the cnonce at hand, others from the session's first
    // one (RFC 7616 §3.4.2). Keeping it for the session suits both.
    if (challenge.algorithm.session) {
        if (session.keyCnonce.isEmpty()) {
            session.keyNonce = challenge.nonce;
            session.keyCnonce = freshCnonce(context);
        }
        input.sessionNonce = session.keyNonce;
        input.sessionCnonce = session.keyCnonce;
        input.cnonce = session.keyCnonce;
    } else {
        input.cnonce = freshCnonce(context);
    }
    input.method = m_plain.method;
    input.uri = m_plain.url.requestTarget();
    if (input.qop == DigestQop::AuthInt)
        input.bodyHash =
            digestHex(input.algorithm.hash, viewOf(m_plain.hasBody ? m_plain.body : QByteArray()));
    const QByteArray response = digestResponse(input, m_password);
    if (response.isEmpty()) {
        return fail(
            ErrorCode::Unsupported,
            DigestText::tr("This system does not allow the server's Digest algorithm."),
            QString::fromLatin1(challenge.algorithmText),
            DigestText::tr("Ask for SHA-256 on the server, or allow MD5 in the system's OpenSSL settings."));
    }
    FlowSend send{m_plain, {}, note};
    const HeaderField field{"Authorization", digestAuthorization(challenge, input, response)};
    // The challenge's texts come from the server: none of them may end the field and begin another.
    if (Result<void> fine = checkHeaderField(field); !fine) return tl::unexpected<Error>(fine.error());
    send.request.headers.append(field.name, field.value);
    send.placed.headerFields.append(field.name);
    m_sent = input;
    ++m_answers;
    return send;
}

Result<FlowStep> DigestFlow::resume(const Response& response, const FlowContext& context) {
    if (response.status == 401) return challenged(response, context);
    return FlowStep(FlowDone{judge(response)});
}

Result<FlowStep> DigestFlow::challenged(const Response& response, const FlowContext& context) {
    QStringList problems;
    const std::optional<DigestChallenge> challenge = chooseDigestChallenge(response.headers, problems);
    const bool answered = m_sent.has_value();
    if (!challenge) {
        if (answered) m_session->challenge.reset();
        const QString schemes = schemesAskedFor(response.headers);
        if (!problems.isEmpty()) return FlowStep(FlowDone{problems.join(QLatin1Char(' '))});
        if (schemes.isEmpty())
            return FlowStep(FlowDone{DigestText::tr("The server refused without saying how to sign in.")});
        return FlowStep(
            FlowDone{DigestText::tr("The server does not ask for Digest but for %1.").arg(schemes)});
    }
    QString note;
    if (!answered) {
        note = DigestText::tr("The server asked for Digest.");
    } else if (challenge->stale) {
        note = DigestText::tr("The server's nonce had run out; it gave a new one.");
    } else if (m_fromMemory && challenge->nonce != m_sent->nonce) {
        // A challenge of an earlier request was answered; this is the first of this one.
        note =
            DigestText::tr("The server no longer took the nonce of an earlier request; it gave a new one.");
    } else {
        m_session->challenge.reset();
        return FlowStep(FlowDone{DigestText::tr("The server refused the user name or the password.")});
    }
    if (m_answers >= maxAnswers) {
        m_session->challenge.reset();
        return FlowStep(
            FlowDone{DigestText::tr("The server called every nonce stale, so asking again was given up.")});
    }
    m_fromMemory = false;
    adopt(*challenge);
    Result<FlowSend> send = answer(context, note);
    if (!send) return tl::unexpected<Error>(send.error());
    return FlowStep(std::move(*send));
}

QString DigestFlow::judge(const Response& response) {
    if (!m_sent)
        return DigestText::tr("The server answered without asking who you are; no credential was sent.");
    const DigestInfo info = readDigestInfo(response.headers, response.trailers);
    // Another flow may have been challenged anew meanwhile; its nonce is the newer one then.
    if (!info.nextNonce.isEmpty() && m_session->challenge && m_session->challenge->nonce == m_sent->nonce) {
        m_session->challenge->nonce = info.nextNonce;
        m_session->count = 0;
    }
    return m_sent->qop == DigestQop::None ? QString() : proofFinding(response, info);
}

/// Whether the server proved that it knows the password too (RFC 7616 §3.5).
QString DigestFlow::proofFinding(const Response& response, const DigestInfo& info) const {
    if (info.rspauth.isEmpty()) {
        if (response.status >= 400) return {};
        return DigestText::tr("The server did not prove that it knows the password (no rspauth).");
    }
    if ((!info.cnonce.isEmpty() && info.cnonce != m_sent->cnonce) ||
        (!info.count.isEmpty() && info.count.toUInt(nullptr, 16) != m_sent->count))
        return DigestText::tr("The server's proof is for another request (cnonce or nc differ).");
    DigestInput input = *m_sent;
    if (sameFieldName(info.qop, "auth")) input.qop = DigestQop::Auth;
    if (sameFieldName(info.qop, "auth-int")) input.qop = DigestQop::AuthInt;
    if (input.qop == DigestQop::AuthInt) {
        if (response.headers.contains("Content-Encoding") || response.bodyEnd != BodyEnd::Complete)
            return DigestText::tr(
                "The server's proof could not be checked, because it covers the body as sent.");
        input.bodyHash = digestHex(input.algorithm.hash, viewOf(response.body));
    }
    if (equalInConstantTime(viewOf(digestRspauth(input, m_password)), viewOf(info.rspauth.toLower())))
        return {};
    return DigestText::tr("The server's proof that it knows the password is wrong (rspauth).");
}

} // namespace kb
