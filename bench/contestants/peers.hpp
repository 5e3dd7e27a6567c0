// SPDX-License-Identifier: MIT
// bench/contestants/peers.hpp — every peer that was found, by what it promises.
#pragma once

#if LFQ_BENCH_HAS_ATOMIC_QUEUE
#include "contestants/atomic_queue.hpp"
#endif
#if LFQ_BENCH_HAS_BOOST
#include "contestants/boost_lockfree.hpp"
#endif
#if LFQ_BENCH_HAS_CK
#include "contestants/ck.hpp"
#endif
#include "contestants/moodycamel.hpp"
#include "contestants/single_headers.hpp"
#if LFQ_BENCH_HAS_TBB
#include "contestants/tbb.hpp"
#endif
#if LFQ_BENCH_HAS_XENIUM
#include "contestants/xenium.hpp"
#endif

#include <cstddef>

namespace bench {

/// Calls visit.template operator()<Peer>() for each peer that one producer and one consumer may
/// use.
template <class T, std::size_t Capacity, class Visit>
void for_each_spsc_peer(Visit&& visit) {
#if LFQ_BENCH_HAS_BOOST
    visit.template operator()<boost_spsc_queue<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_ATOMIC_QUEUE
    visit.template operator()<atomic_queue_spsc<T, Capacity>>();
    visit.template operator()<atomic_queue_spsc_packed<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_READERWRITERQUEUE
    visit.template operator()<reader_writer_queue<T, Capacity>>();
    visit.template operator()<reader_writer_circular_buffer<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_CK
    visit.template operator()<ck_ring_spsc<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_RIGTORP
    visit.template operator()<rigtorp_spsc<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_DROGALIS
    visit.template operator()<drogalis_spsc<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_FOLLY
    visit.template operator()<folly_producer_consumer<T, Capacity>>();
#endif
    static_cast<void>(visit);
}

/// The same for peers that many producers may use and that keep at least each producer's order.
template <class T, std::size_t Capacity, class Visit>
void for_each_mpsc_peer(Visit&& visit) {
#if LFQ_BENCH_HAS_BOOST
    visit.template operator()<boost_queue<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_ATOMIC_QUEUE
    visit.template operator()<atomic_queue_ordered<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_TBB
    visit.template operator()<tbb_bounded_queue<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_XENIUM
    visit.template operator()<xenium_weak<T, Capacity>>();
    visit.template operator()<xenium_strong<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_CK
    visit.template operator()<ck_ring_mpsc<T, Capacity>>();
#endif
#if LFQ_BENCH_HAS_CONCURRENTQUEUE
    visit.template operator()<concurrent_queue<T, Capacity>>();
#endif
    static_cast<void>(visit);
}

}  // namespace bench
