// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of grants need beside the fakes of a run.
#include "core/auth/grant_ports.h"
#include "tests/core/run/run_fakes.h"

namespace kbtest {

class FakeLock final : public GrantLock {
public:
    HandlePtr acquire(const QString& id, int, std::function<void(Result<HandlePtr>)> done) override {
        struct Pending final : Handle {
            QTimer timer;
        };
        auto pending = std::make_unique<Pending>();
        pending->timer.setSingleShot(true);
        QObject::connect(&pending->timer, &QTimer::timeout, &pending->timer, [this, id, done] {
            taken.append(id);
            if (beforeHeld) beforeHeld();
            done(std::make_unique<Handle>());
        });
        pending->timer.start(0);
        return pending;
    }
    QStringList taken;
    std::function<void()> beforeHeld; ///< what another process does first
};

} // namespace kbtest
