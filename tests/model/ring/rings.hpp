// SPDX-License-Identifier: MIT
// tests/model/ring/rings.hpp — the rings and waits of lfq in the checker's environment.
#pragma once

#include "checker/scenario.hpp"
#include "checker/tracked.hpp"

#include <lfq/policy/sleep.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>
#include <lfq/ring/mpsc_ordered_ring.hpp>
#include <lfq/ring/mpsc_ring.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/ring/spsc_slot_ring.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace model {

using spin = lfq::wait::basic_spin<clock>;
using backoff = lfq::wait::basic_backoff<clock>;
using slip = lfq::wait::basic_slip<clock>;

/// Sleeps at once: the rounds of spinning before are looks like any other.
struct park : lfq::wait::basic_park<futex, clock> {
    park() : basic_park{std::chrono::nanoseconds{0}} {}
};

/// Sleeps as soon as time has passed.
struct spinning_park : lfq::wait::basic_park<futex, clock> {
    spinning_park() : basic_park{std::chrono::nanoseconds{1}} {}
};

/// An eventfd that counts its writes and the sleeps on it; one in a scenario.
struct counted_event_fd : event_fd {
    counted_event_fd() { writes = sleeps = 0; }
    void ring(site where = site::current()) {
        ++writes;
        event_fd::ring(where);
    }
    void wait(std::int64_t deadline_ns, site where = site::current()) {
        ++sleeps;
        event_fd::wait(deadline_ns, where);
    }

    static inline int writes = 0;
    static inline int sleeps = 0;
};
using doorbell = lfq::wait::basic_doorbell<counted_event_fd, futex, clock, env>;

template <class T, std::size_t Capacity, class Wait = spin, class Env = env>
using spsc_of = lfq::spsc_ring<T, lfq::storage::inplace<Capacity>, Wait, Env>;
template <class T, std::size_t Capacity, class Wait = spin, class Env = env>
using slots_of = lfq::spsc_slot_ring<T, lfq::storage::inplace<Capacity>, Wait, Env>;
template <class T, std::size_t Capacity, class Wait = spin, class Env = env>
using mpsc_of = lfq::mpsc_ring<T, lfq::storage::inplace<Capacity>, Wait, Env>;
template <class T, std::size_t Capacity, class Wait = spin, class Env = env>
using ordered_of = lfq::mpsc_ordered_ring<T, lfq::storage::inplace<Capacity>, Wait, Env>;

template <class T, std::size_t Capacity, class Wait = spin, class Env = env>
using broadcast_of = lfq::broadcast_ring<T, lfq::storage::inplace<Capacity>, Wait, Env>;
template <class T, std::size_t Capacity, class Wait = spin, class Env = env>
using lossy_of = lfq::lossy_broadcast_ring<T, lfq::storage::inplace<Capacity>, Wait, Env>;

/// One position before it wraps, at 2^64 on a ring for one producer, at 2^63 on a shared one; and
/// two, so that of two slots one may be freed on this side while the next claim is beyond.
using env_before_wrap = env_from<UINT64_MAX>;
using env_two_before_wrap = env_from<UINT64_MAX - 1>;

}  // namespace model
