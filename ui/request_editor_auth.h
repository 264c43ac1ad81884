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
    QString text() const; ///< empty before it was first shown

Q_SIGNALS:
    void needed(); ///< it is shown for the first time, and wants showProfile()
    void newProfileRequested();
    void moveTokenRequested(int headerRow);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();             ///< when it is first shown
    QLabel* m_what = nullptr; ///< what follows is there with it
    QLabel* m_where = nullptr;
    QLabel* m_warning = nullptr;
    QLabel* m_lives = nullptr;
    QPushButton* m_move = nullptr;
    int m_tokenRow = -1;
};

} // namespace kb
