// SPDX-License-Identifier: MIT
// tests/model/checker/search.hpp — which execution comes next.
//
// An execution is a list of decisions: which thread goes on, which store a load returns, whether a
// weak compare-exchange fails, a thread dies, time passes. `exhaustive` walks the tree of all of
// them depth first: the next execution repeats the last one up to the last decision that has an
// alternative left. `random` and `pct` throw dice. `replay` follows a string.
//
// Reduction: sleep sets (Godefroid). A thread whose next operation was explored at a node sleeps in
// the later branches of that node until an operation that depends on its own is executed. Two
// refinements for loads, because a load may return an old store anyway:
//   - a store does not wake a sleeping load; but the load may go on as soon as there are stores
//     that it has not been offered, and is then offered only those;
//   - a load does not wake a sleeping store, unless it must return the newest.
// Both only drop executions that another branch has had with the same values and the same order.
// Off where preemptions are bounded.
#pragma once

#include "clock.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace model {

struct options {
    enum class mode : std::uint8_t { exhaustive, random, pct, replay };

    mode how = mode::exhaustive;
    bool reduced =
        true;  // exhaustive: skip executions that differ only in the order of independent
    // operations
    int preemptions = -1;  // exhaustive: at most so many; -1: any number
    std::uint64_t executions = 5'000'000;  // exhaustive gives up here, the others stop here
    double seconds = 600;  // the same by time
    std::uint64_t seed = 1;
    int depth = 3;  // pct: how many orderings a defect may need
    int steps = 1'500;  // of all threads together; beyond is a limit, no verdict

    // What may go wrong by itself, and how often in one execution.
    int spurious = 0;  // per thread: weak compare-exchanges that fail, sleeps that end
    int deaths = 0;  // of threads that are mortal, at any operation
    int timeouts = 1;  // per thread: time passes although something could still happen
    bool reordered_stores = false;  // a store may stand before older ones in modification order

    std::string replay{};
};

/// The decisions of one execution, and how to get to the next.
class search {
public:
    using thread_mask = std::uint32_t;

    /// Who sleeps at a node, and how many stores its load has been offered.
    struct sleepers {
        thread_mask who = 0;
        std::array<store_id, threads_max> offered{};
    };
    struct decision {
        std::uint8_t chosen = 0;
        std::uint8_t count = 0;
        bool of_thread = false;
        std::array<std::int8_t, threads_max> threads{};
        sleepers before;
    };

    void begin(const options& how) {
        how_ = how;
        dice_.seed(how.seed);
        path_.clear();
        misfit_ = false;
    }
    [[nodiscard]] const options& how() const noexcept { return how_; }
    [[nodiscard]] bool walks_tree() const noexcept { return how_.how == options::mode::exhaustive; }
    [[nodiscard]] bool reduces() const noexcept {
        return walks_tree() && how_.reduced && how_.preemptions < 0;
    }

    void begin_execution() noexcept {
        depth_ = 0;
        taken_.clear();
    }
    /// False: every execution has been had.
    [[nodiscard]] bool advance() noexcept {
        while (!path_.empty() && path_.back().chosen + 1 >= path_.back().count) path_.pop_back();
        if (path_.empty()) return false;
        ++path_.back().chosen;
        return true;
    }
    void restart() noexcept { path_.clear(); }

    /// One of `count` values.
    [[nodiscard]] int value(int count) {
        if (count == 1) return 0;
        int chosen = 0;
        if (walks_tree()) {
            if (depth_ == path_.size())
                path_.push_back({0, static_cast<std::uint8_t>(count), false, {}, {}});
            chosen = path_[depth_++].chosen;
        } else if (how_.how == options::mode::replay) {
            chosen = replayed_value();
            if (chosen < 0 || chosen >= count) return misfit_ = true, 0;
        } else {
            // Mostly the newest: stale answers one after the other lead nowhere.
            chosen = below(2) == 0 ? 0 : below(count);
        }
        note_value(chosen);
        return chosen;
    }

    /// One node of the tree: the threads that may go on, the first one preferred.
    [[nodiscard]] decision& node(
        const std::array<std::int8_t, threads_max>& threads, int count, const sleepers& asleep) {
        if (depth_ == path_.size())
            path_.push_back({0, static_cast<std::uint8_t>(count), true, threads, asleep});
        return path_[depth_++];
    }
    [[nodiscard]] bool at_end() const noexcept { return depth_ == path_.size(); }

    /// The thread that a replay names; -1: it does not fit.
    [[nodiscard]] int replayed_thread() noexcept {
        if (depth_ >= how_.replay.size()) return misfit_ = true, -1;
        return how_.replay[depth_++] - 'A' + 1;
    }
    void misfit() noexcept { misfit_ = true; }
    /// The replay is not of this scenario, or says more than it has decisions.
    [[nodiscard]] bool misfits() const noexcept {
        return misfit_ || (how_.how == options::mode::replay && depth_ < how_.replay.size());
    }
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

    void took_thread(int thread) { taken_.push_back(static_cast<char>('A' + thread - 1)); }
    /// The decisions of this execution: letters are threads, the rest values.
    [[nodiscard]] const std::string& taken() const noexcept { return taken_; }

    [[nodiscard]] int below(int count) {
        return static_cast<int>(dice_() % static_cast<std::uint64_t>(count));
    }

private:
    options how_;
    std::vector<decision> path_;
    std::size_t depth_ = 0;
    std::string taken_;
    std::mt19937_64 dice_;
    bool misfit_ = false;

    // 0 to 9, a to y; z stands for 35 and what follows.
    static constexpr int carry = 35;
    void note_value(int value) {
        for (; value >= carry; value -= carry) taken_.push_back('z');
        taken_.push_back(static_cast<char>(value < 10 ? '0' + value : 'a' + value - 10));
    }
    [[nodiscard]] int replayed_value() noexcept {
        int value = 0;
        for (; depth_ < how_.replay.size(); value += carry) {
            const int digit = value_of(how_.replay[depth_++]);
            if (digit != carry) return digit < 0 ? -1 : value + digit;
        }
        return -1;
    }
    static constexpr int value_of(char letter) noexcept {
        if (letter >= '0' && letter <= '9') return letter - '0';
        return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10 : -1;
    }
};

/// What is wrong with a replay string, or nothing.
[[nodiscard]] inline std::string complaint_about(std::string_view replay) {
    constexpr char last = 'A' + threads_max - 2;
    for (std::size_t i = 0; i < replay.size(); ++i) {
        const char c = replay[i];
        if ((c >= 'A' && c <= last) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) continue;
        return "replay: character " + std::to_string(i + 1) + " is '" + c +
            "'; expected a thread, A to " + last + ", or a value, 0 to 9 and a to z";
    }
    return {};
}

}  // namespace model
