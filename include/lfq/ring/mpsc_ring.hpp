// SPDX-License-Identifier: MIT
// lfq/ring/mpsc_ring.hpp — a bounded ring from many producers to one consumer.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/mpsc_claimed.hpp>
#include <lfq/ring/peeked_values.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/ring_verbs.hpp>
#include <lfq/ring/shared_positions.hpp>
#include <lfq/ring/slot_array.hpp>
#include <lfq/ring/stamped_slot.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// Hands values from any number of threads to one, in the order in which they claimed their slots.
///
/// Threads   any number of producers, one consumer, observers anywhere; anyone may close. The
///           consumer's side may move to another thread if the hand-over happens-before (checked
///           builds name a second one inside).
/// Progress  try_ verbs and claim: lock-free among producers; one compare-exchange for any number
///           of slots. push: one add while more than an eighth of the ring is free. try_pop, peek,
///           consume, drain: wait-free, at most capacity() skips. A claim that is not finished
///           holds back everything behind it, so finish it soon, and never wait on the ring while
///           holding one.
/// Order     claim order, so also each producer's own. What a producer wrote before a push is
///           visible to the pop that returns the value. "full" is not answered while a slot whose
///           freeing happens-before the push is unused. "empty" may be answered while an earlier
///           claim is unfinished.
/// Memory    slots belong to Storage, with a stamp of 8 bytes each; nothing is allocated later. A
///           popped slot is free at once.
/// Failure   full, empty and closed are answers, and the argument stays untouched. What an
///           element's constructor throws delivers nothing: the consumer steps over the slot. A
///           thread that dies inside a claim stops the ring there. Construction throws
///           std::length_error, std::bad_alloc or std::system_error.
/// Pick      several producers whose order matters.
/// Avoid     one producer (spsc_ring); producers that may die inside a push.
/// Example   docs/snippets/mpsc_ring.cpp
///
/// try_push, try_emplace, try_push_n, push_for, try_pop, pop, pop_for and, with a doorbell, fd,
/// arm, disarm and acknowledge come from ring_verbs.hpp: they are the same on every ring.
/// There are no spans, of a claim or of peek: a stamp lies beside each value. There is no
/// commit(count): it would publish what was written through spans.
///
/// Algorithm: Vyukov's bounded queue (2010) for one consumer, which never writes a slot: stamps say
/// what is filled, one position what is freed.
template <class T, storage_policy Storage = storage::heap, wait_policy Wait = wait::backoff,
    class Env = std_env>
class mpsc_ring : public ring_verbs<mpsc_ring<T, Storage, Wait, Env>, T, Wait> {
    using slot = stamped_slot<T, Env>;
    using verbs = ring_verbs<mpsc_ring, T, Wait>;

public:
    using claimed = mpsc_claimed<mpsc_ring>;
    using peeked = peeked_values<mpsc_ring, T>;

    /// Room for `capacity` values, rounded up to a power of two.
    explicit mpsc_ring(std::size_t capacity, const Storage& storage = {},
        const Wait& wait = {}) requires(!fixed_storage<Storage>)
        : slots_(storage, capacity), waiter_(wait) {
        begin_slots();
    }

    /// The capacity is the storage's.
    explicit mpsc_ring(const Wait& wait = {}) requires fixed_storage<Storage>
        : slots_({}, Storage::fixed_capacity), waiter_(wait) {
        begin_slots();
    }

    mpsc_ring(const mpsc_ring&) = delete;
    mpsc_ring& operator=(const mpsc_ring&) = delete;

    /// Destroys what was not popped. No thread may be inside a call or hold a claim.
    ~mpsc_ring() {
        consume(peek().size());
        if constexpr (!std::is_trivially_destructible_v<slot>) slots_.destroy(0, capacity());
    }

    // Producer side, any thread.

    /// Waits for room. False: closed, and the argument is untouched.
    bool push(const T& value) requires std::copy_constructible<T> { return add(value); }
    bool push(T&& value) { return add(std::move(value)); }

