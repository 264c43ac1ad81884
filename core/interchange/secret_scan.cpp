// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/secret_scan.h"

#include "core/auth/secret_variants.h"
#include "core/auth/token_kind.h"
#include "core/interchange/loose_secrets.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct ScanText {
    Q_DECLARE_TR_FUNCTIONS(Scan)
};

constexpr std::size_t shortest = 8;
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

QList<ScanFinding> SecretScan::find(const QByteArray& file) const {
    QList<ScanFinding> findings;
    const auto add = [&](const ScanFinding& finding) {
        if (!findings.contains(finding)) findings.append(finding);
    };
    const bool text = isText(file);
    for (const Known& known : m_known)
        known.search.each(file, [&](const PatternSearch::Match& match) {
            add({true,
                 known.what,
                 {},
                 text ? 1 + std::count(file.constData(), file.constData() + match.start, '\n') : 0});
        });
    if (!text) return findings;
    qsizetype number = 0;
    for (qsizetype start = 0; start < file.size();) {
        const qsizetype end = file.indexOf('\n', start) < 0 ? file.size() : file.indexOf('\n', start);
        ++number;
        const auto known = std::find_if(findings.cbegin(), findings.cend(),
                                        [&](const ScanFinding& each) { return each.line == number; });
        if (known == findings.cend() && end - start <= longestLine)
            replaceShapes(QString::fromUtf8(lineAt(file, start, end)), {},
                          [&](const QString&, const QString& value) {
                              const QByteArray bytes = value.toUtf8();
                              const std::string_view view(bytes.constData(), std::size_t(bytes.size()));
                              add({false, detectTokenKind(view).label, maskedToken(view), number});
                              return value;
                          });
        start = end + 1;
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const ScanFinding& a, const ScanFinding& b) { return a.line < b.line; });
    return findings;
}

} // namespace kb
