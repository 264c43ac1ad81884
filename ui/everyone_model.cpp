// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/everyone_model.h"

#include "core/http/message.h"
#include "ui/answer_format.h"
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

} // namespace

void EveryoneModel::setIdentities(const QList<std::pair<QString, QString>>& idsAndNames) {
    beginResetModel();
    m_rows.clear();
    for (const auto& [id, name] : idsAndNames) {
        Row& row = m_rows.emplaceBack();
        row.profileId = id;
        row.name = name;
    }
    endResetModel();
}

void EveryoneModel::setResult(int number, const RunResult& result) {
    if (number < 0 || number >= m_rows.size()) return;
    Row& row = m_rows[number];
    row.done = true;
    if (result.hops.isEmpty()) {
        row.why = result.error ? result.error->text() : tr("No answer came.");
    } else {
        const Exchange& answer = result.hops.last();
        row.status = answer.response().status;
        row.milliseconds = answer.timings().total;
        row.size = answer.rawBody().size();
        row.digest = QCryptographicHash::hash(answer.rawBody(), QCryptographicHash::Sha256);
        if (result.diagnosis) row.why = result.diagnosis->sentence;
    }
    // Another answer may be found to be the same.
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

QString EveryoneModel::summary() const {
    int in = 0, out = 0;
    for (const Row& row : m_rows)
        if (row.done && row.status) ++(getsIn(row.status) ? in : out);
    return in + out == 0 ? QString() : tr("%1 get in, %2 do not").arg(in).arg(out);
}

int EveryoneModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

int EveryoneModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EveryoneModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString titles[ColumnCount] = {tr("Who"), tr("Status"), tr("Answer"), tr("Why")};
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

QVariant EveryoneModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textAt(row, index.row(), index.column());
    case Qt::ToolTipRole:
        return index.column() == Why ? row.why : QString();
    case Qt::ForegroundRole:
        if (index.column() != Status || !row.done) return {};
        return theme().tone(toneOf(row.status)).text;
    default:
        return {};
    }
}

} // namespace kb
