// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QHeaderView>
#include <QWidget>

class QLabel;
class QHBoxLayout;

namespace kb {

enum class Tone;

/// The operations at the left of the grid: the method in its colour, then the path.
class EndpointHeader final : public QHeaderView {
    Q_OBJECT
public:
    explicit EndpointHeader(QWidget* parent = nullptr);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
};

/// How many cells came to what: a large number over a word each.
class MatrixCounts final : public QWidget {
    Q_OBJECT
public:
    struct Tile {
        int count = 0;
        QString word;
        Tone tone;
    };
    explicit MatrixCounts(QWidget* parent = nullptr);
    /// Shows the tiles; without any, the sentence. The text of both is for people who listen.
    void setTiles(const QList<Tile>& tiles, const QString& sentence);
    QString text() const { return m_text; }

private:
    void paintTiles();
    QHBoxLayout* m_row;
    QList<Tile> m_tiles;
    QString m_text;
};

} // namespace kb
