// SPDX-License-Identifier: MIT
// bench/harness/filling.hpp — two producers and nobody else, into an empty ring that both know to
// be large enough.
#pragma once

#include "harness/keep.hpp"
#include "harness/question.hpp"
#include "harness/team.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace bench {

/// A producer's side of a ring whose producers need nothing of their own.
template <class Ring>
class shared_port {
public:
    using value_type = typename Ring::value_type;
    explicit shared_port(Ring& ring) : ring_(ring) {}
    bool try_push(const value_type& value) { return ring_.try_push(value); }
    bool push(const value_type& value) { return ring_.push(value); }
    std::size_t try_push_n(std::span<const value_type> values) { return ring_.try_push_n(values); }

private:
    Ring& ring_;
};

template <class Ring>
struct port_of {
    using type = shared_port<Ring>;
};
template <class Ring>
    requires requires { typename Ring::port; }
struct port_of<Ring> {
    using type = typename Ring::port;
};

/// A value says who sent it and which of his it is; it is never zero.
[[nodiscard]] constexpr std::uint64_t signed_number(
    std::uint64_t producer, std::uint64_t number) noexcept {
    return (producer + 1) << 56 | number;
}

/// How a producer offers `count` values numbered from `first`.
struct by_try_push {
    template <class Port>
    [[gnu::noinline]] static void fill(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        for (std::uint64_t number = first; number != first + count; ++number) {
            while (!port.try_push(signed_number(producer, number))) {
            }
        }
    }
};
struct by_push {
    template <class Port>
    [[gnu::noinline]] static void fill(
        Port& port, std::uint64_t producer, std::uint64_t first, std::uint64_t count) {
        for (std::uint64_t number = first; number != first + count; ++number) {
            if (!port.push(signed_number(producer, number))) return;
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
template <class Way, class Ring>
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
            std::array<std::uint64_t, 2> wanted{signed_number(0, first), signed_number(1, first)};
            std::uint64_t value = 0;
            for (std::uint64_t i = 0; i < 2 * half; ++i) {
                const std::size_t producer = ring->try_pop(value) && value >> 56 == 2 ? 1 : 0;
                if (value != wanted[producer]++) right = false;
            }
            if (ring->try_pop(value)) right = false;
            filled += 2 * half;
        }
        return outcome{seconds, static_cast<double>(filled) / seconds / 1e6, right};
    };
}

}  // namespace bench
