// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/structured_field.h"

namespace kb {

/// The one canonical text of a structured field's parts (RFC 9651 §4.1).
QByteArray sfItemText(const SfItem& item);
/// ";a=1;b" of each parameter in its order.
QByteArray sfParamsText(const QList<std::pair<QByteArray, SfItem>>& params);
/// A member's value, an item or an inner list, with its parameters and without its key.
QByteArray sfMemberText(const SfMember& member);
QByteArray sfListText(const QList<SfMember>& list);
QByteArray sfDictionaryText(const QList<SfMember>& dictionary);

/// A String; nullopt if the text is not printable ASCII (§3.3.3).
std::optional<QByteArray> sfStringText(QByteArrayView text);
/// A Display String of UTF-8 (§4.1.11); nullopt where the bytes are none.
std::optional<QByteArray> sfDisplayText(QByteArrayView utf8);
/// A Byte Sequence: base64 between colons (§4.1.8).
QByteArray sfBytesText(const QByteArray& bytes);
bool isSfKey(QByteArrayView text); ///< §3.1.2

} // namespace kb
