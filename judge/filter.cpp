// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge/large_numbers.h"
#include "judge/questions.h"

#include <cstring>

extern "C" {
#include <jq.h>
}

namespace kb::judge {

namespace {

constexpr std::size_t mostValues = 1000;

struct Messages {
    std::string text;
};

/// The first word of a program, past blanks and comments.
std::string firstWord(const std::string& program) {
    std::size_t at = 0;
    while (at < program.size()) {
        if (program[at] == '#')
            at = std::min(program.find('\n', at), program.size());
        else if (std::strchr(" \t\r\n", program[at]))
            ++at;
        else
            break;
    }
    std::size_t end = at;
    while (end < program.size() && program[end] >= 'a' && program[end] <= 'z')
        ++end;
    return program.substr(at, end - at);
}

/// ".users[0].id", ".[]": nothing that compares or reckons.
bool isPath(const std::string& filter) {
    return filter.find_first_not_of(
               ".[]\"_ abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") ==
               std::string::npos &&
           filter.find(' ') == std::string::npos && !filter.empty() && filter.front() == '.';
}

void take(void* data, jv message) {
    jv text = jq_format_error(message);
    if (jv_get_kind(text) == JV_KIND_STRING) {
        std::string& all = static_cast<Messages*>(data)->text;
        if (!all.empty()) all += ' ';
        all += jv_string_value(text);
    }
    jv_free(text);
}

/// There is one body and no more.
jv noInput(jq_state*, void*) {
    return jv_invalid();
}

void ignore(void*, jv message) {
    jv_free(message);
}

std::string textOf(jv value) {
    jv dumped = jv_dump_string(value, 0);
    std::string text = jv_string_value(dumped);
    jv_free(dumped);
    return text;
}

} // namespace

Verdict runFilter(const std::string& filter, const std::string& body) {
    Verdict verdict;
    // Modules come first in a program, or not at all.
    const std::string first = firstWord(filter);
    if (first == "import" || first == "include" || first == "module") {
        verdict.problem = "modules";
        return verdict;
    }
    // A path keeps the digits of a large number; a filter that reckons gets a number, if a rounded one.
    const std::string json = isPath(filter) ? withLargeNumbersAsText(body) : body;
    jv input = jv_parse_sized(json.data(), int(json.size()));
    if (!jv_is_valid(input)) {
        jv_free(input);
        verdict.problem = "body";
        return verdict;
    }
    jq_state* state = jq_init();
    Messages messages;
    jq_set_error_cb(state, take, &messages);
    // libjq leaves these unset, and calls them all the same.
    jq_set_input_cb(state, noInput, nullptr);
    jq_set_debug_cb(state, ignore, nullptr);
    if (!jq_compile(state, filter.c_str())) {
        jv_free(input);
        verdict.problem = "filter";
        verdict.detail = messages.text;
        jq_teardown(&state);
        return verdict;
    }
    jq_start(state, input, 0);
    jv value = jq_next(state);
    for (; jv_is_valid(value); value = jq_next(state)) {
        if (verdict.values.size() == mostValues) {
            jv_free(value);
            verdict = {{}, {}, "values", {}};
            value = jv_invalid();
            break;
        }
        verdict.values.push_back(textOf(value));
    }
    if (jv_invalid_has_msg(jv_copy(value))) {
        jv message = jv_invalid_get_msg(value);
        verdict.problem = "filter-failed";
        verdict.detail = jv_get_kind(message) == JV_KIND_STRING ? std::string(jv_string_value(message))
                                                                : textOf(jv_copy(message));
        jv_free(message);
        verdict.values.clear();
    } else {
        jv_free(value);
    }
    jq_teardown(&state);
    return verdict;
}

} // namespace kb::judge
