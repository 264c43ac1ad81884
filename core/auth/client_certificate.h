// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

namespace kb {

/// What a certificate says of itself (RFC 5280 §4.1.2).
struct CertificateFacts {
    QString subject; ///< as one line: "CN=robot,O=Acme"
    QString issuer;
    qint64 notBefore = 0;  ///< Unix seconds
    qint64 notAfter = 0;   ///< Unix seconds
    QByteArray thumbprint; ///< SHA-256 of its DER form, base64url: "x5t#S256" of RFC 8705 §3.1
};

/// A client certificate with its private key and the certificates above it, as one PEM text without a
/// passphrase: it goes nowhere but into the keychain.
struct ClientCertificate {
    Secret pem;
    CertificateFacts facts;
};

/// The name of the part of a record that holds one.
inline QString clientCertificatePart() {
    return QStringLiteral("client_certificate");
}

/// Reads what files hold: PEM with certificate and key in any order, or PKCS#12 (RFC 7292). `key` is a second
/// file with the key alone; empty where the first has it. The passphrase counts for whichever is encrypted.
/// The error is SecretMissing where a passphrase is needed and none was given, NotFound where only the key is
/// missing.
Result<ClientCertificate> readClientCertificate(const Secret& file, const Secret& key,
                                                const Secret& passphrase);
/// Of a PEM text as above.
Result<CertificateFacts> certificateFacts(const Secret& pem);
/// Of a record's certificate; nullopt where it has none.
std::optional<CertificateFacts> certificateFacts(const SecretRecord& record);

} // namespace kb
