// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profile_panel.h"

#include "core/auth/further_keys.h"
#include "core/auth/relative_time.h"

#include "ui/clipboard_guard.h"
#include "ui/expiry_bar.h"
#include "ui/flow_layout.h"
#include "ui/grant_panel.h"
#include "ui/pill.h"
#include "ui/profile_list_model.h"
#include "ui/scheme_form.h"
#include "ui/secret_reveal.h"
#include "ui/send_as_bar_parts.h"
#include "ui/signature_panel.h"

#include <QDateTime>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace kb {

namespace {

QLabel* heading(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("heading", true);
    label->setContentsMargins(0, 10, 0, 2);
    return label;
}

QString clockText(double seconds) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(seconds * 1000));
    const bool today = time.date() == QDate::currentDate();
    return today ? QLocale().toString(time.time(), QStringLiteral("HH:mm:ss"))
                 : QLocale().toString(time, QStringLiteral("d MMM yyyy HH:mm"));
}

QString kindText(const TokenProfile& profile, const TokenFacts* facts) {
    if (std::holds_alternative<BasicScheme>(profile.scheme)) return ProfilePanel::tr("Basic");
    if (std::holds_alternative<ApiKeyScheme>(profile.scheme)) return ProfilePanel::tr("API key");
    const QString name = schemeName(profile.scheme);
    for (const auto& [kind, text] : SchemeForm::kinds())
        if (kind == name) return text.section(QLatin1Char(':'), 0, 0);
    if (facts && facts->jwt) return ProfilePanel::tr("JWT bearer");
    return ProfilePanel::tr("Bearer");
}

/// The local time, and how far it is from now.
QString bothTimes(double seconds, double now) {
    return QStringLiteral("%1 (%2)").arg(clockText(seconds), relativeTimeText(seconds, now));
}

QString valueText(const JsonValue& value) {
    return value.isString() ? value.string : QString::fromUtf8(writeJson(value));
}

} // namespace

ProfilePanel::ProfilePanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_clipboard(new ClipboardGuard(this)) {
    build();
    connect(&session, &Session::ticked, this, &ProfilePanel::refreshTime);
    connect(&session, &Session::profilesChanged, this, &ProfilePanel::refreshAll);
    connect(&session, &Session::profileStateChanged, this, [this](const QString& id) {
        if (id == m_id) refreshAll();
    });
    connect(m_clipboard, &ClipboardGuard::countdown, this,
            [this](int left) { m_copy->setText(left > 0 ? tr("Copied, %1 s").arg(left) : tr("Copy")); });
    connect(&theme(), &Theme::changed, this, &ProfilePanel::refreshAll);
    refreshAll();
}

ProfilePanel::~ProfilePanel() = default;

