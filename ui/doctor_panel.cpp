// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/doctor_panel.h"

#include "ui/answer_prose.h"
#include "ui/flow_layout.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

namespace kb {

DoctorPanel::DoctorPanel(QWidget* parent)
    : QFrame(parent),
      m_sentence(new QLabel),
      m_buttons(new QWidget),
      m_buttonFlow(new FlowLayout(m_buttons, 8, 6)),
      m_layout(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("doctor"));
    m_sentence->setObjectName(QStringLiteral("doctorSentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont bold = m_sentence->font();
    bold.setWeight(QFont::DemiBold);
    m_sentence->setFont(bold);
    m_head = new SideBySide(m_sentence, m_buttons, this);
    m_head->boxLayout().setSpacing(10);
    m_layout->setContentsMargins(14, 10, 12, 10);
    m_layout->setSpacing(6);
    m_layout->addWidget(m_head);
    connect(&theme(), &Theme::changed, this, &DoctorPanel::applyTheme);
    hide();
}

void DoctorPanel::applyTheme() {
    const QColor edge = m_finding ? theme().tone(Tone::Bad).text : theme().faint;
    setStyleSheet(QStringLiteral("#doctor { background: %1; border: 1px solid %2; border-left: 4px solid %3; "
                                 "border-top-right-radius: 4px; border-bottom-right-radius: 4px; }")
                      .arg(theme().surface.name(), theme().border.name(), edge.name()));
}

void DoctorPanel::addProse(const QString& text, const EvidenceWords& words) {
    auto* prose = new Prose(this);
    prose->setProperty("muted", true);
    prose->setProse(text, markEvidence(text, words));
    m_layout->addWidget(prose);
    prose->show();
    m_lines.append(prose);
    m_said.append(text);
}

void DoctorPanel::setResult(const RunResult& result) {
    qDeleteAll(m_lines);
    m_lines.clear();
    m_said.clear();
    m_buttonFlow->clear();
    setVisible(result.diagnosis.has_value());
    if (!result.diagnosis) return;
    const Diagnosis& found = *result.diagnosis;
    m_finding = found.decided;
    applyTheme();
    m_sentence->setText(found.sentence);
    m_said.append(found.sentence);
    const int wanted = m_sentence->fontMetrics().horizontalAdvance(found.sentence) + 8;
    m_head->setMainWidth(qMin(wanted, 420));

    const EvidenceWords words{found.missingScopes, found.tokenScopes, found.challengeText};
    if (!found.evidence.isEmpty()) addProse(found.evidence.join(u' '), words);
    if (!found.decided && !found.wouldDecide.isEmpty()) {
        QString list = tr("Not decided. What would decide it:");
        for (const QString& would : found.wouldDecide)
            list += QStringLiteral("\n• ") + would;
        addProse(list, words);
    }
    for (const Remedy& remedy : found.remedies) {
        auto* button = new QPushButton(remedy.label, m_buttons);
        button->setAccessibleDescription(found.sentence);
        connect(button, &QPushButton::clicked, this, [this, remedy] { Q_EMIT remedyChosen(remedy); });
        m_buttonFlow->addWidget(button);
        button->show();
    }
    m_buttons->setVisible(!found.remedies.isEmpty());
    setAccessibleName(found.sentence);
    setAccessibleDescription(m_said.mid(1).join(u' '));
    m_head->arrange();
}

QString DoctorPanel::plainText() const {
    return m_said.join(u'\n');
}

void DoctorPanel::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(tr("Copy explanation"), this,
                   [this] { QGuiApplication::clipboard()->setText(plainText()); });
    menu.exec(event->globalPos());
}

} // namespace kb
