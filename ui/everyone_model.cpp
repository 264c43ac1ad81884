// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/everyone_model.h"

#include "core/http/message.h"
#include "ui/answer_format.h"
#include "ui/matrix_delegate.h"
#include "ui/theme.h"

#include <QCryptographicHash>

namespace kb {

namespace {

bool getsIn(int status) {
    return status >= 200 && status < 300;
}

Tone toneOf(int status) {
    if (getsIn(status)) return Tone::Good;
    if (status == 401) return Tone::Warn;
    return status == 403 ? Tone::Bad : Tone::Neutral;
}

QString expectedText(Expect expect) {
    switch (expect) {
    case Expect::Allow:
        return EveryoneModel::tr("gets in");
    case Expect::DenyAuthn:
        return QStringLiteral("401");
    case Expect::DenyAuthz:
        return QStringLiteral("403");
    case Expect::Deny:
        return EveryoneModel::tr("401 or 403");
    case Expect::Conceal:
        return EveryoneModel::tr("403 or 404");
    case Expect::Unknown:
    case Expect::NotApplicable:
        break;
    }
    return EveryoneModel::tr("not decided");
}

} // namespace

void EveryoneModel::setIdentities(const QList<std::pair<QString, QString>>& idsAndNames) {
    beginResetModel();
    m_rows.clear();
    m_columns.clear();
    for (const auto& [id, name] : idsAndNames) {
        Row& row = m_rows.emplaceBack();
        row.profileId = id;
        row.name = name;
    }
    endResetModel();
}

void EveryoneModel::setResult(int number, const RunResult& result, const QString& object,
                              const std::shared_ptr<const OutcomeRule>& meant,
                              const QMap<QString, QStringList>& markers) {
    if (number < 0 || number >= m_rows.size()) return;
    Row& row = m_rows[number];
    row.done = true;
    if (result.hops.isEmpty()) {
        row.why = result.error ? result.error->text() : tr("No answer came.");
        row.seen.sent = !result.nothingSent;
        row.seen.problem = row.why;
    } else {
        const Exchange& answer = result.hops.last();
        row.seen = observe(answer, object);
        row.seen.meant = meant;
        row.holdsOf.clear();
        for (auto each = markers.cbegin(); each != markers.cend(); ++each)
            for (const QString& text : each.value())
                if (!text.isEmpty() && markersIn(answer, {{0, text.toUtf8()}}) &&
                    !row.holdsOf.contains(each.key()))
                    row.holdsOf.append(each.key());
        row.status = answer.response().status;
        row.milliseconds = answer.timings().total;
        row.size = answer.rawBody().size();
        row.digest = QCryptographicHash::hash(answer.rawBody(), QCryptographicHash::Sha256);
        if (result.diagnosis) row.why = result.diagnosis->sentence;
    }
    // Another answer may be found to be the same.
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void EveryoneModel::setRecord(RunRecord record, const QStringList& columns) {
    m_record = std::move(record);
    m_columns = columns;
    if (!m_rows.isEmpty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const CellResult* EveryoneModel::resultOf(const QString& profileId) const {
    const qsizetype at = m_columns.indexOf(profileId);
    return at < 0 ? nullptr : &m_record.results.at(at);
}

QString EveryoneModel::summary() const {
    int in = 0, out = 0;
    for (const Row& row : m_rows)
        if (row.done && row.status) ++(getsIn(row.status) ? in : out);
    if (in + out == 0) return {};
    QString text = tr("%1 get in, %2 do not").arg(in).arg(out);
    int wrong = 0;
    for (const CellResult& result : m_record.results)
        wrong += !m_columns.isEmpty() && lookOf(result, m_record.plan.cells.at(result.cell)).framed ? 1 : 0;
    if (wrong > 0) text += tr("; %n not as expected", nullptr, wrong);
    return text;
}

int EveryoneModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

int EveryoneModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EveryoneModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString titles[ColumnCount] = {tr("Who"),     tr("Expected"), tr("Status"),
                                         tr("Verdict"), tr("Answer"),   tr("Why")};
    return titles[section];
}

/// The first identity before this one whose answer had the same body, with the same status.
QString EveryoneModel::sameAs(int number) const {
    const Row& row = m_rows.at(number);
    for (int i = 0; i < number; ++i)
        if (m_rows.at(i).done && m_rows.at(i).status == row.status && m_rows.at(i).digest == row.digest)
            return m_rows.at(i).name;
    return {};
}

QString EveryoneModel::textAt(const Row& row, int number, int column) const {
    switch (column) {
    case Who:
        return row.name;
    case Status:
        if (!row.done) return tr("…");
        if (!row.status) return tr("no answer");
        return (getsIn(row.status) ? QStringLiteral("✓ %1 %2") : QStringLiteral("✕ %1 %2"))
            .arg(QString::number(row.status), statusMeaning(row.status).name);
    case Expected:
    case Verdict: {
        const CellResult* result = resultOf(row.profileId);
        if (!result) return {};
        const CellPlan& cell = m_record.plan.cells.at(result->cell);
        if (column == Expected) return expectedText(cell.expectation.expect);
        if (!row.done) return {};
        const QString sign = lookOf(*result, cell).sign;
        return sign.isEmpty() ? verdictText(result->judged.verdict)
                              : QString(sign + u' ' + verdictText(result->judged.verdict));
    }
    case Answer: {
        if (!row.status) return {};
        const QString other = row.size > 0 ? sameAs(number) : QString();
        return other.isEmpty() ? sizeText(row.size) : tr("%1, the same as %2").arg(sizeText(row.size), other);
    }
    case Why:
        return row.why;
    default:
        return {};
    }
}

QString EveryoneModel::tipAt(const Row& row, int column) const {
    const CellResult* result = resultOf(row.profileId);
    if (column == Why) return row.why;
    if (!result) return {};
    const CellPlan& cell = m_record.plan.cells.at(result->cell);
    if (column == Expected) return cell.expectation.why;
    if (column != Verdict || !row.done) return {};
    QStringList lines = result->judged.advisories;
    if (!result->judged.reason.isEmpty()) lines.prepend(result->judged.reason);
    return lines.join(u'\n');
}

QVariant EveryoneModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textAt(row, index.row(), index.column());
    case Qt::ToolTipRole:
        return tipAt(row, index.column());
    case Qt::ForegroundRole:
        if (index.column() == Verdict && row.done)
            if (const CellResult* result = resultOf(row.profileId))
                return theme().tone(lookOf(*result, m_record.plan.cells.at(result->cell)).tone).text;
        if (index.column() != Status || !row.done) return {};
        return theme().tone(toneOf(row.status)).text;
    default:
        return {};
    }
}

} // namespace kb
