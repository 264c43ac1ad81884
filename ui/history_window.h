// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/history_store.h"
#include "ui/session.h"

#include <QAbstractTableModel>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTreeWidget;

namespace kb {

/// What was found in the history, a row each.
class HistoryModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Method, Url, Status, As, Took, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;
    void setEntries(QList<HistoryEntry> entries);
    const HistoryEntry& at(int row) const { return m_entries.at(row); }
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<HistoryEntry> m_entries;
};

/// What was sent before: looked for, read, compared, sent again, pinned, deleted.
class HistoryWindow final : public QWidget {
    Q_OBJECT
public:
    explicit HistoryWindow(Session& session, QWidget* parent = nullptr);

    HistoryModel& model() { return *m_model; }
    QTableView& table() { return *m_table; }
    /// What stands at the right: an exchange, or how two of them differ.
    QString details() const;
    void find();
    void selectRow(int row);

Q_SIGNALS:
    void openRequested(const kb::RequestSpec& spec); ///< as it was sent then
    void openSavedRequested(const QString& path);    ///< the saved request, as it is now

private:
    void build();
    void choose();
    void showRecord(const HistoryRecord& record);
    void showDifferences(const HistoryRecord& left, const HistoryRecord& right);
    void removeChosen();
    void removeAll();
    void pinChosen();
    void say(const Error& error);
    QList<int> chosenRows() const;

    Session& m_session;
    HistoryModel* m_model;
    QTimer m_soon;
    QLineEdit* m_text = nullptr;
    QComboBox *m_status = nullptr, *m_profile = nullptr, *m_host = nullptr, *m_when = nullptr;
    QCheckBox* m_pinned = nullptr;
    QTableView* m_table = nullptr;
    QStackedWidget* m_side = nullptr;
    QPlainTextEdit* m_record = nullptr;
    QTreeWidget* m_differences = nullptr;
    QLabel* m_message = nullptr;
    QPushButton *m_open = nullptr, *m_openSaved = nullptr, *m_pin = nullptr, *m_remove = nullptr,
                *m_clear = nullptr;
};

} // namespace kb
