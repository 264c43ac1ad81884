// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/body_view_search.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;

namespace kb {

class BodyView;

/// Finds text in a BodyView while it is typed: count, next, previous, all matches marked.
class AnswerFindBar final : public QFrame {
    Q_OBJECT
public:
    explicit AnswerFindBar(BodyView* view, QWidget* parent = nullptr);
    void open();  ///< shows itself with the selected text, and takes the focus
    void close(); ///< hides, unmarks, gives the focus back
    void again(); ///< after the view shows something else
    void step(int by);
    QString countText() const;

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void search();
    void report(const QList<BodyStretch>& matches, bool more);
    void showCount();

    BodyView* m_view;
    QLineEdit* m_field;
    QLabel* m_count;
    QPushButton* m_previous;
    QPushButton* m_next;
    BodySearch m_search;
    qsizetype m_at = -1;
    bool m_more = false;
    bool m_searching = false;
};

} // namespace kb
