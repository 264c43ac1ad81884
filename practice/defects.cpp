// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/defects.h"

#include "practice/practice_server.h"

#include <QCoreApplication>
#include <array>
#include <utility>

namespace kb {
namespace {

using practice::Defect;

constexpr std::array<std::pair<const char*, const char*>, 18> Table{{
    {"ignore-exp", QT_TRANSLATE_NOOP("PracticeServer", "Accepts tokens after their expiry.")},
    {"accept-none", QT_TRANSLATE_NOOP("PracticeServer", "Accepts unsigned tokens whose alg is none.")},
    {"hs-confusion",
     QT_TRANSLATE_NOOP("PracticeServer", "Accepts HS256 tokens keyed with its own public key in PEM form.")},
    {"trust-jwk",
     QT_TRANSLATE_NOOP("PracticeServer", "Verifies a token with the key the token itself brings.")},
    {"skip-aud", QT_TRANSLATE_NOOP("PracticeServer", "Accepts tokens that were issued for another API.")},
    {"skip-scope", QT_TRANSLATE_NOOP("PracticeServer", "Does not look at scopes.")},
    {"bola", QT_TRANSLATE_NOOP("PracticeServer", "Hands out other people's users and invoices.")},
    {"existence-oracle",
     QT_TRANSLATE_NOOP("PracticeServer", "Answers 404 for absent users where other people's users get 403.")},
    {"500-on-deny", QT_TRANSLATE_NOOP("PracticeServer", "Answers 500 where it should answer 401 or 403.")},
    {"200-with-error-body",
     QT_TRANSLATE_NOOP("PracticeServer",
                       "Answers 200 with an error in the body where it should answer 401 or 403.")},
    {"429-retry-after-seconds",
     QT_TRANSLATE_NOOP("PracticeServer", "Answers every request with 429 and Retry-After in seconds.")},
    {"429-retry-after-date",
     QT_TRANSLATE_NOOP("PracticeServer", "Answers every request with 429 and Retry-After as a date.")},
    {"redirect-other-origin",
     QT_TRANSLATE_NOOP("PracticeServer", "Redirects every request to another origin.")},
    {"reflect-token",
     QT_TRANSLATE_NOOP("PracticeServer", "Repeats the credential it was sent in its answers.")},
    {"skip-signature", QT_TRANSLATE_NOOP("PracticeServer", "Does not look at signatures of tokens.")},
    {"key-prefix", QT_TRANSLATE_NOOP("PracticeServer", "Takes the beginning of an API key for all of it.")},
    {"key-ignore-case",
     QT_TRANSLATE_NOOP("PracticeServer", "Takes capital and small letters of an API key for the same.")},
    {"deny-after-delete",
     QT_TRANSLATE_NOOP("PracticeServer", "Removes a webhook first and asks for the permission then.")},
}};

} // namespace

namespace practice {

// The table is in the order of the enumeration.
std::optional<Defect> defectByName(const QString& name) {
    for (std::size_t i = 0; i < Table.size(); ++i)
        if (name == QLatin1String(Table[i].first)) return static_cast<Defect>(i);
    return std::nullopt;
}

} // namespace practice

QList<PracticeDefect> practiceDefects() {
    QList<PracticeDefect> list;
    for (const auto& [name, description] : Table)
        list.append({QString::fromLatin1(name), QCoreApplication::translate("PracticeServer", description)});
    return list;
}

} // namespace kb
