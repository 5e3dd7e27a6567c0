// SPDX-License-Identifier: MIT
// lfq/ring/message_ring_pool.hpp — a ring of messages for each producer, one consumer for all.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/sleep.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/message_ring.hpp>
#include <lfq/ring/message_statistics.hpp>
#include <lfq/ring/pooled_ring.hpp>
#include <lfq/ring/ready_wait.hpp>
#include <lfq/ring/ring_lease.hpp>

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace lfq::inline LFQ_ABI {

/// A fixed number of message rings. A producer leases one, pushes and closes; one consumer reads
/// them all, told by one descriptor which of them have something, and gives drained rings back.
///
/// Threads   lease and the observers: anyone; a lease belongs to one thread at a time; everything
///           else: one consumer (checked builds look).
/// Progress  pushing and reading: as on message_ring, wait-free. lease, give_back and the
///           statistics of one ring hold a lock for a moment, and so does free_approx.
/// Order     of each producer; none between producers. What a producer wrote before a push is
///           visible to who reads the message.
/// Memory    all of it at construction: `rings` times `bytes` of Storage, and about 1.1 KiB a ring
///           beside them, so that no two threads share a pair of lines. Two mappings a ring in
///           mirrored storage; one descriptor in all.
/// Failure   no ring left, full, empty and closed are answers; so is giving back what is not out or
///           not drained. A producer that dies leaves its lease unclosed and holds up nobody, but
///           for one that dies between the answer that the consumer sleeps and the write that
///           wakes it: the price of one write for a sleep. Construction may throw length_error,
///           bad_alloc or system_error, and leaks nothing. Join whoever closed before the pool is
///           destroyed.
/// Pick      many producers that come and go, or may die; no order among them.
/// Avoid     one order for all (mpsc_message_ring); one producer (message_ring).
/// Example   docs/snippets/message_ring_pool.cpp
///
/// Wait says how a consumer sleeps and how a producer's push waits for room; Mutex is locked by
/// lease and give_back.
template <storage_policy Storage = storage::mirrored, doorbell_wait Wait = wait::doorbell,
    class Mutex = std::mutex, class Env = std_env>
class message_ring_pool {
    using wait_of_ring = ready_wait<Wait, Env>;
    using ring = message_ring<Storage, wait_of_ring, Env>;

public:
    using lease_type = ring_lease<ring>;
    using reader = pooled_ring<ring>;

    struct sizes {
        std::size_t rings;
        std::size_t bytes;  // of each, rounded up as a message_ring's
    };

    explicit message_ring_pool(const sizes& wanted, const Storage& storage = {});
    message_ring_pool(const message_ring_pool&) = delete;
    message_ring_pool& operator=(const message_ring_pool&) = delete;

    // Producers, any thread.

    /// A ring to push into until it is closed; nothing when all are out. It closes when it is
    /// destroyed, and must not outlive the pool.
    [[nodiscard]] std::optional<lease_type> lease();

    // Consumer.

    /// Calls f(id, reader) once for each ring that has something, or has come to its end, in turn
    /// from where the last call stopped; answers how many those were. A ring that still has
    /// something is called again next time, and so is one at which f threw. Its end is told once
    /// more after its last message. Nobody rings for who has begun a round.
    template <class Visit>
    std::size_t for_each_ready(Visit&& f);

    /// The ring may be leased again. False: it is not out, or not closed and drained.
    [[nodiscard]] bool give_back(std::size_t id);

    /// Sleeps until some ring has something.
    void wait() { static_cast<void>(wait_until(wait::never_ns)); }

    /// The same, at most so long. False: out of time.
    template <class Rep, class Period>
    [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> duration) {
        return wait_until(wait::deadline_in<typename Wait::clock>(duration));
    }

    /// For an event loop: readable after the bell rang, until acknowledge(). The pool neither
    /// registers nor closes anything in the loop.
    [[nodiscard]] int fd() const noexcept { return ready_.its_bell().fd(); }

    /// The next publication rings. False: do not sleep, some ring has something now.
    [[nodiscard]] bool arm() noexcept {
        const sole_caller::visit inside(consumer_, consumer_role);
        ready_.its_bell().arm();
        armed_ = true;
        if (!any_ready()) return true;
        disarm();
        return false;
    }

    /// After the descriptor was readable.
    void acknowledge() noexcept { ready_.its_bell().acknowledge(); }

    // Anyone.

    [[nodiscard]] std::size_t rings() const noexcept { return rings_.size(); }
    /// Bytes of one ring.
    [[nodiscard]] std::size_t ring_capacity() const noexcept { return rings_.front().capacity(); }
    [[nodiscard]] std::size_t message_bytes_max() const noexcept {
        return rings_.front().message_bytes_max();
    }
    /// Rings that are not out.
    [[nodiscard]] std::size_t free_approx() const;

    /// Of one ring since it was leased; of all since they were built. The high-water mark is the
    /// highest of any ring, since it was built.
    [[nodiscard]] message_statistics statistics(std::size_t id) const;
    [[nodiscard]] message_statistics statistics() const noexcept;

private:
    static constexpr const char* consumer_role = "message_ring_pool, consumer side";

    // A bit for each ring.
    class id_set {
    public:
        explicit id_set(std::size_t words) : words_(words) {}
        void insert(std::size_t id) noexcept { words_[id / 64] |= bit(id); }
        void erase(std::size_t id) noexcept { words_[id / 64] &= ~bit(id); }
        [[nodiscard]] bool has(std::size_t id) const noexcept {
            return (words_[id / 64] & bit(id)) != 0;
        }
        [[nodiscard]] std::vector<std::uint64_t>& words() noexcept { return words_; }
        [[nodiscard]] bool empty() const noexcept;

    private:
        static std::uint64_t bit(std::size_t id) noexcept { return std::uint64_t{1} << id % 64; }
        std::vector<std::uint64_t> words_;
    };

    // What f left behind, put in order also when it throws: whom it told the end did not hear it.
    struct visited {
        message_ring_pool& pool;
        std::size_t id;
        bool inside = false;
        ~visited() {
            if (inside) pool.told_.erase(id);
            pool.settle(id);
        }
    };

    void settle(std::size_t id) noexcept;
    void collect() noexcept {
        for (std::size_t i = 0; i < ready_.words(); ++i) pending_.words()[i] |= ready_.take(i);
    }
    void disarm() noexcept {
        if (std::exchange(armed_, false)) ready_.its_bell().disarm();
    }
    [[nodiscard]] bool any_ready() const noexcept { return !pending_.empty() || ready_.any(); }
    [[nodiscard]] bool wait_until(std::int64_t deadline_ns);

    ready_rings<Wait, Env> ready_;
    std::deque<ring> rings_;

    mutable Mutex mutex_;
    std::vector<std::size_t> free_;  // under the lock
    std::vector<message_statistics> at_lease_;  // of each ring; under the lock

    // The consumer's own.
    id_set pending_;  // rings that have something
    id_set told_;  // rings whose end was told
    std::size_t next_ = 0;  // where the next round begins
    bool armed_ = false;  // and not disarmed; it may have rung since
    [[no_unique_address]] sole_caller consumer_;
};

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
message_ring_pool<Storage, Wait, Mutex, Env>::message_ring_pool(
    const sizes& wanted, const Storage& storage)
    : ready_(wanted.rings), pending_(ready_.words()), told_(ready_.words()) {
    if (wanted.rings == 0) refuse_length("lfq: message_ring_pool: rings must be at least 1");
    for (std::size_t id = 0; id < wanted.rings; ++id)
        rings_.emplace_back(wanted.bytes, storage, wait_of_ring{&ready_, id});
    at_lease_.resize(wanted.rings);
    free_.resize(wanted.rings);  // it never grows again
    for (std::size_t id = 0; id < wanted.rings; ++id) free_[id] = wanted.rings - 1 - id;
}

// Producers.

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
auto message_ring_pool<Storage, Wait, Mutex, Env>::lease() -> std::optional<lease_type> {
    const std::lock_guard hold(mutex_);
    if (free_.empty()) return std::nullopt;
    const std::size_t id = free_.back();
    free_.pop_back();
    at_lease_[id] = rings_[id].statistics();
    return lease_type(rings_[id], id);
}

// Consumer.

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
template <class Visit>
std::size_t message_ring_pool<Storage, Wait, Mutex, Env>::for_each_ready(Visit&& f) {
    const sole_caller::visit inside(consumer_, consumer_role);
    disarm();  // something else may have woken us
    collect();
    std::vector<std::uint64_t>& pending = pending_.words();
    // Those ready now, once round: first from next_ on, then those before it.
    std::size_t visits = 0;
    const std::size_t first = next_;
    for (std::size_t step = 0; step <= pending.size(); ++step) {
        const std::size_t i = (first / 64 + step) % pending.size();
        const std::uint64_t from_first = ~std::uint64_t{0} << first % 64;
        std::uint64_t bits = pending[i];
        if (step == 0) bits &= from_first;
        if (step == pending.size()) bits &= ~from_first;
        for (; bits != 0; bits &= bits - 1) {
            const std::size_t id = 64 * i + static_cast<std::size_t>(std::countr_zero(bits));
            pending_.erase(id);
            ring& one = rings_[id];
            visited one_visit{*this, id};
            // Marked late: visited already, or its end was told and it is not given back yet.
            if (told_.has(id) || !one.readable()) continue;
            if (one.drained()) told_.insert(id);
            next_ = (id + 1) % rings_.size();
            ++visits;
            one_visit.inside = true;
            f(id, reader(one));
            one_visit.inside = false;
        }
    }
    return visits;
}

// A ring that has something stays pending; one that has nothing is watched; one whose end was told
// is left alone until it is given back.
template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
void message_ring_pool<Storage, Wait, Mutex, Env>::settle(std::size_t id) noexcept {
    ring& one = rings_[id];
    if (!one.readable()) {
        one.waiter_.watch();
        if (!one.readable()) return;
        one.waiter_.unwatch();
    }
    if (one.drained() && told_.has(id)) return;
    pending_.insert(id);
}

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
bool message_ring_pool<Storage, Wait, Mutex, Env>::give_back(std::size_t id) {
    const sole_caller::visit inside(consumer_, consumer_role);
    if (id >= rings_.size()) return false;
    ring& one = rings_[id];
    if (!one.drained()) return false;  // nor is one that is not out
    // Opened by who read the closed mark, so that nobody can take the old mark for a new one.
    one.reopen();
    one.waiter_.watch();
    told_.erase(id);
    pending_.erase(id);
    const std::lock_guard hold(mutex_);
    free_.push_back(id);
    return true;
}

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
bool message_ring_pool<Storage, Wait, Mutex, Env>::id_set::empty() const noexcept {
    for (const std::uint64_t each : words_) {
        if (each != 0) return false;
    }
    return true;
}

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
bool message_ring_pool<Storage, Wait, Mutex, Env>::wait_until(std::int64_t deadline_ns) {
    for (;;) {
        if (!arm()) return true;
        if (deadline_ns != wait::never_ns && Wait::clock::now_ns() >= deadline_ns) {
            disarm();
            return false;
        }
        ready_.its_bell().sleep(deadline_ns);
        if (any_ready()) {
            disarm();  // it may have woken by itself
            return true;
        }
    }
}

// Anyone.

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
std::size_t message_ring_pool<Storage, Wait, Mutex, Env>::free_approx() const {
    const std::lock_guard hold(mutex_);
    return free_.size();
}

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
message_statistics message_ring_pool<Storage, Wait, Mutex, Env>::statistics(std::size_t id) const {
    if (id >= rings_.size()) return {};
    const std::lock_guard hold(mutex_);
    return rings_[id].statistics().since(at_lease_[id]);
}

template <storage_policy Storage, doorbell_wait Wait, class Mutex, class Env>
message_statistics message_ring_pool<Storage, Wait, Mutex, Env>::statistics() const noexcept {
    message_statistics all;
    for (const ring& each : rings_) all.add(each.statistics());
    return all;
}

}  // namespace lfq::inline LFQ_ABI
