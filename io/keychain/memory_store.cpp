// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/memory_store.h"

#include "core/base/later.h"

#include <QCoreApplication>

namespace kb {

namespace {

Error missing() {
    return {ErrorCode::SecretMissing,
            QCoreApplication::translate("MemoryStore", "This secret was kept in memory only, and is gone."),
            {},
            QCoreApplication::translate("MemoryStore", "Paste it again."),
            -1};
}

} // namespace

MemoryStore::MemoryStore() = default;
MemoryStore::~MemoryStore() = default;

HandlePtr MemoryStore::read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) {
    const std::shared_ptr<SecretRecord> record = m_records.value(ref.id);
    return std::make_unique<Later>([record, done = std::move(done)] {
        if (record)
            done(record->revealCopy());
        else
            done(tl::unexpected(missing()));
    });
}

HandlePtr MemoryStore::write(const SecretRef& ref, SecretRecord record,
                             std::function<void(Result<void>)> done) {
    m_records.insert(ref.id, std::make_shared<SecretRecord>(std::move(record)));
    return std::make_unique<Later>([done = std::move(done)] { done({}); });
}

HandlePtr MemoryStore::remove(const SecretRef& ref, std::function<void(Result<void>)> done) {
    const bool known = m_records.remove(ref.id) > 0;
    return std::make_unique<Later>([known, done = std::move(done)] {
        if (known)
            done({});
        else
            done(tl::unexpected(missing()));
    });
}

HandlePtr MemoryStore::probe(std::function<void(StoreState)> done) {
    return std::make_unique<Later>([done = std::move(done)] {
        done({StoreState::Kind::Available, QCoreApplication::translate("MemoryStore", "memory only"), {}});
    });
}

} // namespace kb
