// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

namespace kb {

QString Error::text() const {
    QString line = what;
    // The sentence's own full stop moves behind the brackets.
    while (line.endsWith(u'.'))
        line.chop(1);
    if (!where.isEmpty()) line += QStringLiteral(" (") + where + u')';
    if (!line.isEmpty() && !line.endsWith(u'?') && !line.endsWith(u'!')) line += u'.';
    if (!next.isEmpty()) line += u' ' + next;
    return line;
}

QByteArray errorCodeName(ErrorCode code) {
    switch (code) {
    case ErrorCode::InvalidInput:
        return "invalid-input";
    case ErrorCode::UnknownVariable:
        return "unknown-variable";
    case ErrorCode::OriginRefused:
        return "origin-refused";
    case ErrorCode::ConsentNeeded:
        return "consent-needed";
    case ErrorCode::SecretMissing:
        return "secret-missing";
    case ErrorCode::SecretUnreadable:
        return "secret-unreadable";
    case ErrorCode::LoginNeeded:
        return "login-needed";
    case ErrorCode::SecretChanged:
        return "secret-changed";
    case ErrorCode::StoreUnavailable:
        return "store-unavailable";
    case ErrorCode::StoreLocked:
        return "store-locked";
    case ErrorCode::StoreRefused:
        return "store-refused";
    case ErrorCode::StoreTimeout:
        return "store-timeout";
    case ErrorCode::StoreFailed:
        return "store-failed";
    case ErrorCode::NameNotFound:
        return "name-not-found";
    case ErrorCode::ConnectFailed:
        return "connect-failed";
    case ErrorCode::TlsFailed:
        return "tls-failed";
    case ErrorCode::ProxyFailed:
        return "proxy-failed";
    case ErrorCode::TimedOut:
        return "timed-out";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::ProtocolError:
        return "protocol-error";
    case ErrorCode::SendFailed:
        return "send-failed";
    case ErrorCode::ReceiveFailed:
        return "receive-failed";
    case ErrorCode::TooManyRedirects:
        return "too-many-redirects";
    case ErrorCode::FileError:
        return "file-error";
    case ErrorCode::ParseError:
        return "parse-error";
    case ErrorCode::Conflict:
        return "conflict";
    case ErrorCode::NotFound:
        return "not-found";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

} // namespace kb
