// SPDX-License-Identifier: MIT
// bench/harness/phases.hpp — first one thread fills a ring, then another one empties it: each side
// without the other.
#pragma once

#include "harness/hand_over.hpp"
#include "harness/looking.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Values a second that a producer fills in.
template <class Way, class Ring>
[[nodiscard]] pass filling_alone(team& pinned, std::shared_ptr<ring_under_test<Ring>> tested) {
    return [&pinned, tested = std::move(tested)](std::uint64_t count) {
        const phases found = fill_then_drain<Way>(pinned, *tested, count);
        const double seconds = found.filling_seconds;
        return outcome{seconds, static_cast<double>(found.values) / seconds / 1e6, found.right};
    };
}

/// Values a second that a consumer takes out.
template <class Way, class Ring>
[[nodiscard]] pass draining_alone(team& pinned, std::shared_ptr<ring_under_test<Ring>> tested) {
    return [&pinned, tested = std::move(tested)](std::uint64_t count) {
        const phases found = fill_then_drain<Way>(pinned, *tested, count);
        const double seconds = found.draining_seconds;
        return outcome{seconds, static_cast<double>(found.values) / seconds / 1e6, found.right};
    };
}

}  // namespace bench
