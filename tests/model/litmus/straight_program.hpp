// SPDX-License-Identifier: MIT
// tests/model/litmus/straight_program.hpp — threads of a few operations each, without branches.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace litmus {

/// One operation of a straight-line program.
struct step {
    enum class kind : std::uint8_t { load, store, add, exchange, compare, compare_weak, fence };
    kind what = kind::load;
    int at = 0;  // location
    std::memory_order order = std::memory_order_relaxed;
    std::memory_order failed = std::memory_order_relaxed;
    int value = 0;
    int expected = 0;

    [[nodiscard]] bool reads() const { return what != kind::store && what != kind::fence; }
    [[nodiscard]] bool compares() const {
        return what == kind::compare || what == kind::compare_weak;
    }
};

struct straight_program {
    static constexpr int locations = 2;
    std::vector<std::vector<step>> threads;
    bool reordered_stores = false;
    bool weak_fails = false;  // each thread once
};

}  // namespace litmus
