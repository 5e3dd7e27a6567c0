// SPDX-License-Identifier: MIT
// tests/model/checker/programs.hpp — small programs for the tests of the checker: one that is
// rarely wrong, one that is wrong only when preempted, one that is right.
#pragma once

#include "checker/tracked.hpp"

#include <atomic>

namespace model {

inline constexpr auto relaxed = std::memory_order_relaxed;
inline constexpr auto acquire = std::memory_order_acquire;
inline constexpr auto release = std::memory_order_release;

inline execution& checker() {
    static execution one;
    return one;
}

/// Passes on most ways through; fails on a few.
inline void rarely_wrong(execution& here) {
    atomic<int> x{0};
    atomic<int> y{0};
    here.run(thread{"one",
                 [&] {
                     x.store(1, relaxed);
                     x.store(2, relaxed);
                     y.store(1, release);
                 }},
        thread{"two", [&] {
                   const int seen = x.load(relaxed);
                   const int done = y.load(relaxed);
                   check(seen != 1 || done != 1 || x.load(relaxed) != 1, "not stale");
               }});
}

/// Fails only if somebody is preempted between the halves of his count: what an exchange reads is
/// never old.
inline void lost_count(execution& here) {
    atomic<int> x{0};
    const auto count = [&] { (void)x.exchange(x.fetch_add(0, relaxed) + 1, relaxed); };
    here.run(thread{"one", count}, thread{"two", count});
    check(x.load(relaxed) == 2, "both counted");
}

inline void a_message(execution& here) {
    atomic<int> ready{0};
    plain<int> field{0};
    here.run(thread{"writer",
                 [&] {
                     field = 1;
                     ready.store(1, release);
                 }},
        thread{"reader", [&] {
                   if (ready.load(acquire) == 1) (void)field.get();
               }});
}

}  // namespace model
