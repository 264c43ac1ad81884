// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lazy_keychain.h"

#include "app/module.h"
#include "core/base/later.h"

namespace kb {

SecretStore* LazyKeychain::store() {
    if (m_store || m_failure) return m_store.get();
    const Result<QFunctionPointer> create =
        moduleFunction(QStringLiteral("keybearer-keychain"), "kbCreateKeychainStore");
    if (create)
        m_store.reset(reinterpret_cast<SecretStore* (*)()>(*create)());
    else
        m_failure = create.error();
    return m_store.get();
}

HandlePtr LazyKeychain::read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) {
    if (SecretStore* loaded = store()) return loaded->read(ref, std::move(done));
    return std::make_unique<Later>([this, done = std::move(done)] { done(tl::unexpected(*m_failure)); });
}

HandlePtr LazyKeychain::write(const SecretRef& ref, SecretRecord record,
                              std::function<void(Result<void>)> done) {
    if (SecretStore* loaded = store()) return loaded->write(ref, std::move(record), std::move(done));
    return std::make_unique<Later>([this, done = std::move(done)] { done(tl::unexpected(*m_failure)); });
}

HandlePtr LazyKeychain::remove(const SecretRef& ref, std::function<void(Result<void>)> done) {
    if (SecretStore* loaded = store()) return loaded->remove(ref, std::move(done));
    return std::make_unique<Later>([this, done = std::move(done)] { done(tl::unexpected(*m_failure)); });
}

HandlePtr LazyKeychain::probe(std::function<void(StoreState)> done) {
    if (SecretStore* loaded = store()) return loaded->probe(std::move(done));
    return std::make_unique<Later>([this, done = std::move(done)] {
        done({StoreState::Kind::Unavailable, {}, m_failure->text()});
    });
}

} // namespace kb
