// SPDX-License-Identifier: MIT
// lfq/ring/byte_ring.hpp — a ring of bytes, a stream from one producer to one consumer.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/claimed_bytes.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/slot_array.hpp>
#include <lfq/ring/spsc_positions.hpp>
#include <lfq/ring/waiting_verbs.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lfq::inline LFQ_ABI {

/// Hands a stream of bytes from one thread to one other: the same bytes come out, cut anywhere.
/// What is readable is always one span, for one send(); what is writable one, for one recv().
///
/// Threads   one producer, one consumer, observers anywhere. A side may move to another thread if
///           the hand-over happens-before; calls of one side never overlap (checked builds look).
/// Progress  try_ verbs, claim, peek, consume: wait-free. push and pop wait as Wait says.
/// Order     what the producer wrote before a push is visible to the pop that returns its bytes.
///           "full" is not answered while a byte whose freeing happens-before the push is unused,
///           nor "empty" while a byte whose push happens-before the pop is in the ring.
/// Memory    capacity() bytes of Storage; nothing is allocated later. Consumed bytes are free at
///           once.
/// Failure   full, empty and closed are answers, as counts that are smaller than asked for.
///           Construction may throw length_error, bad_alloc or system_error.
/// Pick      a socket, a pipe or a file on one side; bytes without borders.
/// Avoid     messages (message_ring keeps their borders); several producers.
/// Example   docs/snippets/byte_ring.cpp
///
/// There is no drain(): peek() is everything in one piece. With a doorbell, fd, arm, disarm and
/// acknowledge come from waiting_verbs.hpp.
///
/// Algorithm: spsc_ring's, counting bytes, in memory mapped twice (the "magic ring buffer").
template <storage_policy Storage = storage::mirrored, wait_policy Wait = wait::backoff,
    class Env = std_env>
class byte_ring : public waiting_verbs<byte_ring<Storage, Wait, Env>, Wait> {
    static_assert(mirrored_storage<Storage>,
        "byte_ring: what is readable must be one span wherever it was written: storage::mirrored");

public:
    using claimed = claimed_bytes<byte_ring>;

    /// Room for `bytes`, rounded up to a power of two and to what Storage can map.
    explicit byte_ring(std::size_t bytes, const Storage& storage = {}, const Wait& wait = {})
        : bytes_(storage, bytes), waiter_(wait) {}

    byte_ring(const byte_ring&) = delete;
    byte_ring& operator=(const byte_ring&) = delete;

    // Producer side.

    /// Copies in as many bytes as fit. Fewer: full or closed.
    [[nodiscard]] std::size_t try_push_n(std::span<const std::byte> bytes) noexcept {
        const std::size_t n = give(bytes);
        if (n == 0 && !bytes.empty()) positions_.refused_push();
        return n;
    }

    /// Copies all bytes in, waiting for room. Fewer: closed.
    [[nodiscard]] std::size_t push_n(std::span<const std::byte> bytes) {
        return push_until(bytes, this->forever);
    }

    /// Copies all bytes in, waiting for room at most so long. Fewer: closed or out of time.
    template <class Rep, class Period>
    [[nodiscard]] std::size_t push_n_for(
        std::span<const std::byte> bytes, std::chrono::duration<Rep, Period> duration) {
        return push_until(bytes, this->in(duration));
    }

    /// Room for up to `most` bytes in one piece, to be written in place; false when full or closed.
    [[nodiscard]] claimed claim(std::size_t most) noexcept;

    /// No more bytes will come. Wakes both sides.
    void close() noexcept {
        const sole_caller::visit inside(positions_.producer(), producer_role);
        positions_.close();
        waiter_.ended();
    }

    // Consumer side.

    /// All that is readable, in one piece, until it is consumed or popped; empty when there is
    /// nothing.
    [[nodiscard]] std::span<const std::byte> peek() noexcept;

    /// Frees the oldest k bytes, which must have been peeked at.
    void consume(std::size_t k) noexcept;

    /// Copies out as many bytes as there are. None: empty.
    [[nodiscard]] std::size_t try_pop_n(std::span<std::byte> out) noexcept {
        const std::size_t n = take(out);
        if (n == 0 && !out.empty()) positions_.refused_pop();
        return n;
    }

    /// Waits for bytes and copies out as many as there are then. None: closed and drained.
    [[nodiscard]] std::size_t pop_n(std::span<std::byte> out) {
        return pop_until(out, this->forever);
    }

    /// Waits for bytes at most so long. None: closed and drained, or out of time.
    template <class Rep, class Period>
    [[nodiscard]] std::size_t pop_n_for(
        std::span<std::byte> out, std::chrono::duration<Rep, Period> duration) {
        return pop_until(out, this->in(duration));
    }

    // Anyone.

    /// Of two positions read one after the other: may exceed every true size, never capacity().
    [[nodiscard]] std::size_t size_approx() const noexcept {
        return positions_.size_approx(capacity());
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return bytes_.capacity(); }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }

    /// Closed, and every byte was consumed.
    [[nodiscard]] bool drained() const noexcept { return positions_.drained(); }

    /// In bytes where a ring of values counts slots.
    [[nodiscard]] ring_statistics statistics() const noexcept {
        return positions_.statistics(capacity());
    }
    [[nodiscard]] const auto& storage() const noexcept { return bytes_.storage(); }

