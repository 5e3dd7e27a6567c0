// SPDX-License-Identifier: MIT
// tests/model/checker/tracked.hpp — values whose every access is watched, by address.
#pragma once

#include "env.hpp"

#include <cstdint>

namespace model {

/// Built, moved, read and destroyed under the checker's eyes; knows where it lives, so a slot that
/// is used again is told from a new one.
class tracked {
public:
    tracked(int value = -1) : value_(value) { arrive(); }  // NOLINT: stands for an int
    tracked(const tracked& other) : value_(other.get()) { arrive(); }
    tracked(tracked&& other) noexcept : value_(other.take()) { arrive(); }
    tracked& operator=(const tracked& other) { return put(other.get()); }
    tracked& operator=(tracked&& other) noexcept { return put(other.take()); }
    ~tracked() {
        touch(plain_memory::access::destroy);
        execution::here().count_living(-1);
    }

    [[nodiscard]] int get() const {
        touch(plain_memory::access::read);
        return value_;
    }

private:
    void arrive() {
        touch(plain_memory::access::build);
        execution::here().count_living(1);
    }
    // Written only where something lives, so it is read first.
    int take() {
        touch(plain_memory::access::read);
        touch(plain_memory::access::write);
        return std::exchange(value_, -2);
    }
    tracked& put(int value) {
        touch(plain_memory::access::read);
        touch(plain_memory::access::write);
        value_ = value;
        return *this;
    }
    void touch(plain_memory::access how) const { execution::here().touch(this, how, "a value"); }

    alignas(8) int value_;
};

/// Trivially copyable: only what goes through the environment's copies, and get(), is seen.
struct words {
    std::uint64_t value = 0;

    [[nodiscard]] int get() const {
        env::touch_read(this, sizeof *this);
        return static_cast<int>(value);
    }
};

}  // namespace model
