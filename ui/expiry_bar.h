// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme.h"

#include <QWidget>

namespace kb {

/// What is left of a token's life, as a bar.
class ExpiryBar final : public QWidget {
    Q_OBJECT
public:
    explicit ExpiryBar(QWidget* parent = nullptr);
    /// `fraction` 0 to 1; below 0 nothing is known and only the groove is drawn.
    void setFraction(double fraction, Tone tone);
    QSize sizeHint() const override { return {80, 7}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_fraction = -1;
    Tone m_tone = Tone::Neutral;
};

} // namespace kb
