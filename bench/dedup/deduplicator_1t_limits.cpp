// SPDX-License-Identifier: MIT
// How many keys hear `full` at 0.25, 0.5 and 0.85 of the words in use, and what does the end of a
// generation cost the call that comes upon it?
//
// The first question fills a table for a million keys to that load with random keys, and counts
// what was refused of all that were offered; then offers all again: what was fresh must be seen.
// The load counts all 16 words of a bucket, 15 of which are for keys. The second question is the
// worst case: nobody has swept anything before.

#include "harness/session.hpp"
#include "harness/team.hpp"

#include <lfq/base/mix.hpp>
#include <lfq/dedup/deduplicator.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace bench;

constexpr std::size_t keys = 1'000'000;
constexpr std::uint64_t window = 800;
using numbers = lfq::deduplicator<std::uint64_t, lfq::storage::huge>;

/// Per million keys offered, those that heard full.
pass fill_to(team& pinned, std::shared_ptr<numbers> set, double load) {
    return [&pinned, set, load, now = std::uint64_t{0}](std::uint64_t) mutable {
        now += 10 * window;
        static_cast<void>(set->contains(0, now));
        const std::uint64_t words = set->capacity() / 15 * 16;
        const auto wanted = static_cast<std::uint64_t>(load * static_cast<double>(words));
        std::uint64_t offered = 0;
        std::uint64_t fresh = 0;
        std::uint64_t again = 0;
        const std::uint64_t salt = now << 30;
        const double seconds = pinned.seconds_together(
            [&] {
                for (; fresh < wanted; ++offered) {
                    const auto said = set->insert_if_new(lfq::mix(salt + offered), now);
                    fresh += said == lfq::dedup::fresh ? 1 : 0;
                }
                for (std::uint64_t i = 0; i < offered; ++i) {
                    const auto said = set->insert_if_new(lfq::mix(salt + i), now);
                    again += said == lfq::dedup::seen ? 1 : 0;
                }
            },
            [] {});
        const double refused = static_cast<double>(offered - fresh);
        return outcome{seconds, 1e6 * refused / static_cast<double>(offered), again == fresh};
    };
}

/// Microseconds of a call that comes so many generations later.
pass flip(team& pinned, std::shared_ptr<numbers> set, std::uint64_t generations) {
    return [&pinned, set, generations, now = std::uint64_t{0}](std::uint64_t count) mutable {
        bool right = true;
        const double seconds = pinned.seconds_together(
            [&] {
                for (std::uint64_t i = 0; i < count; ++i) {
                    now += generations * window / 8;
                    right = !set->contains(0, now) && right;
                }
            },
            [] {});
        return outcome{seconds, 1e6 * seconds / static_cast<double>(count), right};
    };
}

}  // namespace

int main(int argc, char** argv) {
    session here(argc, argv);
    if (!here.full()) return here.finish();
    const auto made = [] {
        return std::make_shared<numbers>(lfq::dedup::by_time{.window = window, .keys = keys});
    };
    here.ask("dedup/deduplicator_1t_limits/full", "keys of a million that hear full",
        {.name = "ppm", .lower_is_better = true, .one_thread = true}, [&](entry_list& list) {
            for (const double load : {0.25, 0.28, 0.5, 0.85}) {
                list.enter("filled from empty to " + std::to_string(load).substr(0, 4), "load",
                    role::extra, 1, [&] { return fill_to(here.pinned(), made(), load); });
            }
        });
    here.ask("dedup/deduplicator_1t_limits/flip", "a call that ends generations, nothing swept",
        {.name = "us", .lower_is_better = true, .one_thread = true}, [&](entry_list& list) {
            for (const std::uint64_t generations : {1U, 9U, 1000U}) {
                list.enter("after " + std::to_string(generations) + " generations", "empty table",
                    role::extra, 1, [&] { return flip(here.pinned(), made(), generations); });
            }
        });
    return here.finish();
}
