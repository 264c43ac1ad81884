// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QWidget>

namespace kb {

class FitRow;
class FittingLabel;
class Pill;
class ProfileCombo;
class ScopePills;
class SecretReveal;

/// Who sends: the profile, its state and time left, its scopes and role, where its secret goes, and the
/// secret itself for as long as Reveal is held or for 30 seconds.
class SendAsBar final : public QWidget {
    Q_OBJECT
public:
    explicit SendAsBar(Session& session, QWidget* parent = nullptr);
    ~SendAsBar() override;

    void setProfile(const QString& id);
    QString profileId() const;
    void setTlsChecked(bool checked); ///< false shows the exception
    void setPlainHttp(bool plain);    ///< the target is http beyond this machine
    SecretReveal& reveal() { return *m_reveal; }
    bool isRevealed() const;
    QWidget* lastControl() const; ///< in the tab order

Q_SIGNALS:
    void profileChosen(const QString& id);
    /// The state, the time left or the profile changed.
    void stateChanged();

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void refresh();
    void refreshPreview(const TokenProfile* profile, const ProfileState* state);

    Session& m_session;
    FitRow* m_row;
    ProfileCombo* m_combo;
    Pill* m_state;
    Pill* m_tls;
    Pill* m_plain;
    ScopePills* m_scopes;
    Pill* m_role;
    FittingLabel* m_preview;
    SecretReveal* m_reveal;
};

} // namespace kb
