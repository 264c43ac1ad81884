// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/dynamic_value.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QUuid>

namespace kb {

namespace {

QString randomOf(const QString& alphabet, int length) {
    QString text;
    for (int i = 0; i < length; ++i)
        text += alphabet.at(int(QRandomGenerator::system()->bounded(quint32(alphabet.size()))));
    return text;
}

const QString& letters() {
    static const QString all = QStringLiteral("abcdefghijklmnopqrstuvwxyz0123456789");
    return all;
}

using Maker = QString (*)();
const std::pair<const char*, Maker> makers[] = {
    {"$uuid", [] { return QUuid::createUuid().toString(QUuid::WithoutBraces); }},
    {"$guid", [] { return QUuid::createUuid().toString(QUuid::WithoutBraces); }},
    {"$randomUUID", [] { return QUuid::createUuid().toString(QUuid::WithoutBraces); }},
    {"$timestamp", [] { return QString::number(QDateTime::currentSecsSinceEpoch()); }},
    {"$isoTimestamp", [] { return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs); }},
    {"$randomInt", [] { return QString::number(QRandomGenerator::system()->bounded(1001)); }},
    {"$randomBoolean",
     [] {
         return QRandomGenerator::system()->bounded(2) ? QStringLiteral("true") : QStringLiteral("false");
     }},
    {"$randomAlphaNumeric", [] { return randomOf(letters(), 1); }},
    {"$randomHex", [] { return randomOf(letters().right(10) + QStringLiteral("abcdef"), 16); }},
    {"$randomEmail", [] { return QString(randomOf(letters(), 10) + QStringLiteral("@example.com")); }}};

} // namespace

std::optional<QString> dynamicValue(const QString& name) {
    for (const auto& [each, make] : makers)
        if (name == QLatin1String(each)) return make();
    return {};
}

QStringList dynamicNames() {
    QStringList names;
    for (const auto& each : makers)
        names.append(QLatin1String(each.first));
    return names;
}

} // namespace kb
