// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_sent.h"

#include "ui/answer_format.h"
#include "ui/answer_headers.h"
#include "ui/answer_prose.h"
#include "ui/body_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kb {

AnswerSent::AnswerSent(QWidget* parent)
    : QWidget(parent),
      m_line(new Prose),
      m_headers(new HeaderListView),
      m_bodyTitle(new QLabel),
      m_body(new BodyView),
      m_tools(new QWidget),
      m_chooser(new HopChooser) {
    m_line->setContentsMargins(0, 0, 0, 0);
    m_headers->setAccessibleName(tr("Headers sent"));
    m_body->setAccessibleName(tr("Body sent"));
    m_bodyTitle->setProperty("heading", true);
    auto* head = new QWidget;
    auto* headLayout = new QVBoxLayout(head);
    headLayout->setContentsMargins(14, 10, 14, 10);
    headLayout->addWidget(m_line);
    m_title = new QWidget;
    auto* titleLayout = new QVBoxLayout(m_title);
    titleLayout->setContentsMargins(14, 8, 14, 4);
    titleLayout->addWidget(m_bodyTitle);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(head);
    layout->addWidget(m_headers, 1);
    layout->addWidget(m_title);
    layout->addWidget(m_body, 1);

    auto* tools = new QHBoxLayout(m_tools);
    tools->setContentsMargins(0, 0, 0, 0);
    tools->setSpacing(8);
    auto* copy = new QPushButton(tr("Copy"));
    copy->setAccessibleName(tr("Copy the request as text"));
    tools->addStretch();
    tools->addWidget(m_chooser);
    tools->addWidget(copy);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(plainText()); });
    connect(m_chooser, &HopChooser::chosen, this, &AnswerSent::showHop);
}

void AnswerSent::setHops(const QList<Exchange>& hops) {
    m_hops = hops;
    m_chooser->setHops(hops);
    showHop(static_cast<int>(hops.size()) - 1);
}

void AnswerSent::showHop(int hop) {
    m_hop = hop;
    if (hop < 0 || hop >= m_hops.size()) {
        m_headers->setGroups({});
        m_body->clear();
        return;
    }
    const Exchange& exchange = m_hops.at(hop);
    const Request& sent = exchange.sent();
    const QString line = QString::fromUtf8(sent.method) + u' ' + QString::fromUtf8(sent.url.requestTarget());
    const bool hasBody = sent.hasBody || !sent.body.isEmpty();
    QString text = tr("%1 to %2").arg(line, sent.url.origin().text());
    if (!hasBody) text += QStringLiteral(". ") + tr("No body was sent.");
    m_line->setProse(text, {{0, line.size(), ProseMark::Kind::Code, Tone::Neutral}});
    m_headers->setGroups({{tr("Headers"), sent.headers}});
    m_bodyTitle->setText(tr("Body, %1").arg(sizeText(sent.body.size())));
    m_title->setVisible(hasBody);
    m_body->setVisible(hasBody);
    const BodyKind kind = bodyKind(sent.headers, sent.body);
    if (kind == BodyKind::Binary)
        m_body->setHex(sent.body);
    else
        m_body->setText(bodyAsUtf8(sent.headers, sent.body), kind);
}

QString AnswerSent::plainText() const {
    if (m_hop < 0 || m_hop >= m_hops.size()) return {};
    const Request& sent = m_hops.at(m_hop).sent();
    QString text = QString::fromUtf8(sent.method) + u' ' + QString::fromUtf8(sent.url.requestTarget()) +
                   QStringLiteral(" HTTP/") + QString::fromLatin1(m_hops.at(m_hop).response().httpVersion) +
                   u'\n';
    for (const HeaderField& field : sent.headers.fields)
        text += QString::fromUtf8(field.name) + QStringLiteral(": ") + QString::fromUtf8(field.value) + u'\n';
    text += u'\n';
    if (sent.body.size() <= BodyView::copyLimit)
        text += QString::fromUtf8(bodyAsUtf8(sent.headers, sent.body));
    return text;
}

} // namespace kb
