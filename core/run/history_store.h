// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"
#include "core/run/run.h"

#include <QSet>

namespace kb {

/// One exchange of the past, as a list shows it.
struct HistoryEntry {
    qint64 id = 0;
    qint64 timeMs = 0; ///< when it was sent, Unix milliseconds
    QString method;
    QString url; ///< redacted
    QString host;
    QString profileId; ///< empty: anonymous
    QString profileName;
    QString requestPath; ///< of the saved request it was sent from; empty for one that was never saved
    QString environment;
    int status = 0;  ///< 0: no answer
    QString problem; ///< why there was none
    double totalMs = 0;
    qint64 size = 0; ///< of the body
    bool pinned = false;
    bool operator==(const HistoryEntry&) const = default;
};

/// All that is kept of it. Redacted throughout: it is made of an Exchange.
struct HistoryRecord {
    HistoryEntry entry;
    QList<HeaderField> requestHeaders;
    QByteArray requestBody;
    bool hasRequestBody = false;
    QString reason;
    QList<HeaderField> responseHeaders;
    QByteArray responseBody; ///< cut at HistoryLimits::bodyBytes
    bool bodyCut = false;
    QString diagnosis; ///< the doctor's sentence
};

struct HistoryQuery {
    QString text;                     ///< in the address, the profile's name or the beginning of the answer
    int statusFrom = 0, statusTo = 0; ///< both 0: any; an answer that never came is 0
    bool failedOnly = false;          ///< no answer, or 400 and above
    QString profileId;
    QString host;
    qint64 fromMs = 0, toMs = 0; ///< 0: open
    bool pinnedOnly = false;
    int limit = 500;
};

/// Pinned entries outlive them all.
struct HistoryLimits {
    int entries = 100000;
    int days = 90;
    qint64 bytes = qint64(500) * 1024 * 1024;
    static constexpr qsizetype bodyBytes = 256 * 1024;
};

/// What one cell of an access matrix got in one run. Measures only.
struct CellSight {
    QString cell; ///< its id
    qint64 timeMs = 0;
    QString outcome; ///< "allowed", "denied-authz" …
    QString verdict; ///< "pass", "bypass" …
    int status = 0;
    bool operator==(const CellSight&) const = default;
};

/// The port to what was sent before.
class HistoryStore {
public:
    virtual ~HistoryStore() = default;
    virtual Result<qint64> add(const HistoryRecord& record) = 0;
    virtual Result<QList<HistoryEntry>> find(const HistoryQuery& query) = 0; ///< the newest first
    virtual Result<HistoryRecord> read(qint64 id) = 0;
    virtual Result<QStringList> hosts() = 0; ///< that something was sent to, in order
    virtual Result<void> pin(qint64 id, bool pinned) = 0;
    /// Gone for good: the file does not keep the bytes.
    virtual Result<void> remove(const QList<qint64>& ids) = 0;
    virtual Result<void> clear() = 0; ///< pinned ones too, and the runs of matrices
    virtual Result<void> trim(const HistoryLimits& limits, qint64 nowMs) = 0;
    /// What happened to the file since it was opened, a sentence: it was damaged and set aside; or empty.
    virtual QString notice() const = 0;

    // Runs of access matrices, each at a place: which workspace, and where its API is.
    static constexpr int runsKept = 20; ///< of each cell
    /// Keeps a run whose cells `next` gives one by one until it gives none.
    virtual Result<void> addRun(const QString& place, qint64 timeMs,
                                const std::function<std::optional<CellSight>()>& next) = 0;
    /// What the last runs at a place saw of a cell, the newest first.
    virtual Result<QList<CellSight>> sightsOf(const QString& place, const QString& cell) = 0;
    /// The outcome of each cell in the newest run that saw it, by id.
    virtual Result<QHash<QString, QString>> lastOutcomes(const QString& place) = 0;
    /// The cells whose outcome changed at least twice in the last runs: now one thing, now another.
    virtual Result<QSet<QString>> flappingCells(const QString& place) = 0;
};

/// What history wants to know of a run beside its result.
struct HistorySource {
    RequestSpec spec;
    QString profileId;
    QString profileName;
    QString environment;
    VariableMap variables;
};
/// What history keeps of a run: its last exchange, or that nothing came.
HistoryRecord historyRecord(const HistorySource& source, const RunResult& result, qint64 nowMs);
/// The request of a record to be sent once more. Its credential comes from the profile; what was masked is
/// left out.
RequestSpec requestOf(const HistoryRecord& record);

} // namespace kb
