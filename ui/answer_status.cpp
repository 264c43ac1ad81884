// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_status.h"

#include "ui/flow_layout.h"
#include "ui/pill.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace kb {

AnswerRateBar::AnswerRateBar(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void AnswerRateBar::setFraction(double fraction) {
    m_fraction = qBound(0.0, fraction, 1.0);
    update();
}

void AnswerRateBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().bar);
    painter.drawRoundedRect(rect(), 3, 3);
    if (m_fraction <= 0) return;
    painter.setBrush(m_fraction <= 0.2 ? theme().tone(Tone::Warn).text : theme().accent);
    painter.drawRoundedRect(QRectF(0, 0, qMax(6.0, width() * m_fraction), height()), 3, 3);
}

AnswerStatus::AnswerStatus(QWidget* parent)
    : QFrame(parent),
      m_facts(new QWidget),
      m_flow(new FlowLayout(m_facts, 10, 6)),
      m_rate(new QWidget),
      m_rateText(new QLabel),
      m_rateBar(new AnswerRateBar) {
    setObjectName(QStringLiteral("answerStatus"));
    setAccessibleName(tr("Answer"));
    auto* rate = new QHBoxLayout(m_rate);
    rate->setContentsMargins(0, 0, 0, 0);
    rate->setSpacing(8);
    auto* label = new QLabel(tr("Rate limit"));
    label->setProperty("muted", true);
    m_rateText->setProperty("muted", true);
    rate->addWidget(label);
    rate->addWidget(m_rateBar);
    rate->addWidget(m_rateText);
    rate->addStretch();
    m_row = new SideBySide(m_facts, m_rate, this);
    m_row->boxLayout().setSpacing(12);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 7, 12, 7);
    layout->addWidget(m_row);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &AnswerStatus::showRate);
    connect(&theme(), &Theme::changed, this, &AnswerStatus::applyTheme);
    applyTheme();
}

void AnswerStatus::applyTheme() {
    setStyleSheet(
        QStringLiteral("#answerStatus { background: %1; border: none; border-bottom: 1px solid %2; }")
            .arg(theme().window.name(), theme().border.name()));
}

void AnswerStatus::addFact(const QString& text, const QString& name, const QString& explanation) {
    if (text.isEmpty()) return;
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("muted", true);
    label->setAccessibleName(name + QStringLiteral(": ") + text);
    label->setToolTip(explanation);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_flow->addWidget(label);
    label->show();
}

void AnswerStatus::setResult(const RunResult& result) {
    m_flow->clear();
    setVisible(!result.hops.isEmpty());
    if (result.hops.isEmpty()) {
        setRate(std::nullopt);
        return;
    }
    const Exchange& last = result.hops.last();
    const Response& response = last.response();
    auto* pill = new Pill(statusText(response.status, response.reason), statusTone(response.status));
    pill->setStrong(true);
    pill->setObjectName(QStringLiteral("statusPill"));
    pill->setToolTip(statusMeaning(response.status).meaning);
    pill->setAccessibleDescription(statusMeaning(response.status).meaning);
    m_flow->addWidget(pill);
    pill->show();

    const bool several = result.hops.size() > 1;
    addFact(durationText(totalTime(result.hops)), tr("Time"),
            several ? tr("From the first request to the end of the last answer.")
                    : tr("From the start of the request to the end of the answer."));
    QString size = sizeText(response.body.size());
    if (response.encodedBodyBytes != response.body.size() && response.encodedBodyBytes > 0)
        size = tr("%1 (%2 on the wire)").arg(size, sizeText(response.encodedBodyBytes));
    addFact(size, tr("Size"),
            tr("Body %1, on the wire %2, headers %3.")
                .arg(sizeText(response.body.size()), sizeText(response.encodedBodyBytes),
                     sizeText(response.headerBytes)));
    addFact(versionText(last.connection(), response.httpVersion), tr("Version"), last.connection().tlsCipher);
    addFact(last.connection().peerAddress, tr("Peer address"),
            last.connection().proxy.isEmpty()
                ? tr("The address that answered.")
                : tr("The address that answered, through %1.").arg(last.connection().proxy));
    for (const AnswerMark& mark : marksOf(result)) {
        auto* sign = new Pill(mark.text, mark.tone);
        sign->setToolTip(mark.explanation);
        sign->setAccessibleDescription(mark.explanation);
        m_flow->addWidget(sign);
        sign->show();
    }
    const qint64 answeredMs = last.startedMs() + static_cast<qint64>(last.timings().total);
    setRate(readRateLimit(response.headers, answeredMs));
    m_row->arrange();
}

void AnswerStatus::setRate(const std::optional<RateLimitState>& rate) {
    m_rateState = rate;
    m_rateShownMs = m_clock.bootMs();
    m_rate->setVisible(rate.has_value());
    if (!rate) {
        m_tick.stop();
        return;
    }
    const bool known = rate->limit && rate->remaining && *rate->limit > 0;
    m_rateBar->setVisible(known);
    if (known) m_rateBar->setFraction(double(*rate->remaining) / double(*rate->limit));
    QStringList tip;
    if (!rate->source.isEmpty()) tip << tr("Read from %1.").arg(rate->source);
    if (!rate->policy.isEmpty()) tip << tr("Policy: %1.").arg(rate->policy);
    if (rate->resetGuessed) tip << tr("The unit of the reset time was guessed from its size.");
    tip << tr("A hint of the server, not a promise.");
    m_rate->setToolTip(tip.join(u'\n'));
    showRate();
    m_tick.start();
}

void AnswerStatus::showRate() {
    if (!m_rateState) return;
    const qint64 elapsed = (m_clock.bootMs() - m_rateShownMs) / 1000;
    m_rateText->setText(rateLimitText(*m_rateState, elapsed));
    m_rate->setAccessibleName(tr("Rate limit: %1").arg(m_rateText->text()));
    const qint64 until = m_rateState->retryAfterSeconds.value_or(m_rateState->resetSeconds.value_or(0));
    if (elapsed >= until) m_tick.stop();
}

QString AnswerStatus::rateText() const {
    return m_rateState ? m_rateText->text() : QString();
}

} // namespace kb
