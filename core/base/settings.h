// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <QVariant>

namespace kb {

/// The settings port: this machine's preferences. Never a secret.
class Settings {
public:
    virtual ~Settings() = default;
    virtual QVariant value(const QString& key, const QVariant& fallback = {}) const = 0;
    virtual void setValue(const QString& key, const QVariant& value) = 0;
};

} // namespace kb
