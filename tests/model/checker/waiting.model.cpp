// SPDX-License-Identifier: MIT
// Goal: a thread that nobody will wake is found and named; one that waits for time, or for a
//       wake-up that comes, is not.
// Method: the smallest program of each kind, exhaustively.
// Cannot show: that lfq's waits are right; ring/ and policy/ are for that.
#include "checker/env.hpp"

#include "support/catch.hpp"

#include <string>

namespace {

using namespace model;

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto seq_cst = std::memory_order_seq_cst;

template <class Scenario>
void ends_in(verdict expected, const std::string& words, Scenario scenario, options how = {}) {
    execution here;
    const execution::result found = here.explore(how, scenario);
    INFO(found.why.text << "\n" << found.trace);
    CHECK(std::string(name_of(found.why.found)) == name_of(expected));
    CHECK(found.why.text.find(words) != std::string::npos);
    CHECK(found.complete == (expected == verdict::passed));
}

void wait_for(const atomic<int>& flag) {
    while (flag.load(relaxed) == 0) env::pause();
}

/// Sleeps until the word is no longer 0. The orders keep it from reading an old 0 for ever.
void sleep_on(atomic<int>& word, std::int64_t deadline_ns = INT64_MAX) {
    futex os;
    while (word.load(seq_cst) == 0 && clock::now_ns() < deadline_ns) os.wait(word, 0, deadline_ns);
}

}  // namespace

TEST_CASE("threads_that_pause_for_each_other_are_stuck") {
    ends_in(verdict::stuck, "every thread waits: one pauses until something changes; two pauses",
        [](execution& here) {
            atomic<int> x{0};
            atomic<int> y{0};
            here.run(thread{"one",
                         [&] {
                             wait_for(y);
                             x.store(1, relaxed);
                         }},
                thread{"two", [&] {
                           wait_for(x);
                           y.store(1, relaxed);
                       }});
        });
    ends_in(verdict::passed, "", [](execution& here) {
        atomic<int> x{0};
        atomic<int> y{0};
        here.run(thread{"one",
                     [&] {
                         x.store(1, relaxed);
                         wait_for(y);
                     }},
            thread{"two", [&] {
                       wait_for(x);
                       y.store(1, relaxed);
                   }});
    });
}

TEST_CASE("a_waiting_round_that_changed_something_is_kept") {
    ends_in(verdict::assertion, "two rounds", [](execution& here) {
        atomic<int> flag{0};
        atomic<int> rounds{0};
        here.run(thread{"waits",
                     [&] {
                         for (int i = 0; i < 3 && flag.load(relaxed) == 0; ++i) {
                             (void)rounds.fetch_add(1, relaxed);
                             env::pause();
                         }
                     }},
            thread{"counts", [&] {
                       flag.store(1, relaxed);
                       check(rounds.load(relaxed) <= 2, "two rounds");
                   }});
    });
}

TEST_CASE("only_those_who_wait_are_named") {
    execution here;
    const execution::result found = here.explore({}, [](execution& now) {
        atomic<int> x{0};
        atomic<int> y{0};
        now.run(thread{"ended", [&] { y.store(1, relaxed); }}, thread{"waiting", [&] {
                                                                          y.store(2, relaxed);
                                                                          wait_for(x);
                                                                      }});
    });
    CHECK(found.why.text == "every thread waits: waiting pauses until something changes");
}

TEST_CASE("a_futex_sleeper_that_nobody_wakes_is_named") {
    const auto handshake = [](bool stores_first, bool wakes) {
        return [=](execution& here) {
            atomic<int> word{0};
            here.run(
                thread{"sleeper", [&] { sleep_on(word); }}, thread{"waker", [&] {
                                                                       futex os;
                                                                       if (stores_first)
                                                                           word.store(1, seq_cst);
                                                                       if (wakes) os.wake_all(word);
                                                                       if (!stores_first)
                                                                           word.store(1, seq_cst);
                                                                   }});
        };
    };
    ends_in(verdict::passed, "", handshake(true, true));
    ends_in(verdict::stuck, "sleeper sleeps and nobody will wake it", handshake(true, false));
    ends_in(verdict::stuck, "sleeper sleeps and nobody will wake it", handshake(false, true));
}

TEST_CASE("a_wake_up_reaches_every_sleeper_on_that_word_and_no_other") {
    const auto two_sleepers = [](bool same_word) {
        return [=](execution& here) {
            atomic<int> one{0};
            atomic<int> other{0};
            here.run(thread{"first", [&] { sleep_on(one); }},
                thread{"second", [&] { sleep_on(same_word ? one : other); }},
                thread{"waker", [&] {
                           futex os;
                           one.store(1, seq_cst);
                           other.store(1, seq_cst);
                           os.wake_all(one);
                       }});
        };
    };
    ends_in(verdict::passed, "", two_sleepers(true));
    ends_in(verdict::stuck, "second sleeps", two_sleepers(false));
}

