// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/checks_tab.h"

#include "ui/checks_table_model.h"
#include "ui/request_editor_table.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace kb {

ChecksTab::ChecksTab(QWidget* parent) : QWidget(parent), m_model(new ChecksModel(this)) {
    connect(m_model, &ChecksModel::edited, this, &ChecksTab::edited);
}

void ChecksTab::load(const QList<CheckSpec>& checks, const QList<CaptureSpec>& captures) {
    m_model->load(checks, captures);
}

QList<CheckSpec> ChecksTab::checks() const {
    return m_model->checks();
}

QList<CaptureSpec> ChecksTab::captures() const {
    return m_model->captures();
}

int ChecksTab::usedCount() const {
    return m_model->usedCount();
}

void ChecksTab::build() {
    m_table = new TablePane(m_model, tr("Checks"), this);
    m_table->table().setColumnShares({0, 14, 38, 20, 28});
    auto* add = new QToolButton(this);
    add->setText(tr("Add a check"));
    add->setProperty("button", true);
    add->setPopupMode(QToolButton::InstantPopup);
    add->setFocusPolicy(Qt::TabFocus);
    auto* menu = new QMenu(add);
    const auto offer = [&](const QString& text, const CheckSpec& check) {
        menu->addAction(text, this, [this, check] { m_model->add(check); });
    };
    const auto value = [](const char* expression, const char* op, const char* operand) {
        return CheckSpec{AnswerPart::Expression,
                         QLatin1String(expression),
                         QLatin1String(op),
                         QLatin1String(operand),
                         {},
                         true};
    };
    offer(tr("The status is 200"), value("res.status", "eq", "200"));
    offer(tr("The status is 401 or 403"), value("res.status", "in", "401, 403"));
    offer(tr("It answers within 500 ms"), value("res.responseTime", "lt", "500"));
    offer(tr("The answer is JSON"), value("res.headers['content-type']", "contains", "json"));
    offer(tr("A member of the body is there"), value("res.body.id", "isDefined", ""));
    offer(tr("A cookie is set"), value("res.cookies.session", "isDefined", ""));
    offer(tr("A jq filter gives true"),
          {AnswerPart::Jq, QStringLiteral(". | length > 0"), QStringLiteral("isTruthy"), {}, {}, true});
    offer(tr("The body fits a JSON Schema"),
          {AnswerPart::Schema, QStringLiteral("schemas/answer.json"), CheckSpec().op, {}, {}, true});
    add->setMenu(menu);
    auto* hint = new QLabel(tr("“Keep” gives a value to the requests after this one in a run."), this);
    hint->setProperty("muted", true);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 6, 12, 4);
    row->addWidget(add);
    row->addSpacing(8);
    row->addWidget(hint, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_table, 1);
}

void ChecksTab::showEvent(QShowEvent* event) {
    if (!m_table) build();
    QWidget::showEvent(event);
}

} // namespace kb
