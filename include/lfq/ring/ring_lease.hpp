// SPDX-License-Identifier: MIT
// lfq/ring/ring_lease.hpp — a producer's ring of a pool, until it is closed.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/policy/storage.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// The producer side of one ring of a pool. Closes the ring when it is destroyed; moves, does not
/// copy. After close() every push is refused, uncounted. No claim outlives it, or its close().
template <class Ring>
class ring_lease {
public:
    using message = typename Ring::message;
    using claimed = typename Ring::claimed;

    ring_lease(ring_lease&& other) noexcept
        : ring_(std::exchange(other.ring_, nullptr)), id_(other.id_) {}
    /// Closes the ring it had.
    ring_lease& operator=(ring_lease&& other) noexcept {
        if (this == &other) return *this;
        close();
        ring_ = std::exchange(other.ring_, nullptr);
        id_ = other.id_;
        return *this;
    }
    ~ring_lease() { close(); }

    /// Which ring of the pool it is.
    [[nodiscard]] std::size_t id() const noexcept { return id_; }

    /// Copies a message in. False: full or closed.
    [[nodiscard]] bool try_push(message bytes) {
        return ring_ != nullptr && ring_->try_push(bytes);
    }

    /// Waits for room. False: closed.
    [[nodiscard]] bool push(message bytes) { return ring_ != nullptr && ring_->push(bytes); }

    /// Waits for room at most so long. False: closed or out of time.
    template <class Rep, class Period>
    [[nodiscard]] bool push_for(message bytes, std::chrono::duration<Rep, Period> duration) {
        return ring_ != nullptr && ring_->push_for(bytes, duration);
    }

    /// Room for a message of `bytes`, to be written in place; false when full or closed.
    [[nodiscard]] claimed claim(std::size_t bytes) {
        return ring_ != nullptr ? ring_->claim(bytes) : claimed();
    }

    /// The longest message; longer ones are std::length_error. After close() nothing fits.
    [[nodiscard]] std::size_t message_bytes_max() const noexcept {
        return ring_ != nullptr ? ring_->message_bytes_max() : 0;
    }
    [[nodiscard]] bool closed() const noexcept { return ring_ == nullptr; }

    /// No more messages will come; the consumer gives the ring back when it has read the last.
    void close() noexcept {
        if (ring_ != nullptr) std::exchange(ring_, nullptr)->close();
    }

private:
    template <storage_policy, doorbell_wait, class, class>
    friend class message_ring_pool;
    ring_lease(Ring& ring, std::size_t id) noexcept : ring_(&ring), id_(id) {}

    Ring* ring_;
    std::size_t id_;
};

}  // namespace lfq::inline LFQ_ABI
