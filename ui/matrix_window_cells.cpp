// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MatrixWindow that is about single cells: what is expected of them, what they send, and how many
// came to what.
#include "core/interchange/openapi.h"
#include "core/probe/own_values.h"
#include "core/probe/report.h"
#include "core/workspace/inherit.h"
#include "ui/expect_dialog.h"
#include "ui/matrix_delegate.h"
#include "ui/matrix_filter.h"
#include "ui/matrix_header.h"
#include "ui/matrix_window.h"
#include "ui/notice_bar.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>

namespace kb {

void MatrixWindow::accept(int cell, MatrixDetails::Scope scope) {
    const RunRecord& record = m_model->record();
    if (cell < 0) return;
    const CellPlan& chosen = record.plan.cells.at(cell);
    MatrixSettings settings = m_session.workspace().matrix;
    const QList<MatrixMark> before = settings.marks;
    for (const CellResult& result : record.results) {
        const CellPlan& plan = record.plan.cells.at(result.cell);
        const bool wanted = scope == MatrixDetails::Scope::Cell  ? result.cell == cell
                            : scope == MatrixDetails::Scope::Row ? plan.operation == chosen.operation
                                                                 : plan.profile == chosen.profile;
        if (!wanted) continue;
        MatrixMark mark{operationName(record.plan.operationOf(plan)), record.plan.profileOf(plan).id,
                        bindingName(plan.binding), Expect::Unknown, tr("accepted as it was")};
        switch (result.outcome.outcome) {
        case Outcome::Allowed:
        case Outcome::AllowedEmpty:
        case Outcome::Reached:
        case Outcome::ReachedMissing:
            mark.expect = Expect::Allow;
            break;
        case Outcome::DeniedAuthn:
        case Outcome::DeniedRedirect:
            mark.expect = Expect::DenyAuthn;
            break;
        case Outcome::DeniedAuthz:
            mark.expect = Expect::DenyAuthz;
            break;
        case Outcome::Concealed:
            mark.expect = Expect::Conceal;
            break;
        default:
            continue; // an answer that says nothing is no expectation
        }
        settings.marks.removeIf([&](const MatrixMark& old) {
            return old.operation == mark.operation && old.profile == mark.profile &&
                   old.binding == mark.binding;
        });
        settings.marks.append(mark);
    }
    if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
        return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
    m_accepted.append({before, settings.marks});
    expectAnew();
    m_notice->showNotice(tr("Accepted as expected."), Tone::Neutral, {{tr("Undo"), [this] { undo(); }}});
}

/// A mark of one's own, before anything was sent or against what came.
void MatrixWindow::expect(int cell) {
    if (cell < 0) return;
    const RunRecord& record = m_model->record();
    const CellPlan& plan = record.plan.cells.at(cell);
    const QString binding = bindingName(plan.binding);
    const QString operation = operationName(record.plan.operationOf(plan));
    const QString row = plan.binding == Binding::None
                            ? operation
                            : QString(operation + QStringLiteral(" [") + binding + u']');
    const MatrixProfile& who = record.plan.profileOf(plan);
    auto* dialog =
        new ExpectDialog(cellTitle(record.plan, plan), row, who.name, plan.expectation.expect, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, operation, binding, id = who.id] {
        MatrixMark mark{operation, id, binding, dialog->expectation().value_or(Expect::Unknown),
                        dialog->reason()};
        if (dialog->scope() == MatrixDetails::Scope::Row) mark.profile.clear();
        if (dialog->scope() == MatrixDetails::Scope::Column) {
            mark.operation.clear();
            mark.binding.clear();
        }
        setMark(mark, !dialog->expectation());
    });
    dialog->open();
}

