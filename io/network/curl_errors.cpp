// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/curl_errors.h"
#include "io/network/transport_text.h"

#include <QDateTime>
#include <cerrno>
#include <openssl/x509_vfy.h>

namespace kb {
namespace {

Error make(ErrorCode code, QString what, const QString& where, QString next) {
    return Error{code, std::move(what), where, std::move(next), -1};
}

QString day(qint64 seconds) {
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd"));
}

QString switchOff() {
    return TransportText::tr("To look at it anyway, switch the TLS check off for this request.");
}

Error timedOut(const FailureFacts& f) {
    const double seconds = double(f.timeoutMs) / 1000.0;
    QString what;
    if (!f.nameFound)
        what = TransportText::tr("The name was not looked up within %1 s.").arg(seconds);
    else if (!f.connected)
        what = TransportText::tr("No connection came about within %1 s.").arg(seconds);
    else if (f.secure && !f.tlsDone)
        what = TransportText::tr("The TLS handshake did not end within %1 s.").arg(seconds);
    else if (!f.requestSent)
        what = TransportText::tr("The request was not sent within %1 s.").arg(seconds);
    else
        what = TransportText::tr("No answer came within %1 s.").arg(seconds);
    return make(ErrorCode::TimedOut, what, f.hostPort,
                TransportText::tr("Try again, or give the request a longer time limit."));
}

Error tlsFailed(const FailureFacts& f) {
    if (f.code == CURLE_PEER_FAILED_VERIFICATION) {
        const bool issuer = f.tls.verifyError == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
                            f.tls.verifyError == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
                            f.tls.verifyError == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                            f.tls.verifyError == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
        const QString first =
            issuer ? TransportText::tr("If you trust the issuer, choose its certificate as the CA file.")
                   : TransportText::tr("Ask the server's owner to mend the certificate.");
        return make(ErrorCode::TlsFailed, describeCertificate(f), f.hostPort,
                    first % QLatin1Char(' ') % switchOff());
    }
    if (f.detail.contains(QLatin1String("wrong version number")) ||
        f.detail.contains(QLatin1String("packet length too long")) ||
        f.detail.contains(QLatin1String("http request"))) {
        return make(
            ErrorCode::TlsFailed, TransportText::tr("The server does not speak TLS on this port."),
            f.hostPort,
            TransportText::tr("Check the port, or use http:// if the connection may be read by others."));
    }
    if (f.detail.contains(QLatin1String("certificate required")) ||
        f.detail.contains(QLatin1String("handshake failure"))) {
        return make(ErrorCode::TlsFailed,
                    TransportText::tr("The server refused the TLS handshake: %1.").arg(f.detail), f.hostPort,
                    TransportText::tr(
                        "It may want a client certificate or a TLS version that is switched off here."));
    }
    return make(ErrorCode::TlsFailed, TransportText::tr("The TLS handshake failed: %1.").arg(f.detail),
                f.hostPort,
                TransportText::tr("Check that the address and the port are those of an https server."));
}

Error connectFailed(const FailureFacts& f) {
    const bool proxied = !f.proxy.isEmpty();
    QString what;
    switch (f.osError) {
    case ECONNREFUSED:
        what = TransportText::tr("The connection was refused: nothing listens there.");
        break;
    case ENETUNREACH:
        what = TransportText::tr("The network cannot be reached.");
        break;
    case EHOSTUNREACH:
        what = TransportText::tr("The host cannot be reached.");
        break;
    default:
        what = TransportText::tr("No connection came about: %1.").arg(f.detail);
        break;
    }
    if (proxied) {
        return make(ErrorCode::ProxyFailed, TransportText::tr("The proxy cannot be reached. %1").arg(what),
                    f.proxy, TransportText::tr("Check the proxy setting, or send without a proxy."));
    }
    return make(ErrorCode::ConnectFailed, what, f.hostPort,
                TransportText::tr("Check that the server runs and that host and port are right."));
}

Error proxyFailed(const FailureFacts& f) {
    if (f.connectStatus == 407) {
        return make(ErrorCode::ProxyFailed,
                    TransportText::tr("The proxy wants a user name and a password (407)."), f.proxy,
                    TransportText::tr(
                        "Put them into the proxy's address, as in http://user:password@proxy.example:3128."));
    }
    if (f.connectStatus != 0) {
        return make(
            ErrorCode::ProxyFailed,
            TransportText::tr("The proxy refused the tunnel to %1 with status %2.")
                .arg(f.hostPort)
                .arg(f.connectStatus),
            f.proxy,
            TransportText::tr("Ask whether the proxy allows this host and port, or send without a proxy."));
    }
    return make(ErrorCode::ProxyFailed, TransportText::tr("The proxy gave no way through: %1.").arg(f.detail),
                f.proxy, TransportText::tr("Check the proxy setting, or send without a proxy."));
}

Error receiveFailed(const FailureFacts& f) {
    if (f.code == CURLE_GOT_NOTHING) {
        return make(ErrorCode::ReceiveFailed,
                    TransportText::tr("The server closed the connection without an answer."), f.hostPort,
                    TransportText::tr("Try again; if it stays, look into the server's log."));
    }
    const QString what = f.interimSeen
                             ? TransportText::tr("The connection broke after an interim answer: %1.")
                             : TransportText::tr("The connection broke before an answer came: %1.");
    return make(ErrorCode::ReceiveFailed, what.arg(f.detail), f.hostPort,
                TransportText::tr("Try again; if it stays, look into the server's log."));
}

} // namespace

QString describeCertificate(const FailureFacts& f) {
    const TlsFacts& tls = f.tls;
    switch (tls.verifyError) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return TransportText::tr("The certificate of %1 expired on %2.").arg(tls.subject, day(tls.notAfter));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return TransportText::tr("The certificate of %1 is not valid before %2.")
            .arg(tls.subject, day(tls.notBefore));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return TransportText::tr("The server's certificate is self-signed (%1), so nobody vouches for it.")
            .arg(tls.subject);
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return TransportText::tr("The certificate comes from an authority that is not trusted here: %1.")
            .arg(tls.subject);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return TransportText::tr("The certificate's issuer is not known here: %1.").arg(tls.issuer);
    case X509_V_OK:
        break;
    default:
        return TransportText::tr("The certificate of %1 was refused: %2.")
            .arg(tls.subject, verifyErrorText(tls.verifyError));
    }
    if (!tls.names.isEmpty()) {
        return TransportText::tr("The certificate is for %1, not for %2.")
            .arg(tls.names.join(QLatin1String(", ")), f.host);
    }
    return TransportText::tr("The server's certificate was refused: %1.").arg(f.detail);
}

