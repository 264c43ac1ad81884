// SPDX-License-Identifier: GPL-3.0-or-later
// From what was seen to what it means: the whole grid at once, since a row's control and a column's canaries
// decide.
#include "core/base/shared_texts.h"
#include "core/probe/cross_check.h"
#include "core/probe/findings.h"
#include "core/probe/matrix_text.h"
#include "core/probe/run_record.h"

#include <algorithm>

namespace kb {

namespace {

class Evaluation {
public:
    Evaluation(RunRecord& record, const MatrixSettings& settings, bool strict)
        : m_record(record),
          m_settings(settings),
          m_strict(strict),
          m_rows(record.plan.api.operations.size()),
          m_anyExact(std::any_of(settings.marks.begin(), settings.marks.end(),
                                 [](const MatrixMark& mark) { return mark.exactly.has_value(); })) {
        for (int i = 0; i < record.results.size(); ++i)
            m_rows[record.plan.cells.at(record.results.at(i).cell).operation].append(i);
    }

    void run() {
        for (CellResult& result : m_record.results)
            judgeOne(result);
        for (const QList<int>& row : m_rows)
            findOracles(row);
        for (const CellResult& result : std::as_const(m_record.results))
            ++m_record.summary[verdictName(result.judged.verdict)];
    }

private:
    const CellPlan& planOf(const CellResult& result) const { return m_record.plan.cells.at(result.cell); }

    /// Who was allowed and got through: in the same row with the same object, else the owner with their own.
    /// One that got no success is something to compare with; a proof only where it was sent so that it could
    /// not get one.
    struct Control {
        const Observation* seen = nullptr;
        bool proves = false;
    };
    Control controlOf(const CellPlan& cell) const {
        Control best;
        int weight = 0;
        for (const int index : m_rows.at(cell.operation)) {
            const CellResult& other = m_record.results.at(index);
            const CellPlan& plan = planOf(other);
            if (plan.expectation.expect != Expect::Allow) continue;
            if (plan.binding != cell.binding && plan.binding != Binding::Self) continue;
            int own = gotThrough(other.seen) ? 4 : wasReached(other.seen) ? 2 : 0;
            if (own == 0) continue;
            if (plan.binding == cell.binding) ++own;
            if (own <= weight) continue;
            weight = own;
            best = {&other.seen, gotThrough(other.seen) || plan.dry};
        }
        return best;
    }

    /// Whether the operation takes a credential at all, be it only from those who want.
    bool readsCredentials(const CellPlan& cell) const {
        const ApiOperation& operation = m_record.plan.operationOf(cell);
        const std::optional<ApiSecurity>& security =
            operation.security ? operation.security : m_record.plan.api.security;
        return security && std::any_of(security->begin(), security->end(),
                                       [](const ApiAlternative& each) { return !each.isEmpty(); });
    }

    const Observation* anonymousOf(const CellPlan& cell) const {
        for (const int index : m_rows.at(cell.operation)) {
            const CellResult& other = m_record.results.at(index);
            const CellPlan& plan = planOf(other);
            if (plan.binding == cell.binding &&
                m_record.plan.profileOf(plan).kind == MatrixProfile::Kind::Anonymous)
                return &other.seen;
        }
        return nullptr;
    }

    /// That a forgery is refused proves nothing unless the good credential was let in all the while.
    bool isParentAlive(const MatrixProfile& forged, int run) const {
        for (const ProfileHealth& health : m_record.health)
            if (health.run == run && health.profile == forged.parent)
                return !health.canaries.isEmpty() && !health.canaries.contains(false);
        return false;
    }

    /// By the canaries of the run that sent it: those of another say nothing of it.
    bool isAlive(const MatrixProfile& profile, const CellResult& result) const {
        if (profile.kind == MatrixProfile::Kind::Anonymous) return true;
        if (profile.kind == MatrixProfile::Kind::Derived) return isParentAlive(profile, result.run);
        bool any = false;
        for (const ProfileHealth& health : m_record.health) {
            if (health.run != result.run) continue;
            // Of a credential that is bad on purpose: somebody's good one must be let in, or "refused" proves
            // nothing.
            if (profile.isDefective())
                any = any || health.aliveIn(0);
            else if (health.profile == profile.id)
                return health.aliveIn(result.segment);
        }
        return any;
    }

