// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MatrixWindow that makes its bar, grid and panel.
#include "ui/grant_runner.h"
#include "ui/matrix_delegate.h"
#include "ui/matrix_filter.h"
#include "ui/matrix_header.h"
#include "ui/matrix_model.h"
#include "ui/matrix_window.h"
#include "ui/notice_bar.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace kb {

void MatrixWindow::build() {
    setWindowTitle(tr("Access matrix — Keybearer"));
    resize(1280, 800);
    setMinimumSize(720, 420);
    m_filter->setSourceModel(m_model);
    m_grid = new QTableView(this);
    m_grid->setModel(m_filter);
    m_grid->setItemDelegate(new MatrixDelegate(m_grid));
    m_grid->setShowGrid(false);
    m_grid->setFrameShape(QFrame::NoFrame);
    m_grid->setSelectionMode(QAbstractItemView::SingleSelection);
    m_grid->setAccessibleName(tr("Access matrix"));
    m_grid->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_grid->setTabKeyNavigation(false);
    m_grid->setContextMenuPolicy(Qt::ActionsContextMenu);
    // Of one size, so that thousands of rows cost no measuring; both headers stay where they are.
    m_grid->setVerticalHeader(new EndpointHeader(m_grid));
    m_grid->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_grid->verticalHeader()->setDefaultSectionSize(m_grid->fontMetrics().height() + 16);
    m_grid->verticalHeader()->setFont(theme().monospace());
    m_grid->verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_grid->verticalHeader()->setHighlightSections(false);
    m_grid->horizontalHeader()->setDefaultSectionSize(118);
    m_grid->horizontalHeader()->setHighlightSections(false);
    m_grid->horizontalHeader()->setSectionsClickable(true);
    m_grid->horizontalHeader()->setTextElideMode(Qt::ElideRight);
    m_details->setMinimumWidth(260);
    m_notice = new NoticeBar(this);

    auto* middle = new QSplitter(Qt::Horizontal, this);
    middle->setChildrenCollapsible(false);
    middle->addWidget(m_grid);
    middle->addWidget(m_details);
    middle->setStretchFactor(0, 1);
    middle->setSizes({940, 320});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    layout->addWidget(buildCounts());
    layout->addWidget(middle, 1);
    layout->addWidget(m_notice);
}

QWidget* MatrixWindow::buildBar() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 10, 12, 8);
    row->setSpacing(8);
    m_document = new QLineEdit(bar);
    m_document->setPlaceholderText(tr("The API's OpenAPI document: an address or a file"));
    m_document->setAccessibleName(tr("OpenAPI document"));
    auto* choose = new QPushButton(tr("Choose…"), bar);
    choose->setAccessibleName(tr("Choose a document"));
    choose->setEnabled(bool(m_session.services().readApi));
    auto* loadButton = new QPushButton(tr("Load"), bar);
    m_runAll = new QPushButton(tr("Run"), bar);
    m_runAll->setProperty("primary", true);
    m_stop = new QPushButton(tr("Stop"), bar);
    m_more = new QToolButton(bar);
    m_more->setText(tr("More"));
    m_more->setProperty("button", true);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setFocusPolicy(Qt::TabFocus);
    m_more->setMenu(makeMenu(m_more));
    row->addWidget(m_document, 1);
    row->addWidget(choose);
    row->addWidget(loadButton);
    row->addSpacing(8);
    row->addWidget(m_runAll);
    row->addWidget(m_stop);
    row->addWidget(m_more);
    connect(choose, &QPushButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("Choose an OpenAPI document"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
            m_document->setText(file);
            load();
        });
        dialog->open();
    });
    connect(loadButton, &QPushButton::clicked, this, &MatrixWindow::load);
    connect(m_document, &QLineEdit::returnPressed, this, &MatrixWindow::load);
    return bar;
}

