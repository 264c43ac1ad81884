// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/conflict_bar.h"

#include "core/auth/redactor.h"
#include "core/runner/runner_record.h"
#include "ui/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

namespace {

constexpr int mostRows = 5;
constexpr int mostLetters = 56;

/// What stands on the screen, and in a tool tip, shows no token that somebody typed where it does not belong.
QString withoutTokens(const QString& text) {
    static const Redactor shapes;
    return text.contains(QLatin1String("://")) ? shownAddress(text) : shapes.text(text);
}

} // namespace

ConflictBar::ConflictBar(QWidget* parent)
    : QFrame(parent),
      m_text(new QLabel(this)),
      m_list(new QWidget(this)),
      m_rows(new QGridLayout(m_list)),
      m_mine(new QPushButton(tr("Keep mine"), this)),
      m_theirs(new QPushButton(tr("Take theirs"), this)),
      m_action(new QPushButton(this)),
      m_close(new QPushButton(QStringLiteral("✕"), this)) {
    setObjectName(QStringLiteral("conflict"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_close->setProperty("flat", true);
    m_close->setAccessibleName(tr("Close this message"));
    m_rows->setContentsMargins(0, 2, 0, 2);
    m_rows->setHorizontalSpacing(18);
    m_rows->setVerticalSpacing(2);
    for (int column : {1, 2})
        m_rows->setColumnStretch(column, 1);
    auto* head = new QHBoxLayout;
    head->addWidget(m_text, 1);
    for (QPushButton* button : {m_mine, m_theirs, m_action, m_close})
        head->addWidget(button);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(m_list);
    connect(m_mine, &QPushButton::clicked, this, &ConflictBar::mineChosen);
    connect(m_theirs, &QPushButton::clicked, this, &ConflictBar::theirsChosen);
    connect(m_close, &QPushButton::clicked, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        if (m_run) m_run();
    });
    connect(&theme(), &Theme::changed, this, &ConflictBar::paintTone);
    hide();
}

void ConflictBar::clearRows() {
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void ConflictBar::showConflicts(const QList<MergeConflict>& conflicts) {
    m_asks = true;
    m_text->setText(tr("Another program changed this request where you did, too. All else is merged. "
                       "Which of these are to count?"));
    clearRows();
    int row = 0;
    const auto add = [&](const QString& place, const QString& mine, const QString& theirs, bool heading) {
        int column = 0;
        for (const QString& text : {place, mine, theirs}) {
            auto* label = new QLabel(m_list);
            label->setTextFormat(Qt::PlainText);
            const QString line = text.simplified();
            label->setText(line.size() > mostLetters ? line.left(mostLetters) + u'…' : line);
            if (line.size() > mostLetters || line != text) label->setToolTip(text);
            if (heading || column == 0) label->setProperty("muted", true);
            m_rows->addWidget(label, row, column++);
        }
        ++row;
    };
    add({}, tr("Mine"), tr("Theirs, on disk"), true);
    const QString removed = tr("(removed)");
    for (const MergeConflict& each : conflicts.first(qMin(conflicts.size(), qsizetype(mostRows))))
        add(each.place, each.mine.isEmpty() ? removed : withoutTokens(each.mine),
            each.theirs.isEmpty() ? removed : withoutTokens(each.theirs), false);
    if (conflicts.size() > mostRows)
        add(tr("and %n more", nullptr, static_cast<int>(conflicts.size()) - mostRows), {}, {}, false);
    m_list->show();
    for (QPushButton* button : {m_mine, m_theirs})
        button->show();
    for (QPushButton* button : {m_action, m_close})
        button->hide();
    setAccessibleName(m_text->text());
    paintTone();
    show();
}

void ConflictBar::showNote(const QString& text, const QString& action, std::function<void()> run) {
    m_asks = false;
    m_text->setText(text);
    m_run = std::move(run);
    m_action->setText(action);
    m_list->hide();
    for (QPushButton* button : {m_mine, m_theirs})
        button->hide();
    m_action->setVisible(!action.isEmpty());
    m_close->show();
    setAccessibleName(text);
    paintTone();
    show();
}

QString ConflictBar::text() const {
    return isHidden() ? QString() : m_text->text();
}

void ConflictBar::paintTone() {
    const ToneColours colours = theme().tone(m_asks ? Tone::Warn : Tone::Info);
    setStyleSheet(QStringLiteral("#conflict { background: %1; border-bottom: 1px solid %2; } "
                                 "#conflict QLabel { color: %3; background: transparent; }")
                      .arg(colours.fill.name(), theme().border.name(), colours.text.name()));
}

} // namespace kb
