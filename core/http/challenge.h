// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/headers.h"

#include <QString>

namespace kb {

/// One auth-param as received: name in lower case, value unquoted and unescaped.
struct AuthParam {
    QByteArray name;
    QByteArray value;
    bool repeated = false; ///< it came again in its challenge, which §11.2 forbids; this is the first
    bool operator==(const AuthParam&) const = default;
};

/// One challenge of a WWW-Authenticate or Proxy-Authenticate field (RFC 9110 §11.3).
struct Challenge {
    QByteArray scheme; ///< as sent; compare without case
    QByteArray token68;
    QList<AuthParam> params;

    bool is(QByteArrayView schemeName) const;
    /// Empty if missing, and if it came twice: which of the values the server means cannot be told.
    QByteArray param(QByteArrayView name) const;
    bool hasParam(QByteArrayView name) const;
    QList<QByteArray> repeatedParams() const; ///< the names that came twice
    QString text() const;                     ///< for people: scheme and parameters, in one line
    bool operator==(const Challenge&) const = default;
};

/// What could be read of the challenges, and what could not.
struct ChallengeList {
    QList<Challenge> challenges;
    QStringList
        problems; ///< one sentence for each part that does not follow the grammar; the rest is still read
};

/// Reads every challenge of every field line: several a line and several lines (RFC 9110 §11.6.1).
ChallengeList parseChallenges(const QList<QByteArray>& fieldValues);

} // namespace kb
