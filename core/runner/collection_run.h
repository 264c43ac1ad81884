// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/history_store.h"
#include "core/run/sender.h"
#include "core/runner/runner_record.h"

namespace kb {

/// Sends saved requests in their order, judges each answer by the request's checks, and gives values of one
/// answer to the requests after it. Owned by whoever started it; deleting it cancels. `finished` comes
/// exactly once, never inside start(), also after stop().
class CollectionRun final : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString workspaceName;
        int iterations = 1;
        QList<VariableMap> data; ///< a row an iteration, again from the first where they run out
        bool bail = false;       ///< the first request that does not pass ends the run
        int parallel = 1;        ///< requests in flight
        QString environment;
        VariableMap variables;
        QList<SecretSource> secretVariables;
        std::optional<QString> asProfile; ///< the id of who sends all; empty: nobody; nullopt: as each says
        QString caFile;
        ProxySetting proxy;
        CheckTools tools;
        QString caution; ///< why unsafe methods are not sent; empty: they are
        /// Gets every exchange for the history, with what the run captured as secret masked; null: nothing is
        /// kept.
        std::function<void(const HistoryRecord&)> keep;
    };

    /// `identities` by profile id.
    CollectionRun(Transport& transport, const Clock& clock, QList<RunnerRequest> requests,
                  QMap<QString, Sender> identities, Options options, QObject* parent = nullptr);
    ~CollectionRun() override;

    void start();
    /// Sends nothing more and ends what is under way; what was not sent is skipped.
    void stop();
    const RunnerRecord& record() const;

Q_SIGNALS:
    void entryDone(int entry);
    void finished();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace kb
