// SPDX-License-Identifier: MIT
// lfq/ring/ready_wait.hpp — how a pool of rings learns which of them have something.
// Room: ring (floor 3). Reads: base, policy.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/set_up.hpp>
#include <lfq/policy/sleep.hpp>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace lfq::inline LFQ_ABI {

/// A bit for each ring of a pool, and one bell for all of them.
///
/// The consumer watches a ring that has nothing; the ring's next publication marks it, and rings if
/// the consumer sleeps. A ring that is not watched costs its producer a look at a word of its own.
///
/// Threads   mark: any; everything else: the consumer.
/// Progress  wait-free.
template <doorbell_wait Wait, class Env>
class ready_rings {
public:
    using bell = typename Wait::bell;

    explicit ready_rings(std::size_t rings)
        : words_(rings / 64 + (rings % 64 != 0 ? 1 : 0)), marked_(new (std::nothrow) word[words_]) {
        if (marked_ == nullptr) refuse_memory();
    }

    /// A watched ring has something. Ring its_bell() then.
    void mark(std::size_t ring) noexcept {
        // own: the handshakes of the ring's word and of the bell order it.
        marked_[ring / 64].fetch_or(std::uint64_t{1} << ring % 64, std::memory_order_relaxed);
    }

    /// The marked rings among the 64 from `64 * i` on, which are unmarked by it.
    [[nodiscard]] std::uint64_t take(std::size_t i) noexcept {
        // hint: a mark that is not seen yet comes with the bell.
        if (marked_[i].load(std::memory_order_relaxed) == 0) return 0;
        // own: what a marked ring holds comes with the ring's own edges.
        return marked_[i].exchange(0, std::memory_order_relaxed);
    }
    [[nodiscard]] std::size_t words() const noexcept { return words_; }
    [[nodiscard]] bool any() const noexcept {
        for (std::size_t i = 0; i < words_; ++i) {
            // hint: asked between arm() and the sleep, whose handshake orders it.
            if (marked_[i].load(std::memory_order_relaxed) != 0) return true;
        }
        return false;
    }

    [[nodiscard]] bell& its_bell() noexcept { return bell_; }
    [[nodiscard]] const bell& its_bell() const noexcept { return bell_; }

private:
    using word = typename Env::template atomic<std::uint64_t>;

    std::size_t words_;
    std::unique_ptr<word[]> marked_;
    bell bell_;
};

/// The wait of one ring of a pool: its consumer waits for the pool, its producer as Wait says. Of
/// Wait's waiter it has the half that sleeps on a full ring, and no bell.
template <doorbell_wait Wait, class Env>
struct ready_wait {
    using clock = typename Wait::clock;
    using rings = ready_rings<Wait, Env>;

    rings* all = nullptr;
    std::size_t ring = 0;

    template <class>
    class waiter {
    public:
        explicit waiter(const ready_wait& recipe) noexcept : ring_(recipe.ring), all_(recipe.all) {
            watch();
        }

        void published() noexcept {
            if (!unwatched_.must_wake()) return;
            all_->mark(ring_);
            all_->its_bell().ring();
        }
        void freed() noexcept { full_.wake(); }
        /// Who could wait for room has just closed.
        void ended() noexcept { published(); }

        /// Consumer: the next publication marks the ring. Look at it once more.
        void watch() noexcept { static_cast<void>(unwatched_.lie_down()); }
        /// Consumer, if it found something after all.
        void unwatch() noexcept { unwatched_.get_up(); }

        template <class Look>
        bool until_readable(std::uint64_t, Look&&, std::int64_t) {
            static_assert(sizeof(Look) == 0, "ready_wait: a consumer waits for the pool, not here");
            return false;
        }
        template <class Look>
        bool until_writable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return full_.sleep_until(look, 0, deadline_ns);
        }

    private:
        // Read by the producer after every publication; written when the ring runs empty and when
        // it no longer is. What is read only then lies beside it.
        alignas(cache_line_pair_bytes) wait::sleep_word<Env> unwatched_;
        std::size_t ring_;
        rings* all_;
        // Read by the consumer whenever it frees; written when the producer sleeps.
        alignas(cache_line_pair_bytes) typename Wait::template full_bed<Env> full_;
    };
};

}  // namespace lfq::inline LFQ_ABI
