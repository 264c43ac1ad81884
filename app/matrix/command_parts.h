// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QStringList>
#include <QTimer>
#include <functional>
#include <string>
#include <vector>

namespace kb::cli {

/// What commands that run many requests share.

struct Report {
    QString kind;
    QString file;
};
/// Reads "junit=FILE" and its like; only the kinds that there are.
Result<QList<Report>> reportsOf(const std::vector<std::string>& texts, const QStringList& kinds);

/// While it lives, the first Ctrl+C or SIGTERM (a pipeline that is called off) asks the run to end in order,
/// with its reports; the next one ends the program.
class Interruption {
public:
    explicit Interruption(std::function<void()> stop);
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

private:
    QTimer m_watch;
};

} // namespace kb::cli
