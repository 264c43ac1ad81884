// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/http/message.h"

#include <memory>

namespace kb {

/// Masks secrets in everything that leaves a run: the exact secrets it was given (as they are, in base64,
/// base64url and percent-encoded), well-known credential fields and JSON members, and known token shapes.
/// Secrets shorter than 8 bytes are masked only where we placed them: in the credential fields named here.
class Redactor {
public:
    Redactor();
    Redactor(Redactor&&) noexcept;
    Redactor& operator=(Redactor&&) noexcept;
    ~Redactor();

    /// `shortToo`: one of less than 8 bytes is searched for as well, for what is not placed in a field of its
    /// own.
    void addSecret(const Secret& secret, bool shortToo = false);
    void addCredentialField(const QByteArray& headerName); ///< masked whole, whatever its value
    void addCredentialQuery(const QByteArray& queryName);
    void addCredentialCookie(const QByteArray& cookieName);

    /// Masks exact secrets and known shapes; tells in `echoed` whether one of the exact secrets was there.
    QByteArray text(const QByteArray& text, bool* echoed = nullptr) const;
    QString text(const QString& text) const;
    HttpUrl url(const HttpUrl& url) const;
    HeaderList requestHeaders(const HeaderList& headers) const;
    HeaderList responseHeaders(const HeaderList& headers,
                               bool* echoed = nullptr) const; ///< Set-Cookie values masked
    QByteArray body(const HeaderList& headers, const QByteArray& body, bool* echoed = nullptr) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace kb
