// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QWidget>

class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace kb {

class RequestTreeModel;

/// The left side's upper part: a filter and the tree of folders and requests.
class RequestTree final : public QWidget {
    Q_OBJECT
public:
    explicit RequestTree(Session& session, QWidget* parent = nullptr);
    void select(const QString& path);
    void focusFilter();
    QString currentFolder() const; ///< the folder of the current item, for a new request
    QStringList selected() const;
    bool hasKeyboard() const;         ///< the tree itself has it
    void rename(const QString& path); ///< in its place
    void moveSelected(int rows);      ///< up or down among its neighbours

Q_SIGNALS:
    void requestOpened(const QString& path);
    void newRequested(const QString& folder);
    void removeRequested(const QStringList& paths);
    void duplicateRequested(const QStringList& paths);
    void renameRequested(const QString& path, const QString& name);
    /// `before`: a neighbour; empty: behind all; null: anywhere.
    void moveRequested(const QStringList& paths, const QString& folder, const QString& before);
    void folderRequested(const QString& parent);
    void settingsRequested(const QString& folder); ///< empty: of the workspace
    void runRequested(const QStringList& paths);   ///< folders and requests; none: all

private:
    void reload();
    void filter(const QString& text);
    void addKeys();
    QStringList expanded() const;
    void showMenu(const QPoint& position);
    Session& m_session;
    RequestTreeModel* m_model;
    QSortFilterProxyModel* m_filter;
    QLineEdit* m_edit;
    QTreeView* m_view;
    QString m_text;                  ///< what is filtered for
    QStringList m_unfolded;          ///< the folders that were so before
    QHash<QString, QString> m_moved; ///< since the tree was made: from the old path to the new one
};

} // namespace kb
