// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_prose.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

namespace kb {

namespace {

constexpr double lineFactor = 1.4;

/// A chip holds together: no line breaks inside, and room for its round ends.
QString chipText(QStringView text) {
    QString out(QChar::Nbsp);
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (i > 0 && !text[i - 1].isHighSurrogate()) out += QChar(0x2060);
        out += text[i] == u' ' ? QChar(QChar::Nbsp) : text[i];
    }
    return out + QChar(QChar::Nbsp);
}

} // namespace

Prose::Prose(QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&theme(), &Theme::changed, this, &Prose::rebuild);
}

void Prose::setProse(const QString& text, const QList<ProseMark>& marks) {
    setText(text); // for screen readers and for whoever asks what is shown
    m_marks = marks;
    rebuild();
}

void Prose::rebuild() {
    QString shown;
    QList<QTextLayout::FormatRange> formats;
    m_shownMarks.clear();
    qsizetype at = 0;
    const QString plain = text();
    for (const ProseMark& mark : std::as_const(m_marks)) {
        shown += QStringView(plain).mid(at, mark.start - at);
        const QStringView part = QStringView(plain).mid(mark.start, mark.length);
        ProseMark placed = mark;
        placed.start = shown.size();
        shown += mark.kind == ProseMark::Kind::Chip ? chipText(part) : part.toString();
        placed.length = shown.size() - placed.start;
        m_shownMarks.append(placed);
        at = mark.start + mark.length;

        QTextLayout::FormatRange range;
        range.start = static_cast<int>(placed.start);
        range.length = static_cast<int>(placed.length);
        QFont partFont = font();
        if (mark.kind == ProseMark::Kind::Code) {
            partFont = theme().monospace();
            range.format.setForeground(theme().text);
        } else {
            partFont.setWeight(QFont::DemiBold);
            partFont.setPointSizeF(font().pointSizeF() * 0.93);
            range.format.setForeground(theme().tone(mark.tone).text);
        }
        range.format.setFont(partFont);
        formats.append(range);
    }
    shown += QStringView(plain).mid(at);
    shown.replace(u'\n', QChar(QChar::LineSeparator));
    m_layout.setText(shown);
    m_layout.setFont(font());
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_layout.setTextOption(option);
    m_layout.setFormats(formats);
    m_layout.setCacheEnabled(true);
    updateGeometry();
    update();
}

int Prose::layOut(int width) const {
    const double height = QFontMetricsF(font()).height() * lineFactor;
    double y = 0;
    m_layout.beginLayout();
    for (QTextLine line = m_layout.createLine(); line.isValid(); line = m_layout.createLine()) {
        line.setLineWidth(qMax(40, width));
        line.setPosition({0, y + (height - line.height()) / 2});
        y += height;
    }
    m_layout.endLayout();
    return qCeil(y);
}

int Prose::heightForWidth(int width) const {
    return layOut(width);
}

QSize Prose::sizeHint() const {
    const int wide = 480;
    return {wide, layOut(width() > 0 ? width() : wide)};
}

QSize Prose::minimumSizeHint() const {
    return {120, qCeil(QFontMetricsF(font()).height() * lineFactor)};
}

void Prose::paintEvent(QPaintEvent*) {
    layOut(width());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const ProseMark& mark : std::as_const(m_shownMarks)) {
        if (mark.kind != ProseMark::Kind::Chip) continue;
        const auto end = static_cast<int>(mark.start + mark.length);
        for (int i = 0; i < m_layout.lineCount(); ++i) {
            const QTextLine line = m_layout.lineAt(i);
            const int from = qMax(line.textStart(), static_cast<int>(mark.start));
            const int to = qMin(line.textStart() + line.textLength(), end);
            if (from >= to) continue;
            const double left = line.cursorToX(from);
            const double right = line.cursorToX(to);
            const QRectF ground(left - 1, line.y() - 1, right - left + 2, line.height() + 2);
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme().tone(mark.tone).fill);
            painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2);
        }
    }
    painter.setPen(property("muted").toBool() ? theme().muted : theme().text);
    m_layout.draw(&painter, {0, 0});
}

void Prose::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) rebuild();
}

QList<ProseMark> markEvidence(const QString& text, const EvidenceWords& words) {
    QList<ProseMark> marks;
    const auto isFree = [&marks](qsizetype start, qsizetype length) {
        return std::none_of(marks.begin(), marks.end(), [&](const ProseMark& mark) {
            return start < mark.start + mark.length && mark.start < start + length;
        });
    };
    const auto markAll = [&](const QString& word, ProseMark::Kind kind, Tone tone) {
        if (word.isEmpty()) return;
        const auto inWord = [](QChar c) {
            return c.isLetterOrNumber() || c == u'_' || c == u':' || c == u'-' || c == u'/';
        };
        for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.size())) {
            const qsizetype end = at + word.size();
            // A colon may follow a scope in a sentence, but not with more behind it.
            const bool starts = at == 0 || !inWord(text[at - 1]);
            const bool ends = end == text.size() || !inWord(text[end]) ||
                              (text[end] == u':' && (end + 1 == text.size() || text[end + 1].isSpace()));
            if (starts && ends && isFree(at, word.size())) marks.append({at, word.size(), kind, tone});
        }
    };
    const auto longestFirst = [](QStringList list) {
        std::sort(list.begin(), list.end(),
                  [](const QString& a, const QString& b) { return a.size() > b.size(); });
        return list;
    };
    markAll(words.quoted, ProseMark::Kind::Code, Tone::Neutral);
    for (const QString& scope : longestFirst(words.missingScopes))
        markAll(scope, ProseMark::Kind::Chip, Tone::Bad);
    for (const QString& scope : longestFirst(words.tokenScopes))
        markAll(scope, ProseMark::Kind::Chip, Tone::Info);
    std::sort(marks.begin(), marks.end(),
              [](const ProseMark& a, const ProseMark& b) { return a.start < b.start; });
    return marks;
}

} // namespace kb
