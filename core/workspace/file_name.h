// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

namespace kb {

/// A file name without extension for a request of that name, safe on every system: "Get user (by id)" gives
/// "get-user-by-id". Letters of every script stay; never empty, reserved or longer than 80 bytes.
QString requestFileStem(const QString& name);
/// A file name without extension that is the name itself where that is possible: other programs find an
/// environment by its file name.
QString environmentFileStem(const QString& name);
/// Whether a path of ours names a file inside the workspace: relative, "/" only, no "." or "..", not hidden.
bool isSafeRelativePath(const QString& path);
/// The folder of a path within the workspace; empty for one that stands at its top.
QString parentOf(const QString& path);

} // namespace kb
