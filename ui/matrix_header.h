// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractButton>
#include <QHeaderView>
#include <QWidget>

class QLabel;
class QHBoxLayout;

namespace kb {

enum class Tone;

/// One number of MatrixCounts, and what it counts.
class CountTile final : public QAbstractButton {
    Q_OBJECT
public:
    explicit CountTile(QWidget* parent = nullptr);
    void setCount(int count, const QString& word, Tone tone);
    QSize sizeHint() const override;
    int kind = -1;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QFont large() const;
    QString m_number, m_word;
    Tone m_tone{};
};

/// The operations at the left of the grid: the method in its colour, then the path.
class EndpointHeader final : public QHeaderView {
    Q_OBJECT
public:
    explicit EndpointHeader(QWidget* parent = nullptr);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
};

/// How many cells came to what: a large number over a word each. A click on one shows its rows.
class MatrixCounts final : public QWidget {
    Q_OBJECT
public:
    struct Tile {
        int count = 0;
        QString word;
        Tone tone;
        int kind = -1; ///< which rows it stands for, for chosen(); -1: none
    };
    explicit MatrixCounts(QWidget* parent = nullptr);
    /// Shows the tiles; without any, the sentence. The text of both is for people who listen.
    void setTiles(const QList<Tile>& tiles, const QString& sentence);
    QString text() const { return m_text; }

Q_SIGNALS:
    void chosen(int kind);

private:
    QHBoxLayout* m_row;
    QLabel* m_sentence;
    QList<CountTile*> m_tiles;
    QString m_text;
};

} // namespace kb