/// In place of a mark on the very same, or without any there.
void MatrixWindow::setMark(MatrixMark mark, bool remove) {
    MatrixSettings settings = m_session.workspace().matrix;
    const QList<MatrixMark> before = settings.marks;
    // What its answer has to look like exactly is said in the file, and not by this.
    for (const MatrixMark& old : before)
        if (old.operation == mark.operation && old.profile == mark.profile && old.binding == mark.binding &&
            old.expect == mark.expect)
            mark.exactly = old.exactly;
    settings.marks.removeIf([&](const MatrixMark& old) {
        return old.operation == mark.operation && old.profile == mark.profile && old.binding == mark.binding;
    });
    if (!remove) settings.marks.append(mark);
    if (settings.marks == before) return;
    if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
        return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
    m_accepted.append({before, settings.marks});
    expectAnew();
    m_notice->showNotice(remove ? tr("The mark was taken away.") : tr("The mark was saved."), Tone::Neutral,
                         {{tr("Undo"), [this] { undo(); }}});
}

void MatrixWindow::waive(int cell) {
    if (cell < 0) return;
    const RunRecord& record = m_model->record();
    const CellResult& result = record.results.at(cell);
    const CellPlan& plan = record.plan.cells.at(cell);
    if (result.rule.isEmpty())
        return m_notice->showNotice(tr("There is nothing to waive: this cell is no finding."), Tone::Neutral);
    const QString finding = QString(result.rule + u' ' + operationName(record.plan.operationOf(plan)));
    const QDate until =
        QDateTime::fromMSecsSinceEpoch(m_session.services().clock.wallMs()).date().addDays(90);
    auto* dialog = new WaiveDialog(cellTitle(record.plan, plan), finding, until, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, id = plan.id] {
        MatrixSettings settings = m_session.workspace().matrix;
        settings.waivers.append(dialog->waiver(id));
        if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
            return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
        judgeAndShow(m_model->record());
        refresh();
        m_notice->showNotice(tr("Waived. Rules and waivers… takes it back."), Tone::Neutral);
    });
    dialog->open();
}

/// The marks only: what else was changed since then stays, and so do marks that came from elsewhere.
void MatrixWindow::undo() {
    if (m_accepted.isEmpty()) return;
    const Accepted& last = m_accepted.constLast();
    MatrixSettings settings = m_session.workspace().matrix;
    if (settings.marks == last.after) {
        settings.marks = last.before;
    } else {
        settings.marks.removeIf(
            [&](const MatrixMark& mark) { return last.after.contains(mark) && !last.before.contains(mark); });
        for (const MatrixMark& mark : last.before)
            if (!last.after.contains(mark) && !settings.marks.contains(mark)) settings.marks.append(mark);
    }
    if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
        return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
    m_accepted.removeLast();
    expectAnew();
    m_notice->hide();
}

void MatrixWindow::expectAnew() {
    RunRecord record = m_model->record();
    const MatrixSettings& settings = m_session.workspace().matrix;
    for (CellPlan& cell : record.plan.cells)
        cell.expectation = expectationFor(record.plan.api, record.plan.api.operations.at(cell.operation),
                                          record.plan.profiles.at(cell.profile), cell.binding, settings);
    judgeAndShow(std::move(record));
    refresh();
}

/// What the cell sends, as whom.
RequestSpec MatrixWindow::requestOf(int cell) const {
    const RunRecord& record = m_model->record();
    RequestSpec spec = withOwnValues(*record.plan.cells.at(cell).spec, record.own);
    const MatrixProfile& profile = record.plan.profileOf(record.plan.cells.at(cell));
    const bool forged = profile.kind == MatrixProfile::Kind::Derived;
    spec.profileId = profile.kind == MatrixProfile::Kind::Anonymous ? explicitlyAnonymous()
                     : forged                                       ? profile.parent
                                                                    : profile.id;
    return spec;
}

