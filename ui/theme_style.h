// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QProxyStyle>

namespace kb {

/// Fusion with boxes and radio buttons drawn in the theme's colours: its own have no outline on a dark
/// ground.
class ThemeStyle final : public QProxyStyle {
    Q_OBJECT
public:
    ThemeStyle();
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returned) const override;
};

/// A box of 13 pixels in the middle of `place`, with a tick where it is checked.
void paintCheckBox(QPainter* painter, const QRect& place, Qt::CheckState state, bool usable, bool focused);

} // namespace kb
