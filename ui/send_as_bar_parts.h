// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme.h"

#include <QWidget>
#include <functional>

namespace kb {

/// The first scopes as pills, and "+2" for those that find no room; all of them in the tool tip.
class ScopePills final : public QWidget {
    Q_OBJECT
public:
    explicit ScopePills(QWidget* parent = nullptr);
    void setScopes(const QStringList& scopes);
    QStringList scopes() const { return m_scopes; }
    int shownCount() const { return fit(width()); }
    int usedWidth(int available) const { return widthOf(fit(available)); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int fit(int width) const;
    int widthOf(int shown) const;
    int pillWidth(const QString& text) const;
    QStringList m_scopes;
};

/// Shows the longest of several wordings that fits, the last one elided if it must be.
class FittingLabel final : public QWidget {
    Q_OBJECT
public:
    explicit FittingLabel(QWidget* parent = nullptr);
    void setForms(const QStringList& longestFirst);
    QString shownText() const { return textFor(width()); }
    int usedWidth(int available) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString textFor(int available) const;
    QStringList m_forms;
};

/// A row of widgets that never wraps and never asks for more than it has: what ranks low gives way first.
class FitRow final : public QWidget {
    Q_OBJECT
public:
    explicit FitRow(QWidget* parent = nullptr);
    struct Place {
        int keep = 0;          ///< 0 always stays; of the others the highest number goes first
        int grow = 0;          ///< who gets spare room first: the lowest number; 0 keeps its minimum
        bool trailing = false; ///< at the far end
    };
    /// In the order they stand.
    void add(QWidget* widget, Place place);
    /// A widget that shows itself in steps tells how much of a width it would really use.
    void setSteps(QWidget* widget, std::function<int(int)> usedWidth);
    /// Whether the widget is wanted at all.
    void setWanted(QWidget* widget, bool wanted);
    void arrange();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Item {
        QWidget* widget;
        Place place;
        std::function<int(int)> usedWidth;
        bool wanted = true;
    };
    static int least(const Item& item);
    QList<Item> m_items;
};

} // namespace kb
