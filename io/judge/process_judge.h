// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/body_judge.h"

#include <QStringList>

namespace kb {

/// Asks the helper program keybearer-judge, a process for each body: a filter that does not end or eats the
/// memory takes nothing else with it. It gets no environment, and ends with this object.
class ProcessJudge final : public BodyJudge {
public:
    /// `program` is the helper's path. Each question may take that long.
    explicit ProcessJudge(QString program, int millisecondsEach = 5000);
    HandlePtr ask(const QByteArray& body, const QList<BodyQuestion>& questions,
                  std::function<void(QList<BodyVerdict>)> done) override;

private:
    QString m_program;
    int m_millisecondsEach;
};

} // namespace kb
