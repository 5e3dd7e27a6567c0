// SPDX-License-Identifier: MIT
// lfq/ring/mpsc_message_ring.hpp — a ring of messages of any length, many producers.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/adding_positions.hpp>
#include <lfq/ring/claimed_bytes.hpp>
#include <lfq/ring/message_producer.hpp>
#include <lfq/ring/message_record.hpp>
#include <lfq/ring/message_stamps.hpp>
#include <lfq/ring/message_statistics.hpp>
#include <lfq/ring/message_verbs.hpp>
#include <lfq/ring/message_words.hpp>
#include <lfq/ring/slot_array.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <span>

namespace lfq::inline LFQ_ABI {

/// Hands messages of any length from a known number of threads to one, in the order in which they
/// claimed their places. Each lies in one piece, also where the ring wraps, and is written and read
/// where it is.
///
/// Threads   up to producers_max producers, each with a handle of producer(); one consumer,
///           observers anywhere; anyone may close. A handle, or the consumer's side, may move to
///           another thread if the hand-over happens-before (checked builds look).
/// Progress  try_push and claim: wait-free, one atomic add. try_pop, peek, consume, drain:
///           wait-free. A claim that is not finished holds back everything behind it, so finish it
///           soon, and never wait on the ring while holding one.
/// Order     claim order, so also each producer's own. What a producer wrote before a push is
///           visible to the pop that returns the message. "full" is not answered while bytes
///           enough are unused whose freeing happens-before the push. "empty" may be answered while
///           an earlier claim is unfinished.
/// Memory    `bytes` of Storage, and from the heap as many for stamps, written at once, and 2 pairs
///           of lines a producer; nothing is allocated later. A message takes its bytes, rounded up
///           to 8, at least 8. capacity() is what is left of `bytes` when each producer has one
///           largest message under way.
/// Failure   full, empty and closed are answers. Messages of up to message_bytes_max() bytes, 0
///           among them; a longer one is std::length_error. A thread that dies inside a claim, or
///           inside close(), stops the ring there: where producers may die, give each a ring of its
///           own (message_ring_pool). Construction may throw length_error, bad_alloc or
///           system_error.
/// Pick      several producers whose order matters, messages of different sizes.
/// Avoid     one producer (message_ring); producers that may die inside a push; producers whose
///           number is not known.
/// Example   docs/snippets/mpsc_message_ring.cpp
///
/// peek, consume, try_pop, pop, pop_for, drain and, with a doorbell, fd, arm, disarm and
/// acknowledge come from message_verbs.hpp: they are the same on message_ring.
///
/// Algorithm: one add per claim, into stated slack (adding_positions.hpp); stamps beside the bytes
/// in the place of headers among them, as the Disruptor keeps them for slots (Thompson and others,
/// 2011); memory mapped twice, so that no record has to pad the end.
template <storage_policy Storage = storage::mirrored, wait_policy Wait = wait::backoff,
    class Env = std_env>
class mpsc_message_ring : public message_verbs<mpsc_message_ring<Storage, Wait, Env>, Wait, Env> {
    static_assert(overrun_storage<Storage>,
        "mpsc_message_ring: a message that wraps must lie in one piece: storage::mirrored, or "
        "storage::spill where mirroring is refused");

public:
    using message = std::span<const std::byte>;
    using producer_handle = message_producer<mpsc_message_ring, Env>;
    using claimed = typename producer_handle::claimed;

    struct sizes {
        std::size_t bytes;  // rounded up to a power of two and to what Storage can map
        std::size_t producers_max;
        std::size_t message_bytes_max;  // at most 2^32 - 8
    };

    explicit mpsc_message_ring(
        const sizes& wanted, const Storage& storage = {}, const Wait& wait = {})
        : words_(storage, checked(wanted)),
          message_bytes_max_(wanted.message_bytes_max),
          lanes_max_(wanted.producers_max),
          stamps_(words_.capacity(), positions::first,
              message_word::bytes_of(message_word::count(message_bytes_max_))),
          lanes_(new (std::nothrow) lane[lanes_max_]),
          waiter_(wait),
          positions_(usable(words_.capacity(), wanted)) {
        if (lanes_ == nullptr) refuse_memory();
        for (std::size_t i = 0; i < lanes_max_; ++i) lanes_[i].begin(*this);
    }

    mpsc_message_ring(const mpsc_message_ring&) = delete;
    mpsc_message_ring& operator=(const mpsc_message_ring&) = delete;

    // Producer side, any thread.

    /// The right to push, until the handle is destroyed; nothing if producers_max have one. The
    /// ring must outlive it.
    [[nodiscard]] std::optional<producer_handle> producer() noexcept;

    /// No more messages will come: what was claimed before is still delivered, what comes later is
    /// refused. Wakes everybody.
    void close() noexcept {
        if (positions_.close()) waiter_.ended();
    }

    // Anyone.

