// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <atomic>
#include <functional>
#include <memory>

namespace kb {

/// One piece of work beside the window's thread. A new start, cancel() and destruction silence the one
/// before.
class BackgroundWork final : public QObject {
    Q_OBJECT
public:
    /// What is called on the window's thread once the work is done.
    using Done = std::function<void()>;
    /// Runs on another thread and may look at the flag to stop early. It must touch only what it holds.
    using Work = std::function<Done(const std::atomic_bool& stop)>;

    explicit BackgroundWork(QObject* parent = nullptr);
    ~BackgroundWork() override;
    void start(Work work);
    void cancel();
    bool isRunning() const { return m_shared != nullptr; }

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace kb