bool isHeaderLimit(CURLcode code, const QString& detail) {
    return code == CURLE_OUT_OF_MEMORY || code == CURLE_WRITE_ERROR ||
           detail.contains(QLatin1String("Too large response headers"));
}

Error describeFailure(const FailureFacts& f) {
    if (isHeaderLimit(f.code, f.detail)) {
        return make(ErrorCode::ProtocolError,
                    TransportText::tr("The answer's header fields are too long to be read."), f.hostPort,
                    TransportText::tr("Look into what the server puts into its header fields."));
    }
    switch (f.code) {
    case CURLE_URL_MALFORMAT:
        return make(ErrorCode::InvalidInput, TransportText::tr("The URL cannot be used: %1.").arg(f.detail),
                    f.hostPort, TransportText::tr("Check host and port."));
    case CURLE_COULDNT_RESOLVE_HOST:
        return make(
            ErrorCode::NameNotFound, TransportText::tr("There is no host named %1.").arg(f.host), f.hostPort,
            TransportText::tr("Check the spelling, the environment's base URL and the network connection."));
    case CURLE_COULDNT_RESOLVE_PROXY:
        return make(ErrorCode::ProxyFailed, TransportText::tr("The proxy's host name is not known."), f.proxy,
                    TransportText::tr("Check the proxy setting, or send without a proxy."));
    case CURLE_COULDNT_CONNECT:
        return connectFailed(f);
    case CURLE_PROXY:
        return proxyFailed(f);
    case CURLE_OPERATION_TIMEDOUT:
        return timedOut(f);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_ISSUER_ERROR:
        return tlsFailed(f);
    case CURLE_SSL_CACERT_BADFILE:
        return make(ErrorCode::FileError,
                    TransportText::tr("The CA file cannot be read as PEM certificates."),
                    f.customCa ? TransportText::tr("CA file of the request")
                               : TransportText::tr("CA file of the system"),
                    TransportText::tr(
                        "Choose a file with certificates between BEGIN CERTIFICATE and END CERTIFICATE."));
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_FILESIZE_EXCEEDED:
        return make(
            ErrorCode::ProtocolError, TransportText::tr("What came back is not HTTP: %1.").arg(f.detail),
            f.hostPort,
            f.secure ? TransportText::tr("Check that an HTTP server listens on this port.")
                     : TransportText::tr(
                           "Check that an HTTP server listens on this port, and whether it wants https://."));
    case CURLE_SEND_ERROR:
        return make(
            ErrorCode::SendFailed,
            TransportText::tr("The connection broke while the request was being sent: %1.").arg(f.detail),
            f.hostPort, TransportText::tr("Try again; the server may refuse a body of this size."));
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
        return f.connectStatus >= 300 ? proxyFailed(f) : receiveFailed(f);
    case CURLE_OK:
        return make(ErrorCode::ReceiveFailed,
                    TransportText::tr("The connection ended before an answer came."), f.hostPort,
                    TransportText::tr("Try again; if it stays, look into the server's log."));
    default:
        return make(ErrorCode::Internal, TransportText::tr("The request failed: %1.").arg(f.detail),
                    f.hostPort, {});
    }
}

} // namespace kb
