// SPDX-License-Identifier: MIT
// lfq/pool/pool_cache.hpp — a thread's own part of a pool.
// Room: pool (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/pool/pool_seat.hpp>
#include <lfq/pool/pool_slot.hpp>
#include <lfq/pool/pooled.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// A pair of magazines for one thread at a time. Gives back what it holds when it is destroyed;
/// handles do not need it, they point at the pool. Moves, does not copy; must not outlive the pool.
template <class T, class Env = std_env>
class pool_cache {
public:
    pool_cache(pool_cache&& other) noexcept : seat_(std::exchange(other.seat_, nullptr)) {}
    /// Ends the one it was.
    pool_cache& operator=(pool_cache&& other) noexcept {
        if (this != &other) {
            end();
            seat_ = std::exchange(other.seat_, nullptr);
        }
        return *this;
    }
    ~pool_cache() { end(); }

    /// An object as its last user left it; empty: the pool has none left.
    [[nodiscard]] pooled<T, Env> take() noexcept {
        const sole_caller::visit inside(seat().caller, role);
        pool_slot<T, Env>* const one = seat().take();
        if (one != nullptr) one->header.goes_out();
        return pooled<T, Env>(one);
    }

    /// As many as `out` has places, or there are; counts once. What was in those places ends.
    [[nodiscard]] std::size_t take_n(std::span<pooled<T, Env>> out) noexcept {
        const sole_caller::visit inside(seat().caller, role);
        auto place = out.begin();
        return seat().take_n(out.size(), [&place](pool_slot<T, Env>* one) {
            one->header.goes_out();
            *place++ = pooled<T, Env>(one);
        });
    }

    /// The fast way back. Nothing happens if the handle is empty.
    void give_back(pooled<T, Env>&& one) noexcept {
        if (one.slot_ == nullptr) return;
        const sole_caller::visit inside(seat().caller, role);
        seat().give_back(*std::exchange(one.slot_, nullptr));
    }
    /// The same for all of them; counts once.
    void give_back_n(std::span<pooled<T, Env>> all) noexcept {
        const sole_caller::visit inside(seat().caller, role);
        auto each = all.begin();
        seat().give_back_n(all.size(), [&each] { return std::exchange((each++)->slot_, nullptr); });
    }
    /// The same, if it was the last share.
    void give_back(shared_pooled<T, Env>&& one) noexcept { give_back(one.unshare()); }

private:
    template <class, storage_policy, class>
    friend class event_pool;

    static constexpr const char* role = "event_pool, one cache";

    explicit pool_cache(pool_seat<T, Env>& seat) noexcept : seat_(&seat) {}

    [[nodiscard]] pool_seat<T, Env>& seat() const noexcept {
        LFQ_ASSERT(seat_ != nullptr, "pool_cache: this cache was moved from");
        return *seat_;
    }
    void end() noexcept {
        if (seat_ != nullptr) seat_->end();
    }

    pool_seat<T, Env>* seat_;
};

}  // namespace lfq::inline LFQ_ABI
