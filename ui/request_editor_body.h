// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/variables.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace kb {

class CodeEditor;
class PartsModel;
class TablePane;

/// The body of a request: none, JSON, text of a type, a multipart form, a file. Editor and table are made
/// when the tab first shows one.
class RequestBody final : public QWidget {
    Q_OBJECT
public:
    explicit RequestBody(QWidget* parent = nullptr);

    void load(const BodySpec& body);
    BodySpec body() const;
    void setVariables(const VariableMap& variables);
    /// The editor in use; nullptr while none was needed.
    CodeEditor* editor() const { return m_editor; }
    PartsModel& parts() { return *m_parts; }
    QString note() const;

Q_SIGNALS:
    void edited();

protected:
    void showEvent(QShowEvent* event) override;

private:
    BodySpec::Kind kind() const;
    void kindChanged();
    void needEditor();
    void needTable();
    bool wantsEditor() const;
    void check();

    QComboBox* m_kind;
    QLineEdit* m_type;
    QLabel* m_note;
    QLabel* m_none;
    QLineEdit* m_file;
    PartsModel* m_parts;
    TablePane* m_table = nullptr;
    QString m_unsupported;
    CodeEditor* m_editor = nullptr;
    VariableMap m_variables;
    QString m_text; ///< while there is no editor
    QString m_loadProblem;
    QTimer m_checkSoon;
    bool m_loading = false;
};

} // namespace kb
