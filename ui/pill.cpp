// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pill.h"

#include <QEvent>
#include <QPainter>

namespace kb {

Pill::Pill(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

Pill::Pill(const QString& text, Tone tone, QWidget* parent) : Pill(parent) {
    m_tone = tone;
    setText(text);
}

void Pill::setText(const QString& text) {
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Pill::setTone(Tone tone) {
    m_tone = tone;
    update();
}

void Pill::setStrong(bool strong) {
    m_strong = strong;
    updateGeometry();
    update();
}

QSize Pill::sizeHint() const {
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(bold);
    const int margin = m_strong ? 10 : 8;
    return {metrics.horizontalAdvance(m_text) + 2 * margin, metrics.height() + (m_strong ? 8 : 4)};
}

QSize Pill::minimumSizeHint() const {
    return {qMin(sizeHint().width(), 40), sizeHint().height()};
}

void Pill::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ToneColours colours = theme().tone(m_tone);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.fill);
    const qreal radius = m_strong ? 4 : height() / 2.0;
    painter.drawRoundedRect(rect(), radius, radius);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(colours.text);
    const int margin = m_strong ? 10 : 8;
    const QString shown = QFontMetrics(bold).elidedText(m_text, Qt::ElideRight, width() - 2 * margin + 1);
    if (shown != m_text && toolTip().isEmpty()) setToolTip(m_text);
    painter.drawText(rect(), Qt::AlignCenter, shown);
}

void Pill::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) updateGeometry();
    QWidget::changeEvent(event);
}

} // namespace kb
