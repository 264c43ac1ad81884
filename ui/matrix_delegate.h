// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"
#include "ui/theme.h"

#include <QStyledItemDelegate>

namespace kb {

/// How a cell looks: its colour, and a sign beside the colour for eyes that do not tell colours apart.
struct MatrixLook {
    Tone tone = Tone::Neutral;
    QString sign;
    bool framed = false; ///< a finding stands out
};
MatrixLook lookOf(const CellResult& result, const CellPlan& plan);
/// "open door", "locked out", "as expected" …
QString verdictText(Verdict verdict);

class MatrixDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace kb
