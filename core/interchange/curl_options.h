// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QMap>
#include <QString>

namespace kb::importing {

/// Whether curl's option of that long name stands alone. Every other one takes the next word.
bool isCurlFlag(const QString& name);
/// Whether it is about where a connection leads or who is trusted, which requests do not have here.
bool isCurlConnection(const QString& name);
/// Short options that take a value, and the long name of each.
const QMap<QChar, QString>& curlShortOptions();
/// Short options that stand alone, as far as they count for a request.
const QMap<QChar, QString>& curlShortFlags();

} // namespace kb::importing
