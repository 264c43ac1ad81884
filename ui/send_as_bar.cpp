// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/send_as_bar.h"

#include "ui/pill.h"
#include "ui/request_editor_checks.h"
#include "ui/secret_reveal.h"
#include "ui/send_as_bar_combo.h"
#include "ui/send_as_bar_parts.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

SendAsBar::SendAsBar(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_row(new FitRow(this)),
      m_combo(new ProfileCombo(session, this)),
      m_state(new Pill(this)),
      m_tls(new Pill(tr("TLS check off"), Tone::Bad, this)),
      m_plain(new Pill(tr("plain http"), Tone::Warn, this)),
      m_scopes(new ScopePills(this)),
      m_role(new Pill(this)),
      m_preview(new FittingLabel(this)),
      m_reveal(new SecretReveal(session, this)) {
    auto* label = new QLabel(tr("Send as"), this);
    label->setProperty("muted", true);
    label->setBuddy(m_combo);
    m_tls->setToolTip(
        tr("This request does not check the server’s certificate. Switch it on again under Settings."));
    m_plain->setToolTip(tr("The request goes out without encryption."));
    m_role->setTone(Tone::Role);
    m_row->add(label, {6});
    m_row->add(m_combo, {0, 2});
    m_row->add(m_state, {0});
    m_row->add(m_tls, {0});
    m_row->add(m_plain, {1});
    m_row->add(m_scopes, {4, 1});
    m_row->add(m_role, {5});
    m_row->add(m_preview, {3, 3});
    m_row->add(m_reveal->button(), {2, 0, true});
    m_row->setSteps(m_combo, [this](int width) { return m_combo->usedWidth(width); });
    m_row->setSteps(m_scopes, [this](int width) { return m_scopes->usedWidth(width); });
    m_row->setSteps(m_preview, [this](int width) { return m_preview->usedWidth(width); });
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_row);
    layout->addWidget(m_reveal->secret());
    layout->addWidget(m_reveal->problem());
    setTlsChecked(true);
    setPlainHttp(false);
    connect(m_reveal, &SecretReveal::changed, m_row, &FitRow::arrange);
    connect(m_combo, &ProfileCombo::profileChosen, this, [this](const QString& id) {
        m_reveal->setProfile(id);
        refresh();
        Q_EMIT profileChosen(id);
    });
    connect(&m_session, &Session::profilesChanged, this, [this] {
        m_combo->rebuild();
        refresh();
    });
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        m_combo->rebuild();
        refresh();
    });
    connect(&m_session, &Session::profileStateChanged, this, [this](const QString& id) {
        m_combo->refreshStates();
        if (id == profileId()) refresh();
    });
    connect(&m_session, &Session::ticked, this, [this] {
        if (isVisible()) refresh();
    });
    refresh();
}

SendAsBar::~SendAsBar() = default;

void SendAsBar::setProfile(const QString& id) {
    m_reveal->setProfile(id);
    m_combo->setProfile(id);
    refresh();
}

QString SendAsBar::profileId() const {
    return m_combo->profileId();
}

void SendAsBar::setTlsChecked(bool checked) {
    m_row->setWanted(m_tls, !checked);
    m_row->arrange();
}

void SendAsBar::setPlainHttp(bool plain) {
    m_row->setWanted(m_plain, plain);
    m_row->arrange();
}

void SendAsBar::refresh() {
    const TokenProfile* profile = m_session.workspace().profile(profileId());
    if (profileId().isEmpty()) profile = nullptr;
    const ProfileState* state = profile ? m_session.state(profile->id) : nullptr;
    const TokenFacts* facts = state && state->facts ? &*state->facts : nullptr;
    if (profile) {
        m_state->setText(profileStateText(state));
        m_state->setTone(profileTone(state));
        m_state->setToolTip(state && state->problem ? state->problem->text() : QString());
    } else {
        m_state->setText(profileId().isEmpty() ? tr("no token") : tr("not in this workspace"));
        m_state->setTone(profileId().isEmpty() ? Tone::Neutral : Tone::Bad);
        m_state->setToolTip({});
    }
    const QStringList scopes = facts && facts->jwt ? facts->jwt->scopes : QStringList();
    m_scopes->setScopes(scopes);
    m_row->setWanted(m_scopes, !scopes.isEmpty());
    const QStringList roles = facts && facts->jwt ? facts->jwt->roles : QStringList();
    m_role->setText(roles.size() > 1
                        ? tr("role: %1 +%2").arg(roles.value(0), QString::number(roles.size() - 1))
                        : tr("role: %1").arg(roles.value(0)));
    m_role->setToolTip(tr("Roles of the token:") % u'\n' % roles.join(QLatin1Char('\n')));
    m_row->setWanted(m_role, !roles.isEmpty());
    refreshPreview(profile, state);
    m_row->arrange();
    Q_EMIT stateChanged();
}

void SendAsBar::refreshPreview(const TokenProfile* profile, const ProfileState* state) {
    const bool readable = profile && state && state->facts;
    if (readable) {
        const QString masked = state->facts->masked;
        const QString whole = credentialPreview(profile->scheme, masked);
        QStringList forms = {whole};
        if (const qsizetype colon = whole.indexOf(QLatin1String(": ")); colon >= 0)
            forms.append(whole.mid(colon + 2));
        if (!std::holds_alternative<BasicScheme>(profile->scheme)) forms.append(masked);
        m_preview->setForms(forms);
    }
    m_row->setWanted(m_preview, readable);
    m_row->setWanted(m_reveal->button(), readable);
    if (!readable && m_reveal->isRevealed()) m_reveal->conceal();
}

bool SendAsBar::isRevealed() const {
    return m_reveal->isRevealed();
}

QWidget* SendAsBar::lastControl() const {
    return m_reveal->button();
}

void SendAsBar::hideEvent(QHideEvent* event) {
    m_reveal->conceal();
    QWidget::hideEvent(event);
}

} // namespace kb
