// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/check_spec.h"

#include <QWidget>

namespace kb {

class ChecksModel;
class TablePane;

/// What the answer must be, and what later requests of a run get to know of it.
class ChecksTab final : public QWidget {
    Q_OBJECT
public:
    explicit ChecksTab(QWidget* parent = nullptr);

    void load(const QList<CheckSpec>& checks, const QList<CaptureSpec>& captures);
    QList<CheckSpec> checks() const;
    QList<CaptureSpec> captures() const;
    int usedCount() const;
    TablePane* table() { return m_table; } ///< null before it was first shown

Q_SIGNALS:
    void edited();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build(); ///< when it is first shown
    ChecksModel* m_model;
    TablePane* m_table = nullptr;
};

} // namespace kb
