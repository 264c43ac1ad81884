// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge/large_numbers.h"

namespace kb::judge {

namespace {

bool isBeyondDouble(const std::string& digits) {
    static const std::string largest = "9007199254740992"; // 2^53
    if (digits.size() != largest.size()) return digits.size() > largest.size();
    return digits > largest;
}

bool isNumberPart(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

} // namespace

std::string withLargeNumbersAsText(const std::string& json) {
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        const char c = json[at];
        if (c == '"') {
            const std::size_t start = at++;
            while (at < json.size() && json[at] != '"')
                at += json[at] == '\\' ? 2 : 1;
            at = at < json.size() ? at + 1 : json.size();
            out.append(json, start, at - start);
        } else if ((c >= '0' && c <= '9') || c == '-') {
            const std::size_t start = at;
            while (at < json.size() && isNumberPart(json[at]))
                ++at;
            const std::string number = json.substr(start, at - start);
            const bool whole = number.find_first_of(".eE") == std::string::npos;
            if (whole && isBeyondDouble(number[0] == '-' ? number.substr(1) : number))
                out += '"' + number + '"';
            else
                out += number;
        } else {
            out += c;
            ++at;
        }
    }
    return out;
}

} // namespace kb::judge
