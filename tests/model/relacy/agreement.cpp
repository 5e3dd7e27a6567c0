// SPDX-License-Identifier: MIT
// A second opinion: Relacy (Dmitry Vyukov) and lfq's own checker run the same programs over
// spsc_ring and mpsc_ring, as they are and with every single order weakened, and must say the same.
// Where they do not, tests/model/relacy/differences.txt says why.

#include "checker/orders.hpp"
#include "checker/tracked.hpp"

#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "env.hpp"  // last: see there

namespace {

using lfq::storage::inplace;

// The programs: what each thread does, whoever watches.

template <class Env, class Clock>
struct spsc_program {
    template <class Value, std::size_t Capacity>
    using ring = lfq::spsc_ring<Value, inplace<Capacity>, lfq::wait::basic_spin<Clock>, Env>;

    template <class Value, class Ring, class Check>
    static void thread(unsigned self, Ring& ring, Check check) {
        constexpr int values = 3;
        if (self == 0) {
            for (int i = 1; i <= values; ++i) check(ring.push(Value(i)));
            ring.close();
            return;
        }
        Value out;
        for (int i = 1; i <= values; ++i) {
            check(ring.pop(out));
            check(out.get() == i);
        }
        check(!ring.pop(out));
    }
    static constexpr unsigned threads = 2;
};

template <class Env, class Clock>
struct mpsc_program {
    template <class Value, std::size_t Capacity>
    using ring = lfq::mpsc_ring<Value, inplace<Capacity>, lfq::wait::basic_spin<Clock>, Env>;

    template <class Value, class Ring, class Check>
    static void thread(unsigned self, Ring& ring, Check check) {
        constexpr int values[] = {2, 1};
        if (self < 2) {
            for (int i = 1; i <= values[self]; ++i)
                check(ring.push(Value(static_cast<int>(self) * 10 + i)));
            return;
        }
        Value out;
        int last[2] = {};
        for (int i = 0; i < values[0] + values[1]; ++i) {
            check(ring.pop(out));
            const int got = out.get();
            check(got >= 1 && got < 20 && got % 10 == last[got / 10] + 1);
            last[got / 10] = got % 10;
        }
    }
    static constexpr unsigned threads = 3;
};

template <class Env, class Clock>
struct mpsc_end_program {
    template <class Value, std::size_t Capacity>
    using ring = typename mpsc_program<Env, Clock>::template ring<Value, Capacity>;

    template <class Value, class Ring, class Check>
    static void thread(unsigned self, Ring& ring, Check check) {
        if (self == 0) {
            for (int i = 1; i <= 2; ++i) check(ring.push(Value(i)));
            ring.close();
            return;
        }
        Value out;
        for (int i = 1; i <= 2; ++i) {
            check(ring.pop(out));
            check(out.get() == i);
        }
        check(!ring.pop(out));
        check(ring.closed() && ring.drained());
    }
    static constexpr unsigned threads = 2;
};

struct still_clock {
    static std::int64_t now_ns() { return 0; }
    static void yield() { relacy::env::pause(); }
};

/// A program as Relacy's test.
template <template <class, class> class Program, std::size_t Capacity>
struct relacy_test
    : rl::test_suite<relacy_test<Program, Capacity>, Program<relacy::env, still_clock>::threads> {
    using program = Program<relacy::env, still_clock>;

    relacy::cells cells;
    typename program::template ring<relacy::value, Capacity> ring;

    void thread(unsigned self) {
        program::template thread<relacy::value>(self, ring, [](bool holds) { RL_ASSERT(holds); });
    }
};

struct subject {
    const char* name;
    bool (*relacy_finds)();
    std::optional<bool> (*checker_finds)(model::execution&);
};

template <template <class, class> class Program, std::size_t Capacity>
bool relacy_finds() {
    std::ofstream nowhere("/dev/null");  // not a string: Relacy has an operator new of its own
    rl::test_params how;
    how.output_stream = &nowhere;
    how.progress_stream = &nowhere;
    how.search_type = rl::random_scheduler_type;
    how.iteration_count = 20'000;
    return !rl::simulate<relacy_test<Program, Capacity>>(how);
}

/// Nothing: it came to a limit, or did not have every execution, and cannot tell.
template <template <class, class> class Program, std::size_t Capacity>
std::optional<bool> checker_finds(model::execution& here) {
    using program = Program<model::env, model::clock>;
    model::options how;
    const auto found = here.explore(how, [](model::execution& now) {
        typename program::template ring<model::tracked, Capacity> ring;
        const auto run = [&](unsigned self) {
            program::template thread<model::tracked>(
                self, ring, [](bool holds) { model::check(holds, "as the program says"); });
        };
        if constexpr (program::threads == 2) {
            now.run(model::thread{"producer", [&] { run(0); }},
                model::thread{"consumer", [&] { run(1); }});
        } else {
            now.run(model::thread{"first", [&] { run(0); }},
                model::thread{"second", [&] { run(1); }},
                model::thread{"consumer", [&] { run(2); }});
        }
    });
    if (found.why.found == model::verdict::limit) {
        std::printf("lfq's checker: limit: %s\n", found.why.text.c_str());
        return std::nullopt;
    }
    if (found.why.found != model::verdict::passed) return true;
    if (found.complete) return false;
    std::printf("lfq's checker: not exhausted after %llu executions\n",
        static_cast<unsigned long long>(found.executions));
    return std::nullopt;
}

const char* told(std::optional<bool> finds) {
    if (!finds) return "CANNOT TELL";
    return *finds ? "finds it" : "passes";
}

/// differences.txt: `program | header | text of the line | weaker order | who finds it | reason`.
std::set<std::string> known_differences() {
    std::set<std::string> list;
    std::ifstream in(LFQ_RELACY_DIFFERENCES);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line[0] != '#') list.insert(line.substr(0, line.rfind(" | ")));
    }
    return list;
}

}  // namespace

