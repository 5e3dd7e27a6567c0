// SPDX-License-Identifier: MIT
// tests/model/ring/values.hpp — elements that throw, or that a dead thread may leave behind.
#pragma once

#include "checker/tracked.hpp"

#include <cstdint>

namespace model {

/// Throws while it is built from a negative number.
struct moody : tracked {
    struct refused {};

    moody() = default;
    explicit moody(int value) : tracked(value) {
        if (value < 0) throw refused{};
    }
};

/// Watched like tracked, but nobody has to destroy it.
class forsaken {
public:
    forsaken(int value = -1) : value_(value) { wrote(); }  // NOLINT: stands for an int
    forsaken(const forsaken& other) noexcept : forsaken(other.get()) {}
    forsaken& operator=(const forsaken& other) noexcept {
        value_ = other.get();
        wrote();
        return *this;
    }
    ~forsaken() = default;

    [[nodiscard]] int get() const {
        env::touch_read(this, sizeof *this);
        return value_;
    }

private:
    void wrote() const { env::touch_write(this, sizeof *this); }

    alignas(8) int value_;
};

}  // namespace model
