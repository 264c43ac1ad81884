// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace kb {

/// A record that is too large for one keychain item, as several: a head under the record's own key, which
/// tells how many parts there are, in which of two sets, and their digest; and numbered parts under keys of
/// their own. A new record goes into the other set than the old one, and its head is written last, so that a
/// write that is cut short leaves the old record whole.
struct ChunkedRecord {
    static constexpr int mostParts = 999;

    /// What a head says; no parts for a record that is in one piece.
    struct Head {
        int parts = 0;
        char set = 'a';
        QByteArray digest;
    };
    static Head readHead(const QByteArray& item);
    /// The set that the parts after this head go into.
    static char otherSet(const Head& head) { return head.parts > 0 && head.set == 'a' ? 'b' : 'a'; }

    /// The items of a record: the head first, or the record alone if it fits into `maxBytes` (0: always).
    static QList<QByteArray> split(const QByteArray& record, int maxBytes, char set);
    /// The record again; an error that says so if a part is missing, changed or of another record.
    static Result<QByteArray> join(const Head& head, const QList<QByteArray>& parts);
    static QString partKey(const QString& key, char set, int number);
};

} // namespace kb
