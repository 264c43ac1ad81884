// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

#include <memory>

namespace kb {

/// Secrets in the desktop's keychain through QtKeychain, never with its plain-text fallback. An item that
/// another program changed since this process last read or wrote it is reported once (SecretChanged); reading
/// it again takes the new one on. A call whose handle is destroyed is silent, but what the keychain was
/// already asked may still happen.
class KeychainStore final : public SecretStore {
public:
    struct Options {
        QString service = QStringLiteral("Keybearer");
        int timeoutMs =
            30000; ///< until StoreTimeout; long enough for a person to type the keychain's password
        /// Records larger than this are split over several items; 0 never splits. Windows' Credential Manager
        /// holds 2560 bytes an item.
#ifdef Q_OS_WIN
        int maxItemBytes = 2400;
#else
        int maxItemBytes = 0;
#endif
    };
    KeychainStore() : KeychainStore(Options()) {}
    explicit KeychainStore(Options options);
    ~KeychainStore() override;

    HandlePtr read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) override;
    HandlePtr write(const SecretRef& ref, SecretRecord record,
                    std::function<void(Result<void>)> done) override;
    HandlePtr remove(const SecretRef& ref, std::function<void(Result<void>)> done) override;
    HandlePtr probe(std::function<void(StoreState)> done) override;

private:
    class Seen;
    Options m_options;
    std::shared_ptr<Seen> m_seen; ///< shared with the calls under way, which may outlive the store
};

} // namespace kb