    /// Up to n slots in a row, to be built in place; less when there are less, none when full or
    /// closed.
    [[nodiscard]] claimed claim(std::size_t n) noexcept {
        if (n == 0) return claimed(*this, 0, 0);
        const typename positions::ticket mine = positions_.claim(n);
        if (mine.count == 0) refused_push();
        return claimed(*this, mine.at, mine.count);
    }

    /// No more values will come: what was claimed before is still delivered, what comes later is
    /// refused. Wakes everybody. Who sees it closed sees what the closer did before.
    void close() noexcept {
        positions_.close();
        waiter_.ended();
    }

    // Consumer side.

    /// Moves as many values out as there are, at most out.size(), and frees their slots at once.
    /// What an assignment throws leaves that value in the ring; those before it are in `out`.
    [[nodiscard]] std::size_t try_pop_n(std::span<T> out) requires std::is_assignable_v<T&, T> {
        return this->take_n(out);
    }

    /// The oldest values, at most n, where they are, as a forward range of T&; abandoned slots do
    /// not appear.
    [[nodiscard]] peeked peek(std::size_t n = SIZE_MAX) noexcept {
        const sole_caller::visit inside(consumer_.caller, consumer_role);
        // Who only peeks and consumes must free abandoned slots too.
        if (!find_value()) note_empty(consumer_.head);
        return peeked(*this, consumer_.head, n);
    }

    /// Destroys the oldest k values, which must have been peeked at, and frees their slots.
    void consume(std::size_t k) noexcept;

    /// Calls visit(T&) on the oldest values where they are, at most `max` and at most capacity(),
    /// and frees their slots at once. If visit throws, the values it was called on are consumed.
    template <class Visit>
    std::size_t drain(Visit&& visit, std::size_t max = SIZE_MAX);

    // Anyone.

    /// Claimed slots not freed yet: never above capacity(). A push that a close is just refusing
    /// may count for a moment.
    [[nodiscard]] std::size_t size_approx() const noexcept { return positions_.size_approx(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.capacity(); }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }
    /// Closed, all claims popped or stepped over. Who sees it sees what closer and consumer did.
    [[nodiscard]] bool drained() const noexcept { return positions_.drained(); }
    [[nodiscard]] ring_statistics statistics() const noexcept;
    [[nodiscard]] const auto& storage() const noexcept { return slots_.storage(); }

private:
    friend typename verbs::giving;
    friend typename verbs::taking;
    friend waiting_verbs<mpsc_ring, Wait>;
    friend claimed;
    friend peeked;

    // The edges are in shared_positions.hpp and stamped_slot.hpp.
    using positions = shared_positions<Env>;
    using position = typename positions::position;
    struct destroyer {
        void operator()(T* value) const noexcept { std::destroy_at(value); }
    };

    static constexpr std::size_t ahead_bytes = 256;  // 128 and 512 carry less between far cpus
    static constexpr const char* consumer_role = "mpsc_ring, consumer side";
    static constexpr position first = positions::first;

    // Read by everyone, written by nobody.
    slot_array<slot, Storage> slots_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    positions positions_{slots_.capacity()};  // each on lines of its own

    // Written by producers that were refused.
    alignas(cache_line_pair_bytes) typename Env::template atomic<std::uint64_t> refused_{0};

    // The consumer's own; observers read the counts.
    struct alignas(cache_line_pair_bytes) consumer_side {
        typename Env::template plain<position> head{first};
        lone_counter<Env> emptied_at{first};  // head when the ring was last found empty
        lone_counter<Env> refused;
        lone_counter<Env> skipped;
        lone_counter<Env> high_water;
        [[no_unique_address]] sole_caller caller;
    } consumer_;

