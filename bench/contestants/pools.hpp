// SPDX-License-Identifier: MIT
// bench/contestants/pools.hpp — ways to get an object and to get rid of it, with the same verbs.
//
// A `pool` is shared, a `pool::local` belongs to a thread: `take()`, and `give_back()` from a
// handle of one pointer or two, which a ring can carry.
#pragma once

#include "harness/question.hpp"

#include <lfq/pool/event_pool.hpp>

#if LFQ_BENCH_HAS_BOOST
#include <boost/lockfree/detail/freelist.hpp>
#endif

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <utility>

namespace bench {

inline constexpr std::size_t pooled_objects = 65'536;

template <class T>
struct lfq_event_pool {
    static constexpr const char* name = "lfq::event_pool, cache";
    static constexpr role stands_for = role::ours;
    using handle = lfq::pooled<T>;

    class local {
    public:
        explicit local(lfq_event_pool& all) : cache_(*all.objects.cache()) {}
        handle take() { return cache_.take(); }
        void give_back(handle&& one) { cache_.give_back(std::move(one)); }
        bool take_n(std::span<handle> out) { return cache_.take_n(out) == out.size(); }
        void give_back_n(std::span<handle> all) { cache_.give_back_n(all); }

    protected:
        lfq::pool_cache<T> cache_;
    };

    lfq::event_pool<T> objects{{.capacity = pooled_objects}};
};

/// The handle just ends: a push onto the list.
template <class T>
struct lfq_handles_end : lfq_event_pool<T> {
    static constexpr const char* name = "lfq::event_pool, the handle ends";
    static constexpr role stands_for = role::extra;
    using typename lfq_event_pool<T>::handle;

    struct local : lfq_event_pool<T>::local {
        using lfq_event_pool<T>::local::local;
        void give_back(handle&& one) { one.give_back(); }
    };
};

template <class T>
struct lfq_shares : lfq_event_pool<T> {
    static constexpr const char* name = "lfq::event_pool, shared_pooled";
    static constexpr role stands_for = role::extra;
    using handle = lfq::shared_pooled<T>;

    struct local : lfq_event_pool<T>::local {
        using lfq_event_pool<T>::local::local;
        handle take() { return this->cache_.take(); }
        void give_back(handle&& one) { this->cache_.give_back(std::move(one)); }
    };
};

template <class T>
struct lfq_shared_ptr : lfq_event_pool<T> {
    static constexpr const char* name = "lfq::event_pool, std::shared_ptr";
    static constexpr role stands_for = role::extra;
    using handle = std::shared_ptr<T>;

    struct local : lfq_event_pool<T>::local {
        using lfq_event_pool<T>::local::local;
        handle take() { return to_shared_ptr(this->cache_.take()); }
        void give_back(handle&& one) { one.reset(); }
    };
};

template <class Object>
struct newed {
    static constexpr role stands_for = role::growing_peer;
    using handle = Object*;

    struct local {
        explicit local(newed&) {}
        handle take() { return new Object; }
        void give_back(handle&& one) { delete one; }
    };
};

template <class T>
struct new_and_delete : newed<T> {
    static constexpr const char* name = "new, delete";
};

template <class T>
struct alignas(64) on_a_line : T {};

template <class T>
struct aligned_new_and_delete : newed<on_a_line<T>> {
    static constexpr const char* name = "new, delete, aligned to a line";
};

template <class T>
struct make_shared {
    static constexpr const char* name = "std::make_shared";
    static constexpr role stands_for = role::extra;
    using handle = std::shared_ptr<T>;

    struct local {
        explicit local(make_shared&) {}
        handle take() { return std::make_shared<T>(); }
        void give_back(handle&& one) { one.reset(); }
    };
};

#if LFQ_BENCH_HAS_BOOST
/// The freelist under boost.lockfree's queue and stack, asked as bounded_push asks it in queue.hpp:
/// by many threads, for no more than there was. Subclasses may use its memory as it is.
template <class T>
struct boost_freelist : private boost::lockfree::detail::freelist_stack<T> {
    static constexpr const char* name = "boost::lockfree freelist_stack";
    static constexpr role stands_for = role::fixed_peer;
    using handle = T*;

    boost_freelist()
        : boost::lockfree::detail::freelist_stack<T>(std::allocator<T>(), pooled_objects) {}

    class local {
    public:
        explicit local(boost_freelist& all) : all_(all) {}
        handle take() { return all_.template allocate<true, true>(); }
        void give_back(handle&& one) { all_.template deallocate<true>(one); }

    private:
        boost_freelist& all_;
    };
};
#endif

/// Calls visit.template operator()<Pool>() for each.
template <class T, class Visit>
void for_each_pool(Visit&& visit) {
    visit.template operator()<lfq_event_pool<T>>();
    visit.template operator()<new_and_delete<T>>();
    visit.template operator()<aligned_new_and_delete<T>>();
#if LFQ_BENCH_HAS_BOOST
    visit.template operator()<boost_freelist<T>>();
#endif
    visit.template operator()<lfq_handles_end<T>>();
    visit.template operator()<lfq_shares<T>>();
    visit.template operator()<lfq_shared_ptr<T>>();
    visit.template operator()<make_shared<T>>();
}

}  // namespace bench
