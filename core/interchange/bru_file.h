// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QList>
#include <QString>
#include <optional>

namespace kb {

/// One "name: value" of a block; "~" before it switches it off.
struct BruRow {
    QString name;
    QString value;
    bool enabled = true;
};
/// One block of a .bru file: rows of a dictionary or a list, and its text without the indentation.
struct BruBlock {
    QString name; ///< "meta", "get", "headers", "body:json", …
    QList<BruRow> rows;
    QString text;

    QString value(const char* row) const;
};

/// A .bru file. The error names the line.
Result<QList<BruBlock>> readBru(const QByteArray& text, const QString& file);

} // namespace kb
