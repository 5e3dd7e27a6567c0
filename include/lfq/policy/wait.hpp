// SPDX-License-Identifier: MIT
// lfq/policy/wait.hpp — how a refused thread looks again: the concept and its models.
// Room: policy (floor 2). Reads: base, sys.
#pragma once

#include <lfq/base/cache_line.hpp>
#include <lfq/base/config.hpp>
#include <lfq/base/env.hpp>
#include <lfq/sys/clock.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

namespace wait {

/// What one look at a ring answered.
enum class turn : std::uint8_t {
    done,  // it gave or took
    refused,  // full or empty: look again
    over,  // closed, and for a consumer drained: never again
};

/// How many threads may wait on one side of a ring.
enum class sleepers : std::uint8_t { one, many };

/// The deadline of the forms without one.
inline constexpr std::int64_t never_ns = INT64_MAX;

/// `duration` from now on Clock; never_ns where it lies beyond what the clock can count.
template <class Clock, class Rep, class Period>
[[nodiscard]] std::int64_t deadline_in(std::chrono::duration<Rep, Period> duration) noexcept {
    const std::int64_t now_ns = Clock::now_ns();
    const double wanted_ns = std::chrono::duration<double, std::nano>(duration).count();
    if (!(wanted_ns < static_cast<double>(never_ns - now_ns))) return never_ns;
    if (wanted_ns <= 0) return now_ns;
    // Not by duration_cast, whose product may overflow before it divides, or round up beyond 64
    // bits.
    return now_ns + static_cast<std::int64_t>(wanted_ns);
}

/// Stands for any look where the concept below asks about waiting.
struct any_look {
    turn operator()() const noexcept { return turn::over; }
};

}  // namespace wait

/// A recipe for waiting. A ring keeps one `Wait::waiter<Env>`, built from the recipe, for both of
/// its sides.
///
///   expression                                  meaning
///   Wait::clock                                 a type with now_ns(), on which deadlines are read,
///                                               and yield()
///   waiter(recipe)                              may throw std::system_error
///   waiter.published()                          the producer says: a value can be taken
///   waiter.freed()                              the consumer says: a slot can be filled
///   waiter.ended()                              whoever closed says: everybody wake up
///   waiter.until_readable(at, look, deadline)   the consumer looks until turn::done (true),
///                                               turn::over or the deadline (false); `at` is its
///                                               position
///   waiter.until_writable(at, look, deadline)   the same for a producer
template <class Wait>
concept wait_policy = std::copy_constructible<Wait> &&
    requires(typename Wait::template waiter<std_env>& waiter, wait::any_look look) {
    requires std::constructible_from < typename Wait::template waiter<std_env>,
    const Wait& > ;
    { Wait::clock::now_ns() } -> std::same_as<std::int64_t>;
    Wait::clock::yield();
    waiter.published();
    waiter.freed();
    waiter.ended();
    { waiter.until_readable(std::uint64_t{}, look, wait::never_ns) } -> std::same_as<bool>;
    { waiter.until_writable(std::uint64_t{}, look, wait::never_ns) } -> std::same_as<bool>;
};

/// A wait in which several threads may wait for values at once, as the readers of a broadcast do:
/// each publication is for all of them.
template <class Wait>
concept crowd_wait = wait_policy<Wait> &&
    std::constructible_from < typename Wait::template waiter<std_env, wait::sleepers::many>,
const Wait& > ;

namespace wait {

/// A waiter that nobody has to wake.
struct awake {
    static void published() noexcept {}
    static void freed() noexcept {}
    static void ended() noexcept {}
};

/// Does        looks again at once, for ever.
/// Costs       one core per waiting thread.
/// Needs       more cores than waiting threads.
/// Pick when   both threads are pinned and the answer is expected within a microsecond.
/// Avoid when  threads outnumber cores: the waiting one keeps the other from running.
template <class Clock>
struct basic_spin {
    using clock = Clock;

    template <class Env, sleepers = sleepers::one>
    class waiter : public awake {
    public:
        explicit waiter(const basic_spin&) noexcept {}

        template <class Look>
        bool until_readable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return look_on(look, deadline_ns);
        }
        template <class Look>
        bool until_writable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return look_on(look, deadline_ns);
        }

    private:
        template <class Look>
        static bool look_on(Look& look, std::int64_t deadline_ns) {
            for (;;) {
                Env::pause();
                if (const turn answer = look(); answer != turn::refused)
                    return answer == turn::done;
                if (deadline_ns != never_ns && Clock::now_ns() >= deadline_ns) return false;
            }
        }
    };
};

