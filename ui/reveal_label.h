// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace kb {

/// A secret as dots with a way to look: hold the button, or click it and it hides itself after 30 s.
/// The secret is asked for at that moment and wiped from the label afterwards.
class RevealLabel final : public QWidget {
    Q_OBJECT
public:
    static constexpr int seconds = 30;
    explicit RevealLabel(Session& session, QWidget* parent = nullptr);
    ~RevealLabel() override;
    /// `before` and `after` stand around the masked secret, e.g. "Authorization: Bearer ".
    void setProfile(const QString& profileId, const QString& before, const QString& masked);
    bool isRevealed() const { return m_revealed; }
    QString shownText() const;
    void conceal();

private:
    void reveal();
    void showText(const QString& text);
    Session& m_session;
    QString m_id, m_before, m_masked;
    QLabel* m_label;
    QPushButton* m_button;
    QTimer m_hide;
    QTimer m_hold;
    HandlePtr m_read;
    bool m_revealed = false;
    bool m_heldLong = false;
};

} // namespace kb
