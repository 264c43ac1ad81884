// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/file_name.h"

#include <QStringList>

namespace kb {

namespace {

constexpr qsizetype maxBytes = 80;

/// Names that Windows gives to devices, whatever their case and extension, and the format's own file names.
bool isReserved(const QString& stem) {
    static const QStringList names = {QStringLiteral("con"),         QStringLiteral("prn"),
                                      QStringLiteral("aux"),         QStringLiteral("nul"),
                                      QStringLiteral("folder"),      QStringLiteral("opencollection"),
                                      QStringLiteral("environments")};
    const QString base = stem.section(u'.', 0, 0).trimmed().toLower();
    if (names.contains(base)) return true;
    return base.size() == 4 &&
           (base.startsWith(QLatin1String("com")) || base.startsWith(QLatin1String("lpt"))) &&
           base[3].isDigit();
}

/// Cut to a length in UTF-8 that leaves room for a number and an extension, never inside a character.
QString shortened(QString stem) {
    while (stem.toUtf8().size() > maxBytes) {
        stem.chop(1);
        if (!stem.isEmpty() && stem.back().isHighSurrogate()) stem.chop(1);
    }
    return stem;
}

} // namespace

QString requestFileStem(const QString& name) {
    QString stem;
    const auto points = name.normalized(QString::NormalizationForm_C).left(400).toUcs4();
    for (const char32_t point : points) {
        if (QChar::isLetterOrNumber(point) || QChar::isMark(point)) {
            const char32_t lower = QChar::toLower(point);
            stem += QString::fromUcs4(&lower, 1);
        } else if (point == U'_') {
            stem += u'_';
        } else if (!stem.isEmpty() && !stem.endsWith(u'-')) {
            stem += u'-';
        }
    }
    while (!stem.isEmpty() && QChar::isMark(stem.front().unicode()))
        stem.remove(0, 1);
    stem = shortened(stem);
    while (stem.endsWith(u'-'))
        stem.chop(1);
    if (stem.isEmpty()) return QStringLiteral("request");
    return isReserved(stem) ? stem + QLatin1String("-request") : stem;
}

QString environmentFileStem(const QString& name) {
    QString stem;
    for (const QChar c : name.normalized(QString::NormalizationForm_C).left(400)) {
        const bool forbidden =
            c.unicode() < 0x20 || c.unicode() == 0x7f || QStringLiteral("<>:\"/\\|?*").contains(c);
        stem += forbidden ? QChar(u'-') : c;
    }
    stem = shortened(stem);
    while (!stem.isEmpty() && (stem.front() == u'.' || stem.front() == u' '))
        stem.remove(0, 1);
    while (!stem.isEmpty() && (stem.back() == u'.' || stem.back() == u' '))
        stem.chop(1);
    if (stem.isEmpty()) return QStringLiteral("environment");
    return isReserved(stem) ? stem + QLatin1String("-environment") : stem;
}

bool isSafeRelativePath(const QString& path) {
    if (path.isEmpty() || path.contains(u'\\') || path.contains(QChar::Null) || path.contains(u':'))
        return false;
    const QStringList parts = path.split(u'/');
    for (const QString& part : parts) {
        if (part.isEmpty() || part.startsWith(u'.')) return false;
    }
    return true;
}

QString parentOf(const QString& path) {
    return path.left(qMax(qsizetype(0), path.lastIndexOf(u'/')));
}

} // namespace kb
