// SPDX-License-Identifier: MIT
// bench/contestants/boost_lockfree.hpp — boost.lockfree's two queues.
#pragma once

#include "harness/question.hpp"

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace bench {

/// The ring for one producer and one consumer. Its capacity is in its type, its faster form: the
/// manual of Boost.Lockfree, "Data Structure Configuration", capacity<>.
template <class T, std::size_t Capacity>
class boost_spsc_queue {
public:
    using value_type = T;
    static constexpr const char* name = "boost::lockfree::spsc_queue";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_->push(value); }
    bool try_pop(T& value) { return queue_->pop(value); }
    std::size_t try_push_n(std::span<const T> values) {
        return queue_->push(values.data(), values.size());
    }
    std::size_t try_pop_n(std::span<T> values) { return queue_->pop(values.data(), values.size()); }
    template <class Visit>
    std::size_t drain(Visit&& visit) {
        return queue_->consume_all(visit);
    }

private:
    using queue = boost::lockfree::spsc_queue<T, boost::lockfree::capacity<Capacity>>;
    std::unique_ptr<queue> queue_ = std::make_unique<queue>();
};

/// The linked queue for any number of producers. bounded_push takes nodes only from what the
/// constructor allocated, and fails when there are none: the reference of boost::lockfree::queue.
/// capacity<> would do the same for no more than 65,534 values: the manual of Boost.Lockfree, "Data
/// Structure Configuration", fixed_sized. That is less than the largest rings here hold.
template <class T, std::size_t Capacity>
class boost_queue {
public:
    using value_type = T;
    static constexpr const char* name = "boost::lockfree::queue";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.bounded_push(value); }
    bool try_pop(T& value) { return queue_.pop(value); }

private:
    boost::lockfree::queue<T> queue_{Capacity};
};

}  // namespace bench
