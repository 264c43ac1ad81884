// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace kb {

void installLanguage(QCoreApplication& app, const QString& language) {
    static QTranslator ours;
    static QTranslator qts;
    app.removeTranslator(&ours);
    app.removeTranslator(&qts);
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    QLocale::setDefault(locale);
    if (qts.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        app.installTranslator(&qts);
    // English for every other language: the texts in the code lack the forms for one and for many.
    if (ours.load(locale, QStringLiteral("keybearer"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        ours.load(QStringLiteral(":/i18n/keybearer_en")))
        app.installTranslator(&ours);
}

} // namespace kb
