// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme_style.h"

#include "ui/theme.h"

#include <QPainter>
#include <QStyleOption>

namespace kb {

namespace {

QRectF squareIn(const QRect& place) {
    const QPointF centre = QRectF(place).center();
    return {centre.x() - 6.5, centre.y() - 6.5, 13, 13};
}

QColor edge(bool usable, bool focused) {
    return !usable ? theme().border : focused ? theme().accent : theme().muted;
}

void paintRadioButton(QPainter* painter, const QRect& place, bool on, bool usable, bool focused) {
    const QRectF round = squareIn(place);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(edge(usable, focused), 1));
    painter->setBrush(theme().surface);
    painter->drawEllipse(round);
    if (on) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(usable ? theme().accent : theme().faint);
        painter->drawEllipse(round.adjusted(3.5, 3.5, -3.5, -3.5));
    }
    painter->restore();
}

} // namespace

void paintCheckBox(QPainter* painter, const QRect& place, Qt::CheckState state, bool usable, bool focused) {
    const QRectF square = squareIn(place);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(edge(usable, focused), 1));
    painter->setBrush(theme().surface);
    painter->drawRoundedRect(square, 2.5, 2.5);
    QPen tick(usable ? theme().accent : theme().faint, 1.8);
    tick.setCapStyle(Qt::RoundCap);
    painter->setPen(tick);
    const qreal middle = square.center().y();
    if (state == Qt::Checked) {
        const QPointF points[] = {{square.left() + 3, middle + 0.5},
                                  {square.left() + 5.5, middle + 3},
                                  {square.right() - 3, middle - 3}};
        painter->drawPolyline(points, 3);
    } else if (state == Qt::PartiallyChecked) {
        painter->drawLine(QPointF(square.left() + 3.5, middle), QPointF(square.right() - 3.5, middle));
    }
    painter->restore();
}

ThemeStyle::ThemeStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void ThemeStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
    const bool usable = option->state & State_Enabled;
    const bool focused = option->state & State_HasFocus;
    switch (element) {
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        paintCheckBox(painter, option->rect,
                      option->state & State_On         ? Qt::Checked
                      : option->state & State_NoChange ? Qt::PartiallyChecked
                                                       : Qt::Unchecked,
                      usable, focused);
        return;
    case PE_IndicatorRadioButton:
        paintRadioButton(painter, option->rect, option->state & State_On, usable, focused);
        return;
    case PE_FrameTabBarBase:
        return; // tab bars have no line of their own here; behind a corner button it would end in mid-air
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

int ThemeStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* returned) const {
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
    return QProxyStyle::styleHint(hint, option, widget, returned);
}

} // namespace kb
