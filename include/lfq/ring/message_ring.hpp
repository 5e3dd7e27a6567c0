// SPDX-License-Identifier: MIT
// lfq/ring/message_ring.hpp — a ring of messages of any length, one producer to one consumer.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/storage_mirrored.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/claimed_bytes.hpp>
#include <lfq/ring/message_record.hpp>
#include <lfq/ring/message_statistics.hpp>
#include <lfq/ring/message_verbs.hpp>
#include <lfq/ring/message_words.hpp>
#include <lfq/ring/ring_statistics.hpp>
#include <lfq/ring/slot_array.hpp>
#include <lfq/ring/spsc_positions.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>

namespace lfq::inline LFQ_ABI {

/// Hands messages of any length from one thread to one other, first in, first out. Each lies in one
/// piece, also where the ring wraps, and is written and read where it is.
///
/// Threads   one producer, one consumer, observers anywhere. A side may move to another thread if
///           the hand-over happens-before; calls of one side never overlap (checked builds look).
/// Progress  try_ verbs, claim, peek, consume, drain: wait-free. push and pop wait as Wait says.
/// Order     what the producer wrote before a push is visible to the pop that returns the message.
///           "full" is not answered while bytes enough are unused whose freeing happens-before the
///           push, nor "empty" while a message whose push happens-before the pop is in the ring.
/// Memory    capacity() bytes of Storage; a message takes its bytes, rounded up to 8, and 8 for its
///           length. Nothing is allocated later. A consumed message is free at once.
/// Failure   full, empty and closed are answers. Messages of up to message_bytes_max() bytes, 0
///           among them, always fit an empty ring; a longer one is std::length_error. Construction
///           may throw length_error, bad_alloc or system_error.
/// Pick      messages of different sizes, or such that are sent on as they lie.
/// Avoid     values of one type (spsc_ring); several producers (mpsc_message_ring, or
///           message_ring_pool where they may die); a stream without borders (byte_ring).
/// Example   docs/snippets/message_ring.cpp
///
/// peek, consume, try_pop, pop, pop_for, drain and, with a doorbell, fd, arm, disarm and
/// acknowledge come from message_verbs.hpp: they are the same on mpsc_message_ring.
///
/// Algorithm: spsc_ring's, counting words of 8 bytes, in memory mapped twice (the "magic ring
/// buffer"), so that no record has to pad the end.
template <storage_policy Storage = storage::mirrored, wait_policy Wait = wait::backoff,
    class Env = std_env>
class message_ring : public message_verbs<message_ring<Storage, Wait, Env>, Wait, Env> {
    static_assert(overrun_storage<Storage>,
        "message_ring: a message that wraps must lie in one piece: storage::mirrored, or "
        "storage::spill where mirroring is refused");

public:
    using message = std::span<const std::byte>;
    using claimed = claimed_bytes<message_ring>;

    /// Room for `bytes`, rounded up to a power of two, at least 16, and to what Storage can map.
    explicit message_ring(std::size_t bytes, const Storage& storage = {}, const Wait& wait = {})
        : words_(storage, words_for(bytes)), waiter_(wait) {}

    message_ring(const message_ring&) = delete;
    message_ring& operator=(const message_ring&) = delete;

    // Producer side.

    /// Copies a message in. False: full or closed.
    [[nodiscard]] bool try_push(message bytes) {
        if (give(bytes) == wait::turn::done) [[likely]]
            return true;
        refused_push();
        return false;
    }

    /// Waits for room. False: closed.
    [[nodiscard]] bool push(message bytes) {
        return this->give_until([&] { return give(bytes); }, this->forever);
    }

    /// Waits for room at most so long. False: closed or out of time.
    template <class Rep, class Period>
    [[nodiscard]] bool push_for(message bytes, std::chrono::duration<Rep, Period> duration) {
        return this->give_until([&] { return give(bytes); }, this->in(duration));
    }

    /// Room for a message of `bytes`, to be written in place; false when full or closed.
    [[nodiscard]] claimed claim(std::size_t bytes);

    /// No more messages will come. Wakes both sides.
    void close() noexcept {
        // Over before the end is seen: in a pool the next producer may be here then.
        { const sole_caller::visit inside(positions_.producer(), producer_role); }
        positions_.close();
        waiter_.ended();
    }

