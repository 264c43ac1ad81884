// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/check_answer.h"

namespace kb {

/// A saved request that a run sends.
struct RunnerRequest {
    QString path; ///< in the workspace
    QString name;
    RequestSpec spec;                  ///< with what its folders give it
    QList<Variable> ownVariables = {}; ///< and its folders': they win over the environment's
    bool hasScripts = false;           ///< of its own, or of a folder's: they are not run
};

/// What came of one request in one iteration. Holds no body, no header and no value of a variable.
struct RunnerEntry {
    enum class State {
        Waiting,
        Passed,
        Failed, ///< an answer came, and a check did not pass or a value was not there
        Error,  ///< no answer, or nothing was sent
        Skipped
    };
    int request = 0; ///< index in RunnerRecord::requests
    int iteration = 0;
    State state = State::Waiting;
    int status = 0;
    double milliseconds = 0;
    bool nothingSent = false;  ///< of Error: by an error of set-up, not of the server
    QString profile;           ///< the name of who sent it; empty for nobody
    QString problem;           ///< of Error and Skipped
    QString doctor;            ///< the doctor's word on a 401 or 403
    QList<CheckResult> checks; ///< of the answer
    QList<Captured> captures;  ///< without their values
    /// Nothing was asked of the answer: it came, and that is all that is known.
    bool isUnchecked() const { return state == State::Passed && checks.isEmpty() && captures.isEmpty(); }
};

/// The name of a state in reports: "passed", "failed", "error", "skipped".
QString stateName(RunnerEntry::State state);

struct RunnerRecord {
    QString name; ///< the workspace's
    QString environment;
    QList<RunnerRequest> requests;
    QList<RunnerEntry> entries; ///< by iteration, then in the order of requests
    int iterations = 1;
    qint64 startedMs = 0;
    qint64 endedMs = 0;
    bool stopped = false;

    int count(RunnerEntry::State state) const;
    int uncheckedCount() const;        ///< of those that passed
    int checkCount(bool passed) const; ///< of checks that were judged: those that passed, or the others
    bool isClean() const;              ///< every request was sent, answered and passed
    QString scriptsNote() const;       ///< that scripts were not run, and whose; empty where there are none
    /// By the name of who sent them: answers, and how many of them were 401 or 403. Nobody is left out.
    QMap<QString, std::pair<int, int>> answersByProfile() const;
};

/// An address as it was written, with its {{variables}}, and without what was typed into it that is secret by
/// its name or its shape.
QString shownAddress(const QString& url);

/// The requests of a workspace at those paths, folders with all that is in them, in the workspace's order and
/// each once. No path: all. A path that leads to nothing is an error.
Result<QList<RunnerRequest>> requestsAt(const Workspace& workspace, const QStringList& paths);

/// A test suite a folder, a test case a request and iteration.
QByteArray runnerJunit(const RunnerRecord& record);
/// Schema version 1 (docs/runner.md).
JsonValue runnerJson(const RunnerRecord& record);
/// One page that needs nothing else.
QByteArray runnerHtml(const RunnerRecord& record);
/// "junit", "json", "html".
QStringList runnerReportKinds();
/// The report of that kind; empty for another word.
QByteArray runnerReport(const QString& kind, const RunnerRecord& record);

} // namespace kb
