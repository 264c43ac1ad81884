// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_window.h"

#include "core/interchange/openapi.h"
#include "core/probe/matrix_run.h"
#include "core/probe/report.h"
#include "core/probe/resume.h"
#include "core/workspace/inherit.h"
#include "ui/grant_runner.h"
#include "ui/matrix_delegate.h"
#include "ui/matrix_filter.h"
#include "ui/matrix_header.h"
#include "ui/matrix_model.h"
#include "ui/notice_bar.h"
#include "ui/save_file.h"

#include <QClipboard>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

namespace kb {

MatrixWindow::MatrixWindow(Session& session, QWidget* parent)
    : QWidget(parent, Qt::Window),
      m_session(session),
      m_model(new MatrixModel(this)),
      m_filter(new MatrixFilter(this)),
      m_details(new MatrixDetails(this)),
      m_grants(new GrantRunner(session, *this)) {
    build();
    connectParts();
    const QString& kept = session.workspace().matrix.document;
    m_document->setText(kept.isEmpty() ? usualDocument() : kept);
    refresh();
    if (!m_document->text().isEmpty()) load();
}

/// The practice API's own needs no naming.
QString MatrixWindow::usualDocument() const {
    return m_session.practiceRunning() ? QStringLiteral("{{baseUrl}}/openapi.json") : QString();
}

MatrixWindow::~MatrixWindow() {
    if (m_reading) m_reading->disconnect(this);
    if (m_run) m_run->disconnect(this);
}

void MatrixWindow::closeEvent(QCloseEvent* event) {
    stop();
    QWidget::closeEvent(event);
}

void MatrixWindow::refuse(const QString& text) {
    m_notice->showNotice(text, Tone::Bad, {}, 0);
    Q_EMIT planned();
}

void MatrixWindow::load() {
    const QString place = m_document->text().trimmed();
    if (place.isEmpty() || m_run) return;
    m_notice->hide();
    if (!isDocumentAddress(place)) {
        if (!m_session.services().readApi) return refuse(tr("Files cannot be read here. Name an address."));
        const Result<ApiDescription> api =
            m_session.services().readApi(QDir(m_session.workspace().folder).filePath(place));
        if (!api) return refuse(api.error().text());
        return plan(*api);
    }
    RequestSpec spec;
    spec.url = place;
    m_reading = m_session.makeRun(spec);
    connect(m_reading.get(), &Run::finished, this, [this, place](const RunResult& result) {
        m_reading.release()->deleteLater();
        if (result.error) return refuse(result.error->text());
        const Response& response = result.hops.last().response();
        if (response.status != 200)
            return refuse(tr("The document's address answered %1.").arg(response.status));
        take(result.hops.last().rawBody(), documentName(place));
    });
    m_reading->start();
}

void MatrixWindow::take(const QByteArray& text, const QString& name) {
    const Result<ApiDescription> api = readOpenApi(name, text);
    if (!api) return refuse(api.error().text());
    plan(*api);
}

Result<QString> MatrixWindow::baseUrl(const ApiDescription& api) const {
    const VariableMap variables = m_session.variables();
    if (variables.contains(QStringLiteral("baseUrl")))
        return resolveVariables(QStringLiteral("{{baseUrl}}"), variables);
    const QString named = api.servers.isEmpty() ? QString() : api.servers.first().url;
    const Result<HttpUrl> url = HttpUrl::parse(named);
    if (!url)
        return fail(ErrorCode::InvalidInput, tr("It is not known where the API is."), api.file,
                    tr("Define the variable baseUrl in an environment."));
    // The document is untrusted: where requests go is decided by what the profiles may.
    if (!m_session.matrixOrigins().contains(url->origin().text()))
        return fail(
            ErrorCode::OriginRefused,
            tr("The document names the server %1, where no profile may go.").arg(url->origin().text()),
            api.file, tr("Allow it in a profile, or define the variable baseUrl."));
    return named;
}

void MatrixWindow::plan(const ApiDescription& api) {
    m_filter->forgetFolds();
    m_api = api;
    m_session.setMatrixApi(api);
    planAnew();
    if (m_model->rowCount() > 0) keepDocument();
    Q_EMIT planned();
}

/// Saved with the workspace, where that changes something and holds nothing that may be secret.
void MatrixWindow::keepDocument() {
    QString place = m_document->text().trimmed();
    MatrixSettings settings = m_session.workspace().matrix;
    if (documentName(place) != place) return;
    // A path of this machine alone is of no use to those who share the workspace.
    if (!isDocumentAddress(place) && QDir::isAbsolutePath(place))
        place = QDir(m_session.workspace().folder).relativeFilePath(place);
    if (place == usualDocument()) place.clear();
    if (place == settings.document) return;
    settings.document = place;
    if (const Result<void> saved = m_session.saveMatrix(settings); !saved)
        m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
}

/// The same document for the identities and the environment of now. What was seen stays where it was seen at
/// the same place.
void MatrixWindow::planAnew() {
    m_planAgain = m_run != nullptr; // then what runs is finished first
    if (!m_api || m_run) return;
    const Result<QString> base = baseUrl(*m_api);
    if (!base) {
        m_model->setAbsent({});
        m_model->setRecord({});
        refresh();
        m_notice->showNotice(base.error().text(), Tone::Bad, {}, 0);
        return;
    }
    readTheBaseline();
    RunRecord record;
    record.plan = planAsAgreed(*base);
    record.folder = m_session.workspace().folder;
    record.planHash = planHash(record.plan);
    const RunRecord& old = m_model->record();
    if (record.plan.baseUrl == old.plan.baseUrl) {
        QHash<QString, const CellResult*> seen;
        for (const CellResult& result : old.results)
            seen.insert(old.plan.cells.at(result.cell).id, &result);
        for (int i = 0; i < record.plan.cells.size(); ++i) {
            CellResult& result = record.results.emplaceBack();
            if (const CellResult* before = seen.value(record.plan.cells.at(i).id)) {
                result = *before;
                if (const auto exact = old.exact.constFind(before->cell); exact != old.exact.cend())
                    record.exact.insert(i, *exact);
            }
            result.cell = i;
        }
        record.health = old.health;
        record.own = old.own;
        record.conditions = old.conditions;
        record.runRemarks = old.runRemarks;
        record.startedMs = old.startedMs;
        record.endedMs = old.endedMs;
        record.stopped = old.stopped;
        keepSettled(record, old);
        judge(record);
    } else {
        m_unsettled.clear();
    }
    m_model->setAbsent(m_session.matrixAbsent());
    m_model->setRecord(std::move(record));
    m_grid->setColumnWidth(0, 170);
    refresh();
}

void MatrixWindow::setGrouped(bool grouped) {
    const int cell = currentCell();
    m_session.services().settings.setValue(QStringLiteral("matrix/grouped"), grouped);
    m_model->setGrouped(grouped);
    if (cell >= 0) m_grid->setCurrentIndex(m_filter->mapFromSource(m_model->indexOf(cell)));
}

/// The chosen row's group, or its operation's bindings.
void MatrixWindow::fold() {
    const QModelIndex at = m_filter->mapToSource(m_grid->currentIndex());
    if (!at.isValid()) return;
    const MatrixModel::Place place = m_model->placeOf(at.row());
    int row = at.row();
    while (!place.head && !m_model->placeOf(row).first)
        --row;
    if (!place.head && m_model->placeOf(row).more == 0) return;
    m_filter->toggle(row);
    m_grid->setCurrentIndex(m_filter->mapFromSource(m_model->index(row, at.column())));
    m_grid->verticalHeader()->viewport()->update();
}

int MatrixWindow::currentCell() const {
    return m_model->cellAt(m_filter->mapToSource(m_grid->currentIndex()));
}

QByteArray MatrixWindow::report(const QString& kind) const {
    return reportOf(kind, m_model->record());
}

void MatrixWindow::saveReport(const QString& kind, const QString& suffix) {
    auto* dialog = new QFileDialog(this, tr("Save the report"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, kind](const QString& path) {
        const Result<void> saved = saveFile(path, report(kind));
        m_notice->showNotice(saved ? tr("The report was saved.") : saved.error().text(),
                             saved ? Tone::Good : Tone::Bad, {}, saved ? 10 : 0);
    });
    dialog->open();
}

/// What a run of all would try to send.
int MatrixWindow::sendCount() const {
    int sends = m_model->record().plan.sendCount();
    for (const CellPlan& cell : m_model->record().plan.cells)
        if (!cell.notSent.isEmpty()) sends += m_unsettled.value(cell.id, cell).notSent.isEmpty() ? 1 : 0;
    return sends;
}

QString MatrixWindow::summary() const {
    return m_counts->text();
}

void MatrixWindow::refresh() {
    const RunRecord& record = m_model->record();
    const int sends = sendCount();
    m_runAll->setText(sends > 0 ? tr("Run %n probe(s)", nullptr, sends) : tr("Run"));
    m_runAll->setEnabled(sends > 0 && !m_run);
    QStringList asked; // whose object is whose, before anything else
    for (const OwnQuestion& each : record.plan.questions)
        asked << (each.problem.isEmpty()
                      ? tr("Asked first: %1 as %2, for its own %3.")
                            .arg(each.source.operation, record.plan.profiles.at(each.profile).name,
                                 each.parameter)
                      : each.problem);
    asked << record.plan.canarySentences(MatrixRun::Options().canaryEvery);
    for (const auto& [what, count] : record.plan.countsByMethodAndHost())
        asked << QStringLiteral("%1 × %2").arg(count).arg(what);
    m_runAll->setToolTip(asked.join(u'\n'));
    m_stop->setEnabled(m_run != nullptr);
    m_more->setEnabled(m_api.has_value() && !m_run);
    m_progress->setVisible(m_run != nullptr);
    showCounts();
    showCell();
}

void MatrixWindow::showCell() {
    const int cell = currentCell();
    const RunRecord& record = m_model->record();
    const QModelIndex current = m_filter->mapToSource(m_grid->currentIndex());
    m_details->setCell(record, cell, current.data(MatrixModel::AbsentRole).toString());
    if (cell >= 0) m_details->setMayRun(asPlanned(cell).notSent.isEmpty());
    m_details->setSights(cell < 0 ? QList<CellSight>()
                                  : m_session.sightsOf(record.plan.baseUrl, record.plan.cells.at(cell).id));
}

} // namespace kb
