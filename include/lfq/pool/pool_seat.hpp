// SPDX-License-Identifier: MIT
// lfq/pool/pool_seat.hpp — a pair of magazines, and who may have it.
// Room: pool (floor 3). Reads: base.
#pragma once

#include <lfq/base/assert.hpp>
#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/lone_counter.hpp>
#include <lfq/base/sole_caller.hpp>
#include <lfq/pool/pool_home.hpp>
#include <lfq/pool/pool_slot.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lfq::inline LFQ_ABI {

/// What a cache works with. It stays with the pool and goes from cache to cache, so that its counts
/// are the pool's.
///
/// Two magazines (Bonwick and Adams): one in use, the other empty or full, so that a thread which
/// takes and gives back around an edge exchanges nothing. How many objects the one in use holds is
/// the difference of two counts, of what was given back and what was taken: the counts are the
/// statistics, and each verb writes one of them.
///
/// It never has more than two magazines of objects, a chain counted as one; what belongs to another
/// home, and is on its way there, comes on top.
template <class T, class Env>
class pool_seat {
public:
    using home_type = pool_home<T, Env>;
    using slot = pool_slot<T, Env>;

    /// Objects of another home travel in chains of so many: one push for all.
    static constexpr std::uint32_t batch = 32;

    explicit pool_seat(home_type& home) noexcept;
    pool_seat(const pool_seat&) = delete;
    pool_seat& operator=(const pool_seat&) = delete;

    /// False: another cache has it.
    [[nodiscard]] bool begin() noexcept;
    /// Gives back what it holds, and itself.
    void end() noexcept;

    /// Null: there is none.
    [[nodiscard]] slot* take() noexcept;
    void give_back(slot& one) noexcept;

    /// Up to n, each for `put(slot*)`; fewer: there are no more.
    template <class Put>
    [[nodiscard]] std::size_t take_n(std::size_t n, Put&& put) noexcept;
    /// Those that n calls of `next()` return; null is nothing.
    template <class Next>
    void give_back_n(std::size_t n, Next&& next) noexcept;

    /// Who is inside the cache.
    [[no_unique_address]] sole_caller caller;

    // Anyone.

    [[nodiscard]] std::uint64_t taken() const noexcept { return out_.read() - first; }
    [[nodiscard]] std::uint64_t given_back() const noexcept { return in_.read() - first; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.read(); }
    [[nodiscard]] std::uint64_t high_water() const noexcept { return high_water_.read(); }
    [[nodiscard]] bool is_taken() const noexcept {
        // hint: for checks.
        return taken_.load(std::memory_order_relaxed);
    }

private:
    // Edges (docs/design/memory_model.md):
    //   seat   taken_ in end() → taken_ in begin(): the next cache goes on where the last one ended

    template <class U>
    using plain = typename Env::template plain<U>;
    using magazine_type = typename home_type::magazine_type;

    static constexpr std::uint64_t first = Env::first_position;

    [[nodiscard]] std::uint64_t balance() const noexcept { return in_.read() - out_.read(); }
    [[nodiscard]] std::size_t held() const noexcept {
        return static_cast<std::size_t>(balance() - empty_at_);
    }
    [[nodiscard, gnu::noinline]] slot* take_slowly() noexcept;
    [[nodiscard]] slot* take_from_chain() noexcept;
    [[gnu::noinline]] void give_back_slowly(slot& one) noexcept;
    [[gnu::noinline]] void give_abroad(slot& one) noexcept;
    void send_abroad() noexcept;
    void leave(std::size_t n) noexcept { high_water_.raise_to(home_.leave(n)); }
    void keep_row(magazine_type& one, std::size_t n) noexcept;
    void keep_chain() noexcept;
    /// The magazine in use is another one, which holds n.
    void uses(magazine_type* one, std::size_t n) noexcept {
        current_ = one;
        row_ = one->row;
        empty_at_ = balance() - n;
        full_at_ = empty_at_ + home_.row();
    }

