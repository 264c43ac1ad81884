// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/digest_challenge.h"
#include "core/auth/digest_text.h"

#include <algorithm>

namespace kb {

namespace {

bool isTrue(const QByteArray& value) {
    return sameFieldName(value, "true");
}

/// auth where it is offered, else auth-int; RFC 2069's form where the server names none.
std::optional<DigestQop> chooseQop(const Challenge& challenge) {
    if (!challenge.hasParam("qop")) return DigestQop::None;
    bool integrity = false;
    for (const QByteArray& each : challenge.param("qop").split(',')) {
        if (sameFieldName(each.trimmed(), "auth")) return DigestQop::Auth;
        integrity = integrity || sameFieldName(each.trimmed(), "auth-int");
    }
    if (integrity) return DigestQop::AuthInt;
    return std::nullopt;
}

int strength(const DigestAlgorithm& algorithm) {
    const int hash = algorithm.hash == Hash::Sha512_256 ? 4 : algorithm.hash == Hash::Sha256 ? 2 : 0;
    return hash + (algorithm.session ? 0 : 1);
}

QByteArray quoted(const QByteArray& text) {
    QByteArray out = text;
    out.replace('\\', "\\\\").replace('"', "\\\"");
    return '"' + out + '"';
}

bool isAscii(const QByteArray& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return uchar(c) < 0x80; });
}

/// attr-char of RFC 8187 §3.2.1; all else is percent-encoded.
QByteArray extendedValue(const QByteArray& utf8) {
    return "UTF-8''" + utf8.toPercentEncoding("!#$&+^`|");
}

} // namespace

std::optional<DigestChallenge> readDigestChallenge(const Challenge& challenge, QString& why) {
    if (!challenge.repeatedParams().isEmpty()) {
        why = DigestText::tr("A Digest challenge names one of its parameters twice, so it is not answered.");
        return std::nullopt;
    }
    DigestChallenge read;
    read.algorithmText = challenge.param("algorithm");
    const auto algorithm = digestAlgorithm(read.algorithmText);
    if (!algorithm) {
        why = DigestText::tr("The Digest algorithm %1 is not known here.")
                  .arg(QString::fromLatin1(read.algorithmText));
        return std::nullopt;
    }
    const auto qop = chooseQop(challenge);
    if (!qop) {
        why = DigestText::tr("The server asks for a Digest qop that is not known here: %1.")
                  .arg(QString::fromLatin1(challenge.param("qop")));
        return std::nullopt;
    }
    read.nonce = challenge.param("nonce");
    if (read.nonce.isEmpty()) {
        why = DigestText::tr("A Digest challenge has no nonce, so it cannot be answered.");
        return std::nullopt;
    }
    read.algorithm = *algorithm;
    read.qop = *qop;
    read.realm = challenge.param("realm");
    if (challenge.hasParam("opaque")) read.opaque = challenge.param("opaque");
    read.stale = isTrue(challenge.param("stale"));
    read.userhash = isTrue(challenge.param("userhash"));
    return read;
}

std::optional<DigestChallenge> chooseDigestChallenge(const HeaderList& answer, QStringList& problems) {
    std::optional<DigestChallenge> best;
    const ChallengeList list = parseChallenges(answer.all("WWW-Authenticate"));
    for (const Challenge& each : list.challenges) {
        if (!each.is("Digest")) continue;
        QString why;
        const std::optional<DigestChallenge> read = readDigestChallenge(each, why);
        if (!read)
            problems.append(why);
        else if (!best || strength(read->algorithm) > strength(best->algorithm))
            best = read;
    }
    return best;
}

QByteArray digestAuthorization(const DigestChallenge& challenge, const DigestInput& input,
                               const QByteArray& response) {
    QByteArray value = "Digest ";
    if (challenge.userhash)
        value += "username=" + quoted(digestUserHash(input.algorithm.hash, input.user, input.realm));
    else if (isAscii(input.user))
        value += "username=" + quoted(input.user);
    else
        value += "username*=" + extendedValue(input.user);
    value += ", realm=" + quoted(input.realm) + ", nonce=" + quoted(input.nonce) +
             ", uri=" + quoted(input.uri) + ", response=" + quoted(response);
    if (!challenge.algorithmText.isEmpty()) value += ", algorithm=" + challenge.algorithmText;
    if (challenge.opaque) value += ", opaque=" + quoted(*challenge.opaque);
    if (input.qop != DigestQop::None)
        value += ", qop=" + digestQopName(input.qop) + ", nc=" + digestCount(input.count);
    if (input.qop != DigestQop::None || input.algorithm.session) value += ", cnonce=" + quoted(input.cnonce);
    if (challenge.userhash) value += ", userhash=true";
    return value;
}

DigestInfo readDigestInfo(const HeaderList& headers, const HeaderList& trailers) {
    QList<QByteArray> lines = headers.all("Authentication-Info");
    if (lines.isEmpty()) lines = trailers.all("Authentication-Info");
    DigestInfo info;
    if (lines.isEmpty()) return info;
    info.present = true;
    // The field is a list of parameters like that of a challenge, without the scheme in front.
    const ChallengeList list = parseChallenges({"Digest " + lines.join(", ")});
    if (list.challenges.isEmpty()) return info;
    const Challenge& first = list.challenges.first();
    info.nextNonce = first.param("nextnonce");
    info.rspauth = first.param("rspauth");
    info.cnonce = first.param("cnonce");
    info.count = first.param("nc");
    info.qop = first.param("qop");
    return info;
}

} // namespace kb
