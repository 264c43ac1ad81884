// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/merge_request.h"

#include <QFrame>
#include <functional>

class QGridLayout;
class QLabel;
class QPushButton;

namespace kb {

/// Above a request: what another program did to its file. Where both sides changed the same values, it lists
/// them and lets one choose; else it is one line.
class ConflictBar final : public QFrame {
    Q_OBJECT
public:
    explicit ConflictBar(QWidget* parent = nullptr);
    void showConflicts(const QList<MergeConflict>& conflicts);
    /// One line, with a way back if there is one.
    void showNote(const QString& text, const QString& action = {}, std::function<void()> run = {});
    bool asks() const { return m_asks && !isHidden(); } ///< a choice is to be made
    QString text() const;

Q_SIGNALS:
    void mineChosen();
    void theirsChosen();

private:
    void clearRows();
    void paintTone();
    QLabel* m_text;
    QWidget* m_list;
    QGridLayout* m_rows;
    QPushButton* m_mine;
    QPushButton* m_theirs;
    QPushButton* m_action;
    QPushButton* m_close;
    std::function<void()> m_run;
    bool m_asks = false;
};

} // namespace kb
