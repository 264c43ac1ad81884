// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDateTimeEdit;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;
class QScrollArea;

namespace kb {

class SchemeForm;
class CertificateRow;
class KeysEdit;
class SecretEdit;

/// Makes or changes a token profile. The secret goes from its field straight to the store.
class ProfileDialog final : public QDialog {
    Q_OBJECT
public:
    /// An empty id makes a new profile.
    ProfileDialog(Session& session, const QString& profileId, QWidget* parent = nullptr);
    ~ProfileDialog() override;
    void setStorage(SecretStorage storage);
    CertificateRow& certificate() { return *m_certificate; }
    /// Fills a new profile in with a token found in a request, and the origin it was meant for.
    void propose(const AuthScheme& scheme, Secret secret, const QString& origin);
    /// The client was registered for this profile: its secrets are kept along, as putRegisteredClient() made
    /// them. The findings are shown.
    void keepRegistration(SecretRecord registered, const QStringList& findings);
    void reject() override;

Q_SIGNALS:
    void saved(const QString& profileId);
    /// No profile was kept that uses the client that was registered.
    void registrationUnused();

private:
    void build();
    void load();
    void showKindFields();
    /// As high as the fields want, or as the screen lets them; both forms' labels in one column.
    void fitFields();
    void describeSecret();
    void describeStorage();
    Result<TokenProfile> collect() const;
    void save();
    void saveBeside(const QString& id, bool kept);
    void problem(const Error& error);
    /// The scheme as the fields say it.
    AuthScheme scheme() const;
    bool usesForm() const;
    bool isOfRegistration(const AuthScheme& scheme) const;
    Result<SecretRecord> typedRecord(const TokenProfile& profile) const;

    Session& m_session;
    TokenProfile m_profile;
    bool m_new;
    QFormLayout* m_form;
    QWidget* m_fields;
    QScrollArea* m_scroll;
    QLineEdit* m_name;
    QPushButton* m_colour;
    QString m_colourName;
    std::optional<SecretRecord> m_registered;
    bool m_saving = false; ///< the keychain is at it: the profile may be there already
    bool m_stored = false;
    QComboBox* m_kind;
    QLineEdit* m_prefix;
    QComboBox* m_place;
    QLineEdit* m_keyName;
    QLabel* m_placeWarning;
    QLineEdit* m_user;
    QCheckBox* m_latin1;
    SchemeForm* m_schemeForm;
    SecretEdit* m_secret;
    QLabel* m_secretNote;
    CertificateRow* m_certificate;
    KeysEdit* m_keys;
    QRadioButton* m_keychain;
    QRadioButton* m_memory;
    QLabel* m_storageNote;
    QPlainTextEdit* m_origins;
    QComboBox* m_scope;
    QCheckBox* m_expires;
    QDateTimeEdit* m_expiresAt;
    QLineEdit* m_stale;
    QLabel* m_problem;
    QPushButton* m_save;
};

} // namespace kb
