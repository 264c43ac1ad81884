// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view_accessible.h"

#include "ui/body_view.h"

#include <QAccessibleWidget>

namespace kb {

namespace {

/// A read-only text to screen readers. What is in sight is the text: a body may be larger than their offsets
/// reach.
class BodyViewAccessible final : public QAccessibleWidget, public QAccessibleTextInterface {
public:
    explicit BodyViewAccessible(BodyView* view) : QAccessibleWidget(view, QAccessible::EditableText) {}

    void* interface_cast(QAccessible::InterfaceType type) override {
        if (type == QAccessible::TextInterface) return static_cast<QAccessibleTextInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }

    QString text(QAccessible::Text part) const override {
        if (part == QAccessible::Value) return view()->visibleText();
        if (part == QAccessible::Description) {
            const qint64 first = view()->firstVisibleLine() + 1;
            const qint64 count = view()->lines().lineCount();
            return BodyView::tr("Lines %1 to %2 of %3")
                .arg(first)
                .arg(qMin(first + view()->visibleLines() - 1, count))
                .arg(count);
        }
        return QAccessibleWidget::text(part);
    }

    QAccessible::State state() const override {
        QAccessible::State state = QAccessibleWidget::state();
        state.readOnly = true;
        state.multiLine = true;
        state.selectableText = true;
        return state;
    }

    void selection(int index, int* start, int* end) const override {
        *start = *end = 0;
        if (index != 0 || !view()->hasSelection()) return;
        const int length = static_cast<int>(view()->selectedText().size());
        const int caret = cursorPosition();
        *start = qMax(0, caret - length);
        *end = caret;
    }
    int selectionCount() const override { return view()->hasSelection() ? 1 : 0; }
    void addSelection(int start, int end) override {
        view()->setCaret(view()->positionAtVisibleOffset(start));
        view()->setCaret(view()->positionAtVisibleOffset(end), true);
    }
    void removeSelection(int) override { view()->setCaret(view()->caret()); }
    void setSelection(int, int start, int end) override { addSelection(start, end); }

    int cursorPosition() const override { return view()->visibleOffset(view()->caret()); }
    void setCursorPosition(int offset) override { view()->setCaret(view()->positionAtVisibleOffset(offset)); }
    QString text(int start, int end) const override {
        return view()->visibleText().mid(start, end < 0 ? -1 : end - start);
    }
    int characterCount() const override { return static_cast<int>(view()->visibleText().size()); }
    QRect characterRect(int offset) const override {
        const QRect cell = view()->cellRect(view()->positionAtVisibleOffset(offset));
        return {view()->viewport()->mapToGlobal(cell.topLeft()), cell.size()};
    }
    int offsetAtPoint(const QPoint& point) const override {
        return view()->visibleOffset(view()->positionAt(view()->viewport()->mapFromGlobal(point)));
    }
    void scrollToSubstring(int start, int) override { setCursorPosition(start); }
    QString attributes(int, int* start, int* end) const override {
        *start = 0;
        *end = characterCount();
        return {};
    }

private:
    BodyView* view() const { return static_cast<BodyView*>(widget()); }
};

QAccessibleInterface* makeInterface(const QString& className, QObject* object) {
    if (className == QLatin1String("kb::BodyView"))
        if (auto* view = qobject_cast<BodyView*>(object)) return new BodyViewAccessible(view);
    return nullptr;
}

// A screen reader gets this much of one line.
constexpr qint64 accessibleLine = 2000;

} // namespace

void installBodyViewAccessibility() {
    static const bool once = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(once)
}

QString BodyView::visibleText() const {
    QString out;
    const qint64 first = firstVisibleLine();
    const qint64 last = qMin(first + visibleLines(), m_lines.lineCount());
    for (qint64 line = first; line < last; ++line) {
        if (line > first) out += u'\n';
        out += QString::fromUtf8(m_lines.line(line).left(accessibleLine));
    }
    return out;
}

int BodyView::visibleOffset(BodyPosition position) const {
    int offset = 0;
    const qint64 first = firstVisibleLine();
    const qint64 last = qMin(first + visibleLines(), m_lines.lineCount());
    for (qint64 line = first; line < last && line <= position.line; ++line) {
        QByteArray shown = m_lines.line(line).left(accessibleLine);
        if (line == position.line) shown = shown.left(position.byte);
        offset += static_cast<int>(QString::fromUtf8(shown).size()) + (line < position.line ? 1 : 0);
    }
    return offset;
}

BodyPosition BodyView::positionAtVisibleOffset(int offset) const {
    const qint64 first = firstVisibleLine();
    const qint64 last = qMin(first + visibleLines(), m_lines.lineCount());
    for (qint64 line = first; line < last; ++line) {
        const QString shown = QString::fromUtf8(m_lines.line(line).left(accessibleLine));
        if (offset <= shown.size()) return {line, shown.left(offset).toUtf8().size()};
        offset -= static_cast<int>(shown.size()) + 1;
    }
    return clamped({last - 1, accessibleLine});
}

} // namespace kb
