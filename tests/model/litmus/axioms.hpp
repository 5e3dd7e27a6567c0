// SPDX-License-Identifier: MIT
// tests/model/litmus/axioms.hpp — C++20's rules for atomics as the standard writes them, for
// programs of a few operations: a second way to all outcomes, which shares nothing with the
// checker.
//
// It guesses who reads from whom and the modification orders, and keeps what no rule forbids
// ([intro.races], [atomics.order]). Like the checker it asks that the program's order, reads-from
// and the total order of seq_cst together have no cycle; C++20 does not.
#pragma once

#include "straight_program.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace litmus {

/// What the reads returned, and the final values.
class judge {
public:
    explicit judge(const straight_program& its) : program_(its) {
        for (int at = 0; at < its.locations; ++at) {
            step initial;
            initial.what = step::kind::store;
            initial.at = at;
            add(initial, -1);
        }
        for (std::size_t thread = 0; thread < its.threads.size(); ++thread) {
            for (const step& each : its.threads[thread]) add(each, static_cast<int>(thread));
        }
    }

    [[nodiscard]] std::set<std::string> outcomes() {
        guess_source(0);
        return std::move(found_);
    }

private:
    static constexpr std::size_t events_max = 16;
    using relation = std::array<std::uint16_t, events_max>;  // bit j of row i: i before j

    struct event {
        step what;
        int thread = 0;
        std::size_t source = 0;
        int read = 0;
        int written = 0;
        bool writes = false;
        bool gives_up = false;  // a weak compare-exchange fails by itself
        std::memory_order order = std::memory_order_relaxed;  // the one in effect
    };

