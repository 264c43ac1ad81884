// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "io/network/tls_facts.h"

#include <curl/curl.h>

namespace kb {

/// How far a request had come when it ended, as libcurl measured it.
struct FailureFacts {
    CURLcode code = CURLE_OK;
    QString detail;   ///< libcurl's own words
    QString host;     ///< of the target
    QString hostPort; ///< of the target
    QString proxy;    ///< empty if none
    TlsFacts tls;
    long osError = 0;
    long connectStatus = 0; ///< the proxy's answer to CONNECT
    int timeoutMs = 0;
    bool secure = false; ///< the target is https
    bool nameFound = false;
    bool connected = false;
    bool tlsDone = false;
    bool requestSent = false;
    bool interimSeen = false;
    bool customCa = false;
};

/// The error for people of a request that got no answer: what happened, where, and what to do next.
Error describeFailure(const FailureFacts& facts);
/// True if header fields went beyond what libcurl or we take; to be asked before the body begins.
bool isHeaderLimit(CURLcode code, const QString& detail);
/// Why a certificate was refused, in a sentence.
QString describeCertificate(const FailureFacts& facts);

} // namespace kb
