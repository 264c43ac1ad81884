// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_format.h"

#include <QCoreApplication>
#include <QLocale>

namespace kb {

namespace {

struct AnswerFormat {
    Q_DECLARE_TR_FUNCTIONS(AnswerFormat)
};

/// Three figures at most, without zeros behind the point.
QString shortNumber(double value) {
    const QLocale locale;
    QString text = locale.toString(value, 'f', value < 10 ? 2 : value < 100 ? 1 : 0);
    if (!text.contains(locale.decimalPoint())) return text;
    while (text.endsWith(locale.zeroDigit()))
        text.chop(1);
    if (text.endsWith(locale.decimalPoint())) text.chop(locale.decimalPoint().size());
    return text;
}

// Beyond this growth a compressed answer deserves a word: it may be a decompression bomb.
constexpr qint64 remarkableGrowth = 100;

} // namespace

QString durationText(double milliseconds) {
    if (milliseconds < 0) return AnswerFormat::tr("not needed");
    const QLocale locale;
    if (milliseconds < 10) return AnswerFormat::tr("%1 ms").arg(locale.toString(milliseconds, 'f', 1));
    if (milliseconds < 1000) return AnswerFormat::tr("%1 ms").arg(qRound(milliseconds));
    if (milliseconds < 60000)
        return AnswerFormat::tr("%1 s").arg(locale.toString(milliseconds / 1000, 'f', 2));
    const int seconds = qRound(milliseconds / 1000);
    return AnswerFormat::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
}

QString sizeText(qint64 bytes) {
    if (bytes < 1024) return AnswerFormat::tr("%1 B").arg(bytes);
    const double k = 1024;
    const auto size = static_cast<double>(bytes);
    if (size < k * k) return AnswerFormat::tr("%1 kB").arg(shortNumber(size / k));
    if (size < k * k * k) return AnswerFormat::tr("%1 MB").arg(shortNumber(size / k / k));
    return AnswerFormat::tr("%1 GB").arg(shortNumber(size / k / k / k));
}

QString tlsText(const QString& version) {
    QString text = version;
    if (text.startsWith(QLatin1String("TLSv"))) text.replace(0, 4, QStringLiteral("TLS "));
    return text;
}

QString versionText(const ConnectionInfo& connection, const QByteArray& httpVersion) {
    const QString http = QLatin1String("HTTP/") + QString::fromLatin1(httpVersion);
    if (connection.tlsVersion.isEmpty()) return http;
    return http + QStringLiteral(" · ") + tlsText(connection.tlsVersion);
}

Tone statusTone(int status) {
    if (status >= 400) return Tone::Bad;
    if (status >= 300) return Tone::Info;
    if (status >= 200) return Tone::Good;
    return Tone::Neutral;
}

QString statusText(int status, const QByteArray& reason) {
    // HTTP/2 sends no reason phrase; the registry's name stands in for it.
    const QString name = reason.isEmpty() ? statusMeaning(status).name : QString::fromUtf8(reason);
    return name.isEmpty() ? QString::number(status) : QString::number(status) + u' ' + name;
}

double totalTime(const QList<Exchange>& hops) {
    if (hops.isEmpty()) return 0;
    const auto start = static_cast<double>(hops.first().startedMs());
    double end = hops.first().timings().total;
    for (const Exchange& hop : hops)
        end = qMax(end, static_cast<double>(hop.startedMs()) - start + hop.timings().total);
    return end;
}

QString rateLimitText(const RateLimitState& state, qint64 elapsedSeconds) {
    QStringList parts;
    if (state.remaining && state.limit)
        parts << AnswerFormat::tr("%1 of %2").arg(*state.remaining).arg(*state.limit);
    else if (state.remaining)
        parts << AnswerFormat::tr("%1 left").arg(*state.remaining);
    else if (state.limit)
        parts << AnswerFormat::tr("limit %1").arg(*state.limit);
    const auto time = [](qint64 seconds) {
        return seconds < 60     ? AnswerFormat::tr("%1 s").arg(seconds)
               : seconds < 3600 ? AnswerFormat::tr("%1 min").arg((seconds + 30) / 60)
                                : AnswerFormat::tr("%1 h").arg((seconds + 1800) / 3600);
    };
    if (state.retryAfterSeconds) {
        const qint64 left = *state.retryAfterSeconds - elapsedSeconds;
        parts << (left > 0 ? AnswerFormat::tr("try again in %1").arg(time(left))
                           : AnswerFormat::tr("you may try again"));
    } else if (state.resetSeconds) {
        const qint64 left = *state.resetSeconds - elapsedSeconds;
        parts << (left > 0 ? AnswerFormat::tr("resets in %1").arg(time(left))
                           : AnswerFormat::tr("has reset"));
    }
    return parts.join(QStringLiteral(", "));
}

QList<AnswerMark> marksOf(const RunResult& result) {
    QList<AnswerMark> marks;
    if (result.plainHttp)
        marks << AnswerMark{AnswerFormat::tr("plain http"), Tone::Warn,
                            AnswerFormat::tr("Request and answer went over the network without encryption.")};
    if (result.hops.isEmpty()) return marks;
    const Exchange& last = result.hops.last();
    const bool unchecked = std::any_of(result.hops.begin(), result.hops.end(), [](const Exchange& hop) {
        return !hop.connection().tlsVersion.isEmpty() && !hop.connection().certificateVerified;
    });
    if (unchecked)
        marks << AnswerMark{AnswerFormat::tr("certificate not checked"), Tone::Warn,
                            AnswerFormat::tr("Nobody made sure that this server is the one it says it is.")};
    switch (last.response().bodyEnd) {
    case BodyEnd::Complete:
        break;
    case BodyEnd::Truncated:
        marks << AnswerMark{AnswerFormat::tr("truncated"), Tone::Warn,
                            AnswerFormat::tr("The connection closed before the body was complete.")};
        break;
    case BodyEnd::LimitReached:
        marks << AnswerMark{AnswerFormat::tr("stopped at the limit"), Tone::Warn,
                            AnswerFormat::tr("The rest of the body was not read.")};
        break;
    case BodyEnd::Cancelled:
        marks << AnswerMark{AnswerFormat::tr("cancelled"), Tone::Neutral,
                            AnswerFormat::tr("You stopped the transfer before its end.")};
        break;
    case BodyEnd::DecodeFailed:
        marks << AnswerMark{
            AnswerFormat::tr("cannot be decompressed"), Tone::Warn,
            AnswerFormat::tr("The body's compression is broken. What came before the break is shown.")};
        break;
    }
    const auto redirects = static_cast<int>(result.hops.size()) - 1;
    if (redirects > 0)
        marks << AnswerMark{AnswerFormat::tr("%n hop(s) before", nullptr, redirects), Tone::Info,
                            AnswerFormat::tr("The timeline shows each of them.")};
    return marks;
}

QStringList bodyNotes(const Response& response) {
    QStringList notes;
    if (!response.bodyNote.isEmpty()) notes << response.bodyNote;
    const qint64 size = response.body.size();
    const bool grown = response.encodedBodyBytes > 0 && size > 1024 * 1024 &&
                       size / response.encodedBodyBytes >= remarkableGrowth;
    if (grown && response.bodyNote.isEmpty())
        notes << AnswerFormat::tr("%1 on the wire became %2 when decompressed.")
                     .arg(sizeText(response.encodedBodyBytes), sizeText(size));
    if (!response.bodyNote.isEmpty()) return notes;
    switch (response.bodyEnd) {
    case BodyEnd::Complete:
    case BodyEnd::Cancelled:
        break;
    case BodyEnd::Truncated:
        notes << (response.declaredLength >= 0
                      ? AnswerFormat::tr("The body ended after %1 of the %2 announced.")
                            .arg(sizeText(response.encodedBodyBytes), sizeText(response.declaredLength))
                      : AnswerFormat::tr("The connection closed before the body's end."));
        break;
    case BodyEnd::LimitReached:
        notes << AnswerFormat::tr("Stopped at %1. The rest of the body was not read.").arg(sizeText(size));
        break;
    case BodyEnd::DecodeFailed:
        notes << AnswerFormat::tr("The body's compression is broken. What came before the break is shown.");
        break;
    }
    return notes;
}

} // namespace kb
