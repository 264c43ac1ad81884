// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
namespace kb {

/// Sees to it that a crash writes no memory to disk, secrets and all: no core dump, not even to a handler.
void forbidCoreDumps();

} // namespace kb
