// SPDX-License-Identifier: MIT
// tests/model/litmus/litmus.hpp — small programs over atomics, and everything that can come out of
// them.
#pragma once

#include "checker/env.hpp"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace litmus {

inline constexpr auto relaxed = std::memory_order_relaxed;
inline constexpr auto acquire = std::memory_order_acquire;
inline constexpr auto release = std::memory_order_release;
inline constexpr auto acq_rel = std::memory_order_acq_rel;
inline constexpr auto seq_cst = std::memory_order_seq_cst;

/// What a program works on: three locations, and a register for each value that it reports.
struct cells {
    model::atomic<int> x{0};
    model::atomic<int> y{0};
    model::atomic<int> z{0};
    std::array<int, 5> r{-1, -1, -1, -1, -1};

    /// Every register that was set, and the final values.
    [[nodiscard]] std::string outcome() const {
        std::string text;
        const auto add = [&](const std::string& name, int value) {
            text += (text.empty() ? "" : " ") + name + "=" + std::to_string(value);
        };
        for (std::size_t i = 0; i < r.size(); ++i) {
            if (r[i] != -1) add("r" + std::to_string(i), r[i]);
        }
        add("x", x.load(relaxed));
        add("y", y.load(relaxed));
        add("z", z.load(relaxed));
        return text;
    }
};

using body = void (*)(cells&);

inline void fence(std::memory_order order, model::site where = model::site::current()) {
    model::env::fence(order, where);
}

/// Runs two to four bodies as threads.
inline void run(model::execution& here, cells& at, const std::vector<body>& threads) {
    const auto call = [&](std::size_t i) { return [&at, what = threads[i]] { what(at); }; };
    using model::thread;
    switch (threads.size()) {
        case 2: return here.run(thread{"one", call(0)}, thread{"two", call(1)});
        case 3:
            return here.run(
                thread{"one", call(0)}, thread{"two", call(1)}, thread{"three", call(2)});
        default:
            return here.run(thread{"one", call(0)}, thread{"two", call(1)},
                thread{"three", call(2)}, thread{"four", call(3)});
    }
}

/// What a search found.
struct found {
    std::set<std::string> outcomes;
    model::execution::result how;
};

/// The one that runs all searches; there can be but one at a time.
inline model::execution& checker() {
    static model::execution one;
    return one;
}

/// Everything that `program(execution, note)` noted; one note an execution.
template <class Program>
found search(const model::options& how, const Program& program) {
    found all;
    all.how = checker().explore(how, [&](model::execution& now) {
        program(now, [&](const std::string& outcome) { all.outcomes.insert(outcome); });
    });
    return all;
}

inline model::options unreduced(model::options how) {
    how.reduced = false;
    return how;
}
inline model::options at_random(model::options how, std::uint64_t executions) {
    how.how = model::options::mode::random;
    how.executions = executions;
    return how;
}

inline model::options with_reordered_stores() {
    model::options how;
    how.reordered_stores = true;
    return how;
}

/// Whether an outcome holds all of the parts: "r0=1 r1=0".
inline bool holds(const std::string& outcome, const std::string& parts) {
    std::istringstream words(parts);
    for (std::string part; words >> part;) {
        if ((" " + outcome + " ").find(" " + part + " ") == std::string::npos) return false;
    }
    return true;
}

inline std::string lines(const std::set<std::string>& outcomes) {
    std::string text;
    for (const std::string& each : outcomes) text += each + "\n";
    return text;
}

}  // namespace litmus
