// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runner_model.h"

#include "ui/theme.h"

#include <QLocale>
#include <algorithm>

namespace kb {

namespace {

QString signOf(RunnerEntry::State state) {
    switch (state) {
    case RunnerEntry::State::Passed:
        return QStringLiteral("✓ ");
    case RunnerEntry::State::Failed:
        return QStringLiteral("✕ ");
    case RunnerEntry::State::Error:
        return QStringLiteral("⚠ ");
    case RunnerEntry::State::Skipped:
        return QStringLiteral("– ");
    case RunnerEntry::State::Waiting:
        break;
    }
    return {};
}

Tone toneOf(RunnerEntry::State state) {
    switch (state) {
    case RunnerEntry::State::Passed:
        return Tone::Good;
    case RunnerEntry::State::Failed:
    case RunnerEntry::State::Error:
        return Tone::Bad;
    case RunnerEntry::State::Skipped:
        return Tone::Warn;
    case RunnerEntry::State::Waiting:
        break;
    }
    return Tone::Neutral;
}

} // namespace

void RunnerModel::setRecord(const RunnerRecord& record) {
    beginResetModel();
    m_record = record;
    endResetModel();
}

void RunnerModel::setEntry(int row, const RunnerEntry& entry) {
    if (row < 0 || row >= m_record.entries.size()) return;
    m_record.entries[row] = entry;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void RunnerModel::finish(const RunnerRecord& record) {
    if (record.entries.size() != m_record.entries.size()) return setRecord(record);
    m_record = record;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int RunnerModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_record.entries.size());
}

int RunnerModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunnerModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section >= Iteration)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const QString titles[ColumnCount] = {tr("Result"), tr("Request"), tr("As"),  tr("Iteration"),
                                         tr("Status"), tr("Checks"),  tr("Time")};
    return titles[section];
}

QString RunnerModel::textAt(const RunnerEntry& entry, int column) const {
    const RunnerRequest& request = m_record.requests.at(entry.request);
    const bool done = entry.state != RunnerEntry::State::Waiting;
    const auto words = [&] {
        switch (entry.state) {
        case RunnerEntry::State::Passed:
            return tr("passed");
        case RunnerEntry::State::Failed:
            return tr("failed");
        case RunnerEntry::State::Error:
            return tr("error");
        case RunnerEntry::State::Skipped:
            return tr("skipped");
        case RunnerEntry::State::Waiting:
            break;
        }
        return tr("waiting");
    };
    switch (column) {
    case State:
        return entry.isUnchecked() ? tr("· answered") : QString(signOf(entry.state) + words());
    case Request:
        return request.spec.method + u' ' + request.name;
    case As:
        return !done ? QString() : entry.profile.isEmpty() ? tr("anonymous") : entry.profile;
    case Iteration:
        return QString::number(entry.iteration + 1);
    case Status:
        return entry.status ? QString::number(entry.status) : QString();
    case Checks: {
        const auto passed =
            std::count_if(entry.checks.begin(), entry.checks.end(),
                          [](const CheckResult& check) { return check.state == CheckResult::State::Passed; });
        return entry.checks.isEmpty() ? QString()
                                      : QStringLiteral("%1/%2").arg(passed).arg(entry.checks.size());
    }
    case Time:
        return entry.status ? tr("%1 ms").arg(QLocale().toString(entry.milliseconds, 'f', 0)) : QString();
    default:
        return {};
    }
}

QVariant RunnerModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const RunnerEntry& entry = m_record.entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textAt(entry, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Request) return m_record.requests.at(entry.request).spec.url;
        if (entry.isUnchecked()) return tr("An answer came. This request has no checks.");
        return entry.problem;
    case Qt::ForegroundRole:
        if (index.column() != State) return {};
        return theme().tone(entry.isUnchecked() ? Tone::Neutral : toneOf(entry.state)).text;
    case Qt::TextAlignmentRole:
        if (index.column() >= Iteration) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    default:
        return {};
    }
}

} // namespace kb
