// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/client_certificate.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace kb {

/// Chooses the file of a client certificate, asks for its passphrase where it has one, and says what it is.
/// The certificate is held until it is stored.
class CertificateRow final : public QWidget {
    Q_OBJECT
public:
    explicit CertificateRow(QWidget* parent = nullptr);

    /// What the keychain has: the subject, empty for none.
    void setStored(const QString& subject, const QString& expiry);
    /// Reads a file and, where that has no key, asks for the key's.
    void useFile(const QString& path);
    bool isChosen() const { return !m_pem.isEmpty(); }
    bool isRemoved() const { return m_removed; }
    bool isChanged() const { return isChosen() || m_removed; }
    Secret copy() const { return m_pem.revealCopy(); }
    QString text() const;

Q_SIGNALS:
    void changed();

private:
    void choose();
    void read(const Secret& passphrase);
    void askPassphrase(const QString& why);
    void askKeyFile();
    void show(const QString& text, bool good);

    QLabel* m_text;
    QPushButton* m_choose;
    QPushButton* m_remove;
    QString m_stored;
    QString m_path;
    Secret m_file, m_key; ///< as read, until they are understood
    Secret m_pem;
    bool m_removed = false;
};

} // namespace kb
