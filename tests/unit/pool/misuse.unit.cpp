// SPDX-License-Identifier: MIT
// Goal: checked builds name misuse of a pool: an object given back twice, a handle of another pool,
//       handles and caches that outlive the pool, those that were moved from, a second thread.
// Method: children that must abort with their sentence.
// Cannot show: misuse in unchecked builds, which is undefined.
#include <lfq/pool/event_pool.hpp>

#include "support/catch.hpp"
#include "support/death.hpp"
#include "support/load.hpp"

#include <optional>
#include <string>
#include <thread>
#include <utility>

#if LFQ_CHECKED

namespace {

using pool = lfq::event_pool<int>;
using handle = lfq::pooled<int>;

template <class Fatal>
void dies_saying(const std::string& sentence, Fatal&& fatal) {
    const support::ending seen = support::ending_of(std::forward<Fatal>(fatal));
    CAPTURE(seen.said);
    CHECK(seen.aborted);
    CHECK(seen.said.find(sentence) != std::string::npos);
}

}  // namespace

TEST_CASE("an_object_that_is_given_back_twice_is_noticed") {
    for (const bool by_cache : {true, false}) {
        dies_saying("an object was given back twice", [by_cache] {
            pool all({.capacity = 8});
            auto mine = all.cache();
            handle one = mine->take();
            int* const value = one.get();
            handle twin = handle::adopt(value);
            one.give_back();
            if (by_cache) {
                mine->give_back(std::move(twin));
            } else {
                twin.give_back();
            }
        });
    }
    dies_saying("adopted that is not out", [] {
        pool all({.capacity = 8});
        int* const value = all.cache()->take().get();
        static_cast<void>(handle::adopt(value));
    });
}

TEST_CASE("a_handle_of_another_pool_is_noticed") {
    dies_saying("a handle of another pool was given to this cache", [] {
        pool here({.capacity = 8});
        pool there({.capacity = 8});
        auto mine = here.cache();
        mine->give_back(there.cache()->take());
    });
}

TEST_CASE("what_outlives_its_pool_is_noticed") {
    dies_saying("a handle outlives its pool", [] {
        handle one;
        pool all({.capacity = 8});
        one = all.cache()->take();
    });
    dies_saying("a cache outlives its pool", [] {
        std::optional<pool::cache_type> mine;
        pool all({.capacity = 8});
        mine = all.cache();
    });
}

TEST_CASE("handles_and_caches_that_were_moved_from_are_noticed") {
    dies_saying("this cache was moved from", [] {
        pool all({.capacity = 8});
        auto mine = *all.cache();
        auto moved = std::move(mine);
        static_cast<void>(mine.take());
    });
    dies_saying("this handle is empty, or was moved from", [] {
        pool all({.capacity = 8});
        handle one = all.cache()->take();
        const handle moved = std::move(one);
        *one = 1;
    });
    dies_saying("this handle is empty, or was moved from", [] {
        pool all({.capacity = 8});
        pool::shared_handle one = all.cache()->take();
        const pool::shared_handle moved = std::move(one);
        *one = 1;
    });
    dies_saying("there is no home of this number", [] {
        pool all({.capacity = 8});
        static_cast<void>(all.cache(1));
    });
}

TEST_CASE("a_second_thread_in_a_cache_is_named") {
    if (support::watched_for_races) SKIP("the sanitizer starts no threads after a fork");
    dies_saying("event_pool, one cache", [] {
        pool all({.capacity = 8});
        auto mine = all.cache();
        const auto go_on = [&mine] {
            for (;;) mine->give_back(mine->take());
        };
        std::thread(go_on).detach();
        go_on();
    });
}

#else

TEST_CASE("misuse_is_named_in_checked_builds_only") { SKIP("this build is not checked"); }

#endif
