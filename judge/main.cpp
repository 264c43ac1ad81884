// SPDX-License-Identifier: GPL-3.0-or-later
// The helper program: see protocol.md.
#include "judge/questions.h"

#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#ifndef _WIN32
#include <csignal>
#include <cstdlib>
#include <sys/resource.h>
extern char** environ;
#endif

namespace {

/// What it may use from here on. The parent's clock ends it too, should this not be enough.
void confine() {
#ifndef _WIN32
    static char* nothing[] = {nullptr};
    environ = nothing;
    const auto limit = [](int what, rlim_t most) {
        const rlimit both{most, most};
        setrlimit(static_cast<decltype(RLIMIT_CPU)>(what), &both);
    };
    limit(RLIMIT_CPU, 60);
    limit(RLIMIT_FSIZE, 64u * 1024 * 1024);
    limit(RLIMIT_CORE, 0);   // the body may hold a secret
#ifndef KB_SANITIZED         // which look at memory through a pipe, and reserve terabytes of it
    limit(RLIMIT_NOFILE, 3); // the three that are open: no other file can be
    limit(RLIMIT_AS, rlim_t(2) * 1024 * 1024 * 1024);
#endif
#endif
}

} // namespace

int main() {
    std::ios::sync_with_stdio(false);
    confine();
    std::string head;
    std::getline(std::cin, head);
    const std::string body((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
    const nlohmann::json job = nlohmann::json::parse(head, nullptr, false);
    if (!job.is_object() || !job.contains("questions") || job.value("body", std::size_t(0)) != body.size())
        return 2;
    for (const nlohmann::json& question : job["questions"]) {
        kb::judge::Verdict verdict;
        try {
            const std::string text = question.value("text", "");
            verdict = question.value("kind", "") == "schema" ? kb::judge::runSchema(text, body)
                                                             : kb::judge::runFilter(text, body);
        } catch (const std::exception& error) {
            verdict = {{}, {}, "failed", error.what()};
        }
        const nlohmann::json answer =
            verdict.problem.empty()
                ? nlohmann::json{{"values", verdict.values}, {"faults", verdict.faults}}
                : nlohmann::json{{"problem", verdict.problem}, {"detail", verdict.detail}};
        std::cout << answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n'
                  << std::flush;
    }
    return 0;
}