    /// Bytes claimed and not freed, rounding included; never above capacity().
    [[nodiscard]] std::size_t size_approx() const noexcept {
        return message_word::bytes_of(positions_.size_approx());
    }
    [[nodiscard]] std::size_t capacity() const noexcept {
        return message_word::bytes_of(positions_.usable());
    }
    /// The longest message.
    [[nodiscard]] std::size_t message_bytes_max() const noexcept { return message_bytes_max_; }
    [[nodiscard]] std::size_t producers_max() const noexcept { return lanes_max_; }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }

    /// Closed, and every claim made before was consumed or stepped over.
    [[nodiscard]] bool drained() const noexcept { return positions_.drained(); }
    [[nodiscard]] message_statistics statistics() const noexcept;
    [[nodiscard]] const auto& storage() const noexcept { return words_.storage(); }

private:
    friend waiting_verbs<mpsc_message_ring, Wait>;
    friend message_verbs<mpsc_message_ring, Wait, Env>;
    friend producer_handle;
    using lane = message_lane<mpsc_message_ring, Env>;
    friend lane;

    using positions = adding_positions<Env>;
    using position = typename positions::position;  // in words
    using stamp = typename message_stamps<Env>::record;
    using state = typename message_stamps<Env>::state;

    // Of the claims by the consumer. 16 of them made a ring of 4 KiB slower by a third.
    static constexpr std::size_t looks_a_lap = 4;
    static constexpr const char* consumer_role = "mpsc_message_ring, consumer side";

    // Read by everyone, written by nobody.
    slot_array<message_word, Storage> words_;
    std::size_t message_bytes_max_;
    std::size_t lanes_max_;
    message_stamps<Env> stamps_;
    std::unique_ptr<lane[]> lanes_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    positions positions_;

    // Written by producers that were refused.
    alignas(cache_line_pair_bytes) typename Env::template atomic<std::uint64_t> refused_{0};

    // The consumer's own; observers read the counts.
    struct alignas(cache_line_pair_bytes) consumer_side {
        typename Env::template plain<position> head{positions::first};
        typename Env::template plain<position> look_behind{positions::first};  // at the claims
        lone_counter<Env> looked_at{positions::first};  // head when it last looked at them
        message_tally<Env> popped;
        lone_counter<Env> refused;
        lone_counter<Env> high_water;
        [[no_unique_address]] sole_caller caller;
    } consumer_;

    static std::size_t checked(const sizes& wanted);
    static std::size_t usable(std::size_t words, const sizes& wanted) noexcept {
        return words - wanted.producers_max * message_word::count(wanted.message_bytes_max);
    }
    [[noreturn]] void refuse_message(std::size_t bytes) const;

    template <class Deadline>
    bool push_until(lane& from, message bytes, Deadline deadline_ns) {
        return this->give_until([&] { return from.give(bytes); }, deadline_ns);
    }

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail_hint(); }
    [[nodiscard]] position take_position() const noexcept { return consumer_.head; }
    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(consumer_.caller, consumer_role);
        return oldest().there || ended();
    }
    void refused_push() noexcept {
        refused_.fetch_add(1, std::memory_order_relaxed);  // count
    }
    void refused_pop() noexcept { consumer_.refused.add_one(); }

    [[nodiscard]] std::byte* bytes_at(position at) noexcept { return words_.at(at)->bytes; }

    [[nodiscard]] sole_caller& its_consumer() noexcept { return consumer_.caller; }
    static void look() noexcept {}  // stamps say what is there
    [[nodiscard]] bool ended() const noexcept { return positions_.ended_at(consumer_.head); }
    [[nodiscard]] static position behind_skipped(position at, const stamp& found) noexcept {
        return positions::behind(at, message_word::count(found.bytes));
    }
    // Always inlined: else each record comes back through memory.
    [[nodiscard, gnu::always_inline]] inline message_record record_of(
        position at, const stamp& found) noexcept;
    [[nodiscard, gnu::always_inline]] inline message_record record_at(position at) noexcept;
    [[nodiscard, gnu::always_inline]] inline message_record oldest() noexcept;
    [[nodiscard, gnu::noinline]] message_record step_over() noexcept;
    [[gnu::noinline]] void look_at_claims() noexcept;
    void free(position head, std::size_t messages, std::size_t bytes) noexcept {
        if (positions::distance(consumer_.look_behind, head) >= 0) [[unlikely]]
            look_at_claims();
        consumer_.popped.add(messages, bytes);
        consumer_.head = head;
        positions_.free(head);
        waiter_.freed();
    }
};

