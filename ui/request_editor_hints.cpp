// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_hints.h"

#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kb {

namespace {

/// More than this many lines would push the tables out of sight; the rest is in the last line's tool tip.
constexpr qsizetype mostLines = 4;

} // namespace

RequestHints::RequestHints(QWidget* parent) : QWidget(parent), m_lines(new QVBoxLayout(this)) {
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(4);
    setAccessibleName(tr("Remarks on the request"));
    connect(&theme(), &Theme::changed, this, &RequestHints::rebuild);
    hide();
}

void RequestHints::setHints(const QList<RequestHint>& hints) {
    if (hints == m_hints) return;
    m_hints = hints;
    rebuild();
}

void RequestHints::rebuild() {
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        // Kept until control returns: the click that brought us here may come from one of these buttons.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    const qsizetype shown = m_hints.size() > mostLines ? mostLines - 1 : m_hints.size();
    QWidget* before = m_after;
    for (qsizetype i = 0; i < shown; ++i) {
        QWidget* line = makeLine(m_hints[i]);
        m_lines->addWidget(line);
        // A layout shows new widgets only when the event loop comes round, which would flicker.
        line->show();
        QPushButton* button = line->findChild<QPushButton*>();
        if (!before || !button) continue;
        setTabOrder(before, button);
        before = button;
    }
    if (shown < m_hints.size()) {
        QStringList rest;
        for (qsizetype i = shown; i < m_hints.size(); ++i)
            rest.append(m_hints[i].text);
        auto* more = new QLabel(tr("%n more", nullptr, static_cast<int>(m_hints.size() - shown)), this);
        more->setProperty("muted", true);
        more->setToolTip(rest.join(QLatin1Char('\n')));
        m_lines->addWidget(more);
    }
    setVisible(!m_hints.isEmpty());
}

QWidget* RequestHints::makeLine(const RequestHint& hint) {
    const ToneColours colours = theme().tone(hint.tone);
    auto* line = new QFrame(this);
    line->setObjectName(QStringLiteral("hint"));
    line->setStyleSheet(
        QStringLiteral("QFrame#hint { background: %1; border-radius: 5px; } QLabel { color: %2; }")
            .arg(colours.fill.name(), colours.text.name()));
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(8, 3, hint.action.isEmpty() ? 8 : 3, 3);
    auto* sign = new QLabel(hint.tone == Tone::Bad ? QStringLiteral("✕") : QStringLiteral("!"), line);
    QFont bold = sign->font();
    bold.setBold(true);
    sign->setFont(bold);
    sign->setFixedWidth(sign->fontMetrics().horizontalAdvance(QStringLiteral("✕")) + 2);
    sign->setAlignment(Qt::AlignCenter);
    auto* text = new QLabel(hint.text, line);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setContentsMargins(0, 2, 0, 2);
    row->addWidget(sign);
    row->addWidget(text, 1);
    if (!hint.action.isEmpty()) {
        auto* button = new QPushButton(hint.action, line);
        button->setProperty("compact", true);
        button->setAccessibleName(hint.action % QStringLiteral(": ") % hint.text);
        connect(button, &QPushButton::clicked, this, [this, hint] { Q_EMIT actionChosen(hint); });
        row->addWidget(button);
    }
    return line;
}

} // namespace kb
