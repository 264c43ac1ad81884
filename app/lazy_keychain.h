// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

#include <QObject>
#include <memory>

namespace kb {

/// The keychain store, whose module is loaded at its first use.
class LazyKeychain final : public QObject, public SecretStore {
    Q_OBJECT
public:
    explicit LazyKeychain(QObject* parent = nullptr) : QObject(parent) {}
    HandlePtr read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) override;
    HandlePtr write(const SecretRef& ref, SecretRecord record,
                    std::function<void(Result<void>)> done) override;
    HandlePtr remove(const SecretRef& ref, std::function<void(Result<void>)> done) override;
    HandlePtr probe(std::function<void(StoreState)> done) override;

private:
    SecretStore* store();
    std::unique_ptr<SecretStore> m_store;
    std::optional<Error> m_failure;
};

} // namespace kb
