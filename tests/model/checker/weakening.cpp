// SPDX-License-Identifier: MIT
#include "weakening.hpp"

#include "killing.hpp"
#include "orders.hpp"
#include "runner.hpp"
#include "survivors.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <vector>

#include <unistd.h>

namespace model {

namespace {

bool same(const met& one, const met& other) {
    return one.where.line() == other.where.line() && one.where.column() == other.where.column() &&
        one.of_failure == other.of_failure && one.order == other.order &&
        path_in_include(one.where) == path_in_include(other.where);
}

bool contains(const std::vector<met>& list, const met& one) {
    return std::any_of(list.begin(), list.end(), [&](const met& each) { return same(each, one); });
}

bool stands_before(const met& one, const met& other) {
    const std::string a = path_in_include(one.where);
    const std::string b = path_in_include(other.where);
    if (a != b) return a < b;
    return one.where.line() != other.where.line() ? one.where.line() < other.where.line()
                                                  : one.of_failure < other.of_failure;
}

/// The whole way from the scenarios to the table, step by step; each step counts its complaints.
class campaign {
public:
    explicit campaign(const std::string& root)
        : table_path_(root + "/docs/design/memory_orders.md"),
          survivors_path_(root + "/tests/model/survivors.txt"),
          text_(orders_in_text(root + "/include")),
          survivors_(read_survivors(survivors_path_)) {}

    void run_scenarios();
    void look_for_orders_not_met();
    void weaken_each();
    void tell_survivors();
    void finish(table what);

    [[nodiscard]] int complaints() const noexcept { return complaints_; }

private:
    struct of_scenario {
        const scenario* which;
        std::vector<met> orders;
        std::uint64_t size;  // in executions: the order of the killers must not depend on the clock
    };

    [[nodiscard]] std::string row(const mutant& one) const;

    std::string table_path_;
    std::string survivors_path_;
    std::vector<written_order> text_;
    std::vector<survivor> survivors_;
    std::vector<of_scenario> had_;
    std::vector<met> met_;
    std::vector<mutant> mutants_;
    int complaints_ = 0;
};

// Every scenario passes as it is; which orders does it meet?
void campaign::run_scenarios() {
    execution here;
    execution::result found;
    for (const scenario* each : chosen("", scenario::effort::always)) {
        std::vector<met> list;
        here.record(&list);
        if (!run_one(here, *each, found)) ++complaints_;
        for (const met& one : list) {
            if (!path_in_include(one.where).empty() && !contains(met_, one)) met_.push_back(one);
        }
        had_.push_back({each, std::move(list), found.executions + found.dropped});
    }
    std::stable_sort(had_.begin(), had_.end(),
        [](const of_scenario& one, const of_scenario& other) { return one.size < other.size; });
    std::sort(met_.begin(), met_.end(), stands_before);
}

void campaign::look_for_orders_not_met() {
    std::set<const written_order*> covered;
    for (const met& one : met_) covered.insert(find_written(text_, one));
    for (const written_order& each : text_) {
        if (covered.count(&each) != 0 || excused(survivors_, each.file, each.text, "not met"))
            continue;
        ++complaints_;
        std::printf("%s:%u: no scenario meets this order: %s\n", each.file.c_str(), each.line,
            each.text.c_str());
    }
}

void campaign::weaken_each() {
    for (const met& one : met_) {
        for (const std::memory_order to : weaker(one)) {
            mutant next{one, to, {}, {}, {}};
            for (const of_scenario& each : had_) {
                if (contains(each.orders, one)) next.scenarios.push_back(each.which);
            }
            mutants_.push_back(std::move(next));
        }
    }
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    kill_all(mutants_, static_cast<int>(std::clamp(cores, 1L, 8L)));
}

void campaign::tell_survivors() {
    for (mutant& one : mutants_) {
        if (!one.killer.empty()) continue;
        const std::string file = path_in_include(one.where.where);
        const written_order* const at = find_written(text_, one.where);
        const std::string line = at != nullptr ? at->text : "?";
        if (excused(survivors_, file, line, name_of(one.to))) {
            one.killer = "survives, see survivors.txt";
            continue;
        }
        one.killer = "SURVIVES";
        ++complaints_;
        std::printf("%s:%u: survives as %s: %s\n", file.c_str(), one.where.where.line(),
            std::string(name_of(one.to)).c_str(), line.c_str());
    }
    for (const survivor& each : survivors_) {
        if (each.used) continue;
        ++complaints_;
        std::printf("%s: nothing survives as this any more: %s | %s | %s\n",
            survivors_path_.c_str(), each.file.c_str(), each.text.c_str(), each.to.c_str());
    }
}

std::string campaign::row(const mutant& one) const {
    const written_order* const at = find_written(text_, one.where);
    std::string line;
    for (const char c : at != nullptr ? at->text : "?")
        line += c == '|' ? std::string("\\|") : std::string(1, c);
    std::ostringstream text;
    text << "| `" << path_in_include(one.where.where).substr(4) << "` | `" << line << "` | "
         << (at != nullptr ? at->edge : "–") << (one.where.of_failure ? " (failure)" : "") << " | "
         << name_of(one.to) << " | " << one.killer << " | " << (one.how.empty() ? "–" : one.how)
         << " |\n";
    return text.str();
}

void campaign::finish(table what) {
    std::string text =
        "# Every memory order, and what shows that it is needed\n\n"
        "Written by `lfq_model orders --write`, compared by `tests/run.sh model`; do not edit.\n"
        "Each acquire, release and fence of\n"
        "`include/lfq` was weakened to each weaker order, one at a time, and the scenarios of\n"
        "`tests/model` ran until one failed. Relaxed orders cannot be weakened; every one of\n"
        "them is met by a scenario too. What survives stands in `tests/model/survivors.txt`\n"
        "with its reason. Of lines of one header that read alike the second is marked (2).\n"
        "How to read a kill: [verification](verification.md).\n\n"
        "| header | line | edge | weakened to | killed by | as |\n|---|---|---|---|---|---|\n";
    for (const mutant& one : mutants_) text += row(one);
    const auto killed = std::count_if(
        mutants_.begin(), mutants_.end(), [](const mutant& one) { return !one.how.empty(); });
    std::printf("%zu orders in the text, %zu weakened orders, %ld killed\n", text_.size(),
        mutants_.size(), static_cast<long>(killed));
    if (what == table::write) {
        std::ofstream(table_path_) << text;
        return;
    }
    std::ifstream in(table_path_);
    if (std::string(std::istreambuf_iterator<char>(in), {}) == text) return;
    ++complaints_;
    std::printf(
        "%s is not what was found; write it anew: lfq_model orders --write\n", table_path_.c_str());
}

}  // namespace

int weaken_all(const std::string& root, table what) {
    campaign all(root);
    all.run_scenarios();
    all.look_for_orders_not_met();
    all.weaken_each();
    all.tell_survivors();
    all.finish(what);
    return all.complaints();
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
                if (found.why.found != verdict::passed)
                    print_failure(*each, found, &change);
                else
                    std::printf("%s: %s\n", each->name,
                        found.complete ? "survives" : "not exhausted; nothing is shown");
            }
        }
    }
    return seen;
}

}  // namespace model
