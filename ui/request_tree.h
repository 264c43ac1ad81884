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

Q_SIGNALS:
    void requestOpened(const QString& path);
    void newRequested(const QString& folder);
    void removeRequested(const QString& path);
    void duplicateRequested(const QString& path);
    void settingsRequested(const QString& folder); ///< empty: of the workspace
    void runRequested(const QString& path);        ///< of a folder or a request; empty: all

private:
    void reload();
    void showMenu(const QPoint& position);
    Session& m_session;
    RequestTreeModel* m_model;
    QSortFilterProxyModel* m_filter;
    QLineEdit* m_edit;
    QTreeView* m_view;
};

} // namespace kb