    bool isAccepted(const CellPlan& cell) const {
        // An expectation other than "nobody we know" says that a credential of the right kind was sent.
        return m_record.plan.profileOf(cell).kind == MatrixProfile::Kind::Live &&
               (cell.expectation.expect == Expect::Allow || cell.expectation.expect == Expect::DenyAuthz ||
                cell.expectation.expect == Expect::Conceal);
    }

    /// Markers of others than who asked. A forgery has none of its own: its parent's are another's.
    quint64 foreignMarkers(const CellPlan& cell, const Observation& seen) const {
        return seen.markersOf & ~(cell.profile < 64 ? quint64(1) << cell.profile : 0);
    }
    QString namesOf(quint64 profiles) const {
        QStringList names;
        for (int i = 0; i < qMin(64, int(m_record.plan.profiles.size())); ++i)
            if (profiles >> i & 1) names.append(m_record.plan.profiles.at(i).name);
        return names.join(QStringLiteral(", "));
    }

    void judgeOne(CellResult& result) {
        const CellPlan& cell = planOf(result);
        const MatrixProfile& profile = m_record.plan.profileOf(cell);
        const Control control = controlOf(cell);
        result.oracle = false;
        OutcomeContext context;
        context.kind = profile.kind;
        context.control = control.seen;
        context.anonymous = anonymousOf(cell);
        context.alive = isAlive(profile, result);
        context.accepted = isAccepted(cell);
        context.isHead = m_record.plan.operationOf(cell).method == QLatin1String("HEAD");
        // Where no credential is read, everybody getting the same is as it should be.
        if (cell.expectation.expect == Expect::Allow && !readsCredentials(cell)) context.anonymous = nullptr;
        result.outcome = classify(result.seen, context);
        Proof proof;
        proof.alive = context.alive;
        proof.hasControl = control.proves;
        const Expect expect = cell.expectation.expect;
        if (!control.proves && result.seen.sent && expect != Expect::Allow && expect != Expect::Unknown &&
            expect != Expect::NotApplicable)
            m_record.rowsWithoutControl.insert(cell.operation);
        proof.dry = cell.dry;
        proof.absent = cell.absent;
        for (const QString& status : m_record.plan.operationOf(cell).responses)
            proof.redirectDocumented = proof.redirectDocumented || status.startsWith(u'3');
        result.judged = judge(cell.expectation, result.outcome, proof, m_strict);
        const quint64 foreign = foreignMarkers(cell, result.seen);
        if (m_anyExact) holdAgainstMark(cell, result);
        if (cell.binding == Binding::Malformed) judgeMalformed(cell, result, proof, foreign != 0);
        // What its token would say is not known: nothing of it is decided, and nothing undecided.
        if (!profile.problem.isEmpty() && cell.notSent == profile.problem)
            result.judged.verdict = Verdict::NotProven;
        if (!cell.notSent.isEmpty())
            result.judged.reason = cell.notSent;
        else if (!result.seen.problem.isEmpty() && result.judged.verdict == Verdict::NotProven)
            result.judged.reason = result.seen.problem;
        if (result.seen.echoedSecret)
            result.judged.advisories.append(MatrixText::tr("The answer repeats the secret that was sent."));
        if (result.askedTwice)
            result.judged.advisories.append(
                MatrixText::tr("It got now one thing, now another in earlier runs, so it was asked twice."));
        remarkUndocumented(cell, result);
        judgeFields(cell, profile, result);
        result.outcome.advisories = m_texts.shared(result.outcome.advisories);
        result.judged.advisories = m_texts.shared(result.judged.advisories);
        result.judged.reason = m_texts.shared(result.judged.reason);
        if (foreign != 0 && result.judged.verdict != Verdict::Bypass)
            result.judged.advisories.append(
                MatrixText::tr("The answer holds what only objects of %1 hold.").arg(namesOf(foreign)));
        result.evidence =
            evidenceGrade(result.judged.verdict, result.seen, control.seen, foreign != 0 || result.leaks);
    }

