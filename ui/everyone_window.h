// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QTimer>
#include <QWidget>
#include <deque>
#include <map>

class QLabel;
class QPushButton;
class QTreeView;

namespace kb {

class EveryoneModel;

/// Sends one request as nobody and as each profile, and shows who gets in, who does not, and why. In
/// production, and where nobody knows, at the pace of the access matrix: one at a time, one a second.
class EveryoneWindow final : public QWidget {
    Q_OBJECT
public:
    EveryoneWindow(Session& session, const RequestSpec& spec, QWidget* parent = nullptr);
    ~EveryoneWindow() override;

    /// What may change something is asked about first: it would be done as often as there are identities.
    void run();
    void stop();
    bool isRunning() const { return !m_runs.empty() || !m_waiting.empty(); }
    EveryoneModel& model() { return *m_model; }
    QTreeView& list() { return *m_list; }

Q_SIGNALS:
    void sendAsRequested(const QString& profileId); ///< a row was activated
    void finished();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void build();
    void start();
    void sendNext();
    bool isCautious() const;
    void findOperation();
    bool isOfApi(const HttpUrl& url) const;
    void judge();
    void refresh();

    Session& m_session;
    RequestSpec m_spec;
    QString m_environment; ///< the one it was started in
    EveryoneModel* m_model;
    bool m_cautious = false;                   ///< what was started
    std::optional<ApiDescription> m_api;       ///< where the request is an operation of it
    const ApiOperation* m_operation = nullptr; ///< in it
    QHash<QString, QString> m_values;          ///< the path's, by parameter
    QTimer m_pacing;
    qint64 m_nextSendMs = 0;
    std::deque<int> m_waiting;                  ///< rows still to be sent
    std::map<int, std::unique_ptr<Run>> m_runs; ///< under way, by row
    QLabel *m_title = nullptr, *m_summary = nullptr;
    QTreeView* m_list = nullptr;
    QPushButton *m_start = nullptr, *m_stop = nullptr;
};

} // namespace kb
