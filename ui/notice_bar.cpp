// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kb {

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent), m_label(new QLabel(this)), m_buttons(new QHBoxLayout) {
    setObjectName(QStringLiteral("notice"));
    m_label->setWordWrap(true);
    m_label->setTextFormat(Qt::PlainText);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->addWidget(m_label, 1);
    layout->addLayout(m_buttons);
    auto* close = new QPushButton(QStringLiteral("✕"), this);
    close->setProperty("flat", true);
    close->setAccessibleName(tr("Close this message"));
    layout->addWidget(close);
    connect(close, &QPushButton::clicked, this, [this] {
        const QString said = m_label->text();
        dismiss();
        Q_EMIT closed(said);
    });
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &NoticeBar::dismiss);
    connect(&theme(), &Theme::changed, this, &NoticeBar::paintTone);
    hide();
}

void NoticeBar::showNotice(const QString& text, Tone tone, const QList<Action>& actions, int seconds) {
    m_tone = tone;
    paintTone();
    m_label->setText(text);
    setAccessibleName(text);
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const Action& action : actions) {
        auto* button = new QPushButton(action.label, this);
        m_buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, run = action.run] {
            dismiss();
            run();
        });
    }
    show();
    if (seconds > 0)
        m_timer.start(seconds * 1000);
    else
        m_timer.stop();
}

QString NoticeBar::text() const {
    return isHidden() ? QString() : m_label->text();
}

void NoticeBar::dismiss() {
    m_timer.stop();
    hide();
}

void NoticeBar::paintTone() {
    const ToneColours colours = theme().tone(m_tone);
    setStyleSheet(QStringLiteral(
                      "#notice { background: %1; border-top: 1px solid %2; } #notice > QLabel { color: %3; }")
                      .arg(colours.fill.name(), theme().border.name(), colours.text.name()));
}

} // namespace kb
