// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_find_bar.h"

#include "ui/body_view.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>

namespace kb {

AnswerFindBar::AnswerFindBar(BodyView* view, QWidget* parent)
    : QFrame(parent),
      m_view(view),
      m_field(new QLineEdit),
      m_count(new QLabel),
      m_previous(new QPushButton(tr("Previous"))),
      m_next(new QPushButton(tr("Next"))) {
    setAccessibleName(tr("Find in body"));
    m_field->setPlaceholderText(tr("Find in body"));
    m_field->setAccessibleName(tr("Text to find"));
    m_field->setMinimumWidth(120);
    m_field->setMaximumWidth(320);
    m_count->setProperty("muted", true);
    m_count->setObjectName(QStringLiteral("findCount"));
    m_previous->setToolTip(tr("Shift+Enter"));
    m_next->setToolTip(tr("Enter"));
    auto* closeButton = new QPushButton(QStringLiteral("✕"));
    closeButton->setProperty("flat", true);
    closeButton->setAccessibleName(tr("Close the find bar"));
    closeButton->setToolTip(tr("Escape"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(8);
    layout->addWidget(m_field, 1);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    layout->addWidget(m_count);
    layout->addStretch();
    layout->addWidget(closeButton);
    connect(m_field, &QLineEdit::textChanged, this, &AnswerFindBar::search);
    connect(m_previous, &QPushButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QPushButton::clicked, this, [this] { step(1); });
    connect(closeButton, &QPushButton::clicked, this, &AnswerFindBar::close);
    connect(&m_search, &BodySearch::finished, this, &AnswerFindBar::report);
    hide();
    showCount();
}

void AnswerFindBar::open() {
    show();
    const QString selected = m_view->hasSelection() ? m_view->selectedText() : QString();
    if (!selected.isEmpty() && selected.size() <= 200 && !selected.contains(u'\n'))
        m_field->setText(selected);
    else
        search();
    m_field->selectAll();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

void AnswerFindBar::close() {
    m_search.cancel();
    m_searching = false;
    m_view->setMatches({});
    hide();
    m_view->setFocus(Qt::OtherFocusReason);
}

void AnswerFindBar::again() {
    if (isVisibleTo(parentWidget())) search();
}

void AnswerFindBar::search() {
    const BodyNeedle needle = BodyNeedle::of(m_field->text(), m_view->lines().mode());
    m_searching = true;
    showCount();
    m_search.start(m_view->lines().bytes(), needle);
}

void AnswerFindBar::report(const QList<BodyStretch>& matches, bool more) {
    m_searching = false;
    m_more = more;
    m_view->setMatches(matches);
    m_at = m_view->matchAfterCaret();
    m_view->showMatch(m_at);
    showCount();
}

void AnswerFindBar::step(int by) {
    const qsizetype count = m_view->matchCount();
    if (count == 0) return;
    m_at = (m_at + by + count) % count;
    m_view->showMatch(m_at);
    showCount();
}

void AnswerFindBar::showCount() {
    const qsizetype count = m_view->matchCount();
    const QLocale locale;
    const bool found = count > 0 && !m_searching;
    m_previous->setEnabled(found);
    m_next->setEnabled(found);
    QString text;
    if (m_searching)
        text = tr("Searching…");
    else if (m_field->text().isEmpty())
        text.clear();
    else if (count == 0)
        text = tr("No match");
    else if (m_more)
        text = tr("%1 of more than %2").arg(locale.toString(m_at + 1), locale.toString(count));
    else
        text = tr("%1 of %2").arg(locale.toString(m_at + 1), locale.toString(count));
    m_count->setText(text);
    const bool missing = text == tr("No match");
    if (m_field->property("problem").toBool() != missing) {
        m_field->setProperty("problem", missing);
        // A style sheet looks at properties only when told to.
        m_field->setStyleSheet(m_field->styleSheet());
    }
}

QString AnswerFindBar::countText() const {
    return m_count->text();
}

void AnswerFindBar::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Escape:
        close();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        step(event->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
        return;
    default:
        QFrame::keyPressEvent(event);
    }
}

} // namespace kb
