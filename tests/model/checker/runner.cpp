// SPDX-License-Identifier: MIT
#include "runner.hpp"

#include "orders.hpp"

#include <algorithm>
#include <cstdio>

namespace model {

std::vector<const scenario*> chosen(std::string_view prefix, scenario::effort effort) {
    std::vector<const scenario*> list;
    for (const scenario* each : scenario::all()) {
        if (std::string_view(each->name).starts_with(prefix) && each->when <= effort)
            list.push_back(each);
    }
    std::sort(list.begin(), list.end(), [](const scenario* one, const scenario* other) {
        return std::string_view(one->name) < other->name;
    });
    return list;
}

void print_failure(const scenario& one, const execution::result& found, const mutation* change) {
    std::printf("%s: %s: %s\n%s", one.name, name_of(found.why.found), found.why.text.c_str(),
        found.trace.c_str());
    const std::string weakened = change != nullptr ? " " + text_of(*change) : "";
    std::printf(
        "replay: lfq_model replay %s %s%s\n", one.name, found.replay.c_str(), weakened.c_str());
}

// Both of these ask for every execution; a search that was cut short has shown nothing.
bool must_be_complete(const scenario& one) { return one.how.how == options::mode::exhaustive; }

/// Runs one scenario and prints its line. False: it failed, or was not exhausted.
bool run_one(execution& here, const scenario& one, execution::result& found) {
    found = here.explore(one.how, one.run);
    const bool cut = one.how.how == options::mode::exhaustive && !found.complete;
    const bool passed = found.why.found == verdict::passed;
    std::printf("%-12s %-60s %9llu executions, %9llu dropped, %7.2f s\n",
        !passed   ? name_of(found.why.found)
            : cut ? "NOT EXHAUSTED"
                  : "passed",
        one.name, static_cast<unsigned long long>(found.executions),
        static_cast<unsigned long long>(found.dropped), found.seconds);
    if (!passed) print_failure(one, found);
    return passed && !cut;
}

}  // namespace model
