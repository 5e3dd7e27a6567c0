// SPDX-License-Identifier: MIT
// broker/core/port.hpp — how the other threads reach one network thread.
// Room: core. Reads: own room.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/ring/mpsc_ring.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace broker::core {

class subscriber;

struct notice {
    enum class kind : std::uint8_t {
        deliveries,  // the subscriber's ring has something
        slow,  // the subscriber is over its budget and gets nothing more
        left,  // no thread but the network thread knows the subscriber any more
        look,  // there is room again, or another state: look at who is held
        finish,  // the dispatcher is done: send what is left and end
    };
    kind what = kind::look;
    subscriber* who = nullptr;
};

/// One per network thread: a ring of notices and the bell that wakes its event loop.
///
/// Threads   any number tell; the network thread reads.
/// Progress  tell() waits when the ring is full; the network thread reads it whatever else it does,
///           and never waits for anybody.
class port {
public:
    using ring = lfq::mpsc_ring<notice, lfq::storage::heap, lfq::wait::doorbell>;

    explicit port(std::size_t capacity) : notices(capacity, {}, lfq::wait::doorbell{bell}) {}

    void tell(notice::kind what, subscriber* who = nullptr) { notices.push({what, who}); }

    /// For a network thread that tells another: it must not wait. A full ring is being read anyway.
    void try_tell(notice::kind what) { static_cast<void>(notices.try_push({what, nullptr})); }

    /// Network thread: the ingest ring was full, or slabs were short; look once more after this,
    /// then wait for `look`.
    void ask_for_room() noexcept {
        // acquire room: pairs with give_room(). If the giver's exchange came first, the room that
        // it had made is seen by the look that follows; if ours came first, it will tell us.
        wants_room_.exchange(true, std::memory_order_acq_rel);
    }

    /// Whether give_room() is worth its price; what is seen too late is asked for again at a tick.
    [[nodiscard]] bool wants_room() const noexcept {
        return wants_room_.load(std::memory_order_relaxed);  // hint: give_room() decides
    }

    /// Whoever made room, after that: true if the network thread must be told.
    [[nodiscard]] bool give_room() noexcept {
        // release room: pairs with ask_for_room(), which tells why it is an exchange.
        return wants_room_.exchange(false, std::memory_order_acq_rel);
    }

    lfq::wait::bell bell;
    ring notices;

    /// The network thread's own: one of its subscribers was the last that pressed, and eased. The
    /// others may be waiting for that.
    bool last_eased = false;

private:
    alignas(lfq::cache_line_pair_bytes) std::atomic<bool> wants_room_{false};
};

}  // namespace broker::core
