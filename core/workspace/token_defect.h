// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QString>
#include <optional>

namespace kb {

/// What is wrong with a forged credential. It is made from a good one, in memory and anew for each request.
enum class TokenDefect {
    NoSignature,      ///< "h.p." (RFC 7515 §5.2)
    NoSignaturePart,  ///< "h.p"
    FlippedSignature, ///< one bit of the first byte: the last character may hold padding bits only
    EditedPayload,    ///< one dummy claim more, the old signature
    AlgNone,          ///< "none" and no signature (RFC 8725 §3.2); the others in other letters
    AlgNoneCapital,
    AlgNoneUpper,
    AlgNoneMixed,
    Random, ///< of the same length and shape
    Empty,
    Truncated,
    OtherCase
};
/// "no-signature", "alg-none", … as the command line and the files name it.
QString defectName(TokenDefect defect);
std::optional<TokenDefect> defectFromName(const QString& name);
QString defectTitle(TokenDefect defect); ///< for people: "without its signature"
QList<TokenDefect> allTokenDefects();

/// A column of the access matrix whose credential is a forgery of another's: a recipe, no secret. It is sent
/// by the matrix alone, and only to local, test and staging environments.
struct DerivedProfile {
    QString id;
    QString name;
    QString parent; ///< the id of the profile whose credential is spoilt
    TokenDefect defect = TokenDefect::NoSignature;
    bool operator==(const DerivedProfile&) const = default;
};

} // namespace kb
