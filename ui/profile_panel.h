// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QWidget>

class QFormLayout;
class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace kb {

class ClipboardGuard;
class ExpiryBar;
class FittingLabel;
class FlowLayout;
class GrantPanel;
class Pill;
class SecretReveal;
class SignaturePanel;

/// The right side: the chosen profile's time left, what its token says, and where it may go.
class ProfilePanel final : public QWidget {
    Q_OBJECT
public:
    explicit ProfilePanel(Session& session, QWidget* parent = nullptr);
    ~ProfilePanel() override;
    void setProfile(const QString& profileId);
    SecretReveal& reveal() { return *m_reveal; }
    ClipboardGuard& clipboard() { return *m_clipboard; }

Q_SIGNALS:
    void editRequested(const QString& profileId);
    void compareRequested(const QString& profileId);

private:
    void build();
    void refreshTime();
    void refreshAll();
    void fillClaims(const TokenFacts* facts);
    void copySecret();

    Session& m_session;
    QString m_id;
    ClipboardGuard* m_clipboard;
    HandlePtr m_read;
    QLabel *m_name, *m_kind, *m_time, *m_issued, *m_expires, *m_note, *m_problem, *m_claimsHeading,
        *m_scopesHeading, *m_hygieneHeading;
    QLabel* m_origins;
    Pill* m_state;
    ExpiryBar* m_bar;
    FittingLabel* m_masked;
    SecretReveal* m_reveal;
    QPushButton *m_edit, *m_copy, *m_again, *m_compare;
    QWidget *m_body, *m_claims, *m_scopes, *m_hygiene;
    QGridLayout* m_claimsGrid;
    QList<std::pair<QLabel*, double>> m_claimTimes; ///< Unix seconds, whose distance changes with time
    FlowLayout *m_scopesFlow, *m_hygieneFlow;
    GrantPanel* m_grant;
    QVBoxLayout* m_signaturePlace;
    SignaturePanel* m_signature = nullptr; ///< there with the first JWT
};

} // namespace kb
