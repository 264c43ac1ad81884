// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runner_window.h"

#include "core/runner/collection_run.h"
#include "core/runner/data_file.h"
#include "ui/check_results.h"
#include "ui/notice_bar.h"
#include "ui/runner_model.h"
#include "ui/save_file.h"

#include <QCheckBox>
#include <QCloseEvent>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QTreeView>

namespace kb {

RunnerWindow::RunnerWindow(Session& session, QWidget* parent)
    : QWidget(parent, Qt::Window), m_session(session), m_model(new RunnerModel(this)) {
    build();
    connectParts();
    fillChoices();
    refresh();
}

RunnerWindow::~RunnerWindow() {
    if (m_run) m_run->disconnect(this);
}

void RunnerWindow::closeEvent(QCloseEvent* event) {
    stop();
    QWidget::closeEvent(event);
}

namespace {

void addItems(QComboBox& box, const QList<TreeItem>& items, int depth) {
    for (const TreeItem& item : items) {
        const bool folder = item.kind == TreeItem::Kind::Folder;
        box.addItem(QString(2 * depth, u' ') + item.name + (folder ? QStringLiteral("/") : QString()),
                    item.path);
        addItems(box, item.children, depth + 1);
    }
}

} // namespace

/// What can be run and as whom; what was chosen stays where it is still there.
void RunnerWindow::fillChoices() {
    const auto refill = [](QComboBox& box, const std::function<void()>& fill) {
        const QVariant chosen = box.currentData();
        box.clear();
        fill();
        box.setCurrentIndex(qMax(0, box.findData(chosen)));
    };
    refill(*m_what, [this] {
        m_what->addItem(tr("All requests"), QString());
        addItems(*m_what, m_session.workspace().items, 0);
    });
    refill(*m_as, [this] {
        m_as->addItem(tr("As each request says"), QStringLiteral("*"));
        m_as->addItem(tr("As anonymous"), QString());
        for (const TokenProfile& profile : m_session.profiles())
            m_as->addItem(tr("As %1").arg(profile.name), profile.id);
    });
}

void RunnerWindow::choose(const QStringList& paths) {
    if (isRunning()) return;
    m_several.clear();
    if (const int old = m_what->findData(severalMark()); old >= 0) m_what->removeItem(old);
    if (paths.size() < 2) return m_what->setCurrentIndex(qMax(0, m_what->findData(paths.value(0))));
    m_several = paths;
    m_what->addItem(tr("%n chosen item(s)", nullptr, static_cast<int>(paths.size())), severalMark());
    m_what->setCurrentIndex(m_what->count() - 1);
}

void RunnerWindow::useData(const QString& path) {
    QFile file(path);
    Result<QList<VariableMap>> rows =
        file.open(QIODevice::ReadOnly)
            ? readDataFile(file.readAll(), path)
            : fail(ErrorCode::FileError, tr("The file cannot be read: %1").arg(file.errorString()), path);
    if (!rows) return m_notice->showNotice(rows.error().text(), Tone::Bad, {}, 0);
    m_data = *rows;
    m_dataName = QFileInfo(path).fileName();
    m_iterations->setValue(int(m_data.size()));
    refresh();
}

RunnerChoice RunnerWindow::choice() const {
    RunnerChoice choice;
    if (const QString path = m_what->currentData().toString(); path == severalMark())
        choice.paths = m_several;
    else if (!path.isEmpty())
        choice.paths = {path};
    if (const QString as = m_as->currentData().toString(); as != QLatin1String("*")) choice.asProfile = as;
    choice.iterations = m_iterations->value();
    choice.parallel = m_parallel->value();
    choice.bail = m_bail->isChecked();
    choice.data = m_data;
    return choice;
}

void RunnerWindow::run() {
    if (m_run) return;
    const RunnerChoice chosen = choice();
    int changing = 0;
    if (m_session.environmentKind() == EnvironmentKind::Production)
        for (const RunnerRequest& request :
             requestsAt(m_session.workspace(), chosen.paths).value_or(QList<RunnerRequest>()))
            changing += !isSafeMethod(request.spec.method.toUtf8());
    if (changing == 0) return start(chosen);
    auto* box = new QMessageBox(
        QMessageBox::Warning, tr("This is production"),
        tr("%1 is a production environment, and %n request(s) may change something there.", nullptr, changing)
            .arg(m_session.environmentName()),
        QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* safe = box->addButton(tr("Send the others only"), QMessageBox::ActionRole);
    QPushButton* all = box->addButton(tr("Send all to production"), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    const QString asked = m_session.environmentName();
    connect(safe, &QPushButton::clicked, this, [this, chosen] { start(chosen); });
    connect(all, &QPushButton::clicked, this, [this, chosen, asked] {
        if (m_session.environmentName() != asked) return run(); // the question was about another one
        RunnerChoice everything = chosen;
        everything.unsafeInProduction = true;
        start(everything);
    });
    box->open();
}

void RunnerWindow::start(const RunnerChoice& choice) {
    if (m_run) return;
    m_notice->hide();
    if (const QStringList outlived = m_session.outlivedByRun(choice); !outlived.isEmpty())
        m_notice->showNotice(outlived.join(u' '), Tone::Warn, {}, 0);
    m_run = m_session.makeCollectionRun(choice);
    m_done = 0;
    m_model->setRecord(m_run->record());
    m_progress->setRange(0, m_model->rowCount());
    connect(m_run.get(), &CollectionRun::entryDone, this, [this](int entry) {
        m_model->setEntry(entry, m_run->record().entries.at(entry));
        m_progress->setValue(++m_done);
        if (m_list->currentIndex().row() == entry) showEntry(entry);
    });
    connect(m_run.get(), &CollectionRun::finished, this, &RunnerWindow::ended);
    refresh();
    m_run->start();
}

void RunnerWindow::stop() {
    if (m_run) m_run->stop();
}

void RunnerWindow::ended() {
    m_model->finish(m_run->record());
    m_run.release()->deleteLater(); // the sender of this signal
    // The first that did not pass is what one wants to read.
    const QList<RunnerEntry>& entries = m_model->record().entries;
    if (!m_list->currentIndex().isValid())
        for (int i = 0; i < entries.size(); ++i)
            if (entries.at(i).state != RunnerEntry::State::Passed) {
                m_list->setCurrentIndex(m_model->index(i, 0));
                break;
            }
    if (const QString note = m_model->record().scriptsNote(); !note.isEmpty())
        m_notice->showNotice(note, Tone::Warn, {}, 0);
    showEntry(m_list->currentIndex().row());
    refresh();
    Q_EMIT finished();
}

void RunnerWindow::showEntry(int entry) {
    const RunnerRecord& record = m_model->record();
    const bool known = entry >= 0 && entry < record.entries.size();
    const RunnerEntry shown = known ? record.entries.at(entry) : RunnerEntry();
    m_details->results().setResults(shown.checks, shown.captures);
    m_title->setText(known ? QString(record.requests.at(shown.request).spec.method + u' ' +
                                     record.requests.at(shown.request).spec.url)
                           : tr("Choose a request to see its checks."));
    const QString words = shown.problem.isEmpty() ? shown.doctor : shown.problem;
    m_doctor->setText(words);
    m_doctor->setVisible(!words.isEmpty());
}

QString RunnerWindow::summary() const {
    const RunnerRecord& record = m_model->record();
    using State = RunnerEntry::State;
    if (record.entries.isEmpty()) return {};
    QStringList parts;
    const int unchecked = record.uncheckedCount();
    const std::pair<int, QString> counts[] = {{record.count(State::Passed) - unchecked, tr("%1 passed")},
                                              {unchecked, tr("%1 answered, without checks")},
                                              {record.count(State::Failed), tr("%1 failed")},
                                              {record.count(State::Error), tr("%1 with an error")},
                                              {record.count(State::Skipped), tr("%1 skipped")}};
    for (const auto& [count, text] : counts)
        if (count > 0) parts.append(text.arg(count));
    return parts.join(QStringLiteral(", "));
}

QByteArray RunnerWindow::report(const QString& kind) const {
    return runnerReport(kind, m_model->record());
}

void RunnerWindow::saveReport(const QString& kind, const QString& suffix) {
    auto* dialog = new QFileDialog(this, tr("Save the report"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, kind](const QString& path) {
        if (const Result<void> saved = saveFile(path, report(kind)); !saved)
            m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
    });
    dialog->open();
}

void RunnerWindow::refresh() {
    const bool running = isRunning();
    for (QWidget* each : std::initializer_list<QWidget*>{m_what, m_as, m_iterations, m_parallel, m_bail,
                                                         m_dataButton, m_start})
        each->setEnabled(!running);
    m_stop->setEnabled(running);
    m_more->setEnabled(!running && m_model->rowCount() > 0);
    m_progress->setVisible(running);
    m_list->setColumnHidden(RunnerModel::Iteration, m_model->record().iterations <= 1);
    m_dataButton->setText(m_data.isEmpty() ? tr("Data…") : tr("Data: %1").arg(m_dataName));
    m_summary->setText(running ? QString() : summary());
}

} // namespace kb
