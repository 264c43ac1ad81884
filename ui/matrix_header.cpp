// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_header.h"

#include "ui/matrix_filter.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyle>

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
    if (model()->headerData(section, orientation(), MatrixModel::AlarmRole).toBool()) {
        painter->setPen(theme().tone(Tone::Warn).text);
        painter->drawText(inner, Qt::AlignVCenter | Qt::AlignRight, QStringLiteral("⚠"));
        inner.setRight(inner.right() - metrics.horizontalAdvance(QStringLiteral("⚠")) - 8);
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
    QString path = text.mid(qMax(qsizetype(7), method.size())).trimmed();
    // Folded, it stands for all of them.
    if (place.more > 0 && !filter.isOpen(row)) path = path.section(QStringLiteral("  ["), 0, 0);
    painter->setPen(palette().color(QPalette::Text));
    painter->drawText(inner.adjusted(column, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                      metrics.elidedText(path, Qt::ElideMiddle, inner.width() - column));
    painter->restore();
}

CountTile::CountTile(QWidget* parent) : QAbstractButton(parent) {
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setToolTip(tr("Shows these rows; once more shows all"));
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void CountTile::setCount(int count, const QString& word, Tone tone) {
    const QString number = QString::number(count);
    const bool wider = number.size() != m_number.size() || word != m_word;
    m_number = number;
    m_word = word;
    m_tone = tone;
    setAccessibleName(QString(number + u' ' + word));
    setEnabled(kind >= 0);
    if (wider) updateGeometry();
    update();
}

QFont CountTile::large() const {
    QFont made = font();
    made.setPointSizeF(made.pointSizeF() * 1.7);
    made.setWeight(QFont::DemiBold);
    return made;
}

QSize CountTile::sizeHint() const {
    const QFontMetrics number(large()), word(font());
    return {qMax(number.horizontalAdvance(m_number), word.horizontalAdvance(m_word)) + 4,
            number.height() + word.height() + 2};
}

void CountTile::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QFontMetrics number(large());
    painter.setFont(large());
    painter.setPen(theme().tone(m_tone).text);
    painter.drawText(QRect(2, 0, width() - 2, number.height()), Qt::AlignLeft | Qt::AlignVCenter, m_number);
    painter.setFont(font());
    painter.setPen(underMouse() && isEnabled() ? palette().color(QPalette::Text) : theme().muted);
    painter.drawText(QRect(2, number.height(), width() - 2, height() - number.height()),
                     Qt::AlignLeft | Qt::AlignTop, m_word);
    if (!hasFocus()) return;
    painter.setPen(QPen(theme().accent, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(.75, .75, -.75, -.75), 4, 4);
}

MatrixCounts::MatrixCounts(QWidget* parent)
    : QWidget(parent), m_row(new QHBoxLayout(this)), m_sentence(new QLabel(this)) {
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(24);
    m_sentence->setTextFormat(Qt::PlainText);
    m_row->addWidget(m_sentence);
    m_row->addStretch(1);
}

void MatrixCounts::setTiles(const QList<Tile>& tiles, const QString& sentence) {
    QStringList parts;
    for (const Tile& tile : tiles)
        parts.append(QStringLiteral("%1 %2").arg(tile.count).arg(tile.word));
    if (!sentence.isEmpty()) parts.append(sentence);
    m_text = parts.join(QStringLiteral("  ·  "));
    setAccessibleName(m_text);
    // They stay the same ones while a run counts them up: who is on one with the keys stays there.
    while (m_tiles.size() < tiles.size()) {
        auto* tile = new CountTile(this);
        connect(tile, &CountTile::clicked, this, [this, tile] { Q_EMIT chosen(tile->kind); });
        m_row->insertWidget(int(m_tiles.size()), tile);
        m_tiles.append(tile);
    }
    for (int i = 0; i < m_tiles.size(); ++i) {
        m_tiles.at(i)->setVisible(i < tiles.size());
        if (i >= tiles.size()) continue;
        m_tiles.at(i)->kind = tiles.at(i).kind;
        m_tiles.at(i)->setCount(tiles.at(i).count, tiles.at(i).word, tiles.at(i).tone);
    }
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    m_row->setAlignment(m_sentence, tiles.isEmpty() ? Qt::AlignVCenter : Qt::AlignBottom);
    if (m_sentence->property("muted").toBool() == tiles.isEmpty()) {
        m_sentence->setProperty("muted", !tiles.isEmpty());
        m_sentence->style()->polish(m_sentence);
    }
}

} // namespace kb
