// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/rate_limit.h"
#include "core/run/run.h"
#include "ui/theme.h"

namespace kb {

QString durationText(double milliseconds); ///< "3.4 ms", "38 ms", "1.24 s", "2 min 5 s"
QString sizeText(qint64 bytes);            ///< "312 B", "4.2 kB", "100 MB"
QString versionText(const ConnectionInfo& connection, const QByteArray& httpVersion); ///< "HTTP/2 · TLS 1.3"
QString tlsText(const QString& version); ///< "TLSv1.3" as "TLS 1.3"
Tone statusTone(int status);
QString statusText(int status, const QByteArray& reason); ///< "403 Forbidden"
/// All hops together, in milliseconds.
double totalTime(const QList<Exchange>& hops);
/// "71 of 100, resets in 24 s"; `elapsed` seconds have gone by since the server said so.
QString rateLimitText(const RateLimitState& state, qint64 elapsedSeconds);

/// A short sign beside the status, with a sentence to it.
struct AnswerMark {
    QString text;
    Tone tone = Tone::Warn;
    QString explanation;
};
QList<AnswerMark> marksOf(const RunResult& result);
/// What the user should know of the body, a sentence each.
QStringList bodyNotes(const Response& response);

} // namespace kb
