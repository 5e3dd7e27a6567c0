// SPDX-License-Identifier: MIT
// Elements that count their lifetimes, notice when they are used dead or moved from, and throw when
// told to.
#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace support {

struct build_failure : std::runtime_error {
    build_failure() : std::runtime_error("an element was told to throw") {}
};

/// What all tracked elements did. Relaxed throughout: it must not order the threads that it
/// watches.
struct lifetimes {
    static inline std::atomic<std::int64_t> open{0};
    static inline std::atomic<std::uint64_t> misuses{0};

    static void begin() noexcept { open.fetch_add(1, std::memory_order_relaxed); }
    static void end() noexcept { open.fetch_sub(1, std::memory_order_relaxed); }
    static void misused() noexcept { misuses.fetch_add(1, std::memory_order_relaxed); }

    /// Every element was destroyed, and none was used when it was dead or moved from.
    [[nodiscard]] static bool balanced() noexcept {
        return open.load(std::memory_order_relaxed) == 0 &&
            misuses.load(std::memory_order_relaxed) == 0;
    }
};

/// Copies and builds may throw, moving in does not, move assignment may: all that a ring must cope
/// with.
class tracked {
public:
    /// On this thread the n-th construction from now on throws (moves do not count); 0: none.
    static inline thread_local std::uint64_t builds_until_throw = 0;
    /// The same for assignments.
    static inline thread_local std::uint64_t assigns_until_throw = 0;

    explicit tracked(std::uint64_t value) : value_(value) { begin_or_throw(); }
    tracked(const tracked& other) : value_(other.value()) { begin_or_throw(); }
    tracked(tracked&& other) noexcept : value_(other.value()) {
        other.state_ = moved_from;
        state_ = living;
        lifetimes::begin();
    }
    tracked& operator=(const tracked& other) {
        throw_when_due(assigns_until_throw);
        assign(other.value());
        return *this;
    }
    tracked& operator=(tracked&& other) noexcept(false) {
        throw_when_due(assigns_until_throw);
        assign(other.value());
        other.state_ = moved_from;
        return *this;
    }
    ~tracked() {
        if (state_ != living && state_ != moved_from) lifetimes::misused();
        state_ = dead;
        lifetimes::end();
    }

    [[nodiscard]] std::uint64_t value() const noexcept {
        if (state_ != living) lifetimes::misused();
        return value_;
    }
    [[nodiscard]] bool is_moved_from() const noexcept { return state_ == moved_from; }

private:
    static constexpr std::uint32_t living = 0x11FE11FE;
    static constexpr std::uint32_t moved_from = 0x30503050;
    static constexpr std::uint32_t dead = 0xDEADDEAD;

    static void throw_when_due(std::uint64_t& left) {
        if (left != 0 && --left == 0) throw build_failure();
    }
    void begin_or_throw() {
        throw_when_due(builds_until_throw);
        state_ = living;
        lifetimes::begin();
    }
    void assign(std::uint64_t value) noexcept {
        if (state_ != living && state_ != moved_from) lifetimes::misused();
        state_ = living;
        value_ = value;
    }

    std::uint64_t value_;
    volatile std::uint32_t state_ =
        dead;  // volatile, or the destructor's mark would be optimised away
};

/// The same, but it can only be moved.
class unique_tracked : public tracked {
public:
    using tracked::tracked;
    unique_tracked(unique_tracked&&) noexcept = default;
    unique_tracked& operator=(unique_tracked&&) noexcept(false) = default;
};

/// The same, wider than any line or pair of lines.
class alignas(256) wide_tracked : public tracked {
public:
    using tracked::tracked;
};

[[nodiscard]] inline std::uint64_t number(const tracked& element) noexcept {
    return element.value();
}
[[nodiscard]] inline std::uint64_t number(std::uint64_t element) noexcept { return element; }

}  // namespace support
