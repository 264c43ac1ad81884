// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/http/url.h"

#include <QList>
#include <QStringList>
#include <utility>

namespace kb {

/// Text in the form encoding (RFC 6749 appendix B): UTF-8, a space as "+", everything but letters, digits
/// and "-._~*" percent-encoded.
QByteArray formEncoded(std::string_view text);

/// A form as it is built up. Secrets in it leave no copy behind when it grows, and it is wiped when it goes.
class FormBody {
public:
    FormBody() = default;
    FormBody(FormBody&&) noexcept = default;
    FormBody& operator=(FormBody&&) = delete;
    FormBody(const FormBody&) = delete;
    ~FormBody();

    /// A parameter without a value counts as left out (RFC 6749 §3.2), so an empty one is not written.
    void add(const QByteArray& name, const QString& value);
    void add(const QByteArray& name, const Secret& value);
    /// Several values under one name, as RFC 8707 §2 has it.
    void addEach(const QByteArray& name, const QStringList& values);
    bool has(const QByteArray& name) const { return m_names.contains(name); }
    const QByteArray& bytes() const { return m_bytes; }
    QByteArray takeBytes();

private:
    void append(const QByteArray& name, std::string_view value);
    QByteArray m_bytes;
    QList<QByteArray> m_names;
};

using FormField = std::pair<QString, QString>;
/// Reads a form or a query. The error says what does not read: percent-encoding, UTF-8.
Result<QList<FormField>> parseForm(const QByteArray& text);

/// Refuses an address that OAuth may not use as an endpoint (RFC 6749 §3.1, §3.2): with a fragment or a user
/// name in it, or without TLS, except on loopback and for the http origins the user agreed to. `what` names
/// the endpoint for people.
Result<void> checkOAuthEndpoint(const HttpUrl& url, const QString& what, const QStringList& plainHttpOrigins);

} // namespace kb
