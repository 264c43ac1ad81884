// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QSet>
#include <QStringList>

namespace kb {

/// Keeps equal texts once: what was made anew for each of thousands of cells takes the memory of a few.
class SharedTexts {
public:
    QString shared(const QString& text) { return text.isEmpty() ? text : *m_texts.insert(text); }
    QStringList shared(QStringList texts) {
        for (QString& text : texts)
            text = shared(text);
        return texts;
    }

private:
    QSet<QString> m_texts;
};

} // namespace kb
