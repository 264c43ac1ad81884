// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace kb {

class SideBySide;

/// A line about the answer that stays as long as it is true, with buttons.
class AnswerNote final : public QFrame {
    Q_OBJECT
public:
    explicit AnswerNote(QWidget* parent = nullptr);
    /// An empty text hides the note.
    void setNote(const QString& text, Tone tone);
    QString text() const;
    QPushButton* addButton(const QString& text);

private:
    void applyTheme();
    QLabel* m_label;
    QWidget* m_buttons;
    SideBySide* m_row;
    Tone m_tone = Tone::Warn;
};

} // namespace kb
