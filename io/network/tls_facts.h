// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/transport.h"

#include <QStringList>
#include <curl/curl.h>
#include <memory>

namespace kb {

/// What the handshake showed about the server's certificate; filled while it is being verified.
struct TlsFacts {
    int verifyError = 0; ///< X509_V_ERR_…, 0 if none
    QString subject;     ///< of the certificate that failed, else of the server's own
    QString issuer;
    qint64 notBefore = 0; ///< Unix seconds
    qint64 notAfter = 0;
    QStringList names; ///< the host names and addresses the server's own certificate is for
};

/// True if this libcurl does TLS with the OpenSSL we are linked to.
bool curlUsesOpenSsl();
/// For CURLOPT_SSL_CTX_FUNCTION: has the verification write into `facts`. The context shares them, so they
/// live as long as either side.
CURLcode watchVerification(void* sslContext, const std::shared_ptr<TlsFacts>& facts);
/// Fills version, cipher and certificate of a transfer's connection; call it inside one of its libcurl
/// callbacks.
void readTlsConnection(CURL* easy, bool verified, ConnectionInfo& info);
/// libcurl's SSL object of the transfer's connection, nullptr if there is none.
void* tlsSession(CURL* easy);
/// OpenSSL's own words for a verification error.
QString verifyErrorText(int verifyError);

} // namespace kb
