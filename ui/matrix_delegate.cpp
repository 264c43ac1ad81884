// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_delegate.h"

#include "ui/matrix_model.h"

#include <QCoreApplication>
#include <QPainter>
#include <QSortFilterProxyModel>

namespace kb {

MatrixLook lookOf(const CellResult& result, const CellPlan& plan) {
    const bool allowed = result.seen.status >= 200 && result.seen.status < 300;
    if (!plan.notSent.isEmpty() || result.seen.status == 0) return {Tone::Neutral, {}, false};
    // Known and borne: it says so, and does not call.
    if (result.waived && result.judged.verdict != Verdict::Pass)
        return {Tone::Neutral, QStringLiteral("~"), false};
    switch (result.judged.verdict) {
    case Verdict::Pass:
        return {allowed ? Tone::Good : Tone::Neutral, QStringLiteral("✓"), false};
    case Verdict::Bypass:
        return {Tone::Bad, QStringLiteral("✕"), true};
    case Verdict::OverRestricted:
        return {Tone::Warn, QStringLiteral("⊘"), true};
    case Verdict::Suspect:
        return {Tone::Warn, QStringLiteral("!"), true};
    case Verdict::Error:
        return {Tone::Warn, QStringLiteral("↯"), true};
    case Verdict::Undecided:
        return {Tone::Info, QStringLiteral("?"), false};
    case Verdict::NotProven:
        return {Tone::Neutral, QStringLiteral("–"), false};
    }
    return {};
}

QString verdictText(Verdict verdict) {
    switch (verdict) {
    case Verdict::Pass:
        return MatrixDelegate::tr("as expected");
    case Verdict::Bypass:
        return MatrixDelegate::tr("open door");
    case Verdict::OverRestricted:
        return MatrixDelegate::tr("locked out");
    case Verdict::Suspect:
        return MatrixDelegate::tr("suspect");
    case Verdict::Error:
        return MatrixDelegate::tr("server error");
    case Verdict::NotProven:
        return MatrixDelegate::tr("not proven");
    case Verdict::Undecided:
        return MatrixDelegate::tr("not decided");
    }
    return {};
}

void MatrixDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    painter->save();
    if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, theme().selection);
    painter->setPen(theme().border);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    const auto* filter = qobject_cast<const QSortFilterProxyModel*>(index.model());
    const QModelIndex source = filter ? filter->mapToSource(index) : index;
    const auto* model = static_cast<const MatrixModel*>(source.model());
    const int cell = model->cellAt(source);
    const QString text = index.data(Qt::DisplayRole).toString();
    if (cell < 0) {
        painter->setPen(theme().muted);
        const QRect line = option.rect.adjusted(8, 0, -8, 0);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(text, Qt::ElideRight, line.width()));
        painter->restore();
        return;
    }
    const CellPlan& plan = model->record().plan.cells.at(cell);
    const CellResult& result = model->record().results.at(cell);
    const MatrixLook look = lookOf(result, plan);
    const ToneColours colours = theme().tone(look.tone);
    const QRect chip = option.rect.adjusted(6, 4, -6, -5);
    painter->setRenderHint(QPainter::Antialiasing);
    const bool empty = !plan.notSent.isEmpty() || result.seen.status == 0;
    if (empty) {
        painter->setPen(QPen(theme().border, 1, Qt::DashLine));
        painter->setBrush(Qt::NoBrush);
    } else {
        painter->setPen(look.framed ? QPen(colours.text, 1.5) : QPen(Qt::NoPen));
        painter->setBrush(colours.fill);
    }
    painter->drawRoundedRect(QRectF(chip).adjusted(.5, .5, -.5, -.5), 4, 4);
    painter->setFont(theme().monospace());
    painter->setPen(empty ? theme().faint : colours.text);
    QString shown = look.sign.isEmpty() ? text : text + u' ' + look.sign;
    if (result.evidence == QLatin1String("confirmed")) shown += QStringLiteral(" ●");
    if (!result.drift.isEmpty()) shown += QStringLiteral(" Δ");
    if (!model->before(cell).isEmpty()) shown += QStringLiteral(" ↺");
    painter->drawText(chip, Qt::AlignCenter, shown);
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(theme().accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(chip).adjusted(-1, -1, 1, 1), 5, 5);
    }
    painter->restore();
}

} // namespace kb
