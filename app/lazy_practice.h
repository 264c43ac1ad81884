// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/practice_control.h"

#include <memory>

namespace kb {

/// The practice API, whose module (with Qt's HTTP server) is loaded when it is first started.
class LazyPractice final : public PracticeControl {
public:
    Result<void> start(const PracticeSettings& settings) override;
    Result<void> begin(const PracticeSettings& settings, std::function<void(Result<void>)> ready) override;
    void stop() override;
    bool isRunning() const override;
    QString baseUrl() const override;
    QList<PracticeDefect> defects() const override;
    Result<void> setDefect(const QString& name, bool on) override;
    void takeTokens(const std::function<void(PracticeToken)>& each) override;

    Result<void> load();

private:
    std::unique_ptr<PracticeControl> m_practice;
};

} // namespace kb
