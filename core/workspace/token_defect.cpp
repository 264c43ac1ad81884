// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/token_defect.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct DefectText {
    Q_DECLARE_TR_FUNCTIONS(TokenDefect)
};

const std::pair<TokenDefect, const char*> names[] = {{TokenDefect::NoSignature, "no-signature"},
                                                     {TokenDefect::NoSignaturePart, "no-signature-part"},
                                                     {TokenDefect::FlippedSignature, "flipped-signature"},
                                                     {TokenDefect::EditedPayload, "edited-payload"},
                                                     {TokenDefect::AlgNone, "alg-none"},
                                                     {TokenDefect::AlgNoneCapital, "alg-None"},
                                                     {TokenDefect::AlgNoneUpper, "alg-NONE"},
                                                     {TokenDefect::AlgNoneMixed, "alg-nOnE"},
                                                     {TokenDefect::Random, "random"},
                                                     {TokenDefect::Empty, "empty"},
                                                     {TokenDefect::Truncated, "truncated"},
                                                     {TokenDefect::OtherCase, "other-case"}};

} // namespace

QString defectName(TokenDefect defect) {
    for (const auto& [each, name] : names)
        if (each == defect) return QString::fromLatin1(name);
    return {};
}

std::optional<TokenDefect> defectFromName(const QString& name) {
    for (const auto& [each, known] : names)
        if (name == QLatin1String(known)) return each;
    return std::nullopt;
}

QString defectTitle(TokenDefect defect) {
    switch (defect) {
    case TokenDefect::NoSignature:
        return DefectText::tr("forged: its signature is empty");
    case TokenDefect::NoSignaturePart:
        return DefectText::tr("forged: its signature is cut off");
    case TokenDefect::FlippedSignature:
        return DefectText::tr("forged: one bit of its signature is wrong");
    case TokenDefect::EditedPayload:
        return DefectText::tr("forged: its claims were changed after it was signed");
    case TokenDefect::AlgNone:
    case TokenDefect::AlgNoneCapital:
    case TokenDefect::AlgNoneUpper:
    case TokenDefect::AlgNoneMixed:
        return DefectText::tr("forged: unsigned, with the algorithm \"%1\"").arg(defectName(defect).mid(4));
    case TokenDefect::Random:
        return DefectText::tr("forged: random characters of the same shape");
    case TokenDefect::Empty:
        return DefectText::tr("forged: an empty credential");
    case TokenDefect::Truncated:
        return DefectText::tr("forged: its end is missing");
    case TokenDefect::OtherCase:
        return DefectText::tr("forged: capital and small letters are swapped");
    }
    return {};
}

QList<TokenDefect> allTokenDefects() {
    QList<TokenDefect> all;
    for (const auto& [each, name] : names)
        all.append(each);
    return all;
}

} // namespace kb
