// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

#include <QHash>
#include <memory>

namespace kb {

/// Secrets in the desktop's keychain through QtKeychain, never with its plain-text fallback.
class KeychainStore final : public SecretStore {
public:
    struct Options {
        QString service = QStringLiteral("Keybearer");
        int timeoutMs =
            30000; ///< until StoreTimeout; long enough for a person to type the keychain's password
        /// Records larger than this are split over several items; 0 never splits. Windows' Credential Manager
        /// holds 2560 bytes an item, in UTF-16.
#ifdef Q_OS_WIN
        int maxItemBytes = 1200;
#else
        int maxItemBytes = 0;
#endif
    };
    explicit KeychainStore(Options options = {});
    ~KeychainStore() override;

    HandlePtr read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) override;
    HandlePtr write(const SecretRef& ref, SecretRecord record,
                    std::function<void(Result<void>)> done) override;
    HandlePtr remove(const SecretRef& ref, std::function<void(Result<void>)> done) override;
    HandlePtr probe(std::function<void(StoreState)> done) override;

private:
    bool isChanged(const SecretRef& ref, const QByteArray& bytes);
    Options m_options;
    QByteArray m_salt; ///< of this process
    QHash<QString, QByteArray>
        m_digests; ///< of what was last read or written, to see another program's change
};

} // namespace kb
