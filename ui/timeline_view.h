// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"

#include <QScrollArea>

class QVBoxLayout;

namespace kb {

/// One stretch of a hop: name lookup, connect, TLS, send, wait, download.
struct TimelinePhase {
    enum class Kind { Name, Connect, Tls, Send, Wait, Download };
    Kind kind = Kind::Name;
    QString label;
    double start = 0;   ///< milliseconds since the run's first request began
    double length = -1; ///< milliseconds; negative where the phase did not happen
};
QList<TimelinePhase> phasesOf(const Timings& timings, double offset);

/// The phases of one hop as bars on the scale of the whole run.
class PhaseBars final : public QWidget {
    Q_OBJECT
public:
    PhaseBars(QList<TimelinePhase> phases, double total, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    QString plainText() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int rowHeight() const;
    QList<TimelinePhase> m_phases;
    double m_total;
};

/// Each hop of a run with its phases, its connection and why it was sent.
class TimelineView final : public QScrollArea {
    Q_OBJECT
public:
    explicit TimelineView(QWidget* parent = nullptr);
    /// `grant`: the exchanges with the authorization server before or between the hops. All stand in the
    /// order in which they began.
    void setHops(const QList<Exchange>& hops, const QList<Exchange>& grant = {});
    QWidget* tools() { return m_tools; }
    QString plainText() const { return m_text.join(u'\n'); }

private:
    void addHop(const Exchange& hop, const QString& number, bool ofGrant, double offset, double total);
    void addLine(QVBoxLayout* layout, const QString& name, const QString& text);
    QWidget* m_tools;
    QVBoxLayout* m_layout;
    QStringList m_text;
};

} // namespace kb
