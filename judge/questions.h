// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace kb::judge {

struct Verdict {
    std::vector<std::string> values;
    std::vector<std::string> faults;
    std::string
        problem;        ///< why there is no answer, as one of the words of protocol.md; empty if there is one
    std::string detail; ///< what a library said of it, or the word that is not understood
};

/// Runs a jq filter over a JSON body. No modules, no environment, at most 1000 values.
Verdict runFilter(const std::string& filter, const std::string& body);

/// Checks a JSON body against a JSON Schema of draft 7. A schema that uses words of later drafts is refused:
/// they would be ignored, and the body would seem to fit.
Verdict runSchema(const std::string& schema, const std::string& body);

} // namespace kb::judge
