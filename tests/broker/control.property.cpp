// SPDX-License-Identifier: MIT
// Goal: no signal makes the states oscillate, DRAINING is never left, the word is always valid.
// Method: thousands of random, sticky and adversarial sequences over random valid marks; after each
//         tick every rule is checked against the decision. LFQ_SEED repeats a run.
// Cannot show: that the marks are well chosen.
#include "broker/control/step.hpp"

#include "dice.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>

namespace {

using broker::control::decision;
using broker::control::mark;
using broker::control::memory;
using broker::control::signals;
using broker::control::thresholds;
using broker::core::priority_set;
using broker::core::state;
using broker::core::state_view;
using broker::core::state_word;
using broker::test::dice;

constexpr std::uint64_t ms = 1'000'000;

std::uint32_t percent(dice& d, std::uint64_t low, std::uint64_t high) {
    return static_cast<std::uint32_t>(d.from_to(low, high));
}

thresholds random_marks(dice& d) {
    thresholds t;
    const auto rise = [&d](mark& milder, mark& severer) {
        milder.enter = percent(d, 1, 95);
        milder.leave = percent(d, 0, milder.enter - 1);
        severer.enter = percent(d, milder.enter, 98);
        severer.leave = percent(d, milder.leave, severer.enter - 1);
    };
    rise(t.pause_queue, t.drop_queue);
    rise(t.pause_slabs, t.drop_slabs);
    t.emergency_slabs.enter = percent(d, t.drop_slabs.enter, 100);
    t.emergency_slabs.leave = percent(d, t.drop_slabs.leave, t.emergency_slabs.enter - 1);
    t.dwell_ns = d.from_to(250, 1'000) * ms;
    t.hold_ns = d.from_to(0, 1'000) * ms;
    t.backlog_ns = d.from_to(0, 1'000) * ms;
    t.in_use_ns = d.from_to(100, 3'000) * ms;
    return t;
}

signals random_signals(dice& d, std::uint64_t consumed) {
    signals s{.queue_waiting = d.from_to(0, 110),
        .queue_capacity = 100,
        .queue_consumed = consumed,
        .slabs_taken = d.from_to(0, 100),
        .slabs_total = 100};
    for (std::uint64_t i = d.from_to(0, 3); i > 0; --i) {
        s.seen.insert(static_cast<unsigned>(d.from_to(0, 127)));
    }
    return s;
}

/// Whatever pushes the present state away from where it is.
signals against(state now, dice& d, std::uint64_t consumed) {
    signals s = random_signals(d, consumed);
    const bool up = now == state::running || (now != state::emergency && d.one_in(2));
    s.queue_waiting = up ? 100 : 0;
    s.slabs_taken = up ? 100 : 0;
    return s;
}

unsigned severity(state s) {
    if (s == state::emergency) return 3;
    if (s == state::dropping) return 2;
    return s == state::paused ? 1 : 0;
}

/// Plays a sequence and counts the broken rules.
struct player {
    explicit player(const thresholds& t) : marks(t) {}

    void play(const signals& s, std::uint64_t now_ns) {
        const decision d = step(s, marks, kept, now_ns);
        if (!(step(s, marks, kept, now_ns).next == d.next)) ++broken;  // deterministic
        check_transition(s, d, now_ns);
        check_word(d);
        kept = d.next;
    }

    void check_transition(const signals& s, const decision& d, std::uint64_t now_ns) {
        const state from = kept.now;
        const state to = d.view.now;
        if (d.changed != (from != to) || d.next.now != to) ++broken;
        if (from == state::draining && to != state::draining) ++broken;
        if (s.drain_requested != (to == state::draining) && from != state::draining) ++broken;
        if (!d.changed || to == state::draining) return;
        ++transitions;
        if (severity(to) < severity(from) && severity(from) - severity(to) != 1) ++broken;
        if (changed_before && now_ns - changed_ns < marks.dwell_ns) ++broken;
        changed_before = true;
        changed_ns = now_ns;
    }

    void check_word(const decision& d) {
        const state_view v = d.view;
        if (static_cast<unsigned>(v.now) >= broker::core::state_count) ++broken;
        if (!(state_word::unpacked(state_word::packed(v)) == v)) ++broken;
        priority_set in_use = d.next.recent;
        in_use |= d.next.before;
        if (v.drop_below > in_use.highest()) ++broken;  // the highest in use is never dropped
        const bool drops = v.now == state::dropping || v.now == state::emergency;
        if (!drops && v.drop_below != 0) ++broken;
        if (v.now == state::running && !v.reading) ++broken;
        if ((v.now == state::paused || v.now == state::draining) && v.reading) ++broken;
    }

    thresholds marks;
    memory kept;
    unsigned broken = 0;
    unsigned transitions = 0;
    bool changed_before = false;
    std::uint64_t changed_ns = 0;
};

}  // namespace

TEST_CASE("transitions_are_at_least_a_dwell_apart_under_any_signals") {
    dice d("control any signals");
    unsigned broken = 0;
    unsigned transitions = 0;
    for (int round = 0; round < 300; ++round) {
        player p(round % 2 == 0 ? thresholds{} : random_marks(d));
        const unsigned style = static_cast<unsigned>(d.from_to(0, 2));
        std::uint64_t now_ns = d.from_to(0, 1'000'000) * ms;
        std::uint64_t consumed = 0;
        signals s;
        for (int tick = 0; tick < 400; ++tick) {
            now_ns += d.from_to(1, 100) * ms;
            consumed += d.from_to(0, 300);
            if (style == 0 || d.one_in(20)) s = random_signals(d, consumed);
            if (style == 1) s = against(p.kept.now, d, consumed);
            s.drain_requested = d.one_in(5'000);
            p.play(s, now_ns);
        }
        broken += p.broken;
        transitions += p.transitions;
    }
    CHECK(broken == 0);
    CHECK(transitions > 5'000);  // or the signals no longer reach the marks
}

TEST_CASE("signals_that_stand_still_settle_and_never_move_the_state_again") {
    dice d("control still signals");
    unsigned moved = 0;
    for (int round = 0; round < 1'000; ++round) {
        player p(random_marks(d));
        std::uint64_t now_ns = 0;
        for (int tick = 0; tick < 50; ++tick) p.play(random_signals(d, 0), now_ns += 50 * ms);
        signals s = random_signals(d, 0);
        const std::uint64_t each_tick = d.from_to(0, 200);
        for (int tick = 0; tick < 120; ++tick) {
            s.queue_consumed += each_tick;
            p.play(s, now_ns += 50 * ms);
        }
        const unsigned settled = p.transitions;
        for (int tick = 0; tick < 400; ++tick) {
            s.queue_consumed += each_tick;
            p.play(s, now_ns += 50 * ms);
        }
        moved += p.transitions - settled + p.broken;
    }
    CHECK(moved == 0);
}

TEST_CASE("signals_that_tremble_between_the_marks_of_a_state_do_not_move_it") {
    dice d("control trembling signals");
    unsigned moved = 0;
    unsigned paused = 0;
    for (int round = 0; round < 1'000; ++round) {
        const thresholds t = random_marks(d);
        if (t.drop_slabs.enter <= t.pause_slabs.leave + 1) continue;
        player p(t);
        signals s{.queue_capacity = 100, .slabs_taken = t.pause_slabs.enter, .slabs_total = 100};
        if (t.pause_slabs.enter == t.drop_slabs.enter) continue;
        std::uint64_t now_ns = 0;
        for (int tick = 0; tick < 40; ++tick) p.play(s, now_ns += 50 * ms);
        if (p.kept.now != state::paused) ++moved;
        ++paused;
        const unsigned before = p.transitions;
        for (int tick = 0; tick < 400; ++tick) {
            s.slabs_taken = d.from_to(t.pause_slabs.leave, t.drop_slabs.enter - 1);
            p.play(s, now_ns += 50 * ms);
        }
        moved += p.transitions - before + p.broken;
    }
    CHECK(moved == 0);
    CHECK(paused > 500);
}

TEST_CASE("draining_is_entered_at_the_tick_that_asks_for_it_and_never_left") {
    dice d("control draining");
    unsigned left = 0;
    for (int round = 0; round < 500; ++round) {
        player p(random_marks(d));
        std::uint64_t now_ns = 0;
        const std::uint64_t asked = d.from_to(0, 50);
        for (std::uint64_t tick = 0; tick < 150; ++tick) {
            signals s = random_signals(d, 0);
            s.drain_requested = tick == asked;
            p.play(s, now_ns += d.from_to(0, 100) * ms);
            if (tick >= asked && p.kept.now != state::draining) ++left;
        }
        left += p.broken;
    }
    CHECK(left == 0);
}

TEST_CASE("readings_out_of_order_and_a_clock_that_steps_back_break_no_rule") {
    dice d("control broken readings");
    unsigned broken = 0;
    for (int round = 0; round < 500; ++round) {
        memory kept;
        for (int tick = 0; tick < 200; ++tick) {
            const signals s{.queue_waiting = d.from_to(0, ~0ULL),
                .queue_capacity = d.one_in(4) ? 0 : d.from_to(0, ~0ULL),
                .queue_consumed = d.from_to(0, ~0ULL),
                .slabs_taken = d.from_to(0, ~0ULL),
                .slabs_total = d.one_in(4) ? 0 : d.from_to(0, ~0ULL),
                .seen = {d.from_to(0, ~0ULL), d.from_to(0, ~0ULL)}};
            const decision got = step(s, {}, kept, d.from_to(0, ~0ULL));
            if (static_cast<unsigned>(got.view.now) >= broker::core::state_count) ++broken;
            if (got.next.stepped_ns < kept.stepped_ns) ++broken;
            kept = got.next;
        }
    }
    CHECK(broken == 0);
}

TEST_CASE("every_state_word_unpacks_to_what_was_packed") {
    unsigned wrong = 0;
    for (unsigned number = 0; number < broker::core::state_count; ++number) {
        for (unsigned below = 0; below < 128; ++below) {
            for (const bool reading : {false, true}) {
                const state_view view{.now = static_cast<state>(number),
                    .reading = reading,
                    .drop_below = static_cast<std::uint8_t>(below)};
                state_word word;
                word.write(view);
                if (!(word.read() == view)) ++wrong;
            }
        }
    }
    CHECK(wrong == 0);
}
