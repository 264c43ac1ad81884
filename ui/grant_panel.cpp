// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/grant_panel.h"

#include "core/auth/oauth_answer.h"
#include "core/auth/relative_time.h"
#include "core/run/token_holders.h"
#include "ui/flow_layout.h"
#include "ui/profile_timeline_dialog.h"
#include "ui/registration_dialog.h"
#include "ui/rotate_dialog.h"

#include <QDateTime>
#include <QLabel>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

namespace kb {

namespace {

constexpr int eventsShown = 6;
constexpr qsizetype claimsShown = 12;

/// What the server says, a member a line; more than fits is left out and said. Times are local ones, with
/// how far they are from `now`.
QStringList memberLines(const JsonValue& said, double now) {
    const Redactor plain; // the values are masked already; this takes line breaks and the like out
    QStringList lines;
    for (const auto& [name, value] : said.members.mid(0, claimsShown)) {
        QString text = value.isString() ? value.string : QString::fromUtf8(writeJson(value));
        static const QStringList times{QStringLiteral("exp"), QStringLiteral("iat"), QStringLiteral("nbf")};
        if (times.contains(name) && value.isNumber() && std::abs(value.toDouble()) < 1e12)
            text = QStringLiteral("%1 (%2)").arg(
                QLocale().toString(QDateTime::fromSecsSinceEpoch(qint64(value.toDouble())),
                                   QStringLiteral("d MMM yyyy HH:mm:ss")),
                relativeTimeText(value.toDouble(), now));
        lines << QStringLiteral("  %1: %2")
                     .arg(serverText(name, plain).left(60), serverText(text, plain).left(200));
    }
    if (said.members.size() > claimsShown)
        lines << GrantPanel::tr("and %n more.", nullptr, int(said.members.size() - claimsShown));
    return lines;
}

} // namespace

GrantPanel::GrantPanel(Session& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_runner(new GrantRunner(session, *this)) {
    m_buttons = new QWidget(this);
    auto* flow = new FlowLayout(m_buttons, 6, 6);
    const auto button = [&](const QString& text, const QString& tip) {
        auto* made = new QPushButton(text, m_buttons);
        made->setToolTip(tip);
        made->setAccessibleDescription(tip);
        flow->addWidget(made);
        return made;
    };
    m_refresh = button(tr("Refresh now"), tr("Gets a new token without asking anybody."));
    m_login = button(tr("Log in…"), tr("Gets a new token as the profile says, in the browser if need be."));
    m_revoke = button(tr("Revoke"), tr("Ends the token at the server and takes it out of the keychain."));
    m_rotate =
        button(tr("Rotate…"), tr("For a compromised token: revokes it, wipes it, and obtains a new one."));
    m_introspect = button(tr("Ask the server"), tr("Asks the server what it knows of the token."));
    m_userinfo = button(tr("Who is it?"), tr("Asks the server which user the token stands for (userinfo)."));
    m_registration =
        button(tr("Registration…"), tr("What the server keeps of the client that was registered from here."));
    const auto text = [this] {
        auto* label = new QLabel(this);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        return label;
    };
    m_life = text();
    m_life->setProperty("muted", true);
    m_outcome = text();
    m_eventsHeading = new QLabel(tr("Timeline"), this);
    m_eventsHeading->setProperty("heading", true);
    m_eventsHeading->setContentsMargins(0, 10, 0, 2);
    m_events = text();
    m_events->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_allEvents = new QPushButton(tr("Show all…"), this);
    m_allEvents->setToolTip(tr("All that is known to have happened to this profile."));
    connect(m_allEvents, &QPushButton::clicked, this, [this] {
        auto* dialog = new ProfileTimelineDialog(m_session, m_id, window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(5);
    layout->addWidget(m_life);
    layout->addWidget(m_buttons);
    layout->addWidget(m_outcome);
    layout->addWidget(m_eventsHeading);
    layout->addWidget(m_events);
    layout->addWidget(m_allEvents, 0, Qt::AlignLeft);
    connect(m_refresh, &QPushButton::clicked, this, [this] { act(GrantOperation::Kind::Renew); });
    connect(m_login, &QPushButton::clicked, this, [this] { act(GrantOperation::Kind::Login); });
    connect(m_revoke, &QPushButton::clicked, this, [this] { act(GrantOperation::Kind::Revoke); });
    connect(m_introspect, &QPushButton::clicked, this, [this] { act(GrantOperation::Kind::Introspect); });
    connect(m_userinfo, &QPushButton::clicked, this, [this] { act(GrantOperation::Kind::Userinfo); });
    connect(m_rotate, &QPushButton::clicked, this, &GrantPanel::rotate);
    connect(m_registration, &QPushButton::clicked, this, [this] {
        auto* dialog = new RegistrationDialog(m_session, m_id, window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
        dialog->ask();
    });
    connect(&session, &Session::profileStateChanged, this, [this](const QString& id) {
        if (id == m_id) refresh();
    });
    connect(&session, &Session::profilesChanged, this, &GrantPanel::refresh);
    connect(m_runner, &GrantRunner::busyChanged, this, &GrantPanel::refresh);
    connect(m_runner, &GrantRunner::givenUp, this, [this] {
        m_said << tr("The login was given up.");
        m_outcome->setText(m_said.join(QLatin1Char('\n')));
        m_outcome->show();
    });
    connect(&session, &Session::profileEventsChanged, this, [this](const QString& id) {
        if (id == m_id) refreshEvents();
    });
    m_outcome->hide();
    refresh();
}

GrantPanel::~GrantPanel() = default;

void GrantPanel::setProfile(const QString& profileId) {
    m_id = profileId;
    m_outcome->hide();
    refresh();
}

void GrantPanel::refresh() {
    const TokenProfile* profile = m_session.workspace().profile(m_id);
    const bool grant = profile && isGrant(profile->scheme);
    const bool oauth = profile && std::holds_alternative<OAuthScheme>(profile->scheme);
    const ProfileState* state = m_session.state(m_id);
    const TokenFacts* facts = state && state->facts ? &*state->facts : nullptr;
    m_buttons->setVisible(grant);
    m_life->setVisible(grant);
    // A login of the API's own has nowhere to ask or to revoke at.
    for (QPushButton* button : {m_revoke, m_rotate, m_introspect, m_userinfo})
        button->setVisible(oauth);
    m_registration->setVisible(oauth && state && state->registered);
    refreshEvents();
    if (!grant) return;
    const RenewalWish wish = renewalWish(profile->scheme);
    const bool busy = m_runner->isBusy();
    const bool has = facts && !facts->missing;
    m_refresh->setEnabled(!busy && facts && facts->refreshable);
    m_login->setEnabled(!busy);
    m_revoke->setEnabled(!busy && has);
    m_rotate->setEnabled(!busy && has);
    m_introspect->setEnabled(!busy && has);
    m_userinfo->setEnabled(!busy && has);
    if (!profile->declared.stale.isEmpty())
        m_life->setText(
            tr("Kept as it is on purpose: %1. It is never refreshed.").arg(profile->declared.stale));
    else if (facts && facts->refreshable && wish.ahead)
        m_life->setText(tr("Refreshes by itself %1 s before expiry.").arg(wish.leewayS));
    else if (facts && facts->refreshable)
        m_life->setText(tr("Can be refreshed; does not do so by itself."));
    else
        m_life->setText(tr("A new token needs a login."));
}

void GrantPanel::refreshEvents() {
    const QList<ProfileEvent> events = m_session.events(m_id);
    QStringList lines;
    for (const ProfileEvent& event : events.mid(0, eventsShown))
        lines << QStringLiteral("%1 %2  %3")
                     .arg(profileEventSign(event.kind), profileEventTime(event), event.text);
    m_eventsHeading->setVisible(!lines.isEmpty());
    m_events->setVisible(!lines.isEmpty());
    m_allEvents->setVisible(events.size() > eventsShown);
    m_events->setText(lines.join(QLatin1Char('\n')));
}

void GrantPanel::say(const GrantAnswer& answer) {
    if (answer.error)
        m_said << answer.error->text();
    else if (answer.introspection) {
        m_said << (answer.introspection->active ? tr("The server says: this token is active.")
                                                : tr("The server says: this token is not active."));
        JsonValue rest = answer.introspection->all;
        erase_if(rest.members, [](const JsonValue::Member& each) { return each.first == u"active"; });
        m_said += memberLines(rest, m_session.nowSeconds());
    } else if (answer.userinfo) {
        m_said << tr("The server says whom the token stands for:");
        m_said += memberLines(answer.userinfo->claims, m_session.nowSeconds());
    } else
        m_said << answer.note;
    if (answer.oldToken) {
        m_said << answer.oldToken->sentence;
        if (answer.oldToken->isStillGood())
            m_said << tr("Whoever has the old token can still use it. Tell those who run the server.");
    }
    m_said += answer.findings;
    showSaid();
}

void GrantPanel::showSaid() {
    m_said.removeAll(QString());
    m_outcome->setText(m_said.join(QLatin1Char('\n')));
    m_outcome->setVisible(!m_said.isEmpty());
}

void GrantPanel::act(GrantOperation::Kind kind) {
    m_said.clear();
    m_outcome->hide();
    m_runner->run(m_id, kind, [this, id = m_id](const GrantAnswer& answer) {
        if (id == m_id) say(answer);
    });
}

struct GrantPanel::Rotation {
    SecretRecord old;
    SecretRef ref;
    SecretStore* store = nullptr;
    QList<TokenHolder> holders;

    QStringList titles() const {
        QStringList all;
        for (const TokenHolder& holder : holders)
            all << holder.place.title;
        return all;
    }
};

void GrantPanel::rotate() {
    const TokenProfile* profile = m_session.workspace().profile(m_id);
    const ProfileBinding* binding = profile ? profile->bindingFor(m_session.environmentName()) : nullptr;
    if (!binding) return;
    auto* dialog = new RotateDialog(profile->name, m_session.lastGoodGet(m_id), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    // Whoever else keeps the token keeps a compromised one.
    UiServices& services = m_session.services();
    const auto rotation = std::make_shared<Rotation>();
    rotation->ref = binding->secret;
    rotation->store = profile->storage == SecretStorage::Memory ? &services.memorySecrets : &services.secrets;
    const QList<SecretPlace> places =
        secretPlaces(m_session.workspace(), services.secrets, services.memorySecrets, rotation->ref);
    m_reading = rotation->store->read(
        rotation->ref, [this, rotation, places, shown = QPointer(dialog)](Result<SecretRecord> record) {
            if (!record) return;
            rotation->old = std::move(*record);
            m_searching =
                findTokenHolders(places, rotation->old, [rotation, shown](const QList<TokenHolder>& holders) {
                    rotation->holders = holders;
                    if (shown) shown->setHolders(rotation->titles());
                });
        });
    connect(dialog, &QDialog::accepted, this, [this, dialog, rotation, id = m_id] {
        m_said.clear();
        m_outcome->hide();
        m_runner->run(
            id, GrantOperation::Kind::Rotate,
            [this, id, rotation, replace = dialog->replacesElsewhere()](const GrantAnswer& answer) {
                if (id == m_id) say(answer);
                if (!answer.error) afterRotation(rotation, replace);
            },
            dialog->tryOldAt());
    });
    dialog->open();
}

void GrantPanel::afterRotation(const std::shared_ptr<Rotation>& rotation, bool replace) {
    if (rotation->holders.isEmpty()) return;
    if (!replace) {
        m_said
            << tr("The old token is still kept in: %1.").arg(rotation->titles().join(QStringLiteral(", ")));
        return showSaid();
    }
    m_reading = rotation->store->read(rotation->ref, [this, rotation](const Result<SecretRecord>& now) {
        if (!now) {
            m_said << now.error().text();
            return showSaid();
        }
        m_replacing =
            replaceInHolders(rotation->holders, rotation->old, *now, [this](const QStringList& said) {
                m_said += said;
                showSaid();
                for (const TokenProfile& each : m_session.workspace().profiles)
                    if (each.id != m_id) m_session.reloadProfile(each.id);
            });
    });
}

} // namespace kb
