// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "io/keychain/keychain_store.h"

#include <QProcess>
#include <QtTest>
#include <optional>

namespace kb::test {

/// The answer to one call, waited for; an error of its own if none comes or it comes inside the call.
template<class T, class Start> T answerOf(Start start) {
    std::optional<T> answer;
    const HandlePtr handle = start([&answer](T result) { answer.emplace(std::move(result)); });
    if (answer) qFatal("the answer came inside the call");
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 30000)) qFatal("no answer came");
    return std::move(*answer);
}

inline Result<SecretRecord> readNow(SecretStore& store, const QString& id) {
    return answerOf<Result<SecretRecord>>([&](auto done) { return store.read({id}, std::move(done)); });
}

inline Result<void> writeNow(SecretStore& store, const QString& id, SecretRecord record) {
    return answerOf<Result<void>>(
        [&](auto done) { return store.write({id}, std::move(record), std::move(done)); });
}

inline Result<void> writeNow(SecretStore& store, const QString& id, const QByteArray& secret) {
    SecretRecord record;
    record.secret = Secret({secret.constData(), std::size_t(secret.size())});
    return writeNow(store, id, std::move(record));
}

inline Result<void> removeNow(SecretStore& store, const QString& id) {
    return answerOf<Result<void>>([&](auto done) { return store.remove({id}, std::move(done)); });
}

inline StoreState probeNow(SecretStore& store) {
    return answerOf<StoreState>([&](auto done) { return store.probe(std::move(done)); });
}

inline QByteArray textOf(const Secret& secret) {
    return QByteArray(secret.reveal().data(), qsizetype(secret.size()));
}

inline QByteArray bytesOfSize(qsizetype size) {
    QByteArray bytes;
    for (qsizetype i = 0; i < size; ++i)
        bytes.append(char('!' + (i * 7 + i / 91) % 90));
    return bytes;
}

/// Another program's hand in the same keyring: secret-tool of libsecret.
inline QByteArray secretTool(const QStringList& arguments, const QByteArray& input = {},
                             QProcess::ProcessChannelMode channels = QProcess::SeparateChannels) {
    QProcess tool;
    tool.setProcessChannelMode(channels);
    tool.start(QStringLiteral("secret-tool"), arguments);
    tool.write(input);
    tool.closeWriteChannel();
    if (!tool.waitForFinished(20000)) qFatal("secret-tool did not end");
    return tool.readAllStandardOutput();
}

/// What the keyring holds for one of our items, as it is stored (binary data is stored in base64).
inline QByteArray storedItem(const QString& service, const QString& key) {
    return secretTool(
        {QStringLiteral("lookup"), QStringLiteral("server"), service, QStringLiteral("user"), key});
}

inline void replaceItem(const QString& service, const QString& key, const QByteArray& bytes) {
    secretTool({QStringLiteral("store"), QStringLiteral("--label=changed"), QStringLiteral("server"), service,
                QStringLiteral("user"), key, QStringLiteral("type"), QStringLiteral("base64"),
                QStringLiteral("xdg:schema"), QStringLiteral("org.qt.keychain")},
               bytes.toBase64());
}

inline void clearItem(const QString& service, const QString& key) {
    secretTool({QStringLiteral("clear"), QStringLiteral("server"), service, QStringLiteral("user"), key});
}

/// Says what a person reads, and that it is complete: what happened, and a way out.
inline bool isForPeople(const Error& error) {
    return error.what.endsWith(u'.') && error.next.endsWith(u'.');
}

} // namespace kb::test
