// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/key_source.h"
#include "ui/signature_panel.h"

#include <QDialog>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace kb {

class SecretEdit;

/// Asks where the key is, and checks a profile's token with it. The token is read for the check alone. Where
/// the key came from is remembered for the profile, never a key that was pasted.
class VerifyDialog final : public QDialog {
    Q_OBJECT
public:
    VerifyDialog(Session& session, const QString& profileId, QWidget* parent = nullptr);
    ~VerifyDialog() override;

Q_SIGNALS:
    void judged(const kb::SignatureVerdict& verdict);

private:
    void build();
    void load();
    void remember();
    void showFields();
    void start();
    /// `issuer`: whose keys they are, where that is known.
    void check(const VerifyKeys& keys, const QString& from, const QString& issuer = {});
    void problem(const Error& error);
    void setBusy(bool busy);
    QString source() const;

    Session& m_session;
    QString m_id;
    HandlePtr m_work;
    QComboBox* m_source;
    QLineEdit *m_keysIssuer, *m_url, *m_file;
    QWidget* m_fileRow;
    SecretEdit* m_pasted;
    QLineEdit *m_issuer, *m_audience;
    QComboBox* m_type;
    QLabel *m_hint, *m_problem;
    QPushButton* m_verify;
    QFormLayout* m_form;
};

} // namespace kb
