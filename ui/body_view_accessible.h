// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kb {

/// Teaches the accessibility bridge what a BodyView is. Once is enough; more does no harm.
void installBodyViewAccessibility();

} // namespace kb
