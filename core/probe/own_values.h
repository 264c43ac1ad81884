// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"
#include "core/workspace/request_spec.h"

#include <memory>

namespace kb {

/// Where a profile's own object is found: a request it sends itself before the run, and what of the answer is
/// the value. Written "from:GET /orders#/0/id", or "from:GET /me#header:X-Account".
struct OwnSource {
    QString operation; ///< "GET /orders"
    QString pointer;   ///< RFC 6901; empty where a header has it
    QString header;
};
/// nullopt where the text names no source: it is the value itself.
std::optional<OwnSource> ownSource(const QString& text);

/// A value that is asked for before a run.
struct OwnQuestion {
    QString variable;  ///< "own.id.Reader": stands for the value in the plan's requests
    QString parameter; ///< "id"; what else a place is called: ownKey()
    QString paths;     ///< the glob of the operations it is the object of; empty: of all
    bool inPath = true;
    int profile = 0; ///< index in MatrixPlan::profiles: who asks
    OwnSource source;
    std::shared_ptr<const RequestSpec> spec; ///< null: it cannot be asked, and `problem` says why
    QString problem;
};

/// The value in an answer. An error says in one sentence why there is none. What an API says is not trusted:
/// a value that would be read as a variable, or is no plain short text, is none. `inPath`: it is encoded
/// where it stands; elsewhere only what needs no encoding is taken.
Result<QString> ownValueIn(const RunResult& result, const OwnSource& source, bool inPath = true);

/// Why another's object is not asked for where both own the same.
QString notProbeable();

/// What an object's text stands for: a value that was asked for, or itself.
QString ownObject(const QString& object, const VariableMap& values);

struct MatrixPlan;
/// Nothing is asked for that no request needs.
void dropNeedlessQuestions(MatrixPlan& plan);
/// Once all was asked: what names a value that is not known is not sent, nor is another's object that is
/// one's own as well; where somebody else owns another, that one is asked for instead. Gives a remark for
/// each value that is not known. `problems` says why, by variable.
QStringList settleOwnValues(MatrixPlan& plan, const VariableMap& values,
                            const QHash<QString, QString>& problems);

/// A request of a plan with the values in place that were asked for before its run: their variables are of
/// the run and known to nobody else.
RequestSpec withOwnValues(RequestSpec spec, const VariableMap& values);

} // namespace kb