template <storage_policy Storage, wait_policy Wait, class Env>
std::size_t mpsc_message_ring<Storage, Wait, Env>::checked(const sizes& wanted) {
    constexpr std::size_t longest = UINT32_MAX - (message_word::size - 1);  // rounded up: 32 bits
    if (wanted.producers_max == 0)
        refuse_length("lfq: mpsc_message_ring: producers_max must be at least 1");
    if (wanted.message_bytes_max > longest)
        refuse_length("lfq: mpsc_message_ring: message_bytes_max must be at most 2^32 - 8");
    // One largest message for each producer, and one more that fits an empty ring.
    const std::size_t each = message_word::count(wanted.message_bytes_max);
    if (wanted.producers_max >= SIZE_MAX / message_word::size / each ||
        message_word::bytes_of((wanted.producers_max + 1) * each) > wanted.bytes) {
        char sentence[160];
        std::snprintf(sentence, sizeof sentence,
            "lfq: mpsc_message_ring: %zu bytes are too few for %zu producers of messages of %zu "
            "bytes, and one more message",
            wanted.bytes, wanted.producers_max, wanted.message_bytes_max);
        refuse_length(sentence);
    }
    return message_word::whole(wanted.bytes);
}

template <storage_policy Storage, wait_policy Wait, class Env>
void mpsc_message_ring<Storage, Wait, Env>::refuse_message(std::size_t bytes) const {
    char sentence[128];
    std::snprintf(sentence, sizeof sentence,
        "lfq: a message of %zu bytes is pushed into an mpsc_message_ring that takes at most %zu",
        bytes, message_bytes_max_);
    refuse_length(sentence);
}

// Producer side.

template <storage_policy Storage, wait_policy Wait, class Env>
auto mpsc_message_ring<Storage, Wait, Env>::producer() noexcept -> std::optional<producer_handle> {
    for (std::size_t i = 0; i < lanes_max_; ++i) {
        if (lanes_[i].take()) return producer_handle(lanes_[i]);
    }
    return std::nullopt;
}

// Consumer side.

// What begins at a position, which is not a skipped record. What a claim left over is freed with
// its message.
template <storage_policy Storage, wait_policy Wait, class Env>
message_record mpsc_message_ring<Storage, Wait, Env>::record_of(
    position at, const stamp& found) noexcept {
    if (found.what == state::unfinished) return {at, at};
    position next = positions::behind(at, message_word::count(found.bytes));
    if (found.what == state::short_message) [[unlikely]]
        next = behind_skipped(next, stamps_.look(next));
    return {at, next, true, bytes_at(at), found.bytes};
}

// Steps over what was skipped, at most a lap of it: the stamps of the next one are not there yet.
template <storage_policy Storage, wait_policy Wait, class Env>
message_record mpsc_message_ring<Storage, Wait, Env>::record_at(position at) noexcept {
    stamp found = stamps_.look(at);
    while (found.what == state::skipped) {
        at = behind_skipped(at, found);
        found = stamps_.look(at);
    }
    return record_of(at, found);
}

// Apart, so that the common case stays small.
template <storage_policy Storage, wait_policy Wait, class Env>
message_record mpsc_message_ring<Storage, Wait, Env>::step_over() noexcept {
    const message_record next = record_at(consumer_.head);
    free(next.at, 0, 0);
    return next;
}

template <storage_policy Storage, wait_policy Wait, class Env>
message_record mpsc_message_ring<Storage, Wait, Env>::oldest() noexcept {
    const position head = consumer_.head;
    const stamp found = stamps_.look(head);
    if (found.what == state::skipped) [[unlikely]]
        return step_over();
    return record_of(head, found);
}

// Before the head moves. Since the last look no more was held at once than lies between: the head
// was not before the one it had then, and the claims do not end behind where they do now. The next
// look is due when all that is claimed now is freed, and a part of the ring with it, for each takes
// the producers' line. It finds no more than what is held then and what is held now, or that part.
template <storage_policy Storage, wait_policy Wait, class Env>
void mpsc_message_ring<Storage, Wait, Env>::look_at_claims() noexcept {
    const position end = positions_.claimed_hint();
    consumer_.high_water.raise_to(positions_.between(consumer_.looked_at.read(), end));
    consumer_.looked_at.set(consumer_.head);
    const position part = positions::behind(consumer_.head, words_.capacity() / looks_a_lap);
    consumer_.look_behind = positions::distance(part, end) > 0 ? end : part;
}

// Anyone.

template <storage_policy Storage, wait_policy Wait, class Env>
message_statistics mpsc_message_ring<Storage, Wait, Env>::statistics() const noexcept {
    message_statistics now;
    const position looked_at = consumer_.looked_at.read();
    const std::uint64_t since = positions_.between(looked_at, positions_.claimed_hint());
    now.high_water_bytes = message_word::bytes_of(std::max(consumer_.high_water.read(), since));
    now.consumed = consumer_.popped.messages.read();
    now.consumed_bytes = consumer_.popped.bytes.read();
    for (std::size_t i = 0; i < lanes_max_; ++i) {
        now.published += lanes_[i].pushed().messages.read();
        now.published_bytes += lanes_[i].pushed().bytes.read();
    }
    now.refused_pushes = refused_.load(std::memory_order_relaxed);  // count
    now.refused_pops = consumer_.refused.read();
    return now;
}

}  // namespace lfq::inline LFQ_ABI
