// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/scintilla_editor.h"

#include <QVBoxLayout>

// The library's headers are written with Qt's plain keywords, which this project switches off.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <Qsci/qscicommandset.h>
#include <Qsci/qscilexerjson.h>
#include <Qsci/qsciscintilla.h>
#undef signals
#undef slots

namespace kb {

namespace {

constexpr int problemIndicator = 8;
constexpr int problemMarker = 1;
constexpr int numberMargin = 0;
constexpr int signMargin = 1;

} // namespace

ScintillaEditor::ScintillaEditor(QWidget* parent)
    : CodeEditor(parent), m_view(new QsciScintilla(this)), m_json(new QsciLexerJSON(m_view)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    setFocusProxy(m_view);

    m_view->setUtf8(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setIndentationsUseTabs(false);
    m_view->setTabWidth(2);
    m_view->setIndentationWidth(2);
    m_view->setAutoIndent(true);
    m_view->setTabIndents(true);
    m_view->setBackspaceUnindents(true);
    m_view->setBraceMatching(QsciScintilla::SloppyBraceMatch);
    m_view->setWrapMode(QsciScintilla::WrapNone);
    m_view->setScrollWidth(1);
    m_view->setScrollWidthTracking(true);
    m_view->setEolMode(QsciScintilla::EolUnix);
    m_view->setMarginType(numberMargin, QsciScintilla::NumberMargin);
    m_view->setMarginType(signMargin, QsciScintilla::SymbolMargin);
    m_view->setMarginWidth(signMargin, 14);
    m_view->setMarginMarkerMask(signMargin, 1 << problemMarker);
    m_view->setMarginWidth(2, 0);
    m_view->markerDefine(QsciScintilla::RightTriangle, problemMarker);
    m_view->indicatorDefine(QsciScintilla::SquiggleIndicator, problemIndicator);
    m_json->setHighlightComments(false);
    m_json->setHighlightEscapeSequences(true);
    freeKeysOfTheWindow();
    QObject::connect(m_view, &QsciScintilla::textChanged, this, [this] { changed(); });
}

void ScintillaEditor::freeKeysOfTheWindow() {
    // The editor's library binds Ctrl+L, Ctrl+D and others to line commands; in this program they belong to
    // the window. Tab with Ctrl leaves the editor.
    const QList<QsciCommand*> commands = m_view->standardCommands()->commands();
    for (QsciCommand* command : commands) {
        switch (command->command()) {
        case QsciCommand::LineCut:
        case QsciCommand::LineDelete:
        case QsciCommand::LineCopy:
        case QsciCommand::LineTranspose:
        case QsciCommand::LineDuplicate:
        case QsciCommand::SelectionDuplicate:
        case QsciCommand::SelectionLowerCase:
        case QsciCommand::SelectionUpperCase:
            command->setKey(0);
            command->setAlternateKey(0);
            break;
        default:
            break;
        }
    }
}

void ScintillaEditor::setText(const QString& text) {
    m_setting = true;
    const bool windows = text.contains(QLatin1String("\r\n"));
    m_view->setEolMode(windows ? QsciScintilla::EolWindows : QsciScintilla::EolUnix);
    m_view->setText(text);
    m_view->SendScintilla(QsciScintilla::SCI_EMPTYUNDOBUFFER);
    m_setting = false;
    fitNumbers();
}

QString ScintillaEditor::text() const {
    return m_view->text();
}

void ScintillaEditor::changed() {
    if (m_setting) return;
    fitNumbers();
    if (onChanged) onChanged();
}

void ScintillaEditor::fitNumbers() {
    const QString widest(qMax(2, static_cast<int>(QString::number(m_view->lines()).size())),
                         QLatin1Char('9'));
    m_view->setMarginWidth(numberMargin, widest + QLatin1Char('9'));
}

void ScintillaEditor::setLanguage(const QString& language) {
    m_view->setLexer(language == QLatin1String("json") ? m_json : nullptr);
    if (m_colours.text.isValid()) setThemeColours(m_colours);
}

void ScintillaEditor::paintJson() {
    const EditorColours& c = m_colours;
    m_json->setDefaultColor(c.text);
    m_json->setDefaultPaper(c.background);
    m_json->setDefaultFont(c.font);
    m_json->setPaper(c.background, -1);
    m_json->setFont(c.font, -1);
    m_json->setColor(c.text, -1);
    m_json->setColor(c.number, QsciLexerJSON::Number);
    m_json->setColor(c.string, QsciLexerJSON::String);
    m_json->setColor(c.string, QsciLexerJSON::UnclosedString);
    m_json->setColor(c.literal, QsciLexerJSON::EscapeSequence);
    m_json->setColor(c.key, QsciLexerJSON::Property);
    m_json->setColor(c.string, QsciLexerJSON::IRI);
    m_json->setColor(c.string, QsciLexerJSON::IRICompact);
    m_json->setColor(c.literal, QsciLexerJSON::Keyword);
    m_json->setColor(c.literal, QsciLexerJSON::KeywordLD);
    // What the colouring cannot place may be a {{variable}}: it is not called an error here.
    m_json->setColor(c.accent, QsciLexerJSON::Error);
}

void ScintillaEditor::setThemeColours(const EditorColours& colours) {
    m_colours = colours;
    paintJson();
    m_view->setFont(colours.font);
    m_view->setPaper(colours.background);
    m_view->setColor(colours.text);
    m_view->SendScintilla(QsciScintilla::SCI_STYLESETFONT, QsciScintilla::STYLE_DEFAULT,
                          colours.font.family().toUtf8().constData());
    m_view->setCaretForegroundColor(colours.text);
    m_view->setCaretWidth(2);
    m_view->setSelectionBackgroundColor(colours.selection);
    m_view->setSelectionForegroundColor(colours.selectionText);
    m_view->setMarginsFont(colours.font);
    m_view->setMarginsBackgroundColor(colours.background);
    m_view->setMarginsForegroundColor(colours.muted);
    m_view->setMatchedBraceBackgroundColor(colours.border);
    m_view->setMatchedBraceForegroundColor(colours.accent);
    m_view->setUnmatchedBraceBackgroundColor(colours.background);
    m_view->setUnmatchedBraceForegroundColor(colours.error);
    m_view->setMarkerBackgroundColor(colours.error, problemMarker);
    m_view->setMarkerForegroundColor(colours.error, problemMarker);
    m_view->setIndicatorForegroundColor(colours.error, problemIndicator);
    fitNumbers();
}

void ScintillaEditor::markProblem(qsizetype position, const QString& message) {
    const int last = m_view->lines() - 1;
    m_view->clearIndicatorRange(0, 0, last, m_view->lineLength(last), problemIndicator);
    m_view->markerDeleteAll(problemMarker);
    m_view->clearAnnotations();
    m_view->setToolTip(position < 0 ? QString() : message);
    if (position < 0) return;
    const QString text = m_view->text();
    const int at = static_cast<int>(text.left(position).toUtf8().size());
    int line = 0, column = 0;
    m_view->lineIndexFromPosition(at, &line, &column);
    m_view->markerAdd(line, problemMarker);
    m_view->fillIndicatorRange(line, column, line, column + 1, problemIndicator);
}

void ScintillaEditor::setAccessibleTitle(const QString& title) {
    m_view->setAccessibleName(title);
}

} // namespace kb
