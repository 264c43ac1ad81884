// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings_dialog.h"

#include "core/run/history_store.h"
#include "ui/form_labels.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QUrl>

namespace kb {

SettingsDialog::SettingsDialog(Session& session, QWidget* parent)
    : QDialog(parent),
      m_session(session),
      m_theme(new QComboBox(this)),
      m_language(new QComboBox(this)),
      m_proxy(new QComboBox(this)),
      m_proxyUrl(new QLineEdit(this)),
      m_notify(new QCheckBox(tr("Tell me on the desktop before a token expires"), this)),
      m_tray(new QCheckBox(tr("Show in the tray which tokens end next"), this)),
      m_history(new QCheckBox(tr("Keep a history of what is sent, with secrets masked"), this)),
      m_problem(new QLabel(this)) {
    setWindowTitle(tr("Settings"));
    m_theme->addItem(tr("As the desktop"), QStringLiteral("system"));
    m_theme->addItem(tr("Light"), QStringLiteral("light"));
    m_theme->addItem(tr("Dark"), QStringLiteral("dark"));
    m_language->addItem(tr("As the system"), QString());
    m_language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    m_language->addItem(QStringLiteral("Deutsch"), QStringLiteral("de"));
    m_proxy->addItem(tr("As the system"), QStringLiteral("system"));
    m_proxy->addItem(tr("None"), QStringLiteral("none"));
    m_proxy->addItem(tr("This one"), QStringLiteral("manual"));
    m_proxyUrl->setPlaceholderText(QStringLiteral("http://host:8080, socks5://host:1080"));
    m_proxyUrl->setAccessibleName(tr("Proxy address"));
    m_problem->setWordWrap(true);
    m_history->setChecked(
        m_session.services().settings.value(QStringLiteral("history/enabled"), true).toBool());
    auto* form = new QFormLayout(this);
    form->addRow(tr("Look"), m_theme);
    form->addRow(tr("Language"), m_language);
    form->addRow(tr("Proxy"), m_proxy);
    form->addRow(QString(), m_proxyUrl);
    form->addRow(QString(), m_notify);
    form->addRow(QString(), m_tray);
    form->addRow(QString(), m_history);
    form->addRow(QString(), historyLimits());
    form->addRow(m_problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    form->addRow(buttons);
    alignFormLabels(*form, m_theme->sizeHint().height());
    setMinimumWidth(460);

    const Settings& settings = m_session.services().settings;
    const auto choose = [](QComboBox* box, const QVariant& value) {
        box->setCurrentIndex(qMax(0, box->findData(value)));
    };
    choose(m_theme, settings.value(QStringLiteral("appearance/theme"), QStringLiteral("system")));
    choose(m_language, settings.value(QStringLiteral("appearance/language"), QString()));
    choose(m_proxy, settings.value(QStringLiteral("proxy/mode"), QStringLiteral("system")));
    m_proxyUrl->setText(settings.value(QStringLiteral("proxy/url")).toString());
    m_notify->setChecked(settings.value(QStringLiteral("notify/expiry"), true).toBool());
    m_tray->setChecked(settings.value(QStringLiteral("tray/enabled"), true).toBool());
    connect(m_tray, &QCheckBox::toggled, this,
            [this](bool on) { m_session.services().settings.setValue(QStringLiteral("tray/enabled"), on); });
    connect(m_history, &QCheckBox::toggled, this, [this](bool on) {
        m_session.services().settings.setValue(QStringLiteral("history/enabled"), on);
    });
    check();
    for (QComboBox* box : {m_theme, m_language, m_proxy})
        connect(box, &QComboBox::currentIndexChanged, this, &SettingsDialog::store);
    connect(m_proxyUrl, &QLineEdit::editingFinished, this, &SettingsDialog::store);
    connect(m_notify, &QCheckBox::toggled, this, &SettingsDialog::store);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QWidget* SettingsDialog::historyLimits() {
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    const HistoryLimits usual;
    struct Limit {
        QString key, name, suffix;
        int most, usual;
    };
    const Limit limits[] = {
        {QStringLiteral("history/days"), tr("Keep the history for"), tr(" days"), 3650, usual.days},
        {QStringLiteral("history/entries"), tr("Keep at most"), tr(" exchanges"), 1000000, usual.entries},
        {QStringLiteral("history/megabytes"), tr("Keep at most, in megabytes"), tr(" MB"), 100000,
         int(usual.bytes / 1024 / 1024)}};
    for (const Limit& limit : limits) {
        auto* field = new QSpinBox(box);
        field->setRange(1, limit.most);
        field->setGroupSeparatorShown(true);
        field->setSuffix(limit.suffix);
        field->setButtonSymbols(QAbstractSpinBox::NoButtons);
        field->setAccessibleName(limit.name);
        field->setToolTip(tr("The oldest go first. Pinned ones stay."));
        field->setValue(m_session.services().settings.value(limit.key, limit.usual).toInt());
        connect(field, &QSpinBox::valueChanged, this,
                [this, key = limit.key](int value) { m_session.services().settings.setValue(key, value); });
        row->addWidget(field, 1);
    }
    box->setEnabled(m_history->isChecked());
    connect(m_history, &QCheckBox::toggled, box, &QWidget::setEnabled);
    return box;
}

void SettingsDialog::check() {
    const bool manual = m_proxy->currentData() == QLatin1String("manual");
    m_proxyUrl->setVisible(manual);
    QString problem;
    const QUrl url(m_proxyUrl->text(), QUrl::StrictMode);
    static const QStringList schemes{QStringLiteral("http"), QStringLiteral("https"),
                                     QStringLiteral("socks5"), QStringLiteral("socks5h")};
    if (manual && (!url.isValid() || url.host().isEmpty() || !schemes.contains(url.scheme())))
        problem = tr("A proxy address looks like http://host:8080 or socks5://host:1080.");
    else if (manual && !url.userInfo().isEmpty())
        problem = tr("A password does not belong in the settings file. Take it out of the address.");
    m_problem->setText(problem);
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(theme().tone(Tone::Bad).text.name()));
    m_problem->setVisible(!problem.isEmpty());
}

void SettingsDialog::store() {
    check();
    Settings& settings = m_session.services().settings;
    const QString look = m_theme->currentData().toString();
    if (settings.value(QStringLiteral("appearance/theme"), QStringLiteral("system")) != look) {
        settings.setValue(QStringLiteral("appearance/theme"), look);
        theme().apply(*qApp, look == QLatin1String("dark")    ? Theme::Mode::Dark
                             : look == QLatin1String("light") ? Theme::Mode::Light
                                                              : Theme::Mode::System);
    }
    const QString language = m_language->currentData().toString();
    if (settings.value(QStringLiteral("appearance/language"), QString()).toString() != language) {
        settings.setValue(QStringLiteral("appearance/language"), language);
        Q_EMIT m_session.languageChanged(language);
    }
    settings.setValue(QStringLiteral("notify/expiry"), m_notify->isChecked());
    if (!m_problem->isHidden()) return; // an address that cannot be used is not taken over
    settings.setValue(QStringLiteral("proxy/mode"), m_proxy->currentData());
    settings.setValue(QStringLiteral("proxy/url"), m_proxyUrl->text());
}

} // namespace kb