    // Anyone.

    /// Bytes in use, lengths and rounding included. Of two positions read one after the other: may
    /// exceed every true size, never capacity().
    [[nodiscard]] std::size_t size_approx() const noexcept {
        return message_word::bytes_of(positions_.size_approx(words_.capacity()));
    }
    [[nodiscard]] std::size_t capacity() const noexcept {
        return message_word::bytes_of(words_.capacity());
    }
    /// The longest message.
    [[nodiscard]] std::size_t message_bytes_max() const noexcept {
        return capacity() - length_bytes;
    }
    [[nodiscard]] bool closed() const noexcept { return positions_.closed(); }

    /// Closed, and every message was consumed.
    [[nodiscard]] bool drained() const noexcept { return positions_.drained(); }
    [[nodiscard]] message_statistics statistics() const noexcept;
    [[nodiscard]] const auto& storage() const noexcept { return words_.storage(); }

private:
    friend waiting_verbs<message_ring, Wait>;
    friend message_verbs<message_ring, Wait, Env>;
    template <storage_policy, doorbell_wait, class, class>
    friend class message_ring_pool;
    friend claimed;

    using position = std::uint64_t;  // in words

    static constexpr std::size_t length_bytes = message_word::size;
    static constexpr std::size_t ahead_bytes = 2048;
    static constexpr const char* producer_role = "message_ring, producer side";
    static constexpr const char* consumer_role = "message_ring, consumer side";

    // Read by both sides, written by neither.
    slot_array<message_word, Storage> words_;
    [[no_unique_address]] typename Wait::template waiter<Env> waiter_;

    spsc_positions<Env, message_tally<Env>> positions_;

    // A ring holds one message of 8 bytes at least.
    static std::size_t words_for(std::size_t bytes) noexcept {
        return bytes == 0 ? 0 : std::max<std::size_t>(2, message_word::whole(bytes));
    }
    // A message with its length.
    static std::size_t words_of(std::size_t bytes) noexcept {
        return 1 + message_word::whole(bytes);
    }

    [[nodiscard]] auto& its_waiter() noexcept { return waiter_; }
    [[nodiscard]] position give_position() const noexcept { return positions_.tail(); }
    [[nodiscard]] position take_position() const noexcept { return positions_.head(); }
    [[nodiscard]] bool readable() noexcept {
        const sole_caller::visit inside(positions_.consumer(), consumer_role);
        return words_known() != 0 || closed();
    }
    void reopen() noexcept { positions_.reopen(); }
    void refused_push() noexcept { positions_.refused_push(); }
    void refused_pop() noexcept { positions_.refused_pop(); }

    [[nodiscard]] std::byte* bytes_at(position at) noexcept { return words_.at(at)->bytes; }

    [[noreturn]] void refuse_message(std::size_t bytes) const;
    // inline: without the word g++ 12 makes two calls of these in each push.
    [[nodiscard]] inline std::size_t room_for(std::size_t bytes);
    [[nodiscard]] inline wait::turn give(message bytes);
    void commit_at(position at, std::span<std::byte> bytes, std::size_t used) noexcept;
    static void abandon(position, std::span<std::byte>) noexcept {}
    inline void publish(position at, std::size_t bytes) noexcept;

