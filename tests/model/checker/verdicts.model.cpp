// SPDX-License-Identifier: MIT
// Goal: every kind of wrong program ends in its verdict, with a text that says what is wrong; a
//       right one passes.
// Method: the smallest program of each kind, exhaustively.
// Cannot show: that larger programs are judged as well; litmus/ and the scenarios are for that.
#include "checker/tracked.hpp"

#include "support/catch.hpp"

#include <string>

namespace {

using namespace model;

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

template <class Scenario>
execution::result search_in(const options& how, Scenario scenario) {
    execution here;
    return here.explore(how, scenario);
}

/// It ends in this verdict, and its text holds these words.
template <class Scenario>
void ends_in(verdict expected, const std::string& words, Scenario scenario, options how = {}) {
    const execution::result found = search_in(how, scenario);
    INFO(found.why.text << "\n" << found.trace);
    CHECK(std::string(name_of(found.why.found)) == name_of(expected));
    CHECK(found.why.text.find(words) != std::string::npos);
    CHECK(found.complete == (expected == verdict::passed));
}

/// A plain field that two threads use; `order` stands where the second learns of the first.
template <class First, class Second>
auto handed_over(std::memory_order store, First first, Second second) {
    return [=](execution& here) {
        plain<int> field;
        atomic<int> ready{0};
        here.run(thread{"first",
                     [&] {
                         first(field);
                         ready.store(1, store);
                     }},
            thread{"second", [&] {
                       if (ready.load(acquire) == 1) second(field);
                   }});
    };
}
void set(plain<int>& field) { field = 1; }
void look(plain<int>& field) { (void)field.get(); }

}  // namespace

TEST_CASE("a_race_on_plain_memory_is_told_from_a_handover") {
    ends_in(verdict::race, "two writes, neither", handed_over(relaxed, set, set));
    ends_in(verdict::race, "read without the write", handed_over(relaxed, set, look));
    ends_in(verdict::race, "another thread may still read", handed_over(relaxed, look, set));
    ends_in(verdict::passed, "", handed_over(release, set, set));
    ends_in(verdict::passed, "", handed_over(release, set, look));
    ends_in(verdict::passed, "", handed_over(release, look, set));
    ends_in(verdict::passed, "", handed_over(relaxed, look, look));
}

TEST_CASE("a_race_on_bytes_is_seen_where_they_overlap") {
    const auto copies = [](std::size_t first, std::size_t second) {
        return [=](execution& here) {
            alignas(8) std::array<char, 32> bytes{};
            env::copy_in(bytes.data(), "................................", 32);
            atomic<int> any{0};
            const auto copy = [&](std::size_t from) {
                any.store(1, relaxed);
                env::copy_in(bytes.data() + from, "2 words together", 16);
            };
            here.run(thread{"one", [&] { copy(first); }}, thread{"two", [&] { copy(second); }});
        };
    };
    ends_in(verdict::race, "bytes", copies(0, 0));
    ends_in(verdict::race, "bytes", copies(8, 0));
    ends_in(verdict::passed, "", copies(0, 16));
}

TEST_CASE("a_value_lives_from_its_construction_to_its_destruction") {
    union slot {
        slot() {}
        ~slot() {}
        tracked value;
    };
    ends_in(verdict::lifetime, "read of memory where nothing lives", [](execution&) {
        slot one;
        (void)one.value.get();
    });
    ends_in(verdict::lifetime, "read of memory where nothing lives", [](execution&) {
        slot one;
        new (&one.value) tracked(1);
        one.value.~tracked();
        (void)one.value.get();
    });
    ends_in(verdict::lifetime, "read of memory where nothing lives", [](execution&) {
        slot one;
        new (&one.value) tracked(1);
        one.value.~tracked();
        const tracked other(std::move(one.value));
    });
    ends_in(verdict::lifetime, "read of memory where nothing lives", [](execution&) {
        slot one;
        one.value = tracked(1);
    });
    ends_in(verdict::lifetime, "destroyed where nothing lives", [](execution&) {
        slot one;
        new (&one.value) tracked(1);
        one.value.~tracked();
        one.value.~tracked();
    });
    ends_in(verdict::lifetime, "built where something lives", [](execution&) {
        slot one;
        new (&one.value) tracked(1);
        new (&one.value) tracked(2);
    });
    ends_in(verdict::lifetime, "1 values were built and never destroyed", [](execution&) {
        slot one;
        new (&one.value) tracked(1);
    });
    ends_in(verdict::passed, "", [](execution&) { const tracked one(1); });
    const auto holds_one = [](execution& here) {
        atomic<int> x{0};
        here.run(thread{"mortal",
                     [&] {
                         const tracked one(1);
                         x.store(one.get(), relaxed);
                     },
                     true},
            thread{"other", [&] { x.store(2, relaxed); }});
    };
    ends_in(verdict::passed, "", holds_one, {.deaths = 1});
}

