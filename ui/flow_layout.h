// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QBoxLayout>
#include <QLayout>
#include <QWidget>

namespace kb {

/// Lays widgets out like words: on to the next row when one is full. Hidden widgets take no room.
class FlowLayout final : public QLayout {
    Q_OBJECT
public:
    explicit FlowLayout(QWidget* parent = nullptr, int spacingX = 8, int spacingY = 6);
    ~FlowLayout() override;
    void addItem(QLayoutItem* item) override { m_items.append(item); }
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override; ///< of everything in one row
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;
    void clear(); ///< deletes the widgets

private:
    int arrange(const QRect& rect, bool apply) const;
    QList<QLayoutItem*> m_items;
    int m_spacingX;
    int m_spacingY;
};

/// Two widgets side by side where both fit, else one above the other.
class SideBySide final : public QWidget {
    Q_OBJECT
public:
    SideBySide(QWidget* main, QWidget* side, QWidget* parent = nullptr);
    /// The width the main widget wants before the side one goes below; its size hint where none is set.
    void setMainWidth(int width);
    QBoxLayout& boxLayout() { return *m_layout; }
    bool isSideBySide() const { return m_layout->direction() == QBoxLayout::LeftToRight; }
    void arrange();

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    QWidget* m_main;
    QWidget* m_side;
    QBoxLayout* m_layout;
    int m_mainWidth = -1;
};

} // namespace kb
