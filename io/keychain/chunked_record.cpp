// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/chunked_record.h"
#include "io/keychain/keychain_text.h"

#include "core/auth/secret.h"

#include <QCryptographicHash>

namespace kb {

namespace {

const QByteArray mark = QByteArrayLiteral("keybearer-parts");

QByteArray digestOf(const QByteArray& record) {
    return QCryptographicHash::hash(record, QCryptographicHash::Sha256).toHex();
}

} // namespace

ChunkedRecord::Head ChunkedRecord::readHead(const QByteArray& item) {
    const QList<QByteArray> fields = item.size() < 200 ? item.split(':') : QList<QByteArray>();
    if (fields.size() != 4 || fields.at(0) != mark) return {};
    bool isNumber = false;
    const int parts = fields.at(2).toInt(&isNumber);
    const bool isSet = fields.at(1) == "a" || fields.at(1) == "b";
    if (!isNumber || parts < 1 || parts > mostParts || !isSet) return {};
    return {parts, fields.at(1).at(0), fields.at(3)};
}

QList<QByteArray> ChunkedRecord::split(const QByteArray& record, int maxBytes, char set) {
    if (maxBytes <= 0 || record.size() <= maxBytes) return {record};
    QList<QByteArray> items{QByteArray()};
    for (qsizetype at = 0; at < record.size(); at += maxBytes)
        items.append(record.mid(at, maxBytes));
    items.first() = mark + ':' + set + ':' + QByteArray::number(items.size() - 1) + ':' + digestOf(record);
    return items;
}

Result<QByteArray> ChunkedRecord::join(const Head& head, const QList<QByteArray>& parts) {
    qsizetype total = 0;
    for (const QByteArray& part : parts)
        total += part.size();
    QByteArray record;
    record.reserve(total);
    for (const QByteArray& part : parts)
        record.append(part);
    if (parts.size() == head.parts && digestOf(record) == head.digest) return record;
    wipeBytes(record);
    return fail(ErrorCode::SecretUnreadable,
                KeychainText::tr("The secret is stored in parts that do not fit together."), {},
                KeychainText::tr("Enter it in the profile again."));
}

QString ChunkedRecord::partKey(const QString& key, char set, int number) {
    return key + QLatin1Char('/') + QLatin1Char(set) + QString::number(number);
}

} // namespace kb