    // Its cache's own; observers read the counts. A balance of in_ and out_ says how full the row
    // is.
    alignas(cache_line_pair_bytes) lone_counter<Env> in_{first};
    lone_counter<Env> out_{first};
    plain<std::uint64_t> empty_at_ = 0;
    plain<std::uint64_t> full_at_ = 0;
    plain<typename home_type::entry*> row_ = nullptr;
    home_type& home_;

    plain<magazine_type*> current_ = nullptr;
    plain<magazine_type*> other_ = nullptr;
    plain<bool> other_is_full_ = false;
    slot_chain chain_;  // used up before the other magazine is; while there is one, that is empty
    slot_chain abroad_;
    slot* abroad_last_ = nullptr;
    lone_counter<Env> refused_;
    lone_counter<Env> high_water_;

    // Read by who looks for a seat.
    typename Env::template atomic<bool> taken_{false};
};

template <class T, class Env>
pool_seat<T, Env>::pool_seat(home_type& home) noexcept : home_(home) {
    other_ = &home.take_empty();
    uses(&home.take_empty(), 0);
}

template <class T, class Env>
bool pool_seat<T, Env>::begin() noexcept {
    // hint: a look that is wrong costs an exchange, or misses a seat that is just given back.
    if (taken_.load(std::memory_order_relaxed)) return false;
    // acquire seat: pairs with end().
    return !taken_.exchange(true, std::memory_order_acquire);
}

// Whole rows go as they are; the rest goes to the list, where others find it.
template <class T, class Env>
void pool_seat<T, Env>::end() noexcept {
    send_abroad();
    keep_chain();
    if (other_is_full_) keep_row(*other_, home_.row());
    other_is_full_ = false;
    if (const std::size_t n = held(); n != 0) keep_row(*current_, n);
    uses(current_, 0);
    // release seat: pairs with begin().
    taken_.store(false, std::memory_order_release);
}

template <class T, class Env>
auto pool_seat<T, Env>::take() noexcept -> slot* {
    const std::uint64_t out = out_.read();
    const std::uint64_t now = in_.read() - out;
    if (now == empty_at_) [[unlikely]]
        return take_slowly();
    slot* const one = row_[now - empty_at_ - 1];
    out_.set(out + 1);
    return one;
}

template <class T, class Env>
void pool_seat<T, Env>::give_back(slot& one) noexcept {
    one.header.comes_home();
    if (&one.header.home() != &home_) [[unlikely]]
        return give_abroad(one);
    const std::uint64_t in = in_.read();
    const std::uint64_t now = in - out_.read();
    if (now == full_at_) [[unlikely]]
        return give_back_slowly(one);
    row_[now - empty_at_] = &one;
    in_.set(in + 1);
}

template <class T, class Env>
template <class Put>
std::size_t pool_seat<T, Env>::take_n(std::size_t n, Put&& put) noexcept {
    std::size_t taken = 0;
    while (taken < n) {
        const std::size_t here = std::min(n - taken, held());
        if (here == 0) {
            slot* const one = take_slowly();
            if (one == nullptr) break;
            put(one);
            ++taken;
            continue;
        }
        const auto* top = row_ + held();
        for (std::size_t i = 0; i < here; ++i) put(*--top);
        out_.set(out_.read() + here);  // once for all
        taken += here;
    }
    return taken;
}

template <class T, class Env>
template <class Next>
void pool_seat<T, Env>::give_back_n(std::size_t n, Next&& next) noexcept {
    std::uint64_t in = in_.read();
    const std::uint64_t out = out_.read();
    for (; n != 0; --n) {
        slot* const one = next();
        if (one == nullptr) continue;
        if (&one->header.home() != &home_ || in - out == full_at_) {
            in_.set(in);
            give_back(*one);
            in = in_.read();
            continue;
        }
        one->header.comes_home();
        row_[in - out - empty_at_] = one;
        ++in;
    }
    in_.set(in);  // once for all
}

