// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_header.h"

#include "ui/matrix_filter.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace kb {

EndpointHeader::EndpointHeader(QWidget* parent) : QHeaderView(Qt::Vertical, parent) {
    setSectionsClickable(true);
    connect(&theme(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void EndpointHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    if (!rect.isValid()) return;
    const QString text = model()->headerData(section, orientation(), Qt::DisplayRole).toString();
    const QString method = model()->headerData(section, orientation(), MatrixModel::MethodRole).toString();
    painter->save();
    painter->fillRect(rect, palette().color(QPalette::Base));
    painter->setPen(palette().color(QPalette::Mid));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->setFont(font());
    const QFontMetrics metrics(font());
    QRect inner = rect.adjusted(8, 0, -6, 0);
    const auto& filter = *static_cast<const MatrixFilter*>(model());
    const auto& rows = *static_cast<const MatrixModel*>(filter.sourceModel());
    const int row = filter.mapToSource(filter.index(section, 0)).row();
    const MatrixModel::Place place = rows.placeOf(row);
    const QString sign = filter.isOpen(row) ? QStringLiteral("▾ ") : QStringLiteral("▸ ");
    if (place.head) {
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter->setFont(bold);
        painter->setPen(palette().color(QPalette::Text));
        painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                          QFontMetrics(bold).elidedText(QString(sign + text), Qt::ElideRight, inner.width()));
        return painter->restore();
    }
    if (place.more > 0) {
        const QString more = QString(sign + QString::number(place.more));
        painter->setPen(theme().muted);
        painter->drawText(inner, Qt::AlignVCenter | Qt::AlignRight, more);
        inner.setRight(inner.right() - metrics.horizontalAdvance(more) - 8);
    }
    painter->setPen(theme().methodColour(method));
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, method);
    // The path begins where the longest usual method ends, in every row.
    const int column = metrics.horizontalAdvance(QStringLiteral("OPTIONS "));
    const QString path = text.mid(qMax(qsizetype(7), method.size())).trimmed();
    painter->setPen(palette().color(QPalette::Text));
    painter->drawText(inner.adjusted(column, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                      metrics.elidedText(path, Qt::ElideMiddle, inner.width() - column));
    painter->restore();
}

MatrixCounts::MatrixCounts(QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(28);
    connect(&theme(), &Theme::changed, this, &MatrixCounts::paintTiles);
}

void MatrixCounts::setTiles(const QList<Tile>& tiles, const QString& sentence) {
    m_tiles = tiles;
    QStringList parts;
    for (const Tile& tile : tiles)
        parts.append(QStringLiteral("%1 %2").arg(tile.count).arg(tile.word));
    if (!sentence.isEmpty()) parts.append(sentence);
    m_text = parts.join(QStringLiteral("  ·  "));
    setAccessibleName(m_text);
    while (QLayoutItem* item = m_row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Tile& tile : tiles) {
        auto* box = new QWidget(this);
        auto* column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        auto* number = new QLabel(QString::number(tile.count), box);
        QFont large = font();
        large.setPointSizeF(large.pointSizeF() * 1.7);
        large.setWeight(QFont::DemiBold);
        number->setFont(large);
        auto* word = new QLabel(tile.word, box);
        word->setProperty("muted", true);
        column->addWidget(number);
        column->addWidget(word);
        m_row->addWidget(box);
    }
    if (!sentence.isEmpty()) {
        auto* label = new QLabel(sentence, this);
        label->setProperty("muted", !tiles.isEmpty());
        label->setTextFormat(Qt::PlainText);
        m_row->addWidget(label, 0, tiles.isEmpty() ? Qt::AlignVCenter : Qt::AlignBottom);
    }
    m_row->addStretch(1);
    paintTiles();
}

void MatrixCounts::paintTiles() {
    for (int i = 0; i < m_tiles.size() && i < m_row->count(); ++i) {
        auto* number = m_row->itemAt(i)->widget()->findChild<QLabel*>();
        QPalette colours = number->palette();
        colours.setColor(QPalette::WindowText, theme().tone(m_tiles.at(i).tone).text);
        number->setPalette(colours);
    }
}

} // namespace kb
