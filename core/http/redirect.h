// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"

namespace kb {

/// The next request after a 3xx answer, or why there is none.
struct RedirectDecision {
    bool follow = false;
    Request next;
    bool originChanged = false;
    bool downgraded = false;         ///< from https to http
    bool methodChanged = false;      ///< 303, or 301/302 after POST (RFC 9110 §15.4)
    QList<QByteArray> droppedFields; ///< names of credentials that do not travel to the new origin
    QString reason;                  ///< why it is not followed, in a sentence
};

/// Decides a redirect. On a new origin, and from https to http, every credential is dropped: Authorization,
/// Proxy-Authorization, Cookie, API key and token fields of well-known names (also when typed by hand), every
/// field named in `credentialFields`, and a typed Host. Query fields that carried a credential are never
/// copied, since the Location names its own query.
RedirectDecision decideRedirect(const Request& sent, const Response& response,
                                const QList<QByteArray>& credentialFields);

} // namespace kb
