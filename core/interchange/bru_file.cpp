// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/bru_file.h"
#include "core/interchange/import_text.h"

#include <QRegularExpression>

namespace kb {

namespace {

/// The rows of a dictionary; ''' opens a value of several lines.
QList<BruRow> rowsOf(const QStringList& lines) {
    QList<BruRow> rows;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QString line = lines.at(i).trimmed();
        if (line.isEmpty()) continue;
        BruRow row;
        if (line.startsWith(u'~')) {
            row.enabled = false;
            line.remove(0, 1);
        }
        qsizetype colon = -1;
        if (line.startsWith(u'"')) { // a name with colons in it
            const qsizetype end = line.indexOf(QLatin1String("\":"), 1);
            row.name = end < 0 ? line : line.mid(1, end - 1);
            colon = end < 0 ? -1 : end + 1;
        } else {
            colon = line.indexOf(u':');
            row.name = (colon < 0 ? line : line.left(colon)).trimmed();
        }
        row.value = colon < 0 ? QString() : line.mid(colon + 1).trimmed();
        if (row.value == QLatin1String("'''")) {
            QStringList text;
            for (++i; i < lines.size() && lines.at(i).trimmed() != QLatin1String("'''"); ++i)
                text.append(lines.at(i).startsWith(QLatin1String("    ")) ? lines.at(i).mid(4)
                                                                          : lines.at(i).trimmed());
            row.value = text.join(u'\n');
        } else if (row.value.startsWith(QLatin1String("'''"))) {
            row.value = row.value.mid(3);
            if (row.value.endsWith(QLatin1String("'''"))) row.value.chop(3);
        }
        if (row.name.endsWith(u',')) row.name.chop(1); // of a list
        rows.append(row);
    }
    return rows;
}

} // namespace

QString BruBlock::value(const char* row) const {
    for (const BruRow& each : rows)
        if (each.enabled && each.name == QLatin1String(row)) return each.value;
    return {};
}

Result<QList<BruBlock>> readBru(const QByteArray& text, const QString& file) {
    static const QRegularExpression opening(QStringLiteral("^([A-Za-z][\\w:\\-]*)\\s*([{\\[])\\s*$"));
    QList<BruBlock> blocks;
    QStringList lines = QString::fromUtf8(text).remove(u'\r').split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString& line = lines.at(i);
        if (line.trimmed().isEmpty()) continue;
        const QRegularExpressionMatch found = opening.match(line);
        if (!found.hasMatch())
            return fail(ErrorCode::InvalidInput, ImportText::tr("Line %1 begins no block.").arg(i + 1), file,
                        ImportText::tr("A block begins with its name and {."), int(i));
        BruBlock block;
        block.name = found.captured(1);
        const QString closing =
            found.captured(2) == QLatin1String("{") ? QStringLiteral("}") : QStringLiteral("]");
        QStringList inside;
        const qsizetype begun = i;
        for (++i; i < lines.size() && lines.at(i).trimmed() != closing; ++i)
            inside.append(lines.at(i));
        // Within a text such a line may come: only one without indentation ends the block.
        while (i < lines.size() && lines.at(i) != closing && lines.at(i).startsWith(u' ')) {
            inside.append(lines.at(i));
            for (++i; i < lines.size() && lines.at(i).trimmed() != closing; ++i)
                inside.append(lines.at(i));
        }
        if (i >= lines.size())
            return fail(
                ErrorCode::InvalidInput,
                ImportText::tr("The block %1 in line %2 does not end.").arg(block.name).arg(begun + 1), file,
                {}, int(begun));
        QStringList plain;
        for (const QString& each : std::as_const(inside))
            plain.append(each.startsWith(QLatin1String("  ")) ? each.mid(2) : each);
        block.text = plain.join(u'\n');
        block.rows = rowsOf(inside);
        blocks.append(block);
    }
    return blocks;
}

} // namespace kb
