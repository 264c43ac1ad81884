// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

namespace kb {

/// A moment seen from another, both Unix seconds: "in 5 min", "3 h ago", "now" within a second. One unit,
/// rounded down: seconds, then minutes, hours, days, and years of 365 days.
QString relativeTimeText(double seconds, double nowSeconds);

} // namespace kb
