// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/settings.h"

namespace kb {

QVariant FileSettings::value(const QString& key, const QVariant& fallback) const {
    return m_settings.value(key, fallback);
}

void FileSettings::setValue(const QString& key, const QVariant& value) {
    if (!value.isValid())
        m_settings.remove(key);
    else if (m_settings.value(key) != value)
        m_settings.setValue(key, value);
}

bool FileSettings::flush() {
    m_settings.sync();
    return m_settings.status() == QSettings::NoError;
}

} // namespace kb
