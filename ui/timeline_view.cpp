// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline_view.h"

#include "ui/answer_format.h"
#include "ui/answer_prose.h"
#include "ui/pill.h"

#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <algorithm>

namespace kb {

QList<TimelinePhase> phasesOf(const Timings& timings, double offset) {
    using Kind = TimelinePhase::Kind;
    const std::pair<Kind, double> ends[] = {
        {Kind::Name, timings.nameLookup},  {Kind::Connect, timings.connect}, {Kind::Tls, timings.tls},
        {Kind::Send, timings.requestSent}, {Kind::Wait, timings.firstByte},  {Kind::Download, timings.total}};
    const QString labels[] = {TimelineView::tr("Name"), TimelineView::tr("Connect"),
                              TimelineView::tr("TLS"),  TimelineView::tr("Send"),
                              TimelineView::tr("Wait"), TimelineView::tr("Download")};
    QList<TimelinePhase> phases;
    double at = 0;
    for (const auto& [kind, end] : ends) {
        TimelinePhase phase{kind, labels[static_cast<int>(kind)], offset + at, -1};
        if (end >= 0) {
            phase.length = qMax(0.0, end - at);
            at = qMax(at, end);
        }
        phases.append(phase);
    }
    return phases;
}

PhaseBars::PhaseBars(QList<TimelinePhase> phases, double total, QWidget* parent)
    : QWidget(parent), m_phases(std::move(phases)), m_total(qMax(total, 0.001)) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(TimelineView::tr("Phases"));
    setAccessibleDescription(plainText());
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QString PhaseBars::plainText() const {
    QStringList parts;
    for (const TimelinePhase& phase : m_phases)
        parts << phase.label + QStringLiteral(": ") + durationText(phase.length);
    return parts.join(QStringLiteral(", "));
}

int PhaseBars::rowHeight() const {
    return fontMetrics().height() + 6;
}

QSize PhaseBars::sizeHint() const {
    return {360, rowHeight() * static_cast<int>(m_phases.size())};
}

QSize PhaseBars::minimumSizeHint() const {
    return {240, sizeHint().height()};
}

void PhaseBars::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) updateGeometry();
    QWidget::changeEvent(event);
}

void PhaseBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int labelWidth = 0;
    // The same for every hop, so that all of them are on one scale.
    int valueWidth = qMax(fontMetrics().horizontalAdvance(durationText(-1)),
                          fontMetrics().horizontalAdvance(durationText(59999)));
    for (const TimelinePhase& phase : m_phases) {
        labelWidth = qMax(labelWidth, fontMetrics().horizontalAdvance(phase.label));
        valueWidth = qMax(valueWidth, fontMetrics().horizontalAdvance(durationText(phase.length)));
    }
    labelWidth += 12;
    valueWidth += 12;
    const double track = qMax(40, width() - labelWidth - valueWidth);
    int top = 0;
    for (const TimelinePhase& phase : m_phases) {
        const int height = rowHeight();
        const bool happened = phase.length >= 0;
        painter.setPen(happened ? theme().text : theme().faint);
        painter.drawText(QRect(0, top, labelWidth, height), Qt::AlignLeft | Qt::AlignVCenter, phase.label);
        const QRectF ground(labelWidth, top + height / 2.0 - 4, track, 8);
        painter.setPen(Qt::NoPen);
        QColor rail = theme().bar;
        rail.setAlpha(90);
        painter.setBrush(rail);
        painter.drawRoundedRect(ground, 3, 3);
        if (happened) {
            const double left = ground.left() + track * qBound(0.0, phase.start / m_total, 1.0);
            const double length = qMax(2.0, track * phase.length / m_total);
            const bool waiting = phase.kind == TimelinePhase::Kind::Wait;
            const bool loading = phase.kind == TimelinePhase::Kind::Download;
            painter.setBrush(waiting   ? theme().accent
                             : loading ? theme().tone(Tone::Good).text
                                       : theme().tone(Tone::Role).text);
            painter.drawRoundedRect(QRectF(qMin(left, ground.right() - 2), ground.top(),
                                           qMin(length, ground.right() - left + 2), 8),
                                    3, 3);
        }
        painter.setPen(happened ? theme().muted : theme().faint);
        painter.drawText(QRect(width() - valueWidth, top, valueWidth, height),
                         Qt::AlignRight | Qt::AlignVCenter, durationText(phase.length));
        top += height;
    }
}

