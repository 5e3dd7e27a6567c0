// SPDX-License-Identifier: MIT
// lfq/policy/sleep.hpp — the waits that sleep: park on a futex, doorbell on an eventfd.
// Room: policy (floor 2). Reads: base, sys.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/policy/wait.hpp>
#include <lfq/sys/clock.hpp>
#include <lfq/sys/event_fd.hpp>
#include <lfq/sys/futex.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace lfq::inline LFQ_ABI {

namespace wait {

/// The sleep handshake, the one place in lfq with standalone fences.
///
/// A sleeper sets the asleep bit and then looks once more; a waker publishes and then looks at the
/// bit. Each has a sequentially consistent fence between its two steps, so at least one of them
/// sees the other: either the last look succeeds or the sleeper is woken. The waker that clears the
/// bit is the only one that makes a system call for this sleep.
template <class Env>
class sleep_word {
public:
    using word = typename Env::template atomic<std::uint32_t>;

    /// Sleeper: says that it is about to sleep. Look again before you do; the answer is what the
    /// word must still hold.
    [[nodiscard]] std::uint32_t lie_down() noexcept {
        // own: sets a bit that wakers look for; the fence orders it.
        const std::uint32_t key =
            word_.fetch_or(asleep_bit, std::memory_order_relaxed) | asleep_bit;
        // total: pairs with the fence in must_wake(). Without it both could miss: the sleeper's
        // look passes its bit, the waker's look passes its publish (store buffering), and the
        // sleeper sleeps on a value that is there.
        Env::fence(std::memory_order_seq_cst);
        return key;
    }

    /// Sleeper, when it is the only one on this word: it will not sleep after all.
    void get_up() noexcept {
        // own: a waker that saw the bit meanwhile has made a call too many, which is harmless.
        word_.fetch_and(~asleep_bit, std::memory_order_relaxed);
    }

