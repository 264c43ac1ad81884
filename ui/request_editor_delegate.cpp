// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_delegate.h"

#include "ui/request_editor_table.h"
#include "ui/theme.h"
#include "ui/theme_style.h"

#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

namespace kb {

namespace {

constexpr char originalProperty[] = "kbOriginal";

QColor blend(const QColor& over, const QColor& under, qreal share) {
    const auto mix = [share](int a, int b) { return static_cast<int>(a * share + b * (1 - share)); };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()),
                  mix(over.blue(), under.blue()));
}

} // namespace

void CellDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.data(TableRole::Monospace).toBool()) option->font = theme().monospace();
    option->fontMetrics = QFontMetrics(option->font);
    if (option->text.isEmpty()) {
        option->text = index.data(TableRole::Placeholder).toString();
        option->features |= QStyleOptionViewItem::HasDisplay;
        option->palette.setColor(QPalette::Text, theme().faint);
    } else if (index.data(TableRole::Faint).toBool()) {
        option->palette.setColor(QPalette::Text, theme().muted);
    }
    option->textElideMode = Qt::ElideRight;
    // The selection is drawn as a soft ground, so the text keeps its colour.
    option->palette.setColor(QPalette::HighlightedText, option->palette.color(QPalette::Text));
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QStyle* style = cell.widget ? cell.widget->style() : QApplication::style();
    const bool checkable = cell.features & QStyleOptionViewItem::HasCheckIndicator;
    const QRect box = style->subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &cell, cell.widget);
    cell.features &= ~QStyleOptionViewItem::ViewItemFeatures(QStyleOptionViewItem::HasCheckIndicator);
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    painter->save();
    if (checkable)
        paintCheckBox(painter, box, cell.checkState, index.flags() & Qt::ItemIsUserCheckable, false);
    painter->setPen(blend(theme().border, theme().surface, 0.7));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(theme().accent);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

QWidget* CellDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                    const QModelIndex& index) const {
    const QStringList choices = index.data(TableRole::Choices).toStringList();
    if (!choices.isEmpty()) {
        auto* box = new QComboBox(parent);
        box->addItems(choices);
        box->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
        connect(box, &QComboBox::activated, this, [this, box] {
            auto* self = const_cast<CellDelegate*>(this);
            Q_EMIT self->commitData(box);
            Q_EMIT self->closeEditor(box);
        });
        QMetaObject::invokeMethod(box, &QComboBox::showPopup, Qt::QueuedConnection);
        return box;
    }
    auto* edit = new QLineEdit(parent);
    edit->setFrame(false);
    edit->setPlaceholderText(index.data(TableRole::Placeholder).toString());
    edit->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
    if (index.data(TableRole::Monospace).toBool()) edit->setFont(theme().monospace());
    edit->setProperty(originalProperty, index.data(Qt::EditRole).toString());
    edit->setStyleSheet(
        QStringLiteral("QLineEdit { border: 1px solid %1; border-radius: 0; padding: 0 2px; min-height: 0; }")
            .arg(theme().accent.name()));
    connect(edit, &QLineEdit::textChanged, this,
            [this, edit] { Q_EMIT const_cast<CellDelegate*>(this)->commitData(edit); });
    return edit;
}

void CellDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    const QString value = index.data(Qt::EditRole).toString();
    if (auto* box = qobject_cast<QComboBox*>(editor)) return box->setCurrentText(value);
    auto* edit = static_cast<QLineEdit*>(editor);
    // Setting equal text would throw the undo history and the cursor away.
    if (edit->text() == value) return;
    const auto fromEnd = edit->text().size() - edit->cursorPosition();
    const QSignalBlocker quiet(edit);
    edit->setText(value);
    edit->setCursorPosition(static_cast<int>(qMax<qsizetype>(0, value.size() - fromEnd)));
}

void CellDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const {
    auto* box = qobject_cast<QComboBox*>(editor);
    const QString value = box ? box->currentText() : static_cast<QLineEdit*>(editor)->text();
    if (index.data(Qt::EditRole).toString() != value) model->setData(index, value, Qt::EditRole);
}

void CellDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                        const QModelIndex&) const {
    editor->setGeometry(option.rect);
}

bool CellDelegate::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        // Each keystroke went to the model already, so going back means writing the old text.
        if (auto* edit = qobject_cast<QLineEdit*>(watched))
            edit->setText(edit->property(originalProperty).toString());
    }
    return QStyledItemDelegate::eventFilter(watched, event);
}

} // namespace kb
