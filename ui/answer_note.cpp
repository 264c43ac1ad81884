// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_note.h"

#include "ui/flow_layout.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kb {

AnswerNote::AnswerNote(QWidget* parent) : QFrame(parent), m_label(new QLabel), m_buttons(new QWidget) {
    setObjectName(QStringLiteral("answerNote"));
    m_label->setWordWrap(true);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(8);
    buttons->addStretch();
    m_buttons->hide();
    m_row = new SideBySide(m_label, m_buttons, this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->addWidget(m_row);
    connect(&theme(), &Theme::changed, this, &AnswerNote::applyTheme);
    hide();
}

void AnswerNote::setNote(const QString& text, Tone tone) {
    m_tone = tone;
    m_label->setText(text);
    m_row->setMainWidth(qMin(m_label->fontMetrics().horizontalAdvance(text) + 8, 420));
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    applyTheme();
}

QString AnswerNote::text() const {
    return m_label->text();
}

QPushButton* AnswerNote::addButton(const QString& text) {
    auto* button = new QPushButton(text, m_buttons);
    m_buttons->layout()->addWidget(button);
    m_buttons->show();
    m_row->arrange();
    return button;
}

void AnswerNote::applyTheme() {
    const ToneColours colours = theme().tone(m_tone);
    setStyleSheet(QStringLiteral("#answerNote { background: %1; border: none; border-bottom: 1px solid %2; }"
                                 "#answerNote QLabel { color: %3; }")
                      .arg(colours.fill.name(), theme().border.name(), colours.text.name()));
}

} // namespace kb
