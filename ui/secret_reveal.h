// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QElapsedTimer>
#include <QWidget>
#include <optional>

class QLabel;
class QPushButton;

namespace kb {

/// The only place where a secret is drawn. It is never a widget text nor an accessible name, and is wiped
/// when hidden.
class RevealedSecret final : public QWidget {
    Q_OBJECT
public:
    explicit RevealedSecret(QWidget* parent = nullptr);
    ~RevealedSecret() override;
    void reveal(Secret secret);
    void conceal();
    bool isRevealed() const { return m_secret.has_value(); }
    bool shows(std::string_view bytes) const { return m_secret && m_secret->reveal() == bytes; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    int columns() const;
    void fitHeight();
    std::optional<Secret> m_secret;
};

/// Shows a profile's secret for as long as its button is held, or after a click for 30 seconds. The secret is
/// asked of the store at that moment. Its three parts are laid out by who uses them.
class SecretReveal final : public QObject {
    Q_OBJECT
public:
    static constexpr int shownMs = 30000;
    explicit SecretReveal(Session& session, QWidget* parent);
    ~SecretReveal() override;

    QPushButton* button() const { return m_button; }
    RevealedSecret* secret() const { return m_secret; }
    QLabel* problem() const { return m_problem; } ///< why the store would not hand it out

    void setProfile(const QString& id); ///< another profile hides the secret
    void setShownTime(int milliseconds) { m_shownTime = milliseconds; }
    bool isRevealed() const { return m_secret->isRevealed(); }
    void conceal();

Q_SIGNALS:
    void changed(); ///< shown or hidden

private:
    void press();
    void release();
    void read();
    void name();

    Session& m_session;
    QString m_id;
    QPushButton* m_button;
    RevealedSecret* m_secret;
    QLabel* m_problem;
    HandlePtr m_reading;
    QTimer m_hide;
    QElapsedTimer m_held;
    int m_shownTime = shownMs;
};

} // namespace kb