TimelineView::TimelineView(QWidget* parent) : QScrollArea(parent), m_tools(new QWidget) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Timeline"));
    auto* content = new QWidget;
    m_layout = new QVBoxLayout(content);
    m_layout->setContentsMargins(14, 12, 14, 12);
    m_layout->setSpacing(16);
    setWidget(content);
    setFocusPolicy(Qt::StrongFocus);
    auto* tools = new QHBoxLayout(m_tools);
    tools->setContentsMargins(0, 0, 0, 0);
    auto* copy = new QPushButton(tr("Copy"));
    copy->setAccessibleName(tr("Copy the timeline as text"));
    tools->addStretch();
    tools->addWidget(copy);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(plainText()); });
}

void TimelineView::setHops(const QList<Exchange>& hops, const QList<Exchange>& grant) {
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_text.clear();
    struct Entry {
        Exchange exchange;
        QString number; ///< "1 of 2"; empty for a single hop and for the authorization server's
        bool ofGrant;
    };
    QList<Entry> entries;
    for (const Exchange& exchange : grant)
        entries.append({exchange, {}, true});
    for (int i = 0; i < hops.size(); ++i)
        entries.append(
            {hops.at(i), hops.size() > 1 ? tr("%1 of %2").arg(i + 1).arg(hops.size()) : QString(), false});
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& one, const Entry& other) {
        return one.exchange.startedMs() < other.exchange.startedMs();
    });
    QList<Exchange> all;
    for (const Entry& entry : std::as_const(entries))
        all.append(entry.exchange);
    const double total = totalTime(all);
    const double start = all.isEmpty() ? 0 : static_cast<double>(all.first().startedMs());
    for (const Entry& entry : std::as_const(entries))
        addHop(entry.exchange, entry.number, entry.ofGrant,
               static_cast<double>(entry.exchange.startedMs()) - start, total);
    m_layout->addStretch();
    verticalScrollBar()->setValue(0);
}

void TimelineView::addLine(QVBoxLayout* layout, const QString& name, const QString& text) {
    if (text.isEmpty()) return;
    auto* label = new Prose;
    label->setProperty("muted", true);
    label->setProse(name.isEmpty() ? text : name + QStringLiteral(": ") + text, {});
    layout->addWidget(label);
    m_text << label->text();
}

void TimelineView::addHop(const Exchange& hop, const QString& number, bool ofGrant, double offset,
                          double total) {
    auto* block = new QWidget;
    auto* layout = new QVBoxLayout(block);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);

    const QString method = QString::fromUtf8(hop.sent().method);
    const QString url = QString::fromUtf8(hop.sent().url.text());
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    auto* pill =
        new Pill(statusText(hop.response().status, hop.response().reason), statusTone(hop.response().status));
    head->addWidget(pill, 0, Qt::AlignTop);
    QString title = method + u' ' + url;
    if (!number.isEmpty()) title = number + QStringLiteral("  ") + title;
    auto* label = new Prose;
    label->setProse(title, {{title.size() - method.size() - url.size() - 1, method.size() + url.size() + 1,
                             ProseMark::Kind::Code, Tone::Neutral}});
    head->addWidget(label, 1);
    layout->addLayout(head);
    m_text << title + QStringLiteral(" → ") + pill->text();

    if (ofGrant) addLine(layout, {}, tr("With the authorization server, for the token."));
    addLine(layout, {}, hop.hopNote);
    auto* bars = new PhaseBars(phasesOf(hop.timings(), offset), total);
    layout->addWidget(bars);
    m_text << bars->plainText();

    const ConnectionInfo& link = hop.connection();
    QString way = link.reused ? tr("%1, a connection used before").arg(link.peerAddress)
                              : tr("%1, a new connection").arg(link.peerAddress);
    if (!link.localAddress.isEmpty()) way += tr(", from %1").arg(link.localAddress);
    if (!link.peerAddress.isEmpty()) addLine(layout, tr("Connection"), way);
    addLine(layout, tr("Proxy"), link.proxy);
    if (!link.tlsVersion.isEmpty()) {
        const QString cipher = link.tlsCipher.isEmpty() ? QString() : QStringLiteral(", ") + link.tlsCipher;
        addLine(layout, tr("Encryption"), tlsText(link.tlsVersion) + cipher);
        QStringList parts;
        if (!link.certificateSubject.isEmpty()) parts << link.certificateSubject;
        if (!link.certificateIssuer.isEmpty()) parts << tr("issued by %1").arg(link.certificateIssuer);
        if (link.certificateExpires > 0)
            parts << tr("valid until %1")
                         .arg(QLocale().toString(QDateTime::fromSecsSinceEpoch(link.certificateExpires),
                                                 QLocale::ShortFormat));
        parts << (link.certificateVerified ? tr("checked") : tr("not checked"));
        addLine(layout, tr("Certificate"), parts.join(QStringLiteral(", ")));
    }
    m_layout->addWidget(block);
}

} // namespace kb