TEST_CASE("an_atomic_is_not_used_after_its_end") {
    ends_in(verdict::lifetime, "an atomic is used after its end", [](execution& here) {
        std::optional<atomic<int>> short_lived;
        short_lived.emplace(0);
        atomic<int> any{0};
        here.run(thread{"ends it",
                     [&] {
                         any.store(1, relaxed);
                         short_lived.reset();
                     }},
            thread{"uses it", [&, still = &*short_lived] {
                       any.store(2, relaxed);
                       still->store(1, relaxed);
                   }});
    });
}

TEST_CASE("an_atomic_is_not_ended_while_another_thread_may_use_it") {
    // The user always comes first in time, but nothing orders the two.
    ends_in(verdict::lifetime, "", [](execution& here) {
        std::optional<atomic<int>> short_lived;
        short_lived.emplace(0);
        atomic<int> used{0};
        here.run(thread{"ends it",
                     [&] {
                         while (used.load(relaxed) == 0) env::pause();
                         short_lived.reset();
                     }},
            thread{"uses it", [&] {
                       short_lived->store(1, relaxed);
                       used.store(1, relaxed);
                   }});
    });
}

TEST_CASE("a_failed_check_names_its_promise") {
    ends_in(verdict::assertion, "nobody saw 1", [](execution& here) {
        atomic<int> x{0};
        here.run(thread{"writes", [&] { x.store(1, relaxed); }},
            thread{"looks", [&] { check(x.load(relaxed) == 0, "nobody saw 1"); }});
    });
    ends_in(verdict::assertion, "after the threads", [](execution& here) {
        atomic<int> x{0};
        here.run(thread{"writes", [&] { x.store(1, relaxed); }}, thread{"other", [&] {}});
        check(x.load(relaxed) == 0, "after the threads");
    });
    ends_in(verdict::assertion, "before the threads", [](execution& here) {
        atomic<int> x{0};
        check(x.load(relaxed) == 1, "before the threads");
        here.run(thread{"one", [&] {}});
    });
}

TEST_CASE("a_check_may_fail_before_any_thread_has_met_another") {
    // Twice with one checker: what a thread left behind from the search before is not run.
    execution here;
    for (int i = 0; i < 2; ++i) {
        const execution::result right = here.explore({}, [](execution& now) {
            atomic<int> x{0};
            now.run(thread{"one", [&] { x.store(1, relaxed); }},
                thread{"two", [&] { x.store(2, relaxed); }},
                thread{"three", [&] { x.store(3, relaxed); }});
        });
        CHECK(right.complete);
        const execution::result found = here.explore({}, [](execution& now) {
            atomic<int> x{0};
            now.run(thread{"one", [&] { check(false, "the first statement"); }},
                thread{"two", [&] { x.store(2, relaxed); }},
                thread{"three", [&] { check(false, "the last thread"); }});
        });
        CHECK(found.why.text == "the first statement");
        CHECK(found.why.found == verdict::assertion);
    }
}

TEST_CASE("a_check_may_fail_inside_noexcept_functions") {
    ends_in(verdict::assertion, "deep inside", [](execution& here) {
        atomic<int> x{0};
        const auto deep = [&]() noexcept { check(x.load(relaxed) == 0, "deep inside"); };
        here.run(thread{"writes", [&] { x.store(1, relaxed); }}, thread{"looks", [&] { deep(); }});
    });
    ends_in(verdict::assertion, "on thread 0", [](execution&) {
        const auto deep = []() noexcept { check(false, "on thread 0"); };
        deep();
    });
}

TEST_CASE("an_exception_is_caught_by_the_thread_that_threw_it") {
    ends_in(verdict::passed, "", [](execution& here) {
        atomic<int> x{0};
        const auto throws = [&](int mine) {
            try {
                throw mine;
            } catch (int first) {
                x.store(mine, relaxed);  // the other one throws and catches meanwhile
                x.store(mine, relaxed);
                try {
                    throw;
                } catch (int again) {
                    check(first == mine && again == mine, "its own exception");
                }
            }
        };
        here.run(thread{"one", [&] { throws(1); }}, thread{"two", [&] { throws(2); }});
    });
}
