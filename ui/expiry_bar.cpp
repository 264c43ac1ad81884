// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/expiry_bar.h"

#include <QPainter>

namespace kb {

ExpiryBar::ExpiryBar(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(7);
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ExpiryBar::setFraction(double fraction, Tone tone) {
    m_fraction = fraction;
    m_tone = tone;
    setAccessibleName(fraction < 0 ? tr("Time left is not known")
                                   : tr("%1 % of its life left").arg(qRound(fraction * 100)));
    update();
}

void ExpiryBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().bar);
    painter.drawRoundedRect(rect(), 3.5, 3.5);
    if (m_fraction <= 0) return;
    QRectF rest = rect();
    rest.setWidth(qMax<qreal>(rest.height(), rest.width() * qMin(1.0, m_fraction)));
    painter.setBrush(theme().tone(m_tone).text);
    painter.drawRoundedRect(rest, 3.5, 3.5);
}

} // namespace kb
