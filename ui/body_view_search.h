// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/answer_work.h"
#include "ui/body_view_lines.h"

#include <QString>

namespace kb {

/// What is looked for: text without regard to case, or bytes.
class BodyNeedle {
public:
    /// Text; in hex mode also bytes: two hex digits each, with spaces between ("ff d8").
    static BodyNeedle of(const QString& text, BodyLines::Mode mode);
    bool isEmpty() const { return m_characters.empty(); }
    /// All matches, none overlapping, at most `limit`. Stops early when told.
    QList<BodyStretch> findAll(const QByteArray& bytes, qsizetype limit, const std::atomic_bool& stop) const;

private:
    qint64 matchAt(const char* at, const char* end) const; ///< its length, or 0
    std::vector<QList<QByteArray>> m_characters;           ///< each with its spellings in either case
    bool m_first[256] = {};
};

/// Looks through a body, beside the window's thread when the body is large.
class BodySearch final : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype maxMatches = 100000;
    using QObject::QObject;
    void start(const QByteArray& bytes, const BodyNeedle& needle);
    void cancel() { m_work.cancel(); }

Q_SIGNALS:
    /// `more`: there are more matches than were kept.
    void finished(const QList<kb::BodyStretch>& matches, bool more);

private:
    BackgroundWork m_work;
};

} // namespace kb
