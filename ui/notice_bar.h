// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme.h"

#include <QFrame>
#include <QTimer>
#include <functional>

class QHBoxLayout;
class QLabel;

namespace kb {

/// One line that says what happened and offers a way on, in place of a dialog. Goes by itself or by its
/// button.
class NoticeBar final : public QFrame {
    Q_OBJECT
public:
    struct Action {
        QString label;
        std::function<void()> run;
    };
    explicit NoticeBar(QWidget* parent = nullptr);
    /// `seconds` 0 stays until it is closed or replaced.
    void showNotice(const QString& text, Tone tone, const QList<Action>& actions = {}, int seconds = 8);
    QString text() const;
    void dismiss();

Q_SIGNALS:
    void closed(const QString& text); ///< by the user, without any of its actions

private:
    void paintTone();
    QLabel* m_label;
    QHBoxLayout* m_buttons;
    QTimer m_timer;
    Tone m_tone = Tone::Neutral;
};

} // namespace kb
