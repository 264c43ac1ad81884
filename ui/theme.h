// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <QFont>
#include <QObject>

class QApplication;

namespace kb {

/// The meaning of a colour; never the only sign of it.
enum class Tone { Neutral, Good, Warn, Bad, Info, Role };

struct ToneColours {
    QColor text;
    QColor fill;
};

/// The colours and fonts in force. Widgets that paint ask theme() at paint time and repaint on changed().
class Theme final : public QObject {
    Q_OBJECT
public:
    enum class Mode { System, Light, Dark };

    static Theme& instance();
    /// Sets palette, style sheet and fonts; System follows the desktop where it tells.
    void apply(QApplication& app, Mode mode);
    /// The same but for the style sheet, for a window that is still to be filled: applySheet() follows. With
    /// a sheet in force each widget is polished again with every parent it gets.
    void applyColours(QApplication& app, Mode mode);
    void applySheet(QApplication& app);
    Mode mode() const { return m_mode; }
    bool isDark() const { return m_dark; }

    QColor window, surface, raised, border, text, muted, faint, accent, accentText, selection, bar;
    QColor syntaxKey, syntaxString, syntaxNumber, syntaxLiteral, syntaxTag, syntaxComment;
    ToneColours tone(Tone tone) const;
    QColor methodColour(const QString& method) const;
    QFont monospace() const;

Q_SIGNALS:
    void changed();

private:
    Theme() = default;
    void setColours(bool dark);
    QString styleSheet() const;
    Mode m_mode = Mode::System;
    bool m_dark = false;
};

inline Theme& theme() {
    return Theme::instance();
}

} // namespace kb
