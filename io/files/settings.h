// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/settings.h"

#include <QSettings>

namespace kb {

/// Settings in one INI file. Changes reach the disk at once when asked to, else soon and when the object
/// goes.
class FileSettings final : public Settings {
public:
    explicit FileSettings(const QString& path) : m_settings(path, QSettings::IniFormat) {}

    QVariant value(const QString& key, const QVariant& fallback = {}) const override;
    void setValue(const QString& key, const QVariant& value) override; ///< an invalid value removes the key
    /// Writes now; false if the file cannot be written.
    bool flush();

private:
    QSettings m_settings;
};

} // namespace kb
