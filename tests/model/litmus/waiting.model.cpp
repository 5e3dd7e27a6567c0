// SPDX-License-Identifier: MIT
// Goal: a waiting loop that rests in pause() comes to everything that the same loop without pauses
//       comes to; only rounds that change nothing are left out.
// Method: loops with pause() against the same loops with a bounded number of rounds, which count
//         only if they end; both with reduction and without.
// Cannot show: how many rounds were had; loops that count their rounds.
#include "litmus.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace litmus;

constexpr int rounds_max = 6;

/// Calls `round` until it is true. How it waits is the test's choice.
template <class Round>
bool until(bool pauses, Round round) {
    for (int i = 0; pauses || i < rounds_max; ++i) {
        if (round()) return true;
        if (pauses) model::env::pause();
    }
    return false;
}

using waiting_body = bool (*)(cells&, bool pauses);

found explore(const std::vector<waiting_body>& threads, model::options how, bool pauses) {
    return search(how, [&](model::execution& here, const auto& note) {
        cells at;
        std::array<bool, 3> ended{true, true, true};
        const auto call = [&](std::size_t i) {
            return [&, i] { ended[i] = threads[i](at, pauses); };
        };
        if (threads.size() == 2)
            here.run(model::thread{"one", call(0)}, model::thread{"two", call(1)});
        else
            here.run(model::thread{"one", call(0)}, model::thread{"two", call(1)},
                model::thread{"three", call(2)});
        if (ended[0] && ended[1] && ended[2]) note(at.outcome());
    });
}

void agree(const char* name, const std::vector<waiting_body>& threads, model::options how = {}) {
    INFO(name);
    const found rests = explore(threads, how, true);
    CHECK(rests.how.why.text == "");
    CHECK(rests.how.complete);
    const found whole = explore(threads, unreduced(how), true);
    CHECK(whole.how.complete);
    CHECK(lines(rests.outcomes) == lines(whole.outcomes));
    const found spins = explore(threads, how, false);
    CHECK(spins.how.complete);
    CHECK(lines(rests.outcomes) == lines(spins.outcomes));
}

}  // namespace

TEST_CASE("a_pause_leaves_out_only_rounds_that_change_nothing") {
    agree("a message that is waited for",
        {[](cells& at, bool) {
             at.x.store(1, relaxed);
             at.y.store(1, release);
             return true;
         },
            [](cells& at, bool pauses) {
                const bool came = until(pauses, [&] { return at.y.load(relaxed) == 1; });
                at.r[0] = at.x.load(relaxed);
                return came;
            }});
    agree("each waits for the other",
        {[](cells& at, bool pauses) {
             at.x.store(1, relaxed);
             const bool came = until(pauses, [&] { return at.y.load(relaxed) == 1; });
             at.x.store(2, relaxed);
             return came;
         },
            [](cells& at, bool pauses) {
                const bool came = until(pauses, [&] { return at.x.load(relaxed) >= 1; });
                at.r[0] = at.x.load(relaxed);
                at.y.store(1, relaxed);
                return came;
            }});
}

