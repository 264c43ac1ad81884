// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

#include <QHash>
#include <memory>

namespace kb {

/// Keeps secrets in memory until the program ends. Chosen plainly by the user, never in silence.
class MemoryStore final : public SecretStore {
public:
    MemoryStore();
    ~MemoryStore() override;
    HandlePtr read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) override;
    HandlePtr write(const SecretRef& ref, SecretRecord record,
                    std::function<void(Result<void>)> done) override;
    HandlePtr remove(const SecretRef& ref, std::function<void(Result<void>)> done) override;
    HandlePtr probe(std::function<void(StoreState)> done) override;

private:
    QHash<QString, std::shared_ptr<SecretRecord>> m_records;
};

} // namespace kb
