// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QTableWidget;

namespace kb {

class HeadersModel;

/// What a folder, or the workspace, gives to the requests below it: header lines, variables, and who sends
/// them.
class FolderDialog final : public QDialog {
    Q_OBJECT
public:
    /// `path` empty: the workspace.
    FolderDialog(Session& session, const QString& path, QWidget* parent = nullptr);
    RequestDefaults shown() const;
    HeadersModel& headers() { return *m_headers; }

private:
    void build();
    void load(const RequestDefaults& defaults);
    void addVariable(const Variable& variable);

    Session& m_session;
    QString m_path;
    HeadersModel* m_headers;
    QTableWidget* m_variables = nullptr;
    QComboBox* m_as = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace kb
