// SPDX-License-Identifier: MIT
// bench/contestants/lfq_broadcast.hpp — lfq's broadcasts with the capacity in the type, and their
// readers.
#pragma once

#include "harness/question.hpp"

#include <lfq/ring/broadcast_ring.hpp>
#include <lfq/ring/lossy_broadcast_ring.hpp>

#include <cstddef>
#include <vector>

namespace bench {

/// A broadcast and those who have joined it.
template <class Ring, std::size_t Capacity>
class with_readers {
public:
    using value_type = typename Ring::value_type;
    using reader = typename Ring::reader;
    static constexpr std::size_t capacity = Capacity;

    explicit with_readers(std::size_t readers) : ring_(Capacity) {
        // Every slot twice round, before anybody has joined: nothing is ever full.
        for (std::size_t i = 0; i < 2 * Capacity; ++i) static_cast<void>(ring_.try_push({}));
        for (std::size_t i = 0; i < readers; ++i)
            readers_.push_back(ring_.join(lfq::join_at::newest));
    }

    [[nodiscard]] Ring& ring() { return ring_; }
    [[nodiscard]] std::vector<reader>& readers() { return readers_; }

private:
    Ring ring_;
    std::vector<reader> readers_;
};

template <class T, std::size_t Capacity>
using lfq_broadcast = with_readers<lfq::broadcast_ring<T>, Capacity>;
template <class T, std::size_t Capacity>
using lfq_lossy_broadcast = with_readers<lfq::lossy_broadcast_ring<T>, Capacity>;

/// A broadcast with its only reader, as a ring from one to one.
template <class Tested>
class to_one_reader {
public:
    using value_type = typename Tested::value_type;
    static constexpr std::size_t capacity = Tested::capacity;

    bool try_push(const value_type& value) { return all_.ring().try_push(value); }
    bool try_pop(value_type& value) { return reader_.try_pop(value); }

private:
    Tested all_{1};
    typename Tested::reader& reader_ = all_.readers().front();
};

}  // namespace bench
