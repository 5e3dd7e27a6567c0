// SPDX-License-Identifier: MIT
// lfq/base/lone_counter.hpp — a number that one thread writes and everyone may read.
// Room: base (floor 0). Reads: nothing.
#pragma once

#include <lfq/base/config.hpp>

#include <atomic>
#include <cstdint>

namespace lfq::inline LFQ_ABI {

/// Orders nothing: readers get some recent value. With one writer it needs no read-modify-write.
template <class Env>
class lone_counter {
public:
    explicit lone_counter(std::uint64_t start = 0) noexcept : value_(start) {}

    [[nodiscard]] std::uint64_t read() const noexcept {
        return value_.load(std::memory_order_relaxed);  // count
    }

    // The one writer.

    void set(std::uint64_t value) noexcept {
        value_.store(value, std::memory_order_relaxed);  // count
    }
    void add_one() noexcept { set(read() + 1); }
    void raise_to(std::uint64_t value) noexcept {
        if (value > read()) set(value);
    }

private:
    typename Env::template atomic<std::uint64_t> value_;
};

}  // namespace lfq::inline LFQ_ABI
