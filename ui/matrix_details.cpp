// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_details.h"

#include "core/probe/own_values.h"
#include "core/probe/report.h"
#include "ui/flow_layout.h"
#include "ui/matrix_delegate.h"
#include "ui/pill.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

namespace {

/// A challenge taken apart: its scheme, then each parameter with its name.
QStringList challengeLines(const Challenge& challenge) {
    QStringList lines{QStringLiteral("WWW-Authenticate: ") + QString::fromLatin1(challenge.scheme)};
    if (!challenge.token68.isEmpty())
        lines.append(QStringLiteral("    ") + QString::fromLatin1(challenge.token68));
    for (const AuthParam& param : challenge.params)
        lines.append(
            QStringLiteral("    %1: %2")
                .arg(QString::fromLatin1(param.name), QString::fromUtf8(param.value)) +
            (param.repeated ? MatrixDetails::tr(" (more than once: the first is shown)") : QString()));
    return lines;
}

/// "the object 12345 of Reader": by who asks for it as their own.
QString objectText(const RunRecord& record, const CellPlan& cell) {
    const QString object = ownObject(cell.object, record.own);
    if (object.isEmpty() || cell.binding == Binding::None) return {};
    for (const CellPlan& other : record.plan.cells)
        if (other.operation == cell.operation && other.binding == Binding::Self &&
            ownObject(other.object, record.own) == object)
            return MatrixDetails::tr("The object %1 is %2's.").arg(object, record.plan.profileOf(other).name);
    return MatrixDetails::tr("The object %1 is nobody's.").arg(object);
}

QString seenText(const RunRecord& record, const CellPlan& cell, const CellResult& result) {
    if (!cell.notSent.isEmpty()) return cell.notSent;
    QStringList lines;
    if (const QString whose = objectText(record, cell); !whose.isEmpty()) lines.append(whose);
    if (!result.seen.request.isEmpty()) lines.append(result.seen.request);
    if (result.seen.status)
        lines.append(MatrixDetails::tr("%1 after %2 ms, %3 bytes")
                         .arg(result.seen.status)
                         .arg(qRound(result.seen.milliseconds))
                         .arg(result.seen.bodySize));
    if (result.epoch > 1)
        lines.append(MatrixDetails::tr("Sent with token number %1 of its grant: it was renewed meanwhile.")
                         .arg(result.epoch));
    for (const Challenge& challenge : result.seen.challenges)
        lines.append(challengeLines(challenge));
    if (!result.seen.problemType.isEmpty())
        lines.append(MatrixDetails::tr("Problem type: %1").arg(result.seen.problemType));
    if (!result.seen.location.isEmpty()) lines.append(QStringLiteral("Location: ") + result.seen.location);
    if (result.seen.meant) lines.append(meantBy(result.seen));
    if (!result.seen.problem.isEmpty()) lines.append(result.seen.problem);
    return lines.isEmpty() ? MatrixDetails::tr("Not sent yet.") : lines.join(u'\n');
}

} // namespace

QString MatrixDetails::expectationText(Expect expect) {
    switch (expect) {
    case Expect::Allow:
        return tr("may in");
    case Expect::DenyAuthn:
        return tr("turned away as nobody known (401)");
    case Expect::DenyAuthz:
        return tr("turned away for lack of permission (403)");
    case Expect::Deny:
        return tr("turned away");
    case Expect::Conceal:
        return tr("turned away, or told that there is nothing (403, 404)");
    case Expect::Unknown:
    case Expect::NotApplicable:
        break;
    }
    return tr("not decided");
}

MatrixDetails::MatrixDetails(QWidget* parent)
    : QWidget(parent), m_verdict(new Pill(this)), m_title(new QLabel(this)) {
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(6);
    auto* head = new QHBoxLayout;
    head->addWidget(m_verdict);
    head->addStretch();
    layout->addLayout(head);
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    layout->addWidget(m_title);
    m_expected = add(tr("Expected"));
    m_seen = add(tr("Sent and received"));
    m_remarks = add(tr("Remarks"));
    m_past = add(tr("Last runs"));
    m_strip = new QWidget(this);
    new FlowLayout(m_strip, 4, 4);
    layout->addWidget(m_strip);
    m_open = new QPushButton(tr("Open as request"), this);
    m_copy = new QPushButton(tr("Copy as curl"), this);
    m_run = new QPushButton(tr("Run this cell"), this);
    m_accept = new QPushButton(tr("Accept as expected"), this);
    m_acceptRow = new QPushButton(tr("Accept the row"), this);
    m_acceptColumn = new QPushButton(tr("Accept the column"), this);
    for (const QList<QPushButton*>& row :
         {QList{m_open, m_copy}, QList{m_run, m_accept}, QList{m_acceptRow, m_acceptColumn}}) {
        auto* line = new QHBoxLayout;
        for (QPushButton* button : row)
            line->addWidget(button);
        line->addStretch();
        layout->addLayout(line);
    }
    layout->addStretch(1);
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(m_cell); });
    connect(m_copy, &QPushButton::clicked, this, [this] { Q_EMIT copyRequested(m_cell); });
    connect(m_run, &QPushButton::clicked, this, [this] { Q_EMIT runRequested(m_cell); });
    connect(m_accept, &QPushButton::clicked, this, [this] { Q_EMIT acceptRequested(m_cell, Scope::Cell); });
    connect(m_acceptRow, &QPushButton::clicked, this, [this] { Q_EMIT acceptRequested(m_cell, Scope::Row); });
    connect(m_acceptColumn, &QPushButton::clicked, this,
            [this] { Q_EMIT acceptRequested(m_cell, Scope::Column); });
    setCell({}, -1);
}

