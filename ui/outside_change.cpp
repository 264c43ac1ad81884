// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outside_change.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kb {

OutsideChange::OutsideChange(QWidget* parent)
    : QWidget(parent), m_text(new QLabel(this)), m_buttons(new QWidget(this)) {
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    auto* mine = new QPushButton(tr("Keep mine"), m_buttons);
    auto* theirs = new QPushButton(tr("Take theirs"), m_buttons);
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(mine);
    row->addWidget(theirs);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_buttons);
    connect(mine, &QPushButton::clicked, this, [this] { answer(m_mine); });
    connect(theirs, &QPushButton::clicked, this, [this] { answer(m_theirs); });
    hide();
}

void OutsideChange::sayMerged() {
    m_text->setText(tr("Another program changed the file; its changes are in here now."));
    m_buttons->hide();
    show();
}

void OutsideChange::ask(const QStringList& conflicts, std::function<void()> mine,
                        std::function<void()> theirs) {
    m_text->setText(tr("Another program changed this file, and here and there differ: %1.")
                        .arg(conflicts.join(QStringLiteral(", "))));
    m_mine = std::move(mine);
    m_theirs = std::move(theirs);
    m_buttons->show();
    show();
    m_asks = true;
    Q_EMIT asking(true);
}

void OutsideChange::answer(const std::function<void()>& take) {
    m_asks = false;
    hide();
    take();
    Q_EMIT asking(false);
}

QString OutsideChange::text() const {
    return isHidden() ? QString() : m_text->text();
}

} // namespace kb
