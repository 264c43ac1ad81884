// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"
#include "core/run/run.h"
#include "core/run/sender.h"

#include <QSet>

namespace kb {

/// Sends the cells of a plan, each as a run of its own on its profile's lane, and judges what came. Owned by
/// whoever started it; deleting it cancels. `finished` comes exactly once, never inside start(), also after
/// stop().
class MatrixRun final : public QObject {
    Q_OBJECT
public:
    struct Options {
        int parallel = 2;      ///< requests in flight
        double perSecond = 0;  ///< 0: as fast as the answers come
        int timeoutMs = 30000; ///< of one request
        int canaryEvery = MatrixPlan::usualCanaryEvery;
        int retries = 2;          ///< of a throttled request
        qint64 longestWaitS = 10; ///< a longer Retry-After is not waited for
        int maxSilent = 5;        ///< so many in a row without an answer, or failing, end the run
        bool strict = false;
        /// Ids of cells that got now one thing, now another in earlier runs: where such a one fails, it is
        /// asked once more. An open door is none of these: seen open once, it is open.
        QSet<QString> flapping = {};
        /// Somebody listens to loginNeeded() and answers with goOn(). Otherwise what needs a login is not
        /// proven.
        bool asks = false;
        QString environment;
        VariableMap variables;
        QList<SecretSource> secretVariables;
        QString caFile;
        ProxySetting proxy;
    };

    MatrixRun(Transport& transport, const Clock& clock, MatrixPlan plan, QMap<QString, Sender> identities,
              MatrixSettings settings, Options options, QObject* parent = nullptr);
    ~MatrixRun() override;

    void start();
    /// Sends nothing more and ends what is under way; what was not sent counts as not proven.
    void stop();
    /// After loginNeeded(): what waits for this profile's login is sent, or left out as not proven.
    void goOn(const QString& profileId, bool loggedIn);
    const RunRecord& record() const;
    RunRecord takeRecord(); ///< once it has ended: large, so better moved

Q_SIGNALS:
    void cellDone(int cell); ///< seen, not yet judged
    void progress(int done, int total);
    /// Only the user can get this profile a new token. Its column waits for goOn(), the others go on.
    void loginNeeded(const QString& profileId, const QString& why);
    void finished();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace kb
