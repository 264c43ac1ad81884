// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <QStringList>
#include <optional>

namespace kb {

/// A value made anew at each use: of $uuid and $guid (RFC 9562, version 4), $timestamp (Unix seconds),
/// $isoTimestamp (RFC 3339, UTC), $randomInt (0 to 1000), $randomBoolean, $randomAlphaNumeric (one
/// character), $randomHex (16 digits), $randomEmail (at example.com). nullopt for another name.
std::optional<QString> dynamicValue(const QString& name);
/// The names there are, with their "$".
QStringList dynamicNames();

} // namespace kb
