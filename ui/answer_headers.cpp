// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_headers.h"

#include "ui/answer_format.h"
#include "ui/flat_list.h"

#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

namespace kb {

HeaderListView::HeaderListView(QWidget* parent) : QTreeView(parent) {
    setModel(&m_headers);
    setAccessibleName(tr("Headers"));
    makeFlatList(*this);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setTextElideMode(Qt::ElideRight);
    header()->setStretchLastSection(true);
    setMinimumHeight(72);
    connect(&theme(), &Theme::changed, this, &HeaderListView::applyTheme);
    applyTheme();
}

void HeaderListView::applyTheme() {
    setStyleSheet(QStringLiteral("QTreeView { background: %1; } QTreeView::item { padding: 3px 8px; }"
                                 "QHeaderView::section { background: %1; padding: 5px 10px; }")
                      .arg(theme().window.name()));
}

void HeaderListView::setGroups(const QList<AnswerHeadersModel::Group>& groups) {
    m_headers.setGroups(groups);
    // One group needs no title.
    setRootIndex(groups.size() == 1 ? m_headers.index(0, 0) : QModelIndex());
    expandAll();
    for (int i = 0; i < groups.size() && groups.size() > 1; ++i)
        setFirstColumnSpanned(i, {}, true);
    fitColumns();
}

void HeaderListView::fitColumns() {
    const int wanted = sizeHintForColumn(AnswerHeadersModel::Name) + 16;
    setColumnWidth(AnswerHeadersModel::Name, qBound(120, wanted, qMax(120, viewport()->width() * 2 / 5)));
}

void HeaderListView::resizeEvent(QResizeEvent* event) {
    QTreeView::resizeEvent(event);
    fitColumns();
}

bool HeaderListView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        event->accept();
        return true;
    }
    return QTreeView::event(event);
}

void HeaderListView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copyRows();
    else
        QTreeView::keyPressEvent(event);
}

void HeaderListView::copyRows() {
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [](const QModelIndex& a, const QModelIndex& b) {
        return std::pair(a.internalId(), a.row()) < std::pair(b.internalId(), b.row());
    });
    QStringList lines;
    for (const QModelIndex& row : std::as_const(rows))
        lines << m_headers.lineText(row);
    if (!lines.isEmpty()) QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

void HeaderListView::copyAll() {
    QGuiApplication::clipboard()->setText(m_headers.allText());
}

bool HeaderListView::selectField(QByteArrayView fieldName) {
    const QModelIndex found = m_headers.find(fieldName);
    if (!found.isValid()) return false;
    setCurrentIndex(found);
    scrollTo(found);
    return true;
}

void HeaderListView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    QAction* copyAction = menu.addAction(tr("Copy"), this, &HeaderListView::copyRows);
    copyAction->setEnabled(selectionModel()->hasSelection());
    menu.addAction(tr("Copy all"), this, &HeaderListView::copyAll);
    menu.exec(event->globalPos());
}

HopChooser::HopChooser(QWidget* parent) : QWidget(parent), m_box(new QComboBox) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_box->setAccessibleName(tr("Hop"));
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    layout->addWidget(m_box);
    connect(m_box, &QComboBox::activated, this, &HopChooser::chosen);
}

void HopChooser::setHops(const QList<Exchange>& hops) {
    m_box->clear();
    for (int i = 0; i < hops.size(); ++i) {
        const Exchange& hop = hops.at(i);
        m_box->addItem(
            tr("%1: %2, %3").arg(i + 1).arg(QString::fromUtf8(hop.sent().method)).arg(hop.response().status));
        m_box->setItemData(i, QString::fromUtf8(hop.sent().url.text()), Qt::ToolTipRole);
    }
    m_box->setCurrentIndex(static_cast<int>(hops.size()) - 1);
    setVisible(hops.size() > 1);
}

int HopChooser::current() const {
    return m_box->currentIndex();
}

AnswerHeaders::AnswerHeaders(QWidget* parent)
    : QWidget(parent), m_list(new HeaderListView), m_tools(new QWidget), m_chooser(new HopChooser) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    auto* tools = new QHBoxLayout(m_tools);
    tools->setContentsMargins(0, 0, 0, 0);
    tools->setSpacing(8);
    auto* copy = new QPushButton(tr("Copy all"));
    copy->setAccessibleName(tr("Copy all headers"));
    tools->addStretch();
    tools->addWidget(m_chooser);
    tools->addWidget(copy);
    connect(copy, &QPushButton::clicked, m_list, &HeaderListView::copyAll);
    connect(m_chooser, &HopChooser::chosen, this, &AnswerHeaders::showHop);
}

void AnswerHeaders::setHops(const QList<Exchange>& hops) {
    m_hops = hops;
    m_chooser->setHops(hops);
    showHop(static_cast<int>(hops.size()) - 1);
}

void AnswerHeaders::showHop(int hop) {
    QList<AnswerHeadersModel::Group> groups;
    if (hop >= 0 && hop < m_hops.size()) {
        const Response& response = m_hops.at(hop).response();
        for (const InterimResponse& interim : response.interim)
            groups.append({tr("Before the answer: %1").arg(statusText(interim.status, interim.reason)),
                           interim.headers});
        groups.append({tr("Answer: %1").arg(statusText(response.status, response.reason)), response.headers});
        if (!response.trailers.isEmpty()) groups.append({tr("Trailers, after the body"), response.trailers});
    }
    m_list->setGroups(groups);
}

int AnswerHeaders::fieldCount() const {
    return m_hops.isEmpty() ? 0 : static_cast<int>(m_hops.last().response().headers.size());
}

bool AnswerHeaders::selectField(QByteArrayView fieldName) {
    return m_list->selectField(fieldName);
}

} // namespace kb