    /// What a mark says exactly is compared when the answer comes, since its body is not kept.
    void holdAgainstMark(const CellPlan& cell, CellResult& result) const {
        if (result.judged.verdict != Verdict::Pass) return;
        const ExactAnswer* exactly = exactlyFor(m_settings, m_record.plan.operationOf(cell),
                                                m_record.plan.profileOf(cell), cell.binding);
        if (!exactly) return;
        const auto sight = m_record.exact.constFind(int(&result - m_record.results.constData()));
        if (sight == m_record.exact.cend() || !(sight->of == *exactly)) {
            result.judged.verdict = Verdict::NotProven;
            result.judged.reason = MatrixText::tr(
                "The answer was not compared with what the mark expects exactly. Run the cell again.");
        } else if (!sight->unlike.isEmpty()) {
            result.judged.verdict = Verdict::Suspect;
            result.judged.reason = sight->unlike;
        }
    }

    /// A document that tells of one kind of denial and not of the other is wrong, or the answer is.
    void remarkUndocumented(const CellPlan& cell, CellResult& result) const {
        const QStringList& documented = m_record.plan.operationOf(cell).responses;
        const int status = result.seen.status;
        if ((status != 401 && status != 403) || documented.contains(QStringLiteral("default")) ||
            documented.contains(QStringLiteral("4XX")))
            return;
        const QString other = QString::number(status == 401 ? 403 : 401);
        if (documented.contains(QString::number(status)) || !documented.contains(other)) return;
        result.judged.advisories.append(
            MatrixText::tr("The document has %1 here, and not %2.").arg(other, QString::number(status)));
    }

    /// Members that who asked should not see: the object is theirs to have, and not all of it.
    void judgeFields(const CellPlan& cell, const MatrixProfile& profile, CellResult& result) const {
        result.leaks = false;
        if (m_settings.fields.isEmpty() || !gotThrough(result.seen)) return;
        QStringList seen;
        for (const FieldRule& rule : m_settings.fields) {
            if (!fitsOperation(rule.methods, rule.tags, rule.path, m_record.plan.operationOf(cell))) continue;
            if (!rule.bindings.isEmpty() && !rule.bindings.contains(bindingName(cell.binding))) continue;
            const bool may = !rule.claims.isEmpty() && !profile.isDefective() &&
                             std::all_of(rule.claims.begin(), rule.claims.end(),
                                         // Not known is no proof that it may not.
                                         [&](const QString& claim) {
                                             return profile.holds(claim) || !profile.knows(claim);
                                         });
            if (!may) seen += fieldsIn(rule.fields, result.seen.bodyShape);
        }
        if (seen.isEmpty()) return;
        seen.removeDuplicates();
        result.leaks = true;
        if (result.judged.verdict != Verdict::Bypass) {
            result.judged.verdict = Verdict::Bypass;
            result.judged.weak = false;
            result.judged.reason.clear();
        }
        result.judged.advisories.append(MatrixText::tr("The answer holds what it should not see: %1.")
                                            .arg(seen.join(QStringLiteral(", "))));
    }

    /// Which of the fields a body of this shape has.
    static QStringList fieldsIn(const QStringList& fields, const QStringList& shape) {
        QStringList found;
        for (const QString& field : fields) {
            const bool anywhere = !field.startsWith(u'/');
            const QString place = anywhere ? u'/' + field : field;
            const bool has = std::any_of(shape.begin(), shape.end(), [&](const QString& path) {
                const QString whole = path + u'/';
                return anywhere ? whole.contains(place + u'/') : whole.startsWith(place + u'/');
            });
            if (has) found.append(field);
        }
        return found;
    }