QLabel* MatrixDetails::add(const QString& heading) {
    auto* title = new QLabel(heading, this);
    title->setProperty("muted", true);
    title->setContentsMargins(0, 8, 0, 0);
    m_headings.append(title);
    auto* text = new QLabel(this);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setMinimumWidth(1); // a long address never widens the panel
    text->setAccessibleName(heading);
    layout()->addWidget(title);
    layout()->addWidget(text);
    return text;
}

void MatrixDetails::setMayRun(bool may) {
    m_run->setEnabled(may);
}

void MatrixDetails::setCell(const RunRecord& record, int cell, const QString& instead) {
    m_cell = cell;
    const bool any = cell >= 0 && cell < record.results.size();
    m_verdict->setVisible(any);
    for (QLabel* heading : std::as_const(m_headings))
        heading->setVisible(any);
    for (QPushButton* button : {m_open, m_copy, m_run, m_accept, m_acceptRow, m_acceptColumn})
        button->setVisible(any);
    if (!any) {
        m_title->setText(instead.isEmpty() ? tr("Choose a cell to see what was expected and what came.")
                                           : instead);
        for (QLabel* label : {m_expected, m_seen, m_remarks})
            label->clear();
        setSights({});
        return;
    }
    const CellPlan& plan = record.plan.cells.at(cell);
    const CellResult& result = record.results.at(cell);
    const bool seen = result.seen.status != 0;
    m_verdict->setText(plan.notSent.isEmpty() && !seen && result.seen.problem.isEmpty()
                           ? tr("not sent yet")
                           : verdictText(result.judged.verdict));
    m_verdict->setTone(lookOf(result, plan).tone);
    m_title->setText(cellTitle(record.plan, plan));
    m_expected->setText(expectationText(plan.expectation.expect) + QStringLiteral("\n") +
                        plan.expectation.why);
    m_seen->setText(seenText(record, plan, result));
    QStringList remarks = result.judged.advisories;
    if (!result.judged.reason.isEmpty() && result.judged.reason != plan.expectation.why &&
        result.judged.reason != plan.notSent)
        remarks.prepend(result.judged.reason);
    if (!result.drift.isEmpty()) remarks.append(tr("Since the baseline: %1").arg(result.driftReason));
    if (result.waived) remarks.append(tr("Waived: %1").arg(result.waiver));
    if (!result.evidence.isEmpty()) remarks.append(tr("Evidence: %1.").arg(result.evidence));
    m_remarks->setText(remarks.isEmpty() ? tr("None.") : remarks.join(u'\n'));
    m_run->setEnabled(plan.notSent.isEmpty());
    for (QPushButton* button : {m_accept, m_acceptRow, m_acceptColumn})
        button->setEnabled(seen);
}

void MatrixDetails::setSights(const QList<CellSight>& newestFirst) {
    auto* strip = static_cast<FlowLayout*>(m_strip->layout());
    strip->clear();
    QStringList said;
    for (auto sight = newestFirst.crbegin(); sight != newestFirst.crend(); ++sight) {
        const bool open = sight->verdict == verdictName(Verdict::Undecided) ||
                          sight->verdict == verdictName(Verdict::NotProven);
        const Tone tone = sight->verdict == verdictName(Verdict::Bypass) ? Tone::Bad
                          : sight->verdict == verdictName(Verdict::Pass)
                              ? (sight->status < 300 ? Tone::Good : Tone::Neutral)
                          : open ? Tone::Info
                                 : Tone::Warn;
        auto* pill = new Pill(QString::number(sight->status), tone, m_strip);
        pill->setToolTip(
            QLocale().toString(QDateTime::fromMSecsSinceEpoch(sight->timeMs), QLocale::ShortFormat));
        strip->addWidget(pill);
        said.append(QString::number(sight->status));
    }
    m_strip->setVisible(!newestFirst.isEmpty());
    m_strip->setAccessibleName(said.join(u' '));
    if (newestFirst.isEmpty())
        m_past->setText(m_cell < 0 ? QString() : tr("None is kept."));
    else if (newestFirst.size() > 1 && newestFirst.at(0).outcome != newestFirst.at(1).outcome)
        m_past->setText(tr("It changed in the last run."));
    else
        m_past->setText(tr("%n run(s), the newest last.", nullptr, int(newestFirst.size())));
}

QString MatrixDetails::text() const {
    QStringList all;
    if (m_cell >= 0) all.append(m_verdict->text());
    for (const QLabel* label : {m_title, m_expected, m_seen, m_remarks, m_past})
        if (!label->text().isEmpty()) all.append(label->text());
    return all.join(u'\n');
}

} // namespace kb
