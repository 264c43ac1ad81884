// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/client_registrar.h"
#include "core/run/resource_discovery.h"

#include <QDialog>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QPushButton;

namespace kb {

class Session;

/// From a 401 to a login: asks the API where its tokens come from (RFC 9728), shows what it says, and asks a
/// server it names for its addresses only after the user said so.
class DiscoveryDialog final : public QDialog {
    Q_OBJECT
public:
    /// `url` was answered with the challenges. Nothing is sent before ask().
    DiscoveryDialog(Session& session, const QString& url, const QList<QByteArray>& challenges,
                    QWidget* parent = nullptr);
    ~DiscoveryDialog() override;
    void ask();
    void reject() override;

Q_SIGNALS:
    /// A scheme for a new profile, and the origin of the API it is for.
    void found(const kb::AuthScheme& scheme, const QString& origin);
    /// The same, of a client that the server has registered meanwhile.
    void registered(const std::shared_ptr<kb::RegisteredClient>& client, const QString& origin);

private:
    void say(const QString& text, bool problem = false);
    void showResource(const ResourceMetadata& resource);
    void askServer();
    void showServer(const ServerMetadata& server);
    void registerThere();
    void setRegistering(bool on);
    QString origin() const;
    void failed(const Error& error);

    Session& m_session;
    QString m_url;
    QList<QByteArray> m_challenges;
    std::optional<ResourceMetadata> m_resource;
    OAuthScheme m_scheme; ///< once the server is known
    QLabel* m_text;
    QComboBox* m_servers;
    QLabel* m_note;
    QDialogButtonBox* m_buttons;
    bool m_registering = false;
    QPushButton *m_ask, *m_register, *m_haveId;
    HandlePtr m_fetch; ///< last: its callbacks name the members above
};

} // namespace kb