private:
    friend waiting_verbs<byte_ring, Wait>;
    friend claimed;

    using position = std::uint64_t;

    static constexpr std::size_t ahead_bytes = 4096;
    static constexpr const char* producer_role = "byte_ring, producer side";
    static constexpr const char* consumer_role = "byte_ring, consumer side";

    // Read by both sides, written by neither.
    slot_array<std::byte, Storage> bytes_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    spsc_positions<Env> positions_;

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail(); }
    [[nodiscard]] position take_position() const noexcept { return positions_.head(); }
    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(positions_.consumer(), consumer_role);
        return positions_.values(1, capacity()) != 0 || closed();
    }
    void refused_push() noexcept { positions_.refused_push(); }
    void refused_pop() noexcept { positions_.refused_pop(); }

    [[nodiscard]] std::size_t give(std::span<const std::byte> bytes) noexcept;
    void commit_at(position at, std::span<std::byte> bytes, std::size_t used) noexcept;
    static void abandon(position, std::span<std::byte>) noexcept {}
    void publish(position at, std::size_t bytes) noexcept;
    template <class Deadline>
    [[nodiscard]] std::size_t push_until(std::span<const std::byte> bytes, Deadline deadline_ns);

    [[nodiscard]] std::size_t take(std::span<std::byte> out) noexcept;
    void free(position head) noexcept {
        positions_.free(head);
        waiter_.freed();
    }
    template <class Deadline>
    [[nodiscard]] std::size_t pop_until(std::span<std::byte> out, Deadline deadline_ns);
};

// Producer side.

template <storage_policy Storage, wait_policy Wait, class Env>
std::size_t byte_ring<Storage, Wait, Env>::give(std::span<const std::byte> bytes) noexcept {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    const std::size_t n = std::min(bytes.size(), positions_.room(bytes.size(), capacity()));
    if (n == 0) return 0;
    const position at = positions_.tail();
    bytes_.template fetch_ahead<ahead_bytes>(at, n);
    Env::copy_in(bytes_.at(at), bytes.data(), n);
    publish(at, n);
    return n;
}

template <storage_policy Storage, wait_policy Wait, class Env>
auto byte_ring<Storage, Wait, Env>::claim(std::size_t most) noexcept -> claimed {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    const std::size_t n = std::min(most, positions_.room(most, capacity()));
    if (n == 0) {
        if (most != 0) positions_.refused_push();
        return {};
    }
    const position at = positions_.tail();
    return {*this, at, {bytes_.at(at), n}};
}

template <storage_policy Storage, wait_policy Wait, class Env>
void byte_ring<Storage, Wait, Env>::commit_at(
    position at, std::span<std::byte> bytes, std::size_t used) noexcept {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    LFQ_ASSERT(positions_.tail() == at, "claimed: something was pushed under the claim");
    LFQ_ASSERT(!closed(), "claimed: the ring was closed under the claim");
    if (used == 0) return;
    Env::touch_write(bytes.data(), used);
    publish(at, used);
}

template <storage_policy Storage, wait_policy Wait, class Env>
void byte_ring<Storage, Wait, Env>::publish(position at, std::size_t bytes) noexcept {
    bytes_.settle(at, bytes);
    positions_.publish(at + bytes);
    waiter_.published();
}

template <storage_policy Storage, wait_policy Wait, class Env>
template <class Deadline>
std::size_t byte_ring<Storage, Wait, Env>::push_until(
    std::span<const std::byte> bytes, Deadline deadline_ns) {
    std::size_t done = 0;
    const auto look = [&] {
        done += give(bytes.subspan(done));
        if (done == bytes.size()) return wait::turn::done;
        return closed() ? wait::turn::over : wait::turn::refused;
    };
    this->give_until(look, deadline_ns);
    return done;
}

// Consumer side.

template <storage_policy Storage, wait_policy Wait, class Env>
std::span<const std::byte> byte_ring<Storage, Wait, Env>::peek() noexcept {
    const sole_caller::visit inside(positions_.consumer(), consumer_role);
    const std::size_t n = positions_.look_for_values(capacity());
    const std::byte* const first = bytes_.at(positions_.head());
    Env::touch_read(first, n);
    return {first, n};
}

template <storage_policy Storage, wait_policy Wait, class Env>
void byte_ring<Storage, Wait, Env>::consume(std::size_t k) noexcept {
    const sole_caller::visit inside(positions_.consumer(), consumer_role);
    LFQ_ASSERT(k <= positions_.known_values(), "byte_ring::consume: more than was peeked at");
    if (k != 0) free(positions_.head() + k);
}

template <storage_policy Storage, wait_policy Wait, class Env>
std::size_t byte_ring<Storage, Wait, Env>::take(std::span<std::byte> out) noexcept {
    const sole_caller::visit inside(positions_.consumer(), consumer_role);
    const std::size_t n = std::min(out.size(), positions_.values(out.size(), capacity()));
    if (n == 0) return 0;
    Env::copy_out(out.data(), bytes_.at(positions_.head()), n);
    free(positions_.head() + n);
    return n;
}

template <storage_policy Storage, wait_policy Wait, class Env>
template <class Deadline>
std::size_t byte_ring<Storage, Wait, Env>::pop_until(
    std::span<std::byte> out, Deadline deadline_ns) {
    std::size_t n = 0;
    const auto look = [&] {
        n = take(out);
        if (n != 0 || out.empty()) return wait::turn::done;
        // Who sees the end sees all that was published before it, so one more look decides.
        if (!closed()) return wait::turn::refused;
        n = take(out);
        return n != 0 ? wait::turn::done : wait::turn::over;
    };
    this->take_until(look, deadline_ns);
    return n;
}

}  // namespace lfq::inline LFQ_ABI
