// SPDX-License-Identifier: MIT
// Goal: a wait with a deadline comes to everything that it may come to: what it waits for, or the
//       deadline, early or only when nothing else can happen; and a wake-up that only the deadline
//       made up for is noticed.
// Method: two threads around one wait, each outcome by name; reduced and unreduced.
// Cannot show: how long anything takes; larger programs are random_waiting's part.
#include "litmus.hpp"

#include "support/catch.hpp"

#include <array>
#include <string>

namespace {

using namespace litmus;
using model::thread;

constexpr std::int64_t deadline_ns = 1;
constexpr model::options no_clock_passes_early{.timeouts = 0};

/// What the threads were told, in order of their places.
using answers = std::array<int, 3>;

/// The outcomes of a program that fills in answers, as one string.
template <class Program>
std::string outcomes(const Program& program, const model::options& how = {}) {
    const auto told = [&](model::execution& here, const auto& note) {
        answers to{};
        program(here, to);
        std::string text;
        for (const int each : to) text += std::to_string(each);
        note(text);
    };
    const found all = search(how, told);
    const found whole = search(unreduced(how), told);
    CHECK(all.how.why.text == "");
    CHECK(all.how.complete);
    CHECK(whole.how.complete);
    CHECK(lines(all.outcomes) == lines(whole.outcomes));
    std::string text;
    for (const std::string& each : all.outcomes) text += each + " ";
    return text;
}

/// Looks until x is set or the time is up. Which of the two?
int waits_for(model::atomic<int>& x) {
    while (x.load(acquire) == 0) {
        if (model::clock::now_ns() >= deadline_ns) return 2;
        model::env::pause();
    }
    return 1;
}

}  // namespace

TEST_CASE("time_passes_for_each_of_those_that_wait_for_it") {
    const auto loop_and_sleep = [](model::execution& here, answers& to) {
        model::atomic<int> x{0};
        model::event_fd bell;
        here.run(thread{"looks", [&] { to[0] = waits_for(x); }}, thread{"sleeps", [&] {
                                                                            bell.wait(deadline_ns);
                                                                            x.store(1, release);
                                                                        }});
    };
    CHECK(outcomes(loop_and_sleep, no_clock_passes_early) == "100 200 ");
    const auto two_loops = [](model::execution& here, answers& to) {
        model::atomic<int> x{0};
        model::atomic<int> y{0};
        here.run(thread{"one",
                     [&] {
                         to[0] = waits_for(x);
                         y.store(1, release);
                     }},
            thread{"two", [&] {
                       to[1] = waits_for(y);
                       x.store(1, release);
                   }});
    };
    CHECK(outcomes(two_loops, no_clock_passes_early) == "120 210 ");
    CHECK(outcomes(two_loops) == "120 210 220 ");
}

TEST_CASE("a_sleep_with_a_deadline_ends_by_either") {
    const auto on_a_bell = [](model::execution& here, answers& to) {
        model::event_fd bell;
        here.run(thread{"ringer", [&] { bell.ring(); }}, thread{"sleeper", [&] {
                                                                    bell.wait(deadline_ns);
                                                                    to[0] = bell.clear() ? 1 : 2;
                                                                }});
    };
    CHECK(outcomes(on_a_bell) == "100 200 ");
    CHECK(outcomes(on_a_bell, no_clock_passes_early) == "100 ");
    const auto on_a_futex = [](model::execution& here, answers& to) {
        model::futex os;
        model::atomic<int> word{0};
        here.run(thread{"waker",
                     [&] {
                         word.store(1, seq_cst);
                         word.store(2, seq_cst);
                         os.wake_all(word);
                     }},
            thread{"sleeper", [&] {
                       os.wait(word, 0, deadline_ns);
                       to[0] = word.load(seq_cst);
                   }});
    };
    CHECK(outcomes(on_a_futex) == "000 100 200 ");
    CHECK(outcomes(on_a_futex, no_clock_passes_early) == "100 200 ");
}

TEST_CASE("a_sleep_on_a_bell_may_end_by_itself") {
    const auto trusting = [](model::execution& here, answers& to) {
        model::event_fd bell;
        here.run(thread{"ringer", [&] { bell.ring(); }}, thread{"sleeper", [&] {
                                                                    bell.wait(INT64_MAX);
                                                                    to[0] = bell.clear() ? 1 : 2;
                                                                }});
    };
    CHECK(outcomes(trusting) == "100 ");
    CHECK(outcomes(trusting, {.spurious = 1}) == "100 200 ");
}

TEST_CASE("a_wake_up_that_a_deadline_makes_up_for_is_counted") {
    const auto handshake = [](bool wakes) {
        return [=](model::execution& here, answers& to) {
            model::futex os;
            model::atomic<int> word{0};
            here.run(thread{"waker",
                         [&] {
                             word.store(1, seq_cst);
                             if (wakes) os.wake_all(word);
                         }},
                thread{"sleeper", [&] {
                           while (word.load(seq_cst) == 0) os.wait(word, 0, deadline_ns);
                       }});
            to[0] = here.time_had_to_pass();
        };
    };
    CHECK(outcomes(handshake(true), no_clock_passes_early) == "000 ");
    CHECK(outcomes(handshake(false), no_clock_passes_early) == "000 100 ");
}