/// Everything that is not done at every visit. The keys work wherever the focus is.
QMenu* MatrixWindow::makeMenu(QWidget* parent) {
    auto* menu = new QMenu(parent);
    const auto add = [&](const QString& text, const QKeySequence& key, auto work) {
        QAction* action = menu->addAction(text, key, this, work);
        addAction(action);
        return action;
    };
    // What is about the chosen cell is in the grid's context menu, too, with its keys.
    const auto addForCell = [&](const QString& text, const QKeySequence& key, auto work) {
        QAction* action = add(text, key, work);
        action->setShortcutVisibleInContextMenu(true);
        m_grid->addAction(action);
    };
    const auto ofCell = [this](auto work) {
        return [this, work] {
            if (const int cell = currentCell(); cell >= 0) work(cell, m_model->record().plan.cells.at(cell));
        };
    };
    add(tr("Run what failed"), Qt::CTRL | Qt::SHIFT | Qt::Key_Return, [this] {
        runOnly([](const CellResult& result, const CellPlan&) {
            return result.judged.verdict != Verdict::Pass && result.judged.verdict != Verdict::Undecided;
        });
    });
    add(tr("Run what is left"), Qt::ALT | Qt::Key_F5, [this] { runWhatIsLeft(); });
    add(tr("Run what changed since the baseline"), {}, [this] {
        runOnly([](const CellResult& result, const CellPlan&) { return !result.drift.isEmpty(); });
    });
    addForCell(tr("Run this cell"), Qt::Key_F5, ofCell([this](int cell, const CellPlan&) { start({cell}); }));
    addForCell(tr("Run this row"), Qt::SHIFT | Qt::Key_F5, ofCell([this](int, const CellPlan& chosen) {
                   runOnly([operation = chosen.operation](const CellResult&, const CellPlan& plan) {
                       return plan.operation == operation;
                   });
               }));
    addForCell(tr("Run this column"), Qt::CTRL | Qt::Key_F5, ofCell([this](int, const CellPlan& chosen) {
                   runOnly([profile = chosen.profile](const CellResult&, const CellPlan& plan) {
                       return plan.profile == profile;
                   });
               }));
    menu->addSeparator();
    const auto accepting = [&](MatrixDetails::Scope scope) {
        return ofCell([this, scope](int cell, const CellPlan&) { accept(cell, scope); });
    };
    addForCell(tr("Accept as expected"), Qt::CTRL | Qt::Key_E, accepting(MatrixDetails::Scope::Cell));
    addForCell(tr("Accept the row"), Qt::CTRL | Qt::SHIFT | Qt::Key_E, accepting(MatrixDetails::Scope::Row));
    addForCell(tr("Accept the column"), Qt::CTRL | Qt::SHIFT | Qt::Key_L,
               accepting(MatrixDetails::Scope::Column));
    addForCell(tr("Expect…"), Qt::CTRL | Qt::Key_J,
               ofCell([this](int cell, const CellPlan&) { expect(cell); }));
    addForCell(tr("Waive…"), Qt::CTRL | Qt::SHIFT | Qt::Key_W,
               ofCell([this](int cell, const CellPlan&) { waive(cell); }));
    addForCell(tr("Copy as curl"), Qt::CTRL | Qt::SHIFT | Qt::Key_C,
               ofCell([this](int cell, const CellPlan&) { copyAsCurl(cell); }));
    add(tr("Undo the last expectation"), QKeySequence::Undo, [this] { undo(); });
    addForCell(tr("Fold or unfold the row"), Qt::Key_Plus, [this] { fold(); });
    addForCell(tr("Sort by this column"), Qt::CTRL | Qt::SHIFT | Qt::Key_O, [this] {
        if (m_grid->currentIndex().isValid()) sortBy(m_grid->currentIndex().column());
    });
    QAction* grouped = add(tr("Group by tag"), Qt::CTRL | Qt::SHIFT | Qt::Key_G, [] {});
    grouped->setCheckable(true);
    connect(grouped, &QAction::toggled, this, &MatrixWindow::setGrouped);
    grouped->setChecked(
        m_session.services().settings.value(QStringLiteral("matrix/grouped"), false).toBool());
    QAction* bindings = add(tr("Show whose object in all rows"), Qt::CTRL | Qt::SHIFT | Qt::Key_B, [] {});
    bindings->setCheckable(true);
    connect(bindings, &QAction::toggled, m_filter, &MatrixFilter::showAllBindings);
    menu->addSeparator();
    add(tr("Set as baseline"), {}, [this] { setAsBaseline(); });
    QAction* forget = add(tr("Compare with no baseline"), {}, [this] { forgetBaseline(); });
    add(tr("Rules and waivers…"), Qt::CTRL | Qt::SHIFT | Qt::Key_M, [this] { chooseRules(); });
    add(tr("Forged identities…"), {}, [this] { chooseForgeries(); });
    add(tr("Unsafe methods…"), Qt::CTRL | Qt::SHIFT | Qt::Key_U, [this] { chooseUnsafe(); });
    connect(menu, &QMenu::aboutToShow, forget,
            [this, forget] { forget->setEnabled(!m_session.workspace().matrix.baseline.isEmpty()); });
    menu->addSeparator();
    const std::pair<QString, std::pair<const char*, const char*>> kinds[] = {
        {tr("Save as HTML…"), {"html", "html"}},       {tr("Save as JUnit…"), {"junit", "xml"}},
        {tr("Save as SARIF…"), {"sarif", "sarif"}},    {tr("Save as JSON…"), {"json", "json"}},
        {tr("Save as Markdown…"), {"markdown", "md"}}, {tr("Save as CSV…"), {"csv", "csv"}}};
    for (const auto& [text, kind] : kinds)
        menu->addAction(text, this, [this, kind = kind] {
            saveReport(QLatin1String(kind.first), QLatin1String(kind.second));
        });
    return menu;
}

