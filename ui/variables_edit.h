// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/environment.h"

#include <QWidget>

class QTableWidget;

namespace kb {

/// A table of variables, each with a tick that says whether it counts, and a button for one more.
class VariablesEdit final : public QWidget {
    Q_OBJECT
public:
    explicit VariablesEdit(QWidget* parent = nullptr);

    void load(const QList<Variable>& variables);
    QList<Variable> variables() const; ///< those that have a name

Q_SIGNALS:
    void edited();

private:
    void add(const Variable& variable);

    QTableWidget* m_table;
    bool m_loading = false;
};

} // namespace kb
