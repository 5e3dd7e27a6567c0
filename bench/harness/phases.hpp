// SPDX-License-Identifier: MIT
// bench/harness/phases.hpp — first one thread fills a ring, then another one empties it: each side
// without the other.
#pragma once

#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/question.hpp"
#include "harness/session.hpp"
#include "harness/team.hpp"
#include "harness/text.hpp"
#include "harness/values.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace bench {

/// Seconds of each phase over all laps of a pass.
struct phases {
    double filling_seconds = 0;
    double draining_seconds = 0;
    std::uint64_t values = 0;
    bool right = true;
};

/// As many laps as `count` values need. The two threads have their own cpus, so what is drained
/// lies in the other one's cache, if anywhere.
template <class Way, class Ring>
[[nodiscard]] phases fill_then_drain(
    team& pinned, ring_under_test<Ring>& tested, std::uint64_t count) {
    using sides = sides_of<Way, Ring>;
    phases found;
    while (found.values < count) {
        const std::uint64_t first = tested.next;
        tested.next += Ring::capacity;
        std::uint64_t wrong = 1;
        found.filling_seconds += pinned.seconds_together(
            [&] { sides::produce(&tested.ring, first, Ring::capacity); }, [] {});
        found.draining_seconds += pinned.seconds_together(
            [] {}, [&] { wrong = sides::consume(&tested.ring, first, Ring::capacity); });
        if (wrong != 0) found.right = false;
        found.values += Ring::capacity;
    }
    return found;
}

// The two questions: values a second that a producer fills in, or that a consumer takes out.
struct filling_alone {
    static constexpr const char* name = "filling";
    static constexpr const char* in_words =
        "one producer fills an empty ring of 65,536, nobody takes";
    [[nodiscard]] static double seconds(const phases& found) { return found.filling_seconds; }
};
struct draining_alone {
    static constexpr const char* name = "draining";
    static constexpr const char* in_words =
        "one consumer empties a full ring of 65,536, nobody gives";
    [[nodiscard]] static double seconds(const phases& found) { return found.draining_seconds; }
};

template <class Phase, class Ring, class Way>
void enter_phase(entry_list& list, team& pinned, const std::string& rule, role stands_for) {
    list.enter(Ring::name, rule, stands_for, Ring::capacity, [&] {
        return [&pinned, tested = pre_faulted<Ring>()](std::uint64_t count) {
            const phases found = fill_then_drain<Way>(pinned, *tested, count);
            const double seconds = Phase::seconds(found);
            return outcome{seconds, static_cast<double>(found.values) / seconds / 1e6, found.right};
        };
    });
}

/// One value at a time, and in batches of 64 where there are batches.
template <class Field, class Phase>
void ask_about_phase(session& here) {
    using value = value_of<8>;
    constexpr std::size_t capacity = 65'536;
    here.ask(joined({"ring/", Field::name, "_1t_phases/", Phase::name, "/8B/65536"}),
        Phase::in_words, {.name = "M/s"}, [&](entry_list& list) {
            const auto enter = [&]<class Ring, class Way>(const char* rule, role stands_for) {
                enter_phase<Phase, Ring, Way>(list, here.pinned(), rule, stands_for);
            };
            using single = one_at_a_time<spin>;
            using batches = in_batches<spin, 64, by_pop_n<64>>;
            using ring = typename Field::template ours<value, capacity>;
            enter.template operator()<ring, single>("one at a time", role::ours);
            enter.template operator()<ring, batches>("batches of 64", role::ours);
            enter.template operator()<ring, in_batches<spin, 64, by_drain>>(
                "64, drain", role::extra);
            Field::template for_each_peer<value, capacity>([&]<class Peer>() {
                enter.template operator()<Peer, single>("one at a time", Peer::stands_for);
                if constexpr (requires { &Peer::try_push_n; })
                    enter.template operator()<Peer, batches>("batches of 64", Peer::stands_for);
            });
        });
}

/// `Field` is our ring and its peers.
template <class Field>
void ask_about_phases(session& here) {
    ask_about_phase<Field, filling_alone>(here);
    ask_about_phase<Field, draining_alone>(here);
}

}  // namespace bench
