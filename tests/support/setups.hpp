// SPDX-License-Identifier: MIT
// The rings that tests are repeated for: every storage and every wait on both algorithms, from zero
// and near the wrap.
#pragma once

#include <lfq/policy/sleep.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>

#include "support/env_near_wrap.hpp"
#include "support/ring_traits.hpp"
#include "support/tracked.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <tuple>
#include <utility>
#include <vector>

namespace support {

// Algorithms: whether many may push, and whether slots may be given up and stepped over.
struct spsc {
    static constexpr bool shared = false;
    static constexpr bool skips = false;
    template <class T, class Storage, class Wait, class Env>
    using ring = lfq::spsc_ring<T, Storage, Wait, Env>;
};
struct mpsc {
    static constexpr bool shared = true;
    static constexpr bool skips = true;
    template <class T, class Storage, class Wait, class Env>
    using ring = lfq::mpsc_ring<T, Storage, Wait, Env>;
};
struct ordered {
    static constexpr bool shared = true;
    static constexpr bool skips = false;
    template <class T, class Storage, class Wait, class Env>
    using ring = lfq::mpsc_ordered_ring<T, Storage, Wait, Env>;
};

// Storages for a capacity.
struct on_heap {
    template <std::size_t>
    using storage = lfq::storage::heap;
};
struct in_place {
    template <std::size_t Capacity>
    using storage = lfq::storage::inplace<Capacity>;
};
struct on_huge_pages {
    template <std::size_t>
    using storage = lfq::storage::huge;
};

// In whole pages: for elements of which a page holds Capacity, as below.
struct in_mirrored {
    template <std::size_t>
    using storage = lfq::storage::mirrored;
};

/// A number as large as a page of 4 KiB holds `Count` of, so that a mirrored ring has few slots.
template <std::size_t Count>
struct part_of_a_page {
    part_of_a_page() = default;
    explicit part_of_a_page(std::uint64_t value) : first(value), last(value) {}

    std::uint64_t first = 0;
    std::uint64_t between[4096 / Count / sizeof(std::uint64_t) - 2];
    std::uint64_t last = 0;
};
template <std::size_t Count>
[[nodiscard]] std::uint64_t number(const part_of_a_page<Count>& element) noexcept {
    return element.first == element.last ? element.first : ~std::uint64_t{0};
}

// Waits; those that can sleep do it at once.
struct spin {
    template <class>
    using wait = lfq::wait::spin;
};
struct backoff {
    template <class>
    using wait = lfq::wait::backoff;
};
struct slip {
    template <class>
    using wait = lfq::wait::slip;
};
struct park {
    template <class>
    using wait = lfq::wait::park;
};
struct doorbell {
    template <class Env>
    using wait =
        lfq::wait::basic_doorbell<lfq::sys::event_fd, lfq::sys::futex, lfq::sys::clock, Env>;
};

template <class Wait>
[[nodiscard]] Wait sleeping_at_once() {
    if constexpr (requires(Wait wait) { wait.linger; }) {
        return {};  // backoff: its spin ends in a yield, not in sleep
    } else if constexpr (requires(Wait wait) { wait.spin; }) {
        return {.spin = std::chrono::nanoseconds{0}};
    } else {
        return {};
    }
}

template <class Algorithm, class Place, class Way, class Env = lfq::std_env>
struct setup {
    static constexpr bool shared = Algorithm::shared;
    static constexpr bool skips = Algorithm::skips;
    using env = Env;
    using wait = typename Way::template wait<Env>;

    template <class T, std::size_t Capacity>
    using ring =
        typename Algorithm::template ring<T, typename Place::template storage<Capacity>, wait, Env>;

    template <class T, std::size_t Capacity>
    [[nodiscard]] static ring<T, Capacity> make() {
        if constexpr (lfq::fixed_storage<typename Place::template storage<Capacity>>) {
            return ring<T, Capacity>(sleeping_at_once<wait>());
        } else {
            return ring<T, Capacity>(Capacity, {}, sleeping_at_once<wait>());
        }
    }
};

template <class One, class Other>
using joined = decltype(std::tuple_cat(std::declval<One>(), std::declval<Other>()));

using every_claiming_setup = std::tuple<  //
    setup<spsc, on_heap, spin>,  //
    setup<spsc, on_heap, backoff, env_near_wrap>,  //
    setup<spsc, on_huge_pages, slip, env_near_wrap>,  //
    setup<spsc, on_heap, park>,  //
    setup<spsc, in_place, doorbell, env_near_wrap>,  //
    setup<mpsc, on_heap, spin, env_near_wrap>,  //
    setup<mpsc, in_place, backoff>,  //
    setup<mpsc, on_huge_pages, slip>,  //
    setup<mpsc, on_heap, park, env_near_wrap>,  //
    setup<mpsc, on_heap, doorbell>>;
/// Of the ring without claims only what no ring above has in common with it.
using every_setup = joined<every_claiming_setup,
    std::tuple<setup<ordered, on_heap, park, env_near_wrap>, setup<ordered, in_place, doorbell>>>;

/// One of each algorithm: for what no policy can change.
using every_claiming_algorithm = std::tuple<  //
    setup<spsc, on_heap, backoff>,  //
    setup<spsc, in_place, backoff, env_near_wrap>,  //
    setup<mpsc, on_heap, backoff>,  //
    setup<mpsc, in_place, backoff, env_near_wrap>>;
using every_algorithm =
    joined<every_claiming_algorithm, std::tuple<setup<ordered, in_place, backoff, env_near_wrap>>>;

/// Waits in which a blocked thread lets others run.
using every_patient_setup = std::tuple<  //
    setup<spsc, on_heap, backoff, env_near_wrap>,  //
    setup<spsc, on_heap, park, env_near_wrap>,  //
    setup<spsc, on_heap, doorbell, env_near_wrap>,  //
    setup<mpsc, on_heap, backoff, env_near_wrap>,  //
    setup<mpsc, on_heap, park, env_near_wrap>,  //
    setup<mpsc, on_heap, doorbell, env_near_wrap>,  //
    setup<ordered, on_heap, park, env_near_wrap>>;

/// What peek shows, as numbers: two spans on one ring, a range on the other.
template <class Ring>
[[nodiscard]] std::vector<std::uint64_t> peeked_numbers(Ring& ring, std::size_t n = SIZE_MAX) {
    std::vector<std::uint64_t> seen;
    auto&& values = ring.peek(n);
    if constexpr (requires {
                      values.size();
                      values.begin()->data();
                  }) {
        for (const auto part : values) {
            for (const auto& value : part) seen.push_back(number(value));
        }
    } else {
        for (const auto& value : values) seen.push_back(number(value));
    }
    return seen;
}

}  // namespace support
