// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QToolButton;
class QTreeView;

namespace kb {

class CheckResultsView;
class NoticeBar;
class RunnerModel;

/// Runs saved requests with their checks, one after the other or several at a time.
class RunnerWindow final : public QWidget {
    Q_OBJECT
public:
    explicit RunnerWindow(Session& session, QWidget* parent = nullptr);
    ~RunnerWindow() override;

    /// Chooses what is run: a folder or a request by its path, or all.
    void choose(const QStringList& paths);
    void run(); ///< in production, unsafe methods are asked about first
    void stop();
    bool isRunning() const { return m_run != nullptr; }
    /// Takes the rows of a CSV or JSON file as the variables of the iterations.
    void useData(const QString& path);
    RunnerModel& model() { return *m_model; }
    QTreeView& list() { return *m_list; }
    CheckResultsView& details() { return *m_details; }
    QString summary() const;
    QByteArray report(const QString& kind) const;

Q_SIGNALS:
    void openRequested(const QString& path);
    void finished();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    static QString severalMark() { return QStringLiteral("*"); } ///< no path is that
    QStringList m_several;
    void build();
    QWidget* buildBar();
    void connectParts();
    void fillChoices();
    RunnerChoice choice() const;
    void start(const RunnerChoice& choice);
    void ended();
    void showEntry(int entry);
    void saveReport(const QString& kind, const QString& suffix);
    void refresh();

    Session& m_session;
    RunnerModel* m_model;
    std::unique_ptr<CollectionRun> m_run;
    QList<VariableMap> m_data;
    QString m_dataName;
    int m_done = 0;

    QComboBox *m_what = nullptr, *m_as = nullptr;
    QSpinBox *m_iterations = nullptr, *m_parallel = nullptr;
    QCheckBox* m_bail = nullptr;
    QPushButton *m_start = nullptr, *m_stop = nullptr;
    QToolButton *m_dataButton = nullptr, *m_more = nullptr;
    QTreeView* m_list = nullptr;
    CheckResultsView* m_details = nullptr;
    QLabel *m_title = nullptr, *m_doctor = nullptr, *m_summary = nullptr;
    QProgressBar* m_progress = nullptr;
    NoticeBar* m_notice = nullptr;
};

} // namespace kb