// The chain first: its objects are the ones that nobody else can have.
template <class T, class Env>
auto pool_seat<T, Env>::take_slowly() noexcept -> slot* {
    if (chain_.count != 0) return take_from_chain();
    if (other_is_full_) {
        other_is_full_ = false;
        magazine_type* const full = other_;
        other_ = current_;
        uses(full, home_.row());
        return take();
    }
    send_abroad();
    if (magazine_type* const one = home_.take_full()) {
        if (one->chain_count == 0) {
            leave(home_.row());
            home_.keep_empty(*current_);
            uses(one, home_.row());
            return take();
        }
        chain_ = {one->chain_first, one->chain_count};
        one->chain_count = 0;
        leave(chain_.count);
        home_.keep_empty(*one);
        return take_from_chain();
    }
    chain_ = home_.take_returned();
    if (chain_.count == 0) {
        refused_.add_one();
        return nullptr;
    }
    leave(0);
    return take_from_chain();
}

template <class T, class Env>
auto pool_seat<T, Env>::take_from_chain() noexcept -> slot* {
    slot& one = home_.at(chain_.first);
    chain_ = {one.header.next(), chain_.count - 1};
    out_.set(out_.read() + 1);
    uses(current_, 0);
    return &one;
}

// What leaves is the magazine that was filled first.
template <class T, class Env>
void pool_seat<T, Env>::give_back_slowly(slot& one) noexcept {
    if (other_is_full_ || chain_.count != 0) {
        magazine_type& spare = home_.take_empty();
        home_.keep_full(other_is_full_ ? *other_ : *current_);
        if (other_is_full_) other_ = current_;
        uses(&spare, 0);
    } else {
        other_is_full_ = true;
        magazine_type* const empty = other_;
        other_ = current_;
        uses(empty, 0);
    }
    row_[0] = &one;
    in_.set(in_.read() + 1);
}

// In chains, each for one home.
template <class T, class Env>
void pool_seat<T, Env>::give_abroad(slot& one) noexcept {
    LFQ_ASSERT(one.header.home().family() == home_.family(),
        "event_pool: a handle of another pool was given to this cache");
    if (abroad_.count != 0 && &abroad_last_->header.home() != &one.header.home()) send_abroad();
    if (abroad_.count == 0) abroad_last_ = &one;
    one.header.set_next(abroad_.first);
    abroad_ = {one.header.home().index_of(one), abroad_.count + 1};
    if (abroad_.count >= batch || abroad_.count >= one.header.home().row()) send_abroad();
}

template <class T, class Env>
void pool_seat<T, Env>::send_abroad() noexcept {
    if (abroad_.count == 0) return;
    home_type& home = abroad_last_->header.home();
    home.give_back(home.at(abroad_.first), *abroad_last_, abroad_.count);
    abroad_.count = 0;
}

template <class T, class Env>
void pool_seat<T, Env>::keep_row(magazine_type& one, std::size_t n) noexcept {
    if (n == home_.row()) {
        magazine_type& spare = home_.take_empty();
        home_.keep_full(one);
        (&one == other_ ? other_ : current_) = &spare;
        return;
    }
    slot* const first_one = one.row[0];
    slot* last = first_one;
    for (std::size_t i = 1; i < n; ++i) {
        slot* const next = one.row[i];
        last->header.set_next(home_.index_of(*next));
        last = next;
    }
    home_.keep(*first_one, *last, static_cast<std::uint32_t>(n));
}

template <class T, class Env>
void pool_seat<T, Env>::keep_chain() noexcept {
    if (chain_.count == 0) return;
    slot* last = &home_.at(chain_.first);
    for (std::uint32_t i = 1; i < chain_.count; ++i) last = &home_.at(last->header.next());
    home_.keep(home_.at(chain_.first), *last, chain_.count);
    chain_.count = 0;
}

}  // namespace lfq::inline LFQ_ABI
