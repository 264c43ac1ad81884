// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <optional>

namespace kb {

/// One header field line as sent or received; repeats are separate lines.
struct HeaderField {
    QByteArray name;
    QByteArray value;
    bool operator==(const HeaderField&) const = default;
};

/// Header field lines in their order, repeats kept. Names compare without case (RFC 9110 §5.1).
class HeaderList {
public:
    QList<HeaderField> fields;

    void append(QByteArray name, QByteArray value) { fields.append({std::move(name), std::move(value)}); }
    bool contains(QByteArrayView name) const;
    std::optional<QByteArray> first(QByteArrayView name) const;
    QList<QByteArray> all(QByteArrayView name) const;
    void removeAll(QByteArrayView name);
    bool isEmpty() const { return fields.isEmpty(); }
    qsizetype size() const { return fields.size(); }
    bool operator==(const HeaderList&) const = default;
};

bool sameFieldName(QByteArrayView a, QByteArrayView b);
/// A token of RFC 9110 §5.6.2: a method or a field name.
bool isToken(QByteArrayView text);
/// Whether a method promises to change nothing (RFC 9110 §9.2.1).
bool isSafeMethod(QByteArrayView method);
/// Refuses a name that is no token and CR, LF or NUL in the value (RFC 9110 §5.5); says which and where.
Result<void> checkHeaderField(const HeaderField& field);

} // namespace kb
