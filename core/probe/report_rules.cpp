// SPDX-License-Identifier: GPL-3.0-or-later
// What each kind of finding is called elsewhere.
#include "core/probe/report_rules.h"
#include "core/probe/matrix_text.h"

namespace kb {

QList<ReportRule> reportRules() {
    const QString error = QStringLiteral("error"), warning = QStringLiteral("warning");
    const auto s = [](const char* text) { return QString::fromLatin1(text); };
    return {
        {s("missing-authentication"),
         MatrixText::tr("No credential is needed where one should be"),
         {306},
         2,
         {},
         s("9.1"),
         error},
        {s("broken-token-validation"),
         MatrixText::tr("A credential that is no longer good is accepted"),
         {613, 287},
         2,
         {s("9.2.1")},
         s("8.1"),
         error},
        {s("forged-credential"),
         MatrixText::tr("A credential that was tampered with is accepted"),
         {347, 287},
         2,
         {s("9.1.1"), s("9.1.2")},
         s("9.1"),
         error},
        {s("broken-authentication"),
         MatrixText::tr("A credential of the wrong kind is accepted"),
         {287},
         2,
         {},
         s("8.1"),
         error},
        {s("bola"),
         MatrixText::tr("Another's object is handed out"),
         {639},
         1,
         {s("8.2.2")},
         s("8.6"),
         error},
        {s("bfla"),
         MatrixText::tr("A permission is not checked"),
         {285, 862},
         5,
         {s("8.2.1")},
         s("8.1"),
         error},
        {s("property-leak"),
         MatrixText::tr("A member is handed out that is not for everybody"),
         {213},
         3,
         {s("8.2.3")},
         s("6.5"),
         error},
        {s("existence-oracle"),
         MatrixText::tr("The answer tells which objects there are"),
         {204},
         1,
         {},
         s("5.3"),
         warning},
        {s("unexpected-answer"),
         MatrixText::tr("The answer is not just what a mark expects"),
         {},
         0,
         {},
         {},
         warning},
        {s("suspect"), MatrixText::tr("The answer is no clear denial"), {755}, 0, {}, s("4.0"), warning},
        {s("server-error"), MatrixText::tr("The server fails"), {755}, 0, {}, s("3.0"), warning},
        {s("over-restricted"), MatrixText::tr("Somebody who may is turned away"), {}, 0, {}, {}, warning},
        {s("wrong-status-code"),
         MatrixText::tr("The denial has the wrong status code"),
         {},
         0,
         {},
         {},
         warning},
        {s("undecided"), MatrixText::tr("Nothing is expected yet"), {}, 0, {}, {}, warning},
        {s("not-proven"), MatrixText::tr("What is expected was not proven"), {}, 0, {}, {}, warning},
        {s("drift"), MatrixText::tr("It differs from the baseline"), {}, 0, {}, {}, warning},
        {s("advisory"), MatrixText::tr("There is a remark"), {}, 0, {}, {}, s("note")},
    };
}

QList<Taxon> cweTaxa() {
    return {{213, "Exposure of Sensitive Information Due to Incompatible Policies"},
            {204, "Observable Response Discrepancy"},
            {285, "Improper Authorization"},
            {287, "Improper Authentication"},
            {306, "Missing Authentication for Critical Function"},
            {347, "Improper Verification of Cryptographic Signature"},
            {613, "Insufficient Session Expiration"},
            {639, "Authorization Bypass Through User-Controlled Key"},
            {755, "Improper Handling of Exceptional Conditions"},
            {862, "Missing Authorization"}};
}

QList<Taxon> owaspTaxa() {
    return {{1, "Broken Object Level Authorization"},
            {2, "Broken Authentication"},
            {3, "Broken Object Property Level Authorization"},
            {5, "Broken Function Level Authorization"}};
}

} // namespace kb
