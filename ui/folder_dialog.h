// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QDialogButtonBox;

namespace kb {

class HeadersModel;
class OutsideChange;
class VariablesEdit;

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
    RequestDefaults present() const; ///< as the session has it
    void lookOutside();

    Session& m_session;
    QString m_path;
    RequestDefaults m_base; ///< what the edit began with
    bool m_saving = false;
    HeadersModel* m_headers;
    OutsideChange* m_outside = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
    VariablesEdit* m_variables = nullptr;
    QComboBox* m_as = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace kb
