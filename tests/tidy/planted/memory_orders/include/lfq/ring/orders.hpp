// SPDX-License-Identifier: MIT
// lfq/ring/orders.hpp — planted: orders that are missing, hidden, or not explained.
// Room: ring (floor 3). Reads: nothing.
#pragma once

class orders {
    void wrong() {
        word_.store(1);
        word_.load(std::memory_order_relaxed);
        // publish: pairs with look().
        word_.store(2, std::memory_order_release);
        // acquire handover: pairs with nobody, and no table knows it.
        word_.load(std::memory_order_acquire);
        Env::fence(std::memory_order_seq_cst);
        constexpr auto order = std::memory_order::acquire;
        word_.load(order);
        // release half: the other end is missing.
        word_.compare_exchange_strong(
            seen, 1, std::memory_order_release, std::memory_order_relaxed);
        // release publish: said, but not done.
        word_.store(5, std::memory_order_relaxed);
    }

    void right() {
        // release publish: pairs with the acquire below.
        word_.store(3, std::memory_order_release);
        // acquire publish: pairs with the release above. A second sentence
        // goes on here.
        const int seen = word_.load(std::memory_order_acquire);
        word_.store(4, std::memory_order_relaxed);  // hint
    }

    // Edges (docs/design/memory_model.md):
    //   publish  word_ in right() → word_ in right(): planted, and whole
    //   half     word_ in wrong() → nowhere: planted, with one end
    //            in two lines
    std::atomic<int> word_;
};
