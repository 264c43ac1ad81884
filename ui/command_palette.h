// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QFrame>
#include <functional>

class QLineEdit;
class QListWidget;

namespace kb {

/// Ctrl+K: one field that finds every request, profile and action.
class CommandPalette final : public QFrame {
    Q_OBJECT
public:
    struct Entry {
        QString kind; ///< "Request", "Profile", "Action"
        QString text;
        QString hint; ///< a short cut or a path
        std::function<void()> run;
    };
    explicit CommandPalette(QWidget* parent);
    void open(QList<Entry> entries);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void accept();
    QList<Entry> m_entries;
    QLineEdit* m_edit;
    QListWidget* m_list;
};

} // namespace kb
