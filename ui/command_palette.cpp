// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/command_palette.h"

#include "ui/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace kb {

namespace {

/// Every word of the search must stand in the text, in any order; earlier matches and shorter texts come
/// first.
int score(const QString& text, const QStringList& words) {
    int total = 0;
    for (const QString& word : words) {
        const qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive);
        if (at < 0) return -1;
        const bool wordStart = at == 0 || !text.at(at - 1).isLetterOrNumber();
        total += static_cast<int>(at) + (wordStart ? 0 : 40);
    }
    return total + static_cast<int>(text.size()) / 8;
}

enum Role { IndexRole = Qt::UserRole, KindRole, HintRole };

/// The kind in a column of its own, the text, and the short cut at the far end.
class EntryDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {200, option.fontMetrics.height() + 12};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, theme().selection);
        const QFontMetrics& metrics = option.fontMetrics;
        const auto draw = [&](const QRect& place, const QString& text, const QColor& colour,
                              Qt::Alignment side) {
            painter->setPen(colour);
            painter->drawText(
                QStyle::visualRect(option.direction, option.rect, place),
                static_cast<int>(QStyle::visualAlignment(option.direction, side | Qt::AlignVCenter)),
                metrics.elidedText(text, Qt::ElideRight, place.width()));
        };
        QRect line = option.rect.adjusted(10, 0, -10, 0);
        const QString kind = index.data(KindRole).toString();
        const int column = kind.isEmpty() ? 0 : metrics.averageCharWidth() * 11;
        draw(QRect(line.left(), line.top(), column, line.height()), kind, theme().muted, Qt::AlignLeft);
        line.setLeft(line.left() + column);
        const QString hint = index.data(HintRole).toString();
        const int hintWidth = qMin(line.width() / 2, metrics.horizontalAdvance(hint) + 2);
        draw(QRect(line.right() - hintWidth, line.top(), hintWidth, line.height()), hint, theme().muted,
             Qt::AlignRight);
        line.setRight(line.right() - hintWidth - 12);
        draw(line, index.data().toString(), kind.isEmpty() ? theme().muted : theme().text, Qt::AlignLeft);
        painter->restore();
    }
};

} // namespace

CommandPalette::CommandPalette(QWidget* parent)
    : QFrame(parent), m_edit(new QLineEdit(this)), m_list(new QListWidget(this)) {
    setObjectName(QStringLiteral("palette"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_edit->setPlaceholderText(tr("Go to a request, profile or action"));
    m_edit->setAccessibleName(tr("Go to a request, profile or action"));
    m_list->setAccessibleName(tr("Matches"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setItemDelegate(new EntryDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_edit);
    layout->addWidget(m_list);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::accept);
    hide();
}

void CommandPalette::open(QList<Entry> entries) {
    m_entries = std::move(entries);
    m_edit->clear();
    filter({});
    const int wide = qMin(640, parentWidget()->width() - 40);
    setGeometry((parentWidget()->width() - wide) / 2, 64, wide, qMin(420, parentWidget()->height() - 120));
    show();
    raise();
    m_edit->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::filter(const QString& text) {
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QList<std::pair<int, int>> found;
    for (int i = 0; i < m_entries.size(); ++i) {
        const int points = score(m_entries.at(i).text + QLatin1Char(' ') + m_entries.at(i).hint, words);
        if (points >= 0) found.append({points, i});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    m_list->clear();
    for (const auto& [points, i] : found.mid(0, 200)) {
        const Entry& entry = m_entries.at(i);
        auto* item = new QListWidgetItem(entry.text, m_list);
        item->setData(IndexRole, i);
        item->setData(KindRole, entry.kind);
        item->setData(HintRole, entry.hint);
        item->setData(Qt::AccessibleTextRole,
                      QStringList{entry.kind, entry.text, entry.hint}.join(u' ').trimmed());
        item->setToolTip(entry.hint.isEmpty() ? entry.text : entry.text + QStringLiteral("  ") + entry.hint);
    }
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
    else
        new QListWidgetItem(tr("Nothing matches."), m_list);
}

void CommandPalette::accept() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item || !item->data(IndexRole).isValid()) return;
    const std::function<void()> run = m_entries.at(item->data(IndexRole).toInt()).run;
    hide();
    run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && event->type() == QEvent::FocusOut) hide();
    if (watched != m_edit || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const int rows = m_list->count();
    const auto step = [&](int by) { m_list->setCurrentRow(qBound(0, m_list->currentRow() + by, rows - 1)); };
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
        step(1);
        return true;
    case Qt::Key_Up:
        step(-1);
        return true;
    case Qt::Key_PageDown:
        step(10);
        return true;
    case Qt::Key_PageUp:
        step(-10);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        accept();
        return true;
    case Qt::Key_Escape:
        hide();
        parentWidget()->setFocus();
        return true;
    default:
        return QFrame::eventFilter(watched, event);
    }
}

} // namespace kb
