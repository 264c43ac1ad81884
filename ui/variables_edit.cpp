// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/variables_edit.h"

#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace kb {

VariablesEdit::VariablesEdit(QWidget* parent) : QWidget(parent), m_table(new QTableWidget(0, 2, this)) {
    m_table->setHorizontalHeaderLabels({tr("Variable"), tr("Value")});
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_table->setColumnWidth(0, 180);
    m_table->verticalHeader()->hide();
    m_table->setAccessibleName(tr("Variables"));
    auto* more = new QPushButton(tr("Add variable"), this);
    more->setAutoDefault(false);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(more);
    bottom->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table, 1);
    layout->addLayout(bottom);
    connect(more, &QPushButton::clicked, this, [this] {
        add({});
        m_table->setCurrentCell(m_table->rowCount() - 1, 0);
        m_table->setFocus();
    });
    connect(m_table, &QTableWidget::itemChanged, this, [this] {
        if (!m_loading) Q_EMIT edited();
    });
}

void VariablesEdit::add(const Variable& variable) {
    const bool before = std::exchange(m_loading, true); // a row without a name says nothing yet
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    auto* name = new QTableWidgetItem(variable.name);
    name->setCheckState(variable.enabled ? Qt::Checked : Qt::Unchecked);
    m_table->setItem(row, 0, name);
    m_table->setItem(row, 1, new QTableWidgetItem(variable.value));
    m_loading = before;
}

void VariablesEdit::load(const QList<Variable>& variables) {
    m_loading = true;
    m_table->setRowCount(0);
    for (const Variable& variable : variables)
        add(variable);
    m_loading = false;
}

QList<Variable> VariablesEdit::variables() const {
    QList<Variable> all;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QTableWidgetItem* name = m_table->item(row, 0);
        const QTableWidgetItem* value = m_table->item(row, 1);
        if (!name || name->text().trimmed().isEmpty()) continue;
        all.append(
            {name->text().trimmed(), value ? value->text() : QString(), name->checkState() == Qt::Checked});
    }
    return all;
}

} // namespace kb