QWidget* MatrixWindow::buildCounts() {
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 8);
    row->setSpacing(8);
    m_counts = new MatrixCounts(bar);
    m_kind = new QComboBox(bar);
    m_kind->addItems({tr("All rows"), tr("Findings"), tr("Open doors"), tr("Locked out"), tr("Suspect"),
                      tr("Server errors"), tr("Not decided"), tr("Not proven"), tr("Changed"),
                      tr("Changed since the run before"), tr("Unsafe methods"), tr("As expected"),
                      tr("Waived")});
    m_kind->setAccessibleName(tr("Which rows"));
    m_text = new QLineEdit(bar);
    m_text->setPlaceholderText(tr("Filter by method, path or tag"));
    m_text->setAccessibleName(tr("Filter by method, path or tag"));
    m_text->setToolTip(
        tr("Each word has to fit: GET is the method, tag:billing a tag, anything else a part of "
           "the path."));
    m_text->setClearButtonEnabled(true);
    m_text->setMaximumWidth(260);
    m_pace = new QLabel(bar);
    m_pace->setProperty("muted", true);
    m_progress = new QProgressBar(bar);
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(160, 6);
    m_progress->setAccessibleName(tr("Progress"));
    row->addWidget(m_counts, 1);
    row->addWidget(m_pace);
    row->addWidget(m_progress);
    row->addWidget(m_kind);
    row->addWidget(m_text);
    return bar;
}

void MatrixWindow::connectParts() {
    connect(m_runAll, &QPushButton::clicked, this, &MatrixWindow::run);
    connect(m_stop, &QPushButton::clicked, this, &MatrixWindow::stop);
    connect(m_text, &QLineEdit::textChanged, m_filter, &MatrixFilter::setText);
    connect(m_kind, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_filter->setKind(static_cast<MatrixFilter::Kind>(index)); });
    connect(m_grid->selectionModel(), &QItemSelectionModel::currentChanged, this, &MatrixWindow::showCell);
    connect(m_grid->horizontalHeader(), &QHeaderView::sectionClicked, this, &MatrixWindow::sortBy);
    connect(m_grid, &QTableView::activated, this, [this] {
        const int cell = currentCell();
        cell < 0 ? fold() : openAsRequest(cell);
    });
    connect(m_grid->verticalHeader(), &QHeaderView::sectionClicked, this, [this](int section) {
        m_grid->setCurrentIndex(m_filter->index(section, qMax(0, m_grid->currentIndex().column())));
        fold();
    });
    connect(m_details, &MatrixDetails::openRequested, this, &MatrixWindow::openAsRequest);
    connect(m_details, &MatrixDetails::copyRequested, this, &MatrixWindow::copyAsCurl);
    connect(m_details, &MatrixDetails::acceptRequested, this, &MatrixWindow::accept);
    connect(m_details, &MatrixDetails::runRequested, this, [this](int cell) { start({cell}); });
    m_counting.setSingleShot(true);
    m_counting.setInterval(200);
    connect(&m_counting, &QTimer::timeout, this, &MatrixWindow::showCounts);
    connect(m_counts, &MatrixCounts::chosen, this, [this](int kind) {
        m_kind->setCurrentIndex(m_kind->currentIndex() == kind ? int(MatrixFilter::Kind::All) : kind);
    });
    connect(m_grants, &GrantRunner::givenUp, this, &MatrixWindow::showLogin);
    // Closed without an answer it is one: nobody waits unseen.
    connect(m_notice, &NoticeBar::closed, this, [this](const QString& said) {
        if (m_logins.isEmpty()) return;
        if (said != std::exchange(m_loginNotice, {})) return showLogin();
        goOn(QString(m_logins.first().first), false);
    });
    // Other identities, another environment: another plan. During a run it waits for the run's end.
    connect(&m_session, &Session::profilesChanged, this, &MatrixWindow::planAnew);
    connect(&m_session, &Session::environmentChanged, this, &MatrixWindow::planAnew);
    connect(&m_session, &Session::profileStateChanged, this, [this] {
        // Secrets are read one by one, and refreshed: often nothing that the plan asks for is new.
        if (m_session.matrixProfiles() != m_model->record().plan.profiles ||
            m_session.matrixAbsent() != m_model->absent())
            planAnew();
    });
    auto* runKey = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    connect(runKey, &QShortcut::activated, this, &MatrixWindow::run);
    auto* stopKey = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period), this);
    connect(stopKey, &QShortcut::activated, this, &MatrixWindow::stop);
    connect(&theme(), &Theme::changed, m_grid->viewport(), QOverload<>::of(&QWidget::update));
}

} // namespace kb
