// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/secret_scan.h"

#include "core/auth/secret_variants.h"
#include "core/auth/token_kind.h"
#include "core/interchange/loose_secrets.h"

#include <QCoreApplication>
#include <QSet>
#include <algorithm>

namespace kb {

namespace {

struct ScanText {
    Q_DECLARE_TR_FUNCTIONS(Scan)
};

constexpr std::size_t shortest = 8;
constexpr qsizetype mostFindings = 1000;
/// Shapes are looked for in a line up to here; exact secrets everywhere.
constexpr qsizetype longestLine = 1024 * 1024;

bool isText(const QByteArray& file) {
    return !file.left(8192).contains('\0');
}

QByteArray lineAt(const QByteArray& file, qsizetype start, qsizetype end) {
    return QByteArray::fromRawData(file.constData() + start, end - start);
}

} // namespace

bool SecretScan::add(const QString& profileName, const SecretRecord& record) {
    bool all = true;
    const auto one = [&](const Secret& secret, const QString& what) {
        if (secret.isEmpty()) return;
        if (secret.size() < shortest) {
            all = false;
            return;
        }
        Known known{what, {}};
        addSecretVariants(known.search, secret.reveal());
        known.search.prepare();
        m_known.push_back(std::move(known));
    };
    one(record.secret, ScanText::tr("the secret of %1").arg(profileName));
    for (const auto& [name, secret] : record.parts)
        one(secret, ScanText::tr("%1 of %2").arg(name, profileName));
    return all;
}

QList<ScanFinding> SecretScan::find(const QByteArray& file, bool* all) const {
    QList<ScanFinding> findings;
    QSet<qsizetype> lines; ///< with an exact finding
    const auto add = [&](const ScanFinding& finding) {
        if (findings.size() < mostFindings)
            findings.append(finding);
        else if (all)
            *all = false;
    };
    const bool text = isText(file);
    for (const Known& known : m_known) {
        qsizetype line = text ? 1 : 0, counted = 0, last = -1;
        known.search.each(file, [&](const PatternSearch::Match& match) {
            if (text) line += std::count(file.constData() + counted, file.constData() + match.start, '\n');
            counted = match.start;
            if (line == last) return;
            last = line;
            lines.insert(line);
            add({true, known.what, {}, line});
        });
    }
    if (!text) return findings;
    qsizetype number = 0;
    for (qsizetype start = 0; start < file.size();) {
        const qsizetype newline = file.indexOf('\n', start);
        const qsizetype end = newline < 0 ? file.size() : newline;
        ++number;
        if (end - start > longestLine) {
            if (all) *all = false;
        } else if (!lines.contains(number)) {
            QSet<QString> seen;
            replaceShapes(QString::fromUtf8(lineAt(file, start, end)), {},
                          [&](const QString&, const QString& value) {
                              const QByteArray bytes = value.toUtf8();
                              const std::string_view view(bytes.constData(), std::size_t(bytes.size()));
                              if (!seen.contains(value))
                                  add({false, detectTokenKind(view).label, maskedToken(view), number});
                              seen.insert(value);
                              return value;
                          });
        }
        start = end + 1;
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const ScanFinding& a, const ScanFinding& b) { return a.line < b.line; });
    return findings;
}

} // namespace kb
