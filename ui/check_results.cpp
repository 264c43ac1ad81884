// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/check_results.h"

#include "ui/flat_list.h"
#include "ui/theme.h"

#include <QHeaderView>
#include <algorithm>

namespace kb {

void CheckResultsModel::setResults(const QList<CheckResult>& checks, const QList<Captured>& captures) {
    beginResetModel();
    m_rows.clear();
    for (const CheckResult& check : checks)
        m_rows.append({check.state, check.title(), check.message});
    for (const Captured& capture : captures)
        m_rows.append({capture.problem.isEmpty() ? CheckResult::State::Passed : CheckResult::State::Failed,
                       tr("kept as {{%1}}").arg(capture.variable), capture.problem});
    endResetModel();
}

int CheckResultsModel::passedCount() const {
    return int(std::count_if(m_rows.begin(), m_rows.end(),
                             [](const Row& row) { return row.state == CheckResult::State::Passed; }));
}

int CheckResultsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

int CheckResultsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CheckResultsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString titles[ColumnCount] = {tr("Result"), tr("Check"), tr("Why not")};
    return titles[section];
}

QVariant CheckResultsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows.at(index.row());
    using ResultState = CheckResult::State;
    const QString words = row.state == ResultState::Passed   ? tr("passed")
                          : row.state == ResultState::Failed ? tr("failed")
                                                             : tr("unclear");
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Title) return row.title;
        if (index.column() == Message) return row.message;
        // A sign beside the colour, for eyes that do not tell colours apart.
        return QString((row.state == ResultState::Passed   ? QStringLiteral("✓ ")
                        : row.state == ResultState::Failed ? QStringLiteral("✕ ")
                                                           : QStringLiteral("? ")) +
                       words);
    case Qt::AccessibleTextRole:
        return index.column() == State ? words : data(index, Qt::DisplayRole);
    case Qt::ToolTipRole:
        return index.column() == State ? QString() : data(index, Qt::DisplayRole).toString();
    case Qt::ForegroundRole:
        if (index.column() != State) return {};
        return theme()
            .tone(row.state == ResultState::Passed   ? Tone::Good
                  : row.state == ResultState::Failed ? Tone::Bad
                                                     : Tone::Warn)
            .text;
    case Qt::FontRole:
        return index.column() == Title ? QVariant(theme().monospace()) : QVariant();
    default:
        return {};
    }
}

CheckResultsView::CheckResultsView(QWidget* parent)
    : QTreeView(parent), m_model(new CheckResultsModel(this)) {
    setModel(m_model);
    setAccessibleName(tr("Results of the checks"));
    makeFlatList(*this);
    setTextElideMode(Qt::ElideRight);
    header()->setStretchLastSection(true);
    setMinimumHeight(72);
    connect(&theme(), &Theme::changed, this, &CheckResultsView::applyTheme);
    applyTheme();
}

void CheckResultsView::applyTheme() {
    setStyleSheet(QStringLiteral("QTreeView { background: %1; } QTreeView::item { padding: 3px 8px; }"
                                 "QHeaderView::section { background: %1; padding: 5px 10px; }")
                      .arg(theme().window.name()));
}

void CheckResultsView::resizeEvent(QResizeEvent* event) {
    QTreeView::resizeEvent(event);
    const int state = fontMetrics().horizontalAdvance(QStringLiteral("✓ ") + tr("unclear")) + 40;
    setColumnWidth(CheckResultsModel::State, state);
    setColumnWidth(CheckResultsModel::Title, (viewport()->width() - state) * 45 / 100);
}

} // namespace kb