    /// Waker, after it published: true if the caller has to make the call that wakes.
    [[nodiscard]] bool must_wake() noexcept {
        // total: pairs with the fence in lie_down(); the interleaving is told there.
        Env::fence(std::memory_order_seq_cst);
        // hint: the fences order it; what the sleeper reads after waking comes from the ring's own
        // edges.
        std::uint32_t seen = word_.load(std::memory_order_relaxed);
        while ((seen & asleep_bit) != 0) {
            // own: seen + 1 clears the bit and counts the sleep, so that a late sleeper does not
            // fall asleep on it.
            if (word_.compare_exchange_weak(
                    seen, seen + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] word& futex_word() noexcept { return word_; }

private:
    static constexpr std::uint32_t asleep_bit = 1;

    // Bit 0: somebody sleeps or is about to. Above: how many sleeps were ended, wrapping.
    word word_{0};
};

/// One side of a ring, asleep on a futex; whoever sleeps is woken together.
template <class Env, class Futex, class Clock, sleepers Count>
class futex_bed {
public:
    void wake() noexcept {
        if (word_.must_wake()) futex_.wake_all(word_.futex_word());
    }

    template <class Look>
    bool sleep_until(Look& look, std::int64_t spin_ns, std::int64_t deadline_ns) {
        const std::int64_t start_ns = Clock::now_ns();
        for (std::int64_t now_ns = start_ns; now_ns - start_ns < spin_ns;
             now_ns = Clock::now_ns()) {
            Env::pause();
            if (const turn answer = look(); answer != turn::refused) return answer == turn::done;
            if (now_ns >= deadline_ns) return false;
        }
        for (;;) {
            const std::uint32_t key = word_.lie_down();
            const turn last = look();
            const bool late = deadline_ns != never_ns && Clock::now_ns() >= deadline_ns;
            if (last != turn::refused || late) {
                // One that got up leaves no bit; of many, others may still lie under it.
                if constexpr (Count == sleepers::one) word_.get_up();
                return last == turn::done;
            }
            futex_.wait(word_.futex_word(), key, deadline_ns);
            // Looks before it lies down again: the next waker would make a call for nobody.
            if (const turn answer = look(); answer != turn::refused) return answer == turn::done;
        }
    }

private:
    sleep_word<Env> word_;
    [[no_unique_address]] Futex futex_;
};

/// Does        spins for `spin`, then sleeps on a futex until the other side has something, or
///             closes.
/// Costs       a full fence and a look per publication, on both sides; a system call per sleep and
///             per wake.
/// Needs       Linux.
/// Pick when   a side idles, or threads outnumber cores (spin 0).
/// Avoid when  every value is awaited within a microsecond; or the thread waits for other
///             descriptors too: doorbell.
template <class Futex, class Clock = sys::clock>
struct basic_park {
    using clock = Clock;

    std::chrono::nanoseconds spin{10'000};  // about what one sleep and one wake cost together

    template <class Env, sleepers Readers = sleepers::one>
    class waiter {
    public:
        explicit waiter(const basic_park& recipe) noexcept : spin_ns_(recipe.spin.count()) {}

        void published() noexcept { readable_.wake(); }
        void freed() noexcept { writable_.wake(); }
        void ended() noexcept {
            readable_.wake();
            writable_.wake();
        }

        template <class Look>
        bool until_readable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return readable_.sleep_until(look, spin_ns_, deadline_ns);
        }
        template <class Look>
        bool until_writable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return writable_.sleep_until(look, spin_ns_, deadline_ns);
        }

    private:
        std::int64_t spin_ns_;
        // Written when somebody sleeps; read after every publication, so it must not lie on a line
        // that changes.
        alignas(cache_line_pair_bytes) futex_bed<Env, Futex, Clock, Readers> readable_;
        futex_bed<Env, Futex, Clock, sleepers::many> writable_;
    };
};

/// A bell that producers ring and one consumer waits for, alone or inside an event loop. Several
/// rings may share it.
///
/// Threads   any number ring; one waits.
/// Failure   the constructor throws std::system_error when the OS has no descriptor left.
template <class EventFd, class Env = std_env>
class basic_bell {
public:
    basic_bell() = default;
    basic_bell(const basic_bell&) = delete;
    basic_bell& operator=(const basic_bell&) = delete;

    /// Readable after it rang, until acknowledge(). The consumer's event loop watches it.
    [[nodiscard]] int fd() const noexcept { return event_.fd(); }

    /// Consumer: the next publication must ring. Then look at every ring that shares the bell, and
    /// disarm() if one has something: a ring's own arm() does all three.
    void arm() noexcept { static_cast<void>(word_.lie_down()); }

    /// Consumer: awake after all, nobody needs to ring.
    void disarm() noexcept { word_.get_up(); }

    /// Consumer, after the descriptor was readable: makes it unreadable.
    void acknowledge() noexcept { event_.clear(); }

    /// Producer, after it published: at most one write per arm(), none while nobody armed.
    void ring() noexcept {
        if (word_.must_wake()) event_.ring();
    }

    /// Consumer: sleeps until it rings or the deadline passes.
    void sleep(std::int64_t deadline_ns) noexcept {
        event_.wait(deadline_ns);
        event_.clear();
    }

private:
    EventFd event_;
    alignas(cache_line_pair_bytes) sleep_word<Env> word_;
};

/// Does        the consumer sleeps on an eventfd, its own or one that several rings share; a full
///             side sleeps on a futex.
/// Costs       as park; one descriptor per bell.
/// Needs       Linux.
/// Pick when   the consumer waits in epoll, Asio or another event loop, or for several rings at
///             once.
/// Avoid when  the consumer waits for this ring alone: park is cheaper.
template <class EventFd, class Futex = sys::futex, class Clock = sys::clock,
    class BellEnv = std_env>
struct basic_doorbell {
    using clock = Clock;
    using bell = basic_bell<EventFd, BellEnv>;
    /// Where a full side sleeps.
    template <class Env>
    using full_bed = futex_bed<Env, Futex, Clock, sleepers::many>;

    basic_doorbell() = default;

    /// A ring built from this recipe rings `shared`, which must outlive it.
    explicit basic_doorbell(bell& shared) noexcept : shared_(&shared) {}

    template <class Env>
    class waiter {
    public:
        explicit waiter(const basic_doorbell& recipe)
            : bell_(recipe.shared_ != nullptr ? recipe.shared_ : &own_.emplace()) {
            static_assert(
                std::is_same_v<Env, BellEnv>, "the bell and the ring must live in one environment");
        }
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        void published() noexcept { bell_->ring(); }
        void freed() noexcept { writable_.wake(); }
        void ended() noexcept {
            bell_->ring();
            writable_.wake();
        }

        [[nodiscard]] bell& its_bell() noexcept { return *bell_; }

        template <class Look>
        bool until_readable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            for (;;) {
                bell_->arm();
                if (const turn answer = look(); answer != turn::refused) {
                    bell_->disarm();
                    return answer == turn::done;
                }
                if (deadline_ns != never_ns && Clock::now_ns() >= deadline_ns) {
                    bell_->disarm();
                    return false;
                }
                bell_->sleep(deadline_ns);
                // Looks before it arms again: the next publication would ring for nobody.
                if (const turn answer = look(); answer != turn::refused) {
                    bell_->disarm();  // it may have woken by itself
                    return answer == turn::done;
                }
            }
        }
        template <class Look>
        bool until_writable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return writable_.sleep_until(look, 0, deadline_ns);
        }

    private:
        std::optional<bell> own_;
        bell* bell_;
        alignas(cache_line_pair_bytes) full_bed<Env> writable_;
    };

private:
    bell* shared_ = nullptr;
};

using park = basic_park<sys::futex>;
using doorbell = basic_doorbell<sys::event_fd>;
using bell = doorbell::bell;

}  // namespace wait

/// A wait whose consumer can sleep in somebody else's event loop.
template <class Wait>
concept doorbell_wait = wait_policy<Wait> &&
    requires(typename Wait::template waiter<std_env>& waiter) {
    { waiter.its_bell().fd() } -> std::same_as<int>;
};

}  // namespace lfq::inline LFQ_ABI
