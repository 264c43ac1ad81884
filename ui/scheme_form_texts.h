// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/auth_schemes.h"

namespace kb::schemeform {

QString label(const QByteArray& field);   ///< "Token endpoint"
QString example(const QByteArray& field); ///< for an empty field; may be empty
QString choice(const char* name);         ///< of a grant or a way to authenticate, for people
/// Whether a field of an OAuth profile matters for its grant and its way to authenticate. `more`: those that
/// are seldom needed too.
bool isRelevant(const QByteArray& field, const OAuthScheme& scheme, bool more);
bool isRelevant(const QByteArray& field, const LoginScheme& scheme, bool more);
QString secretHint(const AuthScheme& scheme);

} // namespace kb::schemeform
