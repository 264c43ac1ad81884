// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/code_editor_loader.h"

#include "ui/theme.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibrary>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QVBoxLayout>

namespace kb {

namespace {

class PlainEditor final : public CodeEditor {
public:
    explicit PlainEditor(QWidget* parent) : CodeEditor(parent), m_view(new QPlainTextEdit(this)) {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(m_view);
        setFocusProxy(m_view);
        m_view->setFrameShape(QFrame::NoFrame);
        m_view->setLineWrapMode(QPlainTextEdit::NoWrap);
        QObject::connect(m_view, &QPlainTextEdit::textChanged, this, [this] {
            if (!m_setting && onChanged) onChanged();
        });
    }
    void setText(const QString& text) override {
        m_setting = true;
        m_view->setPlainText(text);
        m_setting = false;
    }
    QString text() const override { return m_view->toPlainText(); }
    void setLanguage(const QString&) override {}
    void setThemeColours(const EditorColours& colours) override { m_view->setFont(colours.font); }
    void markProblem(qsizetype position, const QString& message) override {
        QList<QTextEdit::ExtraSelection> marks;
        if (position >= 0) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(m_view->document());
            mark.cursor.setPosition(
                static_cast<int>(qMin<qsizetype>(position, m_view->document()->characterCount() - 1)));
            mark.cursor.select(QTextCursor::LineUnderCursor);
            mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            mark.format.setUnderlineColor(theme().tone(Tone::Bad).text);
            marks.append(mark);
        }
        m_view->setExtraSelections(marks);
        m_view->setToolTip(position < 0 ? QString() : message);
    }
    void setAccessibleTitle(const QString& title) override { m_view->setAccessibleName(title); }

private:
    QPlainTextEdit* m_view;
    bool m_setting = false;
};

/// The module stays loaded until the program ends: its widgets may outlive any one tab.
CreateCodeEditor findModule(QString* problem) {
    static CreateCodeEditor found = nullptr;
    if (found) return found;
    QString last;
    for (const QString& folder : codeEditorFolders()) {
        QLibrary library(folder + QStringLiteral("/keybearer-editor"));
        found = reinterpret_cast<CreateCodeEditor>(library.resolve("kbCreateCodeEditor"));
        if (found) return found;
        if (last.isEmpty() || QDir(folder).exists()) last = library.errorString();
    }
    if (problem)
        *problem = QCoreApplication::translate("CodeEditor",
                                               "The full editor is missing, so a plain one is used: %1")
                       .arg(last);
    return nullptr;
}

} // namespace

QStringList codeEditorFolders() {
    const QString bin = QCoreApplication::applicationDirPath();
    return {QDir::cleanPath(bin + QStringLiteral("/../lib/keybearer")),
            QDir::cleanPath(bin + QStringLiteral("/" KB_EDITOR_FOLDER)), bin};
}

CodeEditor* makePlainEditor(QWidget* parent) {
    return new PlainEditor(parent);
}

CodeEditor* makeCodeEditor(QWidget* parent, QString* problem) {
    if (const CreateCodeEditor create = findModule(problem)) return create(parent);
    return makePlainEditor(parent);
}

EditorColours editorColours() {
    const Theme& t = theme();
    EditorColours colours;
    colours.background = t.surface;
    colours.text = t.text;
    colours.muted = t.faint;
    colours.border = t.border;
    colours.selection = t.accent;
    colours.selectionText = t.accentText;
    colours.accent = t.accent;
    colours.error = t.tone(Tone::Bad).text;
    colours.key = t.syntaxKey;
    colours.string = t.syntaxString;
    colours.number = t.syntaxNumber;
    colours.literal = t.syntaxLiteral;
    colours.comment = t.syntaxComment;
    colours.font = t.monospace();
    return colours;
}

} // namespace kb
