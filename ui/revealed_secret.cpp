// SPDX-License-Identifier: GPL-3.0-or-later
// RevealedSecret: the one widget that draws a secret.
#include "ui/secret_reveal.h"
#include "ui/theme.h"

#include <QPainter>

namespace kb {

namespace {

constexpr int mostLinesShown = 6;
constexpr int pad = 6;

} // namespace

RevealedSecret::RevealedSecret(QWidget* parent) : QWidget(parent) {
    setFont(theme().monospace());
    hide();
    connect(&theme(), &Theme::changed, this, [this] { setFont(theme().monospace()); });
}

RevealedSecret::~RevealedSecret() = default;

void RevealedSecret::reveal(Secret secret) {
    m_secret.emplace(std::move(secret));
    setAccessibleName(
        tr("The secret, %n bytes, is on the screen", nullptr, static_cast<int>(m_secret->size())));
    // Hidden until now, it may still have the width of another day.
    if (parentWidget()) resize(parentWidget()->width(), height());
    fitHeight();
    show();
    update();
}

void RevealedSecret::conceal() {
    m_secret.reset();
    setAccessibleName({});
    hide();
}

void RevealedSecret::hideEvent(QHideEvent* event) {
    m_secret.reset();
    QWidget::hideEvent(event);
}

int RevealedSecret::columns() const {
    // Characters may be a fraction of a pixel wide, which adds up over a line.
    const qreal one = QFontMetricsF(font()).horizontalAdvance(QString(100, QLatin1Char('0'))) / 100;
    return qMax(8, static_cast<int>((width() - 2 * pad) / qMax(1.0, one)));
}

void RevealedSecret::fitHeight() {
    const auto size = m_secret ? static_cast<int>(m_secret->size()) : 0;
    const int lines = qBound(1, (size + columns() - 1) / columns(), mostLinesShown);
    const int height = lines * fontMetrics().height() + 2 * pad;
    if (height != minimumHeight()) setFixedHeight(height);
}

void RevealedSecret::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitHeight();
}

void RevealedSecret::paintEvent(QPaintEvent*) {
    if (!m_secret) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().tone(Tone::Warn).fill);
    painter.drawRoundedRect(rect(), 5, 5);
    painter.setPen(theme().tone(Tone::Warn).text);
    painter.setFont(font());
    const std::string_view bytes = m_secret->reveal();
    QString text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    const int perLine = columns();
    int y = pad;
    for (int line = 0; line < mostLinesShown && line * perLine < text.size(); ++line) {
        QString part = text.mid(line * perLine, perLine);
        QString rest;
        if (line == mostLinesShown - 1 && text.size() > mostLinesShown * perLine) {
            rest = tr(" … %n more characters", nullptr, static_cast<int>(text.size() - line * perLine));
            wipeText(part);
            part.clear();
        }
        painter.drawText(QRect(pad, y, width() - 2 * pad, fontMetrics().height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, rest.isEmpty() ? part : rest);
        wipeText(part);
        y += fontMetrics().height();
    }
    wipeText(text);
}

} // namespace kb
