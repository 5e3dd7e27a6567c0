// SPDX-License-Identifier: MIT
// bench/contestants/lfq_pool.hpp — lfq's message_ring_pool, as a carrier of values of one size.
#pragma once

#include "harness/keep.hpp"
#include "harness/question.hpp"

#include <lfq/policy/sleep.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/ring/message_ring_pool.hpp>

#include <cstddef>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace bench {

/// Each producer has its ring leased before the clock runs, as the peers' have their tokens.
/// Capacity is in messages of one ring, each with its length before it.
template <class T, std::size_t Capacity, class Wait = lfq::wait::doorbell>
class lfq_pool {
public:
    using value_type = T;
    using pool_type = lfq::message_ring_pool<lfq::storage::mirrored, Wait>;
    static constexpr const char* name = "lfq::message_ring_pool";
    static constexpr role stands_for = role::ours;
    static constexpr std::size_t capacity = 2 * Capacity;  // of the two that fill

    explicit lfq_pool(std::size_t producers = 2)
        : pool_({.rings = producers, .bytes = Capacity * (sizeof(T) + 8)}) {
        for (std::size_t i = 0; i < producers; ++i)
            leases_.push_back(std::move(pool_.lease().value()));
    }

    /// One of the producers: they get the rings in turn.
    class port {
    public:
        using value_type = T;
        explicit port(lfq_pool& pool)
            : home_(pool.leases_[pool.next_++ % pool.leases_.size()]), lease_(std::move(home_)) {}
        port(const port&) = delete;
        port& operator=(const port&) = delete;
        ~port() { home_ = std::move(lease_); }

        bool try_push(const T& value) {
            return lease_.try_push(std::as_bytes(std::span(&value, 1)));
        }

    private:
        using lease_type = typename pool_type::lease_type;
        lease_type& home_;
        lease_type lease_;
    };

    /// Any one value, if all is quiet.
    bool try_pop(T& out) {
        bool took = false;
        pool_.for_each_ready([&](std::size_t, auto ring) {
            if (!took) took = static_cast<bool>(ring.try_pop(std::as_writable_bytes(of(out))));
        });
        return took;
    }

    [[nodiscard]] pool_type& pool() { return pool_; }

private:
    static std::span<T, 1> of(T& value) { return std::span<T, 1>(&value, 1); }

    pool_type pool_;
    std::vector<typename pool_type::lease_type> leases_;
    std::size_t next_ = 0;
};

/// A round of the pool's: every ring that has something is emptied, a message copied out at a time.
struct by_rounds {
    template <class Ring, class Visit>
    static std::size_t look(Ring& ring, Visit&& visit) {
        std::size_t took = 0;
        ring.pool().for_each_ready([&](std::size_t, auto from) {
            typename Ring::value_type value;
            while (from.try_pop(std::as_writable_bytes(std::span(&value, 1)))) {
                read_whole(value);
                visit(value);
                ++took;
            }
        });
        return took;
    }
};

/// The same, visited in place.
struct by_rounds_of_drain {
    template <class Ring, class Visit>
    static std::size_t look(Ring& ring, Visit&& visit) {
        std::size_t took = 0;
        ring.pool().for_each_ready([&](std::size_t, auto from) {
            took += from.drain([&](std::span<const std::byte> found) {
                typename Ring::value_type value;
                std::memcpy(&value, found.data(), sizeof value);
                visit(value);
            });
        });
        return took;
    }
};

}  // namespace bench
