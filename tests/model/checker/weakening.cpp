// SPDX-License-Identifier: MIT
#include "weakening.hpp"

#include "orders.hpp"
#include "runner.hpp"
#include "survivors.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace model {

namespace {

std::string path_in_include(const site& where) {
    const std::string_view path = where.file_name();
    const std::size_t at = path.rfind("/include/");
    return at == std::string_view::npos ? std::string() : std::string(path.substr(at + 9));
}

struct mutant {
    met where;
    std::memory_order to;
    std::vector<const scenario*> scenarios;  // those that meet it, smallest first
    std::string killer;
    std::string how;
};

void try_to_kill(execution& here, mutant& one) {
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
void kill_all(std::vector<mutant>& mutants, int workers) {
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

// A call's place may be any line of its statement; its orders stand there or a few lines below. Of
// two on a line the second is that of failure.
const written_order* text_of(const std::vector<written_order>& text, const met& one) {
    const std::string file = path_in_include(one.where);
    const written_order* best = nullptr;
    for (const written_order& each : text) {
        if (each.file != file || each.order != name_of(one.order)) continue;
        const long away = static_cast<long>(each.line) - static_cast<long>(one.where.line());
        if (away < -2 || away > 3) continue;
        const auto distance = [&](const written_order& other) {
            const long off = static_cast<long>(other.line) - static_cast<long>(one.where.line());
            return off < 0 ? 1 - 2 * off : 2 * off;  // below rather than above
        };
        if (best == nullptr || distance(each) < distance(*best) + (one.of_failure ? 1 : 0))
            best = &each;
    }
    return best;
}

}  // namespace

int weaken_all(const std::string& root, table what) {
    const std::string table_path = root + "/docs/design/memory_orders.md";
    const std::string survivors_path = root + "/tests/model/survivors.txt";
    const std::vector<written_order> text = orders_in_text(root + "/include");
    int complaints = 0;
    execution here;
    execution::result found;

    // Every scenario passes as it is; which orders does it meet?
    struct of_scenario {
        const scenario* which;
        std::vector<met> orders;
        std::uint64_t size;  // in executions: the order of the killers must not depend on the clock
    };
    std::vector<of_scenario> had;
    for (const scenario* each : chosen("", scenario::effort::always)) {
        std::vector<met> list;
        here.record(&list);
        if (!run_one(here, *each, found)) ++complaints;
        here.record(nullptr);
        had.push_back({each, std::move(list), found.executions + found.dropped});
    }
    std::stable_sort(had.begin(), had.end(),
        [](const of_scenario& one, const of_scenario& other) { return one.size < other.size; });

    const auto same = [](const met& one, const met& other) {
        return one.where.line() == other.where.line() &&
            one.where.column() == other.where.column() && one.of_failure == other.of_failure &&
            one.order == other.order && path_in_include(one.where) == path_in_include(other.where);
    };
    std::vector<met> all;
    for (const of_scenario& each : had) {
        for (const met& one : each.orders) {
            if (path_in_include(one.where).empty()) continue;
            if (std::none_of(all.begin(), all.end(), [&](const met& m) { return same(m, one); }))
                all.push_back(one);
        }
    }
    std::sort(all.begin(), all.end(), [](const met& one, const met& other) {
        const std::string a = path_in_include(one.where);
        const std::string b = path_in_include(other.where);
        if (a != b) return a < b;
        return one.where.line() != other.where.line() ? one.where.line() < other.where.line()
                                                      : one.of_failure < other.of_failure;
    });

    // Every order in the text is met.
    std::vector<survivor> survivors = read_survivors(survivors_path);
    std::map<const written_order*, int> covered;
    for (const met& one : all) {
        if (const written_order* at = text_of(text, one)) ++covered[at];
    }
    for (const written_order& each : text) {
        if (covered.count(&each) != 0 || excused(survivors, each.file, each.text, "not met"))
            continue;
        ++complaints;
        std::printf("%s:%u: no scenario meets this order: %s\n", each.file.c_str(), each.line,
            each.text.c_str());
    }

    std::vector<mutant> mutants;
    for (const met& one : all) {
        for (const std::memory_order to : weaker(one)) {
            mutant next{one, to, {}, {}, {}};
            for (const of_scenario& each : had) {
                if (std::any_of(each.orders.begin(), each.orders.end(),
                        [&](const met& m) { return same(m, one); }))
                    next.scenarios.push_back(each.which);
            }
            mutants.push_back(std::move(next));
        }
    }
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    kill_all(mutants, static_cast<int>(std::clamp(cores, 1L, 8L)));

    std::ostringstream table;
    table
        << "# Every memory order, and what shows that it is needed\n\n"
           "Generated by `tests/run.sh model`; do not edit. Each acquire, release and fence of\n"
           "`include/lfq` was weakened to each weaker order, one at a time, and the scenarios of\n"
           "`tests/model` ran until one failed. Relaxed orders cannot be weakened; every one of\n"
           "them is met by a scenario too. What survives stands in `tests/model/survivors.txt`\n"
           "with its reason. How to read a kill: [verification](verification.md).\n\n"
           "| header | line | edge | weakened to | killed by | as |\n|---|---|---|---|---|---|\n";
    int killed = 0;
    for (const mutant& one : mutants) {
        const std::string file = path_in_include(one.where.where);
        const written_order* at = text_of(text, one.where);
        const std::string line = at != nullptr ? at->text : "?";
        std::string cell;
        for (const char c : line) cell += c == '|' ? std::string("\\|") : std::string(1, c);
        std::string killer = one.killer;
        if (killer.empty()) {
            if (excused(survivors, file, line, name_of(one.to))) {
                killer = "survives, see survivors.txt";
            } else {
                killer = "SURVIVES";
                ++complaints;
                std::printf("%s:%u: survives as %s: %s\n", file.c_str(), one.where.where.line(),
                    std::string(name_of(one.to)).c_str(), line.c_str());
            }
        } else {
            ++killed;
        }
        table << "| `" << file.substr(4) << "` | `" << cell << "` | "
              << (at != nullptr ? at->edge : "–") << (one.where.of_failure ? " (failure)" : "")
              << " | " << name_of(one.to) << " | " << killer << " | "
              << (one.how.empty() ? "–" : one.how) << " |\n";
    }
    for (const survivor& each : survivors) {
        if (each.used) continue;
        ++complaints;
        std::printf("%s: nothing survives as this any more: %s | %s | %s\n", survivors_path.c_str(),
            each.file.c_str(), each.text.c_str(), each.to.c_str());
    }
    std::printf("%zu orders in the text, %zu weakened orders, %d killed\n", text.size(),
        mutants.size(), killed);
    if (what == table::write) {
        std::ofstream(table_path) << table.str();
    } else {
        std::ifstream in(table_path);
        const std::string committed{std::istreambuf_iterator<char>(in), {}};
        if (committed != table.str()) {
            ++complaints;
            std::printf("%s is not what was found; write it anew: lfq_model orders --write\n",
                table_path.c_str());
        }
    }
    return complaints;
}

int weaken_at(const std::string& place, std::string_view prefix) {
    const std::size_t colon = place.rfind(':');
    if (colon == std::string::npos) return -1;
    const std::string file = place.substr(0, colon);
    const auto line = static_cast<unsigned>(std::strtoul(place.c_str() + colon + 1, nullptr, 10));
    execution here;
    int seen = 0;
    for (const scenario* each : chosen(prefix, scenario::effort::always)) {
        std::vector<met> list;
        here.record(&list);
        execution::result found = here.explore(each->how, each->run);
        here.record(nullptr);
        for (const met& one : list) {
            if (one.where.line() != line ||
                !std::string_view(one.where.file_name()).ends_with(file))
                continue;
            for (const std::memory_order to : weaker(one)) {
                ++seen;
                const mutation change{
                    file, one.where.line(), one.where.column(), one.of_failure, to};
                here.mutate(&change);
                found = here.explore(each->how, each->run);
                here.mutate(nullptr);
                std::printf("== %s of %s as %s\n", one.operation, place.c_str(),
                    std::string(name_of(to)).c_str());
                if (found.why.found == verdict::passed)
                    std::printf("%s: survives\n", each->name);
                else
                    print_failure(*each, found);
            }
        }
    }
    return seen;
}

}  // namespace model
