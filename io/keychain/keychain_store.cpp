// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/keychain_store.h"

#include "io/keychain/keychain_items.h"
#include "io/keychain/keychain_service.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QUuid>

namespace kb {

namespace {

/// An item and its parts, one after the other. The steps run on one KeychainItems, and all of it ends with
/// the handle.
class Operation final : public Handle {
public:
    Operation(const KeychainStore::Options& options, QString key)
        : m_items(options.service, options.timeoutMs),
          m_maxBytes(options.maxItemBytes),
          m_key(std::move(key)) {}
    ~Operation() override {
        for (QByteArray& part : m_parts)
            wipeBytes(part);
    }

    void read(std::function<void(Result<QByteArray>)> done) {
        m_items.get(m_key, [this, done = std::move(done)](Result<QByteArray> head) {
            const int count = head ? ChunkedRecord::partCount(*head) : 0;
            if (count == 0) return done(std::move(head));
            m_head = *head;
            readPart(1, count, done);
        });
    }

    void write(const QByteArray& record, std::function<void(Result<void>)> done) {
        m_parts = ChunkedRecord::split(record, m_maxBytes);
        if (m_maxBytes <= 0) return writePart(0, std::move(done));
        // How many parts there were tells which ones are left over afterwards.
        m_items.get(m_key, [this, done = std::move(done)](const Result<QByteArray>& head) {
            m_before = head ? ChunkedRecord::partCount(*head) : 0;
            writePart(int(m_parts.size()) - 1, done);
        });
    }

    void remove(std::function<void(Result<void>)> done) {
        if (m_maxBytes <= 0) return m_items.remove(m_key, std::move(done));
        m_items.get(m_key, [this, done = std::move(done)](const Result<QByteArray>& head) {
            m_before = head ? ChunkedRecord::partCount(*head) : 0;
            m_parts.clear();
            removePart(1, [this, done](const Result<void>&) { m_items.remove(m_key, done); });
        });
    }

private:
    void readPart(int number, int count, const std::function<void(Result<QByteArray>)>& done) {
        if (number > count) {
            Result<QByteArray> whole = ChunkedRecord::join(m_head, m_parts);
            for (QByteArray& part : m_parts) wipeBytes(part);
            return done(std::move(whole));
        }
        m_items.get(ChunkedRecord::partKey(m_key, number),
                    [this, number, count, done](Result<QByteArray> part) {
                        if (!part && part.error().code != ErrorCode::SecretMissing)
                            return done(std::move(part));
                        m_parts.append(part ? *part : QByteArray());
                        readPart(number + 1, count, done);
                    });
    }
    /// The head goes last, so that a write that is cut short leaves the old record or an unreadable one,
    /// never a mix.
    void writePart(int number, const std::function<void(Result<void>)>& done) {
        const QString key = number == 0 ? m_key : ChunkedRecord::partKey(m_key, number);
        m_items.put(key, m_parts.at(number), [this, number, done](Result<void> stored) {
            if (!stored) return done(std::move(stored));
            wipeBytes(m_parts[number]);
            if (number > 0) return writePart(number - 1, done);
            removePart(int(m_parts.size()), done);
        });
    }
    void removePart(int number, const std::function<void(Result<void>)>& done) {
        if (number > m_before) return done({});
        m_items.remove(ChunkedRecord::partKey(m_key, number),
                       [this, number, done](const Result<void>&) { removePart(number + 1, done); });
    }

    KeychainItems m_items;
    int m_maxBytes;
    int m_before = 0;
    QString m_key;
    QByteArray m_head;
    QList<QByteArray> m_parts;
};

} // namespace

KeychainStore::KeychainStore(Options options)
    : m_options(std::move(options)), m_salt(QUuid::createUuid().toRfc4122()) {}

KeychainStore::~KeychainStore() = default;

bool KeychainStore::isChanged(const SecretRef& ref, const QByteArray& bytes) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(m_salt);
    hash.addData(bytes);
    const QByteArray digest = hash.result();
    const QByteArray before = m_digests.value(ref.id);
    m_digests.insert(ref.id, digest);
    return !before.isEmpty() && before != digest;
}

HandlePtr KeychainStore::read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) {
    auto operation = std::make_unique<Operation>(m_options, ref.id);
    operation->read([this, ref, done = std::move(done)](Result<QByteArray> bytes) {
        if (!bytes) return done(tl::unexpected(bytes.error()));
        // Told once: asked again, the new value is taken as it is.
        const bool changed = isChanged(ref, *bytes);
        Result<SecretRecord> record = decodeSecretRecord(*bytes);
        wipeBytes(*bytes);
        if (record && changed)
            return done(
                fail(ErrorCode::SecretChanged,
                     QCoreApplication::translate("Keychain",
                                                 "Another program changed this secret in the keychain."),
                     {},
                     QCoreApplication::translate(
                         "Keychain", "Read it again to use the new one, or paste yours into the profile.")));
        done(std::move(record));
    });
    return operation;
}

HandlePtr KeychainStore::write(const SecretRef& ref, SecretRecord record,
                               std::function<void(Result<void>)> done) {
    auto operation = std::make_unique<Operation>(m_options, ref.id);
    QByteArray bytes = encodeSecretRecord(record);
    isChanged(ref, bytes);
    operation->write(bytes, std::move(done));
    wipeBytes(bytes);
    return operation;
}

HandlePtr KeychainStore::remove(const SecretRef& ref, std::function<void(Result<void>)> done) {
    auto operation = std::make_unique<Operation>(m_options, ref.id);
    m_digests.remove(ref.id);
    operation->remove(std::move(done));
    return operation;
}

HandlePtr KeychainStore::probe(std::function<void(StoreState)> done) {
    return probeKeychainService(std::move(done));
}

} // namespace kb
