// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/outcome.h"
#include "core/run/run.h"
#include "core/workspace/request_spec.h"

namespace kb {

/// How a disposable object is made, looked at and removed: the requests, ready but for the object's id.
struct FixturePlan {
    RequestSpec setup, verify, teardown; ///< `verify` without an address: nothing is looked at
    QString owner;                       ///< the id of the profile that does all three
    QString pointer;                     ///< where the setup's answer has the id (RFC 6901)
    bool precondition = false; ///< the probe carries an If-Match that fits nothing (RFC 9110 §13.1.1)
    bool verifiesList = false; ///< `verify` lists objects rather than showing the one
    bool operator==(const FixturePlan&) const = default;
};

/// One probe of a disposable object, as steps without I/O: made by its owner, looked at, probed, looked at
/// again, removed. Whatever happens after the object may exist, it is removed.
class FixtureChain {
public:
    enum class Step { Setup, Before, Act, After, Teardown, Done };
    /// `act` is the probe, sent as `actor`.
    FixtureChain(const FixturePlan& plan, const RequestSpec& act, QString actor)
        : m_plan(plan), m_act(act), m_actor(std::move(actor)) {}

    Step step() const { return m_step; }
    bool isProbe() const { return m_step == Step::Act; }
    /// Whether it may be broken off: not while an object is made or removed.
    bool mayBeCancelled() const { return m_step != Step::Setup && m_step != Step::Teardown; }
    RequestSpec spec() const; ///< what is sent now
    QString who() const;      ///< the id of the profile that sends it
    /// Takes the answer of this step and goes on to the next. `stopping`: only what has to be done is.
    /// `meant`: the user's rule for the probe's answer.
    void answered(const RunResult& result, bool stopping,
                  const std::shared_ptr<const OutcomeRule>& meant = {});
    const Observation& seen() const { return m_seen; }  ///< of the probe, or why there was none
    QString leftBehind() const { return m_leftBehind; } ///< a sentence where the object was not removed
    QString object() const { return m_object; }

private:
    void goOn(bool stopping);
    const FixturePlan& m_plan;
    const RequestSpec& m_act;
    QString m_actor, m_object, m_leftBehind;
    Step m_step = Step::Setup;
    Observation m_seen;
    bool m_wasThere = false;
    QByteArray m_digest;
};

} // namespace kb
