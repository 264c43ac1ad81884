// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/body_judge.h"
#include "core/run/run.h"

namespace kb {

struct CheckResult {
    enum class State {
        Passed,
        Failed,
        Unclear ///< could not be judged; never a pass
    };
    CheckSpec check;
    State state = State::Unclear;
    QString message;       ///< why it did not pass, with what was got instead; secrets in it are masked
    QString title() const; ///< "res.status eq 200", or its description
};

/// A value taken for later requests. It may be a secret: it stays in memory.
struct Captured {
    QString variable;
    QString value;
    bool isSecret = false; ///< the answer shows it masked
    QString problem;       ///< why there is none
};

struct CheckedAnswer {
    QList<CheckResult> checks; ///< those that are on, in their order
    QList<Captured> captures;
    bool passed() const; ///< every check passed and every value was there
};

/// What checks need beyond the answer.
struct CheckTools {
    BodyJudge* judge = nullptr; ///< null: jq filters and schemas are unclear
    BodyFiles readFile = {};    ///< schemas, by their paths within the workspace's folder
    QStringList secrets = {};   ///< taken from answers before; masked in what is said
};

/// Judges an answer by the request's checks and takes what it captures. Verdicts are about what was received;
/// what is said about it shows secrets masked. `done` comes from the event loop.
HandlePtr checkAnswer(const RequestSpec& spec, const Exchange& answer, const VariableMap& variables,
                      const CheckTools& tools, std::function<void(CheckedAnswer)> done);

} // namespace kb
