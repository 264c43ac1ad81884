// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/baseline.h"
#include "ui/matrix_details.h"
#include "ui/session.h"

#include <QSet>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QProgressBar;
class QPushButton;
class QTableView;
class QToolButton;

namespace kb {

class GrantRunner;
class MatrixCounts;
class MatrixFilter;
class MatrixModel;
class NoticeBar;

/// The access matrix: every identity of the workspace against every operation of an API.
class MatrixWindow final : public QWidget {
    Q_OBJECT
public:
    explicit MatrixWindow(Session& session, QWidget* parent = nullptr);
    ~MatrixWindow() override;

    MatrixModel& model() { return *m_model; }
    MatrixDetails& details() { return *m_details; }
    QTableView& grid() { return *m_grid; }
    bool isRunning() const { return m_run != nullptr; }
    /// Loads the document that is named: an address, which may hold {{variables}}, or a file.
    void load();
    void run(); ///< everything that the plan would send
    void stop();
    MatrixFilter& rows() { return *m_filter; }
    void runWhatIsLeft(); ///< of a run that was stopped, or of which only a part was run
    void undo();          ///< the last expectation that was accepted
    /// Writes a report: "html", "junit", "sarif", "json", "markdown" or "csv".
    QByteArray report(const QString& kind) const;
    QString summary() const;

Q_SIGNALS:
    void openRequested(const kb::RequestSpec& spec);
    void finished(); ///< a run has ended
    void planned();  ///< a document was read, or could not be

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void build();
    QWidget* buildBar();
    QWidget* buildCounts();
    void connectParts();
    void take(const QByteArray& text, const QString& name);
    void plan(const ApiDescription& api);
    void planAnew();
    CellPlan asPlanned(int cell) const;
    void keepSettled(RunRecord& record, const RunRecord& old);
    int sendCount() const;
    void readTheBaseline();
    void setAsBaseline();
    void forgetBaseline();
    void sortBy(int column);
    void chooseForgeries();
    void chooseUnsafe();
    void chooseRules();
    void setGrouped(bool grouped);
    void fold();
    MatrixPlan planAsAgreed(const QString& base);
    MatrixPlan planWith(const MatrixSettings& settings, bool sends, bool live) const;
    void showCell();
    void judge(RunRecord& record) const;
    bool agreedToForgeries(const MatrixPlan& part, const QSet<int>& wanted);
    QMenu* makeMenu(QWidget* parent);
    QString usualDocument() const;
    void keepDocument();
    void judgeAndShow(RunRecord record);
    QSet<int> withSiblings(QSet<int> wanted) const;
    void start(const QSet<int>& chosen); ///< empty: all
    void ended(const QList<int>& cells);
    void askForLogin(const QString& profileId, const QString& why);
    void showLogin();
    void logIn(const QString& profileId);
    void goOn(const QString& profileId, bool loggedIn);
    void accept(int cell, MatrixDetails::Scope scope);
    void expect(int cell);
    void setMark(MatrixMark mark, bool remove);
    void waive(int cell);
    void expectAnew();
    void showCounts();
    void refresh();
    void runOnly(const std::function<bool(const CellResult&, const CellPlan&)>& wanted);
    RequestSpec requestOf(int cell) const;
    void openAsRequest(int cell);
    void copyAsCurl(int cell);
    void saveReport(const QString& kind, const QString& suffix);
    void refuse(const QString& text);
    int currentCell() const;
    Result<QString> baseUrl(const ApiDescription& api) const;

    Session& m_session;
    MatrixModel* m_model;
    MatrixFilter* m_filter;
    MatrixDetails* m_details;
    QTableView* m_grid = nullptr;
    NoticeBar* m_notice = nullptr;
    QLineEdit *m_document = nullptr, *m_text = nullptr;
    QComboBox* m_kind = nullptr;
    QPushButton *m_runAll = nullptr, *m_stop = nullptr;
    QToolButton* m_more = nullptr;
    QProgressBar* m_progress = nullptr;
    MatrixCounts* m_counts = nullptr;
    QLabel* m_pace = nullptr;
    std::optional<ApiDescription> m_api;
    std::optional<Baseline> m_baseline;
    QSet<QString> m_agreed; ///< origins that forged credentials may be sent to
    std::unique_ptr<Run> m_reading;
    std::unique_ptr<MatrixRun> m_run;
    struct Accepted {
        QList<MatrixMark> before, after;
    };
    QList<Accepted> m_accepted; ///< for undo()
    /// By their ids: cells that a run found not to be sent, or sent for another object, as they were planned.
    QHash<QString, CellPlan> m_unsettled;
    QTimer m_counting; ///< while a run fills the grid, now and then
    qint64 m_startedMs = 0;
    bool m_sendsUnsafe = false; ///< the saved strategies count
    int m_live = 0;             ///< so many requests are done for real: the number that was typed
    bool m_mayGoLive = false;   ///< it was typed since the last run
    QString m_agreedFor;        ///< for which server unsafe methods are sent
    QStringList m_agreedLive;   ///< and which cells are done for real
    GrantRunner* m_grants;      ///< for logins in the middle of a run
    QList<std::pair<QString, QString>> m_logins; ///< who waits for one, and why
    QString m_loginNotice;                       ///< what is said of the first of them
    bool m_planAgain = false;                    ///< identities or the environment changed while it ran
};

} // namespace kb
