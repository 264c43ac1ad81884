// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/matrix.h"
#include "core/run/sender.h"
#include "tests/core/run/run_fakes.h"
#include "tests/support/grant_fakes.h"

namespace kbtest {

/// Answers each request as a function says, a moment later.
class ApiTransport final : public Transport {
public:
    std::function<TransportReply(const Request&)> api;
    QList<Request> sent;
    QByteArray silentAt; ///< a path that is never answered
    QByteArray failAt;   ///< a path where the connection is lost
    std::unique_ptr<Transfer> send(Request request, TransportOptions, TransferCallbacks callbacks) override {
        struct Reply final : Transfer {
            void keepGoing(qint64) override {}
            void stop() override {
                timer.stop();
                QTimer::singleShot(0, &timer, stopped);
            }
            QTimer timer;
            std::function<void()> stopped;
        };
        sent.append(request);
        auto transfer = std::make_unique<Reply>();
        transfer->timer.setSingleShot(true);
        transfer->stopped = [finished = callbacks.finished] {
            finished(fail(ErrorCode::Cancelled, QStringLiteral("stopped")));
        };
        QObject::connect(&transfer->timer, &QTimer::timeout, &transfer->timer,
                         [this, request, finished = callbacks.finished] {
                             if (!failAt.isEmpty() && request.url.path() == failAt)
                                 return finished(fail(ErrorCode::TimedOut, QStringLiteral("lost")));
                             finished(api(request));
                         });
        if (silentAt.isEmpty() || request.url.path() != silentAt) transfer->timer.start(0);
        return transfer;
    }
};

/// Identities with their secrets and their grants' keeper, before an API at `origin`.
struct SenderBench {
    const QString origin;
    FakeClock clock;
    ApiTransport transport;
    FakeStore store;
    FakeLock lock;
    FakeListener listener;
    FakeBrowser browser;
    GrantKeeper keeper{{transport, store, clock, lock, &listener, &browser}};
    QMap<QString, Sender> senders;
    QList<MatrixProfile> profiles{anonymousProfile()};

    explicit SenderBench(const QString& at) : origin(at) {}
    void add(const QString& name, AuthScheme scheme, SecretRecord record) {
        Sender sender;
        sender.profile.id = sender.profile.name = name;
        sender.profile.scheme = std::move(scheme);
        ProfileBinding binding;
        binding.secret.id = name;
        binding.allowedOrigins = {origin};
        sender.profile.bindings = {binding};
        sender.store = &store;
        sender.grants = &keeper;
        senders.insert(name, sender);
        profiles.append(matrixProfile(sender.profile, nullptr));
        profiles.last().scopesKnown = true;
        record.allowedOrigins = binding.allowedOrigins;
        store.records.insert_or_assign(name, std::move(record));
    }
};

} // namespace kbtest
