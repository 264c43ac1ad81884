// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/run/exchange_maker.h"
#include "core/run/live_credential.h"
#include "core/run/run.h"

namespace kb {

/// The steps of a run. Every completion of a port is posted to the run's own event loop first, so that a slot
/// may delete the run while the port is still inside its call.
struct Run::Private {
    Private(Run* run, Services ports, RunInput from);
    ~Private();

    template<class Step> void later(Step step) {
        QMetaObject::invokeMethod(q, std::move(step), Qt::QueuedConnection);
    }

    void begin();
    /// Builds the request with a stand-in for each secret variable, then reads the secrets one by one.
    void readVariableSecrets();
    void readNextVariableSecret();
    void gotVariableSecret(Result<SecretRecord> record);
    void buildWithSecrets();
    void identify();
    void readSecret();
    void gotSecret(Result<SecretRecord> record);
    void sendLooseBearer();
    /// Makes the flow of the scheme, and sends what it begins with.
    void authenticate(const AuthScheme& scheme, const SecretRecord& record, std::optional<qint64> userExpiry);
    /// Puts the profile's further keys in, once: what signs the request covers them.
    Result<void> placeKeys(const SecretRecord& record);
    void markPlaced(const PlacedCredential& placed);
    /// The credential with its defect; what is minted for each request is a bearer token then.
    Result<Secret> forged(const SecretRecord& record);
    void sendEmptyCredential();
    void gotGrant(Result<GrantKeeper::Ready> ready);
    /// Whether a refused OAuth token is refreshed and the request sent again; else the answer stands.
    bool judgeGrant(const Response& response);
    GrantInput grantInput() const;
    void beginFlow();
    void adopt(FlowSend next);
    /// Whether the flow wants to send again; else the answer stands.
    bool resumeFlow(const Response& response);
    FlowContext flowContext();
    void send();
    void gotProgress(qint64 received, qint64 expected);
    void gotLimit(const TransportReply& soFar);
    void gotReply(Result<TransportReply> reply);
    void gotHop(Exchange hop, const Response& live);
    /// Whether the answer's redirect was followed; else the run is at its end or has finished with an error.
    bool followRedirect(const Response& response);
    void finish(std::optional<Error> error);
    void wipeRequest();

    Error cancelledError() const;
    std::optional<int> timeLeftMs() const; ///< nullopt: the time is up
    DoctorContext doctorContext() const;

    Run* q;
    Services services;
    RunInput input;
    TrustedTime time;
    bool started = false;
    bool cancelled = false;
    bool finished = false;
    bool anySent = false;
    bool replyArrived = false; ///< the transfer has completed, and its reply waits in the event loop
    bool masking = false;      ///< a reply is being made into an exchange
    bool progressWaits = false;
    qint64 received = 0;
    qint64 expected = -1;

    Request request; ///< the hop under way, with its credential
    Request plain;   ///< the same before the flow put its credential in
    AuthScheme scheme;
    std::unique_ptr<AuthFlow> flow;
    std::shared_ptr<const ConnectionLogin> login; ///< what the transport logs in with; null for none
    std::shared_ptr<const Secret> certificate;    ///< the client certificate; null for none
    SentWith sentWith;
    std::shared_ptr<Redactor> redactor = std::make_shared<Redactor>(); ///< grows while a flow goes on
    QList<SecretSource> wantedSecrets;   ///< secret variables that the request names
    std::vector<Secret> variableSecrets; ///< their values, in that order
    QString standIn;                     ///< for each of them, in a trial of the request
    LiveCredential credential;
    PlacedCredential besides; ///< where the profile's further keys went
    bool keysPlaced = false;
    QList<QByteArray> credentialFields; ///< what no redirect carries to another origin
    bool credentialDropped = false;
    QString droppedAt;
    QString hopNote;
    QString lane;
    int redirects = 0;
    int flowSends = 0;
    bool readAgain = false;
    qint64 firstSendMs = -1; ///< boot clock
    qint64 answeredMs = 0;
    RunResult result;

    // Last, so that they end first: their callbacks name the members above.
    HandlePtr secretRead;
    HandlePtr grantWait;
    std::unique_ptr<Transfer> transfer;
};

} // namespace kb
