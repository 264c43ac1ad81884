// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_pane.h"

#include "ui/answer_body.h"
#include "ui/answer_error.h"
#include "ui/answer_format.h"
#include "ui/answer_headers.h"
#include "ui/answer_note.h"
#include "ui/answer_sent.h"
#include "ui/answer_status.h"
#include "ui/check_results.h"
#include "ui/doctor_panel.h"
#include "ui/flow_layout.h"
#include "ui/timeline_view.h"

#include <QEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>

namespace kb {

namespace {

constexpr int runningDelayMs = 200;

/// A stack as wide as the page in sight, not as the widest one.
class CurrentSizeStack final : public QStackedWidget {
public:
    QSize sizeHint() const override { return currentWidget() ? currentWidget()->sizeHint() : QSize(); }
    QSize minimumSizeHint() const override {
        return currentWidget() ? currentWidget()->minimumSizeHint() : QSize();
    }
};

} // namespace

AnswerPane::AnswerPane(QWidget* parent) : QWidget(parent), m_pages(new QStackedLayout(this)) {
    setAccessibleName(tr("Answer"));
    m_emptyText = new QLabel(tr("Send the request to see its answer here."));
    m_emptyPage = makeMessagePage(m_emptyText);
    m_pages->addWidget(m_emptyPage);
    m_runningDelay.setSingleShot(true);
    m_runningDelay.setInterval(runningDelayMs);
    connect(&m_runningDelay, &QTimer::timeout, this, [this] { m_pages->setCurrentWidget(m_runningPage); });
    showEmpty();
}

void AnswerPane::makePages() {
    if (m_resultPage) return;
    m_runningPage = makeRunningPage();
    m_resultPage = makeResultPage();
    m_pages->addWidget(m_runningPage);
    m_pages->addWidget(m_resultPage);
}

QWidget* AnswerPane::makeMessagePage(QLabel* label) {
    auto* page = new QWidget;
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    label->setProperty("muted", true);
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(label);
    return page;
}

QWidget* AnswerPane::makeRunningPage() {
    auto* page = new QWidget;
    m_runningText = new QLabel;
    m_runningText->setAlignment(Qt::AlignCenter);
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(320);
    m_progress->setFixedHeight(6);
    m_progress->setAccessibleName(tr("Progress"));
    m_stop = new QPushButton(tr("Stop"));
    m_stop->setAccessibleName(tr("Stop the request"));
    connect(m_stop, &QPushButton::clicked, this, &AnswerPane::stopRequested);
    auto* layout = new QVBoxLayout(page);
    layout->setSpacing(10);
    layout->addStretch();
    layout->addWidget(m_runningText);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(m_progress, 3);
    middle->addStretch(1);
    layout->addLayout(middle);
    layout->addWidget(m_stop, 0, Qt::AlignHCenter);
    layout->addStretch();
    return page;
}

QWidget* AnswerPane::makeResultPage() {
    auto* page = new QWidget;
    m_status = new AnswerStatus;
    m_paused = new AnswerNote;
    m_paused->setObjectName(QStringLiteral("answerNote"));
    QPushButton* keepGoing = m_paused->addButton(tr("Keep going"));
    QPushButton* stop = m_paused->addButton(tr("Stop"));
    stop->setAccessibleName(tr("Stop here and keep what came"));
    m_warning = new AnswerNote;
    m_authNote = new AnswerNote;
    m_authNote->setObjectName(QStringLiteral("authNote"));

    auto* findings = new QWidget;
    m_error = new AnswerError;
    m_doctor = new DoctorPanel;
    auto* findingsLayout = new QVBoxLayout(findings);
    findingsLayout->setContentsMargins(12, 8, 12, 4);
    findingsLayout->setSpacing(8);
    findingsLayout->addWidget(m_error);
    findingsLayout->addWidget(m_doctor);
    findingsLayout->addStretch();
    m_findings = new QScrollArea;
    m_findings->setWidget(findings);
    m_findings->setWidgetResizable(true);
    m_findings->setFrameShape(QFrame::NoFrame);
    m_findings->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_findings->setFocusPolicy(Qt::NoFocus);

    m_tabs = new QTabBar;
    m_tabs->setAccessibleName(tr("Parts of the answer"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_body = new AnswerBody;
    m_headers = new AnswerHeaders;
    m_timeline = new TimelineView;
    m_sent = new AnswerSent;
    m_checks = new CheckResultsView;
    m_views = new QStackedWidget;
    m_views->setMinimumHeight(72);
    m_tools = new CurrentSizeStack;
    m_tools->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    const std::tuple<QString, QWidget*, QWidget*> tabs[] = {{tr("Body"), m_body, m_body->tools()},
                                                            {tr("Headers"), m_headers, m_headers->tools()},
                                                            {tr("Timeline"), m_timeline, m_timeline->tools()},
                                                            {tr("Sent request"), m_sent, m_sent->tools()},
                                                            {tr("Checks"), m_checks, new QWidget}};
    for (const auto& [name, view, tools] : tabs) {
        m_tabs->addTab(name);
        m_views->addWidget(view);
        m_tools->addWidget(tools);
    }
    m_tabs->setTabVisible(ChecksTab, false);
    m_tabRow = new SideBySide(m_tabs, m_tools);
    m_tabRow->boxLayout().setContentsMargins(12, 2, 12, 4);
    m_tabRow->boxLayout().setSpacing(6);
    m_line = new QFrame;
    m_line->setProperty("line", true);
    m_line->setFixedHeight(1);

    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_status, m_paused, m_warning, m_authNote,
                                                           m_findings, m_tabRow, m_line})
        layout->addWidget(widget);
    layout->addWidget(m_views, 1);
    // Without an answer the error stands at the top, not in the middle.
    m_filler = new QWidget;
    layout->addWidget(m_filler, 1);

    connect(keepGoing, &QPushButton::clicked, this, &AnswerPane::keepGoingRequested);
    connect(stop, &QPushButton::clicked, this, &AnswerPane::stopRequested);
    connect(m_tabs, &QTabBar::currentChanged, this, &AnswerPane::showTab);
    connect(m_doctor, &DoctorPanel::remedyChosen, this, &AnswerPane::applyRemedy);
    connect(m_error, &AnswerError::allowOriginRequested, this, &AnswerPane::allowOriginRequested);
    connect(m_error, &AnswerError::consentRequested, this, &AnswerPane::consentRequested);
    connect(m_error, &AnswerError::loginRequested, this, &AnswerPane::loginRequested);
    connect(m_body, &AnswerBody::saveRequested, this, &AnswerPane::saveBodyRequested);
    return page;
}

void AnswerPane::showEmpty() {
    m_runningDelay.stop();
    if (m_resultPage) m_body->clear();
    m_pages->setCurrentWidget(m_emptyPage);
}

AnswerBody& AnswerPane::body() {
    makePages();
    return *m_body;
}

void AnswerPane::showRunning() {
    makePages();
    m_runningText->setText(tr("Sending…"));
    m_progress->setRange(0, 0);
    m_paused->setNote({}, Tone::Info);
    m_runningDelay.start();
}

void AnswerPane::setProgress(qint64 received, qint64 expected) {
    makePages();
    if (expected > 0) {
        m_runningText->setText(tr("Receiving, %1 of %2").arg(sizeText(received), sizeText(expected)));
        m_progress->setRange(0, 1000);
        m_progress->setValue(static_cast<int>(1000 * qMin(1.0, double(received) / double(expected))));
    } else {
        m_runningText->setText(tr("Receiving, %1 so far").arg(sizeText(received)));
        m_progress->setRange(0, 0);
    }
}

void AnswerPane::showPaused(const RunResult& soFar) {
    fill(soFar);
    const qint64 size = soFar.hops.isEmpty() ? 0 : soFar.hops.last().response().body.size();
    m_paused->setNote(tr("Stopped at %1.").arg(sizeText(size)), Tone::Info);
}

void AnswerPane::showResult(const RunResult& result) {
    makePages();
    m_paused->setNote({}, Tone::Info);
    fill(result);
}

void AnswerPane::showChecks(const CheckedAnswer& checked) {
    makePages();
    m_checks->results().setResults(checked.checks, checked.captures);
    const int all = m_checks->results().rowCount();
    const int passed = m_checks->results().passedCount();
    // Signs beside the numbers: what failed is seen without opening the tab.
    m_tabs->setTabText(ChecksTab, passed == all ? tr("✓ Checks %1").arg(all)
                                                : tr("✕ Checks %1/%2").arg(passed).arg(all));
    m_tabs->setTabVisible(ChecksTab, all > 0);
    m_tabRow->arrange();
}

void AnswerPane::fill(const RunResult& result) {
    makePages();
    m_runningDelay.stop();
    m_pages->setCurrentWidget(m_resultPage);
    m_status->setResult(result);
    m_warning->setNote(result.credentialWarning, Tone::Warn);
    // Of missing scopes the doctor says the same, with a way out.
    const bool said = result.diagnosis && result.diagnosis->cause == "insufficient-scope";
    m_authNote->setNote(said ? QString() : result.authNote, Tone::Info);
    m_error->setResult(result);
    m_doctor->setResult(result);
    const bool answered = !result.hops.isEmpty();
    m_tabRow->setVisible(answered);
    m_views->setVisible(answered);
    m_line->setVisible(answered);
    m_filler->setVisible(!answered);
    m_headers->setHops(result.hops);
    m_timeline->setHops(result.hops, result.grantExchanges);
    m_sent->setHops(result.hops);
    if (answered)
        m_body->setExchange(result.hops.last());
    else
        m_body->clear();
    if (m_tabs->currentIndex() == ChecksTab) m_tabs->setCurrentIndex(BodyTab);
    m_tabs->setTabVisible(ChecksTab, false);
    m_tabs->setTabText(HeadersTab, tr("Headers %1").arg(m_headers->fieldCount()));
    fitFindings();
    m_tabRow->arrange();
    // A page that was never laid out measures its texts for a width it does not have.
    if (m_resultPage->layout()->activate()) fitFindings();
}

void AnswerPane::fitFindings() {
    if (!m_resultPage) return;
    const bool any = !m_error->isHidden() || !m_doctor->isHidden();
    m_findings->setVisible(any);
    if (!any) return;
    QWidget* content = m_findings->widget();
    const int needed = content->layout()->hasHeightForWidth()
                           ? content->layout()->totalHeightForWidth(m_findings->viewport()->width())
                           : content->layout()->totalSizeHint().height();
    // Told outright: by itself the scroll area would take the height the text needs at its narrowest.
    content->setMinimumHeight(needed);
    // A long explanation scrolls rather than taking the answer's place, or lying over its tabs; without an
    // answer it may have it all.
    int room = height() - 8;
    if (!m_views->isHidden()) {
        int others = m_views->minimumHeight();
        for (const QWidget* other :
             std::initializer_list<QWidget*>{m_status, m_paused, m_warning, m_authNote, m_tabRow, m_line})
            if (!other->isHidden())
                others += qBound(other->minimumHeight(),
                                 other->hasHeightForWidth() ? other->heightForWidth(width())
                                                            : other->sizeHint().height(),
                                 other->maximumHeight());
        room = qMin(qMax(96, height() * 45 / 100), height() - others);
    }
    m_findings->setFixedHeight(qBound(40, needed, qMax(40, room)));
}

void AnswerPane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitFindings();
}

bool AnswerPane::event(QEvent* event) {
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) fitFindings();
    return handled;
}

AnswerPane::Tab AnswerPane::currentTab() const {
    return m_resultPage ? static_cast<Tab>(m_tabs->currentIndex()) : BodyTab;
}

void AnswerPane::setCurrentTab(Tab tab) {
    makePages();
    m_tabs->setCurrentIndex(tab);
}

void AnswerPane::showTab(int index) {
    m_views->setCurrentIndex(index);
    m_tools->setCurrentIndex(index);
    m_tools->updateGeometry();
    m_tabRow->arrange();
}

void AnswerPane::applyRemedy(const Remedy& remedy) {
    switch (remedy.kind) {
    case Remedy::Kind::OpenChallenge:
        setCurrentTab(HeadersTab);
        if (!m_headers->selectField("WWW-Authenticate")) m_headers->selectField("Proxy-Authenticate");
        m_headers->list().setFocus(Qt::OtherFocusReason);
        break;
    case Remedy::Kind::OpenTimeline:
        setCurrentTab(TimelineTab);
        m_timeline->setFocus(Qt::OtherFocusReason);
        break;
    default:
        Q_EMIT remedyChosen(remedy);
    }
}

} // namespace kb
