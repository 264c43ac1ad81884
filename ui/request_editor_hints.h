// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/request_editor_checks.h"

#include <QWidget>

class QVBoxLayout;

namespace kb {

/// The remarks on a request, a line each, with the button that mends it where there is one.
class RequestHints final : public QWidget {
    Q_OBJECT
public:
    explicit RequestHints(QWidget* parent = nullptr);

    void setHints(const QList<RequestHint>& hints);
    /// Where the buttons stand in the tab order, since they come and go.
    void setTabAfter(QWidget* widget) { m_after = widget; }
    const QList<RequestHint>& hints() const { return m_hints; }

Q_SIGNALS:
    void actionChosen(const kb::RequestHint& hint);

private:
    void rebuild();
    QWidget* makeLine(const RequestHint& hint);

    QVBoxLayout* m_lines;
    QWidget* m_after = nullptr;
    QList<RequestHint> m_hints;
};

} // namespace kb
