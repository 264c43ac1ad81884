// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/keychain_store.h"
#include "io/keychain/keychain_text.h"

#include "io/keychain/chunked_record.h"
#include "io/keychain/keychain_items.h"
#include "io/keychain/keychain_service.h"

#include <QCryptographicHash>
#include <QHash>
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
        m_items.get(m_key, [this, done = std::move(done)](Result<QByteArray> item) {
            m_old = item ? ChunkedRecord::readHead(*item) : ChunkedRecord::Head();
            if (m_old.parts == 0) return done(std::move(item));
            readPart(1, done);
        });
    }

    void write(const QByteArray& record, std::function<void(Result<void>)> done) {
        if (m_maxBytes <= 0) return m_items.put(m_key, record, std::move(done));
        const auto whole =
            std::make_shared<Secret>(std::string_view(record.constData(), std::size_t(record.size())));
        readOld([this, whole, done = std::move(done)] {
            const auto bytes = QByteArray::fromRawData(whole->reveal().data(), qsizetype(whole->size()));
            m_set = ChunkedRecord::otherSet(m_old);
            m_parts = ChunkedRecord::split(bytes, m_maxBytes, m_set);
            m_parts.first().detach(); // a record in one piece is not to point into the secret
            writePart(int(m_parts.size()) - 1, done);
        });
    }

    void remove(std::function<void(Result<void>)> done) {
        if (m_maxBytes <= 0) return m_items.remove(m_key, std::move(done));
        readOld([this, done = std::move(done)] {
            removeOld(1, [this, done](const Result<void>&) { m_items.remove(m_key, done); });
        });
    }

private:
    /// Learns of what parts there are; a record that is missing or does not read has none that count.
    void readOld(std::function<void()> next) {
        m_items.get(m_key, [this, next = std::move(next)](Result<QByteArray> item) {
            if (item) {
                m_old = ChunkedRecord::readHead(*item);
                wipeBytes(*item);
            }
            next();
        });
    }
    void readPart(int number, const std::function<void(Result<QByteArray>)>& done) {
        if (number > m_old.parts) return done(ChunkedRecord::join(m_old, m_parts));
        m_items.get(ChunkedRecord::partKey(m_key, m_old.set, number),
                    [this, number, done](Result<QByteArray> part) {
                        if (!part && part.error().code != ErrorCode::SecretMissing)
                            return done(std::move(part));
                        m_parts.append(part ? *part : QByteArray());
                        readPart(number + 1, done);
                    });
    }
    /// The head goes last: until it stands, the old one and its parts are what counts.
    void writePart(int number, const std::function<void(Result<void>)>& done) {
        const QString key = number == 0 ? m_key : ChunkedRecord::partKey(m_key, m_set, number);
        m_items.put(key, m_parts.at(number), [this, number, done](Result<void> stored) {
            if (!stored) return done(std::move(stored));
            if (number > 0) return writePart(number - 1, done);
            removeLeftOver(int(m_parts.size()), [this, done](const Result<void>&) { removeOld(1, done); });
        });
    }
    /// Parts of a longer write into the same set that was cut short: they go on without a gap.
    void removeLeftOver(int number, const std::function<void(Result<void>)>& done) {
        m_items.get(ChunkedRecord::partKey(m_key, m_set, number), [this, number,
                                                                   done](Result<QByteArray> part) {
            if (!part || number > ChunkedRecord::mostParts) return done({});
            wipeBytes(*part);
            m_items.remove(ChunkedRecord::partKey(m_key, m_set, number),
                           [this, number, done](const Result<void>&) { removeLeftOver(number + 1, done); });
        });
    }
    void removeOld(int number, const std::function<void(Result<void>)>& done) {
        if (number > m_old.parts) return done({});
        m_items.remove(ChunkedRecord::partKey(m_key, m_old.set, number),
                       [this, number, done](const Result<void>&) { removeOld(number + 1, done); });
    }

    KeychainItems m_items;
    int m_maxBytes;
    QString m_key;
    ChunkedRecord::Head m_old;
    char m_set = 'a';
    QList<QByteArray> m_parts;
};

} // namespace

/// Salted digests of what was last read or written, to see another program's change. Kept for this process
/// only.
class KeychainStore::Seen {
public:
    void remember(const QString& id, const QByteArray& digestSeen) { m_digests.insert(id, digestSeen); }
    void forget(const QString& id) { m_digests.remove(id); }
    /// Whether they differ from what was last seen; takes them on as seen.
    bool isChanged(const QString& id, const QByteArray& bytes) {
        const QByteArray before = m_digests.value(id);
        const QByteArray now = digest(bytes);
        remember(id, now);
        return !before.isEmpty() && before != now;
    }
    QByteArray digest(const QByteArray& bytes) const {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        hash.addData(m_salt);
        hash.addData(bytes);
        return hash.result();
    }

private:
    QByteArray m_salt = QUuid::createUuid().toRfc4122();
    QHash<QString, QByteArray> m_digests;
};

KeychainStore::KeychainStore(Options options)
    : m_options(std::move(options)), m_seen(std::make_shared<Seen>()) {}

KeychainStore::~KeychainStore() = default;

HandlePtr KeychainStore::read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) {
    auto operation = std::make_unique<Operation>(m_options, ref.id);
    operation->read([seen = m_seen, ref, done = std::move(done)](Result<QByteArray> bytes) {
        if (!bytes) return done(tl::unexpected(bytes.error()));
        const bool changed = seen->isChanged(ref.id, *bytes);
        Result<SecretRecord> record = decodeSecretRecord(*bytes);
        wipeBytes(*bytes);
        if (record && changed) {
            return done(
                fail(ErrorCode::SecretChanged,
                     KeychainText::tr("Another program changed this secret in the keychain."), {},
                     KeychainText::tr("Try again to use the new one, or enter yours in the profile.")));
        }
        done(std::move(record));
    });
    return operation;
}

HandlePtr KeychainStore::write(const SecretRef& ref, SecretRecord record,
                               std::function<void(Result<void>)> done) {
    auto operation = std::make_unique<Operation>(m_options, ref.id);
    QByteArray bytes = encodeSecretRecord(record);
    const QByteArray digest = m_seen->digest(bytes);
    // A write that fails or is not waited for may have happened or not, so nothing is known of the item then.
    m_seen->forget(ref.id);
    operation->write(bytes, [seen = m_seen, ref, digest, done = std::move(done)](const Result<void>& stored) {
        if (stored) seen->remember(ref.id, digest);
        done(stored);
    });
    wipeBytes(bytes);
    return operation;
}

HandlePtr KeychainStore::remove(const SecretRef& ref, std::function<void(Result<void>)> done) {
    auto operation = std::make_unique<Operation>(m_options, ref.id);
    m_seen->forget(ref.id);
    operation->remove(std::move(done));
    return operation;
}

HandlePtr KeychainStore::probe(std::function<void(StoreState)> done) {
    return probeKeychainService(std::move(done));
}

} // namespace kb
