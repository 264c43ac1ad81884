// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/exchange.h"

#include <QList>
#include <QWidget>

class QLabel;

namespace kb {

class BodyView;
class HeaderListView;
class HopChooser;
class Prose;

/// What went out, redacted: the request line, the header field lines, the body.
class AnswerSent final : public QWidget {
    Q_OBJECT
public:
    explicit AnswerSent(QWidget* parent = nullptr);
    void setHops(const QList<Exchange>& hops);
    QWidget* tools() { return m_tools; }
    QString plainText() const; ///< the whole request as text

private:
    void showHop(int hop);
    QList<Exchange> m_hops;
    int m_hop = -1;
    Prose* m_line;
    HeaderListView* m_headers;
    QWidget* m_title;
    QLabel* m_bodyTitle;
    BodyView* m_body;
    QWidget* m_tools;
    HopChooser* m_chooser;
};

} // namespace kb