void MatrixWindow::openAsRequest(int cell) {
    if (cell < 0) return;
    const MatrixProfile& who = m_model->record().plan.profileOf(m_model->record().plan.cells.at(cell));
    // A forgery is made for each request of a run, and no ordinary request can send it.
    if (who.kind == MatrixProfile::Kind::Derived)
        m_notice->showNotice(tr("Opened with the good credential: what is forged is sent by a run alone."),
                             Tone::Neutral);
    Q_EMIT openRequested(requestOf(cell));
}

void MatrixWindow::copyAsCurl(int cell) {
    if (cell < 0) return;
    if (m_model->record().plan.profileOf(m_model->record().plan.cells.at(cell)).kind ==
        MatrixProfile::Kind::Derived)
        return m_notice->showNotice(
            tr("A forged credential is made for each request of a run: there is none to copy."),
            Tone::Neutral);
    const Result<QString> code = m_session.requestAsCode(requestOf(cell), QStringLiteral("curl"));
    if (!code) return m_notice->showNotice(code.error().text(), Tone::Bad, {}, 0);
    QGuiApplication::clipboard()->setText(*code);
    m_notice->showNotice(tr("Copied. The secret is an environment variable."), Tone::Good);
}

void MatrixWindow::showCounts() {
    const RunRecord& record = m_model->record();
    QMap<QString, int> counts;
    int unproven = 0, held = 0, waived = 0;
    for (const CellResult& result : record.results) {
        if (!record.plan.cells.at(result.cell).notSent.isEmpty())
            ++held;
        else if (result.waived && result.judged.verdict != Verdict::Pass)
            ++waived;
        else if (result.seen.status || !result.seen.problem.isEmpty())
            ++counts[verdictText(result.judged.verdict)];
        else
            ++unproven;
    }
    QList<MatrixCounts::Tile> tiles;
    using Kind = MatrixFilter::Kind;
    struct Counted {
        Verdict verdict;
        Tone tone;
        Kind kind;
    };
    const Counted order[] = {{Verdict::Bypass, Tone::Bad, Kind::Bypass},
                             {Verdict::OverRestricted, Tone::Warn, Kind::OverRestricted},
                             {Verdict::Suspect, Tone::Warn, Kind::Suspect},
                             {Verdict::Error, Tone::Warn, Kind::Error},
                             {Verdict::Pass, Tone::Good, Kind::Pass},
                             {Verdict::Undecided, Tone::Neutral, Kind::Undecided},
                             {Verdict::NotProven, Tone::Neutral, Kind::NotProven}};
    for (const Counted& each : order)
        if (const int count = counts.value(verdictText(each.verdict)))
            tiles.append({count, verdictText(each.verdict), each.tone, int(each.kind)});
    if (waived > 0) tiles.append({waived, tr("waived"), Tone::Neutral, int(Kind::Waived)});
    if (unproven > 0 && !counts.isEmpty()) tiles.append({unproven, tr("not sent yet"), Tone::Neutral, -1});
    const int changed =
        int(std::count_if(record.results.begin(), record.results.end(), [](const CellResult& each) {
            return !each.drift.isEmpty() && each.drift != QLatin1String("low");
        }));
    if (changed > 0)
        tiles.append({changed, tr("changed since the baseline"), Tone::Info, int(Kind::Changed)});
    QStringList rest;
    if (!record.gone.isEmpty()) rest.append(tr("%1 gone").arg(record.gone.size()));
    if (unproven > 0 && counts.isEmpty()) rest.append(tr("%n cell(s), nothing sent yet", nullptr, unproven));
    if (held > 0) rest.append(tr("%1 held back").arg(held));
    QStringList absent;
    for (const auto& [name, why] : m_model->absent())
        absent.append(name);
    if (!absent.isEmpty()) rest.append(tr("left out: %1").arg(absent.join(QStringLiteral(", "))));
    if (tiles.isEmpty() && rest.isEmpty())
        rest.append(tr("Load the API's OpenAPI document to see who should get in."));
    m_counts->setTiles(tiles, rest.join(QStringLiteral("  ·  ")));
}

} // namespace kb
