// SPDX-License-Identifier: MIT
// Runs the scenarios, and the scenarios again with each memory order of lfq weakened.
//
// usage: lfq_model check [PREFIX] [--deep]     every scenario whose name begins so
//        lfq_model orders [--write]            every scenario, then every weakened order; compares
//                                              the outcome with docs/design/memory_orders.md
//        lfq_model weaken FILE:LINE [PREFIX]   one place, with the execution that fails
//        lfq_model replay NAME STRING [FILE:LINE:COLUMN ORDER [failure]]
//                                              one execution, as a failure printed it; with an
//                                              order that is weakened, the one of failure if so
//        lfq_model list
#include "orders.hpp"
#include "runner.hpp"
#include "weakening.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace model;

int check(std::string_view prefix, scenario::effort effort) {
    execution here;
    execution::result found;
    int failed = 0;
    const std::vector<const scenario*> list = chosen(prefix, effort);
    for (const scenario* each : list) failed += run_one(here, *each, found) ? 0 : 1;
    if (list.empty()) std::printf("no scenario begins with %s\n", std::string(prefix).c_str());
    return failed != 0 || list.empty() ? 1 : 0;
}

int replay(const std::string& name, const std::string& decisions, const mutation* change) {
    for (const scenario* each : scenario::all()) {
        if (each->name != name) continue;
        execution here;
        here.mutate(change);
        options how = each->how;
        how.how = options::mode::replay;
        how.replay = decisions;
        const execution::result found = here.explore(how, each->run);
        if (change != nullptr && !here.mutation_was_met())
            std::printf("nothing at %s:%u:%u was weakened\n", change->file.c_str(), change->line,
                change->column);
        if (found.why.found == verdict::passed)
            std::printf("passed\n");
        else
            print_failure(*each, found, change);
        return found.why.found == verdict::passed ? 0 : 1;
    }
    std::fprintf(stderr, "lfq_model: no scenario is called %s; see lfq_model list\n", name.c_str());
    return 64;
}

int weaken(const std::string& place, std::string_view prefix) {
    const int seen = weaken_at(place, prefix);
    if (seen < 0) std::fprintf(stderr, "lfq_model: expected FILE:LINE, found %s\n", place.c_str());
    if (seen == 0)
        std::printf("no scenario meets an order that can be weakened at %s\n", place.c_str());
    return seen > 0 ? 0 : 64;
}

int usage() {
    std::fprintf(stderr,
        "usage: lfq_model check [PREFIX] [--deep] | orders [--write] | weaken FILE:LINE [PREFIX] "
        "|\n"
        "       replay NAME STRING [FILE:LINE:COLUMN ORDER [failure]] | list\n");
    return 64;
}

}  // namespace

int main(int count, char** words) {
    std::vector<std::string> arguments(words + 1, words + count);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const auto flag = [&](const char* name) {
        const auto at = std::find(arguments.begin(), arguments.end(), name);
        if (at == arguments.end()) return false;
        arguments.erase(at);
        return true;
    };
    const bool deep = flag("--deep");
    const bool write = flag("--write");
    if (arguments.empty()) return usage();
    const std::string what = arguments[0];
    if (what == "check" && arguments.size() <= 2)
        return check(arguments.size() == 2 ? arguments[1] : "",
            deep ? scenario::effort::deep : scenario::effort::always);
    if (what == "orders" && arguments.size() == 1)
        return weaken_all(LFQ_MODEL_ROOT, write ? table::write : table::compare) != 0 ? 1 : 0;
    if (what == "weaken" && (arguments.size() == 2 || arguments.size() == 3))
        return weaken(arguments[1], arguments.size() == 3 ? arguments[2] : "");
    if (what == "replay" && arguments.size() == 3)
        return replay(arguments[1], arguments[2], nullptr);
    if (what == "replay" && (arguments.size() == 5 || arguments.size() == 6)) {
        const std::optional<mutation> change =
            mutation_from(arguments[3], arguments[4], arguments.size() == 6);
        if (change && (arguments.size() == 5 || arguments[5] == "failure"))
            return replay(arguments[1], arguments[2], &*change);
    }
    if (what == "list" && arguments.size() == 1) {
        for (const scenario* each : scenario::all()) std::printf("%s\n", each->name);
        return 0;
    }
    return usage();
}
