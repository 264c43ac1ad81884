// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view_search.h"

#include <QStringList>
#include <cstring>

namespace kb {

namespace {

// Up to here a search is done before the next frame is due.
constexpr qsizetype smallBody = 4 * 1024 * 1024;

/// The bytes of "ff d8 ff", or nothing if it is not written like that.
QByteArray hexBytes(const QString& text) {
    const QStringList pairs = text.split(u' ', Qt::SkipEmptyParts);
    QByteArray out;
    for (const QString& pair : pairs) {
        bool ok = false;
        const uint value = pair.toUInt(&ok, 16);
        if (!ok || pair.size() != 2) return {};
        out += static_cast<char>(value);
    }
    return out;
}

} // namespace

BodyNeedle BodyNeedle::of(const QString& text, BodyLines::Mode mode) {
    BodyNeedle needle;
    const QByteArray bytes = mode == BodyLines::Mode::Hex ? hexBytes(text) : QByteArray();
    for (const char byte : bytes)
        needle.m_characters.push_back({QByteArray(1, byte)});
    if (bytes.isEmpty()) {
        const QList<uint> points = text.toUcs4();
        for (const uint point : points) {
            const auto utf8 = [](char32_t c) { return QString::fromUcs4(&c, 1).toUtf8(); };
            QList<QByteArray> spellings{utf8(point)};
            for (const char32_t other : {QChar::toLower(char32_t(point)), QChar::toUpper(char32_t(point))})
                if (!spellings.contains(utf8(other))) spellings.append(utf8(other));
            needle.m_characters.push_back(spellings);
        }
    }
    if (!needle.m_characters.empty())
        for (const QByteArray& spelling : needle.m_characters.front())
            needle.m_first[static_cast<uchar>(spelling[0])] = true;
    return needle;
}

qint64 BodyNeedle::matchAt(const char* at, const char* end) const {
    const char* here = at;
    for (const QList<QByteArray>& spellings : m_characters) {
        qsizetype length = 0;
        for (const QByteArray& spelling : spellings) {
            if (end - here < spelling.size()) continue;
            if (std::memcmp(here, spelling.constData(), static_cast<size_t>(spelling.size())) != 0) continue;
            length = spelling.size();
            break;
        }
        if (length == 0) return 0;
        here += length;
    }
    return here - at;
}

QList<BodyStretch> BodyNeedle::findAll(const QByteArray& bytes, qsizetype limit,
                                       const std::atomic_bool& stop) const {
    QList<BodyStretch> out;
    if (isEmpty()) return out;
    const char* start = bytes.constData();
    const char* end = start + bytes.size();
    qint64 untilLook = 0;
    for (const char* at = start; at < end;) {
        if (--untilLook < 0) {
            untilLook = 65536;
            if (stop) return {};
        }
        if (!m_first[static_cast<uchar>(*at)]) {
            ++at;
            continue;
        }
        const qint64 length = matchAt(at, end);
        if (length == 0) {
            ++at;
            continue;
        }
        if (out.size() == limit) break;
        out.append({at - start, length});
        at += length;
    }
    return out;
}

void BodySearch::start(const QByteArray& bytes, const BodyNeedle& needle) {
    // One more than is kept tells whether there are more.
    const auto search = [bytes, needle](const std::atomic_bool& stop) {
        return needle.findAll(bytes, maxMatches + 1, stop);
    };
    const auto report = [this](QList<BodyStretch> matches) {
        const bool more = matches.size() > maxMatches;
        if (more) matches.removeLast();
        Q_EMIT finished(matches, more);
    };
    m_work.cancel();
    if (bytes.size() <= smallBody) {
        report(search(std::atomic_bool(false)));
        return;
    }
    m_work.start([search, report](const std::atomic_bool& stop) -> BackgroundWork::Done {
        return [report, matches = search(stop)] { report(matches); };
    });
}

} // namespace kb
