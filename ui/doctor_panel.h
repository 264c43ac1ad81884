// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace kb {

class SideBySide;
class FlowLayout;
class Prose;
struct EvidenceWords;

/// What the doctor found: one sentence, what it rests on, and buttons that mend it. Undecided, it lists what
/// would decide. The red edge stands for a finding only.
class DoctorPanel final : public QFrame {
    Q_OBJECT
public:
    explicit DoctorPanel(QWidget* parent = nullptr);
    /// Shows the result's diagnosis, or hides where there is none.
    void setResult(const RunResult& result);
    QString plainText() const; ///< everything it says

Q_SIGNALS:
    void remedyChosen(const kb::Remedy& remedy);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void applyTheme();
    void addProse(const QString& text, const EvidenceWords& words);

    QLabel* m_sentence;
    QWidget* m_buttons;
    FlowLayout* m_buttonFlow;
    SideBySide* m_head;
    QVBoxLayout* m_layout;
    QList<QWidget*> m_lines;
    QStringList m_said;
    bool m_finding = false;
};

} // namespace kb
