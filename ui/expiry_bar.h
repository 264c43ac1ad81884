// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme.h"

#include <QWidget>

class QPainter;

namespace kb {

/// Draws what is left of a token's life: `fraction` from 0 to 1; below 0 nothing is known and nothing drawn.
void paintExpiry(QPainter& painter, const QRectF& place, double fraction, Tone tone,
                 Qt::LayoutDirection direction);

/// What is left of a token's life, as a bar.
class ExpiryBar final : public QWidget {
    Q_OBJECT
public:
    explicit ExpiryBar(int thickness, QWidget* parent = nullptr);
    /// `text` says the same in words, for the tool tip and for screen readers.
    void setLeft(double fraction, Tone tone, const QString& text);
    double fraction() const { return m_fraction; }
    QSize sizeHint() const override { return {80, height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_fraction = -1;
    Tone m_tone = Tone::Neutral;
};

} // namespace kb
