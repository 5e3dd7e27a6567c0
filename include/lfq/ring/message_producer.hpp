// SPDX-License-Identifier: MIT
// lfq/ring/message_producer.hpp — one of the producers of a ring of messages that many share.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/prefetch.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/ring/adding_positions.hpp>
#include <lfq/ring/claimed_bytes.hpp>
#include <lfq/ring/message_stamps.hpp>
#include <lfq/ring/message_statistics.hpp>
#include <lfq/ring/message_words.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// What belongs to one producer at a time: all that a claim needs, but for the ring's positions.
template <class Ring, class Env>
class message_lane {
public:
    using message = std::span<const std::byte>;
    using claimed = claimed_bytes<message_lane>;

    void begin(Ring& ring) noexcept { ring_ = &ring; }
    [[nodiscard]] Ring& ring() const noexcept { return *ring_; }

    /// False: another producer has it.
    [[nodiscard]] bool take() noexcept {
        // hint: a look that is wrong costs an exchange, or misses a lane that is just given back.
        if (taken_.load(std::memory_order_relaxed)) return false;
        // acquire lane: pairs with give_back().
        return !taken_.exchange(true, std::memory_order_acquire);
    }
    void give_back() noexcept {
        // release lane: pairs with take().
        taken_.store(false, std::memory_order_release);
    }

    [[nodiscard]] wait::turn give(message bytes);
    [[nodiscard]] claimed claim(std::size_t bytes);

    // Anyone.

    [[nodiscard]] const auto& pushed() const noexcept { return pushed_; }

private:
    friend claimed;

    // Edges (docs/design/memory_model.md):
    //   lane   taken_ in give_back() → taken_ in take(): what a producer knew goes to the next one

    using positions = adding_positions<Env>;
    using position = std::uint64_t;  // in words
    using state = typename message_stamps<Env>::state;

    static constexpr const char* role = "mpsc_message_ring, one handle of producer()";

    [[nodiscard]] typename positions::ticket claim_words(std::size_t bytes);
    void fetch_likely(std::size_t words) noexcept;
    void commit_at(position at, std::span<std::byte> bytes, std::size_t used) noexcept;
    void abandon(position at, std::span<std::byte> bytes) noexcept;
    void finish(position at, std::size_t bytes, state what) noexcept {
        ring_->stamps_.finish(at, bytes, what);
        ring_->waiter_.published();
    }

    // Its producer's own; observers read the counts.
    alignas(cache_line_pair_bytes) Ring* ring_ = nullptr;
    typename positions::known known_;
    message_tally<Env> pushed_;
    [[no_unique_address]] sole_caller caller_;

    // Read by whoever looks for a lane.
    alignas(cache_line_pair_bytes) typename Env::template atomic<bool> taken_{false};
};

/// The right to push into a ring; given back on destruction. Moves, does not copy. One thread at a
/// time uses it, and none of its claims outlives it.
template <class Ring, class Env>
class message_producer {
public:
    using message = std::span<const std::byte>;
    using claimed = typename message_lane<Ring, Env>::claimed;

    message_producer(message_producer&& other) noexcept
        : lane_(std::exchange(other.lane_, nullptr)) {}
    message_producer& operator=(message_producer&& other) noexcept {
        if (this == &other) return *this;
        if (lane_ != nullptr) lane_->give_back();
        lane_ = std::exchange(other.lane_, nullptr);
        return *this;
    }
    ~message_producer() {
        if (lane_ != nullptr) lane_->give_back();
    }

    /// Copies a message in. False: full or closed.
    [[nodiscard]] bool try_push(message bytes) {
        if (lane().give(bytes) == wait::turn::done) [[likely]]
            return true;
        lane().ring().refused_push();
        return false;
    }

    /// Waits for room. False: closed.
    [[nodiscard]] bool push(message bytes) {
        return lane().ring().push_until(lane(), bytes, Ring::forever);
    }

