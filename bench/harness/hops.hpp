// SPDX-License-Identifier: MIT
// bench/harness/hops.hpp — values that go through two rings, one behind the other.
#pragma once

#include "harness/keep.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"
#include "harness/values.hpp"

#include <cstdint>
#include <memory>

namespace bench {

/// What comes out of the first goes into the second.
template <class Ring>
struct two_rings {
    Ring there{};
    Ring back{};
    std::uint64_t next = 1;
};

template <class Looking, class Ring>
[[gnu::noinline]] void forward(two_rings<Ring>& rings, std::uint64_t count) {
    typename Ring::value_type value{};
    for (std::uint64_t i = 0; i < count; ++i) {
        while (!rings.there.try_pop(value)) Looking::after_refusal();
        while (!rings.back.try_push(value)) Looking::after_refusal();
    }
}

/// Sends as long as there is room, and takes what has come back. Zero if all came in order.
template <class Looking, class Ring>
[[nodiscard, gnu::noinline]] std::uint64_t send_and_collect(
    two_rings<Ring>& rings, std::uint64_t first, std::uint64_t count) {
    typename Ring::value_type outward{};
    typename Ring::value_type returned{};
    std::uint64_t wrong = 0;
    std::uint64_t sent = first;
    for (std::uint64_t taken = first; taken != first + count;) {
        set_number(outward, sent);
        changed(outward);
        const bool gave = sent != first + count && rings.there.try_push(outward);
        if (gave) ++sent;
        const bool took = rings.back.try_pop(returned);
        if (took) {
            read_whole(returned);
            wrong |= differs(returned, taken++);
        }
        if (!gave && !took) Looking::after_refusal();
    }
    return wrong;
}

/// Two threads: one sends and collects, the other forwards.
template <class Looking, class Ring>
[[nodiscard]] pass there_and_back_stream(team& pinned) {
    return [&pinned, rings = std::make_shared<two_rings<Ring>>()](std::uint64_t count) {
        const std::uint64_t first = rings->next;
        rings->next += count;
        std::uint64_t wrong = 1;
        const double seconds = pinned.seconds_together(
            [&] { wrong = send_and_collect<Looking>(*rings, first, count); },
            [&] { forward<Looking>(*rings, count); });
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, wrong == 0};
    };
}

template <class Looking, class Ring>
[[gnu::noinline]] void send_all(Ring& ring, std::uint64_t first, std::uint64_t count) {
    typename Ring::value_type value{};
    for (std::uint64_t number = first; number != first + count; ++number) {
        set_number(value, number);
        changed(value);
        while (!ring.try_push(value)) Looking::after_refusal();
    }
}

template <class Looking, class Ring>
[[nodiscard, gnu::noinline]] std::uint64_t collect_all(
    Ring& ring, std::uint64_t first, std::uint64_t count) {
    typename Ring::value_type value{};
    std::uint64_t wrong = 0;
    for (std::uint64_t number = first; number != first + count; ++number) {
        while (!ring.try_pop(value)) Looking::after_refusal();
        read_whole(value);
        wrong |= differs(value, number);
    }
    return wrong;
}

/// Three threads in a row. The crew's first one collects, so it ends last; the second forwards, the
/// third sends.
template <class Looking, class Ring>
[[nodiscard]] pass stream_over_two_hops(team& crew) {
    return [&crew, rings = std::make_shared<two_rings<Ring>>()](std::uint64_t count) {
        const std::uint64_t first = rings->next;
        rings->next += count;
        std::uint64_t wrong = 1;
        const double seconds =
            crew.seconds_together([&] { wrong = collect_all<Looking>(rings->back, first, count); },
                [&] { forward<Looking>(*rings, count); },
                [&] { send_all<Looking>(rings->there, first, count); });
        return outcome{seconds, static_cast<double>(count) / seconds / 1e6, wrong == 0};
    };
}

}  // namespace bench
