// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_segments.h"

#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace kb {

AnswerSegments::AnswerSegments(const QStringList& labels, QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("segments"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (int i = 0; i < labels.size(); ++i) {
        auto* button = new QPushButton(labels.at(i));
        button->setCheckable(true);
        const bool first = i == 0;
        const bool last = i == labels.size() - 1;
        button->setProperty("place", first ? "first" : last ? "last" : "middle");
        // The chosen one is set in a heavier face: room for it from the start, so that nothing moves or is
        // cut.
        QFont heavy = button->font();
        heavy.setWeight(QFont::DemiBold);
        button->setMinimumWidth(QFontMetrics(heavy).horizontalAdvance(labels.at(i)) + 24);
        m_group.addButton(button, i);
        layout->addWidget(button);
    }
    m_group.setExclusive(true);
    connect(&m_group, &QButtonGroup::idClicked, this, &AnswerSegments::chosen);
    connect(&theme(), &Theme::changed, this, &AnswerSegments::applyTheme);
    applyTheme();
}

void AnswerSegments::setCurrent(int index) {
    if (QAbstractButton* button = m_group.button(index)) button->setChecked(true);
}

void AnswerSegments::setAvailable(int index, bool available, const QString& whyNot) {
    QAbstractButton* button = m_group.button(index);
    if (!button) return;
    button->setEnabled(available);
    button->setToolTip(available ? QString() : whyNot);
}

bool AnswerSegments::isAvailable(int index) const {
    const QAbstractButton* button = m_group.button(index);
    return button && button->isEnabled();
}

void AnswerSegments::applyTheme() {
    const Theme& t = theme();
    setStyleSheet(
        QStringLiteral("QPushButton { border-radius: 0; padding: 4px 10px; margin-left: -1px; color: %1; }"
                       "QPushButton:checked { background: %2; color: %3; font-weight: 600; }"
                       "QPushButton:disabled { color: %4; }"
                       "QPushButton[place=\"first\"] { margin-left: 0; border-top-left-radius: 5px; "
                       "border-bottom-left-radius: 5px; }"
                       "QPushButton[place=\"last\"] { border-top-right-radius: 5px; "
                       "border-bottom-right-radius: 5px; }")
            .arg(t.muted.name(), t.selection.name(), t.text.name(), t.faint.name()));
}

} // namespace kb
