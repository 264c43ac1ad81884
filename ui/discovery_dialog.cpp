// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/discovery_dialog.h"

#include "core/auth/oauth_answer.h"
#include "ui/session.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

namespace {

/// Text of a server, fit to be shown.
QString fromServer(const QString& text) {
    return serverText(text, Redactor());
}

} // namespace

DiscoveryDialog::DiscoveryDialog(Session& session, const QString& url, const QList<QByteArray>& challenges,
                                 QWidget* parent)
    : QDialog(parent), m_session(session), m_url(url), m_challenges(challenges) {
    setWindowTitle(tr("Where the tokens come from"));
    const auto label = [this] {
        auto* made = new QLabel(this);
        made->setWordWrap(true);
        made->setTextFormat(Qt::PlainText);
        made->setTextInteractionFlags(Qt::TextSelectableByMouse);
        made->setMinimumWidth(420);
        return made;
    };
    m_text = label();
    m_servers = new QComboBox(this);
    m_servers->setAccessibleName(tr("Authorization server"));
    m_servers->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_note = label();
    m_note->setProperty("muted", true);
    m_note->setText(
        tr("Nothing has been sent to it. If you know it and trust it, it is asked for its addresses. A "
           "profile is made only after you have looked at it."));
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_ask = m_buttons->addButton(tr("Ask this server"), QDialogButtonBox::ActionRole);
    m_ask->setDefault(true);
    connect(m_ask, &QPushButton::clicked, this, &DiscoveryDialog::askServer);
    m_register = m_buttons->addButton(tr("Register there"), QDialogButtonBox::ActionRole);
    m_haveId = m_buttons->addButton(tr("I have a client id"), QDialogButtonBox::ActionRole);
    connect(m_register, &QPushButton::clicked, this, &DiscoveryDialog::registerThere);
    connect(m_haveId, &QPushButton::clicked, this, [this] {
        Q_EMIT found(m_scheme, origin());
        accept();
    });
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    for (QWidget* each : std::initializer_list<QWidget*>{m_text, m_servers, m_note, m_buttons})
        layout->addWidget(each);
    for (QWidget* each : std::initializer_list<QWidget*>{m_servers, m_note, m_register, m_haveId})
        each->hide();
    m_ask->setEnabled(false);
}

DiscoveryDialog::~DiscoveryDialog() = default;

void DiscoveryDialog::say(const QString& text, bool problem) {
    m_text->setText(text);
    m_text->setAccessibleDescription(problem ? tr("Problem") : QString());
    adjustSize();
}

void DiscoveryDialog::failed(const Error& error) {
    m_fetch.reset();
    m_ask->setEnabled(m_resource.has_value());
    say(error.text(), true);
}

void DiscoveryDialog::ask() {
    const Result<HttpUrl> url = HttpUrl::parse(m_url);
    if (!url) return failed(url.error());
    const Result<QList<MetadataPlace>> places = resourceMetadataPlaces(*url, m_challenges);
    if (!places) return failed(places.error());
    say(tr("Asking %1…").arg(url->origin().text()));
    m_fetch = fetchResourceMetadata(m_session.services().transport, *places, {{}, m_session.proxySetting()},
                                    [this](const Result<ResourceMetadata>& resource) {
                                        resource ? showResource(*resource) : failed(resource.error());
                                    });
}

void DiscoveryDialog::showResource(const ResourceMetadata& resource) {
    m_fetch.reset();
    if (resource.authorizationServers.isEmpty())
        return failed({ErrorCode::NotFound, tr("The API describes itself and names no authorization server."),
                       fromServer(resource.resource), tr("Enter the issuer by hand in a new profile."), -1});
    m_resource = resource;
    const QString who = fromServer(resource.name.isEmpty() ? resource.resource : resource.name);
    QString text = tr("%1 says that its tokens come from here:").arg(who);
    if (!resource.scopes.isEmpty())
        text += QLatin1Char('\n') + tr("It knows the scopes %1.").arg(fromServer(resource.scopes.join(u' ')));
    for (const QString& server : resource.authorizationServers)
        m_servers->addItem(fromServer(server), server);
    m_servers->show();
    m_note->show();
    m_ask->setEnabled(true);
    m_ask->setFocus(Qt::OtherFocusReason);
    say(text);
}

void DiscoveryDialog::askServer() {
    const QString issuer = m_servers->currentData().toString();
    m_ask->setEnabled(false);
    m_fetch = fetchServerMetadata(m_session.services().transport, issuer, {{}, m_session.proxySetting()},
                                  [this](const Result<ServerMetadata>& server) {
                                      server ? showServer(*server) : failed(server.error());
                                  });
}

QString DiscoveryDialog::origin() const {
    const Result<HttpUrl> url = HttpUrl::parse(m_url);
    return url ? url->origin().text() : QString();
}

void DiscoveryDialog::showServer(const ServerMetadata& server) {
    m_fetch.reset();
    m_scheme = discoveredScheme(*m_resource, server);
    if (!server.endpoints.registration) {
        Q_EMIT found(m_scheme, origin());
        return accept();
    }
    for (QWidget* each : std::initializer_list<QWidget*>{m_servers, m_note, m_ask})
        each->hide();
    for (QWidget* each : std::initializer_list<QWidget*>{m_register, m_haveId})
        each->show();
    m_ask->setDefault(false); // a second press of Enter registers nothing
    m_buttons->button(QDialogButtonBox::Cancel)->setFocus(Qt::OtherFocusReason);
    say(tr("A login there needs a client id. %1 lets programs register themselves: it then knows this one as "
           "a client of "
           "the name Keybearer.")
            .arg(fromServer(server.issuer)));
}

/// While the server makes a client, nothing may lose what it is called.
void DiscoveryDialog::setRegistering(bool on) {
    m_registering = on;
    m_buttons->setEnabled(!on);
}

void DiscoveryDialog::reject() {
    if (!m_registering) QDialog::reject();
}

void DiscoveryDialog::registerThere() {
    RegistrationWish wish;
    wish.issuer = m_scheme.issuer;
    wish.scheme = m_scheme;
    wish.clientName = QStringLiteral("Keybearer");
    wish.proxy = m_session.proxySetting();
    setRegistering(true);
    m_fetch = registerClient(m_session.services().transport, m_session.services().clock, std::move(wish),
                             [this](const Result<std::shared_ptr<RegisteredClient>>& client) {
                                 setRegistering(false);
                                 if (!client) return failed(client.error());
                                 Q_EMIT registered(*client, origin());
                                 accept();
                             });
}

} // namespace kb