void ProfilePanel::build() {
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_name = new QLabel(this);
    QFont bold = m_name->font();
    bold.setWeight(QFont::DemiBold);
    m_name->setFont(bold);
    m_kind = new QLabel(this);
    m_kind->setProperty("muted", true);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(12, 10, 12, 8);
    top->addWidget(m_name, 1);
    top->addWidget(m_kind);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    line->setFixedHeight(1);

    m_body = new QWidget(this);
    m_time = new QLabel(m_body);
    QFont big = m_time->font();
    big.setPointSizeF(big.pointSizeF() * 1.9);
    big.setWeight(QFont::DemiBold);
    m_time->setFont(big);
    m_state = new Pill(m_body);
    m_bar = new ExpiryBar(7, m_body);
    m_issued = new QLabel(m_body);
    m_expires = new QLabel(m_body);
    m_note = new QLabel(m_body);
    m_problem = new QLabel(m_body);
    for (QLabel* label : {m_note, m_problem}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    for (QLabel* label : {m_issued, m_expires, m_note})
        label->setProperty("muted", true);
    m_masked = new FittingLabel(m_body);
    m_reveal = new SecretReveal(m_session, m_body);
    m_edit = new QPushButton(tr("Edit…"), m_body);
    m_copy = new QPushButton(tr("Copy"), m_body);
    m_copy->setAccessibleName(tr("Copy the secret; the clipboard is cleared after 30 seconds"));
    m_again = new QPushButton(tr("Read again"), m_body);
    m_again->setToolTip(tr("Reads the secret from the keychain again."));
    m_scopes = new QWidget(m_body);
    m_scopesFlow = new FlowLayout(m_scopes, 6, 6);
    m_claims = new QWidget(m_body);
    m_claimsGrid = new QGridLayout(m_claims);
    m_claimsGrid->setContentsMargins(0, 0, 0, 0);
    m_claimsGrid->setHorizontalSpacing(12);
    m_claimsGrid->setVerticalSpacing(7);
    m_claimsGrid->setColumnStretch(1, 1);
    m_claimsHeading = heading(tr("Claims"), m_body);
    m_hygieneHeading = heading(tr("Hygiene"), m_body);
    m_hygiene = new QWidget(m_body);
    m_hygieneFlow = new FlowLayout(m_hygiene, 6, 6);
    m_origins = new QLabel(m_body);
    m_origins->setWordWrap(true);
    m_origins->setTextFormat(Qt::PlainText);

    auto* timeRow = new QHBoxLayout;
    timeRow->addWidget(m_time, 1);
    timeRow->addWidget(m_state);
    // Side by side where both fit, else one below the other: a past year makes them long.
    auto* dates = new FlowLayout(nullptr, 12, 2);
    dates->addWidget(m_issued);
    dates->addWidget(m_expires);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(0, 6, 0, 0);
    buttons->addWidget(m_edit);
    buttons->addWidget(m_copy);
    buttons->addWidget(m_again);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(m_body);
    layout->setContentsMargins(12, 10, 12, 12);
    layout->setSpacing(5);
    layout->addLayout(timeRow);
    layout->addWidget(m_bar);
    layout->addLayout(dates);
    layout->addWidget(m_problem);
    layout->addWidget(m_note);
    auto* secretRow = new QHBoxLayout;
    secretRow->addWidget(m_masked, 1);
    secretRow->addWidget(m_reveal->button());
    layout->addLayout(secretRow);
    layout->addWidget(m_reveal->secret());
    layout->addWidget(m_reveal->problem());
    layout->addLayout(buttons);
    m_grant = new GrantPanel(m_session, m_body);
    layout->addWidget(m_grant);
    layout->addWidget(heading(tr("May go to"), m_body));
    layout->addWidget(m_origins);
    m_scopesHeading = heading(tr("Scopes and role"), m_body);
    layout->addWidget(m_scopesHeading);
    layout->addWidget(m_scopes);
    m_compare = new QPushButton(tr("Compare with…"), m_body);
    m_compare->setAccessibleDescription(tr("Shows how this token differs from another profile's."));
    auto* claimsRow = new QHBoxLayout;
    claimsRow->setContentsMargins(0, 8, 0, 0);
    m_claimsHeading->setContentsMargins(0, 0, 0, 0);
    claimsRow->addWidget(m_claimsHeading, 1);
    claimsRow->addWidget(m_compare);
    layout->addLayout(claimsRow);
    layout->addWidget(m_claims);
    m_signaturePlace = new QVBoxLayout;
    layout->addLayout(m_signaturePlace);
    layout->addWidget(m_hygieneHeading);
    layout->addWidget(m_hygiene);
    layout->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_body);
    scroll->viewport()->setAutoFillBackground(false);
    m_body->setAutoFillBackground(false);
    scroll->setAccessibleName(tr("Profile"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addLayout(top);
    outer->addWidget(line);
    outer->addWidget(scroll, 1);
    connect(m_edit, &QPushButton::clicked, this, [this] { Q_EMIT editRequested(m_id); });
    connect(m_compare, &QPushButton::clicked, this, [this] { Q_EMIT compareRequested(m_id); });
    connect(m_copy, &QPushButton::clicked, this, &ProfilePanel::copySecret);
    connect(m_again, &QPushButton::clicked, this, [this] { m_session.reloadProfile(m_id); });
}

void ProfilePanel::setProfile(const QString& profileId) {
    if (profileId == m_id && m_session.workspace().profile(profileId)) return;
    m_reveal->setProfile(profileId);
    m_grant->setProfile(profileId);
    m_id = profileId;
    refreshAll();
}

void ProfilePanel::refreshTime() {
    if (m_id.isEmpty()) return;
    const ProfileLook look = lookOf(m_session.state(m_id));
    const Tone tone = static_cast<Tone>(look.tone);
    m_time->setText(look.text);
    m_time->setStyleSheet(QStringLiteral("color: %1")
                              .arg((tone == Tone::Neutral ? theme().muted : theme().tone(tone).text).name()));
    m_state->setText(look.stateText);
    m_state->setTone(tone);
    m_state->setVisible(look.stateText != look.text);
    // A life that is over is an empty bar, not a missing one.
    m_bar->setLeft(qMax(0.0, look.fraction), tone, tr("%1: %2").arg(look.stateText, look.text));
    for (const auto& [label, seconds] : std::as_const(m_claimTimes))
        label->setText(bothTimes(seconds, m_session.nowSeconds()));
}

void ProfilePanel::refreshAll() {
    const TokenProfile* profile = m_id.isEmpty() ? nullptr : m_session.workspace().profile(m_id);
    m_body->setVisible(profile != nullptr);
    m_kind->setVisible(profile != nullptr);
    if (!profile) {
        m_name->setText(tr("Anonymous: nothing is attached"));
        return;
    }
    const ProfileState* state = m_session.state(m_id);
    const TokenFacts* facts = state && state->facts ? &*state->facts : nullptr;
    m_name->setText(profile->name);
    m_kind->setText(kindText(*profile, facts));
    refreshTime();
    const bool timed = facts && facts->expiresAt;
    m_bar->setVisible(timed);
    m_issued->setText(facts && facts->issuedAt ? tr("issued %1").arg(clockText(*facts->issuedAt))
                                               : QString());
    m_expires->setText(timed ? tr("expires %1").arg(clockText(*facts->expiresAt)) : QString());
    m_problem->setVisible(state && state->problem);
    m_problem->setText(state && state->problem ? state->problem->text() : QString());
    QStringList notes;
    if (profile->storage == SecretStorage::Memory)
        notes << tr("Kept in memory only: gone when Keybearer closes.");
    QStringList keys;
    for (const ApiKeyScheme& key : profile->keys)
        keys << keyTitle(key);
    if (!keys.isEmpty()) notes << tr("Along with it goes: %1.").arg(keys.join(QStringLiteral(", ")));
    if (facts && facts->expirySetByUser) notes << tr("The expiry was set by you.");
    if (facts && !facts->unreadable.isEmpty()) notes << facts->unreadable;
    if (facts && facts->missing) notes << tr("There is no token yet.");
    if (facts && facts->madePerRequest)
        notes << tr("A token is made for each request; what is kept is its key.");
    if (facts && facts->refreshExpiresAt)
        notes << tr("The refresh token expires %1.").arg(clockText(*facts->refreshExpiresAt));
    if (facts && facts->clientSecretExpiresAt)
        notes << tr("The client secret expires %1.").arg(clockText(*facts->clientSecretExpiresAt));
    if (facts && !facts->certificateSubject.isEmpty())
        notes << tr("Client certificate %1, until %2.")
                     .arg(facts->certificateSubject, clockText(facts->certificateExpiresAt.value_or(0)));
    if (facts) notes << facts->binding;
    if (facts && !timed && facts->unreadable.isEmpty() && !facts->missing && !facts->madePerRequest)
        notes << tr("No expiry known.");
    m_note->setText(notes.join(QLatin1Char(' ')));
    m_note->setVisible(!notes.isEmpty());
    m_masked->setForms(facts ? QStringList{facts->masked} : QStringList());
    m_masked->setVisible(facts);
    m_reveal->button()->setVisible(facts);
    if (!facts && m_reveal->isRevealed()) m_reveal->conceal();
    m_copy->setEnabled(facts);
    m_origins->setText(!state || state->confirmedOrigins.isEmpty()
                           ? tr("Nowhere yet. Edit the profile to allow a host.")
                           : state->confirmedOrigins.join(QLatin1Char('\n')));
    fillClaims(facts);
    if (!m_signature && facts && facts->jwt) { // most profiles of a start have not been read yet
        m_signature = new SignaturePanel(m_session, m_body);
        m_signaturePlace->addWidget(m_signature);
    }
    if (m_signature) m_signature->setProfile(m_id, facts);
}

void ProfilePanel::fillClaims(const TokenFacts* facts) {
    while (QLayoutItem* item = m_claimsGrid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_claimTimes.clear();
    m_scopesFlow->clear();
    m_hygieneFlow->clear();
    const DecodedJwt* jwt = facts && facts->jwt ? &*facts->jwt : nullptr;
    for (QWidget* part : {static_cast<QWidget*>(m_claimsHeading), m_claims, static_cast<QWidget*>(m_compare)})
        part->setVisible(jwt);
    const QStringList scopes = facts ? facts->grantedScopes : QStringList();
    const bool named = !scopes.isEmpty() || (jwt && !jwt->roles.isEmpty());
    m_scopesHeading->setVisible(named);
    m_scopes->setVisible(named);
    const bool findings = jwt && !jwt->hygiene.isEmpty();
    m_hygieneHeading->setVisible(findings);
    m_hygiene->setVisible(findings);
    for (const QString& scope : scopes)
        m_scopesFlow->addWidget(new Pill(scope, Tone::Info, m_scopes));
    if (!jwt) return;
    for (const QString& role : jwt->roles)
        m_scopesFlow->addWidget(new Pill(tr("role: %1").arg(role), Tone::Role, m_scopes));
    int row = 0;
    const auto add = [&](const QString& name, const QString& value, const QString& tip) {
        auto* left = new QLabel(name, m_claims);
        left->setProperty("muted", true);
        left->setTextFormat(Qt::PlainText);
        auto* right = new QLabel(value, m_claims);
        right->setFont(theme().monospace());
        right->setTextFormat(Qt::PlainText);
        right->setWordWrap(true);
        right->setMinimumWidth(1); // a long value never widens the panel
        right->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        right->setAccessibleName(QStringLiteral("%1: %2").arg(name, value));
        right->setToolTip(tip.isEmpty() ? value : tip);
        m_claimsGrid->addWidget(left, row, 0, Qt::AlignTop);
        m_claimsGrid->addWidget(right, row, 1);
        ++row;
        return right;
    };
    const auto section = [&](const QString& text) {
        auto* title = new QLabel(text, m_claims);
        title->setProperty("muted", true);
        title->setWordWrap(true);
        m_claimsGrid->addWidget(title, row++, 0, 1, 2);
    };
    section(tr("Header"));
    for (const auto& [name, value] : jwt->header.members)
        add(name, valueText(value), {});
    section(jwt->encrypted ? tr("The claims are encrypted: only the header can be read.") : tr("Claims"));
    for (const auto& [name, value] : jwt->claims.members) {
        const bool time =
            name == QLatin1String("exp") || name == QLatin1String("nbf") || name == QLatin1String("iat");
        const QString text = valueText(value);
        const bool moment = time && value.isNumber();
        QLabel* shown = add(name, moment ? bothTimes(value.toDouble(), m_session.nowSeconds()) : text,
                            time ? text : QString());
        if (moment) m_claimTimes.append({shown, value.toDouble()});
    }
    for (const QString& finding : jwt->hygiene) {
        m_hygieneFlow->addWidget(new Pill(finding, Tone::Warn, m_hygiene));
    }
}

void ProfilePanel::copySecret() {
    m_read = m_session.revealSecret(m_id, [this](const Result<Secret>& secret) {
        if (secret)
            m_clipboard->copy(*secret);
        else
            Q_EMIT m_session.message(secret.error().text());
    });
}

} // namespace kb