TEST_CASE("a_sleep_may_end_by_itself") {
    options once;
    once.spurious = 1;
    const auto trusting = [](execution& here) {
        atomic<int> word{0};
        here.run(thread{"sleeper",
                     [&] {
                         futex os;
                         if (word.load(relaxed) == 0) os.wait(word, 0, INT64_MAX);
                         check(word.load(relaxed) == 1, "woken by the waker");
                     }},
            thread{"waker", [&] {
                       futex os;
                       word.store(1, seq_cst);
                       os.wake_all(word);
                   }});
    };
    ends_in(verdict::assertion, "woken by the waker", trusting, once);
}

TEST_CASE("an_eventfd_that_nobody_rings_is_named") {
    const auto doorbell = [](bool clears_first) {
        return [=](execution& here) {
            event_fd bell;
            atomic<int> value{0};
            here.run(thread{"sleeper",
                         [&] {
                             for (;;) {
                                 if (clears_first) (void)bell.clear();
                                 if (value.load(seq_cst) == 1) return;
                                 if (!clears_first) (void)bell.clear();
                                 bell.wait(INT64_MAX);
                             }
                         }},
                thread{"ringer", [&] {
                           value.store(1, seq_cst);
                           bell.ring();
                       }});
        };
    };
    ends_in(verdict::stuck, "sleeper sleeps and nobody will wake it", doorbell(false));
}

TEST_CASE("an_eventfd_hands_over_nothing_but_the_wake_up") {
    ends_in(verdict::race, "read without the write", [](execution& here) {
        event_fd bell;
        plain<int> field{0};
        here.run(thread{"sleeper",
                     [&] {
                         bell.wait(INT64_MAX);
                         (void)field.get();
                     }},
            thread{"ringer", [&] {
                       field = 1;
                       bell.ring();
                   }});
    });
}

TEST_CASE("who_waits_for_time_is_not_stuck") {
    constexpr std::int64_t second_ns = 1'000'000'000;
    ends_in(verdict::passed, "", [](execution& here) {
        atomic<int> word{0};
        here.run(thread{"sleeper", [&] { sleep_on(word, second_ns); }},
            thread{"other", [&] { word.store(0, relaxed); }});
    });
    ends_in(verdict::passed, "", [](execution& here) {
        event_fd bell;
        atomic<int> any{0};
        here.run(thread{"sleeper", [&] { bell.wait(second_ns); }},
            thread{"other", [&] { any.store(0, relaxed); }});
    });
    ends_in(verdict::passed, "", [](execution& here) {
        atomic<int> flag{0};
        here.run(thread{"looks",
                     [&] {
                         while (flag.load(relaxed) == 0 && clock::now_ns() < second_ns)
                             env::pause();
                     }},
            thread{"other", [&] { flag.store(0, relaxed); }});
    });
    ends_in(verdict::stuck, "sleeper sleeps", [](execution& here) {
        atomic<int> word{0};
        here.run(thread{"sleeper", [&] { sleep_on(word); }},
            thread{"other", [&] { sleep_on(word, second_ns); }});
    });
}

TEST_CASE("time_may_pass_early") {
    ends_in(verdict::assertion, "in time", [](execution& here) {
        atomic<int> word{0};
        here.run(thread{"sleeper",
                     [&] {
                         sleep_on(word, 1);
                         check(word.load(relaxed) == 1, "in time");
                     }},
            thread{"waker", [&] {
                       futex os;
                       word.store(1, seq_cst);
                       os.wake_all(word);
                   }});
    });
}

TEST_CASE("a_thread_dies_at_any_operation") {
    const auto two_halves = [](int deaths) {
        options how;
        how.deaths = deaths;
        return how;
    };
    const auto between = [](execution& here) {
        atomic<int> x{0};
        atomic<int> y{0};
        here.run(thread{"mortal",
                     [&] {
                         x.store(1, relaxed);
                         y.store(1, relaxed);
                     },
                     true},
            thread{"other", [&] {
                       x.store(x.load(relaxed), relaxed);
                       y.store(y.load(relaxed), relaxed);
                   }});
        check(x.load(relaxed) == y.load(relaxed) || !here.died(1), "both or none");
    };
    ends_in(verdict::assertion, "both or none", between, two_halves(1));
    // Without a death only the other one's own writing back can part them.
    const auto forever = [](execution& here) {
        atomic<int> x{0};
        here.run(thread{"mortal", [&] { x.store(1, relaxed); }, true},
            thread{"survivor", [&] { wait_for(x); }});
    };
    ends_in(verdict::passed, "", forever, two_halves(0));
    ends_in(verdict::stuck, "every thread waits: survivor pauses", forever, two_halves(1));
    const auto counted = [](execution& here) {
        atomic<int> x{0};
        here.run(thread{"one", [&] { (void)x.fetch_add(1, relaxed); }, true},
            thread{"two", [&] { (void)x.fetch_add(1, relaxed); }, true});
        check(x.load(relaxed) != 0, "one lives");
        check(x.load(relaxed) == 2 - (here.died(1) ? 1 : 0) - (here.died(2) ? 1 : 0), "counted");
    };
    ends_in(verdict::passed, "", counted, two_halves(1));
    ends_in(verdict::assertion, "one lives", counted, two_halves(2));
}
