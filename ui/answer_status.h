// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/clock.h"
#include "core/run/run.h"
#include "ui/answer_format.h"

#include <QFrame>
#include <QTimer>

class QLabel;

namespace kb {

class SideBySide;
class FlowLayout;
class Pill;

/// A short bar for what is left of something.
class AnswerRateBar final : public QWidget {
    Q_OBJECT
public:
    explicit AnswerRateBar(QWidget* parent = nullptr);
    void setFraction(double fraction); ///< 0 to 1
    double fraction() const { return m_fraction; }
    QSize sizeHint() const override { return {80, 6}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_fraction = 0;
};

/// The line above an answer: status, time, size, version, peer, marks, and the rate limit where the server
/// tells.
class AnswerStatus final : public QFrame {
    Q_OBJECT
public:
    explicit AnswerStatus(QWidget* parent = nullptr);
    void setResult(const RunResult& result);
    QString rateText() const;

private:
    void addFact(const QString& text, const QString& name, const QString& explanation);
    void setRate(const std::optional<RateLimitState>& rate);
    void showRate();
    void applyTheme();

    QWidget* m_facts;
    FlowLayout* m_flow;
    QWidget* m_rate;
    QLabel* m_rateText;
    AnswerRateBar* m_rateBar;
    SideBySide* m_row;
    std::optional<RateLimitState> m_rateState;
    SystemClock m_clock;
    qint64 m_rateShownMs = 0;
    QTimer m_tick;
};

} // namespace kb
