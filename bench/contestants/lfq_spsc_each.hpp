// SPDX-License-Identifier: MIT
// bench/contestants/lfq_spsc_each.hpp — one spsc_ring for each producer, visited in turn by one
// consumer.
#pragma once

#include "harness/question.hpp"

#include <lfq/ring/spsc_ring.hpp>

#include <cstddef>
#include <deque>
#include <span>

namespace bench {

/// Keeps the order of each producer and none between them. Capacity is of each ring.
template <class T, std::size_t Capacity>
class lfq_spsc_each {
public:
    using value_type = T;
    static constexpr const char* name = "lfq::spsc_ring for each producer (order per producer)";
    static constexpr role stands_for = role::extra;
    static constexpr std::size_t capacity = Capacity;

    explicit lfq_spsc_each(std::size_t producers) {
        for (std::size_t i = 0; i < producers; ++i) rings_.emplace_back(Capacity);
    }

    /// One of the producers: they get the rings in turn.
    class port {
    public:
        using value_type = T;
        explicit port(lfq_spsc_each& all)
            : ring_(all.rings_[all.next_port_++ % all.rings_.size()]) {}
        bool try_push(const T& value) { return ring_.try_push(value); }
        std::size_t try_push_n(std::span<const T> values) { return ring_.try_push_n(values); }

    private:
        lfq::spsc_ring<T>& ring_;
    };

    /// From the ring after the one that gave the last value.
    bool try_pop(T& value) {
        for (std::size_t looked = 0; looked < rings_.size(); ++looked) {
            last_ = last_ + 1 == rings_.size() ? 0 : last_ + 1;
            if (rings_[last_].try_pop(value)) return true;
        }
        return false;
    }

    /// Whatever is in any of them.
    template <class Visit>
    std::size_t drain(Visit&& visit) {
        std::size_t took = 0;
        for (auto& ring : rings_) took += ring.drain(visit);
        return took;
    }

private:
    std::deque<lfq::spsc_ring<T>> rings_;
    std::size_t next_port_ = 0;
    std::size_t last_ = 0;
};

}  // namespace bench
