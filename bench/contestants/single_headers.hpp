// SPDX-License-Identifier: MIT
// bench/contestants/single_headers.hpp — rings that Debian does not package; measured when their
// header is found.
#pragma once

#include "harness/question.hpp"

#if LFQ_BENCH_HAS_RIGTORP
#include <rigtorp/SPSCQueue.h>
#endif
#if LFQ_BENCH_HAS_DROGALIS
#include <dro/spsc-queue.hpp>
#endif
#if LFQ_BENCH_HAS_FOLLY
#include <folly/ProducerConsumerQueue.h>
#endif

#include <cstddef>

namespace bench {

#if LFQ_BENCH_HAS_RIGTORP
/// try_push, and front and pop, as its README has them under "Usage"; there is no try_pop.
template <class T, std::size_t Capacity>
class rigtorp_spsc {
public:
    using value_type = T;
    static constexpr const char* name = "rigtorp::SPSCQueue";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.try_push(value); }
    bool try_pop(T& value) {
        T* front = queue_.front();
        if (front == nullptr) return false;
        value = *front;
        queue_.pop();
        return true;
    }

private:
    rigtorp::SPSCQueue<T> queue_{Capacity};
};
#endif

#if LFQ_BENCH_HAS_DROGALIS
/// On the heap, the default of its README under "Usage"; try_push and try_pop as there.
template <class T, std::size_t Capacity>
class drogalis_spsc {
public:
    using value_type = T;
    static constexpr const char* name = "dro::SPSCQueue";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.try_push(value); }
    bool try_pop(T& value) { return queue_.try_pop(value); }

private:
    dro::SPSCQueue<T> queue_{Capacity};
};
#endif

#if LFQ_BENCH_HAS_FOLLY
/// write and read, the pair of its header that takes and gives a value. One slot stays empty, as
/// the comment of its constructor says.
template <class T, std::size_t Capacity>
class folly_producer_consumer {
public:
    using value_type = T;
    static constexpr const char* name = "folly::ProducerConsumerQueue";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.write(value); }
    bool try_pop(T& value) { return queue_.read(value); }

private:
    folly::ProducerConsumerQueue<T> queue_{Capacity + 1};
};
#endif

}  // namespace bench
