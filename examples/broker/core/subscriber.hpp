// SPDX-License-Identifier: MIT
// broker/core/subscriber.hpp — one subscriber as its worker and its network thread share it.
// Room: core. Reads: own room.
#pragma once

#include "broker/core/event.hpp"
#include "broker/core/patience.hpp"
#include "broker/core/port.hpp"

#include <lfq/base/cache_line.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/spsc_ring.hpp>
#include <lfq/sys/clock.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace broker::core {

/// How many subscribers press: have more than half their budget pending and have earned that the
/// others wait for them. While it is above 0, publishers are not read.
using pressure = std::atomic<std::uint32_t>;

/// Threads   the worker pushes, the network thread takes; both see the budget.
/// Failure   a subscriber over its budget gets nothing more, and the network thread is told once.
class subscriber {
public:
    using ring = lfq::spsc_ring<delivery, lfq::storage::heap, lfq::wait::park>;

    subscriber(port& reach, pressure& pressing, std::size_t capacity, std::size_t bytes_max,
        std::uint32_t worker_index)
        : deliveries(capacity, {}, lfq::wait::park{.spin = std::chrono::nanoseconds{0}}),
          to(reach),
          worker(worker_index),
          bytes_max_(bytes_max),
          pressing_(pressing) {}

    // Worker side.

    /// Whether `bytes` more stay within the budget.
    [[nodiscard]] bool may_take(std::size_t bytes) const noexcept {
        return pending() + bytes <= bytes_max_;
    }
    /// The same for a single delivery: one that owes nothing takes any.
    [[nodiscard]] bool may_take_one(std::size_t bytes) const noexcept {
        return pending() == 0 || may_take(bytes);
    }
    /// Over the budget for good.
    void cut_off() {
        if (cut_off_) return;
        cut_off_ = true;
        to.tell(notice::kind::slow, this);
    }
    [[nodiscard]] bool is_cut_off() const noexcept { return cut_off_; }

    /// Whether it may be waited for; `spend_waited` is what that costs it.
    [[nodiscard]] bool has_patience() noexcept {
        patience_.earn(settled_.load(std::memory_order_relaxed));  // hint: earned a little later
        return !patience_.is_empty();
    }
    void spend_waited(std::int64_t us) noexcept { patience_.spend(us); }

    /// Before the deliveries are published, so that nothing is settled that was not counted.
    void count_pushed(std::size_t bytes) noexcept {
        pushed_own_ += bytes;
        pushed_.store(pushed_own_, std::memory_order_relaxed);  // hint: the budget is no edge
        if (pending() > bytes_max_ / 2) press();
    }

    /// After publishing: wakes the network thread unless it is about to look anyway.
    void tell_deliveries() {
        // release told: pairs with begin_taking(); both are exchanges, so either the network thread
        // sees what was published, or we see that it has to be told.
        if (!told_.exchange(true, std::memory_order_acq_rel)) {
            to.tell(notice::kind::deliveries, this);
        }
    }

    // Network side.

    void begin_taking() noexcept {
        // acquire told: pairs with tell_deliveries().
        told_.exchange(false, std::memory_order_acq_rel);
    }

    /// `bytes` were sent, or will never be.
    void count_settled(std::size_t bytes) noexcept {
        settled_own_ += bytes;
        settled_.store(settled_own_, std::memory_order_relaxed);  // hint: the budget is no edge
        // hint: the worker may change it meanwhile; the next settling looks again.
        const bool calm = mood_.load(std::memory_order_relaxed) == mood::calm;
        if (!calm && pending() < bytes_max_ / 4) ease(mood::calm);
    }

    /// Nobody waits for it any more, until it has caught up.
    void stop_pressing() noexcept { ease(mood::hopeless); }

    /// How long it has pressed since this was asked before.
    [[nodiscard]] std::int64_t take_pressed_ns() noexcept {
        if (is_pressing()) count_pressed();
        return std::exchange(pressed_sum_ns_, 0);
    }

    /// Bytes that it got rid of since it began.
    [[nodiscard]] std::uint64_t settled() const noexcept { return settled_own_; }

    // Either side.

    [[nodiscard]] bool is_pressing() const noexcept {
        // acquire eased: pairs with ease(); who sees that it eased also sees what was settled.
        return mood_.load(std::memory_order_acquire) == mood::pressing;
    }

    /// Racy, as all of a budget is.
    [[nodiscard]] std::size_t pending() const noexcept {
        // hint: a stale answer moves the budget by one batch.
        const std::uint64_t settled = settled_.load(std::memory_order_relaxed);
        const std::uint64_t pushed = pushed_.load(std::memory_order_relaxed);  // hint: as above
        return pushed > settled ? static_cast<std::size_t>(pushed - settled) : 0;
    }

    ring deliveries;
    port& to;
    const std::uint32_t worker;

    bool touched = false;  // worker's own: has deliveries that the network thread was not told of

private:
    enum class mood : std::uint8_t { calm, pressing, hopeless };

    void press() noexcept {
        mood seen = mood_.load(std::memory_order_relaxed);  // hint: checked below
        if (seen != mood::calm || !has_patience()) return;
        // own: only the worker presses; what it says is published with the mood.
        pressed_ns_.store(lfq::sys::clock::now_ns(), std::memory_order_relaxed);
        // hint: as above. Counted first, so that easing never counts down before it.
        pressing_.fetch_add(1, std::memory_order_relaxed);
        // release pressed: pairs with is_pressing() and ease(), then pressed_ns_ is of this time.
        if (!mood_.compare_exchange_strong(
                seen, mood::pressing, std::memory_order_release, std::memory_order_relaxed)) {
            // hint: its connection just ended; whoever waits looks again at the next tick.
            pressing_.fetch_sub(1, std::memory_order_relaxed);
        }
    }
    void ease(mood next) noexcept {
        // release eased: pairs with is_pressing(). acquire pressed: pairs with press(). Who turns
        // `pressing` away takes it off the count.
        if (mood_.exchange(next, std::memory_order_acq_rel) != mood::pressing) return;
        count_pressed();
        // hint: as above
        if (pressing_.fetch_sub(1, std::memory_order_relaxed) == 1) to.last_eased = true;
    }

    void count_pressed() noexcept {
        const std::int64_t now_ns = lfq::sys::clock::now_ns();
        const std::int64_t since_ns =
            pressed_ns_.load(std::memory_order_relaxed);  // own: see press()
        pressed_sum_ns_ += now_ns - std::max(since_ns, counted_until_ns_);
        counted_until_ns_ = now_ns;
    }

    const std::size_t bytes_max_;
    pressure& pressing_;

    // Written by the worker.
    alignas(lfq::cache_line_pair_bytes) std::atomic<std::uint64_t> pushed_{0};
    std::uint64_t pushed_own_ = 0;
    bool cut_off_ = false;
    patience patience_;

    // Written by the network thread.
    alignas(lfq::cache_line_pair_bytes) std::atomic<std::uint64_t> settled_{0};
    std::uint64_t settled_own_ = 0;
    std::int64_t pressed_sum_ns_ = 0;  // up to counted_until_ns_
    std::int64_t counted_until_ns_ = 0;

    // Written by both.
    alignas(lfq::cache_line_pair_bytes) std::atomic<bool> told_{false};
    std::atomic<mood> mood_{mood::calm};
    std::atomic<std::int64_t> pressed_ns_{0};
};

}  // namespace broker::core
