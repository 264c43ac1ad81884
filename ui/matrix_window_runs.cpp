// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MatrixWindow that runs, judges and compares.
#include "core/probe/matrix_run.h"
#include "core/probe/part_run.h"
#include "core/probe/resume.h"
#include "core/workspace/workspace.h"
#include "ui/forged_dialog.h"
#include "ui/grant_runner.h"
#include "ui/matrix_filter.h"
#include "ui/matrix_rules_dialog.h"
#include "ui/matrix_window.h"
#include "ui/notice_bar.h"
#include "ui/unsafe_dialog.h"

#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QTableView>

namespace kb {

namespace {

constexpr qsizetype mostSaid = 3; // remarks in the notice

} // namespace

/// A cell as it is before a run. What the last one could not find out is asked for again.
CellPlan MatrixWindow::asPlanned(int cell) const {
    CellPlan plan = m_model->record().plan.cells.at(cell);
    if (const auto known = m_unsettled.constFind(plan.id); known != m_unsettled.constEnd()) {
        plan.spec = known->spec;
        plan.object = known->object;
        plan.notSent = known->notSent;
    }
    return plan;
}

/// Where the document, the identities and the place are the same, so is what the last run found out.
void MatrixWindow::keepSettled(RunRecord& record, const RunRecord& old) {
    QHash<QString, const CellPlan*> settled;
    for (const CellPlan& cell : old.plan.cells)
        if (m_unsettled.contains(cell.id)) settled.insert(cell.id, &cell);
    const QHash<QString, CellPlan> before = std::exchange(m_unsettled, {});
    for (CellPlan& cell : record.plan.cells) {
        const CellPlan* known = settled.value(cell.id);
        if (!known) continue;
        const CellPlan& planned = *before.constFind(cell.id);
        if (planned.object != cell.object || planned.notSent != cell.notSent) continue;
        m_unsettled.insert(cell.id, cell);
        cell.spec = known->spec;
        cell.object = known->object;
        cell.notSent = known->notSent;
    }
}

void MatrixWindow::run() {
    start({});
}

void MatrixWindow::runOnly(const std::function<bool(const CellResult&, const CellPlan&)>& wanted) {
    QSet<int> cells;
    const RunRecord& record = m_model->record();
    for (const CellResult& result : record.results)
        if (wanted(result, record.plan.cells.at(result.cell))) cells.insert(result.cell);
    if (!cells.isEmpty()) start(cells);
}

/// What is compared is sent together: another's object and one that does not exist; and where values are
/// asked for first, one's own, since two may own the same. Nothing unsafe goes along unasked.
QSet<int> MatrixWindow::withSiblings(QSet<int> wanted) const {
    const MatrixPlan& plan = m_model->record().plan;
    for (int i = int(plan.cells.size()) - 1; i > 0; --i) {
        const CellPlan &cell = plan.cells.at(i), &before = plan.cells.at(i - 1);
        if (before.operation != cell.operation || before.profile != cell.profile) continue;
        if (!isSafeMethod(cell.spec->method.toUtf8())) continue;
        if (isOthers(cell.binding) && wanted.contains(i))
            for (int other = i - 1; other > 0 && plan.cells.at(other).profile == cell.profile &&
                                    plan.cells.at(other).operation == cell.operation;
                 --other)
                if (plan.cells.at(other).binding == Binding::Absent) wanted.insert(other);
        if (cell.binding == Binding::Absent && wanted.contains(i - 1)) wanted.insert(i);
        if (!plan.questions.isEmpty() && wanted.contains(i)) wanted.insert(i - 1);
    }
    return wanted;
}

void MatrixWindow::start(const QSet<int>& chosen) {
    if (m_run || m_model->record().plan.cells.isEmpty()) return;
    const QSet<int> wanted = withSiblings(chosen);
    MatrixPlan part = m_model->record().plan;
    QList<int> cells; // where each of the part's cells is in the whole
    QList<CellPlan> kept;
    QString held;
    for (int i = 0; i < part.cells.size(); ++i) {
        if (!wanted.isEmpty() && !wanted.contains(i)) continue;
        // Without one's own beside it, what is unsafe stays as the last run of all found it.
        const bool again = wanted.isEmpty() || isSafeMethod(part.cells.at(i).spec->method.toUtf8());
        const CellPlan cell = again ? asPlanned(i) : part.cells.at(i);
        if (!cell.notSent.isEmpty()) held = cell.notSent;
        // Of what was asked for by name, nothing is done for what is not sent: no canary, no question.
        if (!wanted.isEmpty() && !cell.notSent.isEmpty()) continue;
        cells.append(i);
        kept.append(cell);
    }
    if (cells.isEmpty()) return m_notice->showNotice(held, Tone::Neutral);
    part.cells = kept;
    const int parallel = part.isCautious() ? 1 : 2, perSecond = part.isCautious() ? 1 : 0;
    QStringList outlived = part.outlivedTokens(m_session.nowSeconds(), parallel, perSecond) +
                           part.limitSentences(parallel, perSecond);
    if (part.runProblem) outlived.append(part.runProblem->what);
    if (!outlived.isEmpty()) m_notice->showNotice(outlived.join(u' '), Tone::Warn, {}, 0);
    if (!agreedToForgeries(part, wanted)) return;
    if (const int live = part.liveCount(m_session.workspace().matrix);
        live > 0 && !std::exchange(m_mayGoLive, false)) {
        m_notice->showNotice(
            tr("%n request(s) would really be done. Type the number once more for another run.", nullptr,
               live),
            Tone::Warn, {{tr("Unsafe methods…"), [this] { chooseUnsafe(); }}}, 0);
        return;
    }
    m_run = m_session.makeMatrixRun(part);
    m_startedMs = m_session.services().clock.bootMs();
    connect(m_run.get(), &MatrixRun::cellDone, this, [this, cells](int cell) {
        m_model->setSeen(cells.at(cell), m_run->record().results.at(cell).seen);
        if (!m_counting.isActive()) m_counting.start();
    });
    connect(m_run.get(), &MatrixRun::progress, this, [this](int done, int total) {
        m_progress->setRange(0, total);
        m_progress->setValue(done);
        const double seconds = double(m_session.services().clock.bootMs() - m_startedMs) / 1000;
        const double pace = seconds > 0 ? done / seconds : 0;
        m_pace->setText(pace > 0 ? tr("%1 of %2, %3 a second, %4 s left")
                                       .arg(done)
                                       .arg(total)
                                       .arg(qRound(pace))
                                       .arg(qRound((total - done) / pace))
                                 : tr("%1 of %2").arg(done).arg(total));
    });
    connect(m_run.get(), &MatrixRun::loginNeeded, this, &MatrixWindow::askForLogin);
    connect(m_run.get(), &MatrixRun::finished, this, [this, cells] { ended(cells); });
    refresh();
    m_run->start();
}

void MatrixWindow::stop() {
    if (m_run) m_run->stop();
}

void MatrixWindow::runWhatIsLeft() {
    const QList<int> left = cellsLeft(m_model->record());
    if (!left.isEmpty()) start(QSet<int>(left.begin(), left.end()));
}

/// One after the other: a login takes the user's eyes.
void MatrixWindow::askForLogin(const QString& profileId, const QString& why) {
    m_logins.append({profileId, why});
    if (m_logins.size() == 1) showLogin();
}

void MatrixWindow::showLogin() {
    if (m_logins.isEmpty() || !m_run) return;
    const QString id = m_logins.first().first;
    const TokenProfile* profile = m_session.workspace().profile(id);
    m_loginNotice = tr("%1 needs a login. %2 Its column waits, the others go on.")
                        .arg(profile ? profile->name : id, m_logins.first().second);
    m_notice->showNotice(
        m_loginNotice, Tone::Warn,
        {{tr("Log in"), [this, id] { logIn(id); }}, {tr("Leave it out"), [this, id] { goOn(id, false); }}},
        0);
}

void MatrixWindow::logIn(const QString& profileId) {
    m_grants->run(profileId, GrantOperation::Kind::Login, [this, profileId](const GrantAnswer& answer) {
        if (!answer.error) return goOn(profileId, true);
        for (auto& [id, why] : m_logins)
            if (id == profileId) why = answer.error->text();
        showLogin();
    });
}

void MatrixWindow::goOn(const QString& profileId, bool loggedIn) {
    m_logins.removeIf([&](const auto& each) { return each.first == profileId; });
    m_notice->dismiss();
    if (m_run) m_run->goOn(profileId, loggedIn);
    showLogin();
}

/// What was seen takes its place in the whole grid, which is then judged anew: one cell may be another's
/// control.
void MatrixWindow::ended(const QList<int>& cells) {
    RunRecord record = m_model->record();
    const RunRecord& part = m_run->record();
    for (int i = 0; i < cells.size(); ++i) {
        const CellPlan planned = asPlanned(cells.at(i));
        const CellPlan& settled = part.plan.cells.at(i);
        if (settled.notSent == planned.notSent && settled.object == planned.object)
            m_unsettled.remove(planned.id);
        else
            m_unsettled.insert(planned.id, planned);
    }
    takeOver(record, part, cells);
    m_run.release()->deleteLater();
    m_logins.clear();
    m_model->setBefore(m_session.outcomesBefore(record.plan.baseUrl));
    judgeAndShow(std::move(record));
    m_session.keepMatrixRun(m_model->record(), cells);
    m_pace->clear();
    // What the run itself has to say: that it was stopped, that a value is not known, what was left behind.
    const QStringList& said = m_model->record().runRemarks;
    QList<NoticeBar::Action> further;
    if (m_model->record().stopped && !cellsLeft(m_model->record()).isEmpty())
        further.append({tr("Go on"), [this] { runWhatIsLeft(); }});
    if (!said.isEmpty())
        m_notice->showNotice(said.size() > mostSaid ? tr("%1 And %2 more, in the report.")
                                                          .arg(said.mid(0, mostSaid).join(u' '),
                                                               QString::number(said.size() - mostSaid))
                                                    : said.join(u' '),
                             Tone::Warn, further, further.isEmpty() ? 8 : 0);
    if (m_planAgain)
        planAnew();
    else
        refresh();
    Q_EMIT finished();
}

/// The chosen cell stays chosen.
void MatrixWindow::judgeAndShow(RunRecord record) {
    judge(record);
    const int cell = currentCell();
    m_model->setRecord(std::move(record));
    if (cell >= 0) m_grid->setCurrentIndex(m_filter->mapFromSource(m_model->indexOf(cell)));
}

void MatrixWindow::judge(RunRecord& record) const {
    record.remarks = record.runRemarks; // the others are made anew
    evaluate(record, m_session.workspace().matrix, m_session.services().clock.wallMs());
    const bool ran = std::any_of(record.results.begin(), record.results.end(),
                                 [](const CellResult& each) { return each.seen.sent; });
    if (m_baseline && ran) compareWithBaseline(record, *m_baseline, true);
}

/// A good credential spoilt is still a test of somebody's server: it is asked for, once a server, until the
/// window is closed.
bool MatrixWindow::agreedToForgeries(const MatrixPlan& part, const QSet<int>& wanted) {
    const auto forged = std::count_if(part.cells.begin(), part.cells.end(), [&](const CellPlan& cell) {
        return cell.notSent.isEmpty() && part.profileOf(cell).kind == MatrixProfile::Kind::Derived;
    });
    const QString origin = HttpUrl::parse(part.baseUrl)
                               .map([](const HttpUrl& url) { return url.origin().text(); })
                               .value_or(QString());
    if (forged == 0 || m_agreed.contains(origin)) return true;
    // The plan may be another one when the answer comes: cells are known by their ids.
    QSet<QString> ids;
    for (const int cell : wanted)
        ids.insert(m_model->record().plan.cells.at(cell).id);
    m_notice->showNotice(
        tr("%n request(s) would carry a forged credential to %1.", nullptr, int(forged)).arg(origin),
        Tone::Warn,
        {{tr("Send them"),
          [this, origin, ids] {
              m_agreed.insert(origin);
              m_notice->dismiss();
              if (ids.isEmpty()) return start({});
              runOnly([&ids](const CellResult&, const CellPlan& plan) { return ids.contains(plan.id); });
          }}},
        0);
    return false;
}

void MatrixWindow::readTheBaseline() {
    m_baseline.reset();
    const QString& file = m_session.workspace().matrix.baseline;
    if (file.isEmpty()) return;
    Result<Baseline> read = m_session.services()
                                .workspaces.readBodyFile(m_session.workspace().folder, file)
                                .and_then([&](const QByteArray& text) { return readBaseline(text, file); });
    if (!read) return m_notice->showNotice(read.error().text(), Tone::Warn, {}, 0);
    m_baseline = std::move(*read);
}

void MatrixWindow::setAsBaseline() {
    const RunRecord& record = m_model->record();
    if (record.isInconclusive())
        return m_notice->showNotice(
            tr("This run proves too little to be a baseline: %1 of %2 decided cells are "
               "proven.")
                .arg(record.proven)
                .arg(record.decided),
            Tone::Warn, {}, 0);
    MatrixSettings settings = m_session.workspace().matrix;
    if (settings.baseline.isEmpty()) settings.baseline = QStringLiteral("matrix-baseline.json");
    Result<void> saved = m_session.services().workspaces.writeBeside(m_session.workspace(), settings.baseline,
                                                                     baselineJson(baselineOf(record)));
    if (saved && settings != m_session.workspace().matrix) saved = m_session.saveMatrix(settings);
    if (!saved) return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
    m_notice->showNotice(tr("Later runs are compared with this one. It is in %1.").arg(settings.baseline),
                         Tone::Good);
    readTheBaseline();
    judgeAndShow(m_model->record());
    refresh();
}

void MatrixWindow::forgetBaseline() {
    MatrixSettings settings = m_session.workspace().matrix;
    settings.baseline.clear();
    if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
        return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
    m_baseline.reset();
    RunRecord record = m_model->record();
    record.gone.clear();
    record.compared = false;
    for (CellResult& result : record.results) {
        result.drift.clear();
        result.driftReason.clear();
    }
    judgeAndShow(std::move(record));
    refresh();
}

/// The worst first, then the other way round, then as the document has them.
void MatrixWindow::sortBy(int column) {
    QHeaderView& header = *m_grid->horizontalHeader();
    const bool again = m_filter->sortColumn() == column;
    const bool back = again && m_filter->sortOrder() == Qt::DescendingOrder;
    const Qt::SortOrder order = again ? Qt::DescendingOrder : Qt::AscendingOrder;
    m_filter->sort(back ? -1 : column, order);
    header.setSortIndicatorShown(!back);
    header.setSortIndicator(column, order);
}

MatrixPlan MatrixWindow::planWith(const MatrixSettings& settings, bool sends, bool live) const {
    PlanOptions options;
    options.baseUrl = baseUrl(*m_api).value_or(QString());
    options.kind = m_session.environmentKind();
    options.allowUnsafe = sends;
    options.live = live;
    return makePlan(*m_api, m_session.matrixProfiles(), settings, options);
}

/// What was agreed to was agreed to for one server, and what is done for real for the very cells whose number
/// was typed: anything else needs asking anew.
MatrixPlan MatrixWindow::planAsAgreed(const QString& base) {
    const MatrixSettings& settings = m_session.workspace().matrix;
    if (m_agreedFor.isEmpty()) m_agreedFor = base;
    if (m_agreedFor != base) {
        m_sendsUnsafe = m_mayGoLive = false;
        m_live = 0;
        m_agreedFor = base;
    }
    MatrixPlan plan = planWith(settings, m_sendsUnsafe, m_live > 0);
    if (m_live == 0) return plan;
    const QStringList live = plan.liveCells(settings);
    if (m_agreedLive.isEmpty() && live.size() == m_live) m_agreedLive = live;
    if (m_agreedLive == live) return plan;
    m_live = 0;
    m_mayGoLive = false;
    return planWith(settings, m_sendsUnsafe, false);
}

void MatrixWindow::chooseUnsafe() {
    if (!m_api) return;
    auto* dialog = new UnsafeDialog(
        *m_api, m_session.matrixProfiles(), m_session.workspace().matrix, m_sendsUnsafe,
        [this](const MatrixSettings& settings) { return planWith(settings, true, true).liveCount(settings); },
        this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        MatrixSettings settings = m_session.workspace().matrix;
        dialog->applyTo(settings);
        const bool sends = dialog->sends();
        const int live = dialog->confirmed();
        if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
            return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
        m_sendsUnsafe = sends;
        m_live = live;
        m_mayGoLive = live > 0;
        m_agreedFor.clear();
        m_agreedLive.clear();
        planAnew();
    });
    dialog->open();
}

void MatrixWindow::chooseRules() {
    auto* dialog = new MatrixRulesDialog(m_api ? &*m_api : nullptr, m_session.matrixProfiles(),
                                         m_session.workspace().matrix, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        MatrixSettings settings = m_session.workspace().matrix;
        dialog->applyTo(settings);
        if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
            return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
        planAnew();
    });
    dialog->open();
}

void MatrixWindow::chooseForgeries() {
    auto* dialog = new ForgedDialog(m_session.matrixProfiles(), m_session.workspace().matrix.derived, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        MatrixSettings settings = m_session.workspace().matrix;
        settings.derived = dialog->chosen();
        if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
            return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
        planAnew();
    });
    dialog->open();
}

} // namespace kb
