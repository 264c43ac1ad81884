// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QString>
#include <QStringList>

namespace kb {

/// A kind of result, as SARIF speaks of it.
struct ReportRule {
    QString id;       ///< as Defect::rule; or "undecided", "not-proven", "drift", "advisory"
    QString title;    ///< for people
    QList<int> cwes;  ///< Common Weakness Enumeration
    int owasp = 0;    ///< OWASP API Security Top 10 (2023): 1 to 10; 0: none fits
    QStringList asvs; ///< OWASP ASVS 5.0.0, requirement numbers: "8.2.2"
    QString severity; ///< security-severity, 0 to 10; empty for what is no weakness by itself
    QString level;    ///< "error", "warning", "note"
};
QList<ReportRule> reportRules();

/// A number of a taxonomy with its name there.
struct Taxon {
    int number;
    const char* name;
};
/// Those that rules name: of the CWE, and of the OWASP API Security Top 10 (2023).
QList<Taxon> cweTaxa();
QList<Taxon> owaspTaxa();

} // namespace kb