int main() {
    const subject subjects[] = {
        {"spsc_ring, 3 values, capacity 1", relacy_finds<spsc_program, 1>,
            checker_finds<spsc_program, 1>},
        {"spsc_ring, 3 values, capacity 2", relacy_finds<spsc_program, 2>,
            checker_finds<spsc_program, 2>},
        {"mpsc_ring, producers of 2 values and of 1, capacity 1", relacy_finds<mpsc_program, 1>,
            checker_finds<mpsc_program, 1>},
        {"mpsc_ring, producers of 2 values and of 1, capacity 2", relacy_finds<mpsc_program, 2>,
            checker_finds<mpsc_program, 2>},
        {"mpsc_ring, 1 producer of 2 values that closes, capacity 1",
            relacy_finds<mpsc_end_program, 1>, checker_finds<mpsc_end_program, 1>},
    };
    const std::vector<model::written_order> text = model::orders_in_text(LFQ_INCLUDE);
    std::set<std::string> differences = known_differences();
    model::execution here;
    int wrong = 0;
    int agreed = 0;
    std::printf(
        "| program | header | order | weakened to | lfq's checker | Relacy |\n"
        "|---|---|---|---|---|---|\n");
    for (const subject& each : subjects) {
        std::vector<model::met> orders;
        here.record(&orders);
        const std::optional<bool> ours = each.checker_finds(here);
        here.record(nullptr);
        const bool theirs = each.relacy_finds();
        std::printf("| %s | – | as it is | – | %s | %s |\n", each.name, told(ours),
            theirs ? "FAILS" : "passes");
        if (ours != false || theirs) ++wrong;
        for (const model::met& one : orders) {
            const std::string file = model::path_in_include(one.where);
            const model::written_order* const at = model::find_written(text, one);
            for (const std::memory_order to : model::weaker(one)) {
                const model::mutation change{
                    file, one.where.line(), one.where.column(), one.of_failure, to};
                here.mutate(&change);
                const std::optional<bool> we = each.checker_finds(here);
                here.mutate(nullptr);
                relacy::weakened = &change;
                const bool they = each.relacy_finds();
                relacy::weakened = nullptr;
                const std::string what = std::string(each.name) + " | " + file + " | " +
                    (at != nullptr ? at->text : "?") + " | " + std::string(model::name_of(to));
                std::printf(
                    "| %s | %s | %s |\n", what.c_str(), told(we), they ? "finds it" : "passes");
                if (!we || we == they) {
                    ++(we ? agreed : wrong);
                    continue;
                }
                const std::string difference =
                    what + " | " + (*we ? "only lfq's checker" : "only Relacy");
                if (differences.erase(difference) == 0) {
                    ++wrong;
                    std::printf("not in differences.txt: %s\n", difference.c_str());
                }
            }
        }
    }
    for (const std::string& left : differences) {
        ++wrong;
        std::printf("differences.txt: no longer so: %s\n", left.c_str());
    }
    std::printf("%d weakened orders judged alike, %d surprises\n", agreed, wrong);
    return wrong == 0 ? 0 : 1;
}
