// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/ports/code_editor.h"

class QsciLexerJSON;
class QsciScintilla;

namespace kb {

/// The request's text editor on QScintilla: line numbers, brackets that match, indentation, folding left out.
class ScintillaEditor final : public CodeEditor {
public:
    explicit ScintillaEditor(QWidget* parent = nullptr);

    void setText(const QString& text) override;
    QString text() const override;
    void setLanguage(const QString& language) override;
    void setThemeColours(const EditorColours& colours) override;
    void markProblem(qsizetype position, const QString& message) override;
    void setAccessibleTitle(const QString& title) override;

    QsciScintilla& view() { return *m_view; }

private:
    void changed();
    void paintJson();
    void fitNumbers();
    void freeKeysOfTheWindow();

    QsciScintilla* m_view;
    QsciLexerJSON* m_json;
    EditorColours m_colours;
    bool m_setting = false;
};

} // namespace kb
