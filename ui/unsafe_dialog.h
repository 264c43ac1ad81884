// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/plan.h"

#include <QDialog>
#include <functional>

class QCheckBox;
class QComboBox;
class QGroupBox;
class QLabel;
class QLineEdit;
class QTableWidget;

namespace kb {

/// How the operations that can change something are probed, and whether they are at all. The strategies are
/// the workspace's; whether they are sent, and the count that was typed for those done for real, are of this
/// window alone.
class UnsafeDialog final : public QDialog {
    Q_OBJECT
public:
    /// How many requests would really be done with such settings.
    using LiveCount = std::function<int(const MatrixSettings&)>;
    UnsafeDialog(const ApiDescription& api, const QList<MatrixProfile>& profiles, const MatrixSettings& now,
                 bool sends, LiveCount liveCount, QWidget* parent = nullptr);

    /// The strategies and disposable objects chosen, put into settings.
    void applyTo(MatrixSettings& settings) const;
    bool sends() const;
    /// The number that was typed where it is the right one; else 0, and nothing is done for real.
    int confirmed() const;

private:
    void addRow(const QString& operation);
    void buildFixture(const ApiDescription& api, const QList<MatrixProfile>& profiles);
    void showFixture(int row);
    void keepFixture();
    void refresh();
    ProbeStrategy strategyAt(int row) const;

    MatrixSettings m_now;
    LiveCount m_liveCount;
    QMap<QString, MatrixFixture> m_fixtures;
    QTableWidget* m_table;
    QGroupBox* m_fixture;
    QComboBox *m_setup, *m_owner, *m_verify, *m_teardown;
    QLineEdit *m_body, *m_pointer, *m_count;
    QLabel* m_countText;
    QCheckBox* m_send;
    int m_shown = -1; ///< the row whose fixture stands in the form
};

} // namespace kb
