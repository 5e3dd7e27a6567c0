// SPDX-License-Identifier: MIT
// bench/harness/filling.hpp — two producers and nobody else, into an empty ring that both know to
// be large enough.
#pragma once

#include "harness/keep.hpp"
#include "harness/ports.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace bench {

/// How a producer offers `count` values numbered from `first`.
struct by_try_push {
    template <class Port>
    [[gnu::noinline]] static void fill(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        typename Port::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            set_number(value, signed_number(producer, number));
            changed(value);
            while (!port.try_push(value)) {
            }
        }
    }
};
struct by_push {
    template <class Port>
    [[gnu::noinline]] static void fill(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        typename Port::value_type value{};
        for (std::uint64_t number = first; number != first + count; ++number) {
            set_number(value, signed_number(producer, number));
            changed(value);
            if (!port.push(value)) return;
        }
    }
};
template <std::size_t Size>
struct by_try_push_n {
    template <class Port>
    [[gnu::noinline]] static void fill(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        std::array<std::uint64_t, Size> batch{};
        for (std::uint64_t number = first; number != first + count; number += Size) {
            for (std::size_t i = 0; i < Size; ++i) batch[i] = signed_number(producer, number + i);
            changed(batch);
            for (std::size_t sent = 0; sent < Size;) {
                sent += port.try_push_n(std::span<const std::uint64_t>(&batch[sent], Size - sent));
            }
        }
    }
};

/// A pass: fill (timed), empty and check (not timed), as often as `count` values need. Values per
/// second of filling.
template <class Way, class Taking = by_try_pop, class Ring>
[[nodiscard]] pass fill_by_two(team& pinned, std::shared_ptr<Ring> ring) {
    return [&pinned, ring, next = std::uint64_t{1}](std::uint64_t count) mutable {
        using port = typename port_of<Ring>::type;
        constexpr std::uint64_t half = Ring::capacity / 2;
        double seconds = 0;
        bool right = true;
        std::uint64_t filled = 0;
        while (filled < count) {
            const std::uint64_t first = next;
            next += half;
            port one(*ring);
            port two(*ring);
            seconds += pinned.seconds_together(
                [&] { Way::fill(one, 0, first, half); }, [&] { Way::fill(two, 1, first, half); });
            ledger book(2, first);
            std::uint64_t taken = 0;
            const auto enter = [&](const auto& value) { book.enter(value); };
            while (const std::size_t took = Taking::look(*ring, enter)) taken += took;
            if (!book.right() || taken != 2 * half) right = false;
            filled += 2 * half;
        }
        return outcome{seconds, static_cast<double>(filled) / seconds / 1e6, right};
    };
}

}  // namespace bench
