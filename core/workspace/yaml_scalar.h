// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <optional>

namespace kb::yaml {

/// A string on one line: plain where every reader takes it as that string, else in double quotes.
QByteArray inlineScalar(const QByteArray& value);
/// Whether a text without quotes stays one scalar (a number, a word).
bool isPlainSafe(QByteArrayView value);
/// Whether a string can be a block scalar (|) and come back byte for byte.
bool fitsBlock(QByteArrayView value);
/// The block scalar with its header, lines indented by `indent`; `eol` ends each line. Only where
/// fitsBlock().
QByteArray blockScalar(const QByteArray& value, int indent, int parentIndent, const QByteArray& eol);

/// What stands between double quotes, escapes resolved; nullopt where an escape is unknown.
std::optional<QByteArray> unescapeDouble(QByteArrayView inside);

} // namespace kb::yaml
