// SPDX-License-Identifier: GPL-3.0-or-later
// What a finding is an instance of: one cause for all that go wrong in the same way.
#include "core/probe/findings.h"
#include "core/probe/matrix_text.h"

#include <algorithm>

namespace kb {

namespace {

/// What kind of hole a bypass is, by who went through it.
std::pair<const char*, QString> causeOf(const MatrixPlan& plan, const CellPlan& cell, bool mayIn,
                                        bool isForHigherOnly) {
    const MatrixProfile& profile = plan.profileOf(cell);
    if (mayIn) return {"property-leak", MatrixText::tr("A member is handed out that is not for everybody")};
    if (profile.kind == MatrixProfile::Kind::Anonymous)
        return {"missing-authentication", MatrixText::tr("No credential is needed where one should be")};
    if (profile.kind == MatrixProfile::Kind::Derived)
        return {"forged-credential",
                MatrixText::tr("A credential that was tampered with is accepted (%1)").arg(profile.stale)};
    if (profile.isDefective())
        return {"broken-token-validation",
                MatrixText::tr("A credential that is no longer good is accepted (%1)").arg(profile.stale)};
    if (cell.binding == Binding::Higher)
        return {"privilege-escalation", MatrixText::tr("An object of somebody who may more is handed out")};
    if (cell.binding == Binding::OtherTenant)
        return {"bola", MatrixText::tr("Another tenant's object is handed out")};
    if (cell.binding == Binding::ParentSwap)
        return {"bola", MatrixText::tr("Another's object is handed out beneath what is one's own")};
    if (isOthers(cell.binding) || cell.binding == Binding::Malformed)
        return {"bola", MatrixText::tr("Another's object is handed out")};
    if (cell.expectation.expect == Expect::DenyAuthn)
        return {"broken-authentication", MatrixText::tr("A credential of the wrong kind is accepted")};
    if (isForHigherOnly)
        return {"privilege-escalation", MatrixText::tr("What only somebody who may more may do is done")};
    return {"bfla", MatrixText::tr("A permission is not checked")};
}

/// Whether all who may do it hold all that this one holds, and more, and somebody may.
bool isForHigher(const MatrixPlan& plan, int index, const MatrixSettings& settings) {
    const CellPlan& cell = plan.cells.at(index);
    const MatrixProfile& who = plan.profileOf(cell);
    if (who.kind != MatrixProfile::Kind::Live || cell.expectation.expect != Expect::DenyAuthz) return false;
    bool any = false;
    int first = index; // an operation's cells stand together
    while (first > 0 && plan.cells.at(first - 1).operation == cell.operation)
        --first;
    for (int i = first; i < plan.cells.size() && plan.cells.at(i).operation == cell.operation; ++i) {
        const MatrixProfile& allowed = plan.profileOf(plan.cells.at(i));
        if (plan.cells.at(i).expectation.expect != Expect::Allow || allowed.kind != MatrixProfile::Kind::Live)
            continue;
        if (!mayMore(who, allowed, settings)) return false;
        any = true;
    }
    return any;
}

bool isUnlike(const RunRecord& record, int index) {
    const auto sight = record.exact.constFind(index);
    return sight != record.exact.cend() && !sight->unlike.isEmpty() &&
           record.results.at(index).judged.reason == sight->unlike;
}

} // namespace

void groupDefects(RunRecord& record, const MatrixSettings& settings) {
    for (int i = 0; i < record.results.size(); ++i) {
        record.results[i].rule.clear();
        const CellResult& result = record.results.at(i);
        const CellPlan& cell = record.plan.cells.at(result.cell);
        std::pair<QString, QString> cause;
        switch (result.judged.verdict) {
        case Verdict::Bypass: {
            const Expect expect = cell.expectation.expect;
            const bool mayIn = result.leaks && (expect == Expect::Allow || expect == Expect::Unknown ||
                                                expect == Expect::NotApplicable);
            const auto [rule, title] =
                causeOf(record.plan, cell, mayIn, isForHigher(record.plan, result.cell, settings));
            cause = {QString::fromLatin1(rule), title};
            break;
        }
        case Verdict::OverRestricted:
            // Of a denial that was expected only the strict mode says so.
            cause = cell.expectation.expect == Expect::Allow
                        ? std::pair(QStringLiteral("over-restricted"),
                                    MatrixText::tr("Somebody who may is turned away"))
                        : std::pair(QStringLiteral("wrong-status-code"),
                                    MatrixText::tr("The denial has the wrong status code"));
            break;
        case Verdict::Suspect:
            cause =
                result.oracle ? std::pair(QStringLiteral("existence-oracle"),
                                          MatrixText::tr("The answer tells which objects there are"))
                : isUnlike(record, i)
                    ? std::pair(QStringLiteral("unexpected-answer"),
                                MatrixText::tr("The answer is not just what a mark expects"))
                    : std::pair(QStringLiteral("suspect"), MatrixText::tr("The answer is no clear denial"));
            break;
        case Verdict::Error:
            cause = {QStringLiteral("server-error"), MatrixText::tr("The server fails")};
            break;
        default:
            continue;
        }
        record.results[i].rule = cause.first;
        const QString operation = operationName(record.plan.operationOf(cell));
        auto known = std::find_if(record.defects.begin(), record.defects.end(), [&](const Defect& each) {
            return each.rule == cause.first && each.operation == operation && each.title == cause.second;
        });
        if (known == record.defects.end())
            record.defects.append({cause.first, cause.second, operation, {i}});
        else
            known->results.append(i);
    }
}

} // namespace kb