    [[nodiscard]] sole_caller& its_consumer() noexcept { return positions_.consumer(); }
    [[nodiscard]] std::size_t words_known() noexcept {
        return positions_.values(1, words_.capacity());
    }
    void look() noexcept { static_cast<void>(positions_.look_for_values(words_.capacity())); }
    [[nodiscard]] bool ended() const noexcept { return closed(); }
    [[nodiscard]] message_record read_record(position at) noexcept;
    [[nodiscard]] message_record oldest() noexcept {
        const position head = positions_.head();
        return words_known() != 0 ? read_record(head) : message_record{head, head};
    }
    [[nodiscard]] message_record record_at(position at) noexcept {
        const bool there = at - positions_.head() != positions_.known_values();
        return there ? read_record(at) : message_record{at, at};
    }
    void free(position head, std::size_t messages, std::size_t bytes) noexcept {
        positions_.popped().add(messages, bytes);
        positions_.free(head);
        waiter_.freed();
    }
};

// Producer side.

template <storage_policy Storage, wait_policy Wait, class Env>
void message_ring<Storage, Wait, Env>::refuse_message(std::size_t bytes) const {
    char sentence[128];
    std::snprintf(sentence, sizeof sentence,
        "lfq: a message of %zu bytes is pushed into a message_ring that takes at most %zu", bytes,
        message_bytes_max());
    refuse_length(sentence);
}

// The words of a message for which there is room; 0: none, or closed.
template <storage_policy Storage, wait_policy Wait, class Env>
std::size_t message_ring<Storage, Wait, Env>::room_for(std::size_t bytes) {
    if (bytes > message_bytes_max()) [[unlikely]]
        refuse_message(bytes);
    const std::size_t words = words_of(bytes);
    if (positions_.room(words, words_.capacity()) < words) [[unlikely]]
        return 0;
    words_.template fetch_ahead<ahead_bytes>(positions_.tail(), words);
    return words;
}

template <storage_policy Storage, wait_policy Wait, class Env>
wait::turn message_ring<Storage, Wait, Env>::give(message bytes) {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    if (room_for(bytes.size()) == 0) [[unlikely]]
        return closed() ? wait::turn::over : wait::turn::refused;
    // All is found before anything is written: bytes may be the ring's own fields, for all that the
    // compiler knows, and would have to be found again.
    const position at = positions_.tail();
    const position behind = at + words_of(bytes.size());
    std::byte* const to = bytes_at(at);
    const std::uint64_t length = bytes.size();
    positions_.pushed().add(1, bytes.size());
    Env::copy_in(to, &length, sizeof length);
    if (!bytes.empty()) Env::copy_in(to + length_bytes, bytes.data(), bytes.size());
    positions_.publish(behind);
    waiter_.published();
    return wait::turn::done;
}

template <storage_policy Storage, wait_policy Wait, class Env>
auto message_ring<Storage, Wait, Env>::claim(std::size_t bytes) -> claimed {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    if (room_for(bytes) == 0) {
        refused_push();
        return {};
    }
    const position at = positions_.tail();
    return {*this, at, {bytes_at(at) + length_bytes, bytes}};
}

template <storage_policy Storage, wait_policy Wait, class Env>
void message_ring<Storage, Wait, Env>::commit_at(
    position at, std::span<std::byte> bytes, std::size_t used) noexcept {
    const sole_caller::visit inside(positions_.producer(), producer_role);
    LFQ_ASSERT(positions_.tail() == at, "claimed: something was pushed under the claim");
    LFQ_ASSERT(!closed(), "claimed: the ring was closed under the claim");
    Env::touch_write(bytes.data(), used);
    publish(at, used);
}

template <storage_policy Storage, wait_policy Wait, class Env>
void message_ring<Storage, Wait, Env>::publish(position at, std::size_t bytes) noexcept {
    const std::uint64_t length = bytes;
    Env::copy_in(bytes_at(at), &length, sizeof length);
    positions_.pushed().add(1, bytes);
    positions_.publish(at + words_of(bytes));
    waiter_.published();
}

// Consumer side.

template <storage_policy Storage, wait_policy Wait, class Env>
message_record message_ring<Storage, Wait, Env>::read_record(position at) noexcept {
    std::uint64_t length;
    Env::copy_out(&length, bytes_at(at), sizeof length);
    const auto bytes = static_cast<std::size_t>(length);
    return {at, at + words_of(bytes), true, bytes_at(at) + length_bytes, bytes};
}

// Anyone.

template <storage_policy Storage, wait_policy Wait, class Env>
message_statistics message_ring<Storage, Wait, Env>::statistics() const noexcept {
    const ring_statistics words = positions_.statistics(words_.capacity());
    message_statistics now;
    now.consumed = positions_.popped().messages.read();
    now.consumed_bytes = positions_.popped().bytes.read();
    now.published = positions_.pushed().messages.read();
    now.published_bytes = positions_.pushed().bytes.read();
    now.refused_pushes = words.refused_pushes;
    now.refused_pops = words.refused_pops;
    now.high_water_bytes = message_word::bytes_of(words.high_water);
    return now;
}

}  // namespace lfq::inline LFQ_ABI
