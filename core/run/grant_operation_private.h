// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/dpop.h"
#include "core/auth/login_request.h"
#include "core/auth/oauth_code.h"
#include "core/auth/oauth_device.h"
#include "core/run/grant_operation.h"
#include "core/run/key_source.h"
#include "core/run/oauth_call.h"
#include "core/run/resource_discovery.h"

#include <QTimer>

namespace kb {

struct RunResult;

/// The steps of an operation. Every completion of a port is posted to the operation's own event loop first,
/// so that what it starts may delete the operation.
struct GrantOperation::Private {
    using Answer = std::function<void(const Response&)>;
    /// What it is made of must live until the answer: it may be made a second time.
    using MakeRequest = std::function<Result<Request>(const FlowContext&)>;

    Private(GrantOperation* operation, Services ports, GrantInput from, Kind what, LoginView look,
            QString seen, std::function<void(Result<GrantOutcome>)> whenDone);

    template<class Step> void later(Step step) {
        QMetaObject::invokeMethod(q, std::move(step), Qt::QueuedConnection);
    }
    FlowContext context() { return FlowContext{*redactor, time.nowMs(), randomSource}; }
    TransportOptions transportOptions() const;

    // In their order.
    void begin();
    void readRecord();
    void gotRecord(Result<SecretRecord> read);
    AuthScheme asked() const; ///< the scheme with its variables resolved
    void findServer();
    void discover(QList<HttpUrl> urls, std::optional<Error> first);
    void serverKnown();
    Result<void> makeClient();
    void act();

    void renew();
    void judgeRotation(const TokenSet& tokens);
    void obtainAlone();
    void login();
    void loginInBrowser();
    void openBrowser(const HttpUrl& url);
    bool redirected(const QByteArray& target);
    void exchangeCode();
    void loginWithDevice();
    void pollDevice();
    void revoke(bool refreshToken);
    void revocationFailed(std::function<void()> tell);
    void introspect();
    void userinfo();

    // Of a rotation (grant_rotation.cpp), in their order.
    void rotate();
    struct Trial; ///< one request with the old token, or with none
    void tryOld(bool anonymous, std::function<void(const RunResult&)> tried);
    void endOld();
    void obtainAfterOld();
    void afterTokens(); ///< new tokens are in the store
    void askAboutOld();
    void tryOldAgain();
    void askAbout(const Secret& token, TokenHint hint, std::function<void(std::optional<bool>)> said);
    void sayWhatOldCanDo();

    // Of a login of the API's own.
    void actOnLogin();
    void sendLogin(const QString& note);
    void sendLoginRefresh();
    void callLogin(const Result<Request>& request, std::function<void(OAuthResult<LoginTokens>)> got);
    void gotLogin(OAuthResult<LoginTokens> tokens, bool byLogin, const QString& note);

    /// `prepare` makes anew what the grant presents, where that may be used once only.
    void requestToken(const TokenGrant& grant, std::function<void(OAuthResult<TokenSet>)> got,
                      std::function<Result<void>(const FlowContext&)> prepare = {});
    void gotTokens(OAuthResult<TokenSet> tokens, bool byLogin, const QString& note);
    void keepTokens(TokenSet tokens, bool byLogin);
    /// An id_token that is not right ends a login. Of a refresh it is left out and told, so that the new
    /// refresh token is not lost.
    Result<void> judgeIdToken(TokenSet& tokens, bool byLogin);
    /// The same of its signature. Keys that are not to be had end nothing: that is told.
    void verifyIdToken(const std::shared_ptr<TokenSet>& tokens, bool byLogin, std::function<void()> then);
    /// Sends to the authorization server; `answer` gets a response, an error ends the operation unless
    /// `unanswered` takes it. A proof is of the access token too where one is given. `remake` makes the
    /// request for a second send: an assertion in it has an id of its own (RFC 7523 §3), and servers remember
    /// those.
    void call(const Request& request, bool withProof, Answer answer,
              std::function<void(const Error&)> unanswered = {}, const Secret* accessToken = nullptr,
              MakeRequest remake = {});
    /// With a proof where the profile proves possession; made anew for each send.
    void callMade(const MakeRequest& make, Answer answer, std::function<void(const Error&)> unanswered = {});
    void save(std::function<void()> then);
    void write(std::function<void()> then);
    void fail(const OAuthFailure& failure);
    void finish(Error error);
    void finish();

    bool missing(const std::optional<HttpUrl>& url, const QString& name);

    GrantOperation* q;
    Services services;
    GrantInput input;
    Kind kind;
    LoginView view;
    QString seenObtained;
    std::function<void(Result<GrantOutcome>)> done;
    std::function<QByteArray(qsizetype)> randomSource;
    TrustedTime time;

    OAuthScheme scheme;
    std::optional<LoginScheme> loginScheme; ///< instead of it
    SecretRef ref;
    GrantServer server;
    std::optional<ServerMetadata> metadata;
    OAuthClient client;
    Secret clientSecret; ///< the client's own copy: the record is replaced with every save
    bool refreshRevoked = false;
    std::optional<SigningKey> assertionKey;
    Secret code;           ///< of a login in the browser, while it is exchanged
    Secret grantAssertion; ///< of the JWT bearer grant
    std::shared_ptr<const SigningKey> dpopKey;
    std::shared_ptr<DpopNonces> dpopNonces;
    std::shared_ptr<Redactor> redactor = std::make_shared<Redactor>();
    GrantOutcome outcome;
    std::optional<OAuthFailure> failure;
    std::optional<SecretRecord> old; ///< of a rotation: as it was before
    bool revoked = false;
    bool unsaved = false;
    bool over = false;
    bool readAgain = false;
    bool saveAgain = false;
    SecretRecord stored; ///< as the store last had it

    std::optional<CodeFlow> codeFlow;
    std::optional<DeviceAuthorization> device;
    std::optional<DevicePoll> poll;
    QTimer timer;

    // Last, so that they end first: their callbacks name the members above.
    HandlePtr lockWait;
    HandlePtr held;
    HandlePtr storeCall;
    std::unique_ptr<Transport> keyTransport; ///< what the fetch sends with
    HandlePtr keyFetch;                      ///< of the issuer's keys
    std::unique_ptr<RedirectWait> redirectWait;
    std::unique_ptr<OAuthCall> oauthCall;
    std::shared_ptr<Trial> trial; ///< shared, since its type is known in one file only
};

} // namespace kb