    /// An id that no object can have: that it is refused as such is as good as any refusal, and a success
    /// needs to be looked at. Somebody's object it is only where the answer says so.
    static void judgeMalformed(const CellPlan& cell, CellResult& result, const Proof& proof, bool foreign) {
        if (cell.expectation.expect != Expect::Conceal || !proof.alive || !proof.hasControl) return;
        if (result.judged.verdict == Verdict::NotProven && wasReached(result.seen)) {
            result.judged.verdict = Verdict::Pass;
            result.judged.reason.clear();
        } else if (result.judged.verdict == Verdict::Bypass && !foreign) {
            result.judged.verdict = Verdict::Suspect;
            result.judged.advisories.append(MatrixText::tr("An id that no object can have got a success."));
        }
    }

    /// No answer of the API's own mind: nothing can be compared with it.
    static bool tellsNothing(const CellResult& result) {
        const Outcome outcome = result.outcome.outcome;
        return result.judged.verdict == Verdict::NotProven || outcome == Outcome::NoAnswer ||
               outcome == Outcome::Throttled || outcome == Outcome::ServerError ||
               outcome == Outcome::ProxyProblem;
    }

    /// Another's object must be refused as one that does not exist: else the answer tells which objects there
    /// are.
    void findOracles(const QList<int>& row) {
        for (const int peer : row) {
            CellResult& result = m_record.results[peer];
            const CellPlan& cell = planOf(result);
            if (!isOthers(cell.binding) || result.judged.verdict != Verdict::Pass ||
                cell.expectation.expect == Expect::Allow)
                continue;
            for (const int other : row) {
                const CellResult& absent = m_record.results.at(other);
                const CellPlan& plan = planOf(absent);
                if (plan.binding != Binding::Absent || plan.profile != cell.profile || tellsNothing(absent))
                    continue;
                const bool alike = answerText(absent.seen) == answerText(result.seen) &&
                                   absent.seen.bodyShape == result.seen.bodyShape;
                if (alike) continue;
                result.judged.verdict = Verdict::Suspect;
                result.oracle = true;
                result.judged.advisories.append(
                    MatrixText::tr(
                        "Another's object gets %1 and one that does not exist %2: the answer tells which "
                        "objects there are.")
                        .arg(answerText(result.seen), answerText(absent.seen)));
            }
        }
    }

    RunRecord& m_record;
    const MatrixSettings& m_settings;
    bool m_strict;
    SharedTexts m_texts;
    QList<QList<int>> m_rows; ///< the results of each operation
    bool m_anyExact;          ///< a mark says exactly what is expected
};

} // namespace

bool wasReached(const Observation& seen) {
    if (seen.meant)
        return seen.meant->means == Outcome::Reached || seen.meant->means == Outcome::ReachedMissing;
    static constexpr int statuses[] = {400, 404, 405, 406, 409, 410, 411, 412, 413, 415, 422, 428};
    return seen.sent &&
           std::find(std::begin(statuses), std::end(statuses), seen.status) != std::end(statuses);
}

bool ProfileHealth::aliveIn(int segment) const {
    if (canaries.isEmpty()) return false;
    const int before = qBound(0, segment, int(canaries.size()) - 1);
    const int after = qMin(before + 1, int(canaries.size()) - 1);
    return canaries.at(before) && canaries.at(after);
}

void evaluate(RunRecord& record, const MatrixSettings& settings, qint64 nowMs, bool strict) {
    record.summary.clear();
    record.defects.clear();
    record.rowsWithoutControl.clear();
    record.decided = record.proven = 0;
    Evaluation(record, settings, strict).run();
    for (const CellResult& result : std::as_const(record.results)) {
        if (record.isHeldBack(result) || result.judged.verdict == Verdict::Undecided) continue;
        ++record.decided;
        if (result.judged.verdict != Verdict::NotProven) ++record.proven;
    }
    groupDefects(record, settings);
    applyWaivers(record, settings, nowMs);
    remarkMarks(record, settings);
    crossCheck(record);
}

} // namespace kb
