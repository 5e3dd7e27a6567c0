// SPDX-License-Identifier: MIT
// Stand-ins for what the OS does in a wait policy: they count, or let a test turn the clock.
#pragma once

#include <lfq/sys/event_fd.hpp>
#include <lfq/sys/futex.hpp>

#include <atomic>
#include <cstdint>

namespace support {

/// A clock of this thread that moves a step a look.
struct fake_clock {
    static inline thread_local std::int64_t time_ns = 0;
    static inline thread_local std::int64_t step_ns = 1;
    static inline thread_local std::uint64_t looks = 0;
    static inline thread_local std::uint64_t yields = 0;

    static void start(std::int64_t at_ns, std::int64_t each_look_ns) noexcept {
        time_ns = at_ns;
        step_ns = each_look_ns;
        looks = yields = 0;
    }
    [[nodiscard]] static std::int64_t now_ns() noexcept {
        ++looks;
        return time_ns += step_ns;
    }
    static void yield() noexcept { ++yields; }
};

/// The real futex, counted.
struct counting_futex {
    static inline std::atomic<std::uint64_t> waits{0};
    static inline std::atomic<std::uint64_t> wakes{0};

    static void reset() noexcept {
        waits = 0;
        wakes = 0;
    }

    template <class Word>
    void wait(Word& word, std::uint32_t expected, std::int64_t deadline_ns) noexcept {
        ++waits;
        lfq::sys::futex{}.wait(word, expected, deadline_ns);
    }
    template <class Word>
    void wake_all(Word& word) noexcept {
        ++wakes;
        lfq::sys::futex{}.wake_all(word);
    }
};

/// The real eventfd, its writes counted.
class counting_event_fd {
public:
    static inline std::atomic<std::uint64_t> writes{0};
    static inline std::atomic<std::uint64_t> waits{0};

    static void reset() noexcept {
        writes = 0;
        waits = 0;
    }

    [[nodiscard]] int fd() const noexcept { return event_.fd(); }
    void ring() noexcept {
        ++writes;
        event_.ring();
    }
    bool clear() noexcept { return event_.clear(); }
    void wait(std::int64_t deadline_ns) noexcept {
        ++waits;
        event_.wait(deadline_ns);
    }

private:
    lfq::sys::event_fd event_;
};

}  // namespace support
