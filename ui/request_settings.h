// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/request_spec.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QSpinBox;

namespace kb {

class Settings;
class VariablesEdit;

/// How this one request is sent: time-out, redirects, certificate check, and its own variables. The proxy is
/// the program's, and only named.
class RequestSettingsTab final : public QWidget {
    Q_OBJECT
public:
    explicit RequestSettingsTab(const Settings& settings, QWidget* parent = nullptr);

    void load(const RequestSettings& settings);
    /// Everything but removedDefaultHeaders, which the header table keeps.
    const RequestSettings& settings() const { return m_value; }
    void loadVariables(const QList<Variable>& variables);
    const QList<Variable>& variables() const { return m_ownVariables; }

Q_SIGNALS:
    void edited();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build(); ///< when it is first shown: few requests need it
    void fill();
    void refresh();
    const Settings& m_machine;
    RequestSettings m_value;
    QList<Variable> m_ownVariables;
    VariablesEdit* m_variables = nullptr;
    QSpinBox* m_timeout = nullptr; ///< what follows is there with it
    QCheckBox* m_follow;
    QSpinBox* m_most;
    QCheckBox* m_verify;
    QLabel* m_tlsNote;
    QLabel* m_proxyNote;
    bool m_loading = false;
};

} // namespace kb
