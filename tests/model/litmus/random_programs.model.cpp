// SPDX-License-Identifier: MIT
// Goal: the checker finds exactly what C++20 allows, with reduction and without.
// Method: random straight-line programs of two or three threads against the rules as the standard
//         writes them (axioms.hpp), and the reduced search against the whole tree. Prints its seed.
// Cannot show: programs with more than seven operations.
#include "axioms.hpp"
#include "litmus.hpp"

#include "support/catch.hpp"
#include "support/seed.hpp"

#include <string>

namespace {

using namespace litmus;

class generator {
public:
    explicit generator(std::uint64_t program) : dice_(program) {}

    step any_step() {
        using kind = step::kind;
        step one;
        one.what =
            one_of({kind::load, kind::load, kind::load, kind::store, kind::store, kind::store,
                kind::add, kind::exchange, kind::compare, kind::compare_weak, kind::fence});
        one.at = below(straight_program::locations);
        one.value = 1 + below(2);
        one.expected = below(3);
        switch (one.what) {
            case kind::load: one.order = one_of({relaxed, acquire, seq_cst}); break;
            case kind::store: one.order = one_of({relaxed, release, seq_cst}); break;
            case kind::fence:
                one.order = one_of({acquire, release, acq_rel, seq_cst, seq_cst});
                break;
            default:
                one.order = one_of({relaxed, acquire, release, acq_rel, seq_cst});
                one.failed = one_of({relaxed, acquire, seq_cst});
        }
        return one;
    }

    straight_program program() {
        straight_program one;
        one.reordered_stores = below(2) == 0;
        one.weak_fails = below(2) == 0;
        const std::vector<int> sizes = one_of<std::vector<int>>(
            {{2, 2}, {3, 3}, {3, 4}, {2, 2, 1}, {2, 2, 2}, {3, 1, 2}, {1, 1, 2}, {3, 2, 2}});
        for (const int size : sizes) {
            one.threads.emplace_back();
            for (int i = 0; i < size; ++i) one.threads.back().push_back(any_step());
        }
        return one;
    }

private:
    [[nodiscard]] int below(std::size_t count) {
        return static_cast<int>(dice_.from_to(0, count - 1));
    }
    template <class T>
    [[nodiscard]] T one_of(std::initializer_list<T> list) {
        return list.begin()[below(list.size())];
    }

    support::dice dice_;
};

std::string text_of(const straight_program& its) {
    static constexpr const char* kinds[] = {
        "load", "store", "add", "exchange", "compare", "weak", "fence"};
    static constexpr const char* orders[] = {"rlx", "con", "acq", "rel", "ar", "sc"};
    std::string text = its.reordered_stores ? "reordered " : "";
    if (its.weak_fails) text += "spurious ";
    for (const std::vector<step>& thread : its.threads) {
        text += "\n ";
        for (const step& each : thread) {
            text += std::string(" ") + kinds[static_cast<int>(each.what)] + "(" + "xy"[each.at] +
                " " + std::to_string(each.expected) + ">" + std::to_string(each.value) + " " +
                orders[static_cast<int>(each.order)] + "," + orders[static_cast<int>(each.failed)] +
                ")";
        }
    }
    return text;
}

/// Does one step; notes what it read.
std::string take(const step& one, model::atomic<int>& at) {
    using kind = step::kind;
    int seen = one.expected;
    switch (one.what) {
        case kind::load: return std::to_string(at.load(one.order)) + " ";
        case kind::store: return at.store(one.value, one.order), "";
        case kind::add: return std::to_string(at.fetch_add(one.value, one.order)) + " ";
        case kind::exchange: return std::to_string(at.exchange(one.value, one.order)) + " ";
        case kind::fence: return fence(one.order), "";
        case kind::compare: {
            const bool done = at.compare_exchange_strong(seen, one.value, one.order, one.failed);
            return std::to_string(seen) + (done ? "! " : "? ");
        }
        case kind::compare_weak: {
            const bool done = at.compare_exchange_weak(seen, one.value, one.order, one.failed);
            return std::to_string(seen) + (done ? "! " : "? ");
        }
    }
    return "";
}

found explore(const straight_program& its, bool reduced) {
    model::options how;
    how.reduced = reduced;
    how.reordered_stores = its.reordered_stores;
    how.spurious = its.weak_fails ? 1 : 0;
    std::array<std::string, 3> seen;
    return search(how, [&](model::execution& here, const auto& note) {
        std::array<model::atomic<int>, straight_program::locations> at;
        const auto thread = [&](std::size_t i) {
            return [&, i] {
                for (const step& each : its.threads[i])
                    seen[i] += take(each, at[static_cast<std::size_t>(each.at)]);
            };
        };
        seen = {};
        if (its.threads.size() == 2)
            here.run(model::thread{"one", thread(0)}, model::thread{"two", thread(1)});
        else
            here.run(model::thread{"one", thread(0)}, model::thread{"two", thread(1)},
                model::thread{"three", thread(2)});
        std::string outcome = seen[0] + seen[1] + seen[2];
        for (const model::atomic<int>& each : at)
            outcome += "=" + std::to_string(each.load(relaxed));
        note(outcome);
    });
}

}  // namespace

TEST_CASE("the_checker_and_the_rules_of_the_language_agree_on_random_programs") {
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        const straight_program its = generator(i).program();
        const found reduced = explore(its, true);
        INFO(text_of(its));
        REQUIRE(reduced.how.complete);
        const found whole = explore(its, false);
        REQUIRE(lines(whole.outcomes) == lines(reduced.outcomes));
        REQUIRE(lines(judge(its).outcomes()) == lines(whole.outcomes));
    }
}
