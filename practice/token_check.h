// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "practice/defects.h"
#include "practice/jose.h"

#include <QStringList>
#include <tl/expected.hpp>

namespace kb::practice {

/// What an access token says, once it is believed.
struct TokenClaims {
    QString subject;
    QString tokenId;
    QString role;
    QString plan;
    QStringList scopes;
};

/// Why a token is not believed: the problem's name and a sentence for the challenge. Repeats nothing of the
/// token.
struct TokenFault {
    const char* problem;
    QString description;
};

/// Judges JWT access tokens as RFC 9068 §4 and RFC 8725 ask, except where a defect tells it not to.
class TokenCheck {
public:
    TokenCheck(const RsaKey& key, QString issuer, QString audience, const Defects& defects);
    /// `nowS` is Unix time. There is no leeway: the server minted the token by this very clock.
    tl::expected<TokenClaims, TokenFault> check(const QByteArray& token, qint64 nowS) const;

private:
    bool signatureHolds(const QJsonObject& header, const QByteArray& input,
                        const QByteArray& signature) const;
    tl::expected<TokenClaims, TokenFault> claimsHold(const QJsonObject& claims, qint64 nowS) const;

    const RsaKey& m_key;
    QString m_issuer;
    QString m_audience;
    const Defects& m_defects;
};

} // namespace kb::practice
