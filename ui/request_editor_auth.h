// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/request_editor_checks.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace kb {

/// Says what the chosen profile sends, where it may go, and where tokens live.
class RequestAuthTab final : public QWidget {
    Q_OBJECT
public:
    explicit RequestAuthTab(QWidget* parent = nullptr);

    /// `profile` nullptr is anonymous. `tokenRow` is a header row that holds a token of its own, or -1.
    void showProfile(const TokenProfile* profile, const ProfileState* state, const QString& environment,
                     const QString& headerInTheWay, int tokenRow);
    QString text() const;

Q_SIGNALS:
    void newProfileRequested();
    void moveTokenRequested(int headerRow);

private:
    QLabel* m_what;
    QLabel* m_where;
    QLabel* m_warning;
    QLabel* m_lives;
    QPushButton* m_move;
    int m_tokenRow = -1;
};

} // namespace kb
