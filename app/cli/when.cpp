// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/when.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

namespace kb::cli {

Result<std::optional<qint64>> parseWhen(const QString& text, qint64 nowMs) {
    if (text == QLatin1String("never")) return std::nullopt;
    bool isNumber = false;
    const qint64 seconds = text.toLongLong(&isNumber);
    if (isNumber && seconds > 0 && !text.startsWith(QLatin1Char('+'))) return seconds;
    static const QRegularExpression relative(QStringLiteral("^\\+(\\d{1,7})([smhd])$"));
    if (const QRegularExpressionMatch match = relative.match(text); match.hasMatch()) {
        const QChar unit = match.captured(2).at(0);
        const qint64 length = unit == QLatin1Char('s')   ? 1
                              : unit == QLatin1Char('m') ? 60
                              : unit == QLatin1Char('h') ? 3600
                                                         : 86400;
        return nowMs / 1000 + match.captured(1).toLongLong() * length;
    }
    const QDateTime moment = QDateTime::fromString(text, Qt::ISODate);
    if (moment.isValid()) return moment.toSecsSinceEpoch();
    return fail(ErrorCode::InvalidInput,
                QCoreApplication::translate("Cli", "That is no moment: %1").arg(text),
                QStringLiteral("--expires"),
                QCoreApplication::translate("Cli", "Use Unix seconds, 2026-12-31T23:59:59Z, +90d or never."));
}

} // namespace kb::cli