TEST_CASE("a_round_that_changes_something_is_had") {
    agree("a round that changes something by a compare-exchange",
        {[](cells& at, bool) {
             at.x.store(1, relaxed);
             at.y.store(1, relaxed);
             return true;
         },
            [](cells& at, bool pauses) {
                at.r[0] = 0;
                return until(pauses, [&] {
                    int one = 1;
                    if (at.x.load(relaxed) == 1 &&
                        at.x.compare_exchange_strong(one, 2, relaxed, relaxed))
                        ++at.r[0];
                    return at.y.load(relaxed) == 1 && at.x.load(relaxed) != 0;
                });
            }});
    agree("a round that takes something out by an exchange",
        {[](cells& at, bool) {
             at.x.store(1, relaxed);
             at.x.store(2, relaxed);
             at.x.store(3, relaxed);
             at.y.store(1, release);
             return true;
         },
            [](cells& at, bool pauses) {
                at.r[0] = 0;
                return until(pauses, [&] {
                    const bool last = at.y.load(acquire) == 1;
                    if (at.x.load(relaxed) != 0) at.r[0] = at.r[0] * 10 + at.x.exchange(0, relaxed);
                    return last;
                });
            }});
    agree("a round that writes back what it read",
        {[](cells& at, bool) {
             at.x.store(1, relaxed);
             at.x.store(2, relaxed);
             at.x.store(4, relaxed);
             at.y.store(1, relaxed);
             return true;
         },
            [](cells& at, bool pauses) {
                at.r[0] = 0;
                return until(pauses, [&] {
                    const int value = at.x.load(relaxed);
                    if (value != 0) at.x.store(value, relaxed);
                    at.r[0] |= value;
                    return at.y.load(relaxed) == 1;
                });
            }});
}

TEST_CASE("a_look_may_be_a_read_modify_write") {
    agree("a loop that adds nothing",
        {[](cells& at, bool) {
             at.y.store(1, relaxed);
             at.x.store(1, relaxed);
             return true;
         },
            [](cells& at, bool pauses) {
                return until(pauses, [&] {
                    if (at.x.fetch_add(0, acquire) == 1) return true;
                    at.r[0] = at.z.load(relaxed) + at.y.load(relaxed);
                    return false;
                });
            }});
    const waiting_body with_a_lock = [](cells& at, bool pauses) {
        if (!until(pauses, [&] { return at.x.exchange(1, acquire) == 0; })) return false;
        at.y.store(2 * at.y.load(relaxed) + 1, relaxed);
        at.x.store(0, release);
        return true;
    };
    agree("a lock that is taken by exchanges", {with_a_lock, with_a_lock});
}

TEST_CASE("three_may_wait_for_a_lock_by_exchanges") {
    model::options how;
    how.executions = 1'000'000;
    const waiting_body with_a_lock = [](cells& at, bool pauses) {
        const bool took = until(pauses, [&] { return at.x.exchange(1, acquire) == 0; });
        at.y.store(at.y.load(relaxed) + 1, relaxed);
        at.x.store(0, release);
        return took;
    };
    const found all = explore({with_a_lock, with_a_lock, with_a_lock}, how, true);
    CHECK(all.how.why.text == "");
    CHECK(all.how.complete);
    CHECK(lines(all.outcomes) == "x=0 y=3 z=0\n");
}

TEST_CASE("the_loop_that_a_futex_is_made_for") {
    const auto loop = [](model::execution& here, const auto& note) {
        model::atomic<int> word{0};
        model::futex os;
        here.run(model::thread{"sleeper",
                     [&] {
                         while (word.load(acquire) == 0) os.wait(word, 0, INT64_MAX);
                     }},
            model::thread{"waker", [&] {
                              word.store(1, release);
                              os.wake_all(word);
                          }});
        note("woken");
    };
    for (const int spurious : {0, 1}) {
        model::options how;
        how.spurious = spurious;
        const found all = search(how, loop);
        CHECK(all.how.why.text == "");
        CHECK(all.how.complete);
        CHECK(search(unreduced(how), loop).how.complete);
    }
}

TEST_CASE("who_changes_what_it_looks_at_need_not_rest") {
    const auto rounds = [](model::execution& here, const auto& note) {
        model::atomic<int> count{0};
        model::atomic<int> never{0};
        here.run(model::thread{"counts",
                     [&] {
                         while (count.fetch_add(1, relaxed) < 3 && never.load(relaxed) == 0)
                             model::env::pause();
                     }},
            model::thread{"looks", [&] { (void)never.load(relaxed); }});
        note(std::to_string(count.load(relaxed)));
    };
    const found all = search({}, rounds);
    CHECK(all.how.why.text == "");
    CHECK(lines(all.outcomes) == "4\n");
}
