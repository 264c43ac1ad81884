// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme.h"

#include <QWidget>

namespace kb {

/// A short word on a rounded ground: a status, a scope, a role. Elided with a tool tip when there is no room.
class Pill final : public QWidget {
    Q_OBJECT
public:
    explicit Pill(QWidget* parent = nullptr);
    Pill(const QString& text, Tone tone, QWidget* parent = nullptr);
    void setText(const QString& text);
    void setTone(Tone tone);
    void setStrong(bool strong); ///< square corners and larger, for the status line
    QString text() const { return m_text; }
    Tone tone() const { return m_tone; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QString m_text;
    Tone m_tone = Tone::Neutral;
    bool m_strong = false;
};

} // namespace kb
