// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/url_edit.h"

#include "core/http/url_template.h"
#include "ui/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QInputMethodEvent>
#include <QMenu>
#include <QMimeData>
#include <QTextCharFormat>
#include <algorithm>

namespace kb {

namespace {

/// A line copied with its end is meant without it; everything else stays.
QString withoutLineEnd(QString text) {
    while (text.endsWith(QLatin1Char('\n')) || text.endsWith(QLatin1Char('\r')))
        text.chop(1);
    return text;
}

} // namespace

QList<UrlMark> urlMarks(const QString& url, const VariableMap& variables, qsizetype problemStart,
                        qsizetype problemLength) {
    QList<UrlMark> marks;
    for (const VariableUse& use : variableUses(url)) {
        const bool known = resolveVariables(url.mid(use.start, use.length), variables).has_value();
        marks.append(
            {known ? UrlMark::Kind::KnownVariable : UrlMark::Kind::UnknownVariable, use.start, use.length});
    }
    for (const PathParameter& parameter : pathParameters(url))
        marks.append({UrlMark::Kind::PathParameter, parameter.start, parameter.length});
    std::sort(marks.begin(), marks.end(),
              [](const UrlMark& a, const UrlMark& b) { return a.start < b.start; });
    if (problemStart >= 0) {
        // A problem at the very end marks the last character, since there is nothing behind it.
        const qsizetype start = qMin(problemStart, url.size() - 1);
        if (start >= 0)
            marks.append({UrlMark::Kind::Problem, start, qMin(problemLength, url.size() - start)});
    }
    return marks;
}

UrlEdit::UrlEdit(QWidget* parent) : QLineEdit(parent) {
    setAccessibleName(tr("URL"));
    setPlaceholderText(tr("https://api.example.com/users/:id, or {{baseUrl}}/users"));
    setFont(theme().monospace());
    connect(this, &QLineEdit::textChanged, this, &UrlEdit::paintMarks);
    connect(&theme(), &Theme::changed, this, [this] {
        setFont(theme().monospace());
        paintMarks();
    });
}

void UrlEdit::setVariables(const VariableMap& variables) {
    if (variables == m_variables) return;
    m_variables = variables;
    paintMarks();
}

void UrlEdit::setProblem(qsizetype start, qsizetype length) {
    if (start == m_problemStart && length == m_problemLength) return;
    m_problemStart = start;
    m_problemLength = length;
    paintMarks();
}

void UrlEdit::replaceText(const QString& replacement) {
    if (replacement == text()) return;
    const int cursor = cursorPosition();
    selectAll();
    if (replacement.isEmpty())
        del();
    else
        insert(replacement);
    setCursorPosition(qMin(cursor, static_cast<int>(text().size())));
}

QList<UrlMark> UrlEdit::marks() const {
    return urlMarks(text(), m_variables, m_problemStart, m_problemLength);
}

void UrlEdit::paintMarks() {
    // A line edit has no highlighter, but it draws the formats an input method sends; an input method at work
    // is left alone.
    if (m_composing) return;
    QList<QInputMethodEvent::Attribute> attributes;
    for (const UrlMark& mark : marks()) {
        QTextCharFormat format;
        switch (mark.kind) {
        case UrlMark::Kind::KnownVariable:
            format.setForeground(theme().accent);
            break;
        case UrlMark::Kind::PathParameter:
            format.setForeground(theme().tone(Tone::Role).text);
            break;
        case UrlMark::Kind::UnknownVariable:
        case UrlMark::Kind::Problem:
            format.setForeground(theme().tone(Tone::Bad).text);
            format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
            format.setUnderlineColor(theme().tone(Tone::Bad).text);
            break;
        }
        attributes.append({QInputMethodEvent::TextFormat, static_cast<int>(mark.start) - cursorPosition(),
                           static_cast<int>(mark.length), format});
    }
    QInputMethodEvent event(QString(), attributes);
    QLineEdit::inputMethodEvent(&event);
}

void UrlEdit::inputMethodEvent(QInputMethodEvent* event) {
    m_composing = !event->preeditString().isEmpty();
    QLineEdit::inputMethodEvent(event);
    if (!m_composing) paintMarks();
}

void UrlEdit::pasteClean() {
    insert(withoutLineEnd(QGuiApplication::clipboard()->text()));
}

void UrlEdit::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Paste)) {
        pasteClean();
        event->accept();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void UrlEdit::contextMenuEvent(QContextMenuEvent* event) {
    QMenu* menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (QAction* paste = menu->findChild<QAction*>(QStringLiteral("edit-paste"))) {
        paste->disconnect();
        connect(paste, &QAction::triggered, this, &UrlEdit::pasteClean);
    }
    menu->popup(event->globalPos());
}

void UrlEdit::dropEvent(QDropEvent* event) {
    const QString dropped = event->mimeData()->text();
    if (dropped == withoutLineEnd(dropped)) {
        QLineEdit::dropEvent(event);
        return;
    }
    setCursorPosition(cursorPositionAt(event->position().toPoint()));
    insert(withoutLineEnd(dropped));
    event->acceptProposedAction();
}

} // namespace kb