/// Does        an empty side spins for `spin`, then gives up its turn between looks; a full side
///             stays away for `linger` before each look, so that the consumer is not disturbed and
///             has freed several slots. The default.
/// Costs       a core while it waits, but one that others can have.
/// Needs       –
/// Pick when   in doubt.
/// Avoid when  a side idles for seconds: park and doorbell sleep.
template <class Clock>
struct basic_backoff {
    using clock = Clock;

    std::chrono::nanoseconds spin{20'000};  // as long as a woken thread would need to come back
    std::chrono::nanoseconds linger{
        1'000};  // 1 to 1.5 us gave the highest rate of a full ring when it was measured

    template <class Env, sleepers = sleepers::one>
    class waiter : public awake {
    public:
        explicit waiter(const basic_backoff& recipe) noexcept
            : spin_ns_(recipe.spin.count()), linger_ns_(recipe.linger.count()) {}

        template <class Look>
        bool until_readable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return look_on(look, 0, deadline_ns);
        }
        template <class Look>
        bool until_writable(std::uint64_t, Look&& look, std::int64_t deadline_ns) {
            return look_on(look, linger_ns_, deadline_ns);
        }

    private:
        template <class Look>
        bool look_on(Look& look, std::int64_t linger_ns, std::int64_t deadline_ns) const {
            const std::int64_t start_ns = Clock::now_ns();
            for (std::int64_t now_ns = start_ns;;) {
                const std::int64_t stay_until_ns = now_ns + linger_ns;
                do {
                    Env::pause();
                    now_ns = Clock::now_ns();
                } while (now_ns < stay_until_ns && now_ns < deadline_ns);
                if (now_ns - start_ns > spin_ns_) Clock::yield();
                if (const turn answer = look(); answer != turn::refused)
                    return answer == turn::done;
                if (now_ns >= deadline_ns) return false;
            }
        }

        std::int64_t spin_ns_;
        std::int64_t linger_ns_;
    };
};

/// Does        both sides stay away for 64 pauses before they look again, as long as that lets
///             several values pass.
/// Costs       a core while it waits; up to 64 pauses (1 to 4 us) of latency inside a fast stream.
/// Needs       more cores than waiting threads.
/// Pick when   throughput is all that counts: it keeps the two sides off each other's lines.
/// Avoid when  single values are waited for.
template <class Clock>
struct basic_slip {
    using clock = Clock;

    template <class Env, sleepers = sleepers::one>
    class waiter : public awake {
    public:
        explicit waiter(const basic_slip&) noexcept {}

        template <class Look>
        bool until_readable(std::uint64_t at, Look&& look, std::int64_t deadline_ns) {
            return look_on(readable_, at, look, deadline_ns);
        }
        template <class Look>
        bool until_writable(std::uint64_t at, Look&& look, std::int64_t deadline_ns) {
            return look_on(writable_, at, look, deadline_ns);
        }

    private:
        static constexpr int linger_pauses =
            64;  // measured: 16 gained half as much, 256 nothing more
        static constexpr std::uint64_t pays_from =
            8;  // values between two refusals: a line of the smallest
        static constexpr std::uint32_t rest_looks = 64;

        // Whether lingering pays on one side. Producers of a shared ring share it: it only guides,
        // so losing an update is harmless.
        struct alignas(cache_line_pair_bytes) habit {
            typename Env::template atomic<std::uint64_t> refused_at{0};
            typename Env::template atomic<std::uint32_t> rest{0};
        };

        template <class Look>
        static bool look_on(habit& side, std::uint64_t at, Look& look, std::int64_t deadline_ns) {
            int pauses = lingers(side, at) ? linger_pauses : 1;
            for (;;) {
                for (int i = 0; i < pauses; ++i) Env::pause();
                if (const turn answer = look(); answer != turn::refused)
                    return answer == turn::done;
                if (deadline_ns != never_ns && Clock::now_ns() >= deadline_ns) return false;
            }
        }

        // One refusal decides: few values since the last one mean that lingering did not pay, and
        // it rests for a while.
        static bool lingers(habit& side, std::uint64_t at) noexcept {
            // hint: stale answers only choose another rhythm.
            const std::uint64_t passed = at - side.refused_at.load(std::memory_order_relaxed);
            side.refused_at.store(at, std::memory_order_relaxed);  // hint: as above
            if (passed >= pays_from) return true;
            const std::uint32_t rest = side.rest.load(std::memory_order_relaxed);  // hint: as above
            side.rest.store(
                rest == 0 ? rest_looks : rest - 1, std::memory_order_relaxed);  // hint: as above
            return rest == 0;
        }

        habit readable_;
        habit writable_;
    };
};

using spin = basic_spin<sys::clock>;
using backoff = basic_backoff<sys::clock>;
using slip = basic_slip<sys::clock>;

}  // namespace wait

}  // namespace lfq::inline LFQ_ABI
