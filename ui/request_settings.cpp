// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_settings.h"

#include "core/base/settings.h"
#include "ui/form_labels.h"
#include "ui/theme.h"
#include "ui/variables_edit.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

namespace kb {

RequestSettingsTab::RequestSettingsTab(const Settings& settings, QWidget* parent)
    : QWidget(parent), m_machine(settings) {}

void RequestSettingsTab::build() {
    m_timeout = new QSpinBox(this);
    m_follow = new QCheckBox(tr("Follow redirects"), this);
    m_most = new QSpinBox(this);
    m_verify = new QCheckBox(tr("Check the server’s certificate"), this);
    m_tlsNote = new QLabel(this);
    m_proxyNote = new QLabel(this);
    m_variables = new VariablesEdit(this);
    m_variables->setMinimumHeight(150);
    m_timeout->setRange(0, 24 * 60 * 60 * 1000);
    m_timeout->setSingleStep(1000);
    m_timeout->setSuffix(tr(" ms"));
    m_timeout->setSpecialValueText(tr("none"));
    m_timeout->setGroupSeparatorShown(true);
    m_timeout->setAccessibleName(tr("Time-out of the whole exchange, in milliseconds; 0 for none"));
    m_timeout->setToolTip(tr("For the whole exchange, redirects included. 0 means none."));
    m_most->setRange(0, 100);
    m_most->setAccessibleName(tr("Most redirects to follow"));
    for (QSpinBox* box : {m_timeout, m_most})
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    for (QSpinBox* box : {m_timeout, m_most})
        box->setMaximumWidth(160);
    m_follow->setToolTip(
        tr("On a new origin every credential is dropped, and each hop is listed in the timeline."));
    m_tlsNote->setWordWrap(true);
    m_tlsNote->setText(
        tr("Off: whoever answers can be an impostor and read the token. Use it only against a server you "
           "run yourself. It counts for this request alone and stays marked beside Send as."));
    m_proxyNote->setWordWrap(true);
    m_proxyNote->setProperty("muted", true);

    auto* page = new QWidget(this);
    auto* form = new QFormLayout(page);
    form->setContentsMargins(12, 10, 12, 10);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Time-out"), m_timeout);
    form->addRow(tr("Redirects"), m_follow);
    form->addRow(tr("At most"), m_most);
    form->addRow(tr("TLS"), m_verify);
    form->addRow(QString(), m_tlsNote);
    form->addRow(tr("Proxy"), m_proxyNote);
    form->addRow(tr("Variables"), m_variables);
    auto* note = new QLabel(tr("For this request alone. They win over those of its folders and the "
                               "environment."),
                            page);
    note->setWordWrap(true);
    note->setProperty("muted", true);
    form->addRow(QString(), note);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Settings of this request"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);

    fill();
    m_variables->load(m_ownVariables);
    const auto changed = [this] {
        m_value.timeoutMs = m_timeout->value();
        m_value.followRedirects = m_follow->isChecked();
        m_value.maxRedirects = m_most->value();
        m_value.verifyTls = m_verify->isChecked();
        refresh();
        if (!m_loading) Q_EMIT edited();
    };
    connect(m_timeout, &QSpinBox::valueChanged, this, changed);
    connect(m_follow, &QCheckBox::toggled, this, changed);
    connect(m_most, &QSpinBox::valueChanged, this, changed);
    connect(m_verify, &QCheckBox::toggled, this, changed);
    connect(m_variables, &VariablesEdit::edited, this, [this] {
        m_ownVariables = m_variables->variables();
        Q_EMIT edited();
    });
    connect(&theme(), &Theme::changed, this, &RequestSettingsTab::refresh);
    // Measured here: only now the style sheet is surely in force.
    alignFormLabels(*form, m_timeout->sizeHint().height());
}

void RequestSettingsTab::load(const RequestSettings& settings) {
    m_value = settings;
    m_value.removedDefaultHeaders.clear();
    if (!m_timeout) return;
    fill();
    refresh();
}

void RequestSettingsTab::loadVariables(const QList<Variable>& variables) {
    m_ownVariables = variables;
    if (m_variables) m_variables->load(variables);
}

void RequestSettingsTab::fill() {
    m_loading = true;
    const RequestSettings value = m_value; // each change of a field writes all of them
    m_timeout->setValue(value.timeoutMs);
    m_follow->setChecked(value.followRedirects);
    m_most->setValue(value.maxRedirects);
    m_verify->setChecked(value.verifyTls);
    m_value = value;
    m_loading = false;
}

void RequestSettingsTab::showEvent(QShowEvent* event) {
    if (!m_timeout) build();
    refresh();
    QWidget::showEvent(event);
}

void RequestSettingsTab::refresh() {
    if (!m_timeout) return;
    m_most->setEnabled(m_follow->isChecked());
    m_tlsNote->setVisible(!m_verify->isChecked());
    QPalette warning = palette();
    warning.setColor(QPalette::WindowText, theme().tone(Tone::Bad).text);
    m_tlsNote->setPalette(warning);
    const QString mode = m_machine.value(QStringLiteral("proxy/mode"), QStringLiteral("system")).toString();
    const QString proxy = mode == QLatin1String("none") ? tr("None")
                          : mode == QLatin1String("manual")
                              ? m_machine.value(QStringLiteral("proxy/url")).toString()
                              : tr("The system’s");
    m_proxyNote->setText(
        tr("%1. It holds for every request; change it in the program’s settings.").arg(proxy));
}

} // namespace kb
