// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/http/message.h"

#include <functional>
#include <memory>

namespace kb {

struct ProxySetting {
    enum class Kind { System, None, Manual };
    Kind kind = Kind::System;
    QString url; ///< of Kind::Manual: http://host:port, https://…, socks5://…, socks5h://…
};

/// A login that belongs to a connection and takes several exchanges on it (NTLM; RFC 4559). The transport
/// speaks it; nothing of it stands in the request.
struct ConnectionLogin {
    bool negotiate = false; ///< with the desktop's Kerberos ticket; else NTLM
    QString user;           ///< of NTLM: "DOMAIN\\user" or "user"
    Secret password;        ///< of NTLM
};

struct TransportOptions {
    int timeoutMs = 30000; ///< of this request; 0 means none
    bool verifyTls = true;
    QString caFile; ///< PEM; empty means the system's
    ProxySetting proxy;
    qint64 bodyLimit = 100 * 1024 * 1024; ///< decoded bytes; at the limit the transfer pauses. 0 means none
    QString lane; ///< connections are shared within one lane only: the profile's id, or "anonymous"
    std::shared_ptr<const ConnectionLogin> login; ///< null for none
    /// The client's certificate, those above it and its private key as PEM; null for none.
    std::shared_ptr<const Secret> clientCertificate;
};

/// Milliseconds since the request began; -1 where a phase did not happen (a reused connection has no name
/// lookup).
struct Timings {
    double nameLookup = -1;
    double connect = -1;
    double tls = -1;
    double requestSent = -1;
    double firstByte = -1;
    double total = 0;
};

struct ConnectionInfo {
    QString peerAddress; ///< "127.0.0.1:8080"
    QString localAddress;
    QString proxy;      ///< empty if none
    QString tlsVersion; ///< "TLSv1.3", or empty
    QString tlsCipher;
    QString certificateSubject;
    QString certificateIssuer;
    qint64 certificateExpires = 0; ///< Unix seconds
    bool certificateVerified = false;
    bool reused = false;
};

/// An exchange of a login before the one that counts.
struct LoginLeg {
    HeaderList sentHeaders; ///< as they went out
    int status = 0;
    QByteArray reason;
    HeaderList headers;
};

struct TransportReply {
    Response response;
    Timings timings;
    ConnectionInfo connection;
    HeaderList sentHeaders; ///< the field lines as they went out, transport-made ones included
    QList<LoginLeg> legs;   ///< of a login, in their order; the body went out with the last exchange only
    qint64 startedMs = 0;   ///< Unix time
};

/// A request under way.
class Transfer : public Handle {
public:
    /// After limitReached: goes on to `newLimit` bytes (0: without limit).
    virtual void keepGoing(qint64 newLimit) = 0;
    /// Ends now; finished comes with what there is and BodyEnd::Cancelled or LimitReached if an answer had
    /// begun, else with ErrorCode::Cancelled.
    virtual void stop() = 0;
};

struct TransferCallbacks {
    std::function<void(qint64 received, qint64 expected)> progress; ///< expected -1 where not announced
    /// The body reached its limit and the transfer is paused. Not set: the transfer ends there by itself.
    std::function<void(const TransportReply& soFar)> limitReached;
    std::function<void(Result<TransportReply>)> finished; ///< exactly once, later
};

/// Sends exactly one request and follows nothing: no redirects, no cookies, no credentials of its own.
/// An answer with any status is a reply; only the lack of an answer is an error.
class Transport {
public:
    virtual ~Transport() = default;
    virtual std::unique_ptr<Transfer> send(Request request, TransportOptions options,
                                           TransferCallbacks callbacks) = 0;
};

} // namespace kb
