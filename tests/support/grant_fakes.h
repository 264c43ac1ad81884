// SPDX-License-Identifier: GPL-3.0-or-later
// What stands for other processes, the browser and its way back where grants are tested.
#pragma once
#include "core/auth/grant_ports.h"

#include <QStringList>
#include <QTimer>
#include <QUrl>

namespace kbtest {

using namespace kb;

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

class FakeListener final : public RedirectListener {
public:
    Result<std::unique_ptr<RedirectWait>> listen(const QString& path,
                                                 std::function<bool(const QByteArray&)> answer) override {
        struct Wait final : RedirectWait {
            Wait(int& count, const QString& at) : open(count), path(at) { ++open; }
            ~Wait() override { --open; }
            QString redirectUri() const override { return QStringLiteral("http://127.0.0.1:49152") + path; }
            int& open;
            QString path;
        };
        wantedPath = path;
        arrived = std::move(answer);
        return std::make_unique<Wait>(waiting, path);
    }
    QString wantedPath;
    int waiting = 0; ///< how many still wait
    std::function<bool(const QByteArray&)> arrived;
};

class FakeBrowser final : public BrowserOpener {
public:
    bool open(const QString& url) override {
        opened = QUrl(url);
        return starts;
    }
    bool starts = true;
    QUrl opened;
};

} // namespace kbtest
