// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <functional>

class QLabel;

namespace kb {

/// Says in a dialog that another program changed what is being edited, and asks whose edit counts where both
/// changed the same.
class OutsideChange final : public QWidget {
    Q_OBJECT
public:
    explicit OutsideChange(QWidget* parent = nullptr);
    /// Taken in without a question.
    void sayMerged();
    /// `mine` and `theirs` do what the buttons say.
    void ask(const QStringList& conflicts, std::function<void()> mine, std::function<void()> theirs);
    bool isAsking() const { return m_asks; }
    QString text() const;

Q_SIGNALS:
    void asking(bool asks); ///< until it is answered nothing should be saved

private:
    void answer(const std::function<void()>& take);
    QLabel* m_text;
    QWidget* m_buttons;
    std::function<void()> m_mine, m_theirs;
    bool m_asks = false;
};

} // namespace kb
