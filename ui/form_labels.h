// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QFormLayout>
#include <QLabel>

namespace kb {

/// Puts each label of a form on the middle of its field's first line, where the layout leaves it at the top.
inline void alignFormLabels(QFormLayout& form, int lineHeight) {
    for (int row = 0; row < form.rowCount(); ++row) {
        const QLayoutItem* label = form.itemAt(row, QFormLayout::LabelRole);
        const QLayoutItem* field = form.itemAt(row, QFormLayout::FieldRole);
        if (!label || !field || !label->widget()) continue;
        label->widget()->setMinimumHeight(qMin(lineHeight, field->sizeHint().height()));
        if (auto* text = qobject_cast<QLabel*>(label->widget()))
            text->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    }
}

} // namespace kb
