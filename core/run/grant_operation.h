// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/dpop.h"
#include "core/auth/grant_ports.h"
#include "core/auth/grant_record.h"
#include "core/auth/oauth_code.h"
#include "core/auth/userinfo.h"
#include "core/base/clock.h"
#include "core/run/exchange.h"
#include "core/run/variables.h"

#include <QObject>

namespace kb {

class KeyCache;

/// Whose grant it is, and how its server is reached.
struct GrantInput {
    TokenProfile profile; ///< isGrant() of its scheme
    QString environment;
    VariableMap variables;
    ProxySetting proxy;
    QString caFile;
    bool trustFile = false; ///< the secret comes from the process environment: the file's addresses count
    /// Of Rotate: where the user lets one GET be sent with the old token, before and after. Empty: nowhere.
    QString tryOldAt = {};
    StepUp stepUp = {}; ///< of Login in the browser
};

/// What the token that was replaced can still do, as far as somebody was asked.
struct OldToken {
    std::optional<bool> active;        ///< the issuer's word on it (RFC 7662)
    std::optional<bool> refreshActive; ///< and on its refresh token
    int before = 0, after = 0;         ///< the statuses of the request sent with it; 0: not sent or no answer
    bool open = false;                 ///< anybody gets that answer, so that it said nothing
    QString sentence;                  ///< all of it for people
    /// Somebody still takes it: a finding.
    bool isStillGood() const;
};

/// What came of an operation on a grant.
struct GrantOutcome {
    SecretRecord record;       ///< as it is in the store now
    QList<Exchange> exchanges; ///< with the authorization server, redacted
    QString note;              ///< what was done, a sentence
    QStringList findings;      ///< a sentence each
    std::optional<Introspection> introspection;
    std::optional<OldToken> oldToken = {}; ///< of Rotate, where there was one
    std::optional<Userinfo> userinfo = {};
    std::optional<bool> idTokenVerified = {}; ///< its signature; nullopt: none came, or nobody looked
    std::optional<qint64> serverAheadMs = {}; ///< the server's clock minus ours, by its last answer's Date
};

/// What a login shows while it waits for the user.
struct LoginView {
    std::function<void(const QString& url, bool opened)> browser; ///< opened false: the user has to do it
    std::function<void(const QString& userCode, const QString& url, const QString& completeUrl)> device;
};

/// One operation on a grant, under the grant's lock: refresh it, log in, revoke, introspect, ask
/// for its user, rotate. New tokens are in the store before anybody gets them. Owned by whoever started it;
/// deleting it cancels.
class GrantOperation final : public QObject {
public:
    enum class Kind {
        Renew, ///< by the refresh token, or anew where nobody is needed for it
        Login, ///< as the scheme says, whatever there is already
        Revoke,
        Introspect,
        Userinfo, ///< who the token stands for, by the server's word
        Rotate    ///< revoke, wipe, log in, and see what the old token can still do
    };
    struct Services {
        Transport& transport;
        SecretStore& secrets;
        const Clock& clock;
        GrantLock& lock;
        RedirectListener* listener = nullptr; ///< of logins in the browser
        BrowserOpener* browser = nullptr;
        /// What the grant's servers gave before (RFC 9449 §8); null: nothing is known yet.
        std::shared_ptr<DpopNonces> nonces = nullptr;
        std::shared_ptr<KeyCache> keys = nullptr; ///< of issuers; null: they are fetched for each login
    };
    /// `seenObtained`: the record's fact "obtained_ms" as the caller knows it. A Renew that finds another one
    /// under the lock takes what somebody else has obtained and asks for nothing.
    GrantOperation(Services services, GrantInput input, Kind kind, LoginView view, QString seenObtained,
                   std::function<void(Result<GrantOutcome>)> done);
    ~GrantOperation() override;
    void start(); ///< `done` comes later, at most once

    /// Why the server gave nothing, where it was the server.
    const std::optional<OAuthFailure>& failure() const;
    /// New tokens that the store did not take; nullptr if there are none.
    const SecretRecord* unsaved() const;
    /// What the store had before them.
    const SecretRecord& stored() const;
    /// The old tokens were revoked and are out of the store, whatever came after.
    bool revoked() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace kb
