// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <optional>

namespace kb {

/// scheme, host and port (RFC 6454). Scheme and host in lower case; the port is always filled in.
struct Origin {
    QByteArray scheme;
    QByteArray host; ///< IPv6 addresses in brackets
    quint16 port = 0;

    /// Reads "https://api.example.com[:port]"; a path other than "/" is an error that says so.
    static Result<Origin> parse(const QString& text);
    QString text() const;    ///< without a default port: "https://api.example.com"
    bool isLoopback() const; ///< 127.0.0.0/8, [::1], localhost and *.localhost (RFC 6761 §6.3)
    bool isSecure() const { return scheme == "https"; }
    bool operator==(const Origin&) const = default;
};

/// An absolute http or https URL whose path and query stay exactly as typed: no dot segments removed, no
/// percent encoding touched, no slashes folded. Only what a request line cannot carry (spaces, controls,
/// non-ASCII) is percent-encoded as UTF-8; a host name outside ASCII becomes its A-label.
class HttpUrl {
public:
    /// Error::position and Error::where name the place that does not parse.
    static Result<HttpUrl> parse(const QString& text);
    /// Resolves a Location value against this URL (RFC 3986 §5.2). Dot segments of the reference are resolved
    /// here.
    Result<HttpUrl> resolve(const QByteArray& reference) const;

    const Origin& origin() const { return m_origin; }
    const QByteArray& path() const { return m_path; }                  ///< begins with "/"
    const std::optional<QByteArray>& query() const { return m_query; } ///< without "?"
    const std::optional<QByteArray>& fragment() const { return m_fragment; }
    const std::optional<QByteArray>& userInfo() const { return m_userInfo; }
    QByteArray requestTarget() const; ///< path and query, as on the request line
    QByteArray authority() const;     ///< host, and port unless it is the scheme's own: the Host field
    QByteArray text() const;          ///< without fragment and user info
    /// The same URL with one more query field (name and value get percent-encoded).
    HttpUrl withQueryField(const QByteArray& name, const QByteArray& value) const;
    bool operator==(const HttpUrl&) const = default;

private:
    Origin m_origin;
    QByteArray m_path;
    std::optional<QByteArray> m_query;
    std::optional<QByteArray> m_fragment;
    std::optional<QByteArray> m_userInfo;
};

} // namespace kb
