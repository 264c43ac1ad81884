// SPDX-License-Identifier: GPL-3.0-or-later
// Finds what a screen reader could not tell: every control that can be used and has no name.
#pragma once
#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QTabBar>

namespace kb::test {

/// The controls below `top` that can be seen and used and have no accessible name, a line each. What Qt makes
/// inside a control of its own (the line of a spin box, a tab bar's arrows) is named by its owner.
inline QStringList namelessControls(const QWidget& top) {
    QStringList nameless;
    for (QWidget* widget : top.findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->focusProxy()) continue;
        const QWidget* owner = widget->parentWidget();
        if (qobject_cast<const QAbstractSpinBox*>(owner) || qobject_cast<const QComboBox*>(owner) ||
            qobject_cast<const QTabBar*>(owner) || qobject_cast<const QAbstractScrollArea*>(owner))
            if (!qobject_cast<const QAbstractItemView*>(owner)) continue;
        if (widget->objectName().startsWith(QLatin1String("qt_"))) continue;
        const bool control = qobject_cast<const QAbstractButton*>(widget) ||
                             qobject_cast<const QLineEdit*>(widget) ||
                             qobject_cast<const QComboBox*>(widget) || (widget->focusPolicy() & Qt::TabFocus);
        if (!control) continue;
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        if (face && !face->text(QAccessible::Name).trimmed().isEmpty()) continue;
        QString line = QString::fromLatin1(widget->metaObject()->className());
        for (const QWidget* up = owner; up && up != top.parentWidget(); up = up->parentWidget())
            line += QStringLiteral(" in ") + QString::fromLatin1(up->metaObject()->className());
        nameless << line;
    }
    return nameless;
}

} // namespace kb::test
