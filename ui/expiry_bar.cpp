// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/expiry_bar.h"

#include <QPainter>

namespace kb {

void paintExpiry(QPainter& painter, const QRectF& place, double fraction, Tone tone,
                 Qt::LayoutDirection direction) {
    if (fraction < 0) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const qreal radius = place.height() / 2;
    painter.setBrush(theme().bar);
    painter.drawRoundedRect(place, radius, radius);
    if (fraction > 0) {
        QRectF left = place;
        // Never narrower than it is high: the last second is still a dot.
        left.setWidth(qMax(place.height(), place.width() * qMin(1.0, fraction)));
        if (direction == Qt::RightToLeft) left.moveRight(place.right());
        painter.setBrush(theme().tone(tone).text);
        painter.drawRoundedRect(left, radius, radius);
    }
    painter.restore();
}

ExpiryBar::ExpiryBar(int thickness, QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(thickness);
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ExpiryBar::setLeft(double fraction, Tone tone, const QString& text) {
    m_fraction = fraction;
    m_tone = tone;
    setToolTip(text);
    setAccessibleName(text);
    update();
}

void ExpiryBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintExpiry(painter, rect(), m_fraction, m_tone, layoutDirection());
}

} // namespace kb