    // Slots begin with the stamp that the lap before the first would have left.
    void begin_slots() noexcept {
        for (position at = first; at != first + capacity(); ++at)
            std::construct_at(slots_.at(at), wrapped_position(at - capacity()));
    }

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail_hint(); }
    [[nodiscard]] position take_position() const noexcept { return consumer_.head; }
    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(consumer_.caller, consumer_role);
        return slots_.at(consumer_.head)->look(consumer_.head) != slot::state::unfinished ||
            drained();
    }
    void refused_push() noexcept {
        refused_.fetch_add(1, std::memory_order_relaxed);  // count
    }
    void refused_pop() noexcept { consumer_.refused.add_one(); }

    template <class... Args>
    [[nodiscard]] wait::turn give(Args&&... args) {
        const typename positions::ticket mine = positions_.claim(1);
        if (mine.count == 0) [[unlikely]]
            return mine.answer;
        give_at(mine.at, std::forward<Args>(args)...);
        return wait::turn::done;
    }
    template <class Value>
    bool add(Value&& value) {
        const typename positions::ticket mine = positions_.add();
        if (mine.count == 0) [[unlikely]]
            return mine.answer == wait::turn::refused && verbs::push(std::forward<Value>(value));
        if (mine.answer != wait::turn::done && !settled(mine.at)) [[unlikely]]
            return false;
        give_at(mine.at, std::forward<Value>(value));
        return true;
    }
    // Waits for a slot that was claimed too early. False: closed before it was free.
    [[gnu::noinline]] bool settled(position at) {
        const auto look = [&] { return positions_.settle(at); };
        wait::turn answer = look();
        while (answer == wait::turn::refused) {
            waiter_.until_writable(at, look, wait::never_ns);
            answer = look();
        }
        return answer == wait::turn::done;
    }
    template <class... Args>
    void give_at(position at, Args&&... args) {
        if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
            fill(at, std::forward<Args>(args)...);
            waiter_.published();
        } else {
            claimed one(*this, at, 1);
            one.emplace(std::forward<Args>(args)...);
            one.commit();
        }
    }
    template <class... Args>
    void fill(position at, Args&&... args) noexcept {
        slots_.template fetch_ahead<ahead_bytes>(at);
        slot* const filled = slots_.at(at);
        std::construct_at(filled->place(), std::forward<Args>(args)...);
        filled->publish(at);
    }
    template <class Source>
    [[nodiscard]] std::size_t give_n(std::span<Source> values);

    void free(position head) noexcept {
        consumer_.head = head;
        positions_.free(head);
        waiter_.freed();
    }
    // Steps over abandoned slots, at most a lap, until the head is a value. False: it is none. Who
    // fills what lies behind that lap got its slot from us just now, so it wakes us if we sleep.
    [[nodiscard]] bool find_value() noexcept {
        for (std::size_t looked = 0; looked != capacity(); ++looked) {
            const typename slot::state found = slots_.at(consumer_.head)->look(consumer_.head);
            if (found == slot::state::built) return true;
            if (found == slot::state::unfinished) break;
            consumer_.skipped.add_one();
            free(wrapped_position(consumer_.head + 1));
        }
        return false;
    }
    void note_empty(position head) noexcept {
        // Between two times that nothing could be taken, no more could be at once than came by.
        const position through = wrapped_position(head - consumer_.emptied_at.read());
        consumer_.high_water.raise_to(std::min<std::uint64_t>(through, capacity()));
        consumer_.emptied_at.set(head);
    }
    template <class Sink>
    [[nodiscard]] wait::turn take(Sink&& sink) {
        const sole_caller::visit inside(consumer_.caller, consumer_role);
        slot* oldest = slots_.at(consumer_.head);
        if (oldest->look(consumer_.head) != slot::state::built) [[unlikely]] {
            if (const wait::turn found = look_again(); found != wait::turn::done) return found;
            oldest = slots_.at(consumer_.head);
        }
        sink(*oldest->value());
        std::destroy_at(oldest->value());
        free(wrapped_position(consumer_.head + 1));
        return wait::turn::done;
    }
    // Apart, and without the sink: neither that nor what it refers to needs an address in take().
    [[nodiscard, gnu::noinline]] wait::turn look_again() noexcept {
        if (find_value()) return wait::turn::done;
        note_empty(consumer_.head);
        return positions_.ended() && drained() ? wait::turn::over : wait::turn::refused;
    }
};

