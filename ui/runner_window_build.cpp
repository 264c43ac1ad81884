// SPDX-License-Identifier: GPL-3.0-or-later
// The part of RunnerWindow that makes its bar, list and panel.
#include "core/runner/runner_record.h"
#include "ui/check_results.h"
#include "ui/flat_list.h"
#include "ui/notice_bar.h"
#include "ui/runner_model.h"
#include "ui/runner_window.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace kb {

void RunnerWindow::build() {
    setWindowTitle(tr("Run requests — Keybearer"));
    resize(1080, 680);
    setMinimumSize(640, 380);
    m_list = new QTreeView(this);
    m_list->setModel(m_model);
    makeFlatList(*m_list);
    m_list->setAccessibleName(tr("Requests of the run"));
    m_list->setStyleSheet(
        QStringLiteral("QTreeView::item { padding: 4px 8px; } QHeaderView::section { padding: 6px 8px; }"));
    m_list->header()->setStretchLastSection(false);
    const int widths[] = {110, 0, 130, 80, 70, 80, 90};
    for (int column = 0; column < RunnerModel::ColumnCount; ++column)
        if (widths[column])
            m_list->setColumnWidth(column, widths[column]);
        else
            m_list->header()->setSectionResizeMode(column, QHeaderView::Stretch);

    auto* panel = new QWidget(this);
    m_title = new QLabel(panel);
    m_title->setFont(theme().monospace());
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_doctor = new QLabel(panel);
    m_doctor->setTextFormat(Qt::PlainText);
    m_doctor->setWordWrap(true);
    m_doctor->setAccessibleName(tr("Why"));
    m_details = new CheckResultsView(panel);
    auto* inPanel = new QVBoxLayout(panel);
    inPanel->setContentsMargins(12, 10, 12, 8);
    inPanel->setSpacing(8);
    inPanel->addWidget(m_title);
    inPanel->addWidget(m_doctor);
    inPanel->addWidget(m_details, 1);

    auto* middle = new QSplitter(Qt::Vertical, this);
    middle->setChildrenCollapsible(false);
    middle->addWidget(m_list);
    middle->addWidget(panel);
    middle->setStretchFactor(0, 1);
    middle->setSizes({420, 220});
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(4);
    m_progress->setAccessibleName(tr("Progress"));
    m_notice = new NoticeBar(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    layout->addWidget(m_progress);
    layout->addWidget(middle, 1);
    layout->addWidget(m_notice);
}

QWidget* RunnerWindow::buildBar() {
    auto* bar = new QWidget(this);
    const auto number = [bar](const QString& prefix, const QString& name, int most) {
        auto* box = new QSpinBox(bar);
        box->setRange(1, most);
        box->setPrefix(prefix);
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setMaximumWidth(130);
        box->setAccessibleName(name);
        return box;
    };
    const auto button = [bar](const QString& text, QMenu** menu) {
        auto* made = new QToolButton(bar);
        made->setText(text);
        made->setProperty("button", true);
        made->setPopupMode(QToolButton::InstantPopup);
        made->setFocusPolicy(Qt::TabFocus);
        *menu = new QMenu(made);
        made->setMenu(*menu);
        return made;
    };
    m_what = new QComboBox(bar);
    m_what->setAccessibleName(tr("What is run"));
    m_as = new QComboBox(bar);
    m_as->setAccessibleName(tr("Send as"));
    m_iterations = number(tr("Times: "), tr("Iterations"), 100000);
    m_parallel = number(tr("At once: "), tr("Requests in flight"), 64);
    m_bail = new QCheckBox(tr("Stop at the first failure"), bar);
    QMenu* rows = nullptr;
    m_dataButton = button(tr("Data…"), &rows);
    rows->addAction(tr("Choose a CSV or JSON file…"), this, [this] {
        auto* dialog = new QFileDialog(this, tr("Data of the run"), m_session.workspace().folder,
                                       tr("Data (*.csv *.json);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QFileDialog::fileSelected, this, &RunnerWindow::useData);
        dialog->open();
    });
    rows->addAction(tr("Without data"), this, [this] {
        m_data.clear();
        refresh();
    });
    QMenu* reports = nullptr;
    m_more = button(tr("Report"), &reports);
    const std::tuple<QString, const char*, const char*> kinds[] = {{tr("Save as HTML…"), "html", "html"},
                                                                   {tr("Save as JUnit…"), "junit", "xml"},
                                                                   {tr("Save as JSON…"), "json", "json"}};
    for (const auto& [text, kind, suffix] : kinds)
        reports->addAction(text, this, [this, kind = kind, suffix = suffix] {
            saveReport(QLatin1String(kind), QLatin1String(suffix));
        });
    m_start = new QPushButton(tr("Run"), bar);
    m_start->setProperty("primary", true);
    m_stop = new QPushButton(tr("Stop"), bar);
    m_summary = new QLabel(bar);
    m_summary->setAccessibleName(tr("Outcome of the run"));

    auto* first = new QHBoxLayout;
    first->setSpacing(8);
    first->addWidget(m_what, 2);
    first->addWidget(m_as, 1);
    first->addWidget(m_start);
    first->addWidget(m_stop);
    auto* second = new QHBoxLayout;
    second->setSpacing(8);
    second->addWidget(m_iterations);
    second->addWidget(m_parallel);
    second->addWidget(m_dataButton);
    second->addWidget(m_bail);
    second->addStretch(1);
    second->addWidget(m_summary);
    second->addWidget(m_more);
    auto* lines = new QVBoxLayout(bar);
    lines->setContentsMargins(12, 10, 12, 8);
    lines->setSpacing(8);
    lines->addLayout(first);
    lines->addLayout(second);
    return bar;
}

void RunnerWindow::connectParts() {
    connect(m_start, &QPushButton::clicked, this, &RunnerWindow::run);
    connect(m_stop, &QPushButton::clicked, this, &RunnerWindow::stop);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) { showEntry(now.row()); });
    connect(m_list, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const RunnerRecord& record = m_model->record();
        Q_EMIT openRequested(record.requests.at(record.entries.at(index.row()).request).path);
    });
    for (const auto changed :
         {&Session::requestsChanged, &Session::workspaceChanged, &Session::profilesChanged})
        connect(&m_session, changed, this, [this] {
            if (!isRunning()) fillChoices();
        });
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this), &QShortcut::activated, this,
            &RunnerWindow::run);
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period), this), &QShortcut::activated, this,
            &RunnerWindow::stop);
    connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QWidget::close);
    showEntry(-1);
}

} // namespace kb
