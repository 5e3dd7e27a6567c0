// SPDX-License-Identifier: MIT
// Goal: after construction a pool allocates nothing, whichever way objects go and come; nor does a
//       std::shared_ptr to one of them.
// Method: this executable's operator new counts; every verb is used, also when it is refused.
// Cannot show: what objects allocate themselves.
#include <lfq/pool/event_pool.hpp>

#include "support/catch.hpp"
#include "support/counted_new.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace {

using pool = lfq::event_pool<std::uint64_t>;

bool every_way_once(pool& all, std::size_t home) {
    auto mine = all.cache(home);
    std::array<pool::handle, 16> out;
    for (int round = 0; round < 3; ++round) {
        auto other = all.cache(1);  // another one each time
        for (auto& each : out) each = mine->take();
        if (!out.back() || mine->take()) return false;
        for (std::size_t i = 0; i < 4; ++i) mine->give_back(std::move(out[i]));
        for (std::size_t i = 4; i < 8; ++i) out[i].give_back();
        for (std::size_t i = 8; i < 12; ++i) other->give_back(std::move(out[i]));
        pool::shared_handle share = std::move(out[12]);
        pool::shared_handle copy = share;
        share.give_back();
        mine->give_back(std::move(copy));
        std::weak_ptr<std::uint64_t> weak;
        {
            const std::shared_ptr<std::uint64_t> one = to_shared_ptr(std::move(out[13]));
            weak = one;
            if (weak.use_count() != 1) return false;
        }
        out[14] = pool::handle::adopt(out[14].detach());
        mine->give_back_n(std::span(out).first(8));
        if (mine->take_n(std::span(out).first(1)) != 1) return false;
        for (auto& each : out) each.give_back();
    }
    return all.statistics().taken == 51;
}

}  // namespace

TEST_CASE("a_pool_allocates_at_construction_only") {
    for (const std::size_t home : {0u, 1u}) {
        const std::uint64_t at_first = support::allocations();
        const std::array<lfq::storage::heap, 2> homes{};
        pool all({.capacity = 16, .cache_capacity = 4, .caches_max = 3}, homes);
        const std::uint64_t before = support::allocations();
        const bool fine = every_way_once(all, home);
        const std::uint64_t after = support::allocations();
        CHECK(fine);
        CHECK(before > at_first);  // or the counter counts nothing
        CHECK(after == before);
    }
}
