// SPDX-License-Identifier: MIT
// bench/contestants/moodycamel.hpp — moodycamel's readerwriterqueue and concurrentqueue.
#pragma once

#include "harness/question.hpp"

#if LFQ_BENCH_HAS_READERWRITERQUEUE
#include <readerwriterqueue/readerwritercircularbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>
#endif
#if LFQ_BENCH_HAS_CONCURRENTQUEUE
#if __has_include(<concurrentqueue/concurrentqueue.h>)
#include <concurrentqueue/concurrentqueue.h>
#else
#include <concurrentqueue/moodycamel/concurrentqueue.h>
#endif
#endif

#include <cstddef>
#include <span>

namespace bench {

#if LFQ_BENCH_HAS_READERWRITERQUEUE
/// A ring of rings of 511 slots, or one ring where that is enough. try_enqueue never allocates, but
/// holds up to twice the capacity asked for. Its README, "Use", reserves at the start and takes
/// try_enqueue where nothing is to be allocated.
template <class T, std::size_t Capacity>
class reader_writer_queue {
public:
    using value_type = T;
    static constexpr const char* name = "moodycamel::ReaderWriterQueue";
    static constexpr role stands_for = role::growing_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.try_enqueue(value); }
    bool try_pop(T& value) { return queue_.try_dequeue(value); }

private:
    moodycamel::ReaderWriterQueue<T> queue_{Capacity};
};

/// Asked for half as much, so that it never holds more than `Capacity`.
template <class T, std::size_t Capacity>
class reader_writer_queue_of_half : public reader_writer_queue<T, Capacity / 2> {
public:
    static constexpr const char* name = "moodycamel::ReaderWriterQueue of half the slots";
    static constexpr role stands_for = role::extra;
};

/// A ring of fixed capacity, counted by two semaphores; try_enqueue and try_dequeue as its README
/// has them under "Use".
template <class T, std::size_t Capacity>
class reader_writer_circular_buffer {
public:
    using value_type = T;
    static constexpr const char* name = "moodycamel::BlockingReaderWriterCircularBuffer";
    static constexpr role stands_for = role::fixed_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.try_enqueue(value); }
    bool try_pop(T& value) { return queue_.try_dequeue(value); }

private:
    moodycamel::BlockingReaderWriterCircularBuffer<T> queue_{Capacity};
};
#endif

#if LFQ_BENCH_HAS_CONCURRENTQUEUE
/// Many producers, ordered only within each of them. With a token for each side and the bulk verbs
/// where there are batches: the order of preference of its README, "Tokens". It allocates what it
/// needs: its allocation-free verb holds no more than 1,024 values of one producer, and none at all
/// of one that comes when others have taken the blocks.
template <class T, std::size_t Capacity>
class concurrent_queue {
public:
    using value_type = T;
    static constexpr const char* name = "moodycamel::ConcurrentQueue (order per producer)";
    static constexpr role stands_for = role::growing_peer;
    static constexpr std::size_t capacity = Capacity;

    bool try_push(const T& value) { return queue_.enqueue(sole_producer_, value); }
    bool try_pop(T& value) { return queue_.try_dequeue(consumer_, value); }
    std::size_t try_push_n(std::span<const T> values) {
        return queue_.enqueue_bulk(sole_producer_, values.data(), values.size()) ? values.size()
                                                                                 : 0;
    }
    std::size_t try_pop_n(std::span<T> out) {
        return queue_.try_dequeue_bulk(consumer_, out.data(), out.size());
    }

    /// One of several producers.
    class port {
    public:
        using value_type = T;
        explicit port(concurrent_queue& queue) : queue_(queue.queue_), token_(queue.queue_) {}
        bool try_push(const T& value) { return queue_.enqueue(token_, value); }
        std::size_t try_push_n(std::span<const T> values) {
            return queue_.enqueue_bulk(token_, values.data(), values.size()) ? values.size() : 0;
        }

    private:
        moodycamel::ConcurrentQueue<T>& queue_;
        moodycamel::ProducerToken token_;
    };

private:
    moodycamel::ConcurrentQueue<T> queue_{2 * Capacity};
    moodycamel::ProducerToken sole_producer_{queue_};
    moodycamel::ConsumerToken consumer_{queue_};
};
#endif

}  // namespace bench
