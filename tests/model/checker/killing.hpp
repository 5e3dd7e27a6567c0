// SPDX-License-Identifier: MIT
// tests/model/checker/killing.hpp — weakened orders, and the scenarios that fail for them, on all
// cores.
#pragma once

#include "orders.hpp"
#include "scenario.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace model {

struct mutant {
    met where;
    std::memory_order to;
    std::vector<const scenario*> scenarios;  // those that meet it, smallest first
    std::string killer;
    std::string how;
};

inline void try_to_kill(execution& here, mutant& one) {
    const mutation change{path_in_include(one.where.where), one.where.where.line(),
        one.where.where.column(), one.where.of_failure, one.to};
    here.mutate(&change);
    // Most die early: a short look everywhere first, then the whole search.
    for (const std::uint64_t most : {std::uint64_t{2'000}, std::uint64_t{0}}) {
        for (const scenario* each : one.scenarios) {
            options how = each->how;
            if (most != 0) how.executions = std::min(how.executions, most);
            const execution::result found = here.explore(how, each->run);
            if (found.why.found == verdict::passed || found.why.found == verdict::limit) continue;
            one.killer = each->name;
            one.how = name_of(found.why.found);
            here.mutate(nullptr);
            return;
        }
    }
    here.mutate(nullptr);
}

// Every worker takes its share and writes one line a mutant.
inline void kill_all(std::vector<mutant>& mutants, int workers) {
    std::vector<int> pipes;
    std::fflush(stdout);
    for (int worker = 0; worker < workers; ++worker) {
        int ends[2];
        if (pipe(ends) != 0) std::exit((std::perror("pipe"), 71));
        const pid_t child = fork();
        if (child < 0) std::exit((std::perror("fork"), 71));
        if (child == 0) {
            close(ends[0]);
            FILE* const out = fdopen(ends[1], "w");
            execution here;
            for (std::size_t i = static_cast<std::size_t>(worker); i < mutants.size();
                 i += static_cast<std::size_t>(workers)) {
                try_to_kill(here, mutants[i]);
                std::fprintf(
                    out, "%zu|%s|%s\n", i, mutants[i].killer.c_str(), mutants[i].how.c_str());
            }
            std::fprintf(out, "done\n");
            std::fclose(out);
            std::_Exit(0);
        }
        close(ends[1]);
        pipes.push_back(ends[0]);
    }
    for (const int each : pipes) {
        FILE* const in = fdopen(each, "r");
        char line[512];
        bool done = false;
        while (std::fgets(line, sizeof line, in) != nullptr) {
            std::string text(line, std::string_view(line).find('\n'));
            if (text == "done") {
                done = true;
                continue;
            }
            const std::size_t first = text.find('|');
            const std::size_t second = text.find('|', first + 1);
            mutant& one = mutants[std::stoul(text.substr(0, first))];
            one.killer = text.substr(first + 1, second - first - 1);
            one.how = text.substr(second + 1);
        }
        std::fclose(in);
        if (!done) std::exit((std::fprintf(stderr, "lfq_model: a worker died\n"), 70));
    }
    while (wait(nullptr) > 0) {
    }
}

}  // namespace model