    void add(const step& what, int thread) {
        event one;
        one.what = what;
        one.thread = thread;
        events_.push_back(one);
    }
    static bool has(const relation& in, std::size_t one, std::size_t other) {
        return (in[one] >> other & 1) != 0;
    }
    static void put(relation& in, std::size_t one, std::size_t other) {
        in[one] = static_cast<std::uint16_t>(in[one] | 1u << other);
    }
    void close(relation& in) const {
        for (std::size_t via = 0; via < events_.size(); ++via) {
            for (std::size_t one = 0; one < events_.size(); ++one) {
                if (has(in, one, via)) in[one] = static_cast<std::uint16_t>(in[one] | in[via]);
            }
        }
    }
    [[nodiscard]] bool cyclic(const relation& closed) const {
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (has(closed, i, i)) return true;
        }
        return false;
    }
    [[nodiscard]] bool is_fence(std::size_t i) const {
        return events_[i].what.what == step::kind::fence;
    }
    [[nodiscard]] bool total(std::size_t i) const {
        return events_[i].order == std::memory_order_seq_cst;
    }
    [[nodiscard]] bool acquires(std::size_t i) const {
        const std::memory_order its = events_[i].order;
        return (is_fence(i) || events_[i].what.reads()) &&
            (its == std::memory_order_acquire || its == std::memory_order_acq_rel || total(i));
    }
    [[nodiscard]] bool releases(std::size_t i) const {
        const std::memory_order its = events_[i].order;
        return (is_fence(i) || events_[i].writes) &&
            (its == std::memory_order_release || its == std::memory_order_acq_rel || total(i));
    }

    void guess_source(std::size_t i) {
        if (i == events_.size()) return guess_failures(0);
        if (!events_[i].what.reads()) return guess_source(i + 1);
        for (std::size_t from = 0; from < events_.size(); ++from) {
            const step& its = events_[from].what;
            if (from == i || its.at != events_[i].what.at || its.what == step::kind::load ||
                its.what == step::kind::fence)
                continue;
            events_[i].source = from;
            guess_source(i + 1);
        }
    }

    void guess_failures(std::size_t i) {
        if (i == events_.size()) return compute();
        event& one = events_[i];
        one.gives_up = false;
        guess_failures(i + 1);
        const auto tired = [&](const event& other) {
            return other.thread == one.thread && other.gives_up;
        };
        if (!program_.weak_fails || one.what.what != step::kind::compare_weak ||
            std::any_of(events_.begin(), events_.end(), tired))
            return;
        one.gives_up = true;
        guess_failures(i + 1);
        one.gives_up = false;
    }

    /// The program's order and reads-from; then every value.
    void compute() {
        sequenced_ = {};
        for (std::size_t i = 0; i < events_.size(); ++i) {
            for (std::size_t j = i + 1; j < events_.size(); ++j) {
                if (events_[i].thread == events_[j].thread ? events_[i].thread >= 0
                                                           : events_[i].thread < 0)
                    put(sequenced_, i, j);
            }
        }
        executed_ = sequenced_;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (events_[i].what.reads()) put(executed_, events_[i].source, i);
        }
        close(executed_);
        if (cyclic(executed_)) return;
        std::vector<std::size_t> order;
        while (order.size() < events_.size()) {
            for (std::size_t i = 0; i < events_.size(); ++i) {
                const auto waits = [&](std::size_t other) {
                    return has(executed_, other, i) &&
                        std::find(order.begin(), order.end(), other) == order.end();
                };
                bool ready = std::find(order.begin(), order.end(), i) == order.end();
                for (std::size_t j = 0; ready && j < events_.size(); ++j) ready = !waits(j);
                if (!ready) continue;
                if (!evaluate(events_[i])) return;
                order.push_back(i);
            }
        }
        changed_.assign(straight_program::locations, {});
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (events_[i].writes)
                changed_[static_cast<std::size_t>(events_[i].what.at)].push_back(i);
        }
        guess_order(0);
    }

    bool evaluate(event& one) const {
        one.order = one.what.order;
        one.writes = one.what.what == step::kind::store;
        one.written = one.what.value;
        if (!one.what.reads()) return true;
        if (!events_[one.source].writes) return false;
        one.read = events_[one.source].written;
        if (one.what.what == step::kind::load) return true;
        one.writes = true;
        if (one.what.what == step::kind::add) one.written = one.read + one.what.value;
        if (!one.what.compares()) return true;
        const bool equal = one.read == one.what.expected;
        one.writes = equal && !one.gives_up;
        if (!one.writes) one.order = one.what.failed;
        return equal || !one.gives_up;
    }

    /// changed_[at] in every order that begins with the initial value.
    void guess_order(std::size_t at) {
        if (at == changed_.size()) return judge_it();
        std::vector<std::size_t>& its = changed_[at];
        std::sort(its.begin(), its.end());
        do {
            guess_order(at + 1);
        } while (std::next_permutation(its.begin() + 1, its.end()));
    }

    void judge_it() {
        // Coherence-ordered before: modification order, reads-from, and from a read to what
        // overwrote the value it returned.
        relation before{};
        relation modified{};
        for (const std::vector<std::size_t>& its : changed_) {
            for (std::size_t i = 0; i < its.size(); ++i) {
                for (std::size_t j = i + 1; j < its.size(); ++j) put(modified, its[i], its[j]);
                const event& one = events_[its[i]];
                if (one.what.reads() && (i == 0 || one.source != its[i - 1])) return;  // atomicity
            }
        }
        for (std::size_t i = 0; i < events_.size(); ++i) {
            before[i] = static_cast<std::uint16_t>(before[i] | modified[i]);
            if (!events_[i].what.reads()) continue;
            put(before, events_[i].source, i);
            before[i] = static_cast<std::uint16_t>(before[i] | modified[events_[i].source]);
            before[i] = static_cast<std::uint16_t>(before[i] & ~(1u << i));
        }
        close(before);
        if (cyclic(before)) return;

        relation happens = sequenced_;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            for (std::size_t j = 0; j < events_.size(); ++j) {
                if (synchronizes(i, j)) put(happens, i, j);
            }
        }
        close(happens);
        for (std::size_t i = 0; i < events_.size(); ++i) {
            for (std::size_t j = 0; j < events_.size(); ++j) {
                if (has(happens, i, j) && (i == j || has(before, j, i))) return;
            }
        }
        if (has_total_order(before, happens, modified)) found_.insert(outcome());
    }

    /// A release operation or fence, and the acquire operation or fence that it meets.
    [[nodiscard]] bool synchronizes(std::size_t from, std::size_t to) const {
        if (!releases(from) || !acquires(to)) return false;
        for (std::size_t read = 0; read < events_.size(); ++read) {
            if (!events_[read].what.reads()) continue;
            if (read != to && !(is_fence(to) && has(sequenced_, read, to))) continue;
            // The store it reads, and those whose release sequence that store continues.
            for (std::size_t store = events_[read].source;; store = events_[store].source) {
                if (store == from || (is_fence(from) && has(sequenced_, from, store))) return true;
                if (!events_[store].what.reads()) break;
            }
        }
        return false;
    }

    [[nodiscard]] bool has_total_order(
        const relation& before, const relation& happens, const relation& modified) const {
        relation order = executed_;
        const auto reaches = [&](std::size_t fence, std::size_t i) {
            return fence == i ? total(i) && !is_fence(i)
                              : is_fence(fence) && total(fence) && has(happens, fence, i);
        };
        const auto reached = [&](std::size_t i, std::size_t fence) {
            return fence == i ? total(i) && !is_fence(i)
                              : is_fence(fence) && total(fence) && has(happens, i, fence);
        };
        const std::size_t count = events_.size();
        for (std::size_t i = 0; i < count; ++i) {
            if (!program_.reordered_stores)
                order[i] = static_cast<std::uint16_t>(order[i] | modified[i]);
            for (std::size_t j = 0; j < count; ++j) {
                if (!has(before, i, j)) continue;
                for (std::size_t x = 0; x < count; ++x) {
                    for (std::size_t y = 0; reaches(x, i) && y < count; ++y) {
                        if (reached(j, y)) put(order, x, y);
                    }
                }
            }
        }
        close(order);
        return !cyclic(order);
    }

    [[nodiscard]] std::string outcome() const {
        std::string text;
        for (const event& each : events_) {
            if (!each.what.reads()) continue;
            text += std::to_string(each.read);
            if (each.what.compares()) text += each.writes ? "!" : "?";
            text += ' ';
        }
        for (const std::vector<std::size_t>& its : changed_)
            text += "=" + std::to_string(events_[its.back()].written);
        return text;
    }

    straight_program program_;
    std::vector<event> events_;
    relation sequenced_{};
    relation executed_{};
    std::vector<std::vector<std::size_t>> changed_;
    std::set<std::string> found_;
};

}  // namespace litmus
