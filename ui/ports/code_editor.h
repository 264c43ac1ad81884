// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <QFont>
#include <QWidget>
#include <functional>

namespace kb {

/// What an editor paints with. A plain value, so that the editor's module needs nothing of the window's
/// theme.
struct EditorColours {
    QColor background, text, muted, border, selection, selectionText, accent, error;
    QColor key, string, number, literal, comment;
    QFont font; ///< fixed pitch
};

/// The port to a text editor. The real one lives in a module of its own that is loaded when first needed,
/// which is why this has no meta object: one would exist twice.
class CodeEditor : public QWidget {
public:
    using QWidget::QWidget;

    virtual void setText(const QString& text) = 0; ///< does not call onChanged
    virtual QString text() const = 0;
    /// "json" or "text".
    virtual void setLanguage(const QString& language) = 0;
    virtual void setThemeColours(const EditorColours& colours) = 0;
    /// Marks the character at `position` (an index into text()) as where reading stopped; -1 takes the mark
    /// away.
    virtual void markProblem(qsizetype position, const QString& message) = 0;
    virtual void setAccessibleTitle(const QString& title) = 0;

    std::function<void()> onChanged; ///< the user changed the text
};

/// What the module exports under the name "kbCreateCodeEditor".
using CreateCodeEditor = CodeEditor* (*)(QWidget* parent);

} // namespace kb