    /// Waits for room at most so long. False: closed or out of time.
    template <class Rep, class Period>
    [[nodiscard]] bool push_for(message bytes, std::chrono::duration<Rep, Period> duration) {
        return lane().ring().push_until(lane(), bytes, Ring::in(duration));
    }

    /// Room for a message of up to `bytes`, to be written in place; false when full or closed.
    /// Whatever is claimed later, by anyone, waits until it is committed or destroyed.
    [[nodiscard]] claimed claim(std::size_t bytes) { return lane().claim(bytes); }

    /// The longest message; longer ones are std::length_error.
    [[nodiscard]] std::size_t message_bytes_max() const noexcept {
        return lane().ring().message_bytes_max();
    }
    [[nodiscard]] bool closed() const noexcept { return lane().ring().closed(); }

private:
    friend Ring;
    explicit message_producer(message_lane<Ring, Env>& lane) noexcept : lane_(&lane) {}

    [[nodiscard]] message_lane<Ring, Env>& lane() const noexcept {
        LFQ_ASSERT(lane_ != nullptr, "message_producer: this handle was moved from");
        return *lane_;
    }

    message_lane<Ring, Env>* lane_;
};

template <class Ring, class Env>
auto message_lane<Ring, Env>::claim_words(std::size_t bytes) -> typename positions::ticket {
    if (bytes > ring_->message_bytes_max_) [[unlikely]]
        ring_->refuse_message(bytes);
    const std::size_t words = message_word::count(bytes);
    fetch_likely(words);
    return ring_->positions_.claim(known_, words);
}

// The lines that the claim will probably lie in come while it waits for that of the claim position:
// others have claimed as much meanwhile, or a line at least, so that they are not in it, too.
template <class Ring, class Env>
void message_lane<Ring, Env>::fetch_likely(std::size_t words) noexcept {
    constexpr std::size_t line = cache_line_bytes / message_word::size;
    const position likely = positions::behind(known_.tail, std::max(words, line));
    ring_->stamps_.fetch(likely);
    for (std::size_t word = 0; word < std::min(words, 8 * line); word += line)
        prefetch_write(ring_->bytes_at(positions::behind(likely, word)));
}

template <class Ring, class Env>
wait::turn message_lane<Ring, Env>::give(message bytes) {
    const sole_caller::visit inside(caller_, role);
    const auto [at, answer] = claim_words(bytes.size());
    if (answer != wait::turn::done) [[unlikely]]
        return answer;
    if (!bytes.empty()) Env::copy_in(ring_->bytes_at(at), bytes.data(), bytes.size());
    pushed_.add(1, bytes.size());
    finish(at, bytes.size(), state::message);
    return wait::turn::done;
}

template <class Ring, class Env>
auto message_lane<Ring, Env>::claim(std::size_t bytes) -> claimed {
    const sole_caller::visit inside(caller_, role);
    const auto [at, answer] = claim_words(bytes);
    if (answer != wait::turn::done) {
        ring_->refused_push();
        return {};
    }
    return {*this, at, {ring_->bytes_at(at), bytes}};
}

template <class Ring, class Env>
void message_lane<Ring, Env>::commit_at(
    position at, std::span<std::byte> bytes, std::size_t used) noexcept {
    const sole_caller::visit inside(caller_, role);
    Env::touch_write(bytes.data(), used);
    pushed_.add(1, used);
    const std::size_t words = message_word::count(used);
    const std::size_t left = message_word::count(bytes.size()) - words;
    if (left != 0)
        ring_->stamps_.leave_over(positions::behind(at, words), message_word::bytes_of(left));
    finish(at, used, left != 0 ? state::short_message : state::message);
}

template <class Ring, class Env>
void message_lane<Ring, Env>::abandon(position at, std::span<std::byte> bytes) noexcept {
    const sole_caller::visit inside(caller_, role);
    const std::size_t words = message_word::count(bytes.size());
    finish(at, message_word::bytes_of(words), state::skipped);
}

}  // namespace lfq::inline LFQ_ABI
