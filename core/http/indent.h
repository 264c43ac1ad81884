// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>

namespace kb {

/// Breaks lines and indents them for the pretty printers, and keeps the result linear in the size of its
/// source: deep nesting stops growing to the right, and once indentation has taken sixteen times the source
/// no more is spent.
class Indenter {
public:
    explicit Indenter(QByteArray& out, qsizetype sourceSize)
        : m_out(out), m_budget(sourceSize * 16 + 65536) {}

    void newLine(qsizetype depth) {
        m_out += '\n';
        const qsizetype width = 2 * qMin<qsizetype>(depth, 100);
        if (width > m_budget) return;
        m_budget -= width;
        static const QByteArray spaces(200, ' ');
        m_out.append(spaces.constData(), width);
    }

private:
    QByteArray& m_out;
    qsizetype m_budget;
};

} // namespace kb
