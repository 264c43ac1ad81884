// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"

namespace kb {

/// A body as it goes out, and the media type it has unless the user set another.
struct BuiltBody {
    QByteArray bytes;
    QByteArray contentType;
};
/// Variables resolved; files read; a multipart/form-data body written as RFC 7578 has it, with a boundary
/// that stands in none of its parts. Not of Kind::None.
Result<BuiltBody> buildBody(const BodySpec& spec, const VariableMap& variables, const BodyFiles& readFile);

} // namespace kb
