// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/rate_limit.h"

#include "core/base/clock.h"

#include <QDate>
#include <QDateTime>
#include <QTimeZone>

namespace kb {

namespace {

constexpr const char* shortDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr const char* longDays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                    "Friday", "Saturday", "Sunday"};
constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads piece by piece; the first piece that does not fit makes the whole date unreadable.
class DateReader {
public:
    explicit DateReader(QByteArrayView text) : m_text(text) {}
    bool good() const { return m_good; }
    bool done() const { return m_good && m_at == m_text.size(); }

    DateReader& literal(QByteArrayView text) {
        if (m_good && m_text.sliced(m_at).startsWith(text))
            m_at += text.size();
        else
            m_good = false;
        return *this;
    }
    template<size_t N> DateReader& word(const char* const (&words)[N], int& index) {
        for (size_t i = 0; m_good && i < N; ++i)
            if (m_text.sliced(m_at).startsWith(words[i])) {
                m_at += qsizetype(qstrlen(words[i]));
                index = int(i) + 1;
                return *this;
            }
        m_good = false;
        return *this;
    }
    DateReader& number(int digits, int& value, bool padded = false) {
        value = 0;
        for (int i = 0; m_good && i < digits; ++i, ++m_at) {
            const char c = m_at < m_text.size() ? m_text[m_at] : '\0';
            if (padded && i == 0 && c == ' ') continue;
            if (c < '0' || c > '9')
                m_good = false;
            else
                value = value * 10 + (c - '0');
        }
        return *this;
    }

private:
    QByteArrayView m_text;
    qsizetype m_at = 0;
    bool m_good = true;
};

struct Parts {
    int weekday = 0, day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0;
};

DateReader& clockTime(DateReader& reader, Parts& parts) {
    return reader.number(2, parts.hour)
        .literal(":")
        .number(2, parts.minute)
        .literal(":")
        .number(2, parts.second);
}

bool readImf(QByteArrayView text, Parts& p) {
    DateReader reader(text);
    reader.word(shortDays, p.weekday).literal(", ").number(2, p.day).literal(" ").word(months, p.month);
    reader.literal(" ").number(4, p.year).literal(" ");
    return clockTime(reader, p).literal(" GMT").done();
}

bool readRfc850(QByteArrayView text, Parts& p, qint64 nowMs) {
    DateReader reader(text);
    reader.word(longDays, p.weekday).literal(", ").number(2, p.day).literal("-").word(months, p.month);
    reader.literal("-").number(2, p.year).literal(" ");
    if (!clockTime(reader, p).literal(" GMT").done()) return false;
    // A year of two digits more than fifty years ahead means the one before (RFC 9110 §5.6.7).
    const int thisYear = QDateTime::fromMSecsSinceEpoch(nowMs, Qt::UTC).date().year();
    p.year += thisYear - thisYear % 100;
    if (p.year > thisYear + 50)
        p.year -= 100;
    else if (p.year <= thisYear - 50)
        p.year += 100;
    return true;
}

bool readAsctime(QByteArrayView text, Parts& p) {
    DateReader reader(text);
    reader.word(shortDays, p.weekday).literal(" ").word(months, p.month).literal(" ").number(2, p.day, true);
    reader.literal(" ");
    return clockTime(reader, p).literal(" ").number(4, p.year).done();
}

} // namespace

std::optional<qint64> parseHttpDate(QByteArrayView text, qint64 nowMs) {
    const QByteArrayView trimmed = text.trimmed();
    Parts p;
    if (!readImf(trimmed, p) && !readRfc850(trimmed, p, nowMs) && !readAsctime(trimmed, p))
        return std::nullopt;
    const QDate date(p.year, p.month, p.day);
    if (!date.isValid() || p.hour > 23 || p.minute > 59 || p.second > 60) return std::nullopt;
    // A leap second has no number of its own in Unix time; it is the first of the next minute.
    const qint64 seconds = qint64(p.hour) * 3600 + p.minute * 60 + p.second;
    const qint64 days = QDate(1970, 1, 1).daysTo(date);
    return (days * 86400 + seconds) * 1000;
}

std::optional<qint64> parseHttpDate(QByteArrayView text) {
    return parseHttpDate(text, SystemClock().wallMs());
}

} // namespace kb
