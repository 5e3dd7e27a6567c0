// SPDX-License-Identifier: MIT
// Goal: in programs that wait, too, the reduced search comes to every outcome of the whole tree,
//       and to the same verdict.
// Method: random programs of two or three threads: loads, stores, loops with pause(), futexes, an
//         eventfd, deadlines, deaths. Prints its seed. Programs whose whole tree is too large, and
//         those that come to a limit, are passed over and counted.
// Cannot show: that the outcomes are right; waiting and timed_waiting are for that.
#include "litmus.hpp"

#include "support/catch.hpp"
#include "support/seed.hpp"

#include <array>
#include <string>
#include <vector>

namespace {

using namespace litmus;

struct step {
    enum class kind : std::uint8_t {
        load,
        store,
        add,
        compare,
        fence,
        look_until_set,
        look_until_time,  // and store to the other one each round
        futex_sleep,
        futex_wake,
        bell_ring,
        bell_sleep,
        bell_sleep_timed,
        last = bell_sleep_timed,
    };
    kind what = kind::load;
    std::size_t at = 0;
    int value = 1;
    std::size_t order = 0;  // relaxed, one-sided, total
};

constexpr std::array load_orders{relaxed, acquire, seq_cst};
constexpr std::array store_orders{relaxed, release, seq_cst};
constexpr std::array change_orders{relaxed, acq_rel, seq_cst};

struct program {
    std::vector<std::vector<step>> threads;
    model::options how;
};

program random_program(std::uint64_t number) {
    support::dice dice(number);
    const auto below = [&](std::size_t count) { return dice.from_to(0, count - 1); };
    program one;
    one.threads.resize(dice.one_in(3) ? 3 : 2);
    for (std::vector<step>& thread : one.threads) {
        for (std::size_t left = 2 + below(one.threads.size() == 2 ? 3 : 2); left != 0; --left)
            thread.push_back({static_cast<step::kind>(below(std::size_t(step::kind::last) + 1)),
                below(2), static_cast<int>(1 + below(2)), below(3)});
    }
    one.how.spurious = static_cast<int>(below(2));
    one.how.timeouts = static_cast<int>(below(2));
    one.how.reordered_stores = dice.one_in(4);
    one.how.deaths = dice.one_in(4) ? 1 : 0;
    one.how.executions = 20'000;
    one.how.steps = 200;
    return one;
}

std::string text_of(const program& its) {
    static constexpr const char* kinds[] = {"load", "store", "add", "compare", "fence",
        "look until set", "look until time", "futex sleep", "futex wake", "ring", "sleep",
        "sleep timed"};
    std::string text = "spurious " + std::to_string(its.how.spurious) + " timeouts " +
        std::to_string(its.how.timeouts) + " deaths " + std::to_string(its.how.deaths) +
        (its.how.reordered_stores ? " reordered" : "");
    for (const std::vector<step>& thread : its.threads) {
        text += "\n ";
        for (const step& each : thread)
            text += std::string(" ") + kinds[static_cast<int>(each.what)] + "(" + "xy"[each.at] +
                " " + std::to_string(each.value) + " " + std::to_string(each.order) + ")";
    }
    return text;
}

struct world {
    std::array<model::atomic<int>, 2> cell;
    model::event_fd bell;
    model::futex os;
    std::array<std::string, 3> told;
};

std::string look_until_time(world& in, const step& one) {
    for (;;) {
        const int seen = in.cell[one.at].load(load_orders[one.order]);
        if (seen != 0) return std::to_string(seen);
        in.cell[1 - one.at].store(one.value, store_orders[one.order]);
        if (model::clock::now_ns() > 0) return "T";
        model::env::pause();
    }
}

/// Does one step. What did it learn?
std::string take(world& in, const step& one) {
    using kind = step::kind;
    model::atomic<int>& at = in.cell[one.at];
    switch (one.what) {
        case kind::load: return std::to_string(at.load(load_orders[one.order]));
        case kind::store: return at.store(one.value, store_orders[one.order]), "";
        case kind::add: return std::to_string(at.fetch_add(1, change_orders[one.order]));
        case kind::compare: {
            int seen = one.value - 1;
            const bool done = at.compare_exchange_weak(
                seen, one.value, change_orders[one.order], load_orders[one.order]);
            return done ? "!" : "?" + std::to_string(seen);
        }
        case kind::fence: return fence(change_orders[one.order]), "";
        case kind::look_until_set:
            while (at.load(load_orders[one.order]) == 0) model::env::pause();
            return "w";
        case kind::look_until_time: return look_until_time(in, one);
        case kind::futex_sleep: return in.os.wait(at, 0, INT64_MAX), "f";
        case kind::futex_wake: return in.os.wake_all(at), "";
        case kind::bell_ring: return in.bell.ring(), "";
        case kind::bell_sleep: return in.bell.wait(INT64_MAX), in.bell.clear() ? "c" : "n";
        case kind::bell_sleep_timed: return in.bell.wait(1), in.bell.clear() ? "c" : "n";
    }
    return "";
}

found explore(const program& its, bool reduced) {
    model::options how = its.how;
    how.reduced = reduced;
    return search(how, [&](model::execution& here, const auto& note) {
        world in;
        const auto thread = [&](std::size_t i) {
            return [&, i] {
                for (const step& each : its.threads[i]) in.told[i] += take(in, each) + " ";
            };
        };
        if (its.threads.size() == 2)
            here.run(model::thread{"one", thread(0), true}, model::thread{"two", thread(1)});
        else
            here.run(model::thread{"one", thread(0), true}, model::thread{"two", thread(1)},
                model::thread{"three", thread(2)});
        std::string outcome;
        for (const std::string& each : in.told) outcome += each + "| ";
        for (const model::atomic<int>& each : in.cell)
            outcome += "=" + std::to_string(each.load(relaxed));
        note(outcome);
    });
}

}  // namespace

TEST_CASE("the_reduction_misses_no_outcome_of_random_programs_that_wait") {
    int compared = 0;
    int stuck = 0;
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        const program its = random_program(i);
        const found whole = explore(its, false);
        const found reduced = explore(its, true);
        if (whole.how.stopped || reduced.how.stopped) continue;
        INFO(text_of(its) << "\n" << whole.how.why.text << "\n" << reduced.how.why.text);
        REQUIRE(std::string(name_of(whole.how.why.found)) == name_of(reduced.how.why.found));
        if (whole.how.why.found == model::verdict::stuck) ++stuck;
        if (whole.how.why.found != model::verdict::passed) continue;
        REQUIRE(lines(whole.outcomes) == lines(reduced.outcomes));
        ++compared;
    }
    INFO(compared << " compared, " << stuck << " stuck");
    CHECK(compared >= 200);
    CHECK(stuck >= 100);
}
