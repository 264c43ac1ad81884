// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/send_as_bar.h"

#include "ui/pill.h"
#include "ui/request_editor_checks.h"
#include "ui/send_as_bar_combo.h"
#include "ui/send_as_bar_parts.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

namespace {

/// A press longer than this is a hold: letting go hides the secret again.
constexpr int holdMs = 400;

} // namespace

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
      m_reveal(new QPushButton(tr("Reveal"), this)),
      m_secret(new RevealedSecret(this)),
      m_revealProblem(new QLabel(this)) {
    auto* label = new QLabel(tr("Send as"), this);
    label->setProperty("muted", true);
    label->setBuddy(m_combo);
    m_tls->setToolTip(
        tr("This request does not check the server’s certificate. Switch it on again under Settings."));
    m_plain->setToolTip(tr("The request goes out without encryption."));
    m_role->setTone(Tone::Role);
    m_reveal->setAccessibleName(tr("Reveal the secret"));
    m_reveal->setToolTip(tr("Hold to see the secret, or click to see it for 30 seconds"));
    m_reveal->setMinimumWidth(m_reveal->sizeHint().width());
    m_row->add(label, {6});
    m_row->add(m_combo, {0, 2});
    m_row->add(m_state, {0});
    m_row->add(m_tls, {0});
    m_row->add(m_plain, {1});
    m_row->add(m_scopes, {4, 1});
    m_row->add(m_role, {5});
    m_row->add(m_preview, {3, 3});
    m_row->add(m_reveal, {2, 0, true});
    m_row->setSteps(m_combo, [this](int width) { return m_combo->usedWidth(width); });
    m_row->setSteps(m_scopes, [this](int width) { return m_scopes->usedWidth(width); });
    m_row->setSteps(m_preview, [this](int width) { return m_preview->usedWidth(width); });
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_revealProblem->setWordWrap(true);
    m_revealProblem->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_row);
    layout->addWidget(m_secret);
    layout->addWidget(m_revealProblem);
    setTlsChecked(true);
    setPlainHttp(false);
    m_hide.setSingleShot(true);

    connect(&m_hide, &QTimer::timeout, this, &SendAsBar::conceal);
    connect(m_reveal, &QPushButton::pressed, this, &SendAsBar::press);
    connect(m_reveal, &QPushButton::released, this, &SendAsBar::release);
    connect(m_combo, &ProfileCombo::profileChosen, this, [this](const QString& id) {
        conceal();
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
    if (id != m_combo->profileId()) conceal();
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
    m_row->setWanted(m_reveal, readable);
    if (!readable) conceal();
}

bool SendAsBar::isRevealed() const {
    return m_secret->isRevealed();
}

QWidget* SendAsBar::lastControl() const {
    return m_reveal;
}

void SendAsBar::press() {
    if (isRevealed()) {
        conceal();
        m_held.invalidate();
        return;
    }
    m_held.start();
    startReveal();
}

void SendAsBar::release() {
    if (m_held.isValid() && m_held.elapsed() > holdMs) conceal();
    m_held.invalidate();
}

void SendAsBar::startReveal() {
    m_revealProblem->hide();
    m_hide.start(m_revealTime);
    m_reading = m_session.revealSecret(profileId(), [this](Result<Secret> secret) {
        if (!secret) {
            m_revealProblem->setText(secret.error().text());
            m_revealProblem->show();
            return;
        }
        m_secret->reveal(std::move(*secret));
        m_reveal->setText(tr("Hide"));
        m_reveal->setAccessibleName(tr("Hide the secret"));
        m_row->arrange();
    });
}

void SendAsBar::conceal() {
    m_hide.stop();
    m_reading.reset();
    m_secret->conceal();
    m_revealProblem->hide();
    m_reveal->setText(tr("Reveal"));
    m_reveal->setAccessibleName(tr("Reveal the secret"));
    m_row->arrange();
}

void SendAsBar::hideEvent(QHideEvent* event) {
    conceal();
    QWidget::hideEvent(event);
}

} // namespace kb
