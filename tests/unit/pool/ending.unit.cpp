// SPDX-License-Identifier: MIT
// Goal: whatever a cache holds when it ends is there for caches that have another seat.
// Method: the other cache begins before the first one ends, so that it cannot go on where that
//       stopped.
// Cannot show: threads; that is the model's part.
#include <lfq/pool/event_pool.hpp>

#include "support/catch.hpp"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace {

using pool = lfq::event_pool<int>;
using handle = lfq::pooled<int>;

std::vector<handle> take_all(std::optional<pool::cache_type>& from) {
    std::vector<handle> out;
    while (handle one = from->take()) out.push_back(std::move(one));
    return out;
}

}  // namespace

TEST_CASE("a_chain_that_a_cache_holds_is_there_for_others") {
    pool all({.capacity = 16, .cache_capacity = 8, .caches_max = 2});
    auto first = all.cache();
    take_all(first).clear();  // one by one, by their ends: magazines are chains now
    const handle one = first->take();
    auto second = all.cache();
    first.reset();
    CHECK(take_all(second).size() == 15);
}

TEST_CASE("full_magazines_that_a_cache_holds_are_there_for_others") {
    for (std::size_t given = 1; given <= 8; ++given) {
        pool all({.capacity = 16, .cache_capacity = 8, .caches_max = 2});
        auto first = all.cache();
        auto out = take_all(first);
        for (std::size_t i = 0; i < given; ++i) first->give_back(std::move(out[i]));
        auto second = all.cache();
        first.reset();
        CHECK(take_all(second).size() == given);
    }
}
