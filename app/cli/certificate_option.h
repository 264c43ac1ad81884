// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

#include <string>

namespace kb::cli {

/// What --client-cert, --client-key and --no-client-cert were told.
struct CertificateOption {
    std::string file;
    std::string keyFile;
    bool remove = false;
};

/// Puts the certificate into the record, or takes it out. Its passphrase, where one is needed, is read from
/// standard input, unless that has another secret.
Result<void> putCertificate(SecretRecord& record, const CertificateOption& option, bool inputIsTaken);

} // namespace kb::cli
