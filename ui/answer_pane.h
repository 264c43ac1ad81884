// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"

#include <QTimer>
#include <QWidget>

class QFrame;
class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QStackedLayout;
class QStackedWidget;
class QTabBar;

namespace kb {

class AnswerBody;
class AnswerError;
class AnswerHeaders;
class AnswerNote;
class AnswerSent;
class AnswerStatus;
class CheckResultsView;
struct CheckedAnswer;
class DoctorPanel;
class SideBySide;
class TimelineView;

/// What came of a request: status, the doctor's word on a refusal, body, headers, timeline, and what was
/// sent.
class AnswerPane final : public QWidget {
    Q_OBJECT
public:
    enum Tab { BodyTab, HeadersTab, TimelineTab, SentTab, ChecksTab };

    explicit AnswerPane(QWidget* parent = nullptr);
    void showEmpty();
    /// The answer before stays for a moment, so that a quick run does not flicker.
    void showRunning();
    void showPaused(const RunResult& soFar);
    void showResult(const RunResult& result);
    /// What the request's checks say of the answer shown; the tab is there with them.
    void showChecks(const CheckedAnswer& checked);
    Tab currentTab() const;
    void setCurrentTab(Tab tab);
    AnswerBody& body();

public Q_SLOTS:
    void setProgress(qint64 received, qint64 expected);

Q_SIGNALS:
    /// A remedy the pane cannot do by itself; the challenge and the timeline it shows by itself.
    void remedyChosen(const kb::Remedy& remedy);
    void keepGoingRequested();
    void stopRequested();
    void saveBodyRequested();
    void allowOriginRequested(const QString& origin);
    void consentRequested(const kb::Error& error);
    void loginRequested(); ///< the profile needs a login before anything can be sent

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// What an answer needs is made with the first request: more than a third of the window's widgets.
    void makePages();
    QWidget* makeMessagePage(QLabel* label);
    QWidget* makeRunningPage();
    QWidget* makeResultPage();
    void fill(const RunResult& result);
    void fitFindings();
    void showTab(int index);
    void applyRemedy(const Remedy& remedy);

    QStackedLayout* m_pages;
    QWidget* m_emptyPage;
    QWidget* m_runningPage = nullptr;
    QWidget* m_resultPage = nullptr; ///< what follows is part of it, and there with it
    QLabel* m_emptyText;
    QLabel* m_runningText;
    QProgressBar* m_progress;
    QPushButton* m_stop;
    AnswerStatus* m_status;
    AnswerNote* m_paused;
    AnswerNote* m_warning;
    AnswerNote* m_authNote; ///< what keeping the token alive had to do or could not
    QScrollArea* m_findings;
    AnswerError* m_error;
    DoctorPanel* m_doctor;
    QTabBar* m_tabs;
    SideBySide* m_tabRow;
    QFrame* m_line;
    QWidget* m_filler;
    QStackedWidget* m_views;
    QStackedWidget* m_tools;
    AnswerBody* m_body;
    AnswerHeaders* m_headers;
    TimelineView* m_timeline;
    AnswerSent* m_sent;
    CheckResultsView* m_checks;
    QTimer m_runningDelay;
};

} // namespace kb
