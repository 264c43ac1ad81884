// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace kb::judge {

/// The same JSON with every whole number beyond 2^53 as a text: jq reads numbers as doubles and would round
/// them.
std::string withLargeNumbersAsText(const std::string& json);

} // namespace kb::judge