// Producer side.

// Each value is published as soon as it is built: to go over the lines of the batch once carries
// 1.5 to 2 times what building all and then publishing all does.
template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Source>
std::size_t mpsc_ring<T, Storage, Wait, Env>::give_n(std::span<Source> values) {
    if constexpr (std::is_const_v<Source> && !std::is_nothrow_copy_constructible_v<T>) {
        claimed room = claim(values.size());
        const std::size_t n = room.size();
        this->build_all(room, values.first(n));
        room.commit();
        return n;
    } else {
        if (values.empty()) return 0;
        const typename positions::ticket mine = positions_.claim(values.size());
        if (mine.count == 0) {
            refused_push();
            return 0;
        }
        for (std::size_t i = 0; i != mine.count; ++i) {
            if constexpr (std::is_const_v<Source>) {
                fill(mine.at + i, values[i]);
            } else {
                fill(mine.at + i, std::move(values[i]));
            }
        }
        waiter_.published();
        return mine.count;
    }
}

// Consumer side.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
void mpsc_ring<T, Storage, Wait, Env>::consume(std::size_t k) noexcept {
    const sole_caller::visit inside(consumer_.caller, consumer_role);
    position head = consumer_.head;
    for (; k != 0; head = wrapped_position(head + 1)) {
        slot* const oldest = slots_.at(head);
        const typename slot::state found = oldest->look(head);
        LFQ_ASSERT(found != slot::state::unfinished, "mpsc_ring::consume: more than was peeked at");
        if (found == slot::state::built) {
            std::destroy_at(oldest->value());
            --k;
        } else {
            consumer_.skipped.add_one();
        }
    }
    if (head != consumer_.head) free(head);
}

template <class T, storage_policy Storage, wait_policy Wait, class Env>
template <class Visit>
std::size_t mpsc_ring<T, Storage, Wait, Env>::drain(Visit&& visit, std::size_t max) {
    const sole_caller::visit inside(consumer_.caller, consumer_role);
    struct visited {  // destroyed one by one and freed together, also when visit throws
        mpsc_ring& ring;
        position head;
        ~visited() {
            if (head != ring.consumer_.head) ring.free(head);
        }
    } done{*this, consumer_.head};
    std::size_t values = 0;
    for (std::size_t looked = 0; looked != capacity() && values != max; ++looked) {
        slot* const oldest = slots_.at(done.head);
        const typename slot::state found = oldest->look(done.head);
        if (found == slot::state::unfinished) {
            note_empty(done.head);
            break;
        }
        done.head = wrapped_position(done.head + 1);
        if (found == slot::state::skipped) {
            consumer_.skipped.add_one();
            continue;
        }
        const std::unique_ptr<T, destroyer> value(oldest->value());
        ++values;
        visit(*value);
    }
    return values;
}

// Anyone.

template <class T, storage_policy Storage, wait_policy Wait, class Env>
ring_statistics mpsc_ring<T, Storage, Wait, Env>::statistics() const noexcept {
    const position emptied_at = consumer_.emptied_at.read();
    ring_statistics now = positions_.statistics();
    now.refused_pushes = refused_.load(std::memory_order_relaxed);  // count
    now.refused_pops = consumer_.refused.read();
    now.skipped = consumer_.skipped.read();
    now.high_water = std::max(consumer_.high_water.read(),
        std::min<std::uint64_t>(wrapped_position(first + now.published - emptied_at), capacity()));
    return now;
}

}  // namespace lfq::inline LFQ_ABI
