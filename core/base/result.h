// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <tl/expected.hpp>

namespace kb {

/// What kind of thing went wrong. The text for people is in Error; code branches on this.
enum class ErrorCode {
    InvalidInput,     ///< the user's text cannot be used (URL, header, file, number)
    UnknownVariable,  ///< a {{name}} that no environment defines
    OriginRefused,    ///< the profile's secret may not go to the target's origin
    ConsentNeeded,    ///< the user must confirm first (plain http, changed origins, TLS exception)
    SecretMissing,    ///< the keychain has no such item
    SecretUnreadable, ///< the item is there but is not a record of ours
    SecretChanged,    ///< another program changed the item since we last saw it
    LoginNeeded,      ///< only the user can get a new token
    StoreUnavailable, ///< no keychain service
    StoreLocked,      ///< the keychain is locked, and unlocking was not done
    StoreRefused,     ///< the keychain or its user said no
    StoreTimeout,     ///< the keychain did not answer in time
    StoreFailed,      ///< any other keychain failure
    NameNotFound,     ///< DNS
    ConnectFailed,    ///< no TCP connection
    TlsFailed,        ///< handshake or certificate
    ProxyFailed,
    TimedOut,
    Cancelled,
    ProtocolError, ///< the peer did not speak HTTP
    SendFailed,
    ReceiveFailed, ///< the connection broke before a status line came
    TooManyRedirects,
    FileError,
    ParseError,
    Conflict, ///< a name that is taken, a file that changed meanwhile
    NotFound,
    Unsupported,
    Internal
};

/// An error a person can act on: what happened, where, and what to do next. Never holds a secret.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString what;            ///< one sentence
    QString where;           ///< the file and line, the field, the position; may be empty
    QString next;            ///< what to do next; may be empty
    qsizetype position = -1; ///< index into the offending text, or -1

    /// The parts as one line for a terminal: "what (where). next"
    QString text() const;
};

template<class T> using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, QString what, QString where = {}, QString next = {},
                                  qsizetype position = -1) {
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where), std::move(next), position});
}

/// A stable lower-case name for an error code, for JSON output and tests ("origin-refused").
QByteArray errorCodeName(ErrorCode code);

} // namespace kb
