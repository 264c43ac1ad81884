// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme.h"

#include <QLabel>
#include <QTextLayout>

namespace kb {

/// A part of a text that is drawn in its own way.
struct ProseMark {
    enum class Kind { Code, Chip };
    qsizetype start = 0;
    qsizetype length = 0;
    Kind kind = Kind::Code;
    Tone tone = Tone::Info;
};

/// Running text with words on coloured grounds and words in fixed pitch, wrapped to its width.
class Prose final : public QLabel {
    Q_OBJECT
public:
    explicit Prose(QWidget* parent = nullptr);
    /// The marks are in order and do not overlap.
    void setProse(const QString& text, const QList<ProseMark>& marks);
    const QList<ProseMark>& marks() const { return m_marks; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    int layOut(int width) const;

    QList<ProseMark> m_marks;
    QList<ProseMark> m_shownMarks; ///< places in the text as laid out, which has room around each chip
    mutable QTextLayout m_layout;
};

/// What stands in the sentences of a diagnosis and is drawn in its own way.
struct EvidenceWords {
    QStringList missingScopes;
    QStringList tokenScopes;
    QString quoted; ///< a field as the answer had it
};
/// Finds those words in a sentence; whole words only.
QList<ProseMark> markEvidence(const QString& text, const EvidenceWords& words);

} // namespace kb
